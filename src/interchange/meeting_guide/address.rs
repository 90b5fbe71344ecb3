//! Postal addresses as feeds write them: in one line, in parts, or half of each.

use crate::domain::{Address, CountryCode, SubdivisionCode, Text};
use crate::interchange::regions;

/// An address as the source writes it.
#[derive(Debug, Clone, Copy, Default)]
pub(in crate::interchange) struct Written<'a> {
    /// All of it in one line, parts separated by commas.
    pub(in crate::interchange) line: Option<&'a str>,
    /// House number and street, or all of it.
    pub(in crate::interchange) street: Option<&'a str>,
    /// Town.
    pub(in crate::interchange) city: Option<&'a str>,
    /// State or province, by code or by name.
    pub(in crate::interchange) state: Option<&'a str>,
    /// Postal code; a United States one may have lost its leading zeros.
    pub(in crate::interchange) postal_code: Option<&'a str>,
    /// Country, by code or by name.
    pub(in crate::interchange) country: Option<&'a str>,
}

/// What could be made of an address.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(in crate::interchange) struct Parsed {
    /// Its parts. What was not understood is left out, not guessed.
    pub(in crate::interchange) address: Address,
    /// Whether it goes down to a street, and not only to a town.
    pub(in crate::interchange) street_level: bool,
}

impl Parsed {
    /// Whether it names something small enough to have one time zone and one center.
    pub(in crate::interchange) fn names_a_place(&self) -> bool {
        self.address.city.is_some() || self.address.postal_code.is_some()
    }
}

/// Reads an address. Parts that are given apart outrank those found in the line.
pub(in crate::interchange) fn parse(written: &Written<'_>) -> Parsed {
    let apart = written.city.is_some() || written.state.is_some();
    let (line, street) = match (written.line, written.street) {
        // A feed that fills only `address` puts everything there.
        (None, Some(all)) if !apart && all.contains(',') => (Some(all), None),
        (line, street) => (line, street),
    };
    let country =
        written.country.filter(|country| !is_nowhere(country)).and_then(regions::country_or_code);
    let mut found = from_line(line.filter(|line| !is_nowhere(line)).unwrap_or_default(), country);
    if let Some(state) = written.state.and_then(|state| regions::subdivision(state, found.country))
    {
        found.subdivision = Some(state);
        found.country = found.country.or(Some(state.country()));
    }
    if let Some(city) = written.city.filter(|city| !is_nowhere(city)) {
        found.city = Some(city.trim().to_owned());
    }
    if let Some(code) = written.postal_code {
        found.postal_code = Some(code.trim().to_owned());
    }
    // An address field of its own is a street, whatever it looks like, unless it repeats the town.
    let street = street.map(str::trim).filter(|street| {
        let is_town = found.city.as_deref().is_some_and(|city| city.eq_ignore_ascii_case(street));
        !street.is_empty() && !is_nowhere(street) && !is_town
    });
    if let Some(street) = street {
        found.street = Some(street.to_owned());
    }
    let address = Address {
        street: found.street.as_deref().and_then(Text::lossy),
        city: found.city.as_deref().and_then(Text::lossy),
        subdivision: found.subdivision,
        postal_code: found
            .postal_code
            .map(|code| whole(code, found.country))
            .as_deref()
            .and_then(Text::lossy),
        country: found.country,
    };
    Parsed { street_level: address.street.is_some(), address }
}

#[derive(Default)]
struct Found {
    street: Option<String>,
    city: Option<String>,
    subdivision: Option<SubdivisionCode>,
    postal_code: Option<String>,
    country: Option<CountryCode>,
}

/// Takes a line apart from its end: country, postal code and state, town; the rest is the street.
fn from_line(line: &str, country: Option<CountryCode>) -> Found {
    let mut found = Found { country, ..Found::default() };
    let mut parts: Vec<&str> =
        line.split(',').map(str::trim).filter(|part| !part.is_empty()).collect();
    if let Some(country) = parts.last().and_then(|last| regions::country(last)) {
        found.country = found.country.or(Some(country));
        parts.pop();
    }
    while let Some(last) = parts.last() {
        if !take_region(last, &mut found) {
            break;
        }
        parts.pop();
    }
    if let Some(city) = parts.pop() {
        let (city, code) = split_code(city, found.country);
        found.postal_code = found.postal_code.or(code);
        if is_street(&city) && starts_with_number(&city) && has_street_word(&city) {
            // "12 Elm St, USA" names no town.
            found.street = Some(city);
        } else if !city.is_empty() && !regions::is_ambiguous(&city) {
            found.city = Some(city);
        } else if let Some(city) = parts.pop() {
            found.city = Some(city.to_owned());
        }
    }
    let rest = parts.iter().filter(|part| !part.is_empty()).copied().collect::<Vec<_>>().join(", ");
    if found.street.is_none() && is_street(&rest) {
        found.street = Some(rest);
    }
    found
}

