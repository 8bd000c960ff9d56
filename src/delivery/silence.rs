//! Whether the server has fallen silent: of what left after the last request that it answered, nothing is answered in the
//! usual time.
//!
//! A server that pauses for a moment, or a network before it, takes all at once what left meanwhile, and that can be more
//! than a window allows, however evenly it left. So nothing leaves while the server is silent, and what left before that was
//! noticed counts from the moment at which it is heard again. A server that is slow with one request is not silent; and
//! where answers never come in the same time, none of them is missed soon.

use std::collections::VecDeque;
use std::time::Duration;

use tokio::time::Instant;

/// So many requests in a row have to be missed: one alone may be a slow one.
const MISSED: usize = 2;
/// A silence is waited for so long; then requests leave for as long as an answer takes, and so on.
const LONGEST: Duration = Duration::from_secs(5);
/// Until somebody looks again whether an answer has come.
const LOOK_AGAIN: Duration = Duration::from_millis(1);

/// What has left and was not answered, and how long answers take.
#[derive(Debug, Clone, Default)]
pub(super) struct Silence {
    /// When requests left that came after the last one that was answered.
    unanswered: VecDeque<Instant>,
    usual: Option<Usual>,
    /// While it is silent, since when; what left after that may arrive when it is not any more.
    since: Option<Instant>,
}

/// How long answers take, as TCP reckons it (RFC 6298, section 2).
#[derive(Debug, Clone, Copy)]
struct Usual {
    time: Duration,
    spread: Duration,
}

impl Usual {
    fn with(self, took: Duration) -> Self {
        Self {
            spread: (3 * self.spread + self.time.abs_diff(took)) / 4,
            time: (7 * self.time + took) / 8,
        }
    }
}

impl Silence {
    /// Hears that a request leaves.
    pub(super) fn depart(&mut self, now: Instant) {
        // Before the first answer nothing is usual.
        if self.usual.is_some() {
            self.unanswered.push_back(now);
        }
    }

    /// Hears that the request which left at `left` was answered; how many that have left may have arrived only now.
    pub(super) fn answered(&mut self, left: Instant, now: Instant) -> usize {
        let took = now - left;
        let first = Usual {
            time: took,
            spread: took / 2,
        };
        self.usual = Some(self.usual.map_or(first, |usual| usual.with(took)));
        let arrived = match self.since.take() {
            Some(since) => self.unanswered.iter().filter(|own| **own >= since).count(),
            None => 0,
        };
        self.over(left);
        arrived
    }

    /// Hears that nobody waits any more for an answer to the request which left at `left`.
    pub(super) fn over(&mut self, left: Instant) {
        while self.unanswered.front().is_some_and(|own| *own <= left) {
            self.unanswered.pop_front();
        }
    }

    /// Until when nothing should leave, where answers are late by more than `most`; nothing means now.
    pub(super) fn holds(&mut self, now: Instant, most: Duration) -> Option<Instant> {
        let (usual, missed) = (self.usual?, *self.unanswered.get(MISSED - 1)?);
        let most = most.max(4 * usual.spread);
        let late = missed + usual.time + most;
        if now >= late + LONGEST {
            self.unanswered.clear();
            self.since = None;
        }
        let silent = (late..late + LONGEST).contains(&now);
        if silent && self.since.is_none() {
            // It may have taken a little less than usual until now.
            let soonest = usual.time.saturating_sub(most);
            self.since = self.unanswered.front().map(|first| *first + soonest);
        }
        silent.then(|| now + LOOK_AGAIN)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MILLI: Duration = Duration::from_millis(1);
    const MOST: Duration = Duration::from_millis(8);

    /// A server that has answered each of some requests in so many milliseconds, and the instant after them.
    fn used_to(took: &[u32]) -> (Silence, Instant) {
        let mut silence = Silence::default();
        let mut now = Instant::now();
        for took in took {
            silence.depart(now);
            silence.answered(now, now + *took * MILLI);
            now += *took * MILLI;
        }
        (silence, now)
    }

    #[test]
    fn nothing_leaves_when_answers_are_late_until_one_comes_or_they_were_waited_for_long_enough() {
        let (mut silence, start) = used_to(&[50; 100]);
        let at = |millis: u32| start + millis * MILLI;
        for millis in [0, 1, 20, 55] {
            silence.depart(at(millis));
        }
        assert_eq!(silence.holds(at(58), MOST), None);
        assert_eq!(silence.holds(at(59), MOST), Some(at(60)));
        let mut heard = silence.clone();
        // It has been silent since 50 or a little sooner, so that the last one may have arrived later than it left.
        assert_eq!(heard.answered(at(0), at(60)), 1);
        assert_eq!(heard.answered(at(1), at(60)), 0);
        assert_eq!(heard.holds(at(69), MOST), None);
        assert_eq!(silence.holds(at(5_058), MOST), Some(at(5_059)));
        assert_eq!(silence.holds(at(5_059), MOST), None);
        assert_eq!(silence.answered(at(0), at(5_060)), 0);
    }

    #[test]
    fn one_that_is_slow_alone_is_no_silence() {
        let (mut silence, start) = used_to(&[50; 100]);
        let at = |millis: u32| start + millis * MILLI;
        silence.depart(at(0));
        assert_eq!(silence.holds(at(500), MOST), None);
        silence.depart(at(501));
        silence.answered(at(501), at(551));
        silence.depart(at(600));
        assert_eq!(silence.holds(at(900), MOST), None);
    }

    #[test]
    fn what_nobody_waits_for_is_not_missed() {
        let (mut silence, start) = used_to(&[50; 100]);
        let at = |millis: u32| start + millis * MILLI;
        silence.depart(at(0));
        silence.depart(at(1));
        silence.over(at(1));
        assert_eq!(silence.holds(at(100), MOST), None);
    }

    #[test]
    fn where_answers_take_now_long_and_now_short_none_is_missed_soon() {
        let (mut silence, start) = used_to(&[50, 300].repeat(50));
        silence.depart(start);
        silence.depart(start);
        assert_eq!(silence.holds(start + 500 * MILLI, MOST), None);
        assert!(silence.holds(start + 900 * MILLI, MOST).is_some());
    }

    #[test]
    fn before_the_first_answer_nothing_is_missed() {
        let mut silence = Silence::default();
        let now = Instant::now();
        silence.depart(now);
        silence.depart(now);
        assert_eq!(silence.holds(now + LONGEST, MOST), None);
    }
}
