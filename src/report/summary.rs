//! `summary.json`: the run as a whole, for machines.
//!
//! The keys are a contract; counts come from the tally alone. It is written last, so that its presence says that the
//! other reports are whole.

use std::io::Write;
use std::path::PathBuf;
use std::time::Duration;

use jiff::Timestamp;
use serde::{Serialize, Serializer};

use crate::contact::Fate;
use crate::report::directory::{RunDirectory, SUMMARY, Unwritable};
use crate::report::exit::Exit;
use crate::report::tally::Tally;

/// Whether rows were sent or only looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Rows were sent.
    Sent,
    /// A dry run: nothing was sent.
    Dry,
}

/// What the reports cannot know by hearing outcomes.
#[derive(Debug, Clone, PartialEq)]
pub struct Facts {
    /// Whether rows were sent.
    pub kind: Kind,
    /// When the run began.
    pub started: Timestamp,
    /// When its last row was settled.
    pub finished: Timestamp,
    /// From beginning to end by a clock that nobody sets.
    pub took: Duration,
    /// Requests a second while sending.
    pub achieved: f64,
    /// The provider's name.
    pub provider: String,
    /// The account, in words that are no secret.
    pub account: String,
    /// The mapping file, as it was given.
    pub mapping: String,
    /// The options that this job needs again, such as `--sandbox`; `--dry-run` is understood.
    pub options: Vec<String>,
    /// The options that name what this run has written, such as `--out`: no later run writes over it.
    pub taken: Vec<&'static str>,
    /// The input, as it was given.
    pub input: String,
    /// SHA-256 of the input's bytes, in hexadecimal.
    pub input_sha256: String,
    /// How the input was read.
    pub read: Read,
    /// Requests sent, retries included.
    pub requests: u64,
    /// Requests sent again.
    pub retries: u64,
    /// Answers that said "slow down".
    pub throttled: u64,
    /// The rate allowed, such as `100/10s`; empty where there is none.
    pub allowed: String,
    /// How it ended.
    pub exit: Exit,
    /// Why it ended early; empty where it did not.
    pub reason: String,
    /// What to do next where it stopped early; empty where the exit code says it all.
    pub next: String,
}

/// What was decided about the input before its first row.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Read {
    /// The encoding of its text; nothing for a spreadsheet.
    pub encoding: Option<String>,
    /// How it is packed, such as `gzip`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub packed: Option<String>,
    /// What separates its cells; nothing for a spreadsheet.
    pub delimiter: Option<String>,
    /// The sheet of a spreadsheet.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sheet: Option<String>,
    /// The line of its header, or its row in a sheet; nothing where there is none.
    pub header_line: Option<u64>,
    /// Its rows, whether they were all to be looked at or not.
    pub rows: u64,
    /// The columns that the mapping names, as the input spells them.
    pub columns_mapped: Vec<String>,
    /// The columns that it does not.
    pub columns_unmapped: Vec<String>,
}

/// What stands in `summary.json`, key by key.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Summary {
    /// The run directory's name.
    pub run: String,
    /// When it began: RFC 3339, UTC.
    pub started: String,
    /// When it ended: RFC 3339, UTC.
    pub finished: String,
    /// The provider's name.
    pub provider: String,
    /// The account.
    pub account: String,
    /// The mapping file.
    pub mapping: String,
    /// The input.
    pub input: String,
    /// SHA-256 of the input.
    pub input_sha256: String,
    /// How the input was read.
    pub read: Read,
    /// Rows of the input that were heard of.
    pub rows: u64,
    /// How many of them met each fate.
    pub outcomes: Outcomes,
    /// Requests sent, retries included.
    pub requests: u64,
    /// Requests sent again.
    pub retries: u64,
    /// Answers that said "slow down".
    pub throttled: u64,
    /// The rate.
    pub rate: Rate,
    /// The exit code.
    pub exit: u8,
    /// Why it ended early; empty where it did not.
    pub reason: String,
}

/// Every fate's word that this kind of run can meet, with its count.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outcomes(Vec<(&'static str, u64)>);

impl Serialize for Outcomes {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().copied())
    }
}

/// The rate that was allowed and the one that was reached.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Rate {
    /// Requests per window, such as `100/10s`.
    pub allowed: String,
    /// Requests a second while sending, to two decimals.
    pub achieved: f64,
}

impl Summary {
    /// Puts together what was counted and what is known.
    #[must_use]
    pub fn of(run: String, tally: &Tally, facts: &Facts) -> Self {
        Self {
            run,
            started: utc(facts.started),
            finished: utc(facts.finished),
            provider: facts.provider.clone(),
            account: facts.account.clone(),
            mapping: facts.mapping.clone(),
            input: facts.input.clone(),
            input_sha256: facts.input_sha256.clone(),
            read: facts.read.clone(),
            rows: tally.rows(),
            outcomes: outcomes(tally, facts.kind),
            requests: facts.requests,
            retries: facts.retries,
            throttled: facts.throttled,
            rate: Rate {
                allowed: facts.allowed.clone(),
                achieved: (facts.achieved * 100.0).round() / 100.0,
            },
            exit: facts.exit.code(),
            reason: facts.reason.clone(),
        }
    }

    /// The object on one line, for `--format json`.
    #[must_use]
    pub fn json(&self) -> String {
        // Text, numbers and a map with text keys: nothing in it can fail to be written.
        serde_json::to_string(self).unwrap_or_default()
    }

    /// Writes `summary.json`.
    ///
    /// # Errors
    ///
    /// When not all of it reached the disk.
    pub fn write(&self, directory: &RunDirectory) -> Result<PathBuf, Unwritable> {
        let mut file = directory.begin(SUMMARY)?;
        let written = serde_json::to_writer_pretty(&mut file, self)
            .map_err(std::io::Error::from)
            .and_then(|()| file.write_all(b"\n"));
        match written {
            Ok(()) => file.finish(),
            Err(error) => Err(file.unwritable(error)),
        }
    }
}

fn outcomes(tally: &Tally, kind: Kind) -> Outcomes {
    let belongs = |fate| match fate {
        Fate::Updated | Fate::Created => kind == Kind::Sent,
        Fate::Valid => kind == Kind::Dry,
        _ => true,
    };
    let words = Fate::ALL
        .into_iter()
        // A count is never hidden, even one that this kind of run should not have.
        .filter(|fate| belongs(*fate) || tally.count(*fate) > 0)
        .map(|fate| (fate.word(), tally.count(fate)))
        .collect();
    Outcomes(words)
}

fn utc(time: Timestamp) -> String {
    format!("{time:.3}")
}
