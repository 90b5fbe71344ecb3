//! Keeps the keys to people's rooms out of public text.
//!
//! Feeds put passcodes into notes, on their own line, in the middle of a sentence, in capitals, in
//! other languages, or on the line after their label. Whoever finds them can disturb a meeting,
//! so a line that may hold one is dropped whole: losing a remark is the smaller harm.

mod told;

use url::Url;

pub(super) use told::tells_key;

/// Hosts of meeting links: those of the Meeting Guide specification, and others seen in notes.
const HOSTS: &[&str] = &[
    "bluejeans.com",
    "discord.gg",
    "freeconference.com",
    "freeconferencecall.com",
    "goto.com",
    "gotomeet.me",
    "gotomeeting.com",
    "horizon.meta.com",
    "maps.secondlife.com",
    "meet.google.com",
    "meet.jit.si",
    "meetings.dialpad.com",
    "signal.group",
    "skype.com",
    "slurl.com",
    "teams.live.com",
    "teams.microsoft.com",
    "vrchat.com",
    "webex.com",
    "zoho.com",
    "zoom.us",
    "8x8.vc",
    "chat.whatsapp.com",
    "fccdl.in",
    "whereby.com",
    "zoom.com",
    "zoomgov.com",
];

/// Words that give a line away wherever they stand, even spaced out or hyphenated.
///
/// They are compared without accents, in small letters, without anything but letters and digits.
const WORDS: &[&str] = &[
    "passcode",
    "password",
    "passwort",
    "passphrase",
    "kennwort",
    "kenncode",
    "zugangscode",
    "einwahl",
    "contrasena",
    "contrasenya",
    "codigodeacceso",
    "motdepasse",
    "codedacces",
    "codigodeacesso",
    "wachtwoord",
    "toegangscode",
    "losenord",
    "adgangskode",
    "accesscode",
    "onetapmobile",
];

/// The same in other scripts.
const FOREIGN_WORDS: &[&str] = &[
    "пароль",
    "код доступа",
    "密码",
    "密碼",
    "パスワード",
    "パスコード",
    "비밀번호",
    "암호",
    "סיסמה",
    "كلمة المرور",
    "κωδικός",
];

/// Words, one after the other, that give a line away.
const PHRASES: &[&[&str]] = &[
    &["meeting", "id"],
    &["meetingid"],
    &["zoom", "id"],
    &["zoomid"],
    &["webinar", "id"],
    &["conference", "id"],
    &["conference", "call"],
    &["besprechungs", "id"],
    &["meeting", "kennung"],
    &["id", "de", "reunion"],
    &["id", "de", "la", "reunion"],
    &["meeting", "number"],
    &["dial", "in"],
    &["dialin"],
    &["dial", "by"],
    &["one", "tap"],
    &["host", "key"],
    &["pin"],
    &["pmi"],
    &["pw"],
    &["pwd"],
    &["passwd"],
    &["clave"],
    &["senha"],
    &["haslo"],
    &["parola"],
];

/// Words that give a line away together with a number of at least so many digits.
const WITH_NUMBER: &[(&str, usize)] = &[
    ("zoom", 6),
    ("skype", 6),
    ("teams", 6),
    ("webex", 6),
    ("dial", 6),
    ("id", 5),
    ("code", 3),
    ("codes", 3),
    ("codigo", 3),
    ("kode", 3),
    ("pass", 3),
];

/// What a line ends with whose value is on the next.
const ANNOUNCING: [char; 7] = [':', '=', '-', '–', '—', '#', '>'];

/// Whether an address leads straight into a meeting.
pub(super) fn is_meeting_link(address: &str) -> bool {
    let lower = address.to_ascii_lowercase();
    lower.contains("pwd=") || lower.starts_with("zoommtg:") || has_known_host(address)
}

/// Whether the address is at one of the known hosts of meetings.
///
/// The host must be the whole name or end after a dot: `evilzoom.us` is not Zoom.
pub(super) fn has_known_host(address: &str) -> bool {
    let url = if address.contains("://") {
        Url::parse(address)
    } else {
        Url::parse(&format!("https://{address}"))
    };
    let Ok(url) = url else { return false };
    url.host_str().is_some_and(|host| {
        let host = host.trim_end_matches('.');
        HOSTS.iter().any(|known| {
            host == *known || host.strip_suffix(known).is_some_and(|rest| rest.ends_with('.'))
        })
    })
}

/// Whether a short text, such as a name, holds a key and not only a word like "pin".
pub(super) fn holds_key(text: &str) -> bool {
    visible(text).lines().any(|line| {
        has_link(line) || is_one_tap(line) || tells(line) && longest_number(&plain(line)) >= 3
    })
}

/// What is known to be secret about one meeting, so that its notes can be cleared of it.
#[derive(Debug, Default)]
pub(super) struct Secrets {
    codes: Vec<String>,
}

