//! A run from its first row to its exit code: the river flows, the reports are closed, the closing words are said.

use std::path::{Path, PathBuf};
use std::time::Instant;

use jiff::Timestamp;
use tokio::runtime::Runtime;

use super::again;
use super::listener::Listener;
use super::mapping::Opened;
use super::state::Kept;
use super::{FailedTo, Failure, interrupted, when_to_go_on};
use crate::cli;
use crate::contact::Fate;
use crate::delivery::Delivery;
use crate::delivery::client::Client;
use crate::delivery::counts::{Counts, Narrow};
use crate::mapping::apply::Bound;
use crate::memory::{Memory, People};
use crate::provider::api::Limit;
use crate::provider::script::Script;
use crate::report::directory::{RunDirectory, Unwritable};
use crate::report::errors::Layout;
use crate::report::exit::Exit;
use crate::report::preview::{Allowance, Preview};
use crate::report::progress::Progress;
use crate::report::requests::Requests;
use crate::report::summary::{Facts, Kind, Read};
use crate::report::{Reports, screen};
use crate::run::ahead::{self, Ahead};
use crate::run::guard::{Guard, MaxErrors, Stop};
use crate::run::recall::{self, Recall, Which};
use crate::run::river::{self, Broken, Course, End, Sending};
use crate::run::signals::Signals;
use crate::run::twins::Twins;
use crate::source::{Sheet, Unreadable};

/// One run, ready to go: everything that was settled before the first row.
pub(super) struct Job<'a> {
    pub(super) options: &'a cli::Run,
    pub(super) opened: &'a Opened,
    pub(super) bound: &'a Bound<'a>,
    pub(super) script: &'a Script<'a>,
    pub(super) sheet: &'a Sheet,
    pub(super) read: Read,
    pub(super) limits: &'a [Limit],
    pub(super) rows: u64,
    pub(super) max_errors: Option<MaxErrors>,
    pub(super) account: String,
    /// What the requests may set off in the account.
    pub(super) effects: &'a [String],
    /// What the account is asked before the first row.
    pub(super) before: &'a [&'static str],
}

