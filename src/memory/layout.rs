//! The layout of the state file: its tables and the settings under which they are written.
//!
//! | table | a row is |
//! | --- | --- |
//! | `meta` | the file itself: the salt for what may not be guessed, and a counter that is written when a write is needed |
//! | `account` | an account by its key; others name it by its number |
//! | `accepted` | the request last accepted for the first (mostly the only) row about a contact |
//! | `twin` | the same for the second and later rows about a contact |
//! | `fresh` | the same, not yet sorted in: a commit's rows of an account, put together by `pack`, and only ever added at the end |
//! | `person` | what rows know a contact by instead of its id, the id it led to, and the place to which that id leads; or that it is being created |
//! | `spent` | the requests an account was asked on a day, counted from 1970 |
//!
//! A contact is its id, whatever rows know it by: what they know it by leads to the id, the id to what was accepted.
//! A request of no bytes is a doubt: something was sent after it, and no answer is remembered.

use rusqlite::{Connection, Result, TransactionBehavior};

/// "CSYN": how the file says whose it is.
pub(super) const APPLICATION: i64 = 0x4353_594e;
/// The newest format known here.
pub(super) const FORMAT: i64 = 3;

/// The rows that wait, as [`pack`](super::pack) puts them together.
pub(super) const FRESH: &str = "
CREATE TABLE fresh (number INTEGER PRIMARY KEY, account INTEGER NOT NULL,
    packed BLOB NOT NULL CHECK (length(packed) % 29 = 0)) STRICT;
";

const TABLES: &str = "
CREATE TABLE meta (salt BLOB NOT NULL, pulse INTEGER NOT NULL) STRICT;
CREATE TABLE account (number INTEGER PRIMARY KEY, key BLOB NOT NULL UNIQUE) STRICT;
CREATE TABLE accepted (contact INTEGER PRIMARY KEY, account INTEGER NOT NULL, request BLOB NOT NULL) STRICT;
CREATE TABLE twin (contact INTEGER, ordinal INTEGER, account INTEGER NOT NULL, request BLOB NOT NULL,
    PRIMARY KEY (contact, ordinal)) STRICT, WITHOUT ROWID;
CREATE TABLE person (contact INTEGER PRIMARY KEY, account INTEGER NOT NULL, id TEXT NOT NULL,
    creating INTEGER NOT NULL, leads INTEGER) STRICT;
CREATE TABLE spent (account INTEGER, day INTEGER, requests INTEGER NOT NULL,
    PRIMARY KEY (account, day)) STRICT, WITHOUT ROWID;
INSERT INTO meta VALUES (randomblob(32), 0);
";

/// Whose file it is, by its own words.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Claim {
    /// Nobody's: it is empty.
    Nobody,
    /// Ours, in this format.
    Ours(i64),
    /// Somebody else's.
    Another,
}

/// Reads whose file it is.
pub(super) fn claim(db: &Connection) -> Result<Claim> {
    let number = |sql: &str| db.query_row(sql, [], |row| row.get::<_, i64>(0));
    Ok(match number("PRAGMA application_id")? {
        APPLICATION => Claim::Ours(number("PRAGMA user_version")?),
        0 if number("SELECT count(*) FROM sqlite_schema")? == 0 => Claim::Nobody,
        _ => Claim::Another,
    })
}

/// Writes the tables into an empty file, unless somebody else was faster.
pub(super) fn lay_out(db: &mut Connection) -> Result<()> {
    let work = db.transaction_with_behavior(TransactionBehavior::Immediate)?;
    if claim(&work)? == Claim::Nobody {
        work.execute_batch(TABLES)?;
        work.execute_batch(FRESH)?;
        work.pragma_update(None, "application_id", APPLICATION)?;
        work.pragma_update(None, "user_version", FORMAT)?;
    }
    work.commit()
}

/// Writes a row that means nothing: to see that writing works, or because only a commit brings the others to the disk.
pub(super) fn pulse(db: &Connection) -> Result<()> {
    db.prepare_cached("UPDATE meta SET pulse = pulse + 1")?
        .execute([])?;
    Ok(())
}

/// Days since 1970, in UTC.
pub(super) fn today() -> i64 {
    let since = std::time::UNIX_EPOCH.elapsed().unwrap_or_default();
    i64::try_from(since.as_secs() / (24 * 60 * 60)).unwrap_or(i64::MAX)
}
