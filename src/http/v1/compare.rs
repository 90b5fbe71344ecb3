//! Programs side by side, criterion by criterion.

use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse, get};

use super::advice::Voice;
use super::catalogues::parameters;
use super::standing::{answers, listing, stand};
use super::wire_choosing::{
    CompareAnswer, ComparedCriterion, ComparedProgram, ComparedStand, SecondaryAnswer,
    UnknownCriterion,
};
use crate::catalog::Clock;
use crate::domain::{LanguageTag, said};
use crate::http::problem::{ApiError, ApiResult, Problems};
use crate::http::raw::{Check, shortened};
use crate::search::{Known, SearchIndex, Snapshot};

/// How many programs are compared at most.
const MOST: usize = 5;

/// Compare programs
///
/// Two to five programs side by side: what is known of each criterion, what it rests on and where it can
/// be read. What differs comes first; what is unknown for all of them is one list at the end.
#[utoipa::path(
    tag = "programs",
    params(
        ("ids" = String, Query, description = "Two to five ids or slugs, separated by commas", example = "nami-connection-recovery-support-group,nami-family-support-group"),
        ("lang" = Option<String>, Query, description = "The language of titles, questions and meanings", example = "es"),
    ),
    responses((status = OK, description = "The programs side by side", body = CompareAnswer), Problems),
)]
#[get("/programs/compare")]
pub(super) async fn compare_programs(
    request: HttpRequest,
    index: Data<SearchIndex>,
    clock: Data<Clock>,
) -> ApiResult<HttpResponse> {
    let snapshot = index.current().ok_or(ApiError::NotReady)?;
    let mut check = Check::default();
    let [ids, lang] = parameters(&request, ["ids", "lang"], &mut check)?;
    let lang = lang.and_then(|text| check.take("lang", text.parse::<LanguageTag>()));
    let programs = programs(&mut check, &snapshot, &ids.unwrap_or_default());
    check.finish(())?;
    let known = programs.into_iter().filter_map(|program| snapshot.known(program, clock.now()));
    let known: Vec<Known> = known.collect();
    let lang = lang.as_ref().map_or("en", LanguageTag::as_str);
    super::json_of(&compared(&snapshot, &known, lang))
}

/// The programs that are meant; what is wrong with them is noted.
fn programs(check: &mut Check, snapshot: &Snapshot, ids: &str) -> Vec<u32> {
    let asked = ids.split(',').map(str::trim).filter(|id| !id.is_empty());
    let mut programs = Vec::new();
    let mut count = 0;
    for id in asked {
        count += 1;
        if count > MOST {
            break;
        }
        match snapshot.find(id) {
            Some(program) if programs.contains(&program) => {
                check.wrong("ids", format!("`{}` is there twice", shortened(id)));
            }
            Some(program) => programs.push(program),
            None => {
                check.wrong("ids", format!("there is no program `{}`", shortened(id)));
            }
        }
    }
    if !(2..=MOST).contains(&count) {
        check.wrong("ids", format!("must be 2 to {MOST} ids or slugs, separated by commas"));
    }
    programs
}

fn compared(snapshot: &Snapshot, programs: &[Known], lang: &str) -> CompareAnswer {
    let today = snapshot.surroundings().today;
    let answers: Vec<Vec<SecondaryAnswer>> =
        programs.iter().map(|known| answers(snapshot, known, Voice::of(lang))).collect();
    let mut data: Vec<ComparedCriterion> = Vec::new();
    let mut unknown_for_all = Vec::new();
    let all = snapshot.choosing().criteria.iter();
    for criterion in all.filter(|criterion| criterion.asked_by.is_empty()) {
        let (key, title) = (criterion.key.to_string(), said(&criterion.title, lang).to_owned());
        let question = said(&criterion.question, lang).to_owned();
        let each = programs.iter().zip(&answers);
        let stands: Vec<ComparedStand> = each
            .map(|(known, answers)| ComparedStand {
                applies: criterion.is_asked_of(&known.kinds, known.ages),
                found: stand(criterion, known, today, lang),
                secondary: answers
                    .iter()
                    .filter(|answer| answer.criterion == criterion.key.as_str())
                    .cloned()
                    .collect(),
            })
            .collect();
        // What is asked of none of them is nothing to wonder about.
        if !stands.iter().any(|stand| stand.applies) {
            continue;
        }
        let answered = |stand: &ComparedStand| stand.secondary.iter().any(|s| s.value.is_some());
        if stands.iter().all(|stand| stand.found.value.is_none() && !answered(stand)) {
            unknown_for_all.push(UnknownCriterion { criterion: key, title, question });
            continue;
        }
        let found = |stand: &ComparedStand| {
            let known = stand.secondary.iter().filter(|answer| answer.value.is_some());
            let answers = known.map(|answer| (answer.key.clone(), answer.value.clone()));
            (stand.found.stand, stand.found.value.clone(), answers.collect::<Vec<_>>())
        };
        let first = found(&stands[0]);
        let differs = stands.iter().any(|stand| found(stand) != first);
        let domain = criterion.domain.to_string();
        data.push(ComparedCriterion { criterion: key, domain, title, question, differs, stands });
    }
    data.sort_by_key(|row| !row.differs);
    let programs = programs.iter().map(|known| ComparedProgram {
        id: known.id.to_string(),
        slug: known.slug.clone(),
        name: known.name.clone(),
        listing: listing(snapshot, known, Voice::of(lang)),
    });
    CompareAnswer { programs: programs.collect(), data, unknown_for_all }
}
