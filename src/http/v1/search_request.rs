//! What may be asked of a search, and how it becomes a query.

use jiff::Timestamp;
use serde::Serialize;
use utoipa::{IntoParams, ToSchema};

use super::matching::Weighed;
use super::parameters::parameters;
pub(super) use super::parameters::{from_body, from_url};
use super::values::{age_of, not_found, unknown_word, word, words};
use super::when::{Listed, hour, is_recent, minute};
use crate::domain::{CountryCode, ForWhom, LanguageTag};
use crate::gazetteer::{Gazetteer, Place, Resolved};
use crate::http::problem::ApiResult;
use crate::http::raw::{Check, Raw, did_you_mean};
use crate::search::{
    Choice, Cursor, Field, MOST_BY_CHANCE, Near, Query, Radius, Snapshot, Sort, Standpoint,
};

parameters! {
    shared {
        one {
            /// Words that must all occur, typing mistakes forgiven; the last one may be the beginning of a word. `"a phrase"` must stand so, `-word` must not occur, and of two words or names with `or` or `/` between them one is enough. When nothing has all words, those that tell least are left out; `left_out` names them.
            #[param(example = "grief circle")]
            q as "q",
            /// Where the person is: `latitude,longitude` in degrees, a postal code, or a place in words.
            #[param(example = "97214")]
            near as "near",
            /// How far to look, such as `10mi` or `16km`, at most 500 km. Without it the search widens itself until it has enough, up to 160 km.
            #[param(example = "25mi")]
            radius as "radius",
            /// The country the person is in, as an ISO 3166-1 code. It settles an ambiguous place, and chooses the crisis lines of the answer when `near` is in no country or not given; it narrows nothing else.
            #[param(example = "US")]
            country as "country",
            /// Only what has a public place in this box: `west,south,east,north` in degrees; it may cross the antimeridian.
            #[param(example = "-123,45,-122,46")]
            bbox as "bbox",
            /// The age in years of the person who would take part: with `for=someone_i_support` that is who supports, not who is supported. Programs that say they do not take it are left out; under 18 only those that say they do are listed.
            #[param(value_type = Option<u32>, minimum = 0, maximum = 120, example = 34)]
            #[schema(value_type = Option<u32>, minimum = 0, maximum = 120, example = 34)]
            age as "age",
            /// Whom it is for: `self`, `someone_i_support` or `any`. Without it, `self`; or `any` when the words speak of somebody the person supports, as "my son has schizophrenia" does.
            #[param(example = "self")]
            r#for as "for",
            /// Confirmed by somebody within so many days: `90d`.
            #[param(example = "90d")]
            verified_within as "verified_within",
            /// From this time of day on, by the clock of `tz`: `17:00`. A meeting counts by its start, open hours by any moment that they are open in; times that nobody told do not count.
            #[param(example = "17:00")]
            starts_after as "starts_after",
            /// Before this time of day, by the clock of `tz`. At or before `starts_after` it is one of the day after, and `day` is the day before.
            #[param(example = "21:00")]
            starts_before as "starts_before",
            /// From now until so long from now: `90m`, `24h`, `3d`, at most `35d`. Without it a day or a time of day is looked for in the coming 35 days.
            #[param(example = "24h")]
            within as "within",
            /// `true`: a meeting in progress, or open hours, now.
            #[param(value_type = Option<bool>, example = false)]
            #[schema(value_type = Option<bool>, example = false)]
            open_now as "open_now",
            /// The zone that days and times of day are in, from the IANA database. Without it the zone of the place that `near` means, else UTC; the answer says which.
            #[param(example = "America/New_York")]
            tz as "tz",
            /// The language of labels, as a BCP 47 tag; English when there is no other.
            #[param(example = "es")]
            lang as "lang",
        }
        many {
            /// Kinds: `local_group`, `online`, `one_on_one`.
            #[param(example = json!(["local_group"]))]
            kind as "kind",
            /// How a session is attended: `in_person`, `online`, `hybrid`. A hybrid session is found by all three.
            #[param(example = json!(["online"]))]
            attendance as "attendance",
            /// Keys of the taxonomy `topic`; a wider term finds its narrower ones.
            #[param(example = json!(["grief"]))]
            topic as "topic",
            /// Topics that must all be there.
            #[param(example = json!(["depression", "addiction"]))]
            topic_all as "topic_all",
            /// Keys of the taxonomy `audience`.
            #[param(example = json!(["veterans"]))]
            audience as "audience",
            /// Audiences that must all be there.
            #[param(example = json!(["women", "veterans"]))]
            audience_all as "audience_all",
            /// Keys of the taxonomy `approach`.
            #[param(example = json!(["twelve_step"]))]
            approach as "approach",
            /// Approaches that must all be there.
            #[param(example = json!(["secular", "mutual_help"]))]
            approach_all as "approach_all",
            /// Languages spoken, as BCP 47 tags.
            #[param(example = json!(["es"]))]
            language as "language",
            /// Languages that must all be spoken.
            #[param(example = json!(["en", "es"]))]
            language_all as "language_all",
            /// What it costs: `free`, `donation`, `sliding`, `paid`.
            #[param(example = json!(["free"]))]
            cost as "cost",
            /// What it takes to come the first time: `drop_in`, `register`, `interview`, `referral`, `members`.
            #[param(example = json!(["drop_in"]))]
            access as "access",
            /// Whether there is room: `yes`, `waitlist`, `no`, `unknown`. What was known over 30 days ago is unknown.
            #[param(example = json!(["yes"]))]
            accepting as "accepting",
            /// What a session is reached by: `in_person`, `phone`, `text`, `video`, `chat`, `forum`, `email`, `web_form`.
            #[param(example = json!(["video"]))]
            channel as "channel",
            /// Days of the week on which a session takes place: `mon`, `tue`, `wed`, `thu`, `fri`, `sat`, `sun`, or their English names.
            #[param(example = json!(["tue", "thu"]))]
            day as "day",
            /// The form of help: `support_group`, `drop_in_center`, `clubhouse`, `respite_stay`, `class`, `warmline`, `forum`, `mentoring`.
            #[param(example = json!(["support_group"]))]
            form as "form",
            /// Keys of the taxonomy `accessibility`.
            #[param(example = json!(["step_free"]))]
            accessibility as "accessibility",
            /// Accessibility that must all be there.
            #[param(example = json!(["step_free", "captions"]))]
            accessibility_all as "accessibility_all",
            /// Keys of the taxonomy `activity`.
            #[param(example = json!(["art"]))]
            activity as "activity",
            /// Keys of criteria that must all be known to hold, from a public source or because a curator checked; `GET /v1/criteria` lists them.
            #[param(example = json!(["crisis_protocol"]))]
            criteria as "criteria",
            /// Known answers to the second questions of criteria, as `QUESTION:ANSWER`; `GET /v1/criteria` lists them under `secondary`. They rank nothing.
            #[param(example = json!(["identity_required:anonymous_ok", "identity_required:first_name_only"]))]
            answer as "answer",
            /// Answers that must all be known.
            #[param(example = json!(["emergency_contact_policy:only_imminent_risk"]))]
            answer_all as "answer_all",
            /// Who runs it: identities or slugs.
            #[param(example = json!(["recovery-international"]))]
            organization as "organization",
        }
    }

    /// What to search for. Every parameter is optional; together they narrow the search.
    ///
    /// Lists are separated by commas or repeated: any of them will do. A `-` before a value leaves it
    /// out. Different parameters must all hold. An unknown parameter is an error: a misspelt filter
    /// must not widen a search in silence.
    SearchRequest {
        one {
            /// The order: `relevance` (the default), `distance`, `next_meeting` (in progress first, then the soonest; then what is always open, what may take place at times that nobody told, what does not take place), `name` or `verified`.
            #[param(example = "distance")]
            sort as "sort",
            /// `true` tells every term of each score; they sum to it.
            #[param(value_type = Option<bool>, example = true)]
            #[schema(value_type = Option<bool>, example = true)]
            explain as "explain",
            /// How many results on a page, 1 to 100; 20 when not given.
            #[param(value_type = Option<u32>, minimum = 1, maximum = 100, example = 20)]
            #[schema(value_type = Option<u32>, minimum = 1, maximum = 100, example = 20)]
            limit as "limit",
            /// `next_cursor` of the page before.
            #[param(example = "AQA")]
            cursor as "cursor",
        }
        many {
            /// What to count: `kind`, `form`, `topic`, `audience`, `approach`, `accessibility`, `activity`, `language`, `cost`, `access`, `for`, `criteria`, `answer`, `attendance`, `channel`, `accepting`, `day`, `time_of_day` (`morning` from 5:00, `afternoon` from noon, `evening` from 17:00, `night` from 22:00). Counts are of what is as far as this search looked. Without a `radius`, a search with one choice more may look farther: send `place.searched_m` as `radius` (`10000m`) to stay within.
            #[param(example = json!(["topic", "cost"]))]
            facets as "facets",
        }
    }

    /// Which meetings to list: those of the programs that `GET /v1/programs` would find.
    ///
    /// Every parameter is optional; together they narrow the list. Lists are separated by commas or
    /// repeated: any of them will do. A `-` before a value leaves it out. An unknown parameter is an error.
    MeetingsRequest => SearchRequest {
        one {
            /// From then on: a day, or an instant as RFC 3339 has it, today or within the coming 35 days. Now, if it is not given.
            #[param(example = "2026-11-22")]
            from as "from",
            /// Until then: a day, which is included, or an instant, within the coming 35 days. A week later, if it is not given.
            #[param(example = "2026-11-28")]
            to as "to",
            /// How many results on a page, 1 to 100; 20 when not given.
            #[param(value_type = Option<u32>, minimum = 1, maximum = 100, example = 20)]
            #[schema(value_type = Option<u32>, minimum = 1, maximum = 100, example = 20)]
            limit as "limit",
            /// `next_cursor` of the page before.
            #[param(example = "AQA")]
            cursor as "cursor",
        }
        many {}
    }

    /// Which programs to map: those that `GET /v1/programs` would find in `bbox`, which is needed.
    ///
    /// Every other parameter but `zoom` is optional; together they narrow the map. Lists are separated by
    /// commas or repeated: any of them will do. A `-` before a value leaves it out. An unknown parameter is
    /// an error.
    MapRequest => SearchRequest {
        one {
            /// How far the map is zoomed in, 0 to 22: the world is 2 to this power tiles of 256 pixels wide.
            #[param(value_type = u32, minimum = 0, maximum = 22, example = 9)]
            #[schema(value_type = u32, minimum = 0, maximum = 22, example = 9)]
            zoom as "zoom",
        }
        many {}
    }

    /// What a person needs.
    ///
    /// Every field must hold, as in a search, but for those that `matters` names: these are weighed.
    MatchRequest => SearchRequest {
        one {
            /// What matters without being a must, and how much: keys of criteria, or names of fields of this
            /// request (`kind`, `form`, `topic`, `audience`, `approach`, `accessibility`, `activity`, `language`,
            /// `cost`, `access`), each `a_lot`, `some` or `a_little`. `times` are those that `day`, `starts_after`,
            /// `starts_before`, `within` and `open_now` ask for; `near` says how much it counts to be near: `some` is
            /// as usual.
            #[param(example = json!({"crisis_protocol": "a_lot"}))]
            #[schema(value_type = Option<Object>, example = json!({"crisis_protocol": "a_lot", "language": "some"}))]
            matters as "matters",
            /// `true` tells every term of each score; they sum to it.
            #[param(value_type = Option<bool>, example = true)]
            #[schema(value_type = Option<bool>, example = true)]
            explain as "explain",
            /// How many results on a page, 1 to 100; 20 when not given.
            #[param(value_type = Option<u32>, minimum = 1, maximum = 100, example = 20)]
            #[schema(value_type = Option<u32>, minimum = 1, maximum = 100, example = 20)]
            limit as "limit",
            /// `next_cursor` of the page before.
            #[param(example = "AQA")]
            cursor as "cursor",
        }
        many {
            /// Keys of criteria that must be known to hold, as in `criteria`; or names of fields of this request, which
            /// must hold anyway.
            #[param(example = json!(["confidentiality_policy"]))]
            must as "must",
        }
    }
}

