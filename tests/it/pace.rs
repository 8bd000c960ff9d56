//! The pace in virtual time: never above a limit in any window, nearly all of it used, and the server is obeyed.

use std::cell::{Cell, RefCell};
use std::time::Duration;

use contact_sync::delivery::Stop;
use contact_sync::delivery::pace::{LONGEST_WAIT, Pace};
use contact_sync::provider::api::{Limit, Sure};
use contact_sync::provider::limit::effective;
use contact_sync::provider::reply::{Hold, Timing};
use futures_util::future::join_all;
use proptest::prelude::*;
use tokio::time::{Instant, sleep};

mod leaving;
mod pauses;
mod together;

pub(crate) const SECOND: Duration = Duration::from_secs(1);

pub(crate) fn limit(requests: u32, per: Duration) -> Limit {
    Limit {
        requests,
        per,
        sure: Sure::Official,
    }
}

/// The instants at which so many turns were given.
pub(crate) async fn turns(pace: &Pace, count: usize) -> Vec<Instant> {
    let mut departures = Vec::with_capacity(count);
    for _ in 0..count {
        pace.turn().await.expect("nothing stops the pace");
        departures.push(Instant::now());
    }
    departures
}

/// Departures in the fullest window of a limit, wherever it is laid.
fn fullest(departures: &[Instant], per: Duration) -> usize {
    let mut start = 0;
    let mut most = 0;
    for (end, at) in departures.iter().enumerate() {
        while *at - departures[start] >= per {
            start += 1;
        }
        most = most.max(end + 1 - start);
    }
    most
}

pub(crate) fn achieved(departures: &[Instant]) -> f64 {
    let span = *departures.last().expect("some") - departures[0];
    (departures.len() - 1) as f64 / span.as_secs_f64()
}

fn assert_keeps(departures: &[Instant], limits: &[Limit]) {
    for limit in limits {
        let most = fullest(departures, limit.per);
        assert!(
            most <= limit.requests as usize,
            "{most} departures in one window of {limit:?}"
        );
    }
    let allowed = limits
        .iter()
        .map(|limit| f64::from(limit.requests) / limit.per.as_secs_f64())
        .fold(f64::INFINITY, f64::min);
    let share = achieved(departures) / allowed;
    assert!(share >= 0.98, "{share} of {limits:?} used");
    assert!(share <= 1.0, "{share} of {limits:?} used");
}

/// Requests to a server that answers after a while, and when each of them left.
struct Departures<'a> {
    of: &'a RefCell<Vec<Instant>>,
    latency: Duration,
}

impl Departures<'_> {
    /// Lets so many requests leave, so many at once.
    async fn leave(&self, pace: &Pace, count: u32, at_once: u32) {
        let left = Cell::new(count);
        let lane = async || {
            while left.get() > 0 {
                left.set(left.get() - 1);
                pace.turn().await.expect("nothing stops the pace");
                self.of.borrow_mut().push(Instant::now());
                sleep(self.latency).await;
            }
        };
        join_all((0..at_once).map(|_| lane())).await;
    }
}

#[tokio::test(start_paused = true)]
async fn no_window_is_ever_above_its_limit_and_nearly_all_of_it_is_used() {
    let second = |n| limit(n, SECOND);
    let minute = Duration::from_secs(60);
    for (count, limits) in [
        (100_000, vec![second(10)]),
        (100_000, vec![limit(100, 10 * SECOND)]),
        (100_000, vec![second(1_000)]),
        (100_000, vec![second(5_000)]),
        (10_000, vec![second(100)]),
        (10_000, vec![limit(1, 10 * SECOND)]),
        (10_000, vec![limit(3, SECOND)]),
        (10_000, vec![limit(10, SECOND / 10)]),
        (
            100_000,
            vec![second(20), limit(100, 10 * SECOND), limit(550, minute)],
        ),
        (
            10_000,
            vec![second(50), limit(3_000, minute), limit(7, SECOND / 10)],
        ),
    ] {
        let pace = Pace::new(&limits);
        let departures = turns(&pace, count).await;
        assert_keeps(&departures, &limits);
    }
}

