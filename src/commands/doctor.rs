//! `doctor`: checks mapping and account, and by a few cheap reads whether the credential may do what the mapping needs.
//!
//! Every kind of read that a run would make is made once, and never twice the same; what was done is said line by line.
//! Nothing is changed, so nothing is known about writing, and that is said, too.

use super::account::{self, Purpose, Settled};
use super::definitions::{self, Defines};
use super::mapping::{self, Opened};
use super::place::Place;
use super::question::{self, Kind, Told, Untold};
use super::{Failure, run, start_log, way};
use crate::cli;
use crate::delivery::Delivery;
use crate::delivery::client::Client;
use crate::delivery::question::Patience;
use crate::mapping::check::{Checked, check};
use crate::provider::api::{Api, CallSpec, IdKind};
use crate::provider::call::{Call, ping};
use crate::provider::definitions::Known;
use crate::provider::finding::{MatchKey, Way};
use crate::provider::hits;
use crate::provider::limit::effective;
use crate::provider::script::Script;
use crate::report::exit::Exit;
use crate::report::{harmless, screen};

/// Checks, and says what was found.
pub(super) fn perform(options: &cli::Doctor) -> Result<Exit, Failure> {
    let _progress = start_log(&options.log);
    let opened = mapping::open(&options.mapping)?;
    let api = &*opened.api;
    let checked = check(&opened.written, &opened.file, api, None);
    let mut mistakes = opened.mistakes.clone();
    let checked = match checked {
        Ok(checked) if mistakes.is_empty() => checked,
        checked => {
            mistakes.extend(checked.err().unwrap_or_default());
            return Err(Failure::mistakes(mistakes));
        }
    };
    let place = Place {
        base_url: options.place.base_url.as_deref(),
        allowed: &options.place.allow_host,
    };
    // Keys that a run needs are missed before anything is called fine.
    let mut calls = run::calls(api, &checked);
    calls.push(&api.calls.ping);
    let account = account::settle(&opened, &checked.account, &place, &calls, Purpose::Send)?;
    let fields = checked.mapping.steps.len();
    say("mapping", &format!("fine: {fields} fields of {}", api.name));
    for note in &checked.accepted {
        tracing::warn!("{note}");
    }
    say("credential", "found");
    let limits = effective(&api.limits, checked.mapping.rate.clone());
    let visit = Visit {
        api,
        way: &way::to(api, &account, &limits, None, 1)?,
        account: &account,
        asked: Vec::new(),
        first: None,
        unknown: false,
    };
    super::runtime()?.block_on(visit.go(&opened, checked))
}

fn say(about: &str, what: &str) {
    screen::say(&format!("{about:<11} {}\n", harmless::escaped(what)));
}

/// A visit to the account.
struct Visit<'a> {
    api: &'a Api,
    way: &'a Delivery<'a, Client>,
    account: &'a Settled,
    /// The reads that were made, by method and path, with what came of them.
    asked: Vec<(String, Answered)>,
    /// The first "no" that a run could not do without.
    first: Option<Untold>,
    /// Whether something stayed open.
    unknown: bool,
}

/// What came of a read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Answered {
    Ok,
    Refused,
    Missing,
    Unknown,
}

impl Answered {
    fn word(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::Refused => "refused",
            Self::Missing => "not there",
            Self::Unknown => "not known",
        }
    }
}

/// What an answer is worth beside a plain yes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Worth {
    /// Only a yes is one.
    Yes,
    /// Nobody is there to be read, so that "not there" is no refusal, and no proof either.
    Nobody,
    /// "Nobody has this" is an answer.
    Search,
    /// A run can do without it.
    Optional,
}

