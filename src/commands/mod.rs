//! One verb per file, wiring only: what was asked for meets the rooms that do it.
//!
//! No loop over rows stands here and nothing is decided about one; a verb either ends with an [`Exit`] or with a
//! [`Failure`], which says why and what to do next.

mod account;
mod definitions;
mod doctor;
mod job;
mod listener;
mod mapping;
mod provider;
mod providers;
mod reading;
mod run;
mod sandbox;

use crate::cli::{Cli, Format, Log, Verb};
use crate::mistake::Mistake;
use crate::report::exit::Exit;
use crate::report::log::{Level, LogFormat};
use crate::report::progress::Progress;
use crate::report::{mistakes, screen};

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

    fn mistakes(mistakes: Vec<Mistake>) -> Self {
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