impl Secrets {
    /// The numbers and mixed words of a meeting's private fields.
    pub(super) fn of<'a>(private: impl IntoIterator<Item = &'a str>) -> Self {
        let mut codes = Vec::new();
        for text in private {
            let text = plain(text);
            codes.extend(numbers(&text).into_iter().filter(|number| number.len() >= 4));
            let mixed = |word: &&str| {
                word.len() >= 6
                    && word.bytes().any(|b| b.is_ascii_digit())
                    && word.bytes().any(|b| b.is_ascii_alphabetic())
            };
            codes.extend(words(&text).filter(mixed).map(str::to_owned));
        }
        codes.sort_unstable();
        codes.dedup();
        Self { codes }
    }

    /// The text without the lines that may hold a key; `None` when nothing is left.
    pub(super) fn scrub(&self, text: &str) -> Option<String> {
        let text = visible(text);
        let secret = |line: &str| tells(line) || self.are_in(line);
        let wary = text.lines().any(secret);
        let mut value_follows = false;
        let mut kept: Vec<&str> = Vec::new();
        for line in text.lines().map(str::trim) {
            if line.is_empty() {
                // Blank lines keep paragraphs apart, one is enough.
                if kept.last().is_some_and(|last| !last.is_empty()) {
                    kept.push("");
                }
            } else if secret(line) {
                value_follows = is_label(line);
            } else if value_follows {
                value_follows = false;
            } else if !is_number(line, wary) {
                kept.push(line);
            }
        }
        let kept = kept.join("\n").trim().to_owned();
        if kept.is_empty() { None } else { Some(kept) }
    }

    /// Whether a line holds one of them.
    pub(super) fn are_in(&self, line: &str) -> bool {
        let plain = plain(line);
        let numbers = numbers(&plain);
        self.codes.iter().any(|code| {
            numbers.iter().any(|number| number.contains(code.as_str()))
                || words(&plain).any(|word| word == code)
        })
    }
}

/// Whether a line may hold a key to a meeting.
fn tells(line: &str) -> bool {
    let lower = line.to_lowercase();
    if FOREIGN_WORDS.iter().any(|word| lower.contains(word)) || has_link(line) || is_one_tap(line) {
        return true;
    }
    let plain = plain(line);
    let joined: String = plain.chars().filter(char::is_ascii_alphanumeric).collect();
    if WORDS.iter().any(|word| joined.contains(word)) {
        return true;
    }
    let words: Vec<&str> = words(&plain).collect();
    let number = longest_number(&plain);
    let announces = line.trim_end().ends_with(ANNOUNCING);
    PHRASES.iter().any(|phrase| words.windows(phrase.len()).any(|some| some == *phrase))
        || WITH_NUMBER
            .iter()
            .any(|(word, digits)| (number >= *digits || announces) && words.contains(word))
}

fn has_link(line: &str) -> bool {
    let ends = |c: char| {
        c.is_whitespace() || matches!(c, '"' | '\'' | '<' | '>' | '(' | ')' | '[' | ']' | ',' | ';')
    };
    line.split(ends).any(|word| {
        let word = word.trim_matches(|c: char| !c.is_alphanumeric());
        // "Zoom:https://…" is one word, and so is "link:zoom.us/j/1".
        let address = word.find("http").map_or(word, |at| &word[at..]);
        let after_colon =
            word.rsplit_once(':').map_or("", |(_, rest)| rest.trim_start_matches('/'));
        [address, after_colon].iter().any(|part| part.contains('.') && is_meeting_link(part))
    })
}

/// Whether a line holds a number to be dialed with its codes: `+15035550100,,812345#`.
fn is_one_tap(line: &str) -> bool {
    let plain = plain(line);
    let has_number = longest_number(&plain) >= 4;
    let hash = plain
        .match_indices('#')
        .any(|(at, _)| plain[..at].bytes().rev().take_while(u8::is_ascii_digit).count() >= 4);
    has_number && (plain.contains(",,") || hash)
}

/// Whether the line is only the name of a key, so that the key is on the next line.
fn is_label(line: &str) -> bool {
    let plain = plain(line);
    let short = words(&plain).count() <= 4 && longest_number(&plain) == 0;
    let denies = words(&plain).next() == Some("no");
    let told = line.rsplit_once([':', '=']).is_some_and(|(_, value)| !value.trim().is_empty());
    line.ends_with(ANNOUNCING) || short && !denies && !told
}

/// Whether a line is a number without a word; among secret lines, any with a number to dial.
fn is_number(line: &str, wary: bool) -> bool {
    let plain = plain(line);
    let bare = !plain.bytes().any(|b| b.is_ascii_alphabetic());
    let number = longest_number(&plain);
    bare && number >= 4 || wary && (number >= 6 || bare && number >= 3)
}

/// The text without characters that cannot be seen and with HTML's line breaks as line breaks.
fn visible(text: &str) -> String {
    let invisible = |c: char| matches!(c, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2064}' | '\u{feff}');
    let text: String = text
        .chars()
        .filter(|&c| !invisible(c))
        .map(|c| {
            if matches!(c, '\r' | '\u{b}' | '\u{c}' | '\u{85}' | '\u{2028}' | '\u{2029}') {
                '\n'
            } else {
                c
            }
        })
        .collect();
    ["<br>", "<br/>", "<br />", "<BR>"].iter().fold(text, |text, tag| text.replace(tag, "\n"))
}

/// Small letters without accents; other scripts and other digits in Latin ones.
fn plain(text: &str) -> String {
    let text = deunicode::deunicode(&visible(text)).to_ascii_lowercase();
    text.replace("i.d.", "id ").replace("p.i.n.", "pin ")
}

/// The words of a plain text; `I.D.` is one word.
fn words(plain: &str) -> impl Iterator<Item = &str> {
    plain.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty())
}

/// The numbers of a plain text; digits with one space, hyphen, dot or bracket between belong together.
fn numbers(plain: &str) -> Vec<String> {
    let mut numbers = vec![String::new()];
    let mut gap = 0;
    for c in plain.chars() {
        if c.is_ascii_digit() {
            if gap > 2 {
                numbers.push(String::new());
            }
            gap = 0;
            if let Some(last) = numbers.last_mut() {
                last.push(c);
            }
        } else {
            gap += if matches!(c, ' ' | '-' | '.' | '(' | ')' | '/') { 1 } else { 3 };
        }
    }
    numbers.retain(|number| !number.is_empty());
    numbers
}

fn longest_number(plain: &str) -> usize {
    numbers(plain).iter().map(String::len).max().unwrap_or(0)
}

#[cfg(test)]
mod tests;
