//! Whether the server has fallen silent: of what left after the last request that it answered, nothing is answered in the
//! usual time.
//!
//! A server that pauses for a moment, or a network before it, takes all at once what left meanwhile, and that can be more
//! than a window allows, however evenly it left. So nothing leaves while the server is silent, and what left before that was
//! noticed counts from the moment at which it is heard again. A server that is slow with one request and answers others is
//! not silent; and where answers never come in the same time, none of them is missed soon.

use std::collections::VecDeque;
use std::time::Duration;

use tokio::time::Instant;

/// A silence is waited for so long; then requests leave for as long as an answer takes, and so on.
const LONGEST: Duration = Duration::from_secs(5);
/// Until somebody looks again whether an answer has come.
const LOOK_AGAIN: Duration = Duration::from_millis(1);

/// What is late.
#[derive(Debug, Clone, Copy)]
pub(super) struct Lateness {
    /// An answer that takes less than so much more than usual is not late.
    pub(super) least: Duration,
    /// One that is missed alone may be a slow one: it is waited for so long.
    pub(super) alone: Duration,
}

/// How many requests may have arrived later than they left.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Late {
    /// The last so many that left.
    pub(super) arrived: usize,
    /// And so many of before, which were waited for in vain.
    pub(super) given_up: usize,
}

/// What has left and was not answered, and how long answers take.
#[derive(Debug, Clone, Default)]
pub(super) struct Silence {
    /// When requests left that came after the last one that was answered.
    unanswered: VecDeque<Instant>,
    usual: Option<Usual>,
    /// How long there and back takes at most, without what the server takes.
    distance: Duration,
    /// When the last answer was heard.
    heard: Option<Instant>,
    /// While it is silent, since when: what left after that may arrive only when it is silent no more.
    since: Option<Instant>,
    /// So many more were waited for in vain, and may arrive then as well.
    given_up: usize,
}

/// How long answers take, as TCP reckons it (RFC 6298, section 2).
#[derive(Debug, Clone, Copy)]
struct Usual {
    time: Duration,
    spread: Duration,
}

impl Usual {
    /// How much later than usual an answer is late: where answers never come in the same time, none is soon.
    fn lateness(self, least: Duration) -> Duration {
        least.max(4 * self.spread)
    }

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

    /// Hears how long there and back takes at most.
    pub(super) fn at_distance(&mut self, distance: Duration) {
        self.distance = distance;
    }

    /// Hears that the request which left at `left` was answered; which of those that have left may have arrived only now,
    /// because the server was silent until then.
    pub(super) fn answered(&mut self, left: Instant, now: Instant, by: Lateness) -> Late {
        let took = now - left;
        // Nobody may have looked while it was silent. Once a later request was answered, this one was only slow.
        let first = self.unanswered.front().is_some_and(|own| *own <= left);
        let alone = self.unanswered.get(1).is_none_or(|own| *own > left);
        if first && alone {
            let _ = self.holds(now, by);
        }
        let arrived = match self.since.take() {
            Some(since) => self.unanswered.iter().filter(|own| **own >= since).count(),
            None => 0,
        };
        let first = Usual {
            time: took,
            spread: took / 2,
        };
        self.usual = Some(self.usual.map_or(first, |usual| usual.with(took)));
        self.heard = Some(now);
        self.over(left);
        Late {
            arrived,
            given_up: std::mem::take(&mut self.given_up),
        }
    }

    /// Hears that nobody waits any more for an answer to the request which left at `left`.
    pub(super) fn over(&mut self, left: Instant) {
        while self.unanswered.front().is_some_and(|own| *own <= left) {
            self.unanswered.pop_front();
        }
        if self.unanswered.is_empty() {
            self.since = None;
        }
    }

