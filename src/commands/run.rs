//! `run`: the main job, from the files that were named to the exit code.

use std::sync::Arc;

use super::account::{self, Purpose, Settled};
use super::definitions;
use super::job::Job;
use super::mapping::{self, Opened};
use super::{FailedTo, Failure, reading, start_log, state};
use crate::cli;
use crate::delivery::client::{Client, Timeouts};
use crate::delivery::pace::effective;
use crate::mapping::apply::Bound;
use crate::mapping::check::{Checked, check, partly};
use crate::mapping::steps::Mapping;
use crate::provider::api::{Api, CallSpec, Limit, parse_rate};
use crate::provider::script::{Mode, Plan, Script};
use crate::report::closing::several;
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
    let api = &*opened.api;
    let (first, sheet) = checked(&opened, &Input::named(&options.input), &told)?;
    bind(&first.mapping, &sheet, &opened)?;
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
        &first.account,
        &place,
        &calls(api, &first),
        purpose,
    )?;
    // Told only now, so that a set-up that is refused is told alone.
    let read = reading::tell(
        &sheet,
        &bind(&first.mapping, &sheet, &opened)?,
        options,
        &progress,
    );
    for note in account.notes.iter().chain(&first.accepted) {
        tracing::warn!("{note}");
    }
    let kept = state::open(options, &opened, &account, purpose)?;
    let runtime = super::runtime()
        .map_err(|error| Failure::new(Exit::LocalFault, error, "run the same command again"))?;
    let client = match purpose {
        Purpose::Look => None,
        Purpose::Send | Purpose::Rehearse => Some(client(api, &account, options)?),
    };
    let checked = match (&client, first.asks_account) {
        (Some(client), true) => {
            let known = runtime.block_on(definitions::ask(api, &account.values, client))?;
            check(&opened.written, &opened.file, api, Some(&known)).map_err(Failure::mistakes)?
        }
        (None, true) => {
            tracing::warn!(
                "some names under `[custom_fields]` or `[tags]` are only held against the account by a real run"
            );
            first
        }
        (_, false) => first,
    };
    let bound = bind(&checked.mapping, &sheet, &opened)?;
    let plan = Plan {
        verify: options.verify,
        ..checked.plan
    };
    let set_up = |what: String| {
        Failure::new(
            Exit::SetUp,
            anyhow::Error::msg(what),
            "mend the provider's file",
        )
    };
    let script = Script::new(
        api,
        checked.account.auth,
        &account.values,
        account.base.as_str(),
        plan,
    )
    .map_err(set_up)?;
    let limits = limits(api.limits.as_slice(), checked.mapping.rate.clone(), rate);
    let facts = sheet.facts();
    tracing::info!(
        "{} has {}, with `{}` between cells",
        facts.name,
        several(facts.rows, "row"),
        facts.delimiter.escape_ascii()
    );
    for limit in &limits {
        tracing::info!("at most {limit} to {}", account.base);
    }
    let job = Job {
        options,
        opened: &opened,
        bound: &bound,
        mapping: &checked.mapping,
        script: &script,
        sheet: &sheet,
        read,
        limits: &limits,
        rows: sheet.facts().rows.min(options.limit.unwrap_or(u64::MAX)),
        max_errors,
        account: account.values.label(),
    };
    job.perform(&runtime, client, kept, progress)
}

fn client(api: &Api, account: &Settled, options: &cli::Run) -> Result<Client, Failure> {
    let most = usize::from(options.sending.concurrency);
    Client::new(
        api,
        account.base.as_str(),
        account.credential.clone(),
        most,
        Timeouts::default(),
    )
    .map_err(|error| {
        Failure::new(
            Exit::SetUp,
            FailedTo(error),
            "check the account's values in the mapping",
        )
    })
}

fn bind<'a>(mapping: &'a Mapping, sheet: &Sheet, opened: &Opened) -> Result<Bound<'a>, Failure> {
    let bound = mapping.bind(sheet.header(), &sheet.facts().name, &opened.file);
    bound.map_err(|mistakes| Failure {
        exit: Exit::Input,
        ..Failure::mistakes(mistakes)
    })
}

/// The calls that a run by this mapping may make, which say what has to be known about the account.
fn calls<'a>(api: &'a Api, checked: &Checked<'_>) -> Vec<&'a CallSpec> {
    let mut calls = vec![&api.calls.update];
    calls.extend(
        api.calls
            .create
            .as_ref()
            .filter(|_| checked.plan.mode != Mode::Update),
    );
    for step in &checked.mapping.known_by {
        let finds = api.find.iter().filter(|(key, _)| key.word() == step.key);
        calls.extend(finds.map(|(_, find)| &find.call));
    }
    let lists = [
        &api.definitions.custom_fields,
        &api.definitions.tags,
        &api.definitions.channels,
    ];
    let asked = lists.into_iter().flatten().filter(|_| checked.asks_account);
    calls.extend(asked.map(|list| &list.call));
    calls
}

/// Checks mapping and input together, so that all mistakes are told at once.
fn checked<'a>(
    opened: &'a Opened,
    input: &Input,
    told: &Told,
) -> Result<(Checked<'a>, Sheet), Failure> {
    let sheet = source::open_told(input, told);
    let checked = check(&opened.written, &opened.file, &opened.api, None);
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
            // What stands in a text that is no TOML is a guess: a column's name in it may be half of one.
            let guessed = mistakes.iter().any(|own| own.code == "toml");
            if let (Ok(sheet), false) = (&sheet, guessed && checked.is_err()) {
                let mapping = partly(&opened.written, &opened.file, &opened.api);
                let missing = mapping.bind(sheet.header(), &sheet.facts().name, &opened.file);
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
