//! What a person needs in, a ranked list out.

use std::sync::Arc;

use actix_web::web::{Bytes, Data};
use actix_web::{HttpRequest, HttpResponse, post};
use serde_json::Value;

use super::advice::{Voice, advice};
use super::programs::write_answer;
use super::search_request::{CheckedSearch, MatchRequest, SearchRequest};
use super::values::{asked_of_programs, known_criterion, known_value};
use super::wire::SearchAnswer;
use crate::catalog::Clock;
use crate::domain::Taxonomy;
use crate::domain::words::UnknownWord;
use crate::gazetteer::Gazetteer;
use crate::http::problem::{ApiError, ApiResult, BodyProblems, Problems};
use crate::http::raw::{Check, Fields, Given, Raw, did_you_mean, shortened};
use crate::search::{
    Cursor, Field, Importance, Match, Matter, Query, SearchIndex, Snapshot, Weights, Window, Wished,
};

/// Match a person's needs
///
/// The same search, ranked by what matters to the person as well. Every field must hold, as in a search,
/// but for those that `matters` names: these, and criteria, are weighed by how much they matter. What is
/// met adds to the score, what is known not to be met takes away from it, what is unknown does neither.
/// Each result says what fits, what does not, what nobody knows, what to beware of and what to ask; it
/// never gives a percentage. Nothing of the request is stored or logged.
#[utoipa::path(
    tag = "programs",
    request_body(
        content = MatchRequest,
        example = json!({
            "near": "Portland, OR",
            "topic": ["depression"],
            "matters": {"crisis_protocol": "a_lot", "cost": "some"},
            "cost": ["free"],
        }),
    ),
    responses(
        (status = OK, description = "A page of programs, the best first", body = SearchAnswer),
        BodyProblems,
        Problems,
    ),
)]
#[post("/match")]
pub(super) async fn match_programs(
    request: HttpRequest,
    body: Bytes,
    index: Data<SearchIndex>,
    gazetteer: Data<Gazetteer>,
    clock: Data<Clock>,
) -> ApiResult<HttpResponse> {
    super::posted_json(&request)?;
    let mut check = Check::default();
    let (raw, matters) = Raw::from_json_beside(&body, "matters", &mut check)?;
    let mut asked = MatchRequest::read(raw, &mut check);
    let must = std::mem::take(&mut asked.must);
    let (explain, limit, cursor) = (asked.explain.take(), asked.limit.take(), asked.cursor.take());
    let snapshot = index.current().ok_or(ApiError::NotReady)?;
    let mut asked = SearchRequest { explain, limit, cursor, ..SearchRequest::from(asked) };
    if !asked.criteria.is_empty()
        && must.iter().any(|key| !WEIGHED.iter().any(|(name, ..)| name == key))
    {
        check.wrong("criteria", "is given beside `must`: put all of them into `must`");
    }
    let by_must = asked.criteria.is_empty();
    let weighed = needs(&mut check, &snapshot, &mut asked, &must, matters);
    let found = asked.check_with(check, &snapshot, &gazetteer, clock.now(), None, weighed)?;
    Ok(super::json(write(&snapshot, found, by_must, clock.now())))
}

fn write(
    snapshot: &Arc<Snapshot>,
    mut checked: CheckedSearch,
    by_must: bool,
    now: jiff::Timestamp,
) -> Vec<u8> {
    let mut page = checked.answered(snapshot, |query| snapshot.search(query), |page| page.total);
    // By the name under which they were asked for.
    let of_criteria = |asked: &&mut String| by_must && *asked == Field::Criteria.as_str();
    let relaxed = page.relaxations.iter_mut().filter_map(|one| one.parameter.as_mut());
    relaxed.filter(of_criteria).for_each(|name| "must".clone_into(name));
    let next = page.next.as_ref().map(Cursor::encode);
    let voice = Voice::of(&checked.lang);
    let more = |out: &mut Vec<u8>, found: &Match| {
        let Some(known) = snapshot.known(found.program, now) else { return };
        let advice = advice(snapshot, &checked.query, found, &known, voice);
        // Fields that follow others: an object without its braces.
        let written = serde_json::to_vec(&advice).unwrap_or_default();
        out.push(b',');
        out.extend_from_slice(written.get(1..written.len().saturating_sub(1)).unwrap_or_default());
    };
    write_answer(snapshot, &checked, &page, next.as_deref(), more)
}

/// What is weighed of a request, and how much it matters.
#[derive(Debug, Default)]
pub(super) struct Weighed {
    /// Fields and criteria.
    matters: Vec<Matter>,
    /// How near it is.
    near: Option<Importance>,
    /// Whether it takes place when the request says.
    times: Option<Importance>,
}

impl Weighed {
    /// Lets a query weigh it, by the weights as they are usually: times that are weighed are no filter.
    pub(super) fn weigh(self, query: &mut Query, usual: Weights) {
        query.matters = self.matters;
        query.weights = self.near.map_or(usual, |importance| usual.with_place(importance));
        if let Some(importance) = self.times {
            let any = Window::any(query.window.zone.clone());
            let window = std::mem::replace(&mut query.window, any);
            query.wished = Some(Wished { window, importance });
        }
    }
}

/// Whether a request says when.
fn says_when(asked: &SearchRequest) -> bool {
    let SearchRequest { day, starts_after, starts_before, within, open_now, .. } = asked;
    let texts = [starts_after, starts_before, within, open_now];
    !day.is_empty() || texts.iter().any(|text| text.is_some())
}

/// Fields that rank nothing.
const ANSWERS: [&str; 2] = ["answer", "answer_all"];

/// What can be weighed besides: how near it is, and whether it takes place when the person can.
const NEAR: &str = "near";
const TIMES: &str = "times";

