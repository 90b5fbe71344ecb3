//! Whether a text tells a key, or only speaks of one.
//!
//! Who keeps a table is told what is wrong with it and can write it otherwise. So nothing of a text is
//! dropped: it is refused when a line of it may be a key, in digits or in words. "No password needed" and
//! "ask for the passcode by e-mail" tell none.

use super::{
    ANNOUNCING, FOREIGN_WORDS, WORDS, holds_key, is_label, longest_number, plain, tells, visible,
    words,
};

/// Words for a key that may be a word itself, besides [`WORDS`], which may stand within others.
const SHORT_WORDS: &[&str] = &["pw", "pwd", "passwd", "clave", "senha", "haslo", "parola"];

/// So many words are looked at together: `mot de passe`, `codigo de acceso`.
const LONGEST_NAME: usize = 3;

/// Words beside which a key is only spoken of: there is none, or this is how to get it.
const SPEAKING: &[&str] = &[
    "no",
    "not",
    "without",
    "never",
    "sin",
    "sans",
    "kein",
    "keine",
    "need",
    "needs",
    "needed",
    "required",
    "necessary",
    "protected",
    "ask",
    "asks",
    "request",
    "email",
    "emailed",
    "mail",
    "mailed",
    "write",
    "call",
    "contact",
    "get",
    "receive",
    "see",
    "send",
    "sends",
    "sent",
    "given",
    "register",
    "sign",
    "message",
    "text",
    "texted",
    "website",
    "page",
    "change",
    "changes",
    "pide",
    "pida",
    "solicite",
    "escriba",
    "llame",
    "correo",
];

/// What may come after the word for a key where the key itself does not.
const LEADING_ON: &[&str] = &[
    "is",
    "are",
    "will",
    "by",
    "from",
    "via",
    "when",
    "after",
    "before",
    "if",
    "in",
    "on",
    "at",
    "with",
    "to",
    "or",
    "and",
    "once",
    "not",
    "upon",
    "through",
    "for",
    "needed",
    "required",
    "necessary",
    "protected",
    "change",
    "changes",
    "only",
    "por",
    "en",
    "cuando",
    "si",
    "y",
    "o",
    "al",
];

/// What says that the next words are the key.
const IS: &[&str] = &["is", "are", "be", "was", "es", "son", "sera"];

/// What may come after that, besides [`SPEAKING`], where the key itself does not.
const ELSEWHERE: &[&str] = &[
    "on",
    "in",
    "by",
    "from",
    "available",
    "shared",
    "posted",
    "private",
    "only",
    "provided",
    "kept",
    "different",
];

/// What may stand between the key and the word for it: `serenity is our Zoom passcode`.
const BETWEEN: &[&str] = &["the", "our", "your", "a", "an", "its", "this", "zoom", "meeting"];

/// Whether a text for the public may tell a key to a meeting.
pub(in crate::interchange) fn tells_key(text: &str) -> bool {
    let mut is_after_label = false;
    holds_key(text)
        || visible(text).lines().map(str::trim).filter(|line| !line.is_empty()).any(|line| {
            let plain = plain(line);
            let number = longest_number(&plain);
            let follows = std::mem::replace(&mut is_after_label, tells(line) && is_label(line));
            follows && number >= 3 || is_lone_number(&plain, number) || tells_in_words(line, &plain)
        })
}

/// Whether a line is nothing but one long number. Days with slashes are none.
fn is_lone_number(plain: &str, digits: usize) -> bool {
    digits >= 9 && !plain.bytes().any(|b| b.is_ascii_alphabetic() || b == b'/')
}

/// Whether a line tells a key that may have no digit in it.
fn tells_in_words(line: &str, plain: &str) -> bool {
    let lower = line.to_lowercase();
    if FOREIGN_WORDS.iter().any(|word| lower.contains(word)) {
        return true;
    }
    let marks = [". ", "--", " - ", ":", "="].iter().zip([";", " is ", " is ", " is ", " is "]);
    let plain = marks.fold(plain.to_owned(), |plain, (mark, word)| plain.replace(mark, word));
    let mut speaks_of_one = false;
    let mut tells = plain.split([';', ',', '!', '?', '(', ')']).any(|clause| {
        let words: Vec<&str> = words(clause).collect();
        let named = named(&words);
        speaks_of_one |= !named.is_empty();
        named.iter().any(|&(begin, end)| tells_around(&words[..begin], &words[end..]))
            // Spaced out, nobody only speaks of it.
            || named.is_empty() && WORDS.iter().any(|word| words.concat().contains(word))
    });
    tells |= speaks_of_one && line.ends_with(ANNOUNCING);
    tells
}