/// Takes a part for a state, a postal code or both: `MA 02767`, `Alberta`, `T6E 4E8`.
fn take_region(part: &str, found: &mut Found) -> bool {
    if found.postal_code.is_none() && is_code(part, found.country) {
        found.postal_code = Some(part.to_owned());
        return true;
    }
    if found.subdivision.is_some() {
        return false;
    }
    if let Some(region) = regions::subdivision(part, found.country) {
        found.subdivision = Some(region);
        found.country = Some(region.country());
        return true;
    }
    let Some((state, code)) = part.split_once(' ') else { return false };
    let Some(region) = regions::subdivision(state, found.country) else { return false };
    if found.postal_code.is_some() || !is_code(code, Some(region.country())) {
        return false;
    }
    found.subdivision = Some(region);
    found.country = Some(region.country());
    found.postal_code = Some(code.trim().to_owned());
    true
}

/// Whether a part is nothing but a postal code of the country, or of North America when not known.
fn is_code(part: &str, country: Option<CountryCode>) -> bool {
    let shape: String = part
        .chars()
        .filter(|c| *c != ' ')
        .map(|c| match c {
            '0'..='9' => '9',
            'a'..='z' | 'A'..='Z' => 'A',
            _ => c,
        })
        .collect();
    match country.as_ref().map(CountryCode::as_str) {
        Some("US") => matches!(shape.as_str(), "99999" | "99999-9999"),
        Some("CA") => shape == "A9A9A9",
        Some("GB") => is_british(part),
        Some(_) => (4..=6).contains(&shape.len()) && shape.bytes().all(|b| b == b'9'),
        None => matches!(shape.as_str(), "99999" | "99999-9999" | "A9A9A9"),
    }
}

fn is_british(code: &str) -> bool {
    let Some((outward, inward)) = code.trim().rsplit_once(' ') else { return false };
    let letter = |b: &u8| b.is_ascii_uppercase();
    (2..=4).contains(&outward.len())
        && outward.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit())
        && outward.bytes().any(|b| b.is_ascii_digit())
        && matches!(inward.as_bytes(), [digit, a, b] if digit.is_ascii_digit() && letter(a) && letter(b))
}

/// Splits the postal code off a town: `London WC2H 0EW`, `10119 Berlin`, `5612 EK Eindhoven`.
fn split_code(city: &str, country: Option<CountryCode>) -> (String, Option<String>) {
    let words: Vec<&str> = city.split_whitespace().collect();
    match (country.as_ref().map(CountryCode::as_str), words.as_slice()) {
        (Some("GB"), [town @ .., outward, inward])
            if is_british(&format!("{outward} {inward}")) =>
        {
            (town.join(" "), Some(format!("{outward} {inward}")))
        }
        (Some("NL"), [digits, letters, town @ ..])
            if digits.len() == 4
                && letters.len() == 2
                && digits.bytes().all(|b| b.is_ascii_digit()) =>
        {
            (town.join(" "), Some(format!("{digits} {letters}")))
        }
        (Some(other), [code, town @ ..])
            if !matches!(other, "US" | "CA" | "GB")
                && !town.is_empty()
                && (4..=5).contains(&code.len())
                && code.bytes().all(|b| b.is_ascii_digit()) =>
        {
            (town.join(" "), Some((*code).to_owned()))
        }
        _ => (city.to_owned(), None),
    }
}

/// A postal code with the zeros that a spreadsheet took from its beginning.
fn whole(code: String, country: Option<CountryCode>) -> String {
    let american = country.is_some_and(|country| country.as_str() == "US");
    let short = (3..=4).contains(&code.len()) && code.bytes().all(|b| b.is_ascii_digit());
    if american && short { format!("{code:0>5}") } else { code }
}

/// Whether a text leads to a door: it has a number, or the word for a street.
fn is_street(text: &str) -> bool {
    let lower = text.to_lowercase();
    let is_label =
        lower.starts_with("district ") || lower.starts_with("po box") || lower.starts_with("p.o.");
    let numbered =
        text.bytes().any(|b| b.is_ascii_digit()) && text.chars().any(char::is_alphabetic);
    !is_label && (numbered || has_street_word(text))
}

fn starts_with_number(text: &str) -> bool {
    text.trim_start_matches('#').starts_with(|c: char| c.is_ascii_digit())
}

fn has_street_word(text: &str) -> bool {
    /// Words that end the name of a street; at its beginning `St` is a saint.
    const AFTER: &[&str] = &[
        "st",
        "street",
        "ave",
        "avenue",
        "rd",
        "road",
        "blvd",
        "boulevard",
        "dr",
        "drive",
        "ln",
        "lane",
        "way",
        "hwy",
        "highway",
        "pkwy",
        "parkway",
        "ct",
        "court",
        "pl",
        "plaza",
        "sq",
        "square",
        "terrace",
        "cir",
        "circle",
        "trail",
        "cres",
        "crescent",
        "str",
        "strasse",
        "straat",
        "broadway",
    ];
    const BEFORE: &[&str] = &["rue", "calle", "avenida", "via", "rua"];
    let lower = text.to_lowercase().replace('ß', "ss");
    let mut words = lower.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    let first = words.next().unwrap_or_default();
    BEFORE.contains(&first)
        || words.any(|word| {
            AFTER.contains(&word) || word.ends_with("strasse") || word.ends_with("straat")
        })
}