/// The fields that can be weighed.
const WEIGHED: [(&str, Field, Option<Taxonomy>); 10] = [
    ("kind", Field::Kind, None),
    ("form", Field::Form, None),
    ("topic", Field::Topic, Some(Taxonomy::Topic)),
    ("audience", Field::Audience, Some(Taxonomy::Audience)),
    ("approach", Field::Approach, Some(Taxonomy::Approach)),
    ("accessibility", Field::Accessibility, Some(Taxonomy::Accessibility)),
    ("activity", Field::Activity, Some(Taxonomy::Activity)),
    ("language", Field::Language, None),
    ("cost", Field::Cost, None),
    ("access", Field::Access, None),
];

/// What matters, in order; what must hold is added to the search, and what is weighed taken out of it.
fn needs(
    check: &mut Check,
    snapshot: &Snapshot,
    asked: &mut SearchRequest,
    must: &[String],
    matters: Option<Given>,
) -> Weighed {
    let mut weighs = match matters {
        None | Some(Given::Other(Value::Null)) => Vec::new(),
        Some(Given::Object(Fields(weighs))) => weighs,
        Some(Given::Other(_)) => {
            check.wrong("matters", "must be an object, such as {\"crisis_protocol\": \"a_lot\"}");
            return Weighed::default();
        }
    };
    weighs.sort_by(|(one, _), (other, _)| one.cmp(other));
    for pair in weighs.windows(2).filter(|pair| pair[0].0 == pair[1].0) {
        check.wrong("matters", format!("`{}` is there twice", shortened(&pair[0].0)));
    }
    for key in must {
        if weighs.iter().any(|(name, _)| name == key) {
            check.wrong("must", format!("`{}` is in `matters` too", shortened(key)));
        } else if field_of(snapshot, asked, key).is_some() {
            // What is asked for must hold, unless it is weighed.
            if list(asked, key).is_none_or(|list| list.is_empty()) {
                check.wrong("must", format!("`{key}` is not asked for in this request"));
            }
        } else if let Some(key) = known_criterion(check, snapshot, "must", key)
            && !asked.criteria.contains(&key)
        {
            asked.criteria.push(key);
        }
    }
    let mut found = Weighed::default();
    for (name, importance) in weighs {
        let word = importance.as_str().unwrap_or_default();
        let importance = word.parse::<Importance>().map_err(|UnknownWord { .. }| {
            format!("`{}` must be one of a_lot, some, a_little", shortened(&name))
        });
        let Some(importance) = check.take("matters", importance) else { continue };
        let nothing = || format!("`{name}` has no value in this request to be weighed");
        if name == NEAR {
            if asked.near.is_none() {
                check.wrong("matters", nothing());
            }
            found.near = Some(importance);
        } else if name == TIMES {
            if !says_when(asked) {
                check.wrong("matters", nothing());
            }
            found.times = Some(importance);
        } else if let Some((_, field, taxonomy)) = field_of(snapshot, asked, &name) {
            let all = list(asked, &name).map(std::mem::take).unwrap_or_default();
            let (kept, wanted) = all.into_iter().partition(|value| value.starts_with('-'));
            if let Some(list) = list(asked, &name) {
                *list = kept;
            }
            let known =
                |value: &String| known_value(check, snapshot, *field, *taxonomy, &name, value);
            let wanted: Vec<String> = wanted;
            let mut values: Vec<String> = wanted.iter().filter_map(known).collect();
            values.sort_unstable();
            values.dedup();
            if wanted.is_empty() {
                check.wrong("matters", nothing());
            }
            found.matters.push(Matter { field: *field, values, importance });
        } else if let Some(criterion) = snapshot.choosing().criterion(&name) {
            if check.take("matters", asked_of_programs(criterion)).is_none() {
                continue;
            }
            let matter = Matter { field: Field::Criteria, values: vec![name], importance };
            found.matters.push(matter);
        } else {
            let criteria = snapshot.choosing().criteria.iter().map(|one| one.key.as_str());
            let fields = WEIGHED.iter().map(|(name, ..)| *name).chain([NEAR, TIMES]);
            if snapshot.choosing().second_question(&name).is_some()
                || ANSWERS.contains(&name.as_str())
            {
                check.wrong(
                    "matters",
                    "answers to second questions rank nothing: ask for them as `answer`",
                );
                continue;
            }
            let known = criteria.chain(fields);
            let hint = did_you_mean(&name, known);
            let name = shortened(&name);
            check.wrong("matters", format!("there is no criterion or field `{name}`{hint}"));
        }
    }
    found.matters.sort_unstable();
    found
}

/// The field of this name that can be weighed. One that is not asked for may be a criterion all the same.
fn field_of(
    snapshot: &Snapshot,
    asked: &mut SearchRequest,
    name: &str,
) -> Option<&'static (&'static str, Field, Option<Taxonomy>)> {
    let field = WEIGHED.iter().find(|(known, ..)| *known == name)?;
    let is_asked = list(asked, name).is_some_and(|list| !list.is_empty());
    (is_asked || snapshot.choosing().criterion(name).is_none()).then_some(field)
}

/// What is asked of a field that can be weighed.
fn list<'r>(asked: &'r mut SearchRequest, name: &str) -> Option<&'r mut Vec<String>> {
    Some(match name {
        "kind" => &mut asked.kind,
        "form" => &mut asked.form,
        "topic" => &mut asked.topic,
        "audience" => &mut asked.audience,
        "approach" => &mut asked.approach,
        "accessibility" => &mut asked.accessibility,
        "activity" => &mut asked.activity,
        "language" => &mut asked.language,
        "cost" => &mut asked.cost,
        "access" => &mut asked.access,
        _ => return None,
    })
}
