//! Words that say little here, in the languages that are stemmed.

/// Words that tell nothing: left out of a search unless there is nothing else in it.
const EMPTY: &[&str] = &[
    // English
    "a", "about", "am", "an", "and", "any", "are", "as", "at", "be", "by", "do", "does", "for",
    "from", "has", "have", "how", "i", "id", "im", "in", "is", "it", "its", "ive", "me", "my",
    "near", "of", "on", "or", "our", "some", "that", "the", "there", "this", "to", "we", "what",
    "where", "which", "who", "with", "you", "your", // Spanish
    "al", "cerca", "como", "con", "de", "del", "donde", "e", "el", "en", "es", "esta", "la", "las",
    "lo", "los", "mi", "mis", "o", "para", "por", "que", "se", "su", "sus", "tu", "u", "un", "una",
    "y", "yo", // French
    "au", "aux", "avec", "ce", "ces", "dans", "des", "du", "est", "et", "je", "le", "les", "leur",
    "ma", "mes", "mon", "ou", "par", "pour", "pres", "qui", "sur", "une",
];

/// What everything here is, and what everybody here does: not needed beside a word that says more.
const COMMON: &[&str] = &[
    // English
    "find",
    "finding",
    "group",
    "groups",
    "help",
    "looking",
    "meeting",
    "meetings",
    "need",
    "peer",
    "peers",
    "people",
    "program",
    "programme",
    "programmes",
    "programs",
    "search",
    "service",
    "services",
    "support",
    "want",
    // Spanish
    "apoyo",
    "ayuda",
    "buscar",
    "busco",
    "grupo",
    "grupos",
    "necesito",
    "personas",
    "programa",
    "programas",
    "quiero",
    "reunion",
    "reuniones",
    "servicio",
    "servicios",
    // French
    "aide",
    "besoin",
    "cherche",
    "groupe",
    "groupes",
    "personnes",
    "reunions",
    "soutien",
];

/// Whether a folded word tells nothing.
pub(super) fn is_empty(word: &str) -> bool {
    EMPTY.contains(&word)
}

/// Whether a folded word says only what everything here is.
pub(super) fn is_common(word: &str) -> bool {
    COMMON.contains(&word)
}

/// The words of a folded text that tell something; all of them when none does.
pub(super) fn telling(folded: &str) -> Vec<&str> {
    let all = || folded.split(' ').filter(|word| !word.is_empty());
    let telling: Vec<&str> = all().filter(|word| !is_empty(word)).collect();
    if telling.is_empty() { all().collect() } else { telling }
}