#[tokio::test(start_paused = true)]
async fn the_rate_is_reached_whatever_the_servers_latency() {
    for latency in [Duration::ZERO, SECOND / 20, 2 * SECOND] {
        let limits = [limit(20, SECOND)];
        let pace = Pace::new(&limits);
        let departures = RefCell::new(Vec::new());
        let sent = Departures {
            of: &departures,
            latency,
        };
        sent.leave(&pace, 2_000, 64).await;
        assert_keeps(&departures.borrow(), &limits);
    }
}

#[tokio::test(start_paused = true)]
async fn turns_come_in_the_order_of_asking() {
    let pace = Pace::new(&[limit(100, SECOND)]);
    let order = RefCell::new(Vec::new());
    let asking = (0..200).map(|number| {
        let (pace, order) = (&pace, &order);
        async move {
            pace.turn().await.expect("nothing stops the pace");
            order.borrow_mut().push(number);
        }
    });
    join_all(asking).await;
    assert_eq!(*order.borrow(), (0..200).collect::<Vec<_>>());
}

#[tokio::test(start_paused = true)]
async fn one_who_leaves_the_line_takes_nothing_with_him() {
    let pace = Pace::new(&[limit(1, 10 * SECOND)]);
    let start = Instant::now();
    turns(&pace, 1).await;
    for _ in 0..20 {
        let gone = tokio::time::timeout(SECOND / 10, pace.turn()).await;
        assert!(gone.is_err());
    }
    turns(&pace, 1).await;
    assert!(start.elapsed() < Duration::from_millis(10_200));
}

#[tokio::test(start_paused = true)]
async fn without_limits_nobody_waits() {
    let pace = Pace::new(&[]);
    let start = Instant::now();
    turns(&pace, 10_000).await;
    assert_eq!(start.elapsed(), Duration::ZERO);
}

#[tokio::test(start_paused = true)]
async fn a_hold_holds_everybody_also_those_in_line() {
    let pace = Pace::new(&[limit(10, SECOND)]);
    let held = Cell::new(None);
    let departures = RefCell::new(Vec::new());
    let lane = async || {
        for _ in 0..5 {
            pace.turn().await.expect("nothing stops the pace");
            departures.borrow_mut().push(Instant::now());
        }
    };
    let server = async {
        sleep(Duration::from_millis(1_234)).await;
        held.set(Some(Instant::now()));
        let seven = Timing {
            hold: Some(Hold::For(7 * SECOND)),
            ..Timing::default()
        };
        pace.throttled(&seven, Duration::ZERO);
        // A shorter one does not cut a longer one short.
        pace.hold(SECOND);
    };
    tokio::join!(join_all((0..16).map(|_| lane())), server);
    let held = held.get().expect("the server answered");
    let departures = departures.borrow();
    assert_eq!(departures.len(), 80);
    let during = departures
        .iter()
        .filter(|at| **at >= held && **at < held + 7 * SECOND);
    assert_eq!(during.count(), 0);
    assert!(
        departures
            .iter()
            .any(|at| *at < held + 7 * SECOND + SECOND / 10 && *at > held)
    );
}

#[tokio::test(start_paused = true)]
async fn a_wait_beyond_reason_ends_the_run() {
    for wait in [LONGEST_WAIT + SECOND, Duration::from_secs(u64::MAX)] {
        let pace = Pace::new(&[limit(10, SECOND)]);
        pace.news(&Timing {
            hold: Some(Hold::For(wait)),
            ..Timing::default()
        });
        assert_eq!(pace.turn().await.err(), Some(Stop::WaitTooLong { wait }));
    }
    let pace = Pace::new(&[]);
    pace.hold(LONGEST_WAIT);
    let start = Instant::now();
    assert!(pace.turn().await.is_ok());
    assert_eq!(start.elapsed(), LONGEST_WAIT);
}

#[tokio::test(start_paused = true)]
async fn a_quota_is_counted_and_not_spread() {
    let day = Duration::from_secs(86_400);
    let pace = Pace::new(&[limit(1_000, SECOND), limit(5_000, day)]);
    let start = Instant::now();
    let departures = turns(&pace, 5_000).await;
    assert!(start.elapsed() < 6 * SECOND);
    assert!(fullest(&departures, SECOND) <= 1_000);
    let Err(Stop::QuotaSpent {
        resume_at: Some(end),
    }) = pace.turn().await
    else {
        panic!("the quota is spent");
    };
    let after = end - Instant::now();
    assert!(after > day - 10 * SECOND && after <= day + day / 100);
}

