//! One verb per file, wiring only: what was asked for meets the rooms that do it.
//!
//! No loop over rows stands here and nothing is decided about one; a verb either ends with an [`Exit`] or with a
//! [`Failure`], which says why and what to do next.

mod account;
mod again;
mod definitions;
mod doctor;
mod init;
mod job;
mod listener;
mod mapping;
mod own_fields;
mod people;
mod place;
mod provider;
mod providers;
mod question;
mod reading;
mod run;
mod sandbox;
mod state;
mod way;

use std::error::Error;
use std::fmt;
use std::sync::Arc;

use jiff::{Timestamp, Unit};
use tokio::time::Instant;

use crate::cli::{Cli, Format, Log, Verb};
use crate::mistake::{Mistake, Written};
use crate::report::exit::Exit;
use crate::report::log::{Level, LogFormat};
use crate::report::progress::Progress;
use crate::report::{mistakes, screen};
use crate::run::signals::Signal;

/// An error whose words say what was being done: they fit after "failed to …".
#[derive(Debug)]
struct FailedTo<E>(E);

impl<E: Error> fmt::Display for FailedTo<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "failed to {}", self.0)
    }
}

impl<E: Error> Error for FailedTo<E> {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.0.source()
    }
}

/// Why a verb ended before its work was done.
#[derive(Debug)]
pub struct Failure {
    exit: Exit,
    why: Why,
}

#[derive(Debug)]
enum Why {
    /// Files that somebody wrote are wrong.
    Mistakes(Vec<Mistake>),
    /// Something else is, and this is to be done next.
    Breakdown(anyhow::Error, &'static str),
}

impl Failure {
    fn new(exit: Exit, error: impl Into<anyhow::Error>, next: &'static str) -> Self {
        Self {
            exit,
            why: Why::Breakdown(error.into(), next),
        }
    }

    /// Mistakes, told file by file in the order in which they stand there.
    fn mistakes(mut mistakes: Vec<Mistake>) -> Self {
        let mut files: Vec<Arc<Written>> = Vec::new();
        for mistake in &mistakes {
            if !files.iter().any(|file| Arc::ptr_eq(file, &mistake.file)) {
                files.push(Arc::clone(&mistake.file));
            }
        }
        mistakes.sort_by_key(|mistake| {
            let file = files
                .iter()
                .position(|file| Arc::ptr_eq(file, &mistake.file));
            (file, mistake.span.start)
        });
        Self {
            exit: Exit::SetUp,
            why: Why::Mistakes(mistakes),
        }
    }

    /// Wrong usage that only shows once the words are understood.
    fn usage(what: String) -> Self {
        Self::new(
            Exit::Usage,
            anyhow::Error::msg(what),
            "`--help` shows how it is used",
        )
    }
}

/// Does what the command line asks for.
#[must_use]
pub fn perform(cli: Cli) -> Exit {
    let done = match cli.verb {
        Verb::Run(options) => run::perform(&options),
        Verb::Init(options) => init::perform(&options),
        Verb::Providers(options) => providers::perform(&options),
        Verb::Doctor(options) => doctor::perform(&options),
        Verb::Sandbox(options) => sandbox::perform(&options),
    };
    done.unwrap_or_else(|failure| {
        match failure.why {
            Why::Mistakes(found) => {
                screen::tell(&mistakes::render(
                    &found,
                    "nothing was sent",
                    screen::Paint::of_stderr(),
                ));
            }
            Why::Breakdown(error, next) => screen::tell(&screen::breakdown(error.as_ref(), next)),
        }
        failure.exit
    })
}

/// What requests and signals are waited for with.
fn runtime() -> Result<tokio::runtime::Runtime, Failure> {
    let built = wired();
    built.map_err(|error| Failure::new(Exit::LocalFault, error, "run the same command again"))
}

fn wired() -> std::io::Result<tokio::runtime::Runtime> {
    // Where descriptors are so few that it has no wires to itself it panics, so that many are asked for first.
    let wires: Vec<_> = (0..WIRES)
        .map(|_| std::io::pipe())
        .collect::<Result<_, _>>()?;
    drop(wires);
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
}

/// Pairs of descriptors that the runtime and its signals need, with some to spare.
const WIRES: usize = 4;

/// From when on a run can go on, for people, to the nearest second: a day's end is named as such.
fn when_to_go_on(moment: Option<Instant>) -> Option<String> {
    let wait = moment?.saturating_duration_since(Instant::now());
    let time = Timestamp::now().checked_add(wait).ok()?;
    let time = time.round(Unit::Second).ok()?;
    Some(format!(
        "run the same command again after {}",
        time.strftime("%Y-%m-%d %H:%M:%S UTC")
    ))
}

/// The end of a run that somebody wanted to end.
fn interrupted(signal: Signal) -> Exit {
    match signal {
        Signal::Interrupt => Exit::Interrupted,
        Signal::Terminate => Exit::Terminated,
    }
}

/// Starts the log and hands back the bar that it must not tear.
fn start_log(log: &Log) -> Progress {
    let progress = Progress::hidden();
    let level = match (log.quiet, log.verbose) {
        (true, _) => Level::Quiet,
        (false, 0) => Level::Normal,
        (false, times) => Level::Verbose(times),
    };
    let format = match log.log_format {
        Format::Text => LogFormat::Text,
        Format::Json => LogFormat::Json,
    };
    crate::report::log::start(level, format, &progress);
    progress
}
