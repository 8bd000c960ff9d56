//! Sorts fresh rows into the tables that are looked up.
//!
//! Acceptances come in any order, and putting each at once into its own place would write a page for every one. So they
//! are added at the end of a list, and sorted in together: in the order of places, all or nothing.

use rusqlite::types::ValueRef;
use rusqlite::{Connection, Result, Transaction, TransactionBehavior, params};

use super::looks::request;
use super::notes::Entry;
use super::{Place, batch};

/// So many rows may wait to be sorted in.
pub const FRESH_ROWS: u64 = 50_000;

/// Sorts in what waits, whoever left it.
pub(super) fn merge(db: &Connection) -> Result<()> {
    let any = "SELECT EXISTS (SELECT 1 FROM fresh)";
    if !db.query_row(any, [], |row| row.get::<_, bool>(0))? {
        return Ok(());
    }
    let work = Transaction::new_unchecked(db, TransactionBehavior::Immediate)?;
    sort_in(&work)?;
    // Without a condition, so that the whole list goes at once.
    work.execute("DELETE FROM fresh", [])?;
    work.commit()
}

/// One of those that wait, and the account that it is about.
type Fresh = (Entry, i64);

const FIRST: &str = "INSERT OR REPLACE INTO accepted (contact, account, request)";
const LATER: &str = "INSERT OR REPLACE INTO twin (contact, ordinal, account, request)";

fn sort_in(db: &Connection) -> Result<()> {
    let fresh = fresh(db)?;
    let any_twins = "SELECT EXISTS (SELECT 1 FROM twin)";
    let any_twins = fresh.iter().any(|(own, _)| own.place.ordinal > 0)
        || db.query_row(any_twins, [], |row| row.get(0))?;
    if !any_twins {
        return first(db, &fresh);
    }
    let mut beyond = db.prepare("DELETE FROM twin WHERE contact = ?1 AND ordinal > ?2")?;
    for row in fresh.chunks(1) {
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

/// All that waits: contact by contact, in the order in which it was added. Sorted here, because the database would put every
/// row together anew to sort it.
fn fresh(db: &Connection) -> Result<Vec<Fresh>> {
    let mut fresh = Vec::new();
    let all = "SELECT contact, ordinal, account, request FROM fresh ORDER BY number";
    let mut all = db.prepare(all)?;
    let mut rows = all.query([])?;
    while let Some(row) = rows.next()? {
        let (contact, ordinal) = (row.get(0)?, row.get(1)?);
        let place = Place { contact, ordinal };
        let request = request(row, 3)?;
        fresh.push((Entry { place, request }, row.get(2)?));
    }
    fresh.sort_by_key(|(own, _)| own.place.contact);
    Ok(fresh)
}
