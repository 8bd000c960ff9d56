//! When a run has to stop before its end: the guard hears every verdict and knows when to pull the brake.
//!
//! It judges by the words of verdicts, never by HTTP statuses, and it only says so; stopping is the river's business.

use std::collections::HashMap;

use tokio::time::Instant;

use crate::contact::{Fate, Verdict};
use crate::delivery::{self, Delivered};

/// Why a run ended before its last row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stop {
    /// A short word, such as `refused-credential`.
    pub code: &'static str,
    /// What happened, for people.
    pub reason: String,
    /// When to run again, where somebody said so.
    pub resume_at: Option<Instant>,
}

impl Stop {
    /// What to do next, for people: a time is only spoken of where there is one.
    #[must_use]
    pub fn advice(&self) -> &'static str {
        match self.code {
            _ if self.resume_at.is_some() => "run the same command again, after the time named",
            "max-errors" | "same-failure" => {
                "look at errors.csv, mend the cause, then run the same command again"
            }
            "outage" => "run the same command again when the provider is well",
            "unreachable" => "check the network and the base URL, then run the same command again",
            "told-to-wait" | "quota-spent" => "run the same command again later",
            _ => "mend that, then run the same command again",
        }
    }

    /// Whether it is about the rows that are left and about nothing else: where none is left, nothing was stopped.
    #[must_use]
    pub fn spares_rows(&self) -> bool {
        matches!(self.code, "max-errors" | "same-failure")
    }
}

/// How many rows may go wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MaxErrors {
    /// So many.
    Count(u64),
    /// So many in a hundred of all rows.
    Percent(u8),
}

impl MaxErrors {
    /// Reads `20` or `5%`.
    ///
    /// # Errors
    ///
    /// Says what it looks like.
    pub fn parse(text: &str) -> Result<Self, String> {
        let wrong = || format!("`{text}` is no number of errors; write `20` or `5%`");
        match text.strip_suffix('%') {
            None => text.parse().map(Self::Count).map_err(|_| wrong()),
            Some(share) => match share.trim().parse() {
                Ok(percent @ 0..=100) => Ok(Self::Percent(percent)),
                _ => Err(wrong()),
            },
        }
    }

    /// The most errors in a run of so many rows.
    #[must_use]
    pub fn most(self, rows: u64) -> u64 {
        match self {
            Self::Count(count) => count,
            Self::Percent(percent) => {
                u64::try_from(u128::from(rows) * u128::from(percent) / 100).unwrap_or(u64::MAX)
            }
        }
    }
}

/// Verdicts that say the set-up is wrong, not the row.
const SET_UP: [&str; 4] = ["refused-credential", "forbidden", "moved", "not-trusted"];
/// So many of them one after the other end the run.
const IN_A_ROW: u32 = 3;
/// Among so many first answers …
const FIRST: u32 = 100;
/// … no more than so many may fail the same way.
const SAME_WAY: u32 = 50;

/// Hears every verdict and knows when to stop.
#[derive(Debug)]
pub struct Guard {
    max_errors: Option<u64>,
    errors: u64,
    answered: u32,
    in_a_row: u32,
    same_way: HashMap<String, u32>,
}

impl Guard {
    /// A guard for a run that may have so many errors; with no number it stops when most of the first rows fail alike.
    #[must_use]
    pub fn new(max_errors: Option<u64>) -> Self {
        Self {
            max_errors,
            errors: 0,
            answered: 0,
            in_a_row: 0,
            same_way: HashMap::new(),
        }
    }

    /// Hears the verdict on a row that was settled without a request.
    pub fn hear_unsent(&mut self, verdict: &Verdict) -> Option<Stop> {
        self.count(verdict)
    }

    /// Hears what became of a row that was sent. A first row that only shows that the set-up is wrong is made pending where
    /// nothing of it was written: nothing is wrong with the row.
    pub fn hear_sent(&mut self, delivered: &mut Delivered) -> Option<Stop> {
        let (verdict, stop) = (&mut delivered.verdict, delivered.stop);
        let set_up = SET_UP.contains(&verdict.code.as_ref());
        let first = self.answered == 0;
        self.answered = self.answered.saturating_add(1);
        if set_up && first {
            // Somebody who may have been made stays in doubt.
            if !delivered.written && verdict.fate != Fate::Unknown {
                verdict.fate = Fate::Pending;
            }
            return Some(set_up_stop(verdict));
        }
        self.in_a_row = match set_up || verdict.code == "not-the-api" {
            true => self.in_a_row + 1,
            false => 0,
        };
        if let Some(stop) = stop {
            return Some(told(stop));
        }
        if self.in_a_row >= IN_A_ROW || verdict.code == "not-trusted" {
            return Some(set_up_stop(verdict));
        }
        if let Some(stop) = self.count(verdict) {
            return Some(stop);
        }
        self.same(verdict)
    }

    fn count(&mut self, verdict: &Verdict) -> Option<Stop> {
        self.errors += u64::from(verdict.fate.needs_a_person());
        let most = self.max_errors?;
        (self.errors > most).then(|| Stop {
            code: "max-errors",
            reason: format!(
                "more than {most} {} went wrong, the most that `--max-errors` allows",
                if most == 1 { "row" } else { "rows" }
            ),
            resume_at: None,
        })
    }

    fn same(&mut self, verdict: &Verdict) -> Option<Stop> {
        if self.answered > FIRST || self.max_errors.is_some() || verdict.fate != Fate::Failed {
            return None;
        }
        let code = verdict.code.as_ref();
        let times = self.same_way.entry(code.to_owned()).or_default();
        *times += 1;
        (*times > SAME_WAY).then(|| Stop {
            code: "same-failure",
            reason: format!(
                "more than half of the first {FIRST} rows failed with `{code}`; mend the cause, or go on all the same with `--max-errors 100%`"
            ),
            resume_at: None,
        })
    }
}

fn set_up_stop(verdict: &Verdict) -> Stop {
    let code = SET_UP.into_iter().find(|code| verdict.code == *code);
    let cause = match code {
        Some("refused-credential") => "the provider refuses the credential",
        Some("forbidden") => "the credential may not do this",
        Some("moved") => "the API is not at this address",
        Some("not-trusted") => "the server could not prove who it is",
        _ => "what answers is not the API",
    };
    Stop {
        code: code.unwrap_or("not-the-api"),
        reason: match verdict.message.is_empty() {
            true => cause.to_owned(),
            false => format!("{cause}: {}", verdict.message),
        },
        resume_at: None,
    }
}

/// Why a run stops, where the delivery says so.
#[must_use]
pub fn told(stop: delivery::Stop) -> Stop {
    let (code, reason, resume_at) = match stop {
        delivery::Stop::QuotaSpent { resume_at } => (
            "quota-spent",
            "the account has spent what it may ask for in a day".to_owned(),
            resume_at,
        ),
        delivery::Stop::WaitTooLong { wait } => (
            "told-to-wait",
            "the provider asks for a longer pause than a run waits".to_owned(),
            Instant::now().checked_add(wait),
        ),
        delivery::Stop::RetriesSpent => (
            "outage",
            "too many requests had to be repeated since the last one that went well".to_owned(),
            None,
        ),
        delivery::Stop::Unreachable => (
            "unreachable",
            "nothing has reached the provider for a minute".to_owned(),
            None,
        ),
    };
    Stop {
        code,
        reason,
        resume_at,
    }
}
