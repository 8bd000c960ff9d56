//! `run`: the main job, from the files that were named to the exit code.

use std::sync::Arc;

use super::account::{self, Purpose};
use super::job::Job;
use super::mapping::{self, Opened};
use super::{Failure, reading, start_log};
use crate::cli;
use crate::delivery::client::{Client, Timeouts};
use crate::delivery::pace::effective;
use crate::mapping::check::{Checked, check};
use crate::provider::api::{Limit, parse_rate};
use crate::provider::call::Script;
use crate::report::exit::Exit;
use crate::run::guard::MaxErrors;
use crate::sandbox;
use crate::source::{self, Input, Sheet, Told};

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
    let told = reading::told(&options.reading).map_err(Failure::usage)?;
    let opened = mapping::open(&options.mapping)?;
    let (checked, sheet) = checked(&opened, &Input::named(&options.input), &told)?;
    let bound = checked
        .mapping
        .bind(sheet.header(), &sheet.facts().name, &opened.file)
        .map_err(|mistakes| Failure {
            exit: Exit::Input,
            ..Failure::mistakes(mistakes)
        })?;
    let decided = reading::Decided::of(&sheet, &bound, &options.reading);
    match options.log.log_format {
        _ if options.log.quiet => {}
        cli::Format::Text => progress.tell(&decided.line),
        cli::Format::Json => tracing::info!("{}", decided.line),
    }
    for note in bound.drift() {
        tracing::warn!("{note}");
    }
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
        read: decided.read,
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
fn checked<'a>(
    opened: &'a Opened,
    input: &Input,
    told: &Told,
) -> Result<(Checked<'a>, Sheet), Failure> {
    let sheet = source::open_told(input, told);
    let checked = check(&opened.written, &opened.file, &opened.api);
    let mut mistakes = opened.mistakes.clone();
    match (checked, sheet) {
        (Ok(checked), Ok(sheet)) if mistakes.is_empty() => Ok((checked, sheet)),
        (Ok(_), Err(unreadable)) if mistakes.is_empty() => {
            let exit = match &unreadable {
                unreadable if unreadable.is_local_fault() => Exit::LocalFault,
                unreadable if unreadable.is_usage() => Exit::Usage,
                _ => Exit::Input,
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
