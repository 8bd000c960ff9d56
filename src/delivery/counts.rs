//! What was sent, counted for the summary; and what kept it from being more.

use std::time::Duration;

use tokio::time::Instant;

use crate::provider::api::Limit;

/// What was sent, for the summary.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Counts {
    /// Requests sent, retries among them.
    pub requests: u64,
    /// Those of them that were questions about no row.
    pub questions: u64,
    /// Requests sent because an earlier one came to nothing.
    pub retries: u64,
    /// Answers that said "too many requests".
    pub throttled: u64,
    /// From every departure to its answer, all added up.
    pub under_way: Duration,
    first: Option<Instant>,
    last: Option<Instant>,
}

/// Answers came so late that the requests which may be under way at once were too few for the limit.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Narrow {
    /// From a departure to its answer, in the middle.
    pub answer: Duration,
    /// So many at once would use the limit.
    pub enough: u64,
}

impl Counts {
    /// Counts a departure for a row.
    pub(super) fn depart(&mut self, now: Instant, again: bool) {
        self.requests += 1;
        self.retries += u64::from(again);
        self.first.get_or_insert(now);
        self.last = Some(now);
    }

    /// Counts a question about no row: it is a request, and no part of the rate at which rows were sent.
    pub(super) fn ask(&mut self, again: bool) {
        self.requests += 1;
        self.questions += 1;
        self.retries += u64::from(again);
    }

    /// Requests per second from the first send for a row to the last; nothing with fewer than two.
    #[must_use]
    pub fn per_second(&self) -> Option<f64> {
        let span = self.span()?.as_secs_f64();
        // Counts are far below 2^52, so nothing is lost.
        let gaps = self.for_rows().saturating_sub(1) as f64;
        (span > 0.0).then(|| gaps / span)
    }

    /// The rate that was used of what the limits allow, in requests per second; 0 where there is none to speak of.
    ///
    /// A limit says how many may leave in one window: a run that was over before it had lasted that long cannot have been
    /// faster than allowed, however near to each other its few requests were.
    #[must_use]
    pub fn achieved(&self, limits: &[Limit]) -> f64 {
        let (Some(span), Some(measured)) = (self.span(), self.per_second()) else {
            return 0.0;
        };
        let unfinished = limits
            .iter()
            .filter(|limit| !limit.is_quota() && limit.per > span);
        unfinished.map(per_second).fold(measured, f64::min)
    }

    /// Whether it was not the limits that held requests back, but how many may be under way at once.
    ///
    /// Not so where a server was busy or told us to slow down: then more at once would only do harm.
    #[must_use]
    pub fn narrow(&self, limits: &[Limit], at_once: u16) -> Option<Narrow> {
        let at_once = f64::from(at_once);
        let requests = self.for_rows() as f64;
        let allowed = limits.iter().filter(|limit| !limit.is_quota());
        let allowed = allowed.map(per_second);
        let allowed = allowed.min_by(f64::total_cmp)?;
        let busy = self.under_way.as_secs_f64();
        let full = busy > 0.8 * at_once * self.span()?.as_secs_f64();
        let short = self.per_second()? < 0.9 * allowed;
        let calm = self.throttled == 0 && self.retries == 0 && requests > 4.0 * at_once;
        let answer = busy / requests;
        (full && short && calm).then(|| Narrow {
            answer: Duration::from_secs_f64(answer),
            // A tenth more, because answers do not come evenly.
            enough: (1.1 * allowed * answer).ceil() as u64,
        })
    }

    fn for_rows(&self) -> u64 {
        self.requests - self.questions
    }

    fn span(&self) -> Option<Duration> {
        Some(self.last? - self.first?)
    }
}

/// What a limit comes to in a second.
fn per_second(limit: &Limit) -> f64 {
    f64::from(limit.requests) / limit.per.as_secs_f64()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::provider::api::parse_rate;

    /// So many requests in ten seconds, each answered after so long.
    fn counted(requests: u64, answer: Duration) -> Counts {
        let first = Instant::now();
        Counts {
            requests,
            under_way: answer * u32::try_from(requests).unwrap_or(u32::MAX),
            first: Some(first),
            last: Some(first + Duration::from_secs(10)),
            ..Counts::default()
        }
    }

    #[test]
    fn too_few_at_once_are_noticed_and_enough_are_named() {
        let limits = [parse_rate("1000/1s").expect("a rate")];
        let slow = Duration::from_secs(2);
        let narrow = counted(320, slow).narrow(&limits, 64);
        assert_eq!(
            narrow.map(|own| (own.answer, own.enough)),
            Some((slow, 2_200))
        );
        assert_eq!(counted(320, slow).narrow(&[], 64), None, "no limit");
        assert_eq!(counted(320, slow).narrow(&limits, 128), None, "not full");
        let limits = [parse_rate("33/1s").expect("a rate")];
        assert_eq!(
            counted(320, slow).narrow(&limits, 64),
            None,
            "the limit is used"
        );
    }

    #[test]
    fn a_run_shorter_than_a_limits_window_is_not_said_to_have_been_faster_than_allowed() {
        let limit = |text: &str| parse_rate(text).expect("a rate");
        let counts = |requests, millis| {
            let counts = counted(requests, Duration::ZERO);
            let last = counts
                .first
                .map(|first| first + Duration::from_millis(millis));
            Counts { last, ..counts }
        };
        let few = counts(11, 5);
        assert_eq!(few.per_second(), Some(2_000.0));
        assert_eq!(few.achieved(&[limit("1000/1s")]), 1_000.0);
        assert_eq!(few.achieved(&[limit("1000/1s"), limit("100/10s")]), 10.0);
        // A quota is counted and not spread out, so that it says nothing about a second.
        assert_eq!(few.achieved(&[limit("100/1d")]), 2_000.0);
        assert_eq!(few.achieved(&[]), 2_000.0);
        // What was slower, or went on for a window, is what was measured.
        assert_eq!(counts(6, 500).achieved(&[limit("1000/1s")]), 10.0);
        assert_eq!(counts(2_001, 2_000).achieved(&[limit("1000/1s")]), 1_000.0);
        assert_eq!(counts(4_001, 2_000).achieved(&[limit("1000/1s")]), 2_000.0);
        assert_eq!(counts(1, 0).achieved(&[limit("1000/1s")]), 0.0);
    }

    #[test]
    fn a_busy_server_is_not_asked_for_more() {
        let limits = [parse_rate("1000/1s").expect("a rate")];
        let counts = counted(320, Duration::from_secs(2));
        assert_eq!(
            Counts {
                throttled: 1,
                ..counts
            }
            .narrow(&limits, 64),
            None
        );
        assert_eq!(
            Counts {
                retries: 1,
                ..counts
            }
            .narrow(&limits, 64),
            None
        );
    }
}
