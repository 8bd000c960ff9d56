//! A server that says "too many requests" and names no time, in virtual time: everybody waits, the pace gives way, and a
//! limit that nobody told us is found.

use std::cell::{Cell, RefCell};
use std::time::Duration;

use contact_sync::delivery::pace::Pace;
use contact_sync::provider::reply::Timing;
use futures_util::future::join_all;
use tokio::time::{Instant, sleep};

use crate::pace::{SECOND, achieved, limit, turns};

#[tokio::test(start_paused = true)]
async fn too_many_requests_without_a_time_hold_and_slow_everybody() {
    let pace = Pace::new(&[limit(10, SECOND)]);
    turns(&pace, 20).await;
    let told = Instant::now();
    pace.throttled(&Timing::default(), SECOND / 2);
    let after = turns(&pace, 5).await;
    assert_eq!(after[0] - told, SECOND / 2);
    let gap = after[4] - after[3];
    assert!(gap > Duration::from_millis(130) && gap < Duration::from_millis(150));
    // Half a minute later the limit alone rules again.
    sleep(30 * SECOND).await;
    let later = turns(&pace, 100).await;
    assert!(achieved(&later) > 9.8);
}

/// A server that allows so many in any second and says nothing but no.
struct Server {
    allows: usize,
    taken: RefCell<Vec<Instant>>,
    refused: RefCell<Vec<Instant>>,
}

impl Server {
    fn takes(&self) -> bool {
        let now = Instant::now();
        let mut taken = self.taken.borrow_mut();
        let recent = taken.iter().rev().take_while(|at| now - **at < SECOND);
        let free = recent.count() < self.allows;
        match free {
            true => taken.push(now),
            false => self.refused.borrow_mut().push(now),
        }
        free
    }
}

#[tokio::test(start_paused = true)]
async fn an_unknown_limit_is_found_and_kept() {
    for (allows, ours) in [(5, vec![limit(20, SECOND)]), (5, vec![]), (100, vec![])] {
        let server = Server {
            allows,
            taken: RefCell::default(),
            refused: RefCell::default(),
        };
        let pace = Pace::new(&ours);
        let left = Cell::new(300 * allows);
        let start = Instant::now();
        let lane = async || {
            while left.get() > 0 {
                left.set(left.get() - 1);
                pace.turn().await.expect("nothing stops the pace");
                let taken = server.takes();
                sleep(SECOND / 20).await;
                if !taken {
                    pace.throttled(&Timing::default(), SECOND / 4);
                    left.set(left.get() + 1);
                }
            }
        };
        join_all((0..64).map(|_| lane())).await;
        let settled = start + Duration::from_secs(60);
        let late = |times: &RefCell<Vec<Instant>>| {
            times.borrow().iter().filter(|at| **at > settled).count() as f64
        };
        let (taken, refused) = (late(&server.taken), late(&server.refused));
        assert!(taken > 0.0);
        let share = refused / (taken + refused);
        assert!(share < 0.05, "{share} refused of {allows}/s");
        let seconds = (start.elapsed() - Duration::from_secs(60)).as_secs_f64();
        let used = taken / seconds / allows as f64;
        assert!(used > 0.6, "{used} of {allows}/s used");
    }
}
