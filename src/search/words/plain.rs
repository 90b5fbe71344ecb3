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

/// What everything here is, and what everybody says: never looked for.
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
    "anybody",
    "anyone",
    "anything",
    "been",
    "bit",
    "can",
    "cant",
    "dont",
    "feel",
    "feeling",
    "feels",
    "get",
    "getting",
    "got",
    "having",
    "just",
    "know",
    "like",
    "lot",
    "much",
    "not",
    "nothing",
    "now",
    "please",
    "really",
    "so",
    "somebody",
    "someone",
    "something",
    "today",
    "tonight",
    "too",
    "very",
    "was",
    // Spanish
    "anos",
    "apoyo",
    "ahora",
    "alguien",
    "estoy",
    "ha",
    "hay",
    "hoy",
    "mucho",
    "muy",
    "no",
    "puedo",
    "siento",
    "tengo",
    "tiene",
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
    "jai",
    "aide",
    "ai",
    "aujourd",
    "hui",
    "ici",
    "maintenant",
    "quelqu",
    "quelquun",
    "suis",
    "tres",
    "besoin",
    "cherche",
    "groupe",
    "groupes",
    "personnes",
    "reunions",
    "soutien",
];

/// What people say beside what they look for: not needed beside it.
const PASSING: &[&str] = &[
    // English
    "call",
    "cope",
    "copes",
    "coping",
    "diagnosed",
    "evening",
    "evenings",
    "feelings",
    "free",
    "friend",
    "hotline",
    "learn",
    "learning",
    "line",
    "live",
    "living",
    "local",
    "morning",
    "mornings",
    "new",
    "newly",
    "night",
    "nights",
    "speak",
    "speaking",
    "struggling",
    "suffering",
    "talk",
    "talking",
    "tomorrow",
    "week",
    "weekend",
    "weekends",
    // Spanish
    "anoche",
    "fin",
    "gratis",
    "hablar",
    "linea",
    "llamar",
    "manana",
    "noche",
    "noches",
    "semana",
    "sufre",
    "sufro",
    "tarde",
    "tardes",
    // French
    "demain",
    "nuit",
    "parler",
    "soir",
    "souffre",
];

/// Words before somebody of one's own: "my mother" is not every mother.
const POSSESSIVE: &[&str] = &["my", "our", "mi", "mis", "mon", "ma", "mes"];

/// Whether a folded word says that what follows is somebody of one's own.
pub(super) fn is_possessive(word: &str) -> bool {
    POSSESSIVE.contains(&word)
}

/// Whether a folded word is only said beside what somebody looks for.
pub(in crate::search) fn is_passing(word: &str) -> bool {
    PASSING.contains(&word) || COMMON.contains(&word)
}

/// Whether a folded word stands between what may be the one or the other.
pub(super) fn is_or(word: &str) -> bool {
    matches!(word, "or" | "o" | "u" | "ou")
}

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
