//! What languages are called.

use super::taxonomy::LanguageTag;

/// Names of languages in English and in Spanish, and what those call it who speak it where that is written in
/// Latin letters and differs from both.
const LANGUAGES: &[(&str, &str, &str, &str)] = &[
    ("ar", "Arabic", "Árabe", ""),
    ("ase", "American Sign Language", "Lengua de señas americana", ""),
    ("bfi", "British Sign Language", "Lengua de señas británica", ""),
    ("cs", "Czech", "Checo", ""),
    ("cy", "Welsh", "Galés", "Cymraeg"),
    ("da", "Danish", "Danés", "Dansk"),
    ("de", "German", "Alemán", "Deutsch"),
    ("el", "Greek", "Griego", ""),
    ("en", "English", "Inglés", ""),
    ("es", "Spanish", "Español", ""),
    ("fa", "Persian", "Persa", ""),
    ("fi", "Finnish", "Finés", "Suomi"),
    ("fr", "French", "Francés", "Français"),
    ("ga", "Irish", "Irlandés", "Gaeilge"),
    ("he", "Hebrew", "Hebreo", ""),
    ("hi", "Hindi", "Hindi", ""),
    ("hu", "Hungarian", "Húngaro", "Magyar"),
    ("it", "Italian", "Italiano", ""),
    ("ja", "Japanese", "Japonés", ""),
    ("ko", "Korean", "Coreano", ""),
    ("lt", "Lithuanian", "Lituano", ""),
    ("lv", "Latvian", "Letón", ""),
    ("mi", "Māori", "Maorí", ""),
    ("nl", "Dutch", "Neerlandés", "Nederlands"),
    ("no", "Norwegian", "Noruego", "Norsk"),
    ("pa", "Punjabi", "Panyabí", ""),
    ("pl", "Polish", "Polaco", "Polski"),
    ("pt", "Portuguese", "Portugués", "Português"),
    ("ro", "Romanian", "Rumano", ""),
    ("ru", "Russian", "Ruso", ""),
    ("so", "Somali", "Somalí", ""),
    ("sv", "Swedish", "Sueco", "Svenska"),
    ("tl", "Tagalog", "Tagalo", ""),
    ("tr", "Turkish", "Turco", "Türkçe"),
    ("uk", "Ukrainian", "Ucraniano", ""),
    ("ur", "Urdu", "Urdu", ""),
    ("vi", "Vietnamese", "Vietnamita", "Tiếng Việt"),
    ("zh", "Chinese", "Chino", ""),
];

/// The names of a language by its tag: in English, in Spanish, and its own. `None` when it is not known; a name
/// that would be there again is empty.
pub fn names_of_language(tag: &str) -> Option<[&'static str; 3]> {
    let (_, english, spanish, own) = LANGUAGES.iter().find(|(known, ..)| *known == tag)?;
    Some([english, if spanish == english { "" } else { spanish }, own])
}

/// The names that a language is known by, without its region when that has none of its own.
pub fn names_known_by(language: &LanguageTag) -> impl Iterator<Item = &'static str> + use<> {
    let tag = language.as_str();
    let primary = tag.split('-').next().unwrap_or(tag);
    let names = names_of_language(tag).or_else(|| names_of_language(primary));
    names.into_iter().flatten().filter(|name| !name.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_language_is_called_by_its_names() {
        assert_eq!(names_of_language("es"), Some(["Spanish", "Español", ""]));
        assert_eq!(names_of_language("fr"), Some(["French", "Francés", "Français"]));
        assert_eq!(names_of_language("hi"), Some(["Hindi", "", ""]));
        assert_eq!(names_of_language("pt-BR"), None);
        assert!(LANGUAGES.is_sorted_by_key(|(tag, ..)| tag));
    }
}
