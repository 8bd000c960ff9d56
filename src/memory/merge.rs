//! Sorts fresh rows into the tables that are looked up.
//!
//! Acceptances come in any order, and putting each at once into its own place would write a page for every one. So they
//! are added at the end of a list, and sorted in together, in the order of places.
//!
//! Nobody should wait while a long list is sorted in: it is done in steps, between which others are served. The list goes
//! only when all of it is in its place, so that whoever finds one that was begun sorts it in once more, to the same end.

use rusqlite::types::ValueRef;
use rusqlite::{Connection, Result, Transaction, TransactionBehavior, params};

use super::looks::request;
use super::notes::Entry;
use super::{Place, batch};

/// So many rows may wait to be sorted in.
pub const FRESH_ROWS: u64 = 50_000;

/// So many rows are sorted in by one step: about two milliseconds.
const STEP: usize = 1_000;

const FIRST: &str = "INSERT OR REPLACE INTO accepted (contact, account, request)";
const LATER: &str = "INSERT OR REPLACE INTO twin (contact, ordinal, account, request)";

/// Sorts in what waits, whoever left it, all at once or not at all.
pub(super) fn merge(db: &Connection) -> Result<()> {
    let work = Transaction::new_unchecked(db, TransactionBehavior::Immediate)?;
    let list = List::of(&work)?;
    if list.rows.is_empty() {
        return Ok(());
    }
    list.sort_in(&work, &list.rows)?;
    // Without a condition, so that the whole list goes at once.
    work.execute("DELETE FROM fresh", [])?;
    work.commit()
}

/// A list that is being sorted in.
#[derive(Debug)]
pub(super) struct Sorting {
    list: List,
    /// So many of its rows are in their places.
    done: usize,
}

impl Sorting {
    /// Begins with all that waits.
    pub(super) fn begin(db: &Connection) -> Result<Self> {
        let work = Transaction::new_unchecked(db, TransactionBehavior::Immediate)?;
        let list = List::of(&work)?;
        Ok(Self { list, done: 0 })
    }

    /// Sorts in some more; whether that was all.
    pub(super) fn step(&mut self, db: &Connection) -> Result<bool> {
        let work = Transaction::new_unchecked(db, TransactionBehavior::Immediate)?;
        if version(&work)? != self.list.version {
            // Somebody else has written, and may have sorted in this list and newer rows.
            drop(work);
            return merge(db).map(|()| true);
        }
        let end = self.list.rows.len().min(self.done + STEP);
        self.list.sort_in(&work, &self.list.rows[self.done..end])?;
        let all = end == self.list.rows.len();
        if all {
            work.execute("DELETE FROM fresh WHERE number <= ?1", [self.list.last])?;
        }
        work.commit()?;
        self.done = end;
        Ok(all)
    }
}

/// One of those that wait, and the account that it is about.
type Fresh = (Entry, i64);

/// All that waits: contact by contact, in the order in which it was added.
#[derive(Debug)]
struct List {
    rows: Vec<Fresh>,
    /// The number of the last one that was added.
    last: i64,
    /// Whether there are second rows about a contact, here or in their place.
    any_twins: bool,
    /// Changes when another connection writes.
    version: i64,
}

impl List {
    /// Sorted here, because the database would put every row together anew to sort it.
    fn of(db: &Connection) -> Result<Self> {
        let (mut rows, mut last) = (Vec::new(), 0);
        let all = "SELECT contact, ordinal, account, request, number FROM fresh ORDER BY number";
        let mut all = db.prepare_cached(all)?;
        let mut fresh = all.query([])?;
        while let Some(row) = fresh.next()? {
            let (contact, ordinal) = (row.get(0)?, row.get(1)?);
            let place = Place { contact, ordinal };
            let request = request(row, 3)?;
            rows.push((Entry { place, request }, row.get(2)?));
            last = row.get(4)?;
        }
        rows.sort_by_key(|(own, _): &Fresh| own.place.contact);
        let any_twins = "SELECT EXISTS (SELECT 1 FROM twin)";
        let any_twins = db.query_row(any_twins, [], |row| row.get(0))?;
        Ok(Self {
            last,
            any_twins: any_twins || rows.iter().any(|(own, _)| own.place.ordinal > 0),
            version: version(db)?,
            rows,
        })
    }

    fn sort_in(&self, db: &Connection, rows: &[Fresh]) -> Result<()> {
        if !self.any_twins {
            return first(db, rows);
        }
        let beyond = "DELETE FROM twin WHERE contact = ?1 AND ordinal > ?2";
        let mut beyond = db.prepare_cached(beyond)?;
        for row in rows.chunks(1) {
            let place = row[0].0.place;
            match place.ordinal {
                0 => first(db, row)?,
                _ => later(db, row)?,
            }
            // What was accepted later than this row is older than it now.
            beyond.execute(params![place.contact, place.ordinal])?;
        }
        Ok(())
    }
}

fn version(db: &Connection) -> Result<i64> {
    db.query_row("PRAGMA data_version", [], |row| row.get(0))
}

fn first(db: &Connection, rows: &[Fresh]) -> Result<()> {
    batch::add(db, FIRST, rows, |(own, account)| {
        let [contact, _] = own.place.columns();
        [contact, ValueRef::Integer(*account), own.column()]
    })
}

fn later(db: &Connection, rows: &[Fresh]) -> Result<()> {
    batch::add(db, LATER, rows, |(own, account)| {
        let [contact, ordinal] = own.place.columns();
        [contact, ordinal, ValueRef::Integer(*account), own.column()]
    })
}
