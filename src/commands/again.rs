//! What a person types when a job is run again: the options that it needs as before, and those that have to be new.

use std::path::Path;

use super::reading;
use crate::cli;

/// The options that the same job needs when it is run again.
pub(super) fn options(run: &cli::Run) -> Vec<String> {
    let mut options = reading::again(&run.reading);
    if run.sandbox {
        options.push("--sandbox".to_owned());
    }
    if let Some(state) = &run.state {
        options.push(format!("--state={}", state.display()));
    }
    let place = &run.sending.place;
    if let Some(url) = &place.base_url {
        options.push(format!("--base-url={url}"));
    }
    let hosts = place.allow_host.iter();
    options.extend(hosts.map(|host| format!("--allow-host={host}")));
    if let Some(rate) = &run.sending.rate {
        options.push(format!("--rate={rate}"));
    }
    if let Some(most) = &run.max_errors {
        options.push(format!("--max-errors={most}"));
    }
    if run.verify {
        options.push("--verify".to_owned());
    }
    options
}

/// The options that name what this run writes, and no later one may write over.
pub(super) fn taken(run: &cli::Run) -> Vec<&'static str> {
    let requests = run.requests.as_deref();
    let requests = requests.is_some_and(|path| path != Path::new("-"));
    [("--out", run.out.is_some()), ("--requests", requests)]
        .into_iter()
        .filter_map(|(name, given)| given.then_some(name))
        .collect()
}
