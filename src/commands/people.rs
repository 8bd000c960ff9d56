//! Reads an account's whole list of people, for a provider that cannot be asked for one of them: once, page by page, at the
//! account's pace, into a file of the run's own.

use super::Failure;
use super::question::{self, Untold};
use crate::delivery::question::Patience;
use crate::delivery::{Delivery, Wire};
use crate::mapping::steps::Mapping;
use crate::memory::{Lost, People};
use crate::provider::finding::Find;
use crate::provider::hits;
use crate::provider::path;
use crate::provider::script::Script;
use crate::report::exit::Exit;

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
    way: &Delivery<'_, impl Wire>,
) -> Result<People, Failure> {
    let people = People::new().map_err(lost)?;
    let Some((first, find)) = keys.first() else {
        return Ok(people);
    };
    let refused = |untold: Untold| {
        untold.in_a_run(
            "read the account's list of people, which this provider needs to find anybody",
        )
    };
    let mut page = 1;
    while let Some(call) = script.look(first, "", page) {
        let told = question::put(way, (&find.call, &call), Patience::Row)
            .await
            .map_err(refused)?;
        for (word, find) in keys {
            for (id, values) in hits::everybody(find, &told.body) {
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
            .and_then(|path| path::at(&told.body, path));
        match pages.and_then(serde_json::Value::as_u64) {
            Some(pages) if page < pages => page += 1,
            _ => break,
        }
    }
    tracing::info!("the account's list of people has {page} pages");
    Ok(people)
}

fn lost(lost: Lost) -> Failure {
    Failure::new(
        Exit::LocalFault,
        super::FailedTo(lost),
        "make room for temporary files, then run the same command again",
    )
}
