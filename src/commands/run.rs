//! `run`: the main job, from the files that were named to the exit code.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Instant;

use jiff::Timestamp;

use super::account::{self, Purpose};
use super::mapping::{self, Opened};
use super::{Failure, start_log};
use crate::cli;
use crate::contact::{Outcome, Row};
use crate::delivery::client::{Client, Timeouts};
use crate::delivery::pace::{Pace, effective};
use crate::delivery::retry::Retry;
use crate::delivery::{Counts, Delivery};
use crate::mapping::apply::Bound;
use crate::mapping::check::{Checked, check};
use crate::provider::api::{Limit, parse_rate};
use crate::provider::call::{Call, Script};
use crate::report::directory::{RunDirectory, Unwritable};
use crate::report::errors::Layout;
use crate::report::exit::Exit;
use crate::report::progress::Progress;
use crate::report::requests::{Requests, Shown};
use crate::report::summary::{Facts, Kind};
use crate::report::{Reports, screen};
use crate::run::ahead;
use crate::run::guard::{Guard, MaxErrors, Stop};
use crate::run::river::{self, Broken, Course, Ear, End, Sending};
use crate::run::signals::{Signal, Signals};
use crate::sandbox;
use crate::source::{self, Input, Sheet};

/// Reads, maps, sends and reports.
pub(super) fn perform(options: &cli::Run) -> Result<Exit, Failure> {
    let progress = start_log(&options.log);
    let rate = options
        .sending
        .rate
        .as_deref()
        .map(parse_rate)
        .transpose()
        .map_err(Failure::usage)?;
    let max_errors = options
        .max_errors
        .as_deref()
        .map(MaxErrors::parse)
        .transpose()
        .map_err(Failure::usage)?;
    let opened = mapping::open(&options.mapping)?;
    let (checked, sheet) = checked(&opened, &Input::named(&options.input))?;
    let bound = checked
        .mapping
        .bind(sheet.header(), &sheet.facts().name, &opened.file)
        .map_err(|mistakes| Failure {
            exit: Exit::Input,
            ..Failure::mistakes(mistakes)
        })?;
    let stand_in = match options.sandbox && !options.dry_run {
        true => Some(sandbox::beside(Arc::clone(&opened.api)).map_err(|error| {
            Failure::new(
                Exit::LocalFault,
                error,
                "the stand-in needs a free port on 127.0.0.1",
            )
        })?),
        false => None,
    };
    let purpose = match (options.dry_run, options.sandbox) {
        (true, _) => Purpose::Look,
        (false, true) => Purpose::Rehearse,
        (false, false) => Purpose::Send,
    };
    let base = match &stand_in {
        Some(stand_in) => Some(format!("http://{}", stand_in.address())),
        None => options.sending.base_url.clone(),
    };
    let place = account::Place {
        base_url: base.as_deref(),
        allowed: &options.sending.allow_host,
    };
    let account = account::settle(
        &opened,
        &checked.account,
        &place,
        &[&opened.api.calls.update],
        purpose,
    )?;
    for note in account.notes.iter().chain(&checked.accepted) {
        tracing::warn!("{note}");
    }
    let api = &*opened.api;
    let limits = limits(api.limits.as_slice(), checked.mapping.rate.clone(), rate);
    let script = Script::new(
        api,
        checked.account.auth,
        &account.values,
        account.base.as_str(),
        checked.plan,
    )
    .map_err(|what| {
        Failure::new(
            Exit::SetUp,
            anyhow::Error::msg(what),
            "mend the provider's file",
        )
    })?;
    let job = Job {
        options,
        opened: &opened,
        bound: &bound,
        script: &script,
        sheet: &sheet,
        limits: &limits,
        rows: sheet.facts().rows.min(options.limit.unwrap_or(u64::MAX)),
        max_errors,
        account: account.values.label(),
    };
    let client = match purpose {
        Purpose::Look => None,
        Purpose::Send | Purpose::Rehearse => Some(
            Client::new(
                api,
                account.base.as_str(),
                account.credential,
                usize::from(options.sending.concurrency),
                Timeouts::default(),
            )
            .map_err(|error| {
                Failure::new(
                    Exit::SetUp,
                    error,
                    "check the account's values in the mapping",
                )
            })?,
        ),
    };
    job.perform(client, progress)
}

