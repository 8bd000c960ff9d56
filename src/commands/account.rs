//! Settles the account of a run: its values, its credential and the place where the API is.
//!
//! Secrets pass through here on their way from their source to the client and are never shown.

use std::path::{Component, Path, PathBuf};

use secrecy::{ExposeSecret, SecretString};
use url::Url;

use super::Failure;
use super::mapping::Opened;
use super::place::Place;
use crate::delivery::secret::{self, Credential, Source};
use crate::mapping::account::AccountPlan;
use crate::mapping::written::Origin;
use crate::memory::AccountKey;
use crate::mistake::Mistake;
use crate::provider::api::{Api, CallSpec};
use crate::provider::call::Account;
use crate::report::exit::Exit;
use crate::sandbox;

/// What the account is needed for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Purpose {
    /// Nothing is sent: what is missing is only noted.
    Look,
    /// A stand-in is sent to: what is missing is made up.
    Rehearse,
    /// The real account: nothing may be missing.
    Send,
}

/// An account, settled.
#[derive(Debug)]
pub(super) struct Settled {
    /// What is no secret.
    pub values: Account,
    /// What is.
    pub credential: Credential,
    /// Where the API is.
    pub base: Url,
    /// What people should know.
    pub notes: Vec<String>,
    /// What tells the account from all others.
    identity: Identity,
    /// What tells whose limit its requests count towards.
    limited: Identity,
}

/// Texts that tell something from all others of its kind, but for the credential.
#[derive(Debug)]
struct Identity {
    texts: Vec<String>,
    known_by: KnownBy,
}

impl Identity {
    fn key(&self, credential: &Credential, salt: &[u8]) -> AccountKey {
        let mut parts: Vec<&[u8]> = self.texts.iter().map(String::as_bytes).collect();
        let fingerprint = credential.fingerprint(salt);
        if self.known_by == KnownBy::Credential {
            parts.push(&fingerprint);
        }
        AccountKey::of(&parts)
    }
}

/// What an account is known by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum KnownBy {
    /// Values that its calls carry.
    Values,
    /// Its credential alone.
    Credential,
    /// Nothing: it would be the credential, which is not at hand.
    Nothing,
}

impl Settled {
    /// Whether it can be told which account this is.
    pub(super) fn is_known(&self) -> bool {
        self.identity.known_by != KnownBy::Nothing
    }

    /// The key under which the account is remembered; `salt` is the state file's own.
    pub(super) fn key(&self, salt: &[u8]) -> AccountKey {
        self.identity.key(&self.credential, salt)
    }

    /// The key under which runs share a limit: what a mapping may say of the account, or leave out, makes no second one.
    pub(super) fn limit_key(&self, salt: &[u8]) -> AccountKey {
        self.limited.key(&self.credential, salt)
    }
}

/// Settles the account for some calls.
///
/// # Errors
///
/// Mistakes in the mapping, or why a value cannot be had.
pub(super) fn settle(
    opened: &Opened,
    plan: &AccountPlan<'_>,
    place: &Place<'_>,
    calls: &[&CallSpec],
    purpose: Purpose,
) -> Result<Settled, Failure> {
    let api = &*opened.api;
    let base_text = place.text(opened)?;
    let mut values = Account::default();
    let mut notes = Vec::new();
    for (key, text) in &plan.texts {
        values.set(key, text);
    }
    let plain = plan
        .origins
        .iter()
        .filter(|(key, _)| !is_credential(key, api, plan));
    for (key, origin) in plain {
        let fetched = fetch(origin, &opened.folder)
            .and_then(|value| fitting(api, key, value.expose_secret()));
        match (fetched, purpose) {
            (Ok(value), _) => values.set(key, value),
            (Err(failure), Purpose::Send) => return Err(failure),
            (Err(_), _) => values.set(key, missing(api, key, purpose, &mut notes)),
        }
    }
    let mut lacking = plan.lacking(base_text, calls);
    lacking.extend(plan.missing.iter().cloned());
    if purpose == Purpose::Send && !lacking.is_empty() {
        return Err(lacks(opened, &lacking));
    }
    for key in plan.lacking(base_text, calls) {
        values.set(&key, missing(api, &key, purpose, &mut notes));
    }
    let mut at_hand = true;
    let credential = Credential::new(plan.auth, |key| {
        let (value, real) = credential(key, opened, plan, purpose, &mut notes)?;
        at_hand &= real == Real::Yes;
        Ok(value)
    })?;
    let base = place.base(opened, base_text, &values)?;
    let at = match purpose {
        // Its port is another one every time.
        Purpose::Rehearse => "stand-in",
        Purpose::Look | Purpose::Send => base.as_str().trim_end_matches('/'),
    };
    let told_by = |keys: &[&str]| {
        let mut texts = vec![api.name.clone(), at.to_owned()];
        texts.extend(keys.iter().map(|key| format!("{key}={}", values.get(key))));
        let known_by = match (keys.is_empty(), purpose) {
            (false, _) => KnownBy::Values,
            (true, Purpose::Look) if !at_hand => KnownBy::Nothing,
            (true, _) => KnownBy::Credential,
        };
        Identity { texts, known_by }
    };
    let needed = needed(api, base_text);
    let identity = told_by(&telling(api, &needed, plan));
    let limited = told_by(&needed);
    Ok(Settled {
        values,
        credential,
        base,
        notes,
        identity,
        limited,
    })
}

