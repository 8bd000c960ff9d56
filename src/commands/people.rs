//! Reads an account's whole list of people, for a provider that cannot be asked for one of them: once, page by page, at the
//! account's pace, into a file of the run's own.

use std::time::Duration;

use super::Failure;
use crate::delivery::Wire;
use crate::delivery::pace::Pace;
use crate::mapping::steps::Mapping;
use crate::memory::{Lost, People};
use crate::provider::answers::Meaning;
use crate::provider::finding::Find;
use crate::provider::hits;
use crate::provider::reply;
use crate::provider::script::Script;
use crate::report::exit::Exit;

/// A page is asked for so often before the run gives up.
const ATTEMPTS: u32 = 5;

/// The keys by which the provider cannot find, so that its whole list has to be read.
pub(super) fn listed<'a>(script: &Script<'a>, mapping: &Mapping) -> Vec<(&'static str, &'a Find)> {
    let keys = mapping.known_by.iter();
    let finds = keys.filter_map(|step| Some((step.key, script.find(step.key)?)));
    finds.filter(|(_, find)| find.pages.is_some()).collect()
}

/// Reads the list.
///
/// # Errors
///
/// Why it cannot be read to its end; nothing was changed.
pub(super) async fn read(
    script: &Script<'_>,
    keys: &[(&'static str, &Find)],
    wire: &impl Wire,
    pace: &Pace,
) -> Result<People, Failure> {
    let people = People::new().map_err(lost)?;
    let Some((first, find)) = keys.first() else {
        return Ok(people);
    };
    let mut page = 1;
    loop {
        let body = one(script, first, page, wire, pace).await?;
        for (word, find) in keys {
            for (id, values) in hits::everybody(find, &body) {
                for value in values {
                    people
                        .add(&People::known(word, &value), &id)
                        .map_err(lost)?;
                }
            }
        }
        let pages = find
            .pages
            .as_deref()
            .and_then(|path| reply::at(&body, path));
        match pages.and_then(serde_json::Value::as_u64) {
            Some(pages) if page < pages => page += 1,
            _ => break,
        }
    }
    tracing::info!("the account's list of people has {page} pages");
    Ok(people)
}

async fn one(
    script: &Script<'_>,
    key: &str,
    page: u64,
    wire: &impl Wire,
    pace: &Pace,
) -> Result<serde_json::Value, Failure> {
    let mut last = String::new();
    for attempt in 1..=ATTEMPTS {
        let Some(call) = script.look(key, "", page) else {
            break;
        };
        if pace.turn().await.is_err() {
            return Err(failed("the account has spent what it may ask for in a day"));
        }
        match wire.send(&call).await {
            Err(why) => last = why.why().to_owned(),
            Ok(reply) => {
                let answer = reply::read(script.api, &reply);
                let timing = reply::timing(script.api, &reply, answer.meaning);
                match answer.meaning {
                    Meaning::Accepted => return Ok(answer.body),
                    Meaning::Throttled => pace.throttled(&timing, Duration::from_secs(1)),
                    Meaning::Outage | Meaning::Gateway | Meaning::Busy => {}
                    _ => {
                        return Err(failed(&format!(
                            "it answered {}: {}",
                            answer.status, answer.reason
                        )));
                    }
                }
                last = format!("it answered {}", answer.status);
            }
        }
        tokio::time::sleep(Duration::from_millis(300) * attempt * attempt).await;
    }
    Err(failed(&last))
}

fn failed(why: &str) -> Failure {
    let what = format!(
        "failed to read the account's list of people, which this provider needs to find anybody: {why}"
    );
    Failure::new(
        Exit::StoppedEarly,
        anyhow::Error::msg(what),
        "nothing was changed; run the same command again later",
    )
}

fn lost(lost: Lost) -> Failure {
    Failure::new(
        Exit::LocalFault,
        super::FailedTo(lost),
        "make room for temporary files, then run the same command again",
    )
}
