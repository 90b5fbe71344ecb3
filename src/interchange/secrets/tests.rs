use proptest::prelude::*;

use super::*;

fn scrub(text: &str) -> Option<String> {
    Secrets::default().scrub(text)
}

#[test]
fn lines_with_keys_are_dropped_and_the_others_stay() {
    let note = "Use the side door.\nZoom ID: 812 3456 7890\nPassword: 271828\n\nNewcomers welcome!";

    assert_eq!(scrub(note).unwrap(), "Use the side door.\n\nNewcomers welcome!");
}

#[test]
fn every_way_to_write_a_key_is_recognized() {
    for line in [
        "Meeting ID: 812 3456 7890 Password: 271828 Newcomers welcome",
        "MEETING ID 81234567890 PASSCODE 271828",
        "meeting i.d. 812-3456-7890",
        "P A S S C O D E : sober",
        "pass-code is 271828",
        "pass\u{200b}word: 271828",
        "Passwörd: 271828",
        "ＰＡＳＳＷＯＲＤ：２７１８２８",
        "Zoom: 812 3456 7890",
        "ID: 81234567890#",
        "Code: 271828",
        "Enter PIN 2718#",
        "pw 271828",
        "Dial-in: +1 503 555 0100",
        "Dial by your location",
        "One tap mobile +15035550100,,81234567890#,,,,*271828#",
        "+15035550100,,81234567890#",
        "Conference Call 503-555-0100 ID: 502934#",
        "https://us02web.zoom.us/j/81234567890?pwd=cafe",
        "Join at zoom.us/j/81234567890.",
        "Zoom:https://zoom.us/j/81234567890",
        "(https://meet.google.com/abc-defg-hij)",
        "HTTPS://ZOOM.US/J/1",
        "<a href=\"https://teams.microsoft.com/l/meetup-join/1\">join</a>",
        "Kennwort: 271828",
        "Passwort 271828",
        "Meeting-Kennung: 812 3456 7890",
        "Contraseña: 271828",
        "CONTRASEÑA 271828",
        "Clave: sobria",
        "ID de reunión: 812 3456 7890",
        "Código de acceso: 271828",
        "Mot de passe : 271828",
        "ID de réunion : 812 3456 7890",
        "Code d’accès : 271828",
        "Senha: 271828",
        "Lösenord: 271828",
        "Wachtwoord: 271828",
        "Пароль: 271828",
        "パスワード: 271828",
        "密码 271828",
    ] {
        assert_eq!(scrub(line), None, "{line}");
    }
}

#[test]
fn a_key_on_the_line_after_its_label_goes_with_it() {
    assert_eq!(
        scrub("Dial-In-passcode:\n\n271828 Business meeting\nMasks welcome").unwrap(),
        "Masks welcome"
    );
    assert_eq!(scrub("Passcode:\r\nsober\r\nUse the ramp").unwrap(), "Use the ramp");
    assert_eq!(scrub("PASSWORD\nsober\nUse the ramp").unwrap(), "Use the ramp");
    assert_eq!(scrub("271 828\n(that is the passcode, in case you need it)"), None);
    assert_eq!(scrub("Password: x<br>Use the ramp").unwrap(), "Use the ramp");
}

#[test]
fn a_pasted_invitation_leaves_nothing() {
    let invitation = "Join Zoom Meeting\nhttps://us02web.zoom.us/j/81234567890\n\n\
        Meeting ID: 812 3456 7890\nPasscode: 271828\nOne tap mobile\n\
        +13015550100,,81234567890#,,,,*271828# US (Washington DC)\n\nDial by your location\n\
        +1 301 555 0100 US (Washington DC)\n        812 3456 7890";

    assert_eq!(scrub(invitation).unwrap(), "Join Zoom Meeting");
}

#[test]
fn ordinary_remarks_stay() {
    for line in [
        "In-person and on Zoom.",
        "Zoom opens at 10:15, we start at 10:30 and end at 11:30.",
        "Enter through the blue door, Room #0651.",
        "Chips and pins for birthdays.",
        "This meeting is for those who identify as women.",
        "Call Robin at 503-555-0100 if the door is locked.",
        "Bring photo ID.",
        "Dress code: none.",
        "Please pass through the gate and turn left.",
        "We meet at evilzoom.us.example/room and nobody minds.",
        "Group resumes June 7, 2026.",
    ] {
        assert_eq!(scrub(line).as_deref(), Some(line), "{line}");
    }
}

#[test]
fn what_is_secret_elsewhere_is_secret_in_the_note() {
    let secrets =
        Secrets::of(["https://zoom.example/j/81234567890?x=Ab12Cd34", "+15035550100,,4711#"]);

    let note = "The number is 812-3456-7890.\nSay ab12cd34 at the door.\nThen 4711.\nBring tea.";

    assert_eq!(secrets.scrub(note).unwrap(), "Bring tea.");
}

#[test]
fn a_host_counts_as_a_meeting_only_as_a_whole() {
    assert!(has_known_host("https://zoom.us/j/1"));
    assert!(has_known_host("https://us02web.Zoom.us/j/1"));
    assert!(has_known_host("zoom.us"));
    assert!(!has_known_host("https://evilzoom.us/j/1"));
    assert!(!has_known_host("https://zoom.us.example/j/1"));
    assert!(!has_known_host("https://example.org/zoom.us"));
    assert!(!has_known_host("not an address"));
}

#[test]
fn a_name_with_a_word_of_a_key_is_still_a_name() {
    assert!(!holds_key("Pin Point Group"));
    assert!(!holds_key("Zoom Tuesday"));
    assert!(holds_key("Tuesday, Zoom ID 812 3456 7890"));
    assert!(holds_key("Tuesday https://zoom.us/j/1"));
    assert!(holds_key("Tuesday, passcode 271828"));
}

fn label() -> impl Strategy<Value = &'static str> {
    prop::sample::select(vec![
        "Passcode",
        "PASSWORD",
        "Meeting ID",
        "zoom id",
        "PIN",
        "Kennwort",
        "Passwort",
        "Contraseña",
        "Mot de passe",
        "Dial-In-passcode",
        "Access code",
        "pwd",
        "Clave",
        "Código",
        "Einwahl",
        "Webinar ID",
        "One tap mobile",
        "Zoom",
        "https://zoom.us/j/1?pwd=",
        "Пароль",
    ])
}

proptest! {
    #[test]
    fn a_key_beside_its_label_never_gets_through(
        before in "[ a-zA-Z.,]{0,30}\n?",
        label in label(),
        gap in prop::sample::select(vec![" ", ": ", "=", " # ", ":\n", ":\n\n", ": \r\n", " -"]),
        after in "[ .,]{1}[ a-zA-Z.,\n]{0,30}",
    ) {
        let note = format!("{before} {label}{gap}907142536{after}");

        let clean = scrub(&note).unwrap_or_default();

        prop_assert!(!clean.contains("907142536"), "{clean}");
    }

    #[test]
    fn no_text_is_too_strange(text in any::<String>(), private in any::<String>()) {
        let _cleaned = Secrets::of([private.as_str()]).scrub(&text);
        let _key = holds_key(&text);
    }
}
