//! Looks up what was accepted, on a connection of its own that never writes.

use std::cell::Cell;
use std::collections::BTreeMap;
use std::ops::Bound;
use std::path::PathBuf;

use rusqlite::types::ValueRef;
use rusqlite::{Connection, OptionalExtension as _, Result, Row};

use super::pack::{Entry, unpack};
use super::{Fault, Known, Place, Request};

/// What is remembered of a row of a contact.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Recalled {
    /// The request last accepted for it; nothing too where something was sent since and no answer is remembered.
    pub request: Option<Request>,
    /// Whether anything is remembered for it, if only that there is a doubt.
    pub anything: bool,
    /// Whether anything is remembered for later rows of the contact.
    pub later: bool,
    /// Whether that is a request that was accepted, and not only a doubt.
    pub newer: bool,
}

/// What is remembered of a contact that rows know by something else than its id.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Person {
    /// The id under which it was found; empty where it never was.
    pub id: String,
    /// Whether it was to be created, and no answer is remembered.
    pub creating: bool,
}

/// A way to look things up.
#[derive(Debug)]
pub(super) struct Looks {
    db: Connection,
    path: PathBuf,
    any: bool,
    any_twins: bool,
    /// Whether a stretch of looks is open: together they cost much less than each alone.
    open: Cell<bool>,
    /// What waits to be sorted in, where that cannot be done: the last word on each place.
    unsorted: BTreeMap<(i64, u32), Option<Request>>,
}

impl Looks {
    /// Looks into a file whose fresh rows are sorted in.
    pub(super) fn sorted(db: Connection, path: PathBuf) -> Result<Self> {
        let any = "SELECT EXISTS (SELECT 1 FROM accepted), EXISTS (SELECT 1 FROM twin)";
        let (any, any_twins) = db.query_row(any, [], |row| Ok((row.get(0)?, row.get(1)?)))?;
        Ok(Self {
            any: any || any_twins,
            any_twins,
            db,
            path,
            open: Cell::new(false),
            unsorted: BTreeMap::new(),
        })
    }

    /// Looks into a file that may not be written to, so that its fresh rows are kept here.
    pub(super) fn unsorted(db: Connection, path: PathBuf) -> Result<Self> {
        let mut looks = Self::sorted(db, path)?;
        let mut fresh = looks
            .db
            .prepare("SELECT packed FROM fresh ORDER BY number")?;
        let mut packs = fresh.query([])?;
        while let Some(row) = packs.next()? {
            for Entry { place, request } in unpack(row.get_ref(0)?.as_blob()?) {
                let Place { contact, ordinal } = place;
                // A row that waits makes all later ones of its contact void; one that is void is no row.
                let later = (Bound::Excluded((contact, ordinal)), end_of(contact));
                let void = looks.unsorted.range(later).map(|(place, _)| *place);
                let void: Vec<_> = void.collect();
                for place in void {
                    looks.unsorted.remove(&place);
                }
                looks.unsorted.insert((contact, ordinal), request);
            }
        }
        drop(packs);
        drop(fresh);
        Ok(looks)
    }

    /// Whether nothing was remembered when the file was opened.
    pub(super) fn was_empty(&self) -> bool {
        !self.any && self.unsorted.is_empty()
    }

    /// What is remembered of a row.
    pub(super) fn recall(&self, place: Place) -> Result<Recalled, Fault> {
        let recalled = self.begin().and_then(|()| match self.unsorted.is_empty() {
            true => self.in_tables(place, ALL),
            false => self.with_unsorted(place),
        });
        recalled.map_err(|error| Fault::sql(&self.path, error))
    }

    /// Ends a stretch of looks: while one is open, the writer's journal can only grow.
    pub(super) fn rest(&self) -> Result<(), Fault> {
        if !self.open.replace(false) {
            return Ok(());
        }
        let ended = self.execute("COMMIT");
        ended.map_err(|error| Fault::sql(&self.path, error))
    }

    fn begin(&self) -> Result<()> {
        match self.open.replace(true) {
            true => Ok(()),
            false => self.execute("BEGIN"),
        }
    }

    fn execute(&self, sql: &str) -> Result<()> {
        self.db.prepare_cached(sql)?.execute([]).map(|_| ())
    }

    /// What is remembered of a contact that rows know by something else than its id.
    pub(super) fn person(&self, known: Known) -> Result<Person, Fault> {
        let found = self
            .db
            .prepare_cached("SELECT id, creating FROM person WHERE contact = ?1")
            .and_then(|mut look| look.query_row([known.0], person).optional());
        let found = found.map_err(|error| Fault::sql(&self.path, error))?;
        Ok(found.unwrap_or_default())
    }

