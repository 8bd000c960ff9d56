//! What an account may be asked in a day, by the calendar of UTC, and what it has been asked: by this run and by others.
//!
//! It only counts. What others have asked is told from outside; where that is kept is nobody's business here.

use std::time::Duration;

use tokio::time::Instant;

/// A day is so long.
pub(super) const DAY: Duration = Duration::from_secs(24 * 60 * 60);

/// One account's day.
#[derive(Debug)]
pub(super) struct Day {
    /// Requests that are allowed; nothing is no limit.
    most: Option<u32>,
    own: u64,
    elsewhere: u64,
    ends: Instant,
}

impl Day {
    /// A day with so much of it left, on which others have asked for so many requests.
    pub(super) fn new(most: Option<u32>, elsewhere: u64, left: Duration) -> Self {
        Self {
            most,
            own: 0,
            elsewhere,
            ends: Instant::now() + left,
        }
    }

    /// When there is room for one more again; nothing means now.
    pub(super) fn full(&mut self, now: Instant) -> Option<Instant> {
        self.turn_over(now);
        let most = u64::from(self.most?);
        (self.own + self.elsewhere >= most).then_some(self.ends)
    }

    /// Notes one departure.
    pub(super) fn depart(&mut self, now: Instant) {
        self.turn_over(now);
        self.own += 1;
    }

    /// Notes what others have asked for.
    pub(super) fn spent_elsewhere(&mut self, now: Instant, requests: u64) {
        self.turn_over(now);
        self.elsewhere = requests;
    }

    /// When it ends.
    pub(super) fn end(&self) -> Instant {
        self.ends
    }

    fn turn_over(&mut self, now: Instant) {
        while now >= self.ends {
            self.ends += DAY;
            self.own = 0;
            self.elsewhere = 0;
        }
    }
}
