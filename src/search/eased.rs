//! What to leave out of the words that somebody typed when nothing has all of them.

use std::cmp::Reverse;

use super::columns::Field;
use super::matching::Match;
use super::query::{Choice, Query, Sort};
use super::snapshot::Snapshot;
use super::words::{TermNumber, Wording, is_passing};
use crate::domain::{Taxonomy, Term, TermKey, said};

/// So many different words are weighed against each other; more than these must all occur.
const MOST: usize = 24;

impl Snapshot {
    /// The query without those of its words for which nothing is found; `None` when that would not help.
    ///
    /// The words that tell least go first, one after the other, until something is found: those that no
    /// program has, those that people say beside what they look for ("tonight", "someone"), other words,
    /// what names whom it is for or how it works, then what names a topic; of a kind, those first that most
    /// programs have. When even that finds nothing, one word alone is tried after the other, what tells most
    /// first. What was left out in vain comes back, the last first. One word at least stays, and so do phrases
    /// in quotes and what must not occur.
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
        let (served, unserved): (Vec<&Term>, Vec<&Term>) =
            self.topics(&whole).partition(|topic| self.is_served(query, topic));
        let served: Vec<&TermKey> = served.into_iter().map(|topic| &topic.key).collect();
        if served.is_empty()
            && !unserved.is_empty()
            && let Some(wider) = self.widened(query, &whole)
        {
            return Some(wider);
        }
        let mut items = whole.items();
        let stays = usize::from(!whole.has_phrases());
        if items.len() <= stays {
            return self.widened(query, &whole);
        }
        items.truncate(MOST);
        let mut eased = Query { left_out: Vec::new(), after: None, ..query.clone() };
        let mut is_found = |left_out: &[Vec<String>]| {
            eased.left_out = left_out.concat();
            self.count_matches(&eased) > 0
        };
        let terms = |left_out: &[String]| {
            let words = Wording::read_but(text, left_out, lexicon);
            let named = words.iter().flat_map(Wording::terms);
            let named = named.filter_map(|term| self.term_numbered(term));
            let is_topic = |term: &&Term| term.taxonomy == Taxonomy::Topic;
            let (topics, others): (Vec<&Term>, Vec<&Term>) = named.partition(is_topic);
            (topics.into_iter().filter(|topic| served.contains(&&topic.key)).count(), others.len())
        };
        let (topics, others) = terms(&[]);
        items.sort_by_cached_key(|item| {
            let text = item.join(" ");
            let alone = Query { words: Some(format!("{text} ")), ..Query::all(query.now) };
            let programs = self.count_matches(&alone);
            let (topics_left, others_left) = terms(item);
            let tells = match programs {
                _ if item.len() == 1 && is_passing(&text) => usize::from(programs > 0),
                _ if topics_left < topics => 4,
                0 => 0,
                _ if self.is_name(&text) => 4,
                _ if item.iter().all(|word| is_passing(word)) => 1,
                _ if others_left < others => 3,
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
            return self.widened(query, &whole);
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

    /// The query for what a topic that was named belongs to, when something is found by that.
    fn widened(&self, query: &Query, words: &Wording) -> Option<Query> {
        let wider = self
            .topics(words)
            .filter_map(|term| self.term(Taxonomy::Topic, term.parent.as_ref()?.as_str()));
        let instead = wider.map(|term| Query {
            instead: Some(said(&term.labels, "en").to_owned()),
            after: None,
            ..query.clone()
        });
        let mut found = instead.filter(|instead| self.count_matches(instead) > 0);
        found.next().map(|instead| Query { after: query.after.clone(), ..instead })
    }

    /// The topics that were named.
    fn topics<'s>(&'s self, words: &'s Wording) -> impl Iterator<Item = &'s Term> {
        let terms = words.terms().filter_map(|term| self.term_numbered(term));
        terms.filter(|term| term.taxonomy == Taxonomy::Topic)
    }

    /// Whether a program that suits otherwise has a topic.
    fn is_served(&self, query: &Query, topic: &Term) -> bool {
        let (any, all, none) = (vec![topic.key.to_string()], Vec::new(), Vec::new());
        let mut served = Query { words: None, after: None, ..query.clone() };
        served.choices.push(Choice { field: Field::Topic, any, all, none });
        self.count_matches(&served) > 0
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
