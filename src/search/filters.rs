//! Which programs pass what is asked of them, and which offers what is asked of sessions.

use std::borrow::Cow;

use super::bits::{self, Bits, BlockSet, Members, programs_of};
use super::columns::Field;
use super::facets::FacetField;
use super::matched::Matched;
use super::matching::Matcher;
use super::words::Answering;
use crate::domain::{ADULT, AcceptingStatus};

/// The programs that pass every filter on programs: a conjunction, worked out block by block where it
/// is looked at.
pub(super) struct Filter<'a> {
    matcher: &'a Matcher<'a>,
    wanted: Vec<Cow<'a, Bits>>,
    unwanted: Option<Cow<'a, Bits>>,
    /// Whether each program has to be looked at for its age and room.
    look: bool,
    skip: Option<FacetField>,
    /// All that pass, when one of the wanted sets has few members.
    few: Option<BlockSet>,
    /// Only these, and of them none that has matched.
    besides: Option<(&'a Bits, &'a Matched)>,
}

impl<'a> Filter<'a> {
    /// The same for these programs alone, without those that have matched.
    pub(super) fn besides(self, of: &'a Bits, matched: &'a Matched) -> Self {
        Self { besides: Some((of, matched)), ..self }
    }

    fn besides_matched(&self, block: u32, word: u64) -> u64 {
        match &self.besides {
            Some((of, matched)) if word != 0 => {
                word & of.word(block as usize) & !matched.word(block)
            }
            _ => word,
        }
    }

    /// The programs of a block that pass, when they are many.
    fn word(&self, block: u32) -> u64 {
        let block = block as usize;
        let mut word = self.matcher.living(block);
        for set in &self.wanted {
            word &= set.word(block);
        }
        if let Some(unwanted) = &self.unwanted {
            word &= !unwanted.word(block);
        }
        if self.look { self.looked_at(block, word) } else { word }
    }

    fn looked_at(&self, block: usize, word: u64) -> u64 {
        let takes = |program: &u32| self.matcher.takes(*program, self.skip);
        programs_of(block, word)
            .filter(takes)
            .fold(0, |word, program| word | bits::block_of(program).1)
    }

    /// The words of blocks that are asked for in ascending order.
    pub(super) fn walk(&self) -> Walk<'_> {
        Walk { filter: self, few: self.few.as_deref().unwrap_or_default() }
    }

    /// Every block that something passes in.
    pub(super) fn all(&self) -> BlockSet {
        let blocks = 0..u32::try_from(self.matcher.segment.blocks.len()).unwrap_or(u32::MAX);
        let passing: BlockSet = match &self.few {
            Some(few) => few.clone(),
            None => blocks.map(|block| (block, self.word(block))).collect(),
        };
        let besides = |(block, word)| (block, self.besides_matched(block, word));
        passing.into_iter().map(besides).filter(|(_, word)| *word != 0).collect()
    }
}

/// A filter that is asked for one block after the other.
pub(super) struct Walk<'a> {
    filter: &'a Filter<'a>,
    /// Those of the few that are still ahead.
    few: &'a [(u32, u64)],
}

impl Walk<'_> {
    /// The programs of a block that pass; blocks come in ascending order.
    pub(super) fn word(&mut self, block: u32) -> u64 {
        let word =
            if self.filter.few.is_none() { self.filter.word(block) } else { self.of_few(block) };
        self.filter.besides_matched(block, word)
    }

    fn of_few(&mut self, block: u32) -> u64 {
        while let [(at, word), rest @ ..] = self.few {
            if *at == block {
                return *word;
            }
            if *at > block {
                break;
            }
            self.few = rest;
        }
        0
    }
}

