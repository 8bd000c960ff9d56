//! What becomes of the time in which nothing left: the machine paused, or nobody asked.

use std::cell::RefCell;
use std::time::Duration;

use contact_sync::delivery::pace::Pace;
use futures_util::future::join;
use tokio::time::{advance, sleep};

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
