//! The provider's limits as its server keeps them: no stretch of time of a limit's length holds more requests than it
//! allows, wherever the stretch begins.
//!
//! A little less than a limit's length is looked at: client and stand-in share a machine, and what left in time is noted
//! late where that machine is busy. Only what was let through counts. Reads no clock: the moment is always handed in, so that time can be played too.

use std::collections::VecDeque;
use std::time::{Duration, Instant};

use crate::provider::api::{Api, Limit};

/// A request may be noted so much too late, or a tenth of the limit's length, whichever is less.
const LATE: Duration = Duration::from_millis(250);

/// A client's own limit is counted over no less than this: what a busy machine notes late is too much of anything shorter.
const SHORTEST: Duration = Duration::from_secs(1);

/// A limit as it is kept over some longer time, where it is one of an instant.
pub(super) fn lengthened(limit: &Limit) -> Limit {
    let times = SHORTEST.as_nanos().div_ceil(limit.per.as_nanos().max(1));
    let times = u32::try_from(times).unwrap_or(u32::MAX);
    Limit {
        requests: limit.requests.saturating_mul(times),
        per: limit.per.saturating_mul(times),
        sure: limit.sure,
    }
}

/// The stretch of time that is looked at for a limit of this length.
fn looked_at(per: Duration) -> Duration {
    per.saturating_sub(LATE.min(per / 10))
}

/// The requests that were let through, as far back as any limit looks.
#[derive(Debug)]
pub(super) struct Window {
    limits: Vec<Limit>,
    longest: Duration,
    passed: VecDeque<Instant>,
}

impl Window {
    /// Keeps to all of these limits at once; none at all lets everything through.
    pub(super) fn new(limits: &[Limit]) -> Self {
        let longest = limits.iter().map(|limit| limit.per).max();
        Self {
            limits: limits.to_vec(),
            longest: longest.unwrap_or_default(),
            passed: VecDeque::new(),
        }
    }

    /// Lets a request through and counts it, or does neither.
    pub(super) fn admit(&mut self, now: Instant) -> bool {
        let full = self.limits.iter().any(|limit| self.left(limit, now) == 0);
        if !full && !self.limits.is_empty() {
            let over = |then: &Instant| now.saturating_duration_since(*then) >= self.longest;
            while self.passed.front().is_some_and(over) {
                self.passed.pop_front();
            }
            self.passed.push_back(now);
        }
        !full
    }

    /// How many more a limit lets through at this moment.
    fn left(&self, limit: &Limit, now: Instant) -> u32 {
        let gone = |then: &Instant| now.saturating_duration_since(*then) >= looked_at(limit.per);
        let counted = self.passed.len() - self.passed.partition_point(gone);
        let counted = u32::try_from(counted).unwrap_or(u32::MAX);
        limit.requests.saturating_sub(counted)
    }

    /// What an answer's headers tell: each name with its number.
    pub(super) fn headers<'a>(&self, api: &'a Api, now: Instant) -> Vec<(&'a str, u128)> {
        let names = &api.limit_headers;
        let shortest = |quota: bool| {
            let own = self.limits.iter().filter(|limit| limit.is_quota() == quota);
            // A provider tells of its own limits, and not of what a run keeps to beside them.
            own.min_by_key(|limit| (!api.limits.contains(limit), limit.per))
        };
        let mut told = Vec::new();
        let mut tell = |name: &'a Option<String>, number: u128| {
            told.extend(name.as_deref().map(|name| (name, number)));
        };
        if let Some(burst) = shortest(false) {
            tell(&names.max, burst.requests.into());
            tell(&names.remaining, self.left(burst, now).into());
            tell(&names.window_ms, burst.per.as_millis());
        }
        if let Some(quota) = shortest(true) {
            tell(&names.daily_max, quota.requests.into());
            tell(&names.daily_remaining, self.left(quota, now).into());
        }
        told
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::provider::api::Sure;

    fn window(limits: &[(u32, u64)]) -> Window {
        let limit = |(requests, millis): &(u32, u64)| Limit {
            requests: *requests,
            per: Duration::from_millis(*millis),
            sure: Sure::Official,
        };
        Window::new(&limits.iter().map(limit).collect::<Vec<_>>())
    }

    #[test]
    fn a_place_is_free_again_one_window_later_but_for_what_a_busy_machine_takes() {
        let start = Instant::now();
        let at = |millis| start + Duration::from_millis(millis);
        let mut window = window(&[(2, 1_000)]);
        assert!(window.admit(at(0)));
        assert!(window.admit(at(600)));
        assert!(!window.admit(at(899)));
        assert!(window.admit(at(900)));
        assert!(!window.admit(at(1_499)), "what was refused did not count");
        assert!(window.admit(at(1_500)));
        assert_eq!(
            looked_at(Duration::from_secs(10)),
            Duration::from_millis(9_750)
        );
    }

    #[test]
    fn every_limit_counts_and_a_refusal_costs_none_of_them() {
        let start = Instant::now();
        let at = |millis| start + Duration::from_millis(millis);
        let mut window = window(&[(2, 100), (5, 3_600_000)]);
        let through = (0..100).filter(|step| window.admit(at(step * 10))).count();
        assert_eq!(through, 5);
        assert!(window.admit(at(3_600_000)));
    }

    #[test]
    fn a_limit_of_an_instant_is_the_same_rate_over_a_second_or_more() {
        let lengthened = |requests, millis| {
            let window = window(&[(requests, millis)]);
            let Limit { requests, per, .. } = lengthened(&window.limits[0]);
            (requests, per.as_millis())
        };
        assert_eq!(lengthened(10, 10), (1_000, 1_000));
        assert_eq!(lengthened(7, 300), (28, 1_200));
        assert_eq!(lengthened(50, 1_000), (50, 1_000));
        assert_eq!(lengthened(100, 10_000), (100, 10_000));
        assert_eq!(lengthened(u32::MAX, 1), (u32::MAX, 1_000));
    }

    #[test]
    fn what_no_limit_looks_at_any_more_is_forgotten() {
        let start = Instant::now();
        let mut window = window(&[(1_000_000, 100)]);
        for step in 0..1_000 {
            assert!(window.admit(start + Duration::from_millis(step)));
        }
        assert_eq!(window.passed.len(), 100);
    }

    #[test]
    fn without_limits_all_pass_and_nothing_is_kept() {
        let mut window = window(&[]);
        assert!((0..1_000).all(|_| window.admit(Instant::now())));
        assert!(window.passed.is_empty());
    }

    proptest::proptest! {
        #![proptest_config(proptest::test_runner::Config::with_cases(128))]
        #[test]
        fn no_stretch_of_time_holds_more_than_allowed(
            steps in proptest::collection::vec(0_u64..40, 1..200),
            requests in 1_u32..8,
            millis in 1_u64..200,
        ) {
            let start = Instant::now();
            let per = Duration::from_millis(millis);
            let mut window = window(&[(requests, millis)]);
            let mut now = start;
            let mut passed: Vec<Instant> = Vec::new();
            for step in steps {
                now += Duration::from_millis(step);
                let before = passed.iter().filter(|then| now - **then < looked_at(per)).count();
                let admitted = window.admit(now);
                proptest::prop_assert_eq!(admitted, before < requests as usize);
                if admitted {
                    passed.push(now);
                }
            }
        }
    }
}