    /// Until when nothing should leave, because answers are late; nothing means now.
    pub(super) fn holds(&mut self, now: Instant, by: Lateness) -> Option<Instant> {
        let (usual, first) = (self.usual?, *self.unanswered.front()?);
        let late = |left: Instant| left + usual.time + usual.lateness(by.least);
        let second = self.unanswered.get(1).map(|left| late(*left));
        let until = match second.filter(|late| now >= *late) {
            Some(late) => late + LONGEST,
            None => late(first) + by.alone,
        };
        if second.is_some_and(|late| now >= late + LONGEST) {
            self.given_up += self.unanswered.len();
            self.unanswered.clear();
            self.since = None;
        }
        if !(late(first)..until).contains(&now) {
            return None;
        }
        let heard = self
            .heard
            .and_then(|heard| heard.checked_sub(self.distance));
        self.since = self.since.or(heard);
        Some(now + LOOK_AGAIN)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MILLI: Duration = Duration::from_millis(1);
    const BY: Lateness = Lateness {
        least: Duration::from_millis(8),
        alone: Duration::from_millis(16),
    };

    /// A server that has answered each of some requests in so many milliseconds, and the instant after them.
    fn used_to(took: &[u32]) -> (Silence, Instant) {
        let mut silence = Silence::default();
        let mut now = Instant::now();
        for took in took {
            silence.depart(now);
            silence.answered(now, now + *took * MILLI, BY);
            now += *took * MILLI;
        }
        (silence, now)
    }

    #[test]
    fn nothing_leaves_when_answers_are_late_until_one_comes_or_they_were_waited_for_long_enough() {
        let (mut silence, start) = used_to(&[50; 100]);
        let at = |millis: u32| start + millis * MILLI;
        for millis in [0, 1, 2, 55] {
            silence.depart(at(millis));
        }
        assert_eq!(silence.answered(at(0), at(50), BY), Late::default());
        assert_eq!(silence.holds(at(58), BY), None);
        assert_eq!(silence.holds(at(59), BY), Some(at(60)));
        assert_eq!(silence.holds(at(60), BY), Some(at(61)));
        let mut heard = silence.clone();
        // Nothing was heard since 50, so that one of the others may have arrived later than it left.
        assert_eq!(heard.answered(at(1), at(61), BY).arrived, 1);
        assert_eq!(heard.answered(at(2), at(61), BY), Late::default());
        assert_eq!(heard.holds(at(61), BY), None);
        assert_eq!(silence.holds(at(5_059), BY), Some(at(5_060)));
        assert_eq!(silence.holds(at(5_060), BY), None);
        // Three were waited for in vain.
        assert_eq!(silence.answered(at(1), at(5_061), BY).given_up, 3);
    }

    #[test]
    fn one_that_is_slow_alone_is_not_waited_for_long() {
        let (mut silence, start) = used_to(&[50; 100]);
        let at = |millis: u32| start + millis * MILLI;
        silence.depart(at(0));
        assert_eq!(silence.holds(at(57), BY), None);
        assert_eq!(silence.holds(at(73), BY), Some(at(74)));
        assert_eq!(silence.holds(at(74), BY), None);
        silence.depart(at(74));
        assert_eq!(silence.holds(at(131), BY), None);
        assert_eq!(silence.holds(at(132), BY), Some(at(133)));
        // The other one was answered, so that only the first is slow.
        silence.answered(at(74), at(132), BY);
        silence.depart(at(133));
        assert_eq!(silence.holds(at(190), BY), None);
    }

    #[test]
    fn what_was_still_on_its_way_when_the_last_answer_was_heard_counts_too() {
        let (mut silence, start) = used_to(&[50; 100]);
        let at = |millis: u32| start + millis * MILLI;
        silence.at_distance(40 * MILLI);
        for millis in [0, 5, 15, 25] {
            silence.depart(at(millis));
        }
        assert_eq!(silence.answered(at(0), at(50), BY), Late::default());
        assert!(silence.holds(at(63), BY).is_some());
        // Whatever left after 10 had not arrived for certain when the answer at 50 came on its way.
        assert_eq!(silence.answered(at(5), at(80), BY).arrived, 2);
    }

    #[test]
    fn what_nobody_waits_for_is_not_missed() {
        let (mut silence, start) = used_to(&[50; 100]);
        let at = |millis: u32| start + millis * MILLI;
        silence.depart(at(0));
        silence.depart(at(1));
        silence.over(at(1));
        assert_eq!(silence.holds(at(100), BY), None);
    }

    #[test]
    fn where_answers_take_now_long_and_now_short_none_is_missed_soon() {
        let (mut silence, start) = used_to(&[50, 300].repeat(50));
        silence.depart(start);
        silence.depart(start);
        assert_eq!(silence.holds(start + 500 * MILLI, BY), None);
        assert!(silence.holds(start + 900 * MILLI, BY).is_some());
    }

    #[test]
    fn before_the_first_answer_nothing_is_missed() {
        let mut silence = Silence::default();
        let now = Instant::now();
        silence.depart(now);
        silence.depart(now);
        assert_eq!(silence.holds(now + LONGEST, BY), None);
    }
}