impl Matcher<'_> {
    /// The programs that pass every filter on programs, but for the filter on `skip`.
    pub(super) fn passing(&self, skip: Option<FacetField>) -> Filter<'_> {
        self.passing_with(skip, self.words.as_ref())
    }

    /// The same, when these have the words that are looked for.
    pub(super) fn passing_with(
        &self,
        skip: Option<FacetField>,
        words: Option<&Answering>,
    ) -> Filter<'_> {
        let programs = self.segment.len();
        let mut wanted: Vec<Cow<'_, Members>> = Vec::new();
        let mut unwanted: Vec<&Members> = Vec::new();
        for choice in &self.query.choices {
            let column = self.segment.columns.field(choice.field);
            let members = |name: &String| column.programs(name);
            let skipped = skip == Some(FacetField::Field(choice.field));
            if !skipped && !choice.any.is_empty() {
                let mut any = choice.any.iter().filter_map(members);
                wanted.push(match (any.next(), any.next()) {
                    (None, _) => Cow::Owned(Members::default()),
                    (Some(one), None) => Cow::Borrowed(one),
                    (Some(one), Some(other)) => {
                        Cow::Owned(union(programs, [one, other].into_iter().chain(any)))
                    }
                });
            }
            for name in &choice.all {
                wanted.push(members(name).map_or_else(Default::default, Cow::Borrowed));
            }
            unwanted.extend(choice.none.iter().filter_map(members));
        }
        if !self.query.organizations.is_empty() {
            let run_by = self.organizations.iter().flat_map(|id| self.segment.run_by(*id));
            let mut numbers: Vec<u32> = run_by.copied().collect();
            numbers.sort_unstable();
            numbers.dedup();
            wanted.push(Cow::Owned(Members::of(programs, &numbers)));
        }
        let asks_room = !(self.query.accepting.is_empty() || skip == Some(FacetField::Accepting));
        if let Some(rooms) = self.rooms.filter(|_| asks_room) {
            wanted.push(match &self.query.accepting[..] {
                [status] => Cow::Borrowed(rooms.with(*status)),
                any => Cow::Owned(union(programs, any.iter().map(|status| rooms.with(*status)))),
            });
        }
        let room_is_told = !asks_room || self.rooms.is_some();
        let look =
            self.query.age.is_some() || !room_is_told || self.query.verified_within.is_some();
        let mut filter = Filter {
            matcher: self,
            few: None,
            besides: None,
            wanted: Vec::new(),
            unwanted: match &unwanted[..] {
                [] => None,
                [Members::Many(bits, _)] => Some(Cow::Borrowed(bits)),
                _ => {
                    let mut bits = Bits::none(programs);
                    for members in unwanted {
                        members.add_to(&mut bits);
                    }
                    Some(Cow::Owned(bits))
                }
            },
            look,
            skip,
        };
        if let Some(Answering { blocks, .. }) = words {
            let passing = blocks.iter().map(|(block, word)| {
                let mut word = word & self.living(*block as usize);
                for members in &wanted {
                    word = if word == 0 { 0 } else { word & members.word(*block) };
                }
                if let Some(unwanted) = &filter.unwanted {
                    word &= !unwanted.word(*block as usize);
                }
                (*block, if look { filter.looked_at(*block as usize, word) } else { word })
            });
            filter.few = Some(passing.filter(|(_, word)| *word != 0).collect());
            return filter;
        }
        let lists = wanted.iter().filter_map(|members| match members.as_ref() {
            Members::Few(list) => Some(list),
            Members::Many(..) => None,
        });
        if let Some(shortest) = lists.min_by_key(|list| list.len()) {
            let mut few = BlockSet::new();
            for program in shortest {
                let (block, bit) = bits::block_of(*program);
                let passes = self.living(block) & bit != 0
                    && wanted.iter().all(|members| members.contains(*program))
                    && !filter.unwanted.as_ref().is_some_and(|bits| bits.contains(*program))
                    && (!look || self.takes(*program, skip));
                if passes {
                    bits::push(&mut few, *program);
                }
            }
            filter.few = Some(few);
            return filter;
        }
        for members in wanted {
            match members {
                Cow::Borrowed(Members::Many(bits, _)) => filter.wanted.push(Cow::Borrowed(bits)),
                Cow::Owned(Members::Many(bits, _)) => filter.wanted.push(Cow::Owned(bits)),
                Cow::Borrowed(Members::Few(_)) | Cow::Owned(Members::Few(_)) => {}
            }
        }
        filter
    }

    /// The programs of a block that there are.
    fn living(&self, block: usize) -> u64 {
        let beyond = ((block + 1) * bits::BLOCK).saturating_sub(self.segment.len());
        let there = u64::MAX.checked_shr(u32::try_from(beyond).unwrap_or(64)).unwrap_or_default();
        let unlisted = self.segment.gates.unlisted.as_ref().map_or(0, |bits| bits.word(block));
        self.gone.map_or(there, |gone| there & !gone.word(block)) & !unlisted
    }

    /// Whether a program takes people of the person's age, and has room as asked.
    fn takes(&self, program: u32, skip: Option<FacetField>) -> bool {
        let hidden = &self.segment.gates.hidden_from_minors;
        let is_hidden = || hidden.as_ref().is_some_and(|hidden| hidden.contains(program));
        let age_fits = self.query.age.is_none_or(|age| match self.segment.ages[program as usize] {
            Some(ages) => ages.take(age) && (age >= ADULT || !is_hidden()),
            None => age >= ADULT,
        });
        let room_fits = self.query.accepting.is_empty()
            || skip == Some(FacetField::Accepting)
            || self.query.accepting.contains(&self.room(program));
        age_fits && room_fits && self.is_verified_as_asked(program)
    }

    /// Whether somebody has confirmed it as lately as asked.
    fn is_verified_as_asked(&self, program: u32) -> bool {
        self.query.verified_within.is_none_or(|days| {
            let since = self.query.now.as_millisecond() - i64::from(days) * 86_400_000;
            self.segment.stands[program as usize].confirmed_ms >= since
        })
    }

    pub(super) fn room(&self, program: u32) -> AcceptingStatus {
        self.segment.rooms[program as usize].on(self.today)
    }

    /// Whether an offer can be attended and reached as asked, is in the box, if there is one, and takes
    /// place when asked; but for the filter on `skip`.
    pub(super) fn suits(&self, offer: u32, skip: Option<FacetField>) -> bool {
        let offers = &self.segment.offers;
        let attended = self.attendance == 0
            || skip == Some(FacetField::Attendance)
            || self.attendance & offers.attendance(offer) != 0;
        let reached = self.channels == 0
            || skip == Some(FacetField::Channel)
            || self.channels & offers.channels(offer) != 0;
        attended
            && reached
            && self.query.bounds.is_none_or(|bounds| offers.is_within(&bounds, offer))
            && self.timed.suits(offer, skip)
    }

    /// Whether sessions are asked for anything but their place.
    pub(super) fn picks_sessions(&self) -> bool {
        self.attendance != 0 || self.channels != 0 || self.timed.is_asked()
    }

    /// The fields that are filtered by.
    pub(super) fn filters_by(&self, field: Field) -> bool {
        self.query.choices.iter().any(|choice| choice.field == field && !choice.any.is_empty())
    }
}

fn union<'m>(programs: usize, sets: impl Iterator<Item = &'m Members>) -> Members {
    let mut bits = Bits::none(programs);
    sets.for_each(|members| members.add_to(&mut bits));
    let count = u32::try_from(bits.len()).unwrap_or(u32::MAX);
    Members::Many(bits, count)
}
