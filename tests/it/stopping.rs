//! What ends a run, in virtual time: quotas, waits beyond reason, outages, a server that is never reached, the brake.

use std::cell::{Cell, RefCell};
use std::time::Duration;

use contact_sync::contact::Fate;
use contact_sync::delivery::brake::Brake;
use contact_sync::delivery::pace::Pace;
use contact_sync::delivery::retry::Retry;
use contact_sync::delivery::{Delivered, Delivery, Stop};
use contact_sync::provider::reply::{Lost, Reply};
use futures_util::future::join_all;
use tokio::time::{Instant, sleep};

use crate::delivery::{
    Fake, deliver, exchange, no_answer, not_sent, plain, reply, status, ten_a_second,
};

const SECOND: Duration = Duration::from_secs(1);

#[tokio::test(start_paused = true)]
async fn a_wait_beyond_reason_or_an_empty_account_ends_the_run_and_the_row_stays_to_be_done() {
    let api = plain();
    // What is told counts from the answer on.
    let cases: [(_, fn() -> Stop); 3] = [
        (reply(429, &[("retry-after", "1000000000")]), || {
            Stop::WaitTooLong {
                wait: 1_000_000_000 * SECOND,
            }
        }),
        (reply(429, &[("x-daily", "0")]), || Stop::QuotaSpent {
            resume_at: None,
        }),
        (
            reply(429, &[("x-daily", "0"), ("retry-after", "3600")]),
            || Stop::QuotaSpent {
                resume_at: Some(Instant::now() + 3_600 * SECOND),
            },
        ),
    ];
    for (answer, stop) in cases {
        let delivered = deliver(&api, std::slice::from_ref(&answer)).await;
        assert_eq!(delivered.attempts, 1);
        assert_eq!(delivered.verdict.fate, Fate::Pending);
        assert_eq!(delivered.verdict.code, "throttled");
        assert_eq!(delivered.verdict.http_status, Some(429));
        assert_eq!(delivered.stop, Some(stop()));
        let delivered = deliver(&api, &[no_answer(), answer]).await;
        assert_eq!(delivered.verdict.fate, Fate::Unknown);
        assert_eq!(delivered.stop, Some(stop()));
    }
}

#[tokio::test(start_paused = true)]
async fn after_a_stop_nothing_leaves_any_more() {
    let api = plain();
    let fake = Fake::new(|number| match number {
        0..5 => reply(200, &[("x-daily", "9")]),
        _ => reply(200, &[("x-daily", "0")]),
    });
    let delivery = Delivery::new(&api, &fake, ten_a_second(), Retry::new(2));
    let brake = Brake::new();
    let mut fates = Vec::new();
    for id in 0..10 {
        let mut exchange = exchange(&api, &id.to_string());
        let delivered = delivery.deliver(&mut exchange, &brake).await;
        fates.push((delivered.verdict.fate, delivered.stop, delivered.attempts));
    }
    let spent = Some(Stop::QuotaSpent { resume_at: None });
    assert_eq!(fates[..6], [(Fate::Updated, None, 1); 6]);
    assert_eq!(fates[6..], [(Fate::Pending, spent, 0); 4]);
    assert_eq!(fake.sent.borrow().len(), 6);
}

/// Delivers as many rows as it takes until a stop, in lanes; the brake is pulled then, as a run does.
async fn until_a_stop(
    lanes: usize,
    pace: Pace,
    answer: impl Fn(usize) -> Result<Reply, Lost>,
) -> (Stop, Vec<Delivered>, Vec<Instant>) {
    let api = plain();
    let fake = Fake::new(answer);
    let delivery = Delivery::new(&api, &fake, pace, Retry::new(3));
    let brake = Brake::new();
    let stop = Cell::new(None);
    let ends = RefCell::new(Vec::new());
    let lane = async || {
        while !brake.is_pulled() {
            let delivered = delivery.deliver(&mut exchange(&api, "a"), &brake).await;
            if delivered.stop.is_some() {
                stop.set(stop.get().or(delivered.stop));
                brake.pull();
            }
            ends.borrow_mut().push(delivered);
        }
    };
    join_all((0..lanes).map(|_| lane())).await;
    let stop = stop.get().expect("a stop");
    (stop, ends.into_inner(), fake.sent.into_inner())
}