/// Where words name a key: begin and end.
fn named(words: &[&str]) -> Vec<(usize, usize)> {
    let mut named = Vec::new();
    let mut begin = 0;
    while begin < words.len() {
        let mut ends = begin + 1..=words.len().min(begin + LONGEST_NAME);
        let end = ends.find(|&end| match &words[begin..end] {
            [word] => SHORT_WORDS.contains(word) || WORDS.iter().any(|name| word.contains(name)),
            several => WORDS.iter().any(|name| several.concat().starts_with(name)),
        });
        named.extend(end.map(|end| (begin, end)));
        begin = end.unwrap_or(begin + 1);
    }
    named
}

/// Whether the words around one for a key may tell it.
fn tells_around(before: &[&str], after: &[&str]) -> bool {
    let speaks = before.iter().chain(after).any(|word| SPEAKING.contains(word));
    let leads_on = after.first().is_none_or(|word| LEADING_ON.contains(word));
    let told_before = before
        .iter()
        .rfind(|word| !BETWEEN.contains(word))
        .is_some_and(|word| IS.contains(word) || *word == "as");
    let told_after = after.windows(2).any(|pair| {
        IS.contains(&pair[0]) && !SPEAKING.contains(&pair[1]) && !ELSEWHERE.contains(&pair[1])
    });
    !speaks || !leads_on || told_before || told_after
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_key_is_told_in_words_as_well_as_in_digits() {
        for text in [
            "We meet on Zoom. The passcode is serenity.",
            "Password: friends",
            "PASSWORD = friends, ask Robin if you forget it",
            "Ask Robin, the passcode is serenity",
            "The password to get in: friends",
            "The password to get in – friends",
            "Serenity is our Zoom passcode, call us",
            "Log in with friends as the password, or call",
            "Call for the password friends",
            "Join (password friends).",
            "P A S S C O D E : sober",
            "pass-code is sober",
            "Contraseña: amigos",
            "La contraseña es amigos",
            "Mot de passe : amis",
            "pw friends",
            "Clave: sobria",
            "Пароль: дружба",
            "Ask us for the password:\nfriends",
            "Passcode:\nsober",
            "Meeting ID\n812 3456 7890 on Zoom",
            "Every Tuesday on Zoom\n812 3456 7890",
            "Meeting ID 812 3456 7890",
            "https://zoom.us/j/81234567890",
        ] {
            assert!(tells_key(text), "{text}");
        }
    }

    #[test]
    fn who_only_speaks_of_a_key_tells_none() {
        for text in [
            "No password needed",
            "It is free, no passcode required.",
            "You do not need a password.",
            "There is no password.",
            "ask for the passcode by e-mail",
            "Ask us for the passcode.",
            "E-mail Robin for the Zoom link and password.",
            "The passcode is sent after you sign up.",
            "The password will be emailed when you register.",
            "You get the pass code from our website.",
            "Passcode: by e-mail",
            "Passcode on request",
            "Sin contraseña.",
            "Pida la contraseña por correo.",
            "You can dial in, too.",
            "Conference call every Tuesday",
            "In person and on Zoom.",
            "Wear a pin.",
            "Please let them pass. Code of conduct applies.",
            "10:30-11:30",
            "7/13/2026-8/10/2026",
            "Not in August\n2026-09-01",
            "Call 503-555-0100",
            "$1200 a year",
        ] {
            assert!(!tells_key(text), "{text}");
        }
    }

    proptest! {
        #[test]
        fn a_word_beside_a_label_is_never_let_through(
            before in "[ a-zA-Z.,]{0,30}[ \n]",
            label in prop::sample::select(vec!["Passcode", "PASSWORD", "pwd", "Contraseña", "Mot de passe"]),
            gap in prop::sample::select(vec![" ", ": ", "=", " is ", " – ", ":\n"]),
            after in "[ .,\n]{1}[ a-zA-Z.,\n]{0,30}",
        ) {
            let note = format!("{before}{label}{gap}serenity{after}");
            prop_assert!(tells_key(&note), "{}", note);
        }

        #[test]
        fn no_text_is_too_strange(text in any::<String>()) {
            let _told = tells_key(&text);
        }
    }
}
