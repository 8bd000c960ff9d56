//! Asks the account which custom fields, tags and kinds of channel it has, once, before the first row.

use std::time::Duration;

use super::Failure;
use crate::delivery::Wire;
use crate::provider::answers::Meaning;
use crate::provider::api::Api;
use crate::provider::call::{self, Account};
use crate::provider::definitions::{self, Definition, Known};
use crate::provider::finding::DefinitionList;
use crate::provider::reply::{self, Reply};
use crate::provider::template::Template;
use crate::report::exit::Exit;

/// No account has more pages of definitions than this; more is a server that repeats itself.
const PAGES: u64 = 1_000;
/// A call is made so often before it is given up.
const ATTEMPTS: u32 = 4;

/// Asks the account.
///
/// # Errors
///
/// Why the account cannot be asked; nothing was changed.
pub(super) async fn ask(api: &Api, account: &Account, wire: &impl Wire) -> Result<Known, Failure> {
    let lists = &api.definitions;
    let mut known = Known::default();
    if let Some(list) = &lists.custom_fields {
        known.custom_fields = match (all(api, account, wire, list).await, list.optional) {
            (Err(_), true) => Vec::new(),
            (read, _) => read?,
        };
        known.silent = list.optional && known.custom_fields.is_empty();
        if known.silent {
            tracing::warn!(
                "the account does not tell which custom fields it has, so their names are sent as the mapping writes them"
            );
        }
    }
    if let Some(list) = &lists.tags {
        for tag in all(api, account, wire, list).await? {
            known.tags.insert(tag.name.trim().to_lowercase(), tag.id);
            known.tag_names.push(tag.name);
        }
    }
    if let Some(list) = &lists.channels {
        let channels = all(api, account, wire, list).await?;
        // The first of a kind is the account's own; later ones are added by people.
        for channel in channels.into_iter().rev() {
            known.channels.insert(channel.name, channel.id);
        }
    }
    Ok(known)
}

async fn all(
    api: &Api,
    account: &Account,
    wire: &impl Wire,
    list: &DefinitionList,
) -> Result<Vec<Definition>, Failure> {
    let paged = Template::parse(list.call.path.as_ref()).is_ok_and(|path| path.has_pages());
    let mut found = Vec::new();
    for page in 1..=if paged { PAGES } else { 1 } {
        let reply = one(api, account, wire, list, page).await?;
        let body = serde_json::from_slice(&reply.body).unwrap_or_default();
        let read = definitions::read(list, &body);
        if read.is_empty() || found.ends_with(&read) {
            break;
        }
        found.extend(read);
    }
    Ok(found)
}

async fn one(
    api: &Api,
    account: &Account,
    wire: &impl Wire,
    list: &DefinitionList,
    page: u64,
) -> Result<Reply, Failure> {
    let set_up =
        |what: String| Failure::new(Exit::SetUp, anyhow::Error::msg(what), "nothing was changed");
    let call = call::list(&list.call, account, page).map_err(set_up)?;
    let about = format!("{} {}", call.method.word(), call.target);
    let mut last = String::new();
    // Rows find out soon enough about a server in trouble; nobody waits for what may not be there at all.
    let attempts = if list.optional { 1 } else { ATTEMPTS };
    for attempt in 1..=attempts {
        match wire.send(&call).await {
            Err(lost) => last = lost.why().to_owned(),
            Ok(reply) => {
                let answer = reply::read(api, &reply);
                let is_list = serde_json::from_slice::<Vec<serde_json::Value>>(&reply.body).is_ok();
                match answer.meaning {
                    Meaning::Accepted => return Ok(reply),
                    Meaning::NotTheApi if is_list && (200..300).contains(&reply.status) => {
                        return Ok(reply);
                    }
                    Meaning::Throttled | Meaning::Outage | Meaning::Gateway | Meaning::Busy => {
                        last = format!("answered {}", reply.status);
                    }
                    meaning => {
                        let hint = api.hints.get(&meaning).map_or("", String::as_str);
                        let exit = match meaning {
                            Meaning::RefusedCredential | Meaning::Forbidden | Meaning::Moved => {
                                Exit::StoppedEarly
                            }
                            _ => Exit::SetUp,
                        };
                        let what = format!(
                            "failed to ask the account what it has: {about} gave {}: {} {hint}",
                            answer.status, answer.reason
                        );
                        return Err(Failure::new(
                            exit,
                            anyhow::Error::msg(what.trim().to_owned()),
                            "nothing was changed",
                        ));
                    }
                }
            }
        }
        if attempt < attempts {
            tokio::time::sleep(Duration::from_millis(500) * attempt * attempt).await;
        }
    }
    let what = format!("failed to ask the account what it has: {about}: {last}");
    Err(Failure::new(
        Exit::StoppedEarly,
        anyhow::Error::msg(what),
        "run the same command again later",
    ))
}
