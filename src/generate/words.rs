//! The words that names, sentences and addresses are made of.

use fastrand::Rng;

/// One of many, each as likely as the others.
pub(super) fn any<T: Copy>(of: &[T], random: &mut Rng) -> T {
    of[random.usize(..of.len())]
}

/// One of many, the first the likeliest: each about as likely as its place is near the front.
pub(super) fn skewed<T: Copy>(of: &[T], random: &mut Rng) -> T {
    of[skewed_index(of.len(), random)]
}

/// The place of [`skewed`] in a list of so many: near to Zipf's law, for the price of a power.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    clippy::cast_precision_loss,
    reason = "lists are short, and the power is between 1 and their length"
)]
pub(super) fn skewed_index(len: usize, random: &mut Rng) -> usize {
    (((len + 1) as f64).powf(random.f64()) as usize - 1).min(len - 1)
}

/// A topic: its key, how names tell it, and how people with it are told.
#[derive(Debug, Clone, Copy)]
pub(super) struct Topic {
    pub(super) key: &'static str,
    pub(super) title: &'static str,
    pub(super) living: &'static str,
}

const fn topic(key: &'static str, title: &'static str, living: &'static str) -> Topic {
    Topic { key, title, living }
}

/// Topics, the commonest first.
pub(super) const TOPICS: [Topic; 41] = [
    topic("mental_health", "Mental Health", "living with a mental health condition"),
    topic("depression", "Depression", "living with depression"),
    topic("anxiety", "Anxiety", "living with anxiety"),
    topic("grief", "Grief", "grieving someone close"),
    topic("addiction", "Recovery", "in recovery from addiction"),
    topic("bipolar", "Bipolar", "living with bipolar"),
    topic("trauma", "Trauma", "living with the effects of trauma"),
    topic("loneliness", "Connection", "who feel alone"),
    topic("alcohol", "Sober Living", "who want to stop drinking"),
    topic("stress", "Stress", "under a lot of stress"),
    topic("ptsd", "PTSD", "living with PTSD"),
    topic("suicide_loss", "Suicide Loss", "who lost someone to suicide"),
    topic("emotional_wellbeing", "Wellbeing", "looking after their emotional wellbeing"),
    topic("perinatal", "Perinatal", "expecting or caring for a new baby"),
    topic("adhd", "ADHD", "living with ADHD"),
    topic("eating_disorders", "Eating Disorder", "recovering from an eating disorder"),
    topic("ocd", "OCD", "living with OCD"),
    topic("self_management", "Self-Management", "learning to manage their own health"),
    topic("co_occurring", "Dual Recovery", "with both a mental health condition and an addiction"),
    topic("hearing_voices", "Hearing Voices", "who hear voices"),
    topic("autism", "Autistic Peers", "who are autistic"),
    topic("drugs", "Drug Recovery", "who want to stop using drugs"),
    topic("psychosis", "Psychosis", "with unusual experiences"),
    topic("life_change", "Life Changes", "going through a big change"),
    topic("suicidal_thoughts", "Staying", "with thoughts of suicide"),
    topic("panic", "Panic", "who have panic attacks"),
    topic("social_anxiety", "Social Anxiety", "living with social anxiety"),
    topic(
        "someone_elses_drinking",
        "Someone Else's Drinking",
        "affected by someone else's drinking",
    ),
    topic("borderline_personality", "Borderline", "with a borderline personality diagnosis"),
    topic("pregnancy_loss", "Pregnancy Loss", "after the loss of a pregnancy"),
    topic("schizophrenia", "Schizophrenia", "living with schizophrenia"),
    topic("child_loss", "Bereaved Parents", "after the loss of a child"),
    topic("work", "Work and Wellbeing", "finding or keeping work"),
    topic("gambling", "Gambling", "who want to stop gambling"),
    topic("serious_mental_illness", "Recovery Together", "living with a serious mental illness"),
    topic("self_harm", "Self-Harm", "who have hurt themselves"),
    topic("school", "Campus", "under strain at school or college"),
    topic("stigma", "Speaking Up", "tired of stigma"),
    topic("racism", "Racial Stress", "carrying the weight of racism"),
    topic("dissociation", "Dissociation", "who dissociate"),
    topic(
        "crisis_alternative",
        "Crisis Alternative",
        "looking for another place than the hospital",
    ),
];

/// Topics of programs for children.
pub(super) const TOPICS_OF_CHILDREN: [Topic; 6] = [
    topic("grief", "Grief", "grieving someone close"),
    topic("anxiety", "Worry", "who worry a lot"),
    topic("emotional_wellbeing", "Feelings", "learning about their feelings"),
    topic("adhd", "ADHD", "living with ADHD"),
    topic("autism", "Autistic Peers", "who are autistic"),
    topic("loneliness", "Friendship", "who feel alone"),
];

