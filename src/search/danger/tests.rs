//! What is heard as danger, and what is not.

use super::*;

fn check(wanted: Option<Danger>, texts: &[&str]) {
    let wrong: Vec<_> = texts
        .iter()
        .map(|text| (*text, danger(text)))
        .filter(|(_, found)| *found != wanted)
        .collect();
    assert!(wrong.is_empty(), "{wrong:?}, not {wanted:?}");
}

#[test]
fn who_may_die_by_their_own_hand_is_heard() {
    check(
        Some(Danger::Suicide),
        &[
            "everyone hates me i should just die",
            "no one would care if i died",
            "would anyone miss me if i disappeared",
            "i want to disappear",
            "i wanna unalive",
            "cutting again cant stop",
            "no quiero estar aquí",
            "ya no aguanto",
            "no aguanto mas mi vida",
            "I want to die",
            "i wnat to die",
            "i want to dei",
            "wanna die",
            "want 2 die",
            "suicide",
            "suicidal",
            "suicde",
            "siucide",
            "suicidel thoughts",
            "sucidal",
            "kill myself",
            "killing myself tonight",
            "how do i kil myself",
            "kill my self help",
            "end it all",
            "i want to end my life",
            "ending it tonight",
            "no reason to live",
            "don't want to live",
            "I don’t want to be here anymore",
            "dont wanna be alive",
            "better off dead",
            "i wish i was dead",
            "i wish i were never born",
            "painless way to die",
            "how many pills to die",
            "jump off a bridge",
            "i cant go on",
            "can't take this anymore",
            "cutting myself",
            "kms",
            "suicide attempt survivors",
            "suicidal thoughts group",
            "suicide prevention",
            "NO QUIERO VIVIR",
            "quiero morir",
            "me quiero matar",
            "quiero suicidarme",
            "no quiero seguir viviendo",
            "pensamientos suicidas",
            "quitarme la vida",
            "quieor morir",
            "ya no puedo más",
            "my son died by suicide and now I want to die",
            "my son wants to kill himself",
            "she is going to kill herself",
            "mi hijo se quiere matar",
            "mi amiga quiere morir",
            "want to fucking die",
            "i wish i could die",
            "hope i die",
            "feel like dying",
            "thinking about ending things",
            "je veux mourir",
            "j'ai envie de me tuer",
            "plus envie, je vais me pendre",
            "want ro die",
            "wantto die",
            "quiero dejar de vivir",
            "nobody would miss me",
            "everyone would be better off",
            "i want to end things",
            "what is the point of living",
            "whats the point of being alive",
            "i give up on life",
            "i hate my life",
            "i want to sleep and not wake up",
            "slit wrists",
            "iwanttodie",
            "selfharm",
            "self harm",
            "intrusive thoughts of killing myself",
            "i dont want to live with this pain",
            "i almost committed suicide",
            "he wants to commit suicide",
        ],
    );
}

#[test]
fn an_overdose_is_heard() {
    check(
        Some(Danger::Overdose),
        &[
            "my friend wont wake up she drank too much",
            "se tomo un frasco de pastillas",
            "overdose",
            "overdosed",
            "i overdosed on pills",
            "overdosing",
            "ovredose",
            "my friend is not breathing",
            "took too many pills",
            "I took all my meds",
            "she swallowed a whole bottle of pills",
            "i swallowed a bottle of pills",
            "sobredosis",
            "tomé muchas pastillas",
            "my son overdosed",
            "i think hes dead he overdosed",
        ],
    );
}

#[test]
fn who_is_hurt_or_threatened_is_heard() {
    check(
        Some(Danger::Violence),
        &[
            "he has a gun",
            "raped last night",
            "my ex is stalking me",
            "scared for my life",
            "he will kill me",
            "hes going to kill me",
            "my husband hits me",
            "he wil kil me",
            "my boyfriend choked me",
            "my dad beats me",
            "he is beating me",
            "I was raped",
            "scared of my husband",
            "my husbend hits me",
            "not safe at home",
            "he threatened to kill me",
            "me va a matar",
            "mi marido me quiere matar",
            "he'll kill me",
            "my stepdad touches me",
            "mi marido me pega",
            "raped",
            "being abused by my husband",
            "my husband is abusive",
            "my boyfriend is getting violent",
            "hit by my wife",
            "abusive boyfriend",
            "he beats me at home",
            "mi esposo me golpea",
            "tengo miedo de mi pareja",
        ],
    );
}

