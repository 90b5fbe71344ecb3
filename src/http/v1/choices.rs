//! What is asked of programs: the values that they must have or not have.

use super::search_request::SearchRequest;
use super::values::{known_criterion, known_value};
use crate::domain::Taxonomy;
use crate::http::raw::{Check, did_you_mean, shortened};
use crate::search::{Choice, Field, Snapshot};

impl SearchRequest {
    /// Within how many days somebody must have confirmed it.
    pub(super) fn verified_within(&self, check: &mut Check) -> Option<u32> {
        let text = self.verified_within.as_deref()?;
        let days = text.strip_suffix('d').and_then(|days| days.parse().ok());
        let days = days.filter(|days| (1..=3_650).contains(days));
        check.take("verified_within", days.ok_or("must be 1d to 3650d, such as 90d"))
    }

    pub(super) fn organizations(&self, check: &mut Check, snapshot: &Snapshot) -> Vec<String> {
        let known = snapshot.organizations();
        for wanted in &self.organization {
            let found =
                known.iter().any(|o| o.slug.to_string() == *wanted || o.id.to_string() == *wanted);
            if !found {
                let slugs: Vec<String> = known.iter().map(|o| o.slug.to_string()).collect();
                let hint = did_you_mean(wanted, slugs.iter().map(String::as_str));
                check.wrong(
                    "organization",
                    format!("there is no organization `{}`{hint}", shortened(wanted)),
                );
            }
        }
        self.organization.clone()
    }

    pub(super) fn choices(&self, check: &mut Check, snapshot: &Snapshot) -> Vec<Choice> {
        let empty = Vec::new();
        let mut choices = Vec::new();
        for (field, name, any, all, taxonomy) in [
            (Field::Kind, "kind", &self.kind, &empty, None),
            (Field::Form, "form", &self.form, &empty, None),
            (Field::Topic, "topic", &self.topic, &self.topic_all, Some(Taxonomy::Topic)),
            (
                Field::Audience,
                "audience",
                &self.audience,
                &self.audience_all,
                Some(Taxonomy::Audience),
            ),
            (
                Field::Approach,
                "approach",
                &self.approach,
                &self.approach_all,
                Some(Taxonomy::Approach),
            ),
            (
                Field::Accessibility,
                "accessibility",
                &self.accessibility,
                &self.accessibility_all,
                Some(Taxonomy::Accessibility),
            ),
            (Field::Activity, "activity", &self.activity, &empty, Some(Taxonomy::Activity)),
            (Field::Language, "language", &self.language, &self.language_all, None),
            (Field::Answer, "answer", &self.answer, &self.answer_all, None),
            (Field::Cost, "cost", &self.cost, &empty, None),
            (Field::Access, "access", &self.access, &empty, None),
        ] {
            if any.is_empty() && all.is_empty() {
                continue;
            }
            let mut choice = Choice { field, any: Vec::new(), all: Vec::new(), none: Vec::new() };
            for value in any {
                let (value, list) = match value.strip_prefix('-') {
                    Some("") => {
                        check.wrong(name, "`-` must be followed by what to leave out");
                        continue;
                    }
                    Some(value) => (value, &mut choice.none),
                    None => (value.as_str(), &mut choice.any),
                };
                if let Some(value) = known_value(check, snapshot, field, taxonomy, name, value) {
                    list.push(value);
                }
            }
            for value in all {
                let name = format!("{name}_all");
                if let Some(value) = known_value(check, snapshot, field, taxonomy, &name, value) {
                    choice.all.push(value);
                }
            }
            choices.push(choice);
        }
        let all: Vec<String> = self
            .criteria
            .iter()
            .filter_map(|key| known_criterion(check, snapshot, "criteria", key))
            .collect();
        if !all.is_empty() {
            let (any, none) = (Vec::new(), Vec::new());
            choices.push(Choice { field: Field::Criteria, any, all, none });
        }
        // However they were asked for, it is the same question.
        for Choice { any, all, none, .. } in &mut choices {
            for values in [any, all, none] {
                values.sort_unstable();
                values.dedup();
            }
        }
        choices
    }
}