/// Topics in other languages: key, Spanish, French, German.
pub(super) const FOREIGN_TOPICS: [(&str, [&str; 3]); 12] = [
    ("mental_health", ["salud mental", "santé mentale", "Seelische Gesundheit"]),
    ("depression", ["depresión", "dépression", "Depression"]),
    ("anxiety", ["ansiedad", "anxiété", "Angst"]),
    ("grief", ["duelo", "deuil", "Trauer"]),
    ("addiction", ["recuperación", "dépendances", "Sucht"]),
    ("bipolar", ["bipolar", "bipolarité", "Bipolar"]),
    ("trauma", ["trauma", "traumatismes", "Trauma"]),
    ("loneliness", ["soledad", "solitude", "Einsamkeit"]),
    ("alcohol", ["alcohol", "alcool", "Alkohol"]),
    ("stress", ["estrés", "stress", "Stress"]),
    ("hearing_voices", ["escuchar voces", "entendeurs de voix", "Stimmenhören"]),
    ("psychosis", ["psicosis", "psychose", "Psychose"]),
];

/// An audience: its key, how names tell it, and its people.
pub(super) type Audience = (&'static str, &'static str, &'static str);

/// Audiences, the commonest first; those that are an age or family come from elsewhere.
pub(super) const AUDIENCES: [Audience; 25] = [
    ("adults", "Adult", "adults"),
    ("women", "Women's", "women"),
    ("veterans", "Veterans'", "veterans"),
    ("lgbtq", "LGBTQ+", "LGBTQ+ people"),
    ("parents", "Parents'", "parents"),
    ("men", "Men's", "men"),
    ("students", "Student", "students"),
    ("new_parents", "New Parents'", "new parents"),
    ("black", "Black Wellness", "Black people"),
    ("latino", "Latino", "Latino and Hispanic people"),
    ("transgender", "Trans and Nonbinary", "transgender and nonbinary people"),
    ("people_of_color", "BIPOC", "people of color"),
    ("rural", "Rural", "people in rural areas"),
    ("first_responders", "First Responders'", "first responders"),
    ("health_workers", "Health Workers'", "health and care workers"),
    ("disabled", "Disabled Peers'", "disabled people"),
    ("immigrants", "Newcomers'", "immigrants and refugees"),
    ("indigenous", "Indigenous", "Indigenous people"),
    ("asian", "Asian and Pacific", "Asian and Pacific Islander people"),
    ("military", "Military", "service members"),
    ("christian", "Christian", "Christian people"),
    ("justice_involved", "Reentry", "people who have been in prison"),
    ("homeless", "Open Door", "people without a home"),
    ("deaf", "Deaf", "Deaf and hard of hearing people"),
    ("muslim", "Muslim", "Muslim people"),
];

pub(super) const APPROACHES: [&str; 13] = [
    "mutual_help",
    "mindfulness",
    "psychoeducation",
    "wrap",
    "cbt_tools",
    "intentional_peer_support",
    "secular",
    "drop_in_listening",
    "recovery_education",
    "arts_based",
    "christian_based",
    "buddhist",
    "hearing_voices_approach",
];

pub(super) const ACCESS_IN_PERSON: [&str; 7] = [
    "step_free",
    "quiet_space",
    "transport",
    "child_care",
    "hearing_loop",
    "interpreters",
    "sign_language",
];
pub(super) const ACCESS_ONLINE: [&str; 5] =
    ["captions", "phone_only", "text_only", "sign_language", "interpreters"];

pub(super) const ACTIVITIES: [&str; 12] = [
    "walking",
    "art",
    "crafts",
    "music",
    "writing",
    "cooking",
    "gardening",
    "games",
    "movement",
    "reading",
    "outings",
    "sports",
];

/// First halves of invented names.
pub(super) const ADJECTIVES: [&str; 64] = [
    "Amber", "Blue", "Bright", "Calm", "Cedar", "Clear", "Copper", "Coral", "Crescent", "Dawn",
    "Deep", "Early", "East", "Elder", "Ember", "Even", "Fair", "Fern", "First", "Gentle", "Golden",
    "Good", "Gray", "Green", "Harbor", "Hazel", "High", "Hollow", "Indigo", "Ivory", "Juniper",
    "Kind", "Larch", "Lavender", "Little", "Long", "Maple", "Marigold", "Meadow", "Mellow",
    "Misty", "Moss", "New", "North", "Open", "Patient", "Quiet", "Red", "River", "Rowan",
    "Saffron", "Second", "Silver", "Slow", "Small", "South", "Steady", "Still", "Summer", "Tall",
    "Violet", "Warm", "West", "Willow",
];

/// Second halves of invented names.
pub(super) const NOUNS: [&str; 64] = [
    "Acorn", "Anchor", "Ash", "Bay", "Beacon", "Bell", "Bench", "Birch", "Boat", "Branch",
    "Bridge", "Brook", "Candle", "Circle", "Clover", "Compass", "Cove", "Creek", "Crossing",
    "Door", "Feather", "Field", "Finch", "Garden", "Gate", "Glade", "Ground", "Grove", "Hearth",
    "Heron", "Hill", "Island", "Kettle", "Kite", "Ladder", "Lantern", "Lark", "Leaf", "Light",
    "Meadow", "Mill", "Moon", "Nest", "Oak", "Orchard", "Path", "Pebble", "Pine", "Porch", "Quilt",
    "Rain", "Reed", "Ridge", "Robin", "Shore", "Sparrow", "Spring", "Stone", "Stream", "Table",
    "Thread", "Tide", "Valley", "Window",
];

pub(super) const ORGANIZATIONS: [&str; 16] = [
    "Peers",
    "Peer Support",
    "Peer Network",
    "Peer Alliance",
    "Peer Collective",
    "Peer Center",
    "Peer Project",
    "Mutual Aid",
    "Recovery Peers",
    "Wellness Peers",
    "Peer Support Association",
    "Friends in Recovery",
    "Peer Exchange",
    "Peer Voices",
    "Support Circle",
    "Peer Community",
];

pub(super) const GROUPS: [&str; 10] = [
    "Group",
    "Support Group",
    "Circle",
    "Peer Group",
    "Meeting",
    "Peer Circle",
    "Gathering",
    "Table",
    "Hour",
    "Conversation",
];

pub(super) const VENUES: [&str; 12] = [
    "Library",
    "Community Center",
    "Church Hall",
    "Hall",
    "Health Center",
    "Family Center",
    "Arts House",
    "Meeting House",
    "Parish Rooms",
    "Learning Center",
    "Wellness Center",
    "Neighborhood House",
];

pub(super) const STREETS: [&str; 20] = [
    "Elm", "Oak", "Church", "Park", "Mill", "Station", "Maple", "High", "River", "Chapel", "Cedar",
    "School", "Market", "Victoria", "Hill", "Garden", "Bridge", "Spring", "Orchard", "Union",
];
pub(super) const WAYS: [&str; 6] = ["Street", "Road", "Avenue", "Lane", "Way", "Drive"];

pub(super) const ROOMS: [&str; 8] = [
    "Upstairs, room 2; there is a lift.",
    "Use the side door and follow the signs.",
    "The room behind the front desk. Free parking after 17:00.",
    "Ring the bell marked Peers.",
    "Ground floor, at the end of the corridor.",
    "The bus stops in front; parking is in the back.",
    "Room 12. Somebody waits at the door ten minutes before.",
    "Across the courtyard, the green door.",
];

pub(super) const WEEKDAYS: [&str; 7] =
    ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"];

/// How a summary begins; `{}` is who it is for.
pub(super) const OPENINGS: [(&str, &str); 8] = [
    ("A place for ", " to talk and be heard."),
    ("For ", ", led by people who have been there."),
    ("Here ", " meet others who know what it is like."),
    ("Peer support for ", ", at your own pace."),
    ("Made by and for ", "."),
    ("A small circle of ", "; nobody has to speak."),
    ("An hour or so among ", ", with time for everyone who wants it."),
    ("Support between equals for ", "."),
];
pub(super) const ONE_ON_ONE_OPENINGS: [(&str, &str); 6] = [
    ("A trained peer listens to ", ", one at a time."),
    ("One person who has been there walks beside ", "."),
    ("A conversation between two for ", ", not only in a crisis."),
    ("Somebody to talk to for ", ", without judgment."),
    ("Peers who have been there make time for ", "."),
    ("One-on-one peer support for ", ", for as long as it helps."),
];
pub(super) const CLOSINGS: [&str; 12] = [
    "What is said here stays here.",
    "You may just listen.",
    "Bring a friend if that makes it easier.",
    "No diagnosis is needed.",
    "People at every stage are welcome.",
    "There is a short check-in, then open talk.",
    "We share what helps and what does not.",
    "First names are enough.",
    "Come as you are.",
    "We begin on time and end with something good.",
    "Two facilitators are there each time.",
    "Nobody gives advice unless you ask for it.",
];
pub(super) const DESCRIPTIONS: [&str; 14] = [
    "Each meeting begins with a reading of the ground rules and a round in which everyone says how they are.",
    "After a short break we take up one subject that people brought along.",
    "There is no fixed program: those who are there decide what to talk about.",
    "Newcomers get a call or a message before the first time, so that there is a face they know.",
    "It does not replace treatment and takes no side for or against medication.",
    "Many of those who come have been coming for years; others come once and return when they need to.",
    "Once a season there is a potluck, a walk or an afternoon in the park.",
    "Facilitators stay for a while afterwards for anyone who does not want to go home right away.",
    "If somebody is in danger, a facilitator steps out with them and helps to find the right line to call.",
    "There are usually between six and fourteen people.",
    "Every month has a theme, such as sleep, work, family or asking for help.",
    "People may come late, leave early and turn down any question.",
    "A small library of books and worksheets can be borrowed.",
    "Twice a year those who come regularly decide together how to go on.",
];
pub(super) const FACILITATION: [&str; 10] = [
    "Led by two volunteers with their own experience, after a weekend of training.",
    "Certified peer specialists lead in turns and meet for supervision every month.",
    "Members take turns; a coordinator is there for questions.",
    "A trained peer facilitator, with a second one for those who need a break.",
    "Peers who completed a course of 40 hours, supervised by a senior peer.",
    "Volunteers who came as participants first and stayed.",
    "A peer and a counselor lead it together.",
    "Paid peer supporters with state certification.",
    "Led by a founding member; helpers are trained each spring.",
    "Two members at a time, prepared in four evenings.",
];
pub(super) const NOTES: [&str; 6] = [
    "Weekly on a weekday evening; ask for the day.",
    "Twice a month; the dates are on the website.",
    "Usually the first week of the month; call to be sure.",
    "The times change with the season; write for the next date.",
    "Every other week in the afternoon; dates by e-mail.",
    "Monthly, announced two weeks before.",
];
pub(super) const MATCH_BASIS: [&str; 5] = [
    "A similar experience and, when possible, a similar age.",
    "Shared diagnosis and language.",
    "What you want to work on; you may ask for a man or a woman.",
    "Where you live and when you have time.",
    "A first talk with the coordinator.",
];
pub(super) const MATCH_LENGTHS: [&str; 4] =
    ["Three to six months.", "Twelve weeks.", "Up to a year.", "As long as both want."];
pub(super) const MATCH_FREQUENCIES: [&str; 4] = [
    "Once a week for an hour.",
    "Every two weeks.",
    "As the two agree.",
    "Two short calls a week.",
];
pub(super) const WARNINGS: [&str; 4] = [
    "We are not sure that this still runs. Look at its website before you go.",
    "The room changes now and then; ask before you go.",
    "There is a wait for new people at times.",
    "The times were last confirmed in spring.",
];

/// An area code for phone numbers that are kept for fiction, by state or province.
pub(super) const AREA_CODES: [(&str, &str); 61] = [
    ("US-AL", "205"),
    ("US-AK", "907"),
    ("US-AZ", "602"),
    ("US-AR", "501"),
    ("US-CA", "415"),
    ("US-CO", "303"),
    ("US-CT", "203"),
    ("US-DC", "202"),
    ("US-DE", "302"),
    ("US-FL", "305"),
    ("US-GA", "404"),
    ("US-HI", "808"),
    ("US-IA", "515"),
    ("US-ID", "208"),
    ("US-IL", "312"),
    ("US-IN", "317"),
    ("US-KS", "316"),
    ("US-KY", "502"),
    ("US-LA", "504"),
    ("US-MA", "617"),
    ("US-MD", "410"),
    ("US-ME", "207"),
    ("US-MI", "313"),
    ("US-MN", "612"),
    ("US-MO", "314"),
    ("US-MS", "601"),
    ("US-MT", "406"),
    ("US-NC", "704"),
    ("US-ND", "701"),
    ("US-NE", "402"),
    ("US-NH", "603"),
    ("US-NJ", "201"),
    ("US-NM", "505"),
    ("US-NV", "702"),
    ("US-NY", "212"),
    ("US-OH", "216"),
    ("US-OK", "405"),
    ("US-OR", "503"),
    ("US-PA", "215"),
    ("US-RI", "401"),
    ("US-SC", "803"),
    ("US-SD", "605"),
    ("US-TN", "615"),
    ("US-TX", "512"),
    ("US-UT", "801"),
    ("US-VA", "804"),
    ("US-VT", "802"),
    ("US-WA", "206"),
    ("US-WI", "414"),
    ("US-WV", "304"),
    ("US-WY", "307"),
    ("CA-AB", "403"),
    ("CA-BC", "604"),
    ("CA-MB", "204"),
    ("CA-NB", "506"),
    ("CA-NL", "709"),
    ("CA-NS", "902"),
    ("CA-ON", "416"),
    ("CA-PE", "782"),
    ("CA-QC", "514"),
    ("CA-SK", "306"),
];
