//! A run that has ended, as a test looks at it: its exit code, its words and its reports.

use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;
use tempfile::TempDir;

/// A run that has ended.
pub(crate) struct Done {
    pub(crate) code: Option<i32>,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
    pub(crate) place: TempDir,
    pub(crate) args: Vec<OsString>,
}

/// One line of `results.csv`, by its columns.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Line {
    pub(crate) row: u64,
    pub(crate) line: u64,
    pub(crate) contact_id: String,
    pub(crate) outcome: String,
    pub(crate) http_status: String,
    pub(crate) attempts: u64,
    pub(crate) code: String,
    pub(crate) field: String,
    pub(crate) message: String,
    pub(crate) request_id: String,
}

impl Done {
    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.place.path().join(name)
    }

    pub(crate) fn place(&self) -> &Path {
        self.place.path()
    }

    pub(crate) fn args(&self) -> &[OsString] {
        &self.args
    }

    /// The run directory: the one asked for, or the only one below `runs/`.
    pub(crate) fn directory(&self) -> Option<PathBuf> {
        let out = self.args.iter().position(|arg| arg == "--out");
        if let Some(out) = out.and_then(|at| self.args.get(at + 1)) {
            return Some(self.place.path().join(out)).filter(|path| path.exists());
        }
        let mut runs = fs::read_dir(self.path("runs"))
            .ok()?
            .map(|entry| entry.expect("an entry").path());
        let only = runs.next();
        assert_eq!(runs.next(), None, "one run, one directory");
        only
    }

    /// A report, if it is there.
    pub(crate) fn report(&self, name: &str) -> Option<String> {
        fs::read_to_string(self.directory()?.join(name)).ok()
    }

    pub(crate) fn summary(&self) -> Value {
        let text = self
            .report("summary.json")
            .unwrap_or_else(|| panic!("no summary: {self}"));
        serde_json::from_str(&text).expect("JSON")
    }

    /// How many rows met this fate.
    pub(crate) fn count(&self, outcome: &str) -> u64 {
        self.summary()["outcomes"][outcome]
            .as_u64()
            .unwrap_or_default()
    }

    pub(crate) fn results(&self) -> Vec<Line> {
        let text = self
            .report("results.csv")
            .unwrap_or_else(|| panic!("no results: {self}"));
        let mut reader = csv::Reader::from_reader(text.as_bytes());
        let number = |text: &str| text.parse().expect("a number");
        let line = |record: csv::StringRecord| Line {
            row: number(&record[0]),
            line: number(&record[1]),
            contact_id: record[2].to_owned(),
            outcome: record[3].to_owned(),
            http_status: record[4].to_owned(),
            attempts: number(&record[5]),
            code: record[7].to_owned(),
            field: record[8].to_owned(),
            message: record[9].to_owned(),
            request_id: record[10].to_owned(),
        };
        reader
            .records()
            .map(|record| line(record.expect("a record")))
            .collect()
    }

    /// Ended with this code.
    #[track_caller]
    pub(crate) fn code(&self, code: i32) -> &Self {
        assert_eq!(self.code, Some(code), "{self}");
        self
    }

    /// Every row met this fate.
    #[track_caller]
    pub(crate) fn all(&self, outcome: &str) -> &Self {
        assert!(
            self.results().iter().all(|line| line.outcome == outcome),
            "{self}"
        );
        self
    }

    /// A row met this fate, for this reason.
    #[track_caller]
    pub(crate) fn row(&self, row: u64, outcome: &str, code: &str) -> &Self {
        let met = |line: &Line| line.row == row && line.outcome == outcome && line.code == code;
        let results = self.results();
        assert!(
            results.iter().any(met),
            "row {row} is not {outcome} {code}: {self}"
        );
        self
    }

    /// Standard error has this in it.
    #[track_caller]
    pub(crate) fn says(&self, words: &str) -> &Self {
        assert!(self.stderr.contains(words), "`{words}` is missing: {self}");
        self
    }
}

impl std::fmt::Display for Done {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        writeln!(f, "{:?} ended with {:?}", self.args, self.code)?;
        writeln!(f, "--- stdout\n{}--- stderr\n{}", self.stdout, self.stderr)?;
        let results = self.report("results.csv").unwrap_or_default();
        writeln!(f, "--- results.csv\n{results}")
    }
}
