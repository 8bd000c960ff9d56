//! The one thread that writes: takes what is to be kept, commits whatever has come together, and says so.
//!
//! A commit outlives this process at once. The disk has it after a sync, which is made for many commits together: at the
//! latest after [`DURABLE_TIME`] or [`DURABLE_ROWS`] rows, and at the end. After the first failure nothing is written or
//! synced again, because the system may have dropped what it could not write and call it clean.

use std::fs;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, TryRecvError};
use std::time::{Duration, Instant};

use rusqlite::config::DbConfig;
use rusqlite::{Connection, Result, Transaction, TransactionBehavior, params};

use super::layout::{pulse, today};
use super::merge::{FRESH_ROWS, Sorting, merge};
use super::notes::{Note, Order};
use super::pack::pack;
use super::{Fault, Person};

/// The disk has everything that is older than this.
pub const DURABLE_TIME: Duration = Duration::from_millis(200);
/// The disk lacks fewer rows than this.
pub const DURABLE_ROWS: u64 = 1_000;

/// At this length of the journal, in bytes, its content is moved to where it belongs.
const JOURNAL: u64 = 8 * 1024 * 1024;
/// So much of what was handed over is committed together at most.
const TOGETHER: usize = 100;

/// The file, from inside the thread.
#[derive(Debug)]
pub(super) struct Written {
    db: Connection,
    pub(super) path: PathBuf,
    account: i64,
    /// Rows in the list that waits to be sorted in.
    fresh: u64,
    /// A list that is being sorted in, between what others wait for.
    sorting: Option<Sorting>,
    /// Rows that the disk may not have, and since when.
    not_durable: Option<(u64, Instant)>,
    /// The day, and what this run has spent on it.
    spent: (i64, u64),
    spent_elsewhere: Arc<AtomicU64>,
    /// What the next commit does about the disk, as the connection was last told.
    sync: Option<Sync>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Sync {
    Now,
    Later,
}

impl Written {
    pub(super) fn new(
        db: Connection,
        path: PathBuf,
        account: i64,
        spent_elsewhere: Arc<AtomicU64>,
    ) -> Self {
        Self {
            db,
            path,
            account,
            fresh: 0,
            sorting: None,
            not_durable: None,
            spent: (0, 0),
            spent_elsewhere,
            sync: None,
        }
    }

    pub(super) fn work(mut self, inbox: &Receiver<Order>) {
        loop {
            let orders = match self.next(inbox) {
                Ok(Some(orders)) => orders,
                Ok(None) => return,
                Err(error) => return refuse(inbox, &Fault::sql(&self.path, error)),
            };
            let (mut notes, mut waiting, mut end) = (Vec::new(), Vec::new(), None);
            for order in orders {
                match order {
                    Order::Keep(more, answer) => {
                        notes.extend(more);
                        waiting.push(answer);
                    }
                    Order::Finish(answer) => end = Some(answer),
                }
            }
            let kept = self.keep(&notes);
            let failed = kept.is_err();
            let answer = kept.map_err(|error| Fault::sql(&self.path, error));
            for waiting in waiting {
                // Nobody listens where the run was left in a hurry.
                let _ = waiting.send(answer.clone());
            }
            if let (Err(fault), None) = (&answer, &end) {
                return refuse(inbox, fault);
            }
            if let Some(end) = end {
                let path = self.path.clone();
                let tidied = match failed {
                    true => answer,
                    false => self.tidy().map_err(|error| Fault::sql(&path, error)),
                };
                let _ = end.send(tidied);
                return;
            }
        }
    }

    /// Waits for something to do: what has come in, or nothing where it is time to sync. Meanwhile a long list is sorted in,
    /// a step after everything that was done for others, so that they wait no longer than for that.
    fn next(&mut self, inbox: &Receiver<Order>) -> Result<Option<Vec<Order>>> {
        if self.fresh >= FRESH_ROWS && self.sorting.is_none() {
            self.sorting = Some(Sorting::begin(&self.db)?);
            self.fresh = 0;
        }
        self.sort_some()?;
        let first = loop {
            let since = self.not_durable.map(|(_, since)| since.elapsed());
            let left = since.map(|since| DURABLE_TIME.saturating_sub(since));
            let heard = match (&self.sorting, left) {
                (Some(_), Some(Duration::ZERO)) => return Ok(Some(Vec::new())),
                (Some(_), _) => inbox.try_recv().map_err(|none| match none {
                    TryRecvError::Empty => RecvTimeoutError::Timeout,
                    TryRecvError::Disconnected => RecvTimeoutError::Disconnected,
                }),
                (None, Some(left)) => inbox.recv_timeout(left),
                (None, None) => inbox.recv().map_err(|_| RecvTimeoutError::Disconnected),
            };
            match heard {
                Ok(first) => break first,
                Err(RecvTimeoutError::Disconnected) => return Ok(None),
                Err(RecvTimeoutError::Timeout) if self.sorting.is_none() => {
                    return Ok(Some(Vec::new()));
                }
                Err(RecvTimeoutError::Timeout) => self.sort_some()?,
            }
        };
        let mut orders = vec![first];
        orders.extend(inbox.try_iter().take(TOGETHER - 1));
        Ok(Some(orders))
    }

