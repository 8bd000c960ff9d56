//! How much slower than allowed we go, because the server was throttled although we kept to what we know.
//!
//! Pure arithmetic over instants it is given: seven tenths of the pace at a cut, two percent a second back up, never above
//! what the limits allow.

use std::time::Duration;

use tokio::time::Instant;

/// What is left of the pace after a cut.
const CUT: f64 = 0.7;
/// The pace grows by this factor every second.
const CREEP: f64 = 1.02;
/// Two cuts are at least this far apart: what was on the road at the first one says nothing new.
const APART: Duration = Duration::from_secs(1);
/// Requests per second: slower than one in half a minute is no pace.
const SLOWEST: f64 = 1.0 / 30.0;

/// A pace of our own below the limits, while there is one.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Slowdown {
    cut: Option<Cut>,
}

#[derive(Debug, Clone, Copy)]
struct Cut {
    at: Instant,
    /// Requests per second right after the cut.
    rate: f64,
}

impl Slowdown {
    /// Slows down from the pace at which requests really left, in requests per second.
    pub(super) fn cut(&mut self, now: Instant, pace: f64) {
        if self.cut.is_some_and(|cut| now - cut.at < APART) {
            return;
        }
        let pace = self.rate(now).map_or(pace, |rate| rate.min(pace));
        self.cut = Some(Cut {
            at: now,
            rate: (pace * CUT).max(SLOWEST),
        });
    }

    /// The least time between two requests; the slowdown ends when that is no more than the limits ask for anyway, or
    /// too short to matter where there are none.
    pub(super) fn gap(&mut self, now: Instant, limits: Option<Duration>) -> Option<Duration> {
        let gap = Duration::from_secs_f64(1.0 / self.rate(now)?);
        let least = limits.unwrap_or(Duration::from_micros(100));
        if gap <= least {
            self.cut = None;
        }
        (gap > least).then_some(gap)
    }

    fn rate(&self, now: Instant) -> Option<f64> {
        let cut = self.cut?;
        let seconds = (now - cut.at).as_secs_f64().min(3600.0);
        Some(cut.rate * CREEP.powf(seconds))
    }
}

/// Requests per second as they really left: the fuller of the last two seconds in which any did.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Measured {
    since: Option<Instant>,
    count: u32,
    before: u32,
}

impl Measured {
    pub(super) fn depart(&mut self, now: Instant) {
        match self.since {
            Some(since) if now - since < APART => self.count += 1,
            _ => {
                self.before = self.count;
                self.since = Some(now);
                self.count = 1;
            }
        }
    }

    pub(super) fn rate(&self) -> f64 {
        f64::from(self.count.max(self.before).max(1))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cut_takes_three_tenths_and_comes_back_slowly() {
        let start = Instant::now();
        let second = |n| start + Duration::from_secs(n);
        let limit = Some(Duration::from_millis(100));
        let mut slow = Slowdown::default();
        assert_eq!(slow.gap(start, limit), None);
        slow.cut(start, 10.0);
        assert_eq!(slow.gap(start, limit).map(|gap| gap.as_millis()), Some(142));
        slow.cut(start + Duration::from_millis(900), 10.0);
        assert_eq!(slow.gap(start, limit).map(|gap| gap.as_millis()), Some(142));
        assert_eq!(
            slow.gap(second(10), limit).map(|gap| gap.as_millis()),
            Some(117)
        );
        // 1.02^19 is more than 1 / 0.7, so the limit alone rules again.
        assert_eq!(slow.gap(second(19), limit), None);
        assert_eq!(slow.gap(second(5), limit), None);
    }

    #[test]
    fn many_cuts_never_stop_us() {
        let start = Instant::now();
        let mut slow = Slowdown::default();
        for n in 0..100 {
            slow.cut(start + Duration::from_secs(n), 50_000.0);
        }
        let gap = slow.gap(start + Duration::from_secs(99), None);
        assert_eq!(gap.map(|gap| gap.as_secs()), Some(30));
    }
}