/// Whether a text says that there is no address.
pub(in crate::interchange) fn is_nowhere(text: &str) -> bool {
    matches!(
        text.trim().to_ascii_lowercase().as_str(),
        "" | "-"
            | "n/a"
            | "na"
            | "none"
            | "tbd"
            | "online"
            | "online meeting"
            | "zoom"
            | "virtual"
            | "virtual meeting"
            | "online only"
            | "remote"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(line: &str) -> Parsed {
        parse(&Written { line: Some(line), ..Written::default() })
    }

    /// Street, city, subdivision, postal code, country; `-` for what is not known.
    fn told(parsed: &Parsed) -> String {
        let address = &parsed.address;
        let part = |text: Option<&str>| text.unwrap_or("-").to_owned();
        [
            part(address.street.as_ref().map(Text::as_str)),
            part(address.city.as_ref().map(Text::as_str)),
            part(address.subdivision.as_ref().map(SubdivisionCode::as_str)),
            part(address.postal_code.as_ref().map(Text::as_str)),
            part(address.country.as_ref().map(CountryCode::as_str)),
        ]
        .join(" | ")
    }

    #[test]
    fn one_line_is_taken_apart_from_its_end() {
        for (written, expected) in [
            ("12 Elm St, Rivertown, MA 02767, USA", "12 Elm St | Rivertown | US-MA | 02767 | US"),
            (
                "8318 104 St, Lakeside, Alberta, T6E 4E8, Canada",
                "8318 104 St | Lakeside | CA-AB | T6E 4E8 | CA",
            ),
            (
                "#9 11930 162 Ave NW, Lakeside, Alberta, T5X4W9, Canada",
                "#9 11930 162 Ave NW | Lakeside | CA-AB | T5X4W9 | CA",
            ),
            (
                "20474 Douglas Cres, Hilltown, BC V3A 4B6, Canada",
                "20474 Douglas Cres | Hilltown | CA-BC | V3A 4B6 | CA",
            ),
            (
                "Old Hall, 2500 Main St, Rivertown, TX 79409, USA",
                "Old Hall, 2500 Main St | Rivertown | US-TX | 79409 | US",
            ),
            ("Lakeside, Alberta, T6X 1W5, Canada", "- | Lakeside | CA-AB | T6X 1W5 | CA"),
            ("St. Albert, Alberta, Canada", "- | St. Albert | CA-AB | - | CA"),
            ("Rivertown, OR", "- | Rivertown | US-OR | - | US"),
            ("Rivertown, Oregon, United States", "- | Rivertown | US-OR | - | US"),
            (
                "125 Charing Cross Rd, London WC2H 0EW, UK",
                "125 Charing Cross Rd | London | - | WC2H 0EW | GB",
            ),
            ("Lindenstr. 92, 10119 Berlin, Germany", "Lindenstr. 92 | Berlin | - | 10119 | DE"),
            (
                "Dorpsstraat 147, 5612 EK Eindhoven, Netherlands",
                "Dorpsstraat 147 | Eindhoven | - | 5612 EK | NL",
            ),
            (
                "7 Hill Terrace, Cape Town, 7806, South Africa",
                "7 Hill Terrace | Cape Town | - | 7806 | ZA",
            ),
            ("Tbilisi, Georgia", "- | Tbilisi | - | - | -"),
            ("United States", "- | - | - | - | US"),
            ("12 Elm St, USA", "12 Elm St | - | - | - | US"),
            (
                "Lakeside, Alberta, Canada, Lakeside, Alberta, Canada",
                "- | Lakeside | CA-AB | - | CA",
            ),
            (
                "Elm Street, Willow Park, Rivertown, CA, USA",
                "Elm Street, Willow Park | Rivertown | US-CA | - | US",
            ),
            ("Online", "- | - | - | - | -"),
            (" , ,, ", "- | - | - | - | -"),
        ] {
            assert_eq!(told(&line(written)), expected, "{written}");
        }
    }

    #[test]
    fn parts_given_apart_outrank_the_line() {
        let parsed = parse(&Written {
            street: Some("240 Channing Way # 9"),
            city: Some("Rivertown"),
            state: Some("MA"),
            postal_code: Some("2767"),
            country: Some("USA"),
            ..Written::default()
        });

        assert_eq!(told(&parsed), "240 Channing Way # 9 | Rivertown | US-MA | 02767 | US");
    }

    #[test]
    fn four_digits_are_a_whole_code_where_codes_have_four() {
        let parsed = parse(&Written {
            city: Some("Bern"),
            postal_code: Some("3011"),
            country: Some("CH"),
            ..Written::default()
        });

        assert_eq!(told(&parsed), "- | Bern | - | 3011 | CH");
    }

    #[test]
    fn a_box_is_not_a_place_to_meet() {
        assert!(!line("PO Box 12, Rivertown, MA 02767, USA").street_level);
        assert!(!line("District 25, Rivertown, MA 02767, USA").street_level);
    }
}
