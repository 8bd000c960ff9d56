//! Sorts fresh rows into the tables that are looked up.
//!
//! Acceptances come in any order, and putting each at once into its own place would write a page for every one. So they
//! are added at the end of a list, and sorted in together, in the order of places.
//!
//! Nobody should wait while a long list is sorted in: it is done in steps, between which others are served. The list goes
//! only when all of it is in its place, so that whoever finds one that was begun sorts it in once more, to the same end.

use rusqlite::types::ValueRef;
use rusqlite::{Connection, Result, Transaction, TransactionBehavior, params};

use super::batch;
use super::pack::{Entry, LENGTH, unpack};

/// So many rows may wait to be sorted in.
pub const FRESH_ROWS: u64 = 50_000;

/// So many rows are sorted in by one step: about two milliseconds.
const STEP: usize = 1_000;

const FIRST: &str = "INSERT OR REPLACE INTO accepted (contact, account, request)";
const LATER: &str = "INSERT OR REPLACE INTO twin (contact, ordinal, account, request)";

/// Sorts in what waits, whoever left it, all at once or not at all.
pub(super) fn merge(db: &Connection) -> Result<()> {
    let work = Transaction::new_unchecked(db, TransactionBehavior::Immediate)?;
    match merge_all(&work)? {
        true => work.commit(),
        false => Ok(()),
    }
}

/// The same in what others do; whether anything waited.
pub(super) fn merge_all(work: &Connection) -> Result<bool> {
    let list = List::of(work)?;
    if list.rows.is_empty() {
        return Ok(false);
    }
    list.sort_in(work, &list.rows)?;
    // Without a condition, so that the whole list goes at once.
    work.execute("DELETE FROM fresh", [])?;
    Ok(true)
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

/// One of those that wait, the account that it is about, and how many were added before it.
type Fresh = (Entry, i64, u32);

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
        // As much memory as it takes: a list that grows, and is sorted in another one, takes three times that.
        let bytes = "SELECT coalesce(sum(length(packed)), 0) FROM fresh";
        let bytes: i64 = db.query_row(bytes, [], |row| row.get(0))?;
        let count = usize::try_from(bytes).unwrap_or(0) / LENGTH;
        let (mut rows, mut last) = (Vec::with_capacity(count), 0);
        let mut before = 0..;
        let all = "SELECT account, packed, number FROM fresh ORDER BY number";
        let mut all = db.prepare_cached(all)?;
        let mut fresh = all.query([])?;
        while let Some(row) = fresh.next()? {
            let account: i64 = row.get(0)?;
            let entries = unpack(row.get_ref(1)?.as_blob()?);
            rows.extend(
                entries
                    .zip(&mut before)
                    .map(|(entry, at)| (entry, account, at)),
            );
            last = row.get(2)?;
        }
        rows.sort_unstable_by_key(|(own, _, before): &Fresh| (own.place.contact, *before));
        let any_twins = "SELECT EXISTS (SELECT 1 FROM twin)";
        let any_twins = db.query_row(any_twins, [], |row| row.get(0))?;
        Ok(Self {
            last,
            any_twins: any_twins || rows.iter().any(|(own, ..)| own.place.ordinal > 0),
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
    batch::add(db, FIRST, rows, |(own, account, _)| {
        let [contact, _] = own.place.columns();
        [contact, ValueRef::Integer(*account), own.column()]
    })
}

fn later(db: &Connection, rows: &[Fresh]) -> Result<()> {
    batch::add(db, LATER, rows, |(own, account, _)| {
        let [contact, ordinal] = own.place.columns();
        [contact, ordinal, ValueRef::Integer(*account), own.column()]
    })
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use tempfile::TempDir;

    use super::super::layout::lay_out;
    use super::super::pack::pack;
    use super::super::{Place, Request};
    use super::*;

    fn somewhere() -> (TempDir, Connection, Connection) {
        let place = tempfile::tempdir().expect("a directory");
        let path = place.path().join("state.db");
        let open = |path: &Path| {
            let db = Connection::open(path).expect("a file");
            db.pragma_update(None, "journal_mode", "WAL")
                .expect("a journal");
            db
        };
        let mut ours = open(&path);
        lay_out(&mut ours).expect("tables");
        let theirs = open(&path);
        (place, ours, theirs)
    }

    /// Adds as many rows as two steps take and one more, the last contact first, with one letter as their request.
    fn add(db: &Connection, letter: &str) {
        let contacts: Vec<usize> = (0..=2 * STEP).rev().collect();
        for commit in contacts.chunks(100) {
            let packed = pack(commit.iter().map(|contact| Entry {
                place: Place {
                    contact: i64::try_from(*contact).expect("small"),
                    ordinal: 0,
                },
                request: Some(Request([letter.as_bytes()[0]; 16])),
            }));
            let fresh = "INSERT INTO fresh (account, packed) VALUES (1, ?1)";
            db.execute(fresh, [packed]).expect("a commit's rows");
        }
    }

    /// How many contacts there are for which this letter was accepted last, and how many rows wait.
    fn counts(db: &Connection, letter: &str) -> (usize, usize) {
        let accepted = "SELECT count(*) FROM accepted WHERE request = ?1";
        let waiting = format!("SELECT coalesce(sum(length(packed)), 0) / {LENGTH} FROM fresh");
        let request = letter.repeat(16).into_bytes();
        let accepted: i64 = db
            .query_row(accepted, [request], |row| row.get(0))
            .expect("a count");
        let waiting: i64 = db
            .query_row(&waiting, [], |row| row.get(0))
            .expect("a count");
        let count = |number| usize::try_from(number).expect("a count");
        (count(accepted), count(waiting))
    }

    #[test]
    fn a_list_is_sorted_in_step_by_step_and_what_is_added_meanwhile_waits() {
        let (_place, ours, _) = somewhere();
        add(&ours, "a");
        let mut sorting = Sorting::begin(&ours).expect("a list");
        assert!(!sorting.step(&ours).expect("a step"));
        assert_eq!(counts(&ours, "a"), (STEP, 2 * STEP + 1));
        add(&ours, "b");
        assert!(!sorting.step(&ours).expect("a step"));
        assert!(sorting.step(&ours).expect("a step"));
        assert_eq!(counts(&ours, "a"), (2 * STEP + 1, 2 * STEP + 1));
        merge(&ours).expect("sorted in");
        assert_eq!(counts(&ours, "b"), (2 * STEP + 1, 0));
    }

    #[test]
    fn a_list_that_somebody_else_has_sorted_in_overwrites_nothing_newer() {
        let (_place, ours, theirs) = somewhere();
        add(&ours, "a");
        let mut sorting = Sorting::begin(&ours).expect("a list");
        assert!(!sorting.step(&ours).expect("a step"));
        add(&theirs, "b");
        merge(&theirs).expect("sorted in");
        assert_eq!(counts(&ours, "b"), (2 * STEP + 1, 0));
        while !sorting.step(&ours).expect("a step") {}
        assert_eq!(counts(&ours, "b"), (2 * STEP + 1, 0));
    }

    #[test]
    fn a_list_that_was_begun_and_left_is_sorted_in_to_the_same_end() {
        let (_place, ours, theirs) = somewhere();
        add(&ours, "a");
        let mut sorting = Sorting::begin(&ours).expect("a list");
        assert!(!sorting.step(&ours).expect("a step"));
        add(&ours, "b");
        drop(ours);
        merge(&theirs).expect("sorted in");
        assert_eq!(counts(&theirs, "b"), (2 * STEP + 1, 0));
    }
}
