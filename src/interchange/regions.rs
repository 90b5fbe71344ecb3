//! Names and abbreviations of countries, states and provinces.

use crate::domain::{CountryCode, SubdivisionCode};

/// The country a word stands for; a name that is also a state's stands for nothing.
pub(super) fn country(text: &str) -> Option<CountryCode> {
    let text = text.trim().trim_end_matches('.');
    if is_ambiguous(text) {
        return None;
    }
    let lower = text.to_lowercase();
    let named = COUNTRIES.iter().find(|(name, _)| *name == lower);
    named.and_then(|(_, code)| code.parse().ok())
}

/// The country of a field that holds nothing else: a name, or a code of two letters.
pub(super) fn country_or_code(text: &str) -> Option<CountryCode> {
    country(text).or_else(|| text.trim().to_ascii_uppercase().parse().ok())
}

/// The state or province a word stands for in a country; without a country, in the United States
/// or in Canada.
pub(super) fn subdivision(text: &str, country: Option<CountryCode>) -> Option<SubdivisionCode> {
    let text = text.trim().trim_end_matches('.');
    let country = country.as_ref().map(CountryCode::as_str);
    if country.is_none() && is_ambiguous(text) {
        return None;
    }
    let find = |of: &str, list: &[(&str, &str)]| {
        let (code, _) =
            list.iter().find(|(code, name)| text == *code || text.eq_ignore_ascii_case(name))?;
        format!("{of}-{code}").parse().ok()
    };
    match country {
        Some("US") => find("US", STATES),
        Some("CA") => find("CA", PROVINCES),
        Some(_) => None,
        None => find("US", STATES).or_else(|| find("CA", PROVINCES)),
    }
}

/// Whether a name is a country's and a state's at once.
pub(super) fn is_ambiguous(text: &str) -> bool {
    text.eq_ignore_ascii_case("georgia")
}

const COUNTRIES: &[(&str, &str)] = &[
    ("argentina", "AR"),
    ("australia", "AU"),
    ("austria", "AT"),
    ("belgium", "BE"),
    ("brazil", "BR"),
    ("bulgaria", "BG"),
    ("canada", "CA"),
    ("chile", "CL"),
    ("china", "CN"),
    ("colombia", "CO"),
    ("costa rica", "CR"),
    ("croatia", "HR"),
    ("czechia", "CZ"),
    ("czech republic", "CZ"),
    ("denmark", "DK"),
    ("deutschland", "DE"),
    ("ecuador", "EC"),
    ("egypt", "EG"),
    ("england", "GB"),
    ("españa", "ES"),
    ("finland", "FI"),
    ("france", "FR"),
    ("germany", "DE"),
    ("greece", "GR"),
    ("guatemala", "GT"),
    ("hong kong", "HK"),
    ("hungary", "HU"),
    ("iceland", "IS"),
    ("india", "IN"),
    ("indonesia", "ID"),
    ("iran", "IR"),
    ("ireland", "IE"),
    ("israel", "IL"),
    ("italy", "IT"),
    ("jamaica", "JM"),
    ("japan", "JP"),
    ("kenya", "KE"),
    ("lithuania", "LT"),
    ("luxembourg", "LU"),
    ("malaysia", "MY"),
    ("malta", "MT"),
    ("mexico", "MX"),
    ("méxico", "MX"),
    ("nepal", "NP"),
    ("netherlands", "NL"),
    ("the netherlands", "NL"),
    ("new zealand", "NZ"),
    ("nigeria", "NG"),
    ("northern ireland", "GB"),
    ("norway", "NO"),
    ("peru", "PE"),
    ("philippines", "PH"),
    ("poland", "PL"),
    ("portugal", "PT"),
    ("puerto rico", "PR"),
    ("romania", "RO"),
    ("russia", "RU"),
    ("scotland", "GB"),
    ("serbia", "RS"),
    ("singapore", "SG"),
    ("slovakia", "SK"),
    ("slovenia", "SI"),
    ("south africa", "ZA"),
    ("south korea", "KR"),
    ("spain", "ES"),
    ("sweden", "SE"),
    ("switzerland", "CH"),
    ("taiwan", "TW"),
    ("thailand", "TH"),
    ("turkey", "TR"),
    ("uk", "GB"),
    ("ukraine", "UA"),
    ("united arab emirates", "AE"),
    ("united kingdom", "GB"),
    ("united states", "US"),
    ("united states of america", "US"),
    ("u.s.a", "US"),
    ("u.s", "US"),
    ("us", "US"),
    ("usa", "US"),
    ("vietnam", "VN"),
    ("wales", "GB"),
];