/// Checks mapping and input together, so that all mistakes are told at once.
fn checked<'a>(opened: &'a Opened, input: &Input) -> Result<(Checked<'a>, Sheet), Failure> {
    let sheet = source::open(input);
    let checked = check(&opened.written, &opened.file, &opened.api);
    let mut mistakes = opened.mistakes.clone();
    match (checked, sheet) {
        (Ok(checked), Ok(sheet)) if mistakes.is_empty() => Ok((checked, sheet)),
        (Ok(_), Err(unreadable)) if mistakes.is_empty() => {
            let exit = if unreadable.is_local_fault() {
                Exit::LocalFault
            } else {
                Exit::Input
            };
            let error =
                anyhow::Error::new(unreadable).context(format!("failed to read {}", input.name()));
            Err(Failure::new(exit, error, "nothing was sent"))
        }
        (checked, sheet) => {
            if let (Ok(checked), Ok(sheet)) = (&checked, &sheet) {
                let missing =
                    checked
                        .mapping
                        .bind(sheet.header(), &sheet.facts().name, &opened.file);
                mistakes.extend(missing.err().unwrap_or_default());
            }
            mistakes.extend(checked.err().unwrap_or_default());
            Err(Failure::mistakes(mistakes))
        }
    }
}

/// The limits in force: the provider's, and the rate that was asked for on the command line or else in the mapping.
fn limits(own: &[Limit], mapping: Option<Limit>, typed: Option<Limit>) -> Vec<Limit> {
    effective(own, typed.or(mapping))
}

struct Job<'a> {
    options: &'a cli::Run,
    opened: &'a Opened,
    bound: &'a Bound<'a>,
    script: &'a Script<'a>,
    sheet: &'a Sheet,
    limits: &'a [Limit],
    rows: u64,
    max_errors: Option<MaxErrors>,
    account: String,
}

