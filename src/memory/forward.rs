//! Brings a state file of an older format forward: all or nothing, by whoever opens it first.
//!
//! Up to the second format, every row that was not yet sorted in stood for itself. Such rows are sorted in.
//!
//! In the first format, what was accepted stood under what rows knew a contact by. It moves to the contact's id. Where
//! several ways led to one contact, nobody can tell which was taken last, so that a doubt takes its place.

use rusqlite::{Connection, Result, TransactionBehavior, params};

use super::Place;
use super::layout::{Claim, FORMAT, FRESH, claim};
use super::looks::request;
use super::marks::whom;
use super::merge::merge_all;
use super::pack::{Entry, pack};

/// Brings an older file to the newest format.
pub(super) fn bring_forward(db: &mut Connection) -> Result<()> {
    let work = db.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let Claim::Ours(format @ ..FORMAT) = claim(&work)? else {
        return Ok(());
    };
    from_second(&work)?;
    if format < 2 {
        from_first(&work)?;
    }
    work.pragma_update(None, "user_version", FORMAT)?;
    work.commit()
}

/// Packs the rows that wait, and sorts them in.
fn from_second(db: &Connection) -> Result<()> {
    db.execute_batch("ALTER TABLE fresh RENAME TO waiting;")?;
    db.execute_batch(FRESH)?;
    {
        let mut waiting =
            db.prepare("SELECT contact, ordinal, account, request FROM waiting ORDER BY number")?;
        let mut keep = db.prepare("INSERT INTO fresh (account, packed) VALUES (?1, ?2)")?;
        let mut rows = waiting.query([])?;
        while let Some(row) = rows.next()? {
            let (contact, ordinal) = (row.get(0)?, row.get(1)?);
            let entry = Entry {
                place: Place { contact, ordinal },
                request: request(row, 3)?,
            };
            let account: i64 = row.get(2)?;
            keep.execute(params![account, pack([entry].into_iter())])?;
        }
    }
    merge_all(db)?;
    db.execute_batch("DROP TABLE waiting;")
}

const MET: &str = "
CREATE TABLE met (contact INTEGER PRIMARY KEY, account INTEGER NOT NULL, id TEXT NOT NULL,
    creating INTEGER NOT NULL, leads INTEGER) STRICT;
";

/// `several` are the contacts about which it is not known what was accepted last.
const MOVED: &str = "
CREATE TEMP TABLE several AS SELECT leads AS contact, account FROM person WHERE leads IS NOT NULL
    GROUP BY leads HAVING count(*) > 1
    UNION SELECT leads, account FROM person WHERE leads IN (SELECT contact FROM accepted UNION SELECT contact FROM twin);
CREATE TEMP TABLE first AS SELECT leads AS contact, accepted.account, request
    FROM person JOIN accepted USING (contact) WHERE leads IS NOT NULL;
CREATE TEMP TABLE later AS SELECT leads AS contact, ordinal, twin.account, request
    FROM person JOIN twin USING (contact) WHERE leads IS NOT NULL;
DELETE FROM accepted WHERE contact IN (SELECT contact FROM person);
DELETE FROM twin WHERE contact IN (SELECT contact FROM person UNION SELECT contact FROM several);
INSERT OR REPLACE INTO accepted SELECT contact, account, request FROM first;
INSERT OR IGNORE INTO twin SELECT contact, ordinal, account, request FROM later
    WHERE contact NOT IN (SELECT contact FROM several);
INSERT OR REPLACE INTO accepted SELECT contact, account, x'' FROM several;
DROP TABLE several;
DROP TABLE first;
DROP TABLE later;
";

fn from_first(db: &Connection) -> Result<()> {
    db.execute_batch(MET)?;
    {
        let mut people = db.prepare(
            "SELECT contact, account, id, creating, key FROM person JOIN account ON number = account ORDER BY contact",
        )?;
        let mut keep = db.prepare("INSERT INTO met VALUES (?1, ?2, ?3, ?4, ?5)")?;
        let mut rows = people.query([])?;
        while let Some(row) = rows.next()? {
            let (contact, account): (i64, i64) = (row.get(0)?, row.get(1)?);
            let (id, creating): (String, bool) = (row.get(2)?, row.get(3)?);
            let key = row.get_ref(4)?.as_blob()?;
            let leads = (!id.is_empty()).then(|| whom(key, &id));
            keep.execute(params![contact, account, id, creating, leads])?;
        }
    }
    db.execute_batch("DROP TABLE person; ALTER TABLE met RENAME TO person;")?;
    db.execute_batch(MOVED)
}
