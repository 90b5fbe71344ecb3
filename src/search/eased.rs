//! What to leave out of the words that somebody typed when nothing has all of them.

use std::cmp::Reverse;

use super::columns::Field;
use super::matching::Match;
use super::query::{Choice, Query, Sort};
use super::snapshot::Snapshot;
use super::words::{Part, TermNumber, Wording, is_passing};
use crate::domain::{FAMILY_AND_FRIENDS, Taxonomy, Term, said};

/// What words are worth at least in what is called by one of them, and hardly ever in anything else.
const CALLED: u32 = Part::Alias.worth();

/// So many results at most may all be there by chance.
pub const MOST_BY_CHANCE: usize = 9;

/// So many different words are weighed against each other; more than these must all occur.
const MOST: usize = 24;

impl Snapshot {
    /// Whether what was found, when it is not much, is only there by chance: the words name a topic or people,
    /// something suitable is about it or for them, and nothing of what was found is, nor is called by the words.
    /// More than [`MOST_BY_CHANCE`] are not.
    pub fn misses_the_point(&self, query: &Query) -> bool {
        let lexicon = &self.backdrop().lexicon;
        let text = query.words.as_deref().filter(|_| query.left_out.is_empty());
        let Some(words) = text.and_then(|text| Wording::read(text, lexicon)) else { return false };
        let Some(point) = self.point(query, &words) else { return false };
        if self.count_matches(&with(query, point)) > 0 {
            return false;
        }
        // All of them: however many are shown on a page, it is the same question.
        let found = Query { sort: Sort::Relevance, limit: MOST_BY_CHANCE, ..first_page(query) };
        let is_called = |found: &Match| found.is_named() || found.words() >= CALLED;
        !self.search(&found).matches.iter().any(is_called)
    }

    /// The query without those of its words for which nothing is found; `None` when that would not help.
    ///
    /// The words that tell least go first, one after the other, until something is found: those that no
    /// program has, those that people say beside what they look for ("tonight", "someone"), other words,
    /// what names whom it is for or how it works, then what names a topic, then people who come before their
    /// need ([`Term::before_need`]); of a kind, those first that most programs have. When even that finds nothing,
    /// one word alone is tried after the other, what tells most first. What was left out in vain comes back, the
    /// last first. One word at least stays, and so do phrases in quotes and what must not occur.
    ///
    /// What is found must be to the point: about one of the topics that were named, as far as something is.
    ///
    /// A topic that no program has is looked for by the wider one it belongs to, anxiety for panic attacks;
    /// so is any topic when leaving words out does not help. What is one thing stays together, or goes
    /// together: `self harm` is never looked for as `self`. A name stays longer than other words; that of a
    /// program for others than was asked for is not replaced by anything: a relaxation tells of it.
    pub fn eased(&self, query: &Query) -> Option<Query> {
        let text = query.words.as_deref().filter(|_| query.left_out.is_empty())?;
        let lexicon = &self.backdrop().lexicon;
        let whole = Wording::read(text, lexicon)?;
        if self.names_what_is_for_others(query) {
            return None;
        }
        let point = self.point(query, &whole);
        if point.is_none()
            && let Some(wider) = self.widened(query, &whole)
        {
            return Some(wider);
        }
        let mut items = whole.items();
        let stays = usize::from(!whole.has_phrases());
        if items.len() <= stays {
            return self.by_topic(query, &whole);
        }
        items.truncate(MOST);
        let mut eased = Query { left_out: Vec::new(), after: None, ..query.clone() };
        eased.choices.extend(point.clone());
        let mut is_found = |left_out: &[Vec<String>]| {
            eased.left_out = left_out.concat();
            self.count_matches(&eased) > 0
        };
        let named = |left_out: &[String]| {
            let words = Wording::read_but(text, left_out, lexicon);
            let is_to_the_point = |term: &&Term| {
                let keys = point.iter().filter(|point| point.field == Field::of(term.taxonomy));
                keys.flat_map(|point| &point.any).any(|key| *key == term.key.as_str())
            };
            let all: Vec<TermNumber> = words.iter().flat_map(Wording::terms).collect();
            let terms = all.iter().filter_map(|term| self.term_numbered(*term));
            (terms.filter(is_to_the_point).count(), all.len())
        };
        let (to_the_point, all) = named(&[]);
        items.sort_by_cached_key(|item| {
            let text = item.join(" ");
            let alone = Query { words: Some(format!("{text} ")), ..Query::all(query.now) };
            let programs = self.count_matches(&alone);
            let (still_to_the_point, still_all) = named(item);
            let tells = match programs {
                _ if still_to_the_point < to_the_point => 4,
                0 => 0,
                _ if self.is_name(&text) => 4,
                _ if item.iter().all(|word| is_passing(word)) => 1,
                _ if still_all < all => 3,
                _ => 2,
            };
            (tells, Reverse(programs))
        });
        let droppable = items.len() - stays;
        let first = (1..=droppable).map(|some| items[..some].to_vec());
        let alone = (0..items.len()).rev().map(|kept| {
            let others = items.iter().enumerate().filter(|(at, _)| *at != kept);
            others.map(|(_, item)| item.clone()).collect::<Vec<_>>()
        });
        let Some(mut left_out) = first.chain(alone).find(|left_out| is_found(left_out)) else {
            return self.by_topic(query, &whole);
        };
        for at in (0..left_out.len()).rev() {
            let mut fewer = left_out.clone();
            fewer.remove(at);
            if is_found(&fewer) {
                left_out = fewer;
            }
        }
        Some(Query { left_out: left_out.concat(), ..query.clone() })
    }

