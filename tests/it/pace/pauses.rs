//! What becomes of the time in which nothing left: the machine paused, or nobody asked.

use std::cell::{Cell, RefCell};
use std::time::Duration;

use contact_sync::delivery::pace::Pace;
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

/// A server that answers after a while, and sees what comes to it when it is awake.
struct Server<L, A> {
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
            let arrived = (self.awake)(departed);
            self.arrivals.borrow_mut().push(arrived);
            sleep_until((self.awake)(arrived + (self.latency)())).await;
            pace.answered(departed);
        }
    }
}

#[tokio::test(start_paused = true)]
async fn what_leaves_before_a_server_that_pauses_is_never_too_much_for_it() {
    for (requests, per) in [(1_000, 1), (5_000, 1), (100, 1), (100, 10)] {
        for (millis, longer) in [0, 50, 200, 2_000]
            .into_iter()
            .flat_map(|millis| [(millis, 3), (millis, 17)])
        {
            let of = limit(requests, per * SECOND);
            let pace = Pace::new(std::slice::from_ref(&of));
            let start = Instant::now();
            let server = Server {
                latency: || Duration::from_millis(millis.into()),
                // Every three seconds it pauses, each time a little longer.
                awake: |at: Instant| {
                    let number = (at - start).as_secs() as u32 / 3;
                    let from = start + (3 * number + 1) * SECOND;
                    let until = from + number * Duration::from_millis(longer);
                    if (from..until).contains(&at) {
                        until
                    } else {
                        at
                    }
                },
                arrivals: RefCell::default(),
            };
            let rate = requests / per;
            let at_once = rate * millis / 1_000 + rate / 10 + 1;
            server.takes(&pace, 30 * rate, at_once).await;
            let mut arrivals = server.arrivals.into_inner();
            arrivals.sort();
            let most = fullest(&arrivals, of.per);
            let case = format!("{of:?} answered after {millis} ms, pauses longer by {longer} ms");
            assert!(most <= requests as usize, "{most} in a window of {case}");
            // Pauses that take three parts in a hundred of the time are not all made up for.
            let share = achieved(&arrivals[1..]) / f64::from(rate);
            assert!(share >= 0.91, "{share} of {case}");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_server_that_answers_now_soon_and_now_late_is_not_taken_for_a_silent_one() {
    for rate in [2, 10, 100, 1_000] {
        let random = RefCell::new(fastrand::Rng::with_seed(5));
        let pace = Pace::new(&[limit(rate, SECOND)]);
        let server = Server {
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