const STATES: &[(&str, &str)] = &[
    ("AL", "Alabama"),
    ("AK", "Alaska"),
    ("AZ", "Arizona"),
    ("AR", "Arkansas"),
    ("CA", "California"),
    ("CO", "Colorado"),
    ("CT", "Connecticut"),
    ("DE", "Delaware"),
    ("DC", "District of Columbia"),
    ("FL", "Florida"),
    ("GA", "Georgia"),
    ("HI", "Hawaii"),
    ("ID", "Idaho"),
    ("IL", "Illinois"),
    ("IN", "Indiana"),
    ("IA", "Iowa"),
    ("KS", "Kansas"),
    ("KY", "Kentucky"),
    ("LA", "Louisiana"),
    ("ME", "Maine"),
    ("MD", "Maryland"),
    ("MA", "Massachusetts"),
    ("MI", "Michigan"),
    ("MN", "Minnesota"),
    ("MS", "Mississippi"),
    ("MO", "Missouri"),
    ("MT", "Montana"),
    ("NE", "Nebraska"),
    ("NV", "Nevada"),
    ("NH", "New Hampshire"),
    ("NJ", "New Jersey"),
    ("NM", "New Mexico"),
    ("NY", "New York"),
    ("NC", "North Carolina"),
    ("ND", "North Dakota"),
    ("OH", "Ohio"),
    ("OK", "Oklahoma"),
    ("OR", "Oregon"),
    ("PA", "Pennsylvania"),
    ("RI", "Rhode Island"),
    ("SC", "South Carolina"),
    ("SD", "South Dakota"),
    ("TN", "Tennessee"),
    ("TX", "Texas"),
    ("UT", "Utah"),
    ("VT", "Vermont"),
    ("VA", "Virginia"),
    ("WA", "Washington"),
    ("WV", "West Virginia"),
    ("WI", "Wisconsin"),
    ("WY", "Wyoming"),
];

const PROVINCES: &[(&str, &str)] = &[
    ("AB", "Alberta"),
    ("BC", "British Columbia"),
    ("MB", "Manitoba"),
    ("NB", "New Brunswick"),
    ("NL", "Newfoundland and Labrador"),
    ("NS", "Nova Scotia"),
    ("NT", "Northwest Territories"),
    ("NU", "Nunavut"),
    ("ON", "Ontario"),
    ("PE", "Prince Edward Island"),
    ("QC", "Quebec"),
    ("SK", "Saskatchewan"),
    ("YT", "Yukon"),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_stands_for_a_code() {
        for (name, _) in COUNTRIES {
            assert!(country(name).is_some(), "{name}");
        }
        let american = country("USA");
        for (code, name) in STATES {
            assert_eq!(subdivision(code, american), subdivision(name, american), "{name}");
            assert!(subdivision(code, american).is_some(), "{name}");
        }
        for (code, name) in PROVINCES {
            let canadian = country("Canada");
            assert_eq!(subdivision(code, canadian), subdivision(name, canadian), "{name}");
        }
    }

    #[test]
    fn a_name_that_is_a_country_and_a_state_is_not_guessed() {
        assert_eq!(country("Georgia"), None);
        assert_eq!(subdivision("Georgia", None), None);
        assert!(subdivision("Georgia", country("USA")).is_some());
    }

    #[test]
    fn a_state_is_looked_for_in_its_own_country() {
        assert_eq!(subdivision("NL", country("Canada")).unwrap().as_str(), "CA-NL");
        assert_eq!(subdivision("AB", country("USA")), None);
        assert_eq!(subdivision("Bavaria", country("Germany")), None);
    }
}