impl Visit<'_> {
    async fn go(mut self, opened: &Opened, checked: Checked<'_>) -> Result<Exit, Failure> {
        let api = self.api;
        let checked = self.definitions(opened, checked).await?;
        let script = Script::new(
            api,
            checked.account.auth,
            &self.account.values,
            self.account.base.as_str(),
            checked.plan,
        )
        .map_err(|what| Untold::unwritable(what).alone(""))?;
        for step in &checked.mapping.known_by {
            let Some(find) = script.find(step.key) else {
                continue;
            };
            let about = match find.pages {
                Some(_) => "people",
                None => "search",
            };
            let call = script.look(step.key, &hits::sent(find, nobody(step.key)), 1);
            self.read(about, &find.call, call, Worth::Search).await?;
        }
        let id = nobodys_id(api.id);
        if let (false, Some(spec)) = (script.plan.kept.is_empty(), &api.calls.read) {
            self.read("reading", spec, script.read(id), Worth::Nobody)
                .await?;
        }
        let mut ways = checked
            .mapping
            .tags
            .iter()
            .map(|step| script.tag_way(step.verb));
        if let (true, Some(read)) = (
            ways.any(|way| matches!(way, Some(Way::Merge | Way::Each))),
            &api.tags.read,
        ) {
            self.read("tags", &read.call, script.read_tags(id), Worth::Nobody)
                .await?;
        }
        let call =
            ping(api, &self.account.values).map_err(|what| Untold::unwritable(what).alone(""))?;
        if !self
            .asked
            .iter()
            .any(|(own, answered)| *own == key(&call) && *answered == Answered::Ok)
        {
            self.read("account", &api.calls.ping, Some(call), Worth::Yes)
                .await?;
        }
        say(
            "writing",
            "not checked: reading cannot show whether the credential may write; `run --limit 1` sends one row",
        );
        match (self.first, self.unknown) {
            (Some(untold), _) => return Err(untold.alone("")),
            (None, true) => screen::say("nothing was refused; try `run --dry-run` next\n"),
            (None, false) => screen::say("everything is ready; try `run --dry-run` next\n"),
        }
        Ok(Exit::Fine)
    }

    /// Asks the account what it has, where names of the mapping can only be held against that.
    async fn definitions<'a>(
        &mut self,
        opened: &'a Opened,
        checked: Checked<'a>,
    ) -> Result<Checked<'a>, Failure> {
        if !checked.asks_account {
            return Ok(checked);
        }
        let mut known = Known::default();
        let mut whole = true;
        for defines in Defines::ALL {
            let Some(list) = defines.list(self.api) else {
                continue;
            };
            let values = &self.account.values;
            let told = definitions::all(values, self.way, list, Patience::Once).await;
            match told {
                Ok(told) => {
                    let call = crate::provider::call::list(&list.call, values, 1);
                    let call = call.map_err(|what| Untold::unwritable(what).alone(""))?;
                    let count = format!("{} {}", told.len(), defines.word());
                    self.answered(&call, Answered::Ok);
                    say(
                        defines.short(),
                        &format!("ok: {} tells {count}", question::about(&call)),
                    );
                    definitions::note(&mut known, defines, list, told);
                }
                Err(untold) => {
                    whole = false;
                    let worth = match untold.can_do_without(list) {
                        true => Worth::Optional,
                        false => Worth::Yes,
                    };
                    self.no(defines.short(), untold, worth)?;
                }
            }
        }
        match whole {
            true => {
                let (written, file) = (&opened.written, &opened.file);
                check(written, file, &opened.api, Some(&known)).map_err(Failure::mistakes)
            }
            false => Ok(checked),
        }
    }

    /// Makes a read, unless just that was made before, and says what came of it.
    async fn read(
        &mut self,
        about: &str,
        spec: &CallSpec,
        call: Option<Call>,
        worth: Worth,
    ) -> Result<(), Failure> {
        let Some(call) = call else { return Ok(()) };
        let before = self.asked.iter().find(|(own, _)| *own == key(&call));
        if let Some((_, answered)) = before {
            // One search finds by all keys: one line is enough.
            if worth != Worth::Search {
                say(
                    about,
                    &format!("{}: by the same call as before", answered.word()),
                );
            }
            return Ok(());
        }
        match question::put(self.way, (spec, &call), Patience::Once).await {
            Ok(Told { status, .. }) => {
                self.answered(&call, Answered::Ok);
                say(
                    about,
                    &format!("ok: {} gave {status}", question::about(&call)),
                );
                Ok(())
            }
            Err(untold) => {
                let answered = self.no(about, untold, worth)?;
                self.answered(&call, answered);
                Ok(())
            }
        }
    }

    fn answered(&mut self, call: &Call, answered: Answered) {
        self.asked.push((key(call), answered));
    }

    /// Weighs a "no" and says it; where no answer can be had at all, nothing else is asked.
    fn no(&mut self, about: &str, untold: Untold, worth: Worth) -> Result<Answered, Failure> {
        let answered = match (untold.kind, worth) {
            // Here the account says "nobody" and not "there is no such call".
            (Kind::Missing(status), Worth::Search) if status != 404 && status != 410 => {
                Answered::Ok
            }
            (Kind::Missing(_), Worth::Nobody) => Answered::Unknown,
            (Kind::Missing(_) | Kind::Other, Worth::Optional) => Answered::Unknown,
            (Kind::Refused(_), _) => Answered::Refused,
            (Kind::Missing(_), _) => Answered::Missing,
            _ => Answered::Unknown,
        };
        let also = match worth {
            Worth::Nobody if answered == Answered::Unknown => {
                "; there is nobody with a made-up id, which is all that can be tried without a contact"
            }
            Worth::Optional => "; names go as the mapping writes them",
            _ => "",
        };
        say(
            about,
            &format!("{}: {}{also}", answered.word(), untold.line()),
        );
        self.unknown |= answered == Answered::Unknown;
        let harmless = answered == Answered::Ok
            || worth == Worth::Optional
            || (worth == Worth::Nobody && matches!(untold.kind, Kind::Missing(_)));
        if harmless {
            return Ok(answered);
        }
        if untold.kind == Kind::Later || untold.ends_it() {
            return Err(untold.alone(""));
        }
        self.first.get_or_insert(untold);
        Ok(answered)
    }
}

/// What two calls have in common that ask the same of a credential.
fn key(call: &Call) -> String {
    let path = call.target.split('?').next().unwrap_or_default();
    format!("{} {path}", call.method.word())
}

/// A value that nobody has.
fn nobody(key: &str) -> &'static str {
    match MatchKey::WORDS.iter().find(|(own, _)| *own == key) {
        // Names that end so, and these numbers, are kept free for examples.
        Some((_, MatchKey::Email)) => "nobody@contact-sync.invalid",
        Some((_, MatchKey::Phone)) => "+12025550100",
        _ => "contact-sync-nobody",
    }
}

/// An id that nobody has.
fn nobodys_id(kind: IdKind) -> &'static str {
    match kind {
        IdKind::Digits => "0",
        IdKind::Uuid => "00000000-0000-0000-0000-000000000000",
        IdKind::Opaque => "00000000000000000000",
    }
}