    /// What is remembered of the contact that rows know by something else, and of a row about it: one look.
    pub(super) fn meet(&self, known: Known, ordinal: u32) -> Result<(Person, Recalled), Fault> {
        let met = self.begin().and_then(|()| self.joined(known, ordinal));
        met.map_err(|error| Fault::sql(&self.path, error))
    }

    fn joined(&self, known: Known, ordinal: u32) -> Result<(Person, Recalled)> {
        let read = |row: &Row<'_>| {
            let known = match row.get_ref(3)? {
                ValueRef::Null => None,
                _ => Some(request(row, 3)?),
            };
            Ok((person(row)?, row.get::<_, Option<i64>>(2)?, known))
        };
        let found = match ordinal {
            0 => self
                .db
                .prepare_cached(
                    "SELECT id, creating, leads, request FROM person
                     LEFT JOIN accepted ON accepted.contact = leads WHERE person.contact = ?1",
                )?
                .query_row([known.0], read)
                .optional()?,
            ordinal => self
                .db
                .prepare_cached(
                    "SELECT id, creating, leads, request FROM person
                     LEFT JOIN twin ON twin.contact = leads AND ordinal = ?2 WHERE person.contact = ?1",
                )?
                .query_row([known.0, ordinal.into()], read)
                .optional()?,
        };
        let Some((person, Some(contact), found)) = found else {
            let person = found.map(|(person, ..)| person).unwrap_or_default();
            return Ok((person, Recalled::default()));
        };
        let place = Place { contact, ordinal };
        let recalled = match self.unsorted.is_empty() {
            true => self.told(place, ALL, found)?,
            false => self.with_unsorted(place)?,
        };
        Ok((person, recalled))
    }

    /// What the tables tell of a row, and of those after it up to an ordinal.
    fn in_tables(&self, place: Place, end: u32) -> Result<Recalled> {
        let found = match place.ordinal {
            0 => self
                .db
                .prepare_cached("SELECT request FROM accepted WHERE contact = ?1")?
                .query_row([place.contact], |row| request(row, 0))
                .optional()?,
            ordinal => self
                .db
                .prepare_cached("SELECT request FROM twin WHERE contact = ?1 AND ordinal = ?2")?
                .query_row([place.contact, i64::from(ordinal)], |row| request(row, 0))
                .optional()?,
        };
        self.told(place, end, found)
    }

    /// What the tables tell of a row, once its own place in them was looked at.
    fn told(&self, place: Place, end: u32, found: Option<Option<Request>>) -> Result<Recalled> {
        // How long the longest request is; one of no bytes is a doubt.
        let beyond = "SELECT max(length(request)) FROM twin WHERE contact = ?1 AND ordinal > ?2 AND ordinal < ?3";
        let later: Option<i64> = match self.any_twins {
            true => {
                let from_to = [place.contact, place.ordinal.into(), end.into()];
                let mut beyond = self.db.prepare_cached(beyond)?;
                beyond.query_row(from_to, |row| row.get(0))?
            }
            false => None,
        };
        Ok(Recalled {
            request: found.flatten(),
            anything: found.is_some(),
            later: later.is_some(),
            newer: later.is_some_and(|longest| longest > 0),
        })
    }

    /// The same as if what waits had been sorted in: the earliest row of a contact that waits makes void what the tables
    /// say about later ones.
    fn with_unsorted(&self, place: Place) -> Result<Recalled> {
        let contact = (Bound::Included((place.contact, 0)), end_of(place.contact));
        let Some(earliest) = self.unsorted.range(contact).next().map(|(key, _)| key.1) else {
            return self.in_tables(place, ALL);
        };
        let here = (place.contact, place.ordinal);
        let beyond = (Bound::Excluded(here), end_of(place.contact));
        let mut beyond = self.unsorted.range(beyond).map(|(_, request)| request);
        let waiting = Recalled {
            later: beyond.clone().next().is_some(),
            newer: beyond.any(Option::is_some),
            ..Recalled::default()
        };
        if let Some(request) = self.unsorted.get(&here) {
            return Ok(Recalled {
                request: *request,
                anything: true,
                ..waiting
            });
        }
        if place.ordinal >= earliest {
            return Ok(waiting);
        }
        let before = self.in_tables(place, earliest)?;
        Ok(Recalled {
            later: true,
            newer: before.newer || waiting.newer,
            ..before
        })
    }
}

/// Up to the last row about a contact.
const ALL: u32 = u32::MAX;

fn end_of(contact: i64) -> Bound<(i64, u32)> {
    Bound::Included((contact, u32::MAX))
}

fn person(row: &Row<'_>) -> Result<Person> {
    Ok(Person {
        id: row.get(0)?,
        creating: row.get(1)?,
    })
}

/// The request in a column; nothing where there is a doubt.
pub(super) fn request(row: &Row<'_>, at: usize) -> Result<Option<Request>> {
    let bytes = row.get_ref(at)?.as_blob()?;
    Ok(bytes.try_into().ok().map(Request))
}