#[tokio::test(start_paused = true)]
async fn an_outage_ends_the_run_after_a_hundred_retries() {
    for (lanes, answer, most) in [
        (1, status(503), 100),
        (64, status(503), 100),
        (8, no_answer(), 50),
        (8, status(429), 100),
        (8, status(502), 100),
    ] {
        let (stop, ends, sent) = until_a_stop(lanes, ten_a_second(), |number| match number {
            0..30 => status(200),
            _ => answer.clone(),
        })
        .await;
        assert_eq!(stop, Stop::RetriesSpent);
        let after = ends.iter().filter(|one| one.attempts > 0).count() - 30;
        assert!(
            sent.len() <= 30 + after + most,
            "{} sent for {after} rows",
            sent.len()
        );
        assert!(sent.len() >= 30 + most);
    }
}

#[tokio::test(start_paused = true)]
async fn a_server_that_is_never_reached_is_given_up_after_a_minute_and_all_is_still_to_be_done() {
    for lanes in [1, 8] {
        let start = Instant::now();
        let (stop, ends, sent) = until_a_stop(lanes, ten_a_second(), |_| not_sent()).await;
        assert_eq!(stop, Stop::Unreachable);
        assert!(ends.iter().all(|one| one.verdict.fate == Fate::Pending));
        assert!(start.elapsed() >= 60 * SECOND && start.elapsed() < 63 * SECOND);
        assert!(sent.len() <= 100, "{} tries", sent.len());
    }
}

#[tokio::test(start_paused = true)]
async fn a_server_that_comes_back_is_as_if_it_had_never_gone() {
    let api = plain();
    let start = Instant::now();
    let fake = Fake::new(|_| {
        let away = start.elapsed() > 5 * SECOND && start.elapsed() < 25 * SECOND;
        if away { not_sent() } else { status(200) }
    });
    let delivery = Delivery::new(&api, &fake, ten_a_second(), Retry::new(4));
    let brake = Brake::new();
    let left = Cell::new(200);
    let lane = async || {
        while left.get() > 0 {
            left.set(left.get() - 1);
            let delivered = delivery.deliver(&mut exchange(&api, "a"), &brake).await;
            assert_eq!(delivered.verdict.fate, Fate::Updated);
        }
    };
    join_all((0..8).map(|_| lane())).await;
}

#[tokio::test(start_paused = true)]
async fn a_brake_lets_nothing_new_start_and_what_is_on_the_road_come_home() {
    let api = plain();
    let fake = Fake::new(|_| status(200));
    let delivery = Delivery::new(&api, &fake, ten_a_second(), Retry::new(6));
    let brake = Brake::new();
    let rows = (0..30).map(async |id| {
        let mut exchange = exchange(&api, &id.to_string());
        delivery.deliver(&mut exchange, &brake).await
    });
    let foot = async {
        sleep(Duration::from_millis(1_030)).await;
        brake.pull();
    };
    let (delivered, ()) = tokio::join!(join_all(rows), foot);
    let sent = fake.sent.borrow().len();
    assert!((10..=12).contains(&sent));
    for (number, one) in delivered.iter().enumerate() {
        let (fate, code, attempts) = match number < sent {
            true => (Fate::Updated, "", 1),
            false => (Fate::Pending, "not-tried", 0),
        };
        assert_eq!(one.verdict.fate, fate);
        assert_eq!(one.verdict.code, code);
        assert_eq!(one.attempts, attempts);
        assert_eq!(one.duration, fake.latency * attempts);
        assert_eq!(one.stop, None);
    }
}

#[tokio::test(start_paused = true)]
async fn a_brake_ends_the_wait_between_two_attempts() {
    for (answer, fate) in [
        (status(500), Fate::Failed),
        (no_answer(), Fate::Unknown),
        (not_sent(), Fate::Pending),
        (reply(429, &[("retry-after", "600")]), Fate::Pending),
    ] {
        let api = plain();
        let fake = Fake::new(|_| answer.clone());
        let delivery = Delivery::new(&api, &fake, Pace::new(&[]), Retry::new(7));
        let brake = Brake::new();
        let start = Instant::now();
        let mut exchange = exchange(&api, "a");
        let foot = async {
            sleep(Duration::from_millis(51)).await;
            brake.pull();
            brake.pulled().await;
        };
        let (delivered, ()) = tokio::join!(delivery.deliver(&mut exchange, &brake), foot);
        assert_eq!(delivered.verdict.fate, fate, "{answer:?}");
        assert_eq!(delivered.attempts, 1);
        assert!(start.elapsed() < SECOND);
    }
}
