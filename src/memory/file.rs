//! Opens the state file, for writing or only to look, and makes sure that it can be relied on before anything is sent.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use percent_encoding::{NON_ALPHANUMERIC, percent_encode};
use rusqlite::config::DbConfig;
use rusqlite::{Connection, ErrorCode, OpenFlags, OptionalExtension as _, Result};
use tempfile::TempDir;

use super::forward::bring_forward;
use super::layout::{Claim, FORMAT, claim, lay_out, pulse, today};
use super::looks::Looks;
use super::merge::merge;
use super::notes::Writer;
use super::place::{prepare, present};
use super::writer::Written;
use super::{AccountKey, Fault, JobKey, Lock, Memory, NoLock, Turns};

/// So long is waited for another run that writes.
const PATIENCE: Duration = Duration::from_secs(30);
/// So long before it is tried again.
const PAUSE: Duration = Duration::from_millis(5);
/// What the connection that writes may keep in memory, in KiB.
const WRITING: i64 = 2_048;
/// What the connection that looks up may keep in memory, in KiB.
const LOOKING: i64 = 2_048;
/// What was spent longer ago than this many days is of no use.
const DAYS_KEPT: i64 = 7;

/// A state file that is open and sound.
#[derive(Debug)]
pub struct StateFile {
    db: Connection,
    path: PathBuf,
    salt: Vec<u8>,
    access: Access,
    copy: Option<TempDir>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Access {
    Write,
    Look,
}

impl StateFile {
    /// Opens a state file and makes one where there is none. It was written to when this comes back, and what a run that
    /// was killed has left is in its place.
    ///
    /// # Errors
    ///
    /// It is no state file, damaged, from a newer version, or cannot be written to.
    pub fn open(path: &Path) -> Result<Self, Fault> {
        let real = prepare(path)?;
        Self::write(&real).map_err(|error| error.named(&real))
    }

    /// Opens a state file only to look, if there is one; nothing is ever written to it.
    ///
    /// # Errors
    ///
    /// It is no state file, damaged, from a newer version, or cannot be read.
    pub fn look(path: &Path) -> Result<Option<Self>, Fault> {
        let Some(real) = present(path)? else {
            return Ok(None);
        };
        Self::only_look(&real).map_err(|error| error.named(&real))
    }

    fn write(real: &Path) -> Result<Self, NotOpen> {
        let access = OpenFlags::SQLITE_OPEN_READ_WRITE;
        let mut db = connect(real.as_os_str().as_encoded_bytes(), access, WRITING)?;
        // Not where rows are looked up: there a page is read for every row, of a file that was checked whole.
        db.pragma_update(None, "cell_size_check", true)?;
        // Before the first look, which would make a journal of the older kind.
        if claim(&db)? == Claim::Nobody {
            write_ahead(&db)?;
            lay_out(&mut db)?;
        }
        check(&db)?;
        write_ahead(&db)?;
        db.pragma_update(None, "synchronous", "FULL")?;
        pulse(&db)?;
        db.execute("DELETE FROM spent WHERE day < ?1", [today() - DAYS_KEPT])?;
        bring_forward(&mut db)?;
        merge(&db)?;
        Ok(Self {
            salt: salt(&db)?,
            db,
            path: real.to_owned(),
            access: Access::Write,
            copy: None,
        })
    }

