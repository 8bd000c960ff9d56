//! What becomes of the time in which nothing left: the machine paused, or nobody asked.

use std::cell::{Cell, RefCell};
use std::time::Duration;

use contact_sync::delivery::pace::Pace;
use contact_sync::provider::api::Limit;
use futures_util::future::{join, join_all};
use tokio::time::{Instant, advance, sleep, sleep_until};

use super::{Departures, SECOND, achieved, fullest, limit, turns};

#[tokio::test(start_paused = true)]
async fn a_pause_is_not_made_up_for_at_once() {
    let limits = [limit(10, SECOND)];
    let pace = Pace::new(&limits);
    let mut departures = turns(&pace, 50).await;
    sleep(60 * SECOND).await;
    let after = turns(&pace, 50).await;
    assert!(after[1] - after[0] >= Duration::from_millis(95));
    departures.extend(after);
    assert!(fullest(&departures, SECOND) <= 10);
}

#[tokio::test(start_paused = true)]
async fn what_a_moments_pause_held_back_is_made_up_for_little_by_little() {
    let pace = Pace::new(&[limit(1_000, SECOND)]);
    let departures = RefCell::new(Vec::new());
    let sent = Departures {
        of: &departures,
        latency: Duration::ZERO,
    };
    let pause = async {
        sleep(SECOND).await;
        advance(SECOND / 20).await;
    };
    join(sent.leave(&pace, 20_000, 64), pause).await;
    let departures = departures.into_inner();
    // Fifty at once would be too many for a window in which the server paused as well.
    let most = fullest(&departures, SECOND);
    assert!(most <= 995, "{most} in one window");
    // A pause that was lost would leave 0.981 of the limit.
    let share = achieved(&departures) / 1_000.0;
    assert!(share >= 0.982, "{share} of the limit used");
}

#[tokio::test(start_paused = true)]
async fn nobody_makes_up_for_a_time_in_which_nobody_asked() {
    let pace = Pace::new(&[limit(1_000, SECOND)]);
    turns(&pace, 1_000).await;
    sleep(SECOND / 2).await;
    let after = turns(&pace, 2_000).await;
    let share = achieved(&after[10..]) / 1_000.0;
    assert!(share <= 0.984, "{share} of the limit used");
}

/// A server at a distance that answers after a while, and sees what comes to it when it is awake.
struct Server<L, A> {
    there: Duration,
    latency: L,
    awake: A,
    arrivals: RefCell<Vec<Instant>>,
}

impl<L: Fn() -> Duration, A: Fn(Instant) -> Instant> Server<L, A> {
    /// Requests at a pace, in turn; the first one alone, as in a run: from then on it is known how long answers take.
    async fn takes(&self, pace: &Pace, count: u32, at_once: u32) {
        let left = Cell::new(count);
        self.lane(pace, &Cell::new(1)).await;
        join_all((0..at_once).map(|_| self.lane(pace, &left))).await;
    }

    async fn lane(&self, pace: &Pace, left: &Cell<u32>) {
        while left.get() > 0 {
            left.set(left.get() - 1);
            pace.turn().await.expect("nothing stops the pace");
            let departed = Instant::now();
            let arrived = (self.awake)(departed + self.there);
            self.arrivals.borrow_mut().push(arrived);
            sleep_until((self.awake)(arrived + (self.latency)()) + self.there).await;
            pace.answered(departed, 2 * self.there);
        }
    }
}

/// The arrivals at a server of a limit that pauses every now and then, each time longer by so much: the fullest window, and
/// the share of the limit that was used.
async fn arrivals(of: &Limit, there: u64, latency: u64, often: u64, longer: u64) -> (usize, f64) {
    let pace = Pace::new(std::slice::from_ref(of));
    let start = Instant::now();
    let server = Server {
        there: Duration::from_millis(there),
        latency: || Duration::from_millis(latency),
        awake: |at: Instant| {
            let number = (at - start).as_secs() / often;
            let from = start + Duration::from_secs(often * number + 1);
            let until = from + Duration::from_millis(longer * number);
            if (from..until).contains(&at) {
                until
            } else {
                at
            }
        },
        arrivals: RefCell::default(),
    };
    let rate = f64::from(of.requests) / of.per.as_secs_f64();
    let away = (latency + 2 * there) as f64 / 1_000.0;
    let (count, at_once) = (rate * 10.0 * often as f64, rate * (away + 0.1) + 8.0);
    server.takes(&pace, count as u32, at_once as u32).await;
    let mut arrivals = server.arrivals.into_inner();
    arrivals.sort();
    (fullest(&arrivals, of.per), achieved(&arrivals[1..]) / rate)
}

#[tokio::test(start_paused = true)]
async fn what_leaves_before_a_server_that_pauses_is_never_too_much_for_it() {
    for (requests, there) in [(1_000, 0), (1_000, 40), (5_000, 0), (100, 0), (100, 40)] {
        for (latency, longer) in [0, 50, 200, 2_000]
            .into_iter()
            .flat_map(|own| [(own, 3), (own, 17)])
        {
            let of = limit(requests, SECOND);
            let (most, share) = arrivals(&of, there, latency, 3, longer).await;
            let case = format!("{of:?}, {there} ms away, {latency} ms, {longer} ms");
            assert!(most <= requests as usize, "{most} in a window of {case}");
            // Pauses that take three parts in a hundred of the time are not all made up for.
            assert!(share >= 0.9, "{share} of {case}");
        }
    }
    // Where requests leave far apart, only long pauses matter.
    for (requests, seconds) in [(100, 10), (5, 1), (10, 1)] {
        for (there, latency) in [(0, 50), (40, 50), (40, 500)] {
            let of = limit(requests, seconds * SECOND);
            let (most, share) = arrivals(&of, there, latency, 15, 500).await;
            let case = format!("{of:?}, {there} ms away, {latency} ms");
            // One or two of few may be late by as much as they are apart: nobody can tell them from slow ones.
            let slow = if requests <= 10 { 2 } else { 0 };
            assert!(
                most <= requests as usize + slow,
                "{most} in a window of {case}"
            );
            // It is awake for 0.85 of the time.
            assert!(share >= 0.77, "{share} of {case}");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_server_that_answers_now_soon_and_now_late_is_not_taken_for_a_silent_one() {
    for rate in [2, 10, 100, 1_000] {
        let random = RefCell::new(fastrand::Rng::with_seed(5));
        let pace = Pace::new(&[limit(rate, SECOND)]);
        let server = Server {
            there: Duration::ZERO,
            // Mostly at once, sometimes after seconds.
            latency: || Duration::from_secs_f64(0.05 / (0.01 + random.borrow_mut().f64())),
            awake: |at: Instant| at,
            arrivals: RefCell::default(),
        };
        server.takes(&pace, 60 * rate, 6 * rate).await;
        let share = achieved(&server.arrivals.into_inner()[1..]) / f64::from(rate);
        assert!(share >= 0.98, "{share} of {rate}/s");
    }
}
