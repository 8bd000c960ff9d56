//! The way to an account, made once for a verb: where the API is, its client, and the pace that every request keeps, also
//! those before the first row.

use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;

use super::account::Settled;
use super::state::Kept;
use super::{FailedTo, Failure};
use crate::delivery::Delivery;
use crate::delivery::client::{Client, NoClient};
use crate::delivery::pace::Pace;
use crate::delivery::retry::Retry;
use crate::delivery::timeouts::Timeouts;
use crate::memory::Memory;
use crate::provider::api::{Api, Limit};
use crate::report::exit::Exit;
use crate::sandbox::{Beside, Sandbox};

/// Starts a stand-in that enforces the limits which its client keeps to: where the file only guesses and a person knows
/// better, the guess would refuse what is allowed.
///
/// # Errors
///
/// There is no free port for it.
pub(super) fn stand_in(api: &Arc<Api>, limits: &[Limit]) -> Result<Beside, Failure> {
    let bound = Sandbox::bind(Arc::clone(api), 0);
    let started = bound.and_then(|own| own.with_limits(limits).beside());
    started.map_err(|error| {
        let what = "the stand-in needs a free port on 127.0.0.1";
        Failure::new(Exit::LocalFault, error, what)
    })
}

/// Where the API is: the stand-in, or what was asked for.
pub(super) fn base_url(stand_in: Option<&Beside>, asked: Option<&str>) -> Option<String> {
    match stand_in {
        Some(stand_in) => Some(format!("http://{}", stand_in.address())),
        None => asked.map(str::to_owned),
    }
}

/// Makes the way to an account; at most so many requests are under way on it at once.
///
/// # Errors
///
/// What of the account cannot be sent, or why there are no connections.
pub(super) fn to<'a>(
    api: &'a Api,
    account: &Settled,
    limits: &[Limit],
    kept: Option<&mut Kept>,
    most: usize,
) -> Result<Delivery<'a, Client>, Failure> {
    let client = Client::new(
        api,
        account.base.as_str(),
        account.credential.clone(),
        most,
        Timeouts::default(),
    );
    let client = client.map_err(|error| {
        let next = match error {
            NoClient::Proxy(_) => "mend the variable, or unset it to connect directly",
            _ => "check the account's values in the mapping",
        };
        Failure::new(Exit::SetUp, FailedTo(error), next)
    })?;
    let pace = pace(limits, kept);
    Ok(Delivery::new(
        api,
        client,
        pace,
        Retry::new(fastrand::u64(..)),
    ))
}

/// The account's pace: beside what was spent today and what other runs spend, where that is known.
fn pace(limits: &[Limit], kept: Option<&mut Kept>) -> Pace {
    let pace = Pace::new(limits);
    let Some(kept) = kept else { return pace };
    let spent = kept.memory.as_ref().map_or(0, Memory::spent_before);
    let pace = pace.with_day(spent, left_of_the_day());
    match kept.turns.take() {
        Some(turns) => pace.with(Box::new(turns)),
        None => pace,
    }
}

/// How long it is until midnight, UTC.
fn left_of_the_day() -> Duration {
    let day = 24 * 60 * 60 * 1_000;
    let milli = Timestamp::now().as_millisecond().rem_euclid(day);
    Duration::from_millis((day - milli).unsigned_abs())
}