impl Job<'_> {
    /// Lets all rows pass and closes the reports.
    pub(super) fn perform(
        &self,
        runtime: &Runtime,
        delivery: Option<&Delivery<'_, Client>>,
        people: Option<&People>,
        mut kept: Kept,
        progress: Progress,
        signals: &mut Signals,
    ) -> Result<Exit, Failure> {
        let unwritable =
            |error: Unwritable| Failure::new(Exit::SetUp, FailedTo(error), "nothing was sent");
        // The directory first, because the requests may be wanted in it.
        let directory = match &self.options.out {
            Some(out) => RunDirectory::create(out),
            None => RunDirectory::make(&self.name()),
        };
        let directory = directory.map_err(unwritable)?;
        let requests = self.options.requests.as_deref();
        let requests = requests.map(|path| Requests::beside(&directory, path));
        let requests = requests.transpose();
        let requests = requests.map_err(|error| {
            directory.give_up();
            unwritable(error)
        })?;
        let facts = self.sheet.facts();
        let layout = Layout {
            header: self.sheet.header().to_vec(),
            delimiter: facts.delimiter,
            bom: facts.report_bom(),
        };
        tracing::info!("reports go to {}", directory.path().display());
        let mut listener = Listener {
            reports: Reports::begin(directory, layout).map_err(unwritable)?,
            requests,
            script: self.script,
            bound: self.bound,
            progress,
            preview: self
                .options
                .dry_run
                .then(|| Preview::with(self.effects, self.before)),
        };
        let started = (Timestamp::now(), Instant::now());
        if !self.options.log.quiet && !self.options.log.no_progress {
            listener.progress.draw(Some(self.rows));
        }
        let recall = self.recall(kept.memory.as_ref(), people)?;
        let rows = self.sheet.rows().map_err(unreadable)?;
        let flow = |rows| {
            let flow = self.flow(rows, delivery, recall, signals, &mut listener);
            runtime.block_on(flow)
        };
        let ended = ahead::along(rows, self.bound, self.rows, flow);
        let mut ended = ended.map_err(local_fault)??;
        let counts = delivery.map(Delivery::counts).unwrap_or_default();
        listener.progress.end();
        ended.remembering(kept.memory.take());
        self.close(listener, ended, &counts, started)
    }

    /// What the run goes by when it decides which rows are sent.
    fn recall<'m>(
        &self,
        memory: Option<&'m Memory>,
        people: Option<&'m People>,
    ) -> Result<Option<Recall<'m>>, Failure> {
        let Some(memory) = memory else {
            return Ok(None);
        };
        // All rows, whatever the limit: one beyond it is still newer than one before it.
        let twins = Twins::find(|| self.sheet.rows(), self.bound, self.sheet.facts().rows);
        let twins = twins.map_err(unreadable)?;
        let which = match self.options.force {
            true => Which::All,
            false => Which::Different,
        };
        let file = match self.sheet.is_report() {
            true => recall::File::Left,
            false => recall::File::Whole,
        };
        Ok(Some(Recall::new(memory, people, twins, which, file)))
    }

    async fn flow(
        &self,
        rows: Ahead,
        delivery: Option<&Delivery<'_, Client>>,
        recall: Option<Recall<'_>>,
        signals: &mut Signals,
        listener: &mut Listener<'_>,
    ) -> Result<Ended, Failure> {
        let course = Course {
            mapping: self.bound,
            script: self.script,
            sending: match delivery {
                None => Sending::Dry,
                Some(delivery) => {
                    Sending::Wet(delivery, usize::from(self.options.sending.concurrency))
                }
            },
        };
        let guard = Guard::new(self.max_errors.map(|most| most.most(self.rows)));
        match river::run(&course, rows, recall, guard, signals, listener).await {
            Ok(end) => Ok(Ended::Whole(end)),
            Err(Broken::Keeping(error)) => Err(Failure::new(Exit::LocalFault, FailedTo(error), "")),
            Err(Broken::Reading(error)) => {
                let exit = if error.is_local_fault() {
                    Exit::LocalFault
                } else {
                    Exit::Input
                };
                Ok(Ended::Broken(
                    exit,
                    anyhow::Error::new(error)
                        .context(format!("failed to read {}", self.sheet.facts().name)),
                ))
            }
        }
    }

    fn close(
        &self,
        listener: Listener<'_>,
        ended: Ended,
        counts: &Counts,
        (started, clock): (Timestamp, Instant),
    ) -> Result<Exit, Failure> {
        if let Ended::Whole(End {
            signal: Some(signal),
            abandoned: true,
            ..
        }) = &ended
        {
            return Ok(interrupted(*signal));
        }
        let wrong = listener.reports.tally().for_a_person() > 0;
        let left = listener.reports.tally().count(Fate::Pending) > 0;
        let (exit, reason) = match &ended {
            // "Nothing was sent" is no longer true of an input that changed on the way.
            Ended::Broken(Exit::Input, error) if counts.requests > 0 => {
                (Exit::LocalFault, format!("{error:#}"))
            }
            Ended::Broken(exit, error) => (*exit, format!("{error:#}")),
            Ended::Whole(End {
                fault: Some(fault), ..
            }) => (
                Exit::LocalFault,
                format!("failed to {:#}", anyhow::Error::new(fault.clone())),
            ),
            Ended::Whole(End {
                signal: Some(signal),
                ..
            }) => (interrupted(*signal), "interrupted".to_owned()),
            Ended::Whole(End {
                stop: Some(stop), ..
            }) if left || !stop.spares_rows() => (Exit::StoppedEarly, reason(stop)),
            // Whatever the reason: rows that were not tried are never called well.
            Ended::Whole(_) if left => (Exit::StoppedEarly, String::new()),
            Ended::Whole(_) if wrong => (Exit::RowsNeedAPerson, String::new()),
            Ended::Whole(_) => (Exit::Fine, String::new()),
        };
        let next = match &ended {
            Ended::Whole(End { stop, .. }) if exit == Exit::StoppedEarly => {
                stop.as_ref().map_or("", Stop::advice)
            }
            _ => "",
        };
        let at_once = self.options.sending.concurrency;
        if let Some(narrow) = counts.narrow(self.limits, at_once) {
            tracing::warn!("{}", widen(at_once, narrow));
        }
        let facts = Facts {
            kind: match self.options.dry_run {
                true => Kind::Dry,
                false => Kind::Sent,
            },
            started,
            finished: Timestamp::now(),
            took: clock.elapsed(),
            achieved: counts.achieved(self.limits),
            provider: self.script.api.name.clone(),
            account: self.account.clone(),
            mapping: self.opened.file.name.clone(),
            options: again::options(self.options),
            taken: again::taken(self.options),
            input: self.sheet.facts().name.clone(),
            input_sha256: self.sheet.facts().sha256.clone(),
            read: self.read.clone(),
            requests: counts.requests,
            retries: counts.retries,
            throttled: counts.throttled,
            allowed: self
                .limits
                .iter()
                .map(Limit::to_string)
                .collect::<Vec<_>>()
                .join(" and "),
            exit,
            reason,
            next: next.to_owned(),
        };
        let unwritten = |error: Unwritable| Failure::new(Exit::LocalFault, FailedTo(error), "");
        let told = listener.reports.finish(&facts).map_err(unwritten)?;
        let to_stdout = self.options.requests.as_deref() != Some(Path::new("-"));
        if let Some(requests) = listener.requests {
            requests.finish().map_err(unwritten)?;
        }
        let text = match self.options.format {
            cli::Format::Text => {
                format!("{}{}", self.preview(listener.preview.as_ref()), told.screen)
            }
            cli::Format::Json => told.summary.json(),
        };
        // Where the requests have standard output for themselves, the summary gives way.
        match to_stdout {
            true => screen::say(&text),
            false => screen::tell(&text),
        }
        Ok(exit)
    }

    fn preview(&self, preview: Option<&Preview>) -> String {
        let allowance = |limit: &Limit| Allowance {
            requests: limit.requests,
            per: limit.per,
        };
        let allowances: Vec<Allowance> = self.limits.iter().map(allowance).collect();
        preview.map_or_else(String::new, |preview| preview.text(&allowances))
    }

    /// `runs/<mapping's folder>-<UTC timestamp>`.
    fn name(&self) -> PathBuf {
        let folder = self
            .opened
            .folder
            .canonicalize()
            .unwrap_or_else(|_| self.opened.folder.clone());
        let name = folder
            .file_name()
            .map_or_else(|| "run".into(), |name| name.to_string_lossy().into_owned());
        let stamp = Timestamp::now().strftime("%Y%m%dT%H%M%SZ");
        Path::new("runs").join(format!("{name}-{stamp}"))
    }
}

