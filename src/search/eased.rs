//! What to leave out of the words that somebody typed when nothing has all of them.

use std::cmp::Reverse;

use super::query::Query;
use super::snapshot::Snapshot;
use super::words::{TermNumber, Wording, is_passing};
use crate::domain::{Taxonomy, Term, said};

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
    /// When nothing is left that would help, a topic that was named is looked for by the wider one it belongs
    /// to: anxiety for panic attacks.
    pub fn eased(&self, query: &Query) -> Option<Query> {
        let text = query.words.as_deref().filter(|_| query.left_out.is_empty())?;
        let lexicon = &self.backdrop().lexicon;
        let whole = Wording::read(text, lexicon)?;
        let mut words = whole.plain_words();
        let stays = usize::from(!whole.has_phrases());
        if words.len() <= stays {
            return self.widened(query, &whole);
        }
        words.truncate(MOST);
        let mut eased = Query { left_out: Vec::new(), after: None, ..query.clone() };
        let mut is_found = |left_out: &[String]| {
            left_out.clone_into(&mut eased.left_out);
            self.count_matches(&eased) > 0
        };
        let terms = |left_out: &[String]| {
            let words = Wording::read_but(text, left_out, lexicon);
            let named = words.iter().flat_map(Wording::terms);
            let named = named.filter_map(|term| self.term_numbered(term));
            let is_topic = |term: &&Term| term.taxonomy == Taxonomy::Topic;
            let (topics, others): (Vec<&Term>, Vec<&Term>) = named.partition(is_topic);
            (topics.len(), others.len())
        };
        let (topics, others) = terms(&[]);
        words.sort_by_cached_key(|word| {
            let alone = Query { words: Some(format!("{word} ")), ..Query::all(query.now) };
            let programs = self.count_matches(&alone);
            let (topics_left, others_left) = terms(std::slice::from_ref(word));
            let tells = match programs {
                0 => 0,
                _ if topics_left < topics => 4,
                _ if is_passing(word) => 1,
                _ if others_left < others => 3,
                _ => 2,
            };
            (tells, Reverse(programs))
        });
        let droppable = words.len() - stays;
        let first = (1..=droppable).map(|some| words[..some].to_vec());
        let alone = (0..words.len()).rev().map(|kept| {
            let others = words.iter().enumerate().filter(|(at, _)| *at != kept);
            others.map(|(_, word)| word.clone()).collect::<Vec<String>>()
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
        Some(Query { left_out, ..query.clone() })
    }

    /// The query for what a topic that was named belongs to, when something is found by that.
    fn widened(&self, query: &Query, words: &Wording) -> Option<Query> {
        let topics = words.terms().filter_map(|term| self.term_numbered(term));
        let topics = topics.filter(|term| term.taxonomy == Taxonomy::Topic);
        let wider =
            topics.filter_map(|term| self.term(Taxonomy::Topic, term.parent.as_ref()?.as_str()));
        let instead = wider.map(|term| Query {
            instead: Some(said(&term.labels, "en").to_owned()),
            after: None,
            ..query.clone()
        });
        let mut found = instead.filter(|instead| self.count_matches(instead) > 0);
        found.next().map(|instead| Query { after: query.after.clone(), ..instead })
    }

    fn term_numbered(&self, number: TermNumber) -> Option<&Term> {
        self.surroundings().terms.get(usize::from(number.0))
    }
}