/// A checked search, with what the answer tells besides the results.
pub(crate) struct CheckedSearch {
    /// The query.
    pub(crate) query: Query,
    /// The place that was meant, and what else the words may mean.
    pub(crate) place: Option<Resolved>,
    /// The country that the crisis lines are for: the place's, else the one that was named.
    pub(crate) country: Option<CountryCode>,
    /// The language of labels.
    pub(crate) lang: String,
    /// Whether every term of each score is told.
    pub(crate) explain: bool,
}

impl CheckedSearch {
    /// Answers by all of the words; when nothing has all of them, or a few things by chance, by those that
    /// something has.
    pub(super) fn answered<T>(
        &mut self,
        snapshot: &Snapshot,
        answer: impl Fn(&Query) -> T,
        total: impl Fn(&T) -> usize,
    ) -> T {
        let all = answer(&self.query);
        let answers = match total(&all) {
            0 => false,
            1..=MOST_BY_CHANCE => !snapshot.misses_the_point(&self.query),
            _ => true,
        };
        if answers {
            return all;
        }
        let Some(eased) = snapshot.eased(&self.query) else { return all };
        self.query = eased;
        answer(&self.query)
    }
}

impl SearchRequest {
    /// Checks every parameter and reports all that are wrong, not only the first.
    pub(super) fn check(
        self,
        check: Check,
        snapshot: &Snapshot,
        gazetteer: &Gazetteer,
        now: Timestamp,
        listed: Option<Listed>,
    ) -> ApiResult<CheckedSearch> {
        self.check_with(check, snapshot, gazetteer, now, listed, Weighed::default())
    }

