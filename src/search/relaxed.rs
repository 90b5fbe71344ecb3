//! What would be found if less were asked.

use jiff::SignedDuration;

use super::columns::Field;
use super::facets::FacetField;
use super::matching::{Matcher, Relation};
use super::query::{Choice, Origin, Query, Radius};
use super::rank::{ENOUGH_NEAR, Found, Search};
use super::window::{HORIZON_DAYS, Window};
use crate::domain::words::words;
use crate::domain::{ADULT, Attendance, Kind};

words! {
    /// What could be changed about a search that found little.
    pub enum RelaxationKind {
        /// Look farther.
        WiderRadius = "wider_radius",
        /// Do not ask for a place.
        Anywhere = "anywhere",
        /// Do not ask for a time.
        AnyTime = "any_time",
        /// Do not ask for what is open now, but for what will be.
        AlsoLater = "also_later",
        /// Ask those whose times nobody has told.
        AskForTimes = "ask_for_times",
        /// Also for family and friends, or also for the person.
        AlsoForOthers = "also_for_others",
        /// Not only in person.
        OnlineToo = "online_too",
        /// Do not ask for what one parameter asks for.
        Without = "without",
    }
}

/// What would be found if something were not asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Relaxation {
    /// What to change.
    pub kind: RelaxationKind,
    /// How far to look, in meters, for a wider radius.
    pub radius_m: Option<u32>,
    /// Which parameter to leave out.
    pub parameter: Option<String>,
    /// How many more there would be.
    pub more: usize,
}

/// When so many are found, nobody asks what each filter leaves out.
const ENOUGH: usize = 10;