/// The account's keys without which no update has a URL, in order.
fn needed<'a>(api: &'a Api, base_url: &str) -> Vec<&'a str> {
    stand_in(api, &[base_url, api.calls.update.path.as_ref()])
}

/// The account's keys that tell which one it is, in order: those that are needed, and what the mapping gives of those that any
/// other call carries, whether or not this run makes that call. One token may open several accounts, and one account may be
/// given a new token.
fn telling<'a>(api: &'a Api, needed: &[&'a str], plan: &AccountPlan<'_>) -> Vec<&'a str> {
    let all: Vec<&str> = api.all_calls().flat_map(carried).collect();
    let mut keys = stand_in(api, &all);
    keys.retain(|key| plan.gives(key) && !is_credential(key, api, plan));
    keys.extend(needed);
    keys.sort_unstable();
    keys.dedup();
    keys
}

/// The account's keys whose values stand in some texts, in order.
fn stand_in<'a>(api: &'a Api, texts: &[&str]) -> Vec<&'a str> {
    let mut keys: Vec<&str> = api.account.keys().map(String::as_str).collect();
    keys.retain(|key| {
        let placeholder = format!("{{account.{key}}}");
        texts.iter().any(|text| text.contains(&placeholder))
    });
    keys.sort_unstable();
    keys
}

/// The texts of a call that may carry values of the account.
fn carried(call: &CallSpec) -> impl Iterator<Item = &str> {
    let own = [Some(&call.path), call.body.as_ref()];
    let own = own.into_iter().flatten().map(|text| text.as_ref().as_str());
    own.chain(call.adds.values().map(String::as_str))
}

fn is_credential(key: &str, api: &Api, plan: &AccountPlan<'_>) -> bool {
    plan.auth.needs.iter().any(|own| own == key)
        || api.account.get(key).is_some_and(|own| own.secret)
}

fn credential(
    key: &str,
    opened: &Opened,
    plan: &AccountPlan<'_>,
    purpose: Purpose,
    notes: &mut Vec<String>,
) -> Result<(SecretString, Real), Failure> {
    let api = &*opened.api;
    let origin = plan
        .origins
        .iter()
        .find(|(own, _)| own == key)
        .map(|(_, origin)| origin);
    let text = plan
        .texts
        .iter()
        .find(|(own, _)| own == key)
        .map(|(_, text)| text);
    match (purpose, text, origin) {
        (_, Some(text), _) => Ok((text.clone().into(), Real::Yes)),
        (Purpose::Send, None, Some(origin)) => {
            fetch(origin, &opened.folder).map(|value| (value, Real::Yes))
        }
        (Purpose::Send, None, None) => Err(lacks(opened, &[key.to_owned()])),
        // Nothing is sent to the provider, so the real secret is not even asked for.
        (Purpose::Rehearse, None, _) => Ok((sandbox::make_up(api, key).into(), Real::No)),
        (Purpose::Look, None, origin) => {
            let found = match origin {
                // A command may ask a person something, which a mere look is not worth.
                Some(Origin::Command(_)) => None,
                Some(origin) => look(origin, &opened.folder, notes),
                None => {
                    notes.push(format!("`[account]` has no `{key}`; a real run needs it"));
                    None
                }
            };
            Ok(match found {
                Some(value) => (value, Real::Yes),
                None => (sandbox::make_up(api, key).into(), Real::No),
            })
        }
    }
}