enum Ended {
    Whole(End),
    Broken(Exit, anyhow::Error),
}

impl Ended {
    /// Brings what is remembered to the disk, before anybody is told how it went.
    fn remembering(&mut self, memory: Option<Memory>) {
        let in_a_hurry = matches!(
            self,
            Self::Whole(End {
                abandoned: true,
                ..
            })
        );
        let Some(memory) = memory.filter(|_| !in_a_hurry) else {
            return;
        };
        match (memory.finish(), self) {
            (Err(fault), Self::Whole(end)) => {
                end.fault.get_or_insert(fault);
            }
            (Err(fault), Self::Broken(exit, _)) => {
                tracing::error!("failed to {:#}", anyhow::Error::new(fault));
                *exit = Exit::LocalFault;
            }
            (Ok(()), _) => {}
        }
    }
}

/// What to do where a limit could not be used.
fn widen(at_once: u16, narrow: Narrow) -> String {
    let most = u64::from(cli::MOST_AT_ONCE);
    let answer = narrow.answer.as_secs_f64();
    let why = format!(
        "answers took {answer:.1} s, so that {at_once} requests at once could not use what is allowed"
    );
    match narrow.enough {
        _ if u64::from(at_once) == most => format!("{why}; more at once are not possible"),
        enough if enough < most => format!("{why}; `--concurrency {enough}` would"),
        _ => format!("{why}; `--concurrency {most}` comes closest"),
    }
}

fn unreadable(error: Unreadable) -> Failure {
    let exit = match error.is_local_fault() {
        true => Exit::LocalFault,
        false => Exit::Input,
    };
    Failure::new(
        exit,
        anyhow::Error::new(error),
        "run the same command again",
    )
}

pub(super) fn local_fault(error: std::io::Error) -> Failure {
    Failure::new(Exit::LocalFault, error, "run the same command again")
}

/// Why a run stopped, with the time from which it can go on.
fn reason(stop: &Stop) -> String {
    match when_to_go_on(stop.resume_at) {
        Some(when) => format!("{}; {when}", stop.reason),
        None => stop.reason.clone(),
    }
}