    /// Sorts in some more of a long list, where one is being sorted in.
    fn sort_some(&mut self) -> Result<()> {
        let Some(mut sorting) = self.sorting.take() else {
            return Ok(());
        };
        self.set(Sync::Later)?;
        if !sorting.step(&self.db)? {
            self.sorting = Some(sorting);
        }
        Ok(())
    }

    fn keep(&mut self, notes: &[Note]) -> Result<()> {
        let rows = notes.len() as u64;
        let (waiting, since) = self.not_durable.unwrap_or((0, Instant::now()));
        // What must not be made twice is on the disk before it is made.
        let creating = |note: &Note| {
            note.person
                .as_ref()
                .is_some_and(|(_, person, _)| person.creating)
        };
        let due = waiting + rows >= DURABLE_ROWS
            || since.elapsed() >= DURABLE_TIME
            || notes.iter().any(creating);
        match due {
            true => self.commit(notes, Sync::Now)?,
            false => self.commit(notes, Sync::Later)?,
        }
        self.not_durable = (!due).then_some((waiting + rows, since));
        self.fresh += rows;
        if due {
            self.check_journal()?;
        }
        Ok(())
    }

    /// Sets what the next commit does about the disk.
    fn set(&mut self, sync: Sync) -> Result<()> {
        if self.sync == Some(sync) {
            return Ok(());
        }
        let level = match sync {
            Sync::Now => "FULL",
            Sync::Later => "NORMAL",
        };
        self.db.pragma_update(None, "synchronous", level)?;
        self.sync = Some(sync);
        Ok(())
    }

    fn commit(&mut self, notes: &[Note], sync: Sync) -> Result<()> {
        self.set(sync)?;
        let requests = notes.iter().map(|note| u64::from(note.requests)).sum();
        let work = Transaction::new_unchecked(&self.db, TransactionBehavior::Immediate)?;
        let packed = pack(notes.iter().filter_map(|note| note.entry));
        if !packed.is_empty() {
            work.prepare_cached("INSERT INTO fresh (account, packed) VALUES (?1, ?2)")?
                .execute(params![self.account, packed])?;
        }
        {
            let mut keep =
                work.prepare_cached("INSERT OR REPLACE INTO person VALUES (?1, ?2, ?3, ?4, ?5)")?;
            for (known, person, leads) in notes.iter().filter_map(|note| note.person.as_ref()) {
                let leads = leads.map(|place| place.contact);
                let Person { id, creating } = person;
                keep.execute(params![known.0, self.account, id, creating, leads])?;
            }
        }
        let total = spend(&work, self.account, requests)?;
        if notes.is_empty() {
            pulse(&work)?;
        }
        work.commit()?;
        if let Some((day, total)) = total {
            let before = match self.spent {
                (own, before) if own == day => before,
                _ => 0,
            };
            self.spent = (day, before + requests);
            let elsewhere = total.saturating_sub(self.spent.1);
            self.spent_elsewhere.store(elsewhere, Ordering::Relaxed);
        }
        Ok(())
    }

    /// Moves the journal's content to where it belongs once there is much of it.
    fn check_journal(&self) -> Result<()> {
        let mut journal = self.path.as_os_str().to_owned();
        journal.push("-wal");
        match fs::metadata(journal) {
            Ok(found) if found.len() > JOURNAL => self.checkpoint("PASSIVE"),
            _ => Ok(()),
        }
    }

    fn checkpoint(&self, kind: &str) -> Result<()> {
        self.db
            .query_row(&format!("PRAGMA wal_checkpoint({kind})"), [], |_| Ok(()))
    }

    /// Everything to the disk and in its place.
    fn tidy(mut self) -> Result<()> {
        self.commit(&[], Sync::Now)?;
        while self.sorting.is_some() {
            self.sort_some()?;
        }
        self.set(Sync::Now)?;
        merge(&self.db)?;
        self.checkpoint("TRUNCATE")?;
        // Nothing has failed, so the last one may take the empty journal away.
        self.db
            .set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, false)?;
        self.db.close().map_err(|(_, error)| error)
    }
}

/// Counts requests; gives the day and all that the account was asked on it.
fn spend(db: &Connection, account: i64, requests: u64) -> Result<Option<(i64, u64)>> {
    if requests == 0 {
        return Ok(None);
    }
    let day = today();
    let mut add = db.prepare_cached(
        "INSERT INTO spent VALUES (?1, ?2, ?3)
         ON CONFLICT DO UPDATE SET requests = requests + excluded.requests RETURNING requests",
    )?;
    let more = i64::try_from(requests).unwrap_or(i64::MAX);
    let total: i64 = add.query_row(params![account, day, more], |row| row.get(0))?;
    Ok(Some((day, total.unsigned_abs())))
}

/// Says to everybody who still asks that it is over.
fn refuse(inbox: &Receiver<Order>, fault: &Fault) {
    for order in inbox {
        match order {
            Order::Keep(_, answer) => {
                let _ = answer.send(Err(fault.clone()));
            }
            Order::Finish(answer) => {
                let _ = answer.send(Err(fault.clone()));
            }
        }
    }
}
