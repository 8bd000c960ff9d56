//! What was sent and accepted, and what an account has spent: the state file, which makes running again the answer to
//! everything.
//!
//! The room remembers hashes, never a value out of a sheet and never a credential. It knows rows only as an account, a
//! contact and an ordinal among that contact's rows, and a request only as its fingerprint: what these mean, and what is
//! to be sent, is decided elsewhere. It must never lose what it has said is kept, and never go on after the disk failed.
//!
//! [`StateFile`] opens the file, [`Memory`] is one account in it for one run, [`Lock`] keeps a second run of the same job
//! out. All writing is done by one thread (`writer`); the layout of the file is in `layout`.

mod batch;
mod fault;
mod file;
mod forward;
mod layout;
mod lock;
mod looks;
mod marks;
mod merge;
mod notes;
mod pack;
mod people;
mod place;
mod turns;
mod writer;

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use tempfile::TempDir;

use self::looks::Looks;
use self::notes::{Note, Writer};
use self::pack::Entry;

pub use fault::Fault;
pub use file::StateFile;
pub use lock::{Held, Lock, NoLock};
pub use looks::{Person, Recalled};
pub use marks::{AccountKey, JobKey, Known, Place, Request};
pub use merge::FRESH_ROWS;
pub use people::{Lost, People};
pub use place::default_path;
pub use turns::Turns;
pub use writer::{DURABLE_ROWS, DURABLE_TIME};

/// What is remembered of one account, for the length of a run.
///
/// Made for one thread; any number of [`accept`](Self::accept)s may wait at once. Whatever was not accepted when it is
/// dropped stays unremembered, and is sent again.
#[derive(Debug)]
pub struct Memory {
    account: AccountKey,
    looks: Looks,
    writer: Option<Writer>,
    spent_before: u64,
    spent_elsewhere: Arc<AtomicU64>,
    /// Where a file is looked at in a copy, it goes when nobody looks any more.
    _copy: Option<TempDir>,
}

impl Memory {
    /// Where a row of the contact with this id is remembered; the ordinal is the row's place among the rows of that contact,
    /// from 0.
    #[must_use]
    pub fn place(&self, id: &str, ordinal: u32) -> Place {
        Place::of(&self.account, id, ordinal)
    }

    /// What was accepted for a row.
    ///
    /// # Errors
    ///
    /// The file cannot be read any more.
    pub fn recall(&self, place: Place) -> Result<Recalled, Fault> {
        match self.is_first() {
            true => Ok(Recalled::default()),
            false => self.looks.recall(place),
        }
    }

    /// Whether there is nothing to look up: nothing was remembered at the start, and nobody else has asked the account for
    /// anything since, which every one of our own notes brings to light.
    fn is_first(&self) -> bool {
        self.looks.was_empty() && self.spent_elsewhere() == self.spent_before
    }

    /// Ends a stretch of [`recall`](Self::recall)s, which is to be done before anything is waited for.
    ///
    /// # Errors
    ///
    /// The file cannot be read any more.
    pub fn rest(&self) -> Result<(), Fault> {
        self.looks.rest()
    }

    /// Notes that what is remembered for a row, and for the later ones of its contact, may soon be no longer true. Comes
    /// back when the note outlives this process.
    ///
    /// # Errors
    ///
    /// It cannot be noted: nothing may be sent any more.
    pub async fn doubt(&self, place: Place) -> Result<(), Fault> {
        self.keep(Some((place, None)), None, 0).await
    }

    /// What rows know a contact by instead of its id, all of it in one text.
    #[must_use]
    pub fn known(&self, by: &str) -> Known {
        Known::of(&self.account, by)
    }

    /// What is remembered of a contact that rows know by something else than its id.
    ///
    /// # Errors
    ///
    /// The file cannot be read any more.
    pub fn person(&self, known: Known) -> Result<Person, Fault> {
        self.looks.person(known)
    }

    /// The same, and what was accepted for the row with this place among those that know the contact so.
    ///
    /// # Errors
    ///
    /// The file cannot be read any more.
    pub fn meet(&self, known: Known, ordinal: u32) -> Result<(Person, Recalled), Fault> {
        self.looks.meet(known, ordinal)
    }

    /// Remembers that a contact is about to be created: that is on the disk when this comes back.
    ///
    /// # Errors
    ///
    /// It cannot be kept: nothing may be sent any more.
    pub async fn create(&self, known: Known) -> Result<(), Fault> {
        let person = Person {
            creating: true,
            ..Person::default()
        };
        self.write(Note {
            person: Some((known, person, None)),
            ..Note::default()
        })
        .await
    }

    /// Remembers a request that was accepted, and forgets what was accepted for later rows of that contact; counts the
    /// requests it took. Comes back when the note outlives this process; the disk has it soon after.
    ///
    /// # Errors
    ///
    /// It cannot be kept: nothing may be sent any more.
    pub async fn accept(&self, place: Place, request: Request, requests: u32) -> Result<(), Fault> {
        self.keep(Some((place, Some(request))), None, requests)
            .await
    }

    /// The same, where something is to be remembered at all, with a doubt in place of no request; with it, all or nothing,
    /// whom a contact turned out to be that rows know by something else.
    ///
    /// # Errors
    ///
    /// It cannot be kept: nothing may be sent any more.
    pub async fn keep(
        &self,
        entry: Option<(Place, Option<Request>)>,
        met: Option<(Known, Person)>,
        requests: u32,
    ) -> Result<(), Fault> {
        if entry.is_none() && met.is_none() && requests == 0 {
            return Ok(());
        }
        let entry = entry.map(|(place, request)| Entry { place, request });
        let person = met.map(|(known, person)| {
            let leads = (!person.id.is_empty()).then(|| self.place(&person.id, 0));
            (known, person, leads)
        });
        self.write(Note {
            entry,
            person,
            requests,
        })
        .await
    }

    /// Counts requests that led to nothing that is worth remembering.
    ///
    /// # Errors
    ///
    /// It cannot be kept: nothing may be sent any more.
    pub async fn spend(&self, requests: u32) -> Result<(), Fault> {
        self.keep(None, None, requests).await
    }

    /// The requests that the account was asked today (UTC) before this run.
    #[must_use]
    pub fn spent_before(&self) -> u64 {
        self.spent_before
    }

    /// The requests that the account was asked today (UTC) by others, as far as they have been noted.
    #[must_use]
    pub fn spent_elsewhere(&self) -> u64 {
        self.spent_elsewhere.load(Ordering::Relaxed)
    }

    /// Brings everything to the disk and leaves the file tidy.
    ///
    /// # Errors
    ///
    /// Not all of it is there.
    pub fn finish(mut self) -> Result<(), Fault> {
        let Some(writer) = self.writer.take() else {
            return Ok(());
        };
        // The last one to leave tidies up, so that the one who only reads has to leave first.
        drop(self.looks);
        writer.finish()
    }

    async fn write(&self, note: Note) -> Result<(), Fault> {
        match &self.writer {
            Some(writer) => writer.write(note).await,
            // Only looked at: there is nothing to keep.
            None => Ok(()),
        }
    }
}
