//! How a run ended, as one number: the documented exit codes and what each one asks of a scheduler.
//!
//! This file only holds the table; which code a run deserves is decided by the verbs.

use std::process::ExitCode;

/// How the program ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Exit {
    /// Every row is fine.
    Fine,
    /// Finished, and some rows need a person.
    RowsNeedAPerson,
    /// The command line was wrong.
    Usage,
    /// Mapping, provider file, settings or credential cannot be used; nothing was sent.
    SetUp,
    /// The input cannot be used; nothing was sent.
    Input,
    /// Stopped before the end; the rest is pending.
    StoppedEarly,
    /// This machine failed: disk, state file.
    LocalFault,
    /// Another run of the same job is under way.
    AnotherRun,
    /// Interrupted from the keyboard (SIGINT).
    Interrupted,
    /// Asked to end (SIGTERM, or SIGHUP).
    Terminated,
}

impl Exit {
    /// All of them, by code.
    pub const ALL: [Self; 10] = [
        Self::Fine,
        Self::RowsNeedAPerson,
        Self::Usage,
        Self::SetUp,
        Self::Input,
        Self::StoppedEarly,
        Self::LocalFault,
        Self::AnotherRun,
        Self::Interrupted,
        Self::Terminated,
    ];

    /// The number handed to the caller. 101, a panic, is none of them: it is always a bug.
    #[must_use]
    pub fn code(self) -> u8 {
        match self {
            Self::Fine => 0,
            Self::RowsNeedAPerson => 1,
            Self::Usage => 2,
            Self::SetUp => 3,
            Self::Input => 4,
            Self::StoppedEarly => 5,
            Self::LocalFault => 6,
            Self::AnotherRun => 7,
            Self::Interrupted => 130,
            Self::Terminated => 143,
        }
    }

    /// What it means, in one line.
    #[must_use]
    pub fn meaning(self) -> &'static str {
        match self {
            Self::Fine => "every row is fine",
            Self::RowsNeedAPerson => "finished; some rows are invalid, failed or unknown",
            Self::Usage => "wrong usage of the command line",
            Self::SetUp => {
                "mapping, provider file, settings or credential unusable: nothing was sent"
            }
            Self::Input => "input unusable: nothing was sent",
            Self::StoppedEarly => {
                "stopped early (outage, refused credential, guard, quota): the rest is pending"
            }
            Self::LocalFault => "local fault: disk, state file",
            Self::AnotherRun => "another run of the same job is under way",
            Self::Interrupted | Self::Terminated => "interrupted; whole and resumable",
        }
    }

    /// What a scheduler should do about it.
    #[must_use]
    pub fn advice(self) -> &'static str {
        match self {
            Self::Fine => "be quiet",
            Self::RowsNeedAPerson => "show errors.csv to a person",
            Self::Usage => "fix the call",
            Self::SetUp => "fix the set-up",
            Self::Input => "fix the file",
            Self::StoppedEarly => "run the same command again, after the time named",
            Self::LocalFault => "fix the machine, run again",
            Self::AnotherRun => "wait",
            Self::Interrupted | Self::Terminated => "run the same command again",
        }
    }

    /// The whole table as `--help` shows it: a line for each code.
    #[must_use]
    pub fn table() -> String {
        let mut table = String::from("Exit codes:\n");
        for exit in Self::ALL {
            table += &format!("  {:>3}  {}\n", exit.code(), exit.meaning());
        }
        table
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit.code())
    }
}
