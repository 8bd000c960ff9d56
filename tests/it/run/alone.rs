//! One run of a job at a time, and a day's quota that all runs of an account share.

use std::time::Duration;

use super::gate::Gate;
use super::harness::{OFFICIAL, QUICK, Run, people};
use super::nights::Nights;
use super::server::{answer, taken};

fn slow() -> Nights {
    Nights::with(|_| taken().after(Duration::from_millis(300)))
}

#[test]
fn a_second_run_of_the_same_job_ends_at_once_and_names_the_first() {
    let gate = Gate::default();
    let held = gate.clone();
    let nights = Nights::with(move |request| match request.before {
        0 => taken().when(&held),
        _ => taken(),
    });
    let one = |run: Run| run.args(["--concurrency", "1"]);
    let first = one(nights.run(QUICK, &people(6))).start();
    nights.server.wait_for(1);
    let second = nights.run(QUICK, &people(2)).go();
    second.code(7).says(&format!("process {}", first.id()));
    assert_eq!(second.directory(), None, "it leaves nothing behind");
    // Another mapping on the same account is another job.
    let other = QUICK.replace("name = \"Name\"\n", "");
    nights.run(&other, &people(1)).go().code(0);
    // Looking is allowed at any time.
    nights
        .run(QUICK, &people(1))
        .args(["--dry-run"])
        .go()
        .code(0);
    gate.open();
    first.end().code(0);
    nights.run(QUICK, &people(2)).go().code(0);
}

#[test]
fn a_lock_left_by_a_killed_run_is_free() {
    let nights = slow();
    let first = nights.run(QUICK, &people(6)).start();
    nights.server.wait_for(1);
    first.signal("KILL");
    first.end();
    nights.run(QUICK, &people(6)).go().code(0);
}

/// A provider whose accounts may be asked five times a day.
fn five_a_day(run: Run) -> Run {
    let api = include_str!("../../../mappings/highlevel/api.toml");
    assert!(api.contains("requests = 200_000") || api.contains("requests = 200000"));
    let api = api
        .replace("requests = 200_000", "requests = 5")
        .replace("requests = 200000", "requests = 5");
    run.file("shop/api.toml", api)
}

#[test]
fn a_days_quota_is_shared_by_all_runs_of_an_account_and_ends_them_with_the_time() {
    let nights = Nights::with(|_| answer(200, r#"{"succeded":true,"contact":{"id":"1"}}"#).into());
    let mapping = OFFICIAL.replace("\"highlevel\"", "\"api.toml\"");
    let run = |csv: &str| five_a_day(nights.run(&mapping, csv)).args(["--concurrency", "1"]);
    let (first, sent) = nights.night_of(run(&people(3)));
    first.code(0);
    assert_eq!(sent.len(), 3);
    let (second, sent) = nights.night_of(run(&people(8)));
    second.code(5);
    assert_eq!(sent.len(), 2, "{second}");
    let reason = second.summary()["reason"].to_string();
    assert!(
        reason.contains("00:00:00 UTC"),
        "midnight is named: {reason}"
    );
    assert_eq!(
        (
            second.count("unchanged"),
            second.count("updated"),
            second.count("pending")
        ),
        (3, 2, 3)
    );
    let (third, sent) = nights.night_of(run(&people(8)));
    third.code(5);
    assert_eq!((sent.len(), third.count("pending")), (0, 3), "{third}");
    let (other, sent) = nights.night_of(run(&people(2)).env("SHOP_TOKEN", "another-account"));
    other.code(0);
    assert_eq!(sent.len(), 2);
}