    fn only_look(real: &Path) -> Result<Option<Self>, NotOpen> {
        let mut beside = real.as_os_str().to_owned();
        beside.push("-wal");
        let in_use = fs::metadata(beside).is_ok_and(|found| found.len() > 0);
        let name = real.as_os_str().as_encoded_bytes();
        // A file that nobody has open is read as it lies there, which makes no other file beside it.
        let name = match in_use {
            true => name.to_vec(),
            false => {
                let encoded = percent_encode(name, NON_ALPHANUMERIC);
                format!("file:{encoded}?immutable=1").into_bytes()
            }
        };
        let access = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_URI;
        let db = connect(&name, access, LOOKING)?;
        if claim(&db)? == Claim::Nobody {
            return Ok(None);
        }
        check(&db)?;
        let (db, copy) = match claim(&db)? {
            Claim::Ours(FORMAT) => (db, None),
            _ => copy_forward(&db).map(|(db, copy)| (db, Some(copy)))?,
        };
        Ok(Some(Self {
            salt: salt(&db)?,
            db,
            path: real.to_owned(),
            access: Access::Look,
            copy,
        }))
    }

    /// Random bytes of this file alone: what is hashed with them cannot be compared with hashes from elsewhere.
    #[must_use]
    pub fn salt(&self) -> &[u8] {
        &self.salt
    }

    /// Takes the lock on a job; `since` is the time, for the people who find it taken.
    ///
    /// # Errors
    ///
    /// Another run holds it, or the system has no locks there.
    pub fn lock(&self, job: &JobKey, since: &str) -> Result<Lock, NoLock> {
        Lock::take(&self.path, job, since)
    }

    /// The account's turns, shared by all runs on this machine.
    ///
    /// # Errors
    ///
    /// The file beside this one cannot be made or is something else.
    pub fn turns(&self, account: &AccountKey) -> Result<Turns, Fault> {
        Turns::open(&self.path, account)
    }

    /// What is remembered of one account.
    ///
    /// # Errors
    ///
    /// The file cannot be read or written any more.
    pub fn remember(self, account: AccountKey) -> Result<Memory, Fault> {
        let path = self.path.clone();
        self.begin(account).map_err(|error| error.named(&path))
    }

    fn begin(self, account: AccountKey) -> Result<Memory, NotOpen> {
        let Self {
            db,
            path,
            access,
            copy,
            ..
        } = self;
        let spent_elsewhere = Arc::new(AtomicU64::new(0));
        let (looks, writer, spent_before) = match access {
            Access::Look => (Looks::unsorted(db, path)?, None, 0),
            Access::Write => {
                db.execute(
                    "INSERT OR IGNORE INTO account (key) VALUES (?1)",
                    [account.bytes()],
                )?;
                let number: i64 = db.query_row(
                    "SELECT number FROM account WHERE key = ?1",
                    [account.bytes()],
                    |row| row.get(0),
                )?;
                let spent = db
                    .query_row(
                        "SELECT requests FROM spent WHERE account = ?1 AND day = ?2",
                        [number, today()],
                        |row| row.get::<_, i64>(0),
                    )
                    .optional()?
                    .unwrap_or(0);
                let spent = spent.unsigned_abs();
                spent_elsewhere.store(spent, Ordering::Relaxed);
                let name = path.as_os_str().as_encoded_bytes();
                let reading = connect(name, OpenFlags::SQLITE_OPEN_READ_ONLY, LOOKING)?;
                let looks = Looks::sorted(reading, path.clone())?;
                let written = Written::new(db, path, number, Arc::clone(&spent_elsewhere));
                (looks, Some(Writer::start(written)?), spent)
            }
        };
        Ok(Memory {
            account,
            looks,
            writer,
            spent_before,
            spent_elsewhere,
            _copy: copy,
        })
    }
}

/// Why a file was not opened, before its name is put to it.
#[derive(Debug)]
enum NotOpen {
    Another,
    Newer(i64),
    Damaged(String),
    System(io::Error),
    Sql(rusqlite::Error),
}

impl From<io::Error> for NotOpen {
    fn from(error: io::Error) -> Self {
        Self::System(error)
    }
}

impl From<io::ErrorKind> for NotOpen {
    fn from(kind: io::ErrorKind) -> Self {
        Self::System(kind.into())
    }
}

impl From<rusqlite::Error> for NotOpen {
    fn from(error: rusqlite::Error) -> Self {
        Self::Sql(error)
    }
}

impl NotOpen {
    fn named(self, path: &Path) -> Fault {
        let path = path.to_owned();
        match self {
            Self::Another => Fault::NotOurs { path },
            Self::Newer(found) => Fault::Newer {
                path,
                found,
                known: FORMAT,
            },
            Self::Damaged(why) => Fault::Damaged { path, why },
            Self::System(error) => Fault::io(&path, error),
            Self::Sql(error) => Fault::sql(&path, error),
        }
    }
}

fn connect(name: &[u8], access: OpenFlags, kibibytes: i64) -> Result<Connection> {
    use std::os::unix::ffi::OsStrExt as _;
    let flags = access | OpenFlags::SQLITE_OPEN_NO_MUTEX | OpenFlags::SQLITE_OPEN_NOFOLLOW;
    let db = Connection::open_with_flags(Path::new(std::ffi::OsStr::from_bytes(name)), flags)?;
    db.busy_timeout(PATIENCE)?;
    // Otherwise whoever closes the file last tidies it up and syncs, even after a sync has failed.
    db.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, true)?;
    db.set_db_config(DbConfig::SQLITE_DBCONFIG_DEFENSIVE, true)?;
    db.set_db_config(DbConfig::SQLITE_DBCONFIG_TRUSTED_SCHEMA, false)?;
    db.pragma_update(None, "cache_size", -kibibytes)?;
    db.pragma_update(None, "temp_store", "MEMORY")?;
    Ok(db)
}

