//! Everybody in an account by what they are known by, for an account that cannot be asked for one of them: a file of the
//! run's own, gone when the run ends.

use rusqlite::{Connection, params};

/// Everybody in an account.
#[derive(Debug)]
pub struct People {
    db: Connection,
}

/// The list of people cannot be kept.
#[derive(Debug, thiserror::Error)]
#[error("keep the account's list of people on the disk")]
pub struct Lost(#[from] rusqlite::Error);

impl People {
    /// An empty list, on the disk and nameless.
    ///
    /// # Errors
    ///
    /// There is no room for temporary files.
    pub fn new() -> Result<Self, Lost> {
        let db = Connection::open("")?;
        db.execute_batch(
            "CREATE TABLE person (known TEXT NOT NULL, id TEXT NOT NULL, PRIMARY KEY (known, id)) WITHOUT ROWID; BEGIN",
        )?;
        Ok(Self { db })
    }

    /// The one form in which everybody is known: a key's word and a value, capitals or not.
    #[must_use]
    pub fn known(word: &str, value: &str) -> String {
        let value = value.trim().to_lowercase();
        match value.strip_prefix('+') {
            Some(digits) => format!("{word}:{digits}"),
            None => format!("{word}:{value}"),
        }
    }

    /// Notes that somebody is known by something.
    ///
    /// # Errors
    ///
    /// The disk is full.
    pub fn add(&self, known: &str, id: &str) -> Result<(), Lost> {
        let mut add = self
            .db
            .prepare_cached("INSERT OR IGNORE INTO person VALUES (?1, ?2)")?;
        add.execute(params![known, id])?;
        Ok(())
    }

    /// The ids of those who are known by something.
    ///
    /// # Errors
    ///
    /// The disk cannot be read.
    pub fn find(&self, known: &str) -> Result<Vec<String>, Lost> {
        let mut find = self
            .db
            .prepare_cached("SELECT id FROM person WHERE known = ?1 ORDER BY id")?;
        let ids = find.query_map([known], |row| row.get(0))?;
        Ok(ids.collect::<Result<_, _>>()?)
    }
}
