//! A walk over everything that is public: one thread asks the database, another reads what it answers.

use std::sync::mpsc::{Receiver, Sender, channel, sync_channel};

use super::listings::Besides;
use super::parts::{Drafted, Parts, corrupt, names};
use crate::domain::{Listing, ProgramId, Slug};
use crate::store::{self, AnyConnection, Found, PublishedEntries, StoreResult};

/// How many entries are asked for at a time.
const CHUNK: i64 = 1_000;

/// So many chunks may wait to be read.
const WAITING: usize = 4;

/// So many locations are remembered.
const REMEMBERED: usize = 20_000;

/// What reads the programs of a walk and hands them on.
pub(super) struct Walk<T, F> {
    pub(super) parts: Parts,
    pub(super) target: T,
    pub(super) each: F,
    pub(super) withdrawn: Vec<(ProgramId, Slug)>,
}

/// What is to be read next.
#[derive(Default)]
struct Chunk {
    entries: PublishedEntries,
    found: Found,
    /// Programs that have been read, whose organizations and locations are among the entries.
    late: Vec<Drafted>,
}

/// Walks over everything that is public at this moment.
pub(super) fn walk<T: Send, F: FnMut(&mut T, Listing) + Send>(
    conn: &mut AnyConnection,
    walk: Walk<T, F>,
) -> StoreResult<(Besides, T)> {
    std::thread::scope(|scope| {
        let (chunks, received) = sync_channel(WAITING);
        let (put_off, late) = channel();
        let reading = scope.spawn(move || walk.read(&received, &put_off));
        let asked = ask(conn, |chunk| chunks.send(chunk).is_ok(), &late);
        drop(chunks);
        let read = reading.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic));
        asked?;
        let mut walk = read?;
        // What was put off when all had been asked for.
        for programs in late {
            walk.add(chunk_of(conn, programs)?, None)?;
        }
        let mut organizations: Vec<_> = walk.parts.organizations.into_values().collect();
        organizations.sort_by(|a, b| (&a.name, a.id).cmp(&(&b.name, b.id)));
        Ok((Besides { organizations, withdrawn: walk.withdrawn }, walk.target))
    })
}

/// Asks for one chunk after the other, until `send` says that nobody wants more.
fn ask(
    conn: &mut AnyConnection,
    send: impl Fn(Chunk) -> bool,
    late: &Receiver<Vec<Drafted>>,
) -> StoreResult<()> {
    let mut after = 0;
    while let Some(entries) = store::published_after(conn, after, CHUNK)? {
        after = entries.last;
        let ids: Vec<&str> = entries.programs.iter().map(|kept| kept.id.as_str()).collect();
        let found = store::assessments_of(conn, &ids)?;
        if !send(Chunk { entries, found, late: Vec::new() }) {
            return Ok(());
        }
        while let Ok(programs) = late.try_recv() {
            if !send(chunk_of(conn, programs)?) {
                return Ok(());
            }
        }
    }
    Ok(())
}

/// Programs that were put off, with all that they refer to.
fn chunk_of(conn: &mut AnyConnection, late: Vec<Drafted>) -> StoreResult<Chunk> {
    let (organizations, locations) = Parts::default().missing(conn, &late)?;
    let entries = PublishedEntries { organizations, locations, ..PublishedEntries::default() };
    Ok(Chunk { entries, late, ..Chunk::default() })
}

impl<T, F: FnMut(&mut T, Listing)> Walk<T, F> {
    fn read(
        mut self,
        chunks: &Receiver<Chunk>,
        put_off: &Sender<Vec<Drafted>>,
    ) -> StoreResult<Self> {
        for chunk in chunks {
            self.add(chunk, Some(put_off))?;
        }
        Ok(self)
    }

    /// Reads a chunk. Programs that refer to what has not been read are put off.
    fn add(&mut self, chunk: Chunk, put_off: Option<&Sender<Vec<Drafted>>>) -> StoreResult<()> {
        let Chunk { entries, found, late } = chunk;
        self.withdrawn.extend(names(entries.withdrawn)?);
        self.parts.add_organizations(entries.organizations)?;
        if self.parts.locations.len() > REMEMBERED {
            self.parts.locations.clear();
        }
        self.parts.add_locations(entries.locations)?;
        // What they refer to has been asked for; what is not among it is not public.
        for program in late {
            self.hand_on(program)?;
        }
        let mut unknown = Vec::new();
        for program in Drafted::read(entries.programs, found)? {
            if self.parts.know(&program) {
                self.hand_on(program)?;
            } else {
                unknown.push(program);
            }
        }
        if let Some(put_off) = put_off.filter(|_| !unknown.is_empty()) {
            // It is asked for until the walk is over, and after that by who started it.
            put_off.send(unknown).map_err(|error| corrupt("walk", &error))?;
        }
        Ok(())
    }

    fn hand_on(&mut self, program: Drafted) -> StoreResult<()> {
        if let Some(listing) = self.parts.listing(program)? {
            (self.each)(&mut self.target, listing);
        }
        Ok(())
    }
}