#[test]
fn who_may_hurt_others_or_asks_for_help_at_once_is_heard() {
    check(
        Some(Danger::HarmToOthers),
        &[
            "the voices tell me to hurt my baby",
            "hearing voices telling me to kill",
            "I want to kill someone",
            "thoughts of hurting my baby",
            "i might hurt somebody",
        ],
    );
    check(
        Some(Danger::Crisis),
        &[
            "in crisis now",
            "crisis line",
            "988",
            "i need help now",
            "necesito ayuda urgente",
            "i'm in danger",
            "I'm in immediate danger",
            "i am in danger",
            "i'm not safe",
            "i do not feel safe",
        ],
    );
}

#[test]
fn who_searches_for_something_else_is_left_alone() {
    check(
        None,
        &[
            "suicide loss support",
            "suicide bereavement group",
            "survivors of suicide loss",
            "lost my son to suicide",
            "loss to suicide",
            "bereaved by suicide",
            "overdose loss",
            "grief after overdose",
            "lost my brother to an overdose",
            "overdose prevention training",
            "my husband died by suicide",
            "friend killed himself grief group",
            "duelo por suicidio",
            "sobrevivientes de suicidio",
            "alternatives to suicide",
            "die bewegung",
            "killing time",
            "dying parent group",
            "death cafe",
            "end of life",
            "grief group near me",
            "depression",
            "anxiety support",
            "hearing voices",
            "veteran ptsd one to one",
            "grupo de depresión en español",
            "want to dance",
            "life changes",
            "deaf and hard of hearing",
            "want to knit",
            "domestic violence survivors",
            "women only",
            "alcoholics anonymous",
            "end stigma",
            "my husband has depression",
            "living with bipolar",
            "no camera",
            "drop in",
            "he helps me",
            "jump start your recovery",
            "cancer diagnosis",
            "art of living",
            "parents of adult children",
            "kids who lost a parent",
            "wellness and life skills",
            "overdone it at work",
            "needle exchange",
            "hospice volunteers",
            "pet loss",
            "",
            "!!",
            "vivir con ansiedad",
            "quiero hablar con alguien",
            "mi vida nueva",
            "padres en duelo",
            "I want to live",
            "want to live better",
            "gun violence survivors",
            "i want to diet",
            "i cant take this medication anymore",
            "cant go on dates",
            "scared of my life changing",
            "mothers of suicide victims",
            "my husband took his own life",
            "my kid wont wake up for school",
            "hearing voices group",
            "homicide loss",
            "mi hermano se suicidó",
            "me cortaron el pelo",
            "overdoing it",
            "suicide prevention training",
            "dying to meet people",
            "this song touches me",
            "help me suicide loss",
            "finir avec la cigarette",
            "i could do with a friend",
            "my husband committed suicide",
            "my son commited suicide",
            "anniversary of my sons suicide",
            "my dad hung himself",
            "my son overdosed and died",
            "my brother od'd and passed away",
            "intrusive thoughts about hurting my baby",
            "intrusive thoughts of harming my baby ocd",
            "harm ocd",
            "i dont want to live with my parents",
            "dont want to live alone",
            "he beats me at chess",
            "i want to end things with my boyfriend",
            "rapid cycling bipolar",
            "self management",
            "self help group",
        ],
    );
}

/// In French, German, Dutch and Portuguese, with what must be left alone in each.
#[test]
fn other_languages_are_heard() {
    let examples: HashMap<String, Vec<String>> =
        serde_json::from_str(include_str!("../../../tests/fixtures/danger.json")).unwrap();
    for (wanted, texts) in &examples {
        let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
        check(wanted.parse().ok(), &texts);
    }
    assert_eq!(examples.len(), Danger::ALL.len() + 1);
}

#[test]
fn every_phrase_can_be_read() {
    let data: Data = serde_json::from_str(include_str!("../../../seed-data/danger.json")).unwrap();
    let phrases = Phrases::new(&data);
    for (danger, phrase) in &phrases.danger.rows {
        let must = |slot: &Slot| matches!(slot, Slot::Word { may_miss: false, .. });
        assert!(phrase.iter().any(must), "{danger} {phrase:?}");
        assert!(!matches!(phrase[0], Slot::Gap(_)), "{danger} {phrase:?}");
    }
    for (word, _) in &phrases.words {
        assert_eq!(fold(word), *word);
    }
    assert_eq!(data.danger.len(), Danger::ALL.len());
}