impl Search<'_> {
    /// Everything that would find more.
    pub(super) fn all_relaxations(&self, found: &Found) -> Vec<Relaxation> {
        let mut relaxations = self.relaxations(found);
        relaxations.extend(self.relaxations_of_times(found));
        if self.query.after.is_none() {
            relaxations.extend(self.online_too(found));
            if found.total() < ENOUGH {
                relaxations.extend(self.without_one(found));
            }
            relaxations.extend(self.also_for_others(found));
        }
        relaxations
    }

    /// Whether little was found near, or nothing at all.
    fn is_little(&self, found: &Found) -> bool {
        let near = found.by_relation()[Relation::Near as usize];
        found.total() == 0 || (self.query.near.is_some() && near < ENOUGH_NEAR)
    }

    /// What would find more, when little was found near, or at all.
    fn relaxations(&self, found: &Found) -> Vec<Relaxation> {
        let near = found.by_relation()[Relation::Near as usize];
        let nothing = found.total() == 0;
        if !self.is_little(found) || self.query.after.is_some() {
            return Vec::new();
        }
        let mut relaxations = Vec::new();
        if let Some(radius) = found.radius {
            for wider in [50_000.0, 160_000.0, f64::from(Radius::MAX_M)] {
                let wider = Radius::from_m(wider).ok().filter(|wider| *wider > radius);
                let Some(wider) = wider else { continue };
                // What is found already, since it reaches the person, is no more.
                let all = self.matchers.iter().zip(&found.matched);
                let there: usize =
                    all.map(|(matcher, matched)| matcher.count_near(wider, matched)).sum();
                let more = there.saturating_sub(near);
                if more > 0 {
                    let kind = RelaxationKind::WiderRadius;
                    let radius_m = Some(wider.meters());
                    relaxations.push(Relaxation { kind, radius_m, parameter: None, more });
                }
            }
        }
        let mut relax = |kind, changed: Query| {
            let more = self.snapshot.count_matches(&changed);
            if more > 0 {
                relaxations.push(Relaxation { kind, radius_m: None, parameter: None, more });
            }
        };
        if nothing {
            if self.query.near.is_some() || self.query.bounds.is_some() {
                let changed = Query { near: None, bounds: None, ..self.query.clone() };
                relax(RelaxationKind::Anywhere, changed);
            }
            let mut changed = self.query.clone();
            changed.choices.retain(|choice| choice.field != Field::For);
            relax(RelaxationKind::AlsoForOthers, changed);
        }
        relaxations
    }
    /// The same query as far as it was looked.
    fn as_far(&self, found: &Found) -> Query {
        let near = self.query.near.clone();
        let near = near.map(|near| Origin { radius: found.radius, ..near });
        Query { near, ..self.query.clone() }
    }

    /// What would be found within the same reach, and more than was.
    fn if_asked(
        &self,
        changed: &Query,
        found: &Found,
        (kind, parameter): (RelaxationKind, Option<&str>),
    ) -> Option<Relaxation> {
        let more = self.snapshot.count_matches(changed).saturating_sub(found.total());
        let parameter = parameter.map(str::to_owned);
        (more > 0).then_some(Relaxation { kind, radius_m: None, parameter, more })
    }

    /// What is online as well, when little was found and only what is in person was asked for.
    fn online_too(&self, found: &Found) -> Option<Relaxation> {
        let mut changed = self.as_far(found);
        let only_there = |ways: &[Attendance]| {
            !ways.is_empty() && ways.iter().all(|way| *way == Attendance::InPerson)
        };
        let only_groups = |choice: &Choice| {
            let groups = |kind: &String| *kind == Kind::LocalGroup.as_str();
            choice.field == Field::Kind && !choice.any.is_empty() && choice.any.iter().all(groups)
        };
        let asks = only_there(&changed.attendance) || changed.choices.iter().any(only_groups);
        if !asks || !self.is_little(found) {
            return None;
        }
        if only_there(&changed.attendance) {
            changed.attendance.push(Attendance::Online);
        }
        for choice in changed.choices.iter_mut().filter(|choice| only_groups(choice)) {
            choice.any.push(Kind::Online.as_str().to_owned());
        }
        self.if_asked(&changed, found, (RelaxationKind::OnlineToo, None))
    }

    /// What has the words and is for others than was asked for, when few have them or they are somebody's
    /// whole name: who types that of a group for families should learn of it.
    fn also_for_others(&self, found: &Found) -> Option<Relaxation> {
        let of_for = |choice: &Choice| choice.field == Field::For;
        let eased = !self.query.left_out.is_empty() || self.query.instead.is_some();
        let names = self.matchers.iter().any(Matcher::names_any);
        let asks = self.query.words.is_some() && self.query.choices.iter().any(of_for);
        if found.total() == 0 || !asks || !(found.total() < ENOUGH || eased || names) {
            return None;
        }
        let mut more = 0;
        if eased {
            let mut whole = Query { left_out: Vec::new(), instead: None, ..self.as_far(found) };
            whole.choices.retain(|choice| !of_for(choice));
            // Nothing that was found has all words: whatever has is new.
            more = self.snapshot.count_matches(&whole);
        }
        if more == 0 {
            let open = FacetField::Field(Field::For);
            let with_others = self.matchers.iter().map(|matcher| {
                let (near, others) = matcher.matched_without(open, found.radius);
                let blocks = near.iter().chain(&others);
                blocks.map(|(_, programs)| programs.count_ones() as usize).sum::<usize>()
            });
            more = with_others.sum::<usize>().saturating_sub(found.total());
        }
        let kind = RelaxationKind::AlsoForOthers;
        (more > 0).then_some(Relaxation { kind, radius_m: None, parameter: None, more })
    }

    /// What each parameter leaves out by itself.
    fn without_one(&self, found: &Found) -> Vec<Relaxation> {
        let same = self.as_far(found);
        let mut relaxations = Vec::new();
        let mut without = |parameter: &str, changed: Query| {
            let as_told = (RelaxationKind::Without, Some(parameter));
            relaxations.extend(self.if_asked(&changed, found, as_told));
        };
        if same.words.is_some() {
            without("q", Query { words: None, instead: None, ..same.clone() });
        }
        let choices = same.choices.iter().enumerate();
        for (at, choice) in choices.filter(|(_, choice)| choice.field != Field::For) {
            let name = choice.field.as_str();
            let open = |change: &dyn Fn(&mut Choice)| {
                let mut changed = same.clone();
                change(&mut changed.choices[at]);
                changed
            };
            if !(choice.any.is_empty() && choice.none.is_empty()) {
                let open = open(&|choice| {
                    choice.any.clear();
                    choice.none.clear();
                });
                without(name, open);
            }
            if !choice.all.is_empty() {
                // Of criteria all must hold: there is no other parameter.
                let rest = if choice.field == Field::Criteria { "" } else { "_all" };
                without(&format!("{name}{rest}"), open(&|choice| choice.all.clear()));
            }
        }
        if !same.attendance.is_empty() {
            without("attendance", Query { attendance: Vec::new(), ..same.clone() });
        }
        if !same.channels.is_empty() {
            without("channel", Query { channels: Vec::new(), ..same.clone() });
        }
        if !same.accepting.is_empty() {
            without("accepting", Query { accepting: Vec::new(), ..same.clone() });
        }
        if !same.organizations.is_empty() {
            without("organization", Query { organizations: Vec::new(), ..same.clone() });
        }
        // Nobody under 18 is led to what may not be for them.
        if same.age.is_some_and(|age| age >= ADULT) {
            without("age", Query { age: None, ..same.clone() });
        }
        if same.verified_within.is_some() {
            without("verified_within", Query { verified_within: None, ..same.clone() });
        }
        relaxations
    }

    /// What would find more within the same reach: at any time and not only now, when little was found,
    /// and always what may take place at times that nobody told.
    fn relaxations_of_times(&self, found: &Found) -> Vec<Relaxation> {
        let query = self.query;
        if !query.asks_for_times() || query.after.is_some() {
            return Vec::new();
        }
        let same = self.as_far(found);
        let mut relaxations = Vec::new();
        let mut relax = |kind, changed: &Query| {
            relaxations.extend(self.if_asked(changed, found, (kind, None)));
        };
        if self.is_little(found) {
            if query.window.open_now {
                let horizon = SignedDuration::from_hours(24 * i64::from(HORIZON_DAYS));
                let within = query.window.within.or(Some(horizon));
                let window = Window { open_now: false, within, ..query.window.clone() };
                relax(RelaxationKind::AlsoLater, &Query { window, ..same.clone() });
            }
            let window = Window::any(query.window.zone.clone());
            relax(RelaxationKind::AnyTime, &Query { window, between: None, ..same.clone() });
        }
        let more = self.with_unknown_times(found);
        let kind = RelaxationKind::AskForTimes;
        let ask = Relaxation { kind, radius_m: None, parameter: None, more };
        relaxations.extend((more > 0).then_some(ask));
        relaxations
    }

    /// How many more match within the same reach when a session will do as well whose times nobody has told.
    fn with_unknown_times(&self, found: &Found) -> usize {
        let allow = |or_unknown| {
            self.matchers.iter().for_each(|matcher| matcher.timed.set_or_unknown(or_unknown));
        };
        allow(true);
        let all = self.matchers.iter().zip(&found.matched);
        let filters = all.map(|(matcher, matched)| {
            matcher.passing(None).besides(&matcher.segment.unknown_times, matched)
        });
        let more = self.run_with(&filters.collect::<Vec<_>>(), found.radius).total();
        allow(self.query.or_unknown_times);
        more
    }
}