impl Job<'_> {
    fn perform(&self, client: Option<Client>, progress: Progress) -> Result<Exit, Failure> {
        let unwritable = |error: Unwritable| Failure::new(Exit::SetUp, error, "nothing was sent");
        let requests = self
            .options
            .requests
            .as_deref()
            .map(Requests::create)
            .transpose()
            .map_err(unwritable)?;
        let directory = RunDirectory::create(&self.out()).map_err(unwritable)?;
        let facts = self.sheet.facts();
        let layout = Layout {
            header: self.sheet.header().to_vec(),
            delimiter: facts.delimiter,
            bom: facts.bom,
        };
        let mut listener = Listener {
            reports: Reports::begin(directory, layout).map_err(unwritable)?,
            requests,
            script: self.script,
            progress,
        };
        let started = (Timestamp::now(), Instant::now());
        if !self.options.log.quiet && !self.options.log.no_progress {
            listener.progress.draw(Some(self.rows));
        }
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .map_err(local_fault)?;
        let delivery = client.map(|client| {
            Delivery::new(
                self.script.api,
                client,
                Pace::new(self.limits),
                Retry::new(fastrand::u64(..)),
            )
        });
        let ended = runtime.block_on(self.flow(delivery.as_ref(), &mut listener))?;
        let counts = delivery.as_ref().map(Delivery::counts).unwrap_or_default();
        listener.progress.end();
        self.close(listener, ended, &counts, started)
    }

    async fn flow(
        &self,
        delivery: Option<&Delivery<'_, Client>>,
        listener: &mut Listener<'_>,
    ) -> Result<Ended, Failure> {
        let mut signals = Signals::listen().map_err(local_fault)?;
        let unreadable = |error| {
            Failure::new(
                Exit::Input,
                anyhow::Error::new(error),
                "run the same command again",
            )
        };
        let rows =
            ahead::read(self.sheet.rows().map_err(unreadable)?, self.rows).map_err(local_fault)?;
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
        match river::run(&course, rows, guard, &mut signals, listener).await {
            Ok(end) => Ok(Ended::Whole(end)),
            Err(Broken::Keeping(error)) => Err(Failure::new(
                Exit::LocalFault,
                error,
                "make room, then run the same command again",
            )),
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
        let (exit, reason) = match &ended {
            Ended::Broken(exit, error) => (*exit, format!("{error:#}")),
            Ended::Whole(End {
                signal: Some(signal),
                ..
            }) => (interrupted(*signal), "interrupted".to_owned()),
            Ended::Whole(End {
                stop: Some(stop), ..
            }) => (Exit::StoppedEarly, reason(stop)),
            Ended::Whole(_) if wrong => (Exit::RowsNeedAPerson, String::new()),
            Ended::Whole(_) => (Exit::Fine, String::new()),
        };
        let facts = Facts {
            kind: if self.options.dry_run {
                Kind::Dry
            } else {
                Kind::Sent
            },
            started,
            finished: Timestamp::now(),
            took: clock.elapsed(),
            achieved: counts.per_second().unwrap_or(0.0),
            provider: self.script.api.name.clone(),
            account: self.account.clone(),
            mapping: self.opened.file.name.clone(),
            options: self.again(),
            input: self.sheet.facts().name.clone(),
            input_sha256: self.sheet.facts().sha256.clone(),
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
        };
        let unwritten = |error: Unwritable| {
            Failure::new(
                Exit::LocalFault,
                error,
                "make room, then run the same command again",
            )
        };
        let told = listener.reports.finish(&facts).map_err(unwritten)?;
        let to_stdout = self.options.requests.as_deref() != Some(Path::new("-"));
        if let Some(requests) = listener.requests {
            requests.finish().map_err(unwritten)?;
        }
        let text = match self.options.format {
            cli::Format::Text => told.screen,
            cli::Format::Json => told.summary.json(),
        };
        // Where the requests have standard output for themselves, the summary gives way.
        match to_stdout {
            true => screen::say(&text),
            false => screen::tell(&text),
        }
        Ok(exit)
    }

    /// `runs/<mapping's folder>-<UTC timestamp>`, unless another place was asked for.
    fn out(&self) -> PathBuf {
        if let Some(out) = &self.options.out {
            return out.clone();
        }
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

    /// The options that the same job needs when it is run again.
    fn again(&self) -> Vec<String> {
        let mut options = Vec::new();
        if self.options.sandbox {
            options.push("--sandbox".to_owned());
        }
        if let Some(url) = &self.options.sending.base_url {
            options.push(format!("--base-url {url}"));
        }
        options.extend(
            self.options
                .sending
                .allow_host
                .iter()
                .map(|host| format!("--allow-host {host}")),
        );
        options
    }
}

enum Ended {
    Whole(End),
    Broken(Exit, anyhow::Error),
}

fn local_fault(error: std::io::Error) -> Failure {
    Failure::new(Exit::LocalFault, error, "run the same command again")
}

fn interrupted(signal: Signal) -> Exit {
    match signal {
        Signal::Interrupt => Exit::Interrupted,
        Signal::Terminate => Exit::Terminated,
    }
}

/// Why a run stopped, with the time from which it can go on.
fn reason(stop: &Stop) -> String {
    let again = stop
        .resume_after
        .and_then(|wait| Timestamp::now().checked_add(wait).ok());
    match again {
        Some(time) => format!(
            "{}; run the same command again after {}",
            stop.reason,
            time.strftime("%Y-%m-%d %H:%M:%S UTC")
        ),
        None => stop.reason.clone(),
    }
}

/// The one consumer that hears every outcome: reports first, then the requests, then the bar.
struct Listener<'a> {
    reports: Reports,
    requests: Option<Requests>,
    script: &'a Script<'a>,
    progress: Progress,
}

impl Ear for Listener<'_> {
    type Broken = Unwritable;

    fn hear(
        &mut self,
        row: &Row,
        outcome: &Outcome,
        call: Option<&Call>,
    ) -> Result<(), Unwritable> {
        self.reports.hear(row, outcome)?;
        if let (Some(requests), Some(call)) = (&mut self.requests, call) {
            let shown = self.script.show(call);
            requests.hear(&Shown {
                row: outcome.row,
                line: outcome.line,
                method: shown.method,
                url: &shown.url,
                headers: &shown.headers,
                body: std::str::from_utf8(&shown.body).unwrap_or_default(),
            })?;
        }
        self.progress.hear(outcome);
        Ok(())
    }
}
