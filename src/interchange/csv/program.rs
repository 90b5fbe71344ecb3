//! The program of a line.

use crate::domain::{
    Access, Ages, Channel, Contact, ContactOf, Cost, CostKind, CountryCode, CountyCode, Coverage,
    ForWhom, Form, Intake, Kind, Link, OrganizationDraft, OrganizationId, ProgramDraft,
    SubdivisionCode, Text,
};
use crate::interchange::{Setting, secrets};

use super::cells::Cells;

/// The most digits of a number to call, after E.164.
const MOST_DIGITS: usize = 15;

/// The most digits of its extension.
const MOST_OF_EXTENSION: usize = 6;

/// Reads the program of a line with who runs it; `None` when a cell that is needed is wrong.
///
/// The sessions are added by the caller, from this line and those that follow.
pub(super) fn read(
    cells: &Cells<'_>,
    setting: &Setting<'_>,
) -> Option<(OrganizationDraft, ProgramDraft)> {
    let name = cells.needed("name");
    let organization: Option<Text<200>> = cells.needed("organization");
    let kinds: Vec<Kind> = cells.words("kinds", Kind::WORDS);
    if cells.raw("kinds").is_none() {
        cells.refuse("kinds", "is blank: expected any of local_group, online, one_on_one");
    }
    let form = cells.word("form", Form::WORDS).unwrap_or(usual_form(&kinds));
    let mut topics = setting.topics.clone();
    topics
        .extend(cells.terms("topics").into_iter().filter(|topic| !setting.topics.contains(topic)));
    let for_whom: Vec<ForWhom> = cells.words("for_whom", ForWhom::WORDS);
    let website = cells.page("website");
    let contacts = contacts(cells, website.as_ref());
    let (cost, ages) = (cost(cells), ages(cells));
    let (summary, description) = (cells.sentences("summary"), cells.sentences("description"));
    let (audiences, approaches) = (cells.terms("audiences"), cells.terms("approaches"));
    let (accessibility, languages) = (cells.terms("accessibility"), cells.languages("languages"));
    let intake = Intake {
        access: cells.words("access", Access::WORDS),
        next_step: cells.sentences("next_step"),
        ..Intake::default()
    };
    let coverage = coverage(cells);
    let warnings = cells.sentences("warning").into_iter().collect();
    let (name, organization) = (name?, organization?);
    let program = ProgramDraft {
        name,
        aliases: vec![],
        summary,
        description,
        organization_id: OrganizationId::derived(setting.source, &organization),
        kinds,
        form,
        topics,
        audiences,
        approaches,
        accessibility,
        activities: vec![],
        languages,
        cost,
        ages,
        for_whom: if for_whom.is_empty() { setting.for_whom.clone() } else { for_whom },
        contacts,
        intake,
        sessions: vec![],
        coverage,
        chapters: None,
        website,
        facilitation: None,
        in_doubt: false,
        warnings,
        citations: vec![],
    };
    if let Err(contradiction) = program.check()
        && !cells.are_wrong()
    {
        cells.refuse("kinds", contradiction.to_string());
    }
    let organization =
        OrganizationDraft { name: organization, aliases: vec![], description: None, website: None };
    Some((organization, program))
}

fn usual_form(kinds: &[Kind]) -> Form {
    if kinds == [Kind::OneOnOne] { Form::Mentoring } else { Form::SupportGroup }
}

fn cost(cells: &Cells<'_>) -> Option<Cost> {
    let kind: Option<CostKind> = cells.word("cost", CostKind::WORDS);
    let note = cells.sentences("cost_note");
    if note.is_some() && cells.raw("cost").is_none() {
        cells.refuse(
            "cost",
            format!(
                "is blank beside a `cost_note`: expected one of {}",
                CostKind::WORDS.join(", ")
            ),
        );
    }
    Some(Cost { kind: kind?, note })
}

