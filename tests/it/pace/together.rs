//! Several runs on one account in virtual time: together they are never above its limit, and use nearly all of it.

use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::time::Duration;

use contact_sync::delivery::pace::Pace;
use contact_sync::delivery::together::Together;
use futures_util::future::join_all;
use tokio::time::Instant;

use super::{Departures, SECOND, assert_keeps, limit};

/// The account's turns as the file beside the state keeps them, by the clock of the test.
#[derive(Debug, Clone)]
struct Page(Rc<Cell<Instant>>);

impl Together for Page {
    fn take(&self, gap: Duration, after: Duration) -> Duration {
        let now = Instant::now();
        let turn = self.0.get().max(now + after);
        self.0.set(turn + gap);
        turn - now
    }

    fn hold(&self, wait: Duration) {
        self.0.set(self.0.get().max(Instant::now() + wait));
    }
}

#[tokio::test(start_paused = true)]
async fn runs_side_by_side_keep_to_one_limit_and_use_it() {
    let limits = [limit(100, 10 * SECOND)];
    for runs in [2, 5] {
        for latency in [Duration::ZERO, SECOND / 5, 2 * SECOND] {
            let page = Page(Rc::new(Cell::new(Instant::now())));
            let departures = RefCell::new(Vec::new());
            let run = async || {
                let pace = Pace::new(&limits).with(Box::new(page.clone()));
                let sent = Departures {
                    of: &departures,
                    latency,
                };
                sent.leave(&pace, 1_000, 32).await;
            };
            join_all((0..runs).map(|_| run())).await;
            let departures = departures.borrow();
            assert_eq!(departures.len(), runs * 1_000);
            assert_keeps(&departures, &limits);
        }
    }
}