#[tokio::test(start_paused = true)]
async fn nothing_left_today_ends_the_run() {
    let pace = Pace::new(&[]);
    let left = |daily_remaining| Timing {
        daily_remaining: Some(daily_remaining),
        ..Timing::default()
    };
    pace.news(&left(1));
    assert!(pace.turn().await.is_ok());
    pace.news(&left(0));
    let spent = Stop::QuotaSpent { resume_at: None };
    assert_eq!(pace.turn().await.err(), Some(spent));
}

#[tokio::test(start_paused = true)]
async fn a_servers_own_limit_tightens_ours_and_never_loosens_it() {
    let window = |requests, per| Timing {
        window: Some((requests, per)),
        ..Timing::default()
    };
    let ours = [limit(100, 10 * SECOND)];
    for (told, wanted) in [
        (window(1_000, 10 * SECOND), limit(100, 10 * SECOND)),
        (window(50, 10 * SECOND), limit(50, 10 * SECOND)),
        (window(2, SECOND), limit(2, SECOND)),
        (window(500, SECOND), limit(100, 10 * SECOND)),
        (
            window(1, Duration::from_secs(7_200)),
            limit(100, 10 * SECOND),
        ),
    ] {
        let pace = Pace::new(&ours);
        pace.news(&told);
        let departures = turns(&pace, 2_000).await;
        assert_keeps(&departures, &[wanted]);
    }
}

#[tokio::test(start_paused = true)]
async fn an_empty_window_is_news_only_where_somebody_else_emptied_it() {
    let limits = [limit(100, 10 * SECOND)];
    let empty = Timing {
        hold: Some(Hold::OneWindow),
        ..Timing::default()
    };
    let pace = Pace::new(&limits);
    let mut departures = turns(&pace, 100).await;
    // We have sent a hundred in ten seconds, so of course there is nothing left: the record keeps us right.
    for _ in 0..400 {
        pace.news(&empty);
        departures.extend(turns(&pace, 1).await);
    }
    assert_keeps(&departures, &limits);

    let pace = Pace::new(&limits);
    turns(&pace, 5).await;
    let told = Instant::now();
    pace.news(&empty);
    turns(&pace, 1).await;
    assert_eq!(told.elapsed(), 10 * SECOND);
}

#[test]
fn a_rate_of_ones_own_tightens_what_is_official_and_replaces_what_is_guessed() {
    let guess = Limit {
        sure: Sure::Guess,
        ..limit(5, SECOND)
    };
    let official = limit(100, 10 * SECOND);
    let own = limit(8, SECOND);
    let known = [official.clone(), guess.clone()];
    assert_eq!(effective(&known, None), known);
    assert_eq!(
        effective(&known, Some(own.clone())),
        [official, own.clone()]
    );
    assert_eq!(effective(&[guess], Some(own.clone())), [own]);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn no_mixture_of_limits_and_pauses_breaks_any_of_them(
        given in prop::collection::vec((1u32..400, 20u64..20_000), 1..4),
        pauses in prop::collection::vec((0usize..600, 0u64..30_000), 0..6),
    ) {
        let limits: Vec<Limit> = given
            .iter()
            .map(|(requests, millis)| limit(*requests, Duration::from_millis(*millis)))
            .collect();
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_time()
            .start_paused(true)
            .build()
            .expect("a runtime");
        let departures = runtime.block_on(async {
            let pace = Pace::new(&limits);
            let mut departures = Vec::new();
            for number in 0..600 {
                if let Some((_, millis)) = pauses.iter().find(|(at, _)| *at == number) {
                    sleep(Duration::from_millis(*millis)).await;
                }
                departures.extend(turns(&pace, 1).await);
            }
            departures
        });
        for limit in &limits {
            prop_assert!(fullest(&departures, limit.per) <= limit.requests as usize);
        }
    }
}
