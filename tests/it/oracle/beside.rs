//! What stands beside the results and in which order they come, by the same rules.

use std::collections::HashMap;

use jiff::SignedDuration;
use peer_directory::domain::{AcceptingStatus, Attendance, Channel};
use peer_directory::search::{
    Choice, FacetField, Field, Relation, Relaxation, RelaxationKind, Sort, Window,
};

use super::question::Question;
use super::rules::{Case, Found, WIDER_M};
use super::timely;
use super::timely::ALWAYS;

impl Case<'_> {
    /// For each value, how many there would be if it alone were chosen, within the same reach.
    pub(super) fn facet(
        &self,
        question: &Question,
        worths: &[Option<u32>],
        radius_m: Option<u32>,
        facet: FacetField,
    ) -> Vec<(String, u32)> {
        let mut counts: HashMap<String, u32> = HashMap::new();
        let mut choose = |value: &str, chosen: &Question| {
            let count = self.found(chosen, worths, radius_m).len();
            counts.insert(value.to_owned(), u32::try_from(count).unwrap());
        };
        let open = question.clone();
        match facet {
            FacetField::Attendance => Attendance::ALL.iter().for_each(|way| {
                choose(way.as_str(), &Question { attendance: vec![*way], ..open.clone() });
            }),
            FacetField::Channel => Channel::ALL.iter().for_each(|way| {
                choose(way.as_str(), &Question { channels: vec![*way], ..open.clone() });
            }),
            FacetField::Accepting => AcceptingStatus::ALL.iter().for_each(|told| {
                choose(told.as_str(), &Question { accepting: vec![*told], ..open.clone() });
            }),
            FacetField::Day | FacetField::TimeOfDay => {
                for (value, window) in timely::values(facet, &open.window) {
                    choose(value, &Question { window, ..open.clone() });
                }
            }
            FacetField::Field(field) => {
                let mut open = open;
                for choice in open.choices.iter_mut().filter(|choice| choice.field == field) {
                    choice.any.clear();
                }
                for found in self.found(&open, worths, radius_m) {
                    for value in self.oracle.facts[found.listing].values(field) {
                        *counts.entry(value.clone()).or_default() += 1;
                    }
                }
            }
        }
        let mut counts: Vec<_> = counts.into_iter().filter(|(_, count)| *count > 0).collect();
        counts.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
        counts
    }

    /// What would find more, when little is near, or nothing at all is found.
    pub(super) fn relaxations(
        &self,
        question: &Question,
        worths: &[Option<u32>],
        radius_m: Option<u32>,
        found: &[Found],
    ) -> Vec<Relaxation> {
        let near = found.iter().filter(|found| found.relation == Some(Relation::Near)).count();
        let enough = if question.place.is_some() { near >= 10 } else { !found.is_empty() };
        let mut of_times =
            self.relaxations_of_times(question, worths, radius_m, found.len(), enough);
        let many = found.len();
        of_times.extend(self.relaxations_of_filters(question, worths, radius_m, many, enough));
        of_times.extend(self.also_for_others(question, worths, radius_m, many));
        if enough {
            return of_times;
        }
        let mut relaxations = Vec::new();
        let mut relax = |kind, radius_m, more: usize| {
            if more > 0 {
                relaxations.push(Relaxation { kind, radius_m, parameter: None, more });
            }
        };
        for wider in WIDER_M.into_iter().filter(|wider| radius_m.is_some_and(|m| m < *wider)) {
            let changed = Question { radius_m: Some(wider), ..question.clone() };
            let there = self.found(&changed, worths, Some(wider)).len();
            relax(RelaxationKind::WiderRadius, Some(wider), there - found.len());
        }
        let total =
            |changed: &Question| self.found(changed, worths, self.radius(changed, worths)).len();
        if found.is_empty() {
            let changed =
                Question { place: None, radius_m: None, bounds: None, ..question.clone() };
            relax(RelaxationKind::Anywhere, None, total(&changed));
            let mut changed = question.clone();
            changed.choices.retain(|choice| choice.field != Field::For);
            relax(RelaxationKind::AlsoForOthers, None, total(&changed));
        }
        relaxations.extend(of_times);
        relaxations
    }

    /// What has the words and is for others, when few have them.
    fn also_for_others(
        &self,
        question: &Question,
        worths: &[Option<u32>],
        radius_m: Option<u32>,
        found: usize,
    ) -> Option<Relaxation> {
        let mut changed = question.clone();
        changed.choices.retain(|choice| choice.field != Field::For);
        let words = question.words.as_deref()?;
        let named = || !self.oracle.named(words, question.now).is_empty();
        if found == 0 || found >= 10 && !named() {
            return None;
        }
        let more = self.found(&changed, worths, radius_m).len() - found;
        let kind = RelaxationKind::AlsoForOthers;
        (more > 0).then_some(Relaxation { kind, radius_m: None, parameter: None, more })
    }

    /// What would find more within the same reach if less were asked of times.
    fn relaxations_of_times(
        &self,
        question: &Question,
        worths: &[Option<u32>],
        radius_m: Option<u32>,
        found: usize,
        enough: bool,
    ) -> Vec<Relaxation> {
        let mut relaxations = Vec::new();
        if question.window.is_any() && question.between.is_none() {
            return relaxations;
        }
        let mut relax = |kind, changed: &Question| {
            let more = self.found(changed, worths, radius_m).len() - found;
            if more > 0 {
                relaxations.push(Relaxation { kind, radius_m: None, parameter: None, more });
            }
        };
        let window = &question.window;
        if !enough && window.open_now {
            let horizon = SignedDuration::from_hours(24 * 35);
            let within = window.within.or(Some(horizon));
            let window = Window { open_now: false, within, ..window.clone() };
            relax(RelaxationKind::AlsoLater, &Question { window, ..question.clone() });
        }
        if !enough {
            let window = Window::any(window.zone.clone());
            let changed = Question { window, between: None, ..question.clone() };
            relax(RelaxationKind::AnyTime, &changed);
        }
        relax(RelaxationKind::AskForTimes, &Question { or_unknown: true, ..question.clone() });
        relaxations
    }

    /// What would find more within the same reach if it were also online, or if one thing were not asked.
    fn relaxations_of_filters(
        &self,
        question: &Question,
        worths: &[Option<u32>],
        radius_m: Option<u32>,
        found: usize,
        enough: bool,
    ) -> Vec<Relaxation> {
        let mut relaxations = Vec::new();
        let without_words = vec![Some(0); worths.len()];
        let mut relax = |kind, parameter: Option<String>, changed: &Question| {
            let worths = if changed.words.is_some() { worths } else { &without_words };
            let more = self.found(changed, worths, radius_m).len() - found;
            if more > 0 {
                relaxations.push(Relaxation { kind, radius_m: None, parameter, more });
            }
        };
        let mut online = question.clone();
        let mut only_there = false;
        if let [Attendance::InPerson, rest @ ..] = &question.attendance[..]
            && !rest.iter().any(|way| *way != Attendance::InPerson)
        {
            only_there = true;
            online.attendance = vec![Attendance::InPerson, Attendance::Online];
        }
        for choice in online.choices.iter_mut().filter(|choice| choice.field == Field::Kind) {
            let other = choice.any.iter().find(|kind| *kind != "local_group");
            if !choice.any.is_empty() && other.is_none() {
                only_there = true;
                choice.any = vec!["local_group".to_owned(), "online".to_owned()];
            }
        }
        if only_there && !enough {
            relax(RelaxationKind::OnlineToo, None, &online);
        }
        if found >= 10 {
            return relaxations;
        }
        let mut without = |parameter: &str, change: &dyn Fn(&mut Question)| {
            let mut changed = question.clone();
            change(&mut changed);
            if changed != *question {
                relax(RelaxationKind::Without, Some(parameter.to_owned()), &changed);
            }
        };
        without("q", &|open| open.words = None);
        for (at, choice) in question.choices.iter().enumerate() {
            if choice.field == Field::For {
                continue;
            }
            without(choice.field.as_str(), &|open| {
                open.choices[at].any.clear();
                open.choices[at].none.clear();
            });
            let rest = if choice.field == Field::Criteria { "" } else { "_all" };
            without(&format!("{}{rest}", choice.field.as_str()), &|open| {
                open.choices[at].all.clear();
            });
        }
        without("attendance", &|open| open.attendance.clear());
        without("channel", &|open| open.channels.clear());
        without("accepting", &|open| open.accepting.clear());
        without("organization", &|open| open.organizations.clear());
        if question.age.is_some_and(|age| age >= 18) {
            without("age", &|open| open.age = None);
        }
        without("verified_within", &|open| open.verified_within = None);
        relaxations
    }

    /// What comes before what: smaller keys first, then names, then identities. Distances are not
    /// in it, since they are compared with a tolerance.
    pub(super) fn key(&self, found: &Found, question: &Question) -> (u64, &str, u128) {
        let facts = &self.oracle.facts[found.listing];
        let verification = &facts.listing.verification;
        let first = match question.sort {
            Sort::Distance if found.nearest.is_some() => 0,
            Sort::Distance => found.relation.map_or(9, |relation| relation as u64 + 1),
            Sort::NextMeeting => {
                self.soon(found, question) * 2 + u64::from(found.nearest.is_none())
            }
            Sort::Relevance | Sort::Name => 0,
            Sort::Verified => verification
                .confirmed_at
                .map_or(u64::MAX, |at| u64::MAX / 2 - u64::try_from(at.as_millisecond()).unwrap()),
        };
        (first, &facts.name, facts.listing.program.id.as_u128())
    }

    /// What place, time, fit and freshness are worth, in thousandths of a point.
    pub(super) fn score(&self, found: &Found, question: &Question) -> [f64; 4] {
        let facts = &self.oracle.facts[found.listing];
        let place = match (found.relation, found.nearest) {
            (Some(Relation::Near), Some((distance_m, _))) => 3e9 / (1e4 + distance_m),
            (Some(Relation::ServesArea), _) => 150_000.0,
            (Some(Relation::OpenTo), _) => 75_000.0,
            (Some(Relation::FindAChapter), _) => 37_500.0,
            _ => 0.0,
        };
        let (mut asked, mut met) = (0.0, 0.0);
        let merits = |choice: &&Choice| !matches!(choice.field, Field::For | Field::Answer);
        for choice in question.choices.iter().filter(merits) {
            for value in choice.any.iter().chain(&choice.all) {
                asked += 1.0;
                met += if facts.has(choice.field, value) { 1.0 } else { 0.0 };
            }
        }
        if question.age.is_some() {
            asked += 1.0;
            let stated = facts.ages() != (None, None);
            met += if stated { 1.0 } else { 0.0 };
        }
        let fit = if asked == 0.0 { 0.0 } else { 1e5 * met / asked };
        let verification = &facts.listing.verification;
        #[expect(clippy::cast_precision_loss, reason = "a rounding error is far below a point")]
        let freshness = verification.confirmed_at.map_or(0.0, |_| {
            let days = verification.due_at.map_or(0.0, |due| {
                (question.now.as_millisecond() - due.as_millisecond()) as f64 / 86_400_000.0
            });
            5e4 * 90.0 / (90.0 + days.max(0.0))
        });
        let asks_for_times = !question.window.is_any() || question.between.is_some();
        let soon = if asks_for_times { self.soon(found, question) } else { u64::MAX };
        let time = match soon {
            ALWAYS => 1.5e5,
            #[expect(clippy::cast_precision_loss, reason = "seconds of some weeks")]
            wait_s @ 0..ALWAYS => 1.5e5 * 86_400.0 / (86_400.0 + wait_s as f64),
            _ => 0.0,
        };
        [place, time, fit, freshness]
    }
}