/// Whether a credential is the account's own, or made up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Real {
    Yes,
    No,
}

fn missing(api: &Api, key: &str, purpose: Purpose, notes: &mut Vec<String>) -> String {
    if purpose == Purpose::Look {
        notes.push(format!("`[account]` gives no `{key}`; a real run needs it, and a made-up one stands for it here"));
    }
    sandbox::make_up(api, key)
}

fn lacks(opened: &Opened, keys: &[String]) -> Failure {
    let api = &opened.api;
    let mistakes = keys.iter().map(|key| {
        let about = api.account.get(key).map_or("", |own| own.about.as_str());
        let secret = api.account.get(key).is_some_and(|own| own.secret);
        let line = match secret {
            true => format!("{key} = {{ env = \"NAME\" }}"),
            false => format!("{key} = \"…\""),
        };
        Mistake::new(
            "missing-key",
            &opened.file,
            0..0,
            format!("`[account]` gives no `{key}`"),
        )
        .help(format!("write `{line}`: {about}"))
    });
    Failure::mistakes(mistakes.collect())
}

fn fitting(api: &Api, key: &str, value: &str) -> Result<String, Failure> {
    match api.account.get(key) {
        Some(known) if !known.looks.fits(value) => Err(Failure::new(
            Exit::SetUp,
            anyhow::anyhow!(
                "account key `{key}` is {}, and what it comes from gives something else",
                known.looks.words()
            ),
            "nothing was sent",
        )),
        _ => Ok(value.to_owned()),
    }
}

/// A credential for a dry run, which only tells accounts apart by it: why a real run would not have it is noted.
fn look(origin: &Origin, folder: &Path, notes: &mut Vec<String>) -> Option<SecretString> {
    let why = match (origin, source(origin, folder)) {
        (Origin::Env(name), _) if std::env::var_os(name).is_none_or(|value| value.is_empty()) => {
            format!("the environment variable `{name}` is not set; a real run needs it")
        }
        (_, Err(outside)) => format!("{outside}, which a real run refuses; {BESIDE}"),
        (_, Ok(source)) => match secret::fetch(&source, folder) {
            Ok(value) => return Some(value),
            Err(why) => format!("a real run would fail to {:#}", anyhow::Error::new(why)),
        },
    };
    notes.push(why);
    None
}

fn fetch(origin: &Origin, folder: &Path) -> Result<SecretString, Failure> {
    let source =
        source(origin, folder).map_err(|outside| Failure::new(Exit::SetUp, outside, BESIDE))?;
    secret::fetch(&source, folder).map_err(|why| {
        let error = anyhow::Error::new(why);
        Failure::new(
            Exit::SetUp,
            anyhow::anyhow!("failed to {error:#}"),
            "nothing was sent",
        )
    })
}

fn source(origin: &Origin, folder: &Path) -> Result<Source, Outside> {
    Ok(match origin {
        Origin::Env(name) => Source::Env(name.clone()),
        Origin::Command(words) => Source::Command(words.clone()),
        Origin::File(path) => Source::File(below(path, folder)?),
    })
}

/// A secret file that a mapping may not name.
#[derive(Debug, thiserror::Error)]
#[error("the secret file `{0}` lies outside the mapping's folder")]
struct Outside(String);

/// The way out of it.
const BESIDE: &str = "put it beside the mapping, or use `{ command = [\"cat\", \"…\"] }`";

/// A mapping that somebody else wrote must not be able to name any file of this machine as its secret.
fn below(path: &str, folder: &Path) -> Result<PathBuf, Outside> {
    let inside = |path: &Path| {
        let whole = std::path::absolute(path).ok()?;
        let folder = std::path::absolute(folder).ok()?;
        let climbs = whole.components().any(|part| part == Component::ParentDir);
        (!climbs && whole.starts_with(&folder)).then_some(whole)
    };
    inside(&folder.join(path)).ok_or_else(|| Outside(path.to_owned()))
}
