//! When a call is made again, and when the run has tried enough: a schedule for the row, a budget for the run.
//!
//! *Whether* a call may be made again is the exchange's word and whose turn it is the pace's; this file does not wait, send
//! or read a clock.
//!
//! | trouble | attempts of a row | wait before the next |
//! | --- | --- | --- |
//! | no answer, outage | 4 in all | schedule |
//! | busy | 3 in all | schedule |
//! | throttled | 8, counted apart: a full account says nothing about the row | the server's time for everybody, else the schedule |
//! | unreachable | as long as the run has: nothing was sent, so nothing is wrong with the row | schedule, for everybody |
//!
//! The schedule starts at half a second, doubles up to 30 s, and a random part of it is waited (full jitter), so that many
//! rows that fail together do not come back together.

use std::mem;
use std::time::Duration;

use backon::{BackoffBuilder, ExponentialBuilder};

use crate::provider::exchange::Trouble;

/// No more retries than this between two successes, in the whole run.
pub const MOST_RETRIES: u32 = 100;

const FULL_BUDGET: u32 = 500;
const COST: u32 = 5;
/// A call without an answer kept the server busy for longest.
const COST_OF_SILENCE: u32 = 10;

/// The attempts that were made for one row.
#[derive(Debug, Clone, Copy, Default)]
pub struct Tries {
    plain: u32,
    throttled: u32,
    unreachable: u32,
    /// What the last retry took from the budget.
    cost: u32,
}

impl Tries {
    /// Notes how an attempt ended.
    pub fn note(&mut self, trouble: Trouble) {
        let count = match trouble {
            Trouble::NoAnswer | Trouble::Outage | Trouble::Busy => &mut self.plain,
            Trouble::Throttled => &mut self.throttled,
            Trouble::Unreachable => &mut self.unreachable,
        };
        *count = count.saturating_add(1);
    }

    /// Whether the row has one more attempt after such a trouble.
    #[must_use]
    pub fn has_more(&self, trouble: Trouble) -> bool {
        match trouble {
            Trouble::NoAnswer | Trouble::Outage => self.plain < 4,
            Trouble::Busy => self.plain < 3,
            Trouble::Throttled => self.throttled < 8,
            Trouble::Unreachable => true,
        }
    }

    fn all(&self) -> u32 {
        self.plain + self.throttled + self.unreachable
    }
}

/// The schedule and the budget of a run.
#[derive(Debug)]
pub struct Retry {
    schedule: Vec<Duration>,
    dice: fastrand::Rng,
    tokens: u32,
    since_success: u32,
}

impl Retry {
    /// A full budget; the same seed gives the same waits.
    #[must_use]
    pub fn new(seed: u64) -> Self {
        let schedule = ExponentialBuilder::new()
            .with_min_delay(Duration::from_millis(500))
            .with_factor(2.0)
            .with_max_delay(Duration::from_secs(30))
            // Half a second has become 30 by then; later retries repeat the last step.
            .with_max_times(7)
            .build()
            .collect();
        Self {
            schedule,
            dice: fastrand::Rng::with_seed(seed),
            tokens: FULL_BUDGET,
            since_success: 0,
        }
    }

    /// How long to wait before the next attempt of a row.
    pub fn wait(&mut self, tries: &Tries) -> Duration {
        let step = (tries.all().max(1) - 1) as usize;
        let most = self.schedule.get(step).or(self.schedule.last());
        most.map_or(Duration::ZERO, |most| most.mul_f64(self.dice.f64()))
    }

    /// Takes a retry from the budget; `false` where the run has tried enough.
    #[must_use]
    pub fn spend(&mut self, trouble: Trouble, tries: &mut Tries) -> bool {
        let cost = match trouble {
            Trouble::NoAnswer => COST_OF_SILENCE,
            _ => COST,
        };
        if self.since_success >= MOST_RETRIES || self.tokens < cost {
            return false;
        }
        self.tokens -= cost;
        self.since_success += 1;
        tries.cost = cost;
        true
    }

    /// Notes that an attempt succeeded: a first one puts a little back, a retry what it took, once.
    pub fn success(&mut self, tries: &mut Tries) {
        let back = mem::take(&mut tries.cost).max(1);
        self.tokens = (self.tokens + back).min(FULL_BUDGET);
        self.since_success = 0;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn failed(trouble: Trouble, times: u32) -> Tries {
        let mut tries = Tries::default();
        (0..times).for_each(|_| tries.note(trouble));
        tries
    }

    #[test]
    fn waits_double_up_to_half_a_minute_and_are_fully_jittered() {
        let mut retry = Retry::new(7);
        for (times, most) in [(1, 0.5), (2, 1.0), (3, 2.0), (7, 30.0), (50, 30.0)] {
            let tries = failed(Trouble::Unreachable, times);
            let waits: Vec<f64> = (0..200).map(|_| retry.wait(&tries).as_secs_f64()).collect();
            assert!(waits.iter().all(|wait| *wait <= most));
            assert!(waits.iter().any(|wait| *wait > most * 0.9));
            assert!(waits.iter().any(|wait| *wait < most * 0.1));
        }
    }

    #[test]
    fn a_row_has_as_many_attempts_as_its_trouble_allows() {
        for (trouble, most) in [
            (Trouble::NoAnswer, 4),
            (Trouble::Outage, 4),
            (Trouble::Busy, 3),
            (Trouble::Throttled, 8),
        ] {
            assert!(failed(trouble, most - 1).has_more(trouble));
            assert!(!failed(trouble, most).has_more(trouble));
        }
        assert!(failed(Trouble::Unreachable, 99).has_more(Trouble::Unreachable));
        assert!(failed(Trouble::Throttled, 7).has_more(Trouble::Outage));
    }

    #[test]
    fn a_run_without_success_has_a_hundred_retries_and_half_as_many_after_silence() {
        for (trouble, most) in [(Trouble::Outage, 100), (Trouble::NoAnswer, 50)] {
            let mut retry = Retry::new(0);
            let mut tries = Tries::default();
            let made = (0..1_000)
                .take_while(|_| retry.spend(trouble, &mut tries))
                .count();
            assert_eq!(made, most);
        }
    }

    #[test]
    fn a_retry_that_succeeds_costs_nothing() {
        let mut retry = Retry::new(0);
        for _ in 0..10_000 {
            let mut tries = failed(Trouble::NoAnswer, 1);
            assert!(retry.spend(Trouble::NoAnswer, &mut tries));
            retry.success(&mut tries);
        }
        assert_eq!(retry.tokens, FULL_BUDGET);
    }

    #[test]
    fn first_successes_fill_the_budget_slowly() {
        let mut retry = Retry::new(0);
        let mut tries = Tries::default();
        while retry.spend(Trouble::Outage, &mut tries) {}
        for _ in 0..5 {
            assert!(!retry.spend(Trouble::Outage, &mut tries));
            retry.success(&mut Tries::default());
        }
        assert!(retry.spend(Trouble::Outage, &mut tries));
        assert!(!retry.spend(Trouble::Outage, &mut tries));
    }
}
