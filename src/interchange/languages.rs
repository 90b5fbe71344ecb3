//! Languages as feeds and spreadsheets write them.

use crate::domain::LanguageTag;

/// Meeting Guide's code for a language, its BCP 47 tag and its English name.
pub(super) const LANGUAGES: &[(&str, &str, &str)] = &[
    ("AF", "af", "Afrikaans"),
    ("AM", "am", "Amharic"),
    ("AR", "ar", "Arabic"),
    ("BG", "bg", "Bulgarian"),
    ("DA", "da", "Danish"),
    ("DE", "de", "German"),
    ("EL", "el", "Greek"),
    ("EN", "en", "English"),
    ("FA", "fa", "Persian"),
    ("FI", "fi", "Finnish"),
    ("FR", "fr", "French"),
    ("HE", "he", "Hebrew"),
    ("HI", "hi", "Hindi"),
    ("HR", "hr", "Croatian"),
    ("HU", "hu", "Hungarian"),
    ("IS", "is", "Icelandic"),
    ("ITA", "it", "Italian"),
    ("JA", "ja", "Japanese"),
    ("KA", "ka", "Georgian"),
    ("KOR", "ko", "Korean"),
    ("LT", "lt", "Lithuanian"),
    ("ML", "ml", "Malayalam"),
    ("MT", "mt", "Maltese"),
    ("NE", "ne", "Nepali"),
    ("NL", "nl", "Dutch"),
    ("NO", "no", "Norwegian"),
    ("POL", "pl", "Polish"),
    ("POR", "pt", "Portuguese"),
    ("PUN", "pa", "Punjabi"),
    ("RUS", "ru", "Russian"),
    ("S", "es", "Spanish"),
    ("SK", "sk", "Slovak"),
    ("SL", "sl", "Slovenian"),
    ("SV", "sv", "Swedish"),
    ("TH", "th", "Thai"),
    ("TL", "tl", "Tagalog"),
    ("TUR", "tr", "Turkish"),
    ("UK", "uk", "Ukrainian"),
];

/// The tag of a language by its English name, as a spreadsheet may have it.
pub(super) fn language_named(name: &str) -> Option<LanguageTag> {
    let (_, tag, _) =
        LANGUAGES.iter().find(|(_, _, english)| english.eq_ignore_ascii_case(name))?;
    tag.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_language_has_a_tag_and_is_found_by_its_name() {
        for (code, tag, name) in LANGUAGES {
            assert_eq!(tag.parse::<LanguageTag>().unwrap().as_str(), *tag, "{code}");
            assert_eq!(language_named(name).unwrap().as_str(), *tag);
        }
    }
}
