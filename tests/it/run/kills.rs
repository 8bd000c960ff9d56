//! `kill -9` at any moment: run again, every row ends right, and no more rows are sent twice than may be under way.

use std::collections::HashMap;
use std::thread;
use std::time::Duration;

use super::done::Done;
use super::harness::QUICK;
use super::nights::Nights;
use super::server::{Request, taken};

const ROWS: usize = 60;

fn csv(name: &str) -> String {
    let rows = (1..=ROWS).map(|number| format!("{number},{name} {number},p{number}@example.org\n"));
    "Id,Name,Email\n".to_owned() + &rows.collect::<String>()
}

/// Kills a run at a random moment, runs it again, and holds what the server saw against what was reported. How many rows
/// were sent twice.
fn kill_once(seed: u64, concurrency: usize) -> usize {
    let mut random = fastrand::Rng::with_seed(seed);
    let latency = Duration::from_micros(random.u64(0..4_000));
    let nights = Nights::with(move |_| taken().after(latency));
    let run = |name: &str| {
        let concurrency = concurrency.to_string();
        nights
            .run(QUICK, &csv(name))
            .args(["--concurrency", &concurrency])
    };
    // Half of the time something is remembered already, so that doubts are noted too.
    let before = match random.bool() {
        true => {
            run("Old").go().code(0);
            ROWS
        }
        false => 0,
    };
    let running = run("New").start();
    nights.server.wait_for(before + random.usize(1..=ROWS));
    thread::sleep(Duration::from_micros(random.u64(0..3_000)));
    running.signal("KILL");
    // Killed after its last word it has whole reports, but no exit code of its own.
    let torn = running.torn();
    // What was on its way when the run died may still arrive.
    nights.server.settle();
    let arrived = nights.server.requests();
    no_false_word(&torn, &arrived[before..]);
    let arrived = arrived.len();
    let again = run("New").go();
    again.code(0);
    let (unchanged, updated) = (again.count("unchanged"), again.count("updated"));
    assert_eq!(
        unchanged + updated,
        ROWS as u64,
        "every row ends right: {again}"
    );
    let requests = nights.server.requests();
    assert_eq!(
        requests.len() - arrived,
        usize::try_from(updated).expect("few")
    );
    let mut times: HashMap<&str, usize> = HashMap::new();
    for request in &requests[before..] {
        assert!(request.body.contains("New"), "{request:?}");
        *times.entry(request.contact()).or_default() += 1;
    }
    assert_eq!(times.len(), ROWS, "none is lost");
    let twice = requests.len() - before - ROWS;
    assert!(
        twice <= concurrency,
        "{twice} rows were sent twice: {again}"
    );
    assert!(times.values().all(|times| *times <= 2));
    let calm = run("New").go();
    calm.code(0).all("unchanged");
    twice
}

/// What the reports of a killed run call updated has arrived.
fn no_false_word(torn: &Done, arrived: &[Request]) {
    if torn.report("results.csv").is_none() {
        return;
    }
    for line in torn.results() {
        let there = arrived.iter().any(|own| own.contact() == line.contact_id);
        assert!(line.outcome != "updated" || there, "{torn}");
    }
}

/// Rows sent twice, by point.
fn kill_at(points: u64, concurrency: usize) -> Vec<usize> {
    let at = |point| {
        let seed = 1_000 * concurrency as u64 + point;
        let told = std::panic::catch_unwind(|| kill_once(seed, concurrency));
        told.unwrap_or_else(|_| panic!("seed {seed} at concurrency {concurrency}"))
    };
    (0..points).map(at).collect()
}

#[test]
fn a_run_that_is_killed_goes_on_where_it_was() {
    for concurrency in [1, 8, 32] {
        kill_at(10, concurrency);
    }
}

#[expect(clippy::print_stderr, reason = "the figures of a full run")]
fn kill_at_a_thousand(concurrency: usize) {
    let twice = kill_at(1_000, concurrency);
    let most = twice.iter().max().copied().unwrap_or_default();
    let any = twice.iter().filter(|rows| **rows > 0).count();
    let points = twice.len();
    eprintln!("{concurrency} at once: {points} points, {any} with rows sent twice, {most} at most");
}

#[test]
#[ignore = "takes up to an hour on a busy machine"]
fn a_run_with_one_at_once_is_killed_at_a_thousand_points() {
    kill_at_a_thousand(1);
}

#[test]
#[ignore = "takes up to an hour on a busy machine"]
fn a_run_with_eight_at_once_is_killed_at_a_thousand_points() {
    kill_at_a_thousand(8);
}

#[test]
#[ignore = "takes up to an hour on a busy machine"]
fn a_run_with_thirty_two_at_once_is_killed_at_a_thousand_points() {
    kill_at_a_thousand(32);
}