fn ages(cells: &Cells<'_>) -> Option<Ages> {
    let years = |column: &str| {
        cells.read(column, |cell| match cell.parse::<u8>() {
            Ok(years @ 0..=120) => Ok(years),
            _ => Err("expected an age in years, 0 to 120"),
        })
    };
    let (min, max) = (years("age_min"), years("age_max"));
    if let (Some(min), Some(max)) = (min, max)
        && min > max
    {
        cells.refuse("age_min", format!("`{min}`: must not be above `age_max`, which is {max}"));
    }
    (min.is_some() || max.is_some()).then_some(Ages { min, max })
}

/// Phone, text messages, e-mail and page, in this order.
///
/// They count as seen at a source: the table is the source, and its keeper answers for it.
fn contacts(cells: &Cells<'_>, website: Option<&Link>) -> Vec<Contact> {
    let address = |cell: &str| {
        let whole =
            cell.split_once('@').is_some_and(|(user, host)| !user.is_empty() && host.contains('.'));
        let fits = whole && !cell.contains(char::is_whitespace);
        if fits {
            Text::new(cell).map_err(|bad| bad.to_string())
        } else {
            Err("expected an address such as hello@riverside.example".to_owned())
        }
    };
    let page = website.and_then(|page| Text::new(page.as_str()).ok());
    [
        (Channel::Phone, cells.read("phone", number)),
        (Channel::Text, cells.read("text", number)),
        (Channel::Email, cells.read("email", address)),
        (Channel::WebForm, page),
    ]
    .into_iter()
    .filter_map(|(channel, value)| {
        let of = ContactOf::Program;
        Some(Contact { channel, value: value?, of, label: None, hours: None, seen_at_source: true })
    })
    .collect()
}

/// A number to call or to write to, with an extension at the most: what comes after it leads into a meeting.
fn number(cell: &str) -> Result<Text<500>, String> {
    if cell.contains(['e', 'E']) && cell.replace(',', ".").parse::<f64>().is_ok() {
        return Err("is shortened by the spreadsheet: format the column as text, and write the \
                    number again"
            .to_owned());
    }
    if secrets::holds_key(cell) || cell.contains(",,") {
        return Err("holds a meeting's number or code, which must not be public: give the number \
                    to call alone"
            .to_owned());
    }
    if (3..=MOST_DIGITS).contains(&digits(without_extension(cell))) {
        Text::new(cell).map_err(|bad| bad.to_string())
    } else {
        Err("expected one number such as +1-503-555-0100".to_owned())
    }
}

/// A number without an extension such as `ext. 12` or `x12`.
fn without_extension(cell: &str) -> &str {
    let lower = cell.to_ascii_lowercase();
    let begin = lower.rfind("ext").or_else(|| lower.rfind('x'));
    let Some((number, extension)) = begin.and_then(|at| cell.split_at_checked(at)) else {
        return cell;
    };
    // An x may stand before the number, as in `Mexico`.
    if digits(number) >= 3 && digits(extension) <= MOST_OF_EXTENSION { number } else { cell }
}

fn digits(text: &str) -> usize {
    text.bytes().filter(u8::is_ascii_digit).count()
}

/// Where a person must be: `worldwide`, or codes of countries, states and counties.
fn coverage(cells: &Cells<'_>) -> Coverage {
    let parts = cells.list("coverage", |cell| {
        let code = cell.to_ascii_uppercase();
        let part = match code.matches('-').count() {
            _ if code == "WORLDWIDE" => Ok(Part::Worldwide),
            0 => code.parse().map(Part::Country),
            1 => code.parse().map(Part::Subdivision),
            _ => code.parse().map(Part::County),
        };
        part.map_err(|_invalid| {
            "expected worldwide, or codes such as US, US-OR or US-OR-051".to_owned()
        })
    });
    let mut coverage = Coverage::default();
    for part in parts {
        match part {
            Part::Worldwide => coverage.worldwide = true,
            Part::Country(code) => coverage.countries.push(code),
            Part::Subdivision(code) => coverage.subdivisions.push(code),
            Part::County(code) => coverage.counties.push(code),
        }
    }
    coverage
}

#[derive(PartialEq)]
enum Part {
    Worldwide,
    Country(CountryCode),
    Subdivision(SubdivisionCode),
    County(CountyCode),
}
