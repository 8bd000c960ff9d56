//! `run`: the main job, from the files that were named to the exit code.

use super::account::{self, Purpose};
use super::definitions;
use super::job::{Job, local_fault};
use super::mapping::{self, Opened};
use super::place::Place;
use super::{Failure, interrupted, people, reading, start_log, state, way};
use crate::cli;
use crate::delivery::sockets;
use crate::mapping::apply::Bound;
use crate::mapping::check::{Checked, check, partly};
use crate::mapping::steps::Mapping;
use crate::provider::api::{Api, CallSpec, Limit, parse_rate};
use crate::provider::limit::effective;
use crate::provider::script::{Mode, Plan, Script};
use crate::report::closing::several;
use crate::report::exit::Exit;
use crate::run::guard::MaxErrors;
use crate::run::signals::{Signal, Signals};
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
    let purpose = match (options.dry_run, options.sandbox) {
        (true, _) => Purpose::Look,
        (false, true) => Purpose::Rehearse,
        (false, false) => Purpose::Send,
    };
    let most = usize::from(options.sending.concurrency);
    match purpose {
        Purpose::Look => {}
        // Both ends of each connection are in this process.
        Purpose::Rehearse => sockets::make_room(2 * most),
        Purpose::Send => sockets::make_room(most),
    }
    let opened = mapping::open(&options.mapping)?;
    let api = &*opened.api;
    let (first, sheet) = checked(&opened, &Input::named(&options.input), &told)?;
    bind(&first.mapping, &sheet, &opened)?;
    let limits = limits(api.limits.as_slice(), first.mapping.rate.clone(), rate);
    let stand_in = match purpose {
        Purpose::Rehearse => Some(way::stand_in(&opened.api, &limits)?),
        Purpose::Look | Purpose::Send => None,
    };
    let base = way::base_url(stand_in.as_ref(), options.sending.place.base_url.as_deref());
    let place = Place {
        base_url: base.as_deref(),
        allowed: &options.sending.place.allow_host,
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
    let mut kept = state::open(options, &opened, &account, purpose)?;
    let runtime = super::runtime()?;
    let mut signals = runtime
        .block_on(async { Signals::listen() })
        .map_err(local_fault)?;
    let way = match purpose {
        Purpose::Look => None,
        Purpose::Send | Purpose::Rehearse => {
            Some(way::to(api, &account, &limits, Some(&mut kept), most)?)
        }
    };
    let checked = match (&way, first.asks_account) {
        (Some(way), true) => {
            let known = runtime.block_on(async {
                let asked = definitions::ask(api, &account.values, way);
                let known = signals.unless(asked).await;
                kept.spend(way.counts().requests).await?;
                let known = known.map_err(left)?;
                known.map_err(|untold| untold.in_a_run(definitions::DOING))
            })?;
            check(&opened.written, &opened.file, api, Some(&known)).map_err(Failure::mistakes)?
        }
        (None, true) => {
            tracing::warn!(
                "some names under `[custom_fields]` or `[tags]` are only held against the account by a real run"
            );
            if !first.assumed.is_empty() {
                tracing::warn!(
                    "the types of some custom fields are for the account to tell, which a real run asks; until then {}",
                    first.assumed.join(", ")
                );
            }
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
    let mut tags = checked.mapping.tags.iter();
    if purpose == Purpose::Look && tags.any(|step| script.merges_tags(step.verb)) {
        tracing::warn!(
            "the tags that a contact has are read first and kept, but for those to be removed; a dry run does not know them, so the requests that it shows are without them"
        );
    }
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
    let listed = people::listed(&script, &checked.mapping);
    let mut before = definitions::asked(api, checked.asks_account);
    before.extend((!listed.is_empty()).then_some("people"));
    let people = match &way {
        Some(way) if !listed.is_empty() => Some(runtime.block_on(async {
            let before = way.counts().requests;
            let people = signals.unless(people::read(&script, &listed, way)).await;
            kept.spend(way.counts().requests - before).await?;
            people.map_err(left)?
        })?),
        _ => None,
    };
    let job = Job {
        options,
        opened: &opened,
        bound: &bound,
        script: &script,
        sheet: &sheet,
        read,
        limits: &limits,
        rows: sheet.facts().rows.min(options.limit.unwrap_or(u64::MAX)),
        max_errors,
        account: account.values.label(),
        effects: &checked.effects,
        before: &before,
    };
    job.perform(
        &runtime,
        way.as_ref(),
        people.as_ref(),
        kept,
        progress,
        &mut signals,
    )
}

/// The end of a run that was interrupted before its first row.
fn left(signal: Signal) -> Failure {
    Failure::new(
        interrupted(signal),
        anyhow::Error::msg("interrupted before the first row"),
        "nothing was changed; run the same command again",
    )
}

fn bind<'a>(mapping: &'a Mapping, sheet: &Sheet, opened: &Opened) -> Result<Bound<'a>, Failure> {
    let bound = mapping.bind(sheet.header(), &sheet.facts().name, &opened.file);
    bound.map_err(|mistakes| Failure {
        exit: Exit::Input,
        ..Failure::mistakes(mistakes)
    })
}

/// The calls that a run by this mapping may make, which say what has to be known about the account.
pub(super) fn calls<'a>(api: &'a Api, checked: &Checked<'_>) -> Vec<&'a CallSpec> {
    let mut calls = vec![&api.calls.update];
    calls.extend(
        api.calls
            .create
            .as_ref()
            .filter(|_| checked.plan.mode != Mode::Update),
    );
    calls.extend(
        api.upsert
            .as_ref()
            .filter(|_| checked.plan.native)
            .map(|own| &own.call),
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