/// What a file of an older format says, in a copy of the newest one: the file itself is only looked at.
fn copy_forward(older: &Connection) -> Result<(Connection, TempDir), NotOpen> {
    let place = tempfile::tempdir()?;
    let path = place.path().join("state.db");
    let name = path.to_str().ok_or(io::ErrorKind::InvalidFilename)?;
    older.execute("VACUUM INTO ?1", [name])?;
    let mut copy = connect(name.as_bytes(), OpenFlags::SQLITE_OPEN_READ_WRITE, LOOKING)?;
    bring_forward(&mut copy)?;
    merge(&copy)?;
    Ok((copy, place))
}

/// Lets writers add to a journal beside the file, so that a commit is one stretch of writing and readers never wait.
fn write_ahead(db: &Connection) -> Result<(), NotOpen> {
    let change = || db.pragma_update_and_check(None, "journal_mode", "WAL", |row| row.get(0));
    let began = Instant::now();
    let mode: String = loop {
        match change() {
            // Where two make a file at the same moment, the library does not wait by itself.
            Err(error) if is_busy(&error) && began.elapsed() < PATIENCE => thread::sleep(PAUSE),
            changed => break changed?,
        }
    };
    if mode != "wal" {
        return Err(io::Error::from(io::ErrorKind::Unsupported).into());
    }
    // Done by the writer, who looks at how it went.
    db.pragma_update(None, "wal_autocheckpoint", 0)?;
    Ok(())
}

fn is_busy(error: &rusqlite::Error) -> bool {
    error.sqlite_error_code() == Some(ErrorCode::DatabaseBusy)
}

/// Makes sure that the file is ours, known and whole.
fn check(db: &Connection) -> Result<(), NotOpen> {
    match claim(db)? {
        Claim::Ours(format) if format > FORMAT => return Err(NotOpen::Newer(format)),
        Claim::Ours(1..) => {}
        Claim::Ours(_) | Claim::Nobody | Claim::Another => return Err(NotOpen::Another),
    }
    let found: String = db.query_row("PRAGMA quick_check(1)", [], |row| row.get(0))?;
    match found.as_str() {
        "ok" => Ok(()),
        _ => Err(NotOpen::Damaged(found.replace('\n', " "))),
    }
}

fn salt(db: &Connection) -> Result<Vec<u8>> {
    db.query_row("SELECT salt FROM meta", [], |row| row.get(0))
}