    /// What the words are about as far as something suitable is: people who come before their need, else topics.
    fn point(&self, query: &Query, words: &Wording) -> Option<Choice> {
        let named: Vec<&Term> = words.terms().filter_map(|term| self.term_numbered(term)).collect();
        let served = |field, wanted: &dyn Fn(&Term) -> bool| {
            let terms = named.iter().filter(|term| Field::of(term.taxonomy) == field);
            let any = terms.filter(|term| wanted(term)).map(|term| term.key.to_string());
            let served = |key: &String| {
                let one = choice(field, vec![key.clone()]);
                self.count_matches(&with(&Query { words: None, ..query.clone() }, one)) > 0
            };
            let any: Vec<String> = any.filter(served).collect();
            (!any.is_empty()).then(|| choice(field, any))
        };
        let people = served(Field::Audience, &|term| term.before_need);
        people.or_else(|| served(Field::Topic, &|_| true))
    }

    /// The query for a topic that was named, or what it belongs to, when something is found by that.
    fn by_topic(&self, query: &Query, words: &Wording) -> Option<Query> {
        let itself = self.topics(words).map(|term| instead(query, term));
        let mut found = itself.filter(|instead| self.count_matches(instead) > 0);
        found
            .next()
            .map(|instead| Query { after: query.after.clone(), ..instead })
            .or_else(|| self.widened(query, words))
    }

    /// The query for what a topic that was named belongs to, when something is found by that.
    fn widened(&self, query: &Query, words: &Wording) -> Option<Query> {
        let wider = self
            .topics(words)
            .filter_map(|term| self.term(Taxonomy::Topic, term.parent.as_ref()?.as_str()));
        let mut found = wider
            .map(|term| instead(query, term))
            .filter(|instead| self.count_matches(instead) > 0);
        found.next().map(|instead| Query { after: query.after.clone(), ..instead })
    }

    /// Whether words speak of somebody of the person's own, whom they support.
    pub fn speaks_of_others(&self, words: &str) -> bool {
        let Some(others) = self.backdrop().number_of(Taxonomy::Audience, FAMILY_AND_FRIENDS) else {
            return false;
        };
        let lexicon = &self.backdrop().lexicon;
        let wording = Wording::read(words, lexicon);
        wording.is_some_and(|wording| wording.terms().any(|term| lexicon.speaks_of(term, others)))
    }

    /// The topics that were named.
    fn topics<'s>(&'s self, words: &'s Wording) -> impl Iterator<Item = &'s Term> {
        let terms = words.terms().filter_map(|term| self.term_numbered(term));
        terms.filter(|term| term.taxonomy == Taxonomy::Topic)
    }

    /// Whether the words are the whole name of a program that only differs in whom it is for.
    fn names_what_is_for_others(&self, query: &Query) -> bool {
        let mut open = Query { after: None, facets: Vec::new(), limit: 1, ..query.clone() };
        open.choices.retain(|choice| choice.field != Field::For);
        open.sort = Sort::Relevance;
        open.choices.len() < query.choices.len()
            && self.search(&open).matches.first().is_some_and(Match::is_named)
    }

    /// Whether a word is the whole name of a program or its organization.
    fn is_name(&self, word: &str) -> bool {
        let wording = Wording::read(word, &self.backdrop().lexicon);
        wording.is_some_and(|wording| {
            self.parts.iter().any(|part| !part.segment.words.named(&wording).is_empty())
        })
    }

    fn term_numbered(&self, number: TermNumber) -> Option<&Term> {
        self.surroundings().terms.get(usize::from(number.0))
    }
}

/// The query for a term instead of its words, from the first page.
fn instead(query: &Query, term: &Term) -> Query {
    let instead = Some(said(&term.labels, "en").to_owned());
    Query { instead, after: None, ..query.clone() }
}

/// That a field has one of these values.
fn choice(field: Field, any: Vec<String>) -> Choice {
    Choice { field, any, all: Vec::new(), none: Vec::new() }
}

/// The first page of a query, without counts.
fn first_page(query: &Query) -> Query {
    Query { after: None, facets: Vec::new(), ..query.clone() }
}

/// A query that asks for this as well, from the first page.
fn with(query: &Query, choice: Choice) -> Query {
    let mut query = first_page(query);
    query.choices.push(choice);
    query
}
