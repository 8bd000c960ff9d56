//! Many accounts in one process: none is served at another's cost, and none above its limit.

#[path = "../bench/simulation.rs"]
mod simulation;

use std::time::Duration;

use simulation::{ALLOWED, Seen};

#[track_caller]
fn assert_fair(seen: &Seen, span: Duration) {
    assert!(
        seen.fullest <= ALLOWED as usize,
        "{} in a second",
        seen.fullest
    );
    assert!(seen.fairness() > 0.99, "{} of the most", seen.fairness());
    let allowed = f64::from(ALLOWED) * span.as_secs_f64() * seen.served.len() as f64;
    let share = seen.total() as f64 / allowed;
    assert!(
        share > 0.98 && share <= 1.0,
        "{share} of all that is allowed"
    );
}

#[test]
fn forty_accounts_in_one_process_each_use_their_limit() {
    let span = Duration::from_secs(30);
    assert_fair(&simulation::accounts(40, span), span);
}

#[test]
#[expect(
    clippy::print_stderr,
    reason = "the figures are what the test is run for"
)]
#[ignore = "600,000 requests take long in a debug build"]
fn a_thousand_accounts_in_one_process_each_use_their_limit() {
    let span = Duration::from_secs(60);
    let seen = simulation::accounts(1_000, span);
    assert_fair(&seen, span);
    let fairness = seen.fairness();
    let memory = seen.memory.unwrap_or_default() / 1_024 / 1_000;
    eprintln!(
        "{} requests in {:?}; least ÷ most served {fairness:.3}; {memory} KiB an account",
        seen.total(),
        seen.took
    );
}