    /// The same with what matters without being a must.
    pub(super) fn check_with(
        self,
        mut check: Check,
        snapshot: &Snapshot,
        gazetteer: &Gazetteer,
        now: Timestamp,
        listed: Option<Listed>,
        weighed: Weighed,
    ) -> ApiResult<CheckedSearch> {
        let mut query = Query::all(now);
        let country = self.country.as_deref().and_then(|code| {
            let code = check.take("country", code.to_ascii_uppercase().parse::<CountryCode>())?;
            let known = gazetteer.name_of(code.as_str()).is_some();
            check.take(
                "country",
                known.then_some(code).ok_or(format!("there is no country `{code}`")),
            )
        });
        let place = self.near.as_deref().and_then(|text| {
            check.take(
                "near",
                gazetteer.resolve(text, country).map_err(|missing| not_found(text, &missing)),
            )
        });
        let radius =
            self.radius.as_deref().and_then(|text| check.take("radius", text.parse::<Radius>()));
        if self.radius.is_some() && self.near.is_none() {
            check.wrong("radius", "needs `near`");
        }
        query.near = place.as_ref().map(|found| Near { place: standpoint(&found.place), radius });
        query.window = self.window(&mut check, place.as_ref().map(|found| &found.place));
        query.bounds = self.bbox.as_deref().and_then(|text| check.take("bbox", text.parse()));
        query.age = age_of(&mut check, self.age.as_deref());
        query.sort = self
            .sort
            .as_deref()
            .and_then(|text| word(&mut check, "sort", text))
            .unwrap_or(Sort::Relevance);
        query.limit = self
            .limit
            .as_deref()
            .and_then(|text| {
                let limit = text.parse().ok().filter(|limit| (1..=100).contains(limit));
                check.take("limit", limit.ok_or("must be a whole number from 1 to 100"))
            })
            .unwrap_or(20);
        weighed.weigh(&mut query, snapshot.weights());
        let explain = self.explain.as_deref().and_then(|text| {
            let explain = text.parse::<bool>().map_err(|_neither| "must be `true` or `false`");
            check.take("explain", explain)
        });
        query.verified_within = self.verified_within(&mut check);
        query.attendance = words(&mut check, "attendance", &self.attendance);
        query.channels = words(&mut check, "channel", &self.channel);
        query.accepting = words(&mut check, "accepting", &self.accepting);
        query.facets = words(&mut check, "facets", &self.facets);
        query.organizations = self.organizations(&mut check, snapshot);
        let lang =
            self.lang.as_deref().and_then(|text| check.take("lang", text.parse::<LanguageTag>()));
        let choices = self.choices(&mut check, snapshot);
        query.words = self.q.filter(|words| {
            let fits = words.chars().count() <= 200;
            if !fits {
                check.wrong("q", "must be at most 200 characters");
            }
            fits
        });
        query.choices = choices;
        query.choices.extend(for_whom(&mut check, self.r#for.as_deref(), || {
            query.words.as_deref().is_some_and(|words| snapshot.speaks_of_others(words))
        }));
        let cursor =
            self.cursor.as_deref().and_then(|text| check.take("cursor", Cursor::decode(text)));
        // An hour has the same pages and the same `ETag`, unless they depend on what time it is.
        let by_minute = listed.is_some() || query.depends_on_the_minute();
        query.clock = minute(now);
        query.now = if by_minute { query.clock } else { hour(now) };
        if let Some(cursor) = &cursor {
            query.now = cursor.now();
            if by_minute {
                query.clock = query.now;
            }
            if !is_recent(query.now, now) {
                return check.refuse("cursor", "is too old: begin again with the first page");
            }
        }
        if let Some(listed) = listed {
            query.between = listed.between(&mut check, &query);
        }
        if let Some(cursor) = cursor {
            if query.continues(&cursor) {
                query.after = Some(cursor);
            } else {
                check.wrong(
                    "cursor",
                    "belongs to another search: send the same parameters as for its page",
                );
            }
        }
        check.finish(CheckedSearch {
            query,
            country: place.as_ref().and_then(|found| found.place.country).or(country),
            place,
            lang: lang.map_or_else(|| "en".to_owned(), |tag| tag.as_str().to_owned()),
            explain: explain.unwrap_or(false),
        })
    }
}

/// Whom programs must be for; `None` for anybody.
fn for_whom(
    check: &mut Check,
    asked: Option<&str>,
    speaks_of_others: impl FnOnce() -> bool,
) -> Option<Choice> {
    let whom = match asked {
        Some("any") => None,
        Some(text) => {
            let known = text.parse::<ForWhom>();
            let known = known.map_err(|unknown| format!("{}, any", unknown_word(text, &unknown)));
            check.take("for", known)
        }
        None => (!speaks_of_others()).then_some(ForWhom::Myself),
    }?;
    let (any, all, none) = (vec![whom.as_str().to_owned()], Vec::new(), Vec::new());
    Some(Choice { field: Field::For, any, all, none })
}

/// Where a place stands for coverage.
pub(crate) fn standpoint(place: &Place) -> Standpoint {
    Standpoint {
        position: place.position,
        country: place.country,
        subdivision: place.subdivision,
        county: place.county.clone(),
        postal_code: place.postal_code.clone(),
    }
}
