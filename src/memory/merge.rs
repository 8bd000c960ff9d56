//! Sorts fresh rows into the tables that are looked up.
//!
//! Acceptances come in any order, and putting each at once into its own place would write a page for every one. So they
//! are added at the end of a list, and sorted in together: in the order of places, all or nothing.

use rusqlite::{Connection, Result, Transaction, TransactionBehavior, params};

use super::writer::DOUBT;

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

fn sort_in(db: &Connection) -> Result<()> {
    let any_twins =
        "SELECT EXISTS (SELECT 1 FROM twin) OR EXISTS (SELECT 1 FROM fresh WHERE ordinal > 0)";
    let any_twins: bool = db.query_row(any_twins, [], |row| row.get(0))?;
    // Row by row: one statement for all of them would keep a copy of every page that it touches, in case it fails.
    let mut fresh = db
        .prepare("SELECT contact, ordinal, account, request FROM fresh ORDER BY contact, number")?;
    let mut first = db.prepare("INSERT OR REPLACE INTO accepted VALUES (?1, ?2, ?3)")?;
    let mut later = db.prepare("INSERT OR REPLACE INTO twin VALUES (?1, ?2, ?3, ?4)")?;
    let mut beyond = db.prepare("DELETE FROM twin WHERE contact = ?1 AND ordinal > ?2")?;
    let mut rows = fresh.query([])?;
    while let Some(row) = rows.next()? {
        let (contact, ordinal): (i64, u32) = (row.get(0)?, row.get(1)?);
        let account: i64 = row.get(2)?;
        let request = row.get_ref(3)?;
        let request = request.as_blob().unwrap_or(DOUBT);
        match ordinal {
            0 => first.execute(params![contact, account, request])?,
            _ => later.execute(params![contact, ordinal, account, request])?,
        };
        if any_twins {
            // What was accepted later than this row is older than it now.
            beyond.execute(params![contact, ordinal])?;
        }
    }
    Ok(())
}
