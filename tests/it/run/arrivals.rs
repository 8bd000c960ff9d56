//! How fast requests came to a server, and how many at once.

use std::time::{Duration, Instant};

use super::server::{Request, Server};

impl Server {
    /// Whether no more than so many requests can have left within any stretch of time so long, where all were answered and
    /// never more than so many were under way.
    ///
    /// A thread that wakes late notes an arrival late, and so too near the next one. Hence no two arrivals are compared: a
    /// request left after the answer that made room for it was on its way, and before it arrived. It is as sharp as answers
    /// are slow: at best they take nearly as long as the allowed rate lets so many requests wait.
    #[track_caller]
    pub(crate) fn kept(&self, started: Instant, most: usize, stretch: Duration, at_once: usize) {
        let requests = self.requests();
        let mut arrived: Vec<Instant> = requests.iter().map(|own| own.arrived).collect();
        let mut answered: Vec<Instant> = requests.iter().filter_map(|own| own.answered).collect();
        assert_eq!(answered.len(), requests.len(), "all are answered");
        assert!(requests.len() > most, "too few to tell");
        arrived.sort();
        answered.sort();
        let at_the_start = std::iter::repeat_n(started, at_once);
        let left_after = at_the_start.chain(answered);
        let after_as_many = arrived.into_iter().skip(most);
        for (place, (last, first)) in after_as_many.zip(left_after).enumerate() {
            let took = last - first;
            assert!(
                took >= stretch,
                "{} from {place} on took {took:?}",
                most + 1
            );
        }
    }

    /// The most requests that came within any stretch of time so long.
    pub(crate) fn most_within(&self, stretch: Duration) -> usize {
        let times: Vec<Instant> = self.requests().iter().map(|own| own.arrived).collect();
        let from = |start: &Instant| {
            times
                .iter()
                .filter(|at| *at >= start && **at - *start < stretch)
                .count()
        };
        times.iter().map(from).max().unwrap_or(0)
    }

    /// The most requests that were under way at once.
    pub(crate) fn most_at_once(&self) -> usize {
        let requests = self.requests();
        let open = |other: &Request, at: Instant| {
            other.arrived <= at && other.answered.is_none_or(|answered| answered > at)
        };
        let at_once = |own: &Request| {
            requests
                .iter()
                .filter(|other| open(other, own.arrived))
                .count()
        };
        requests.iter().map(at_once).max().unwrap_or(0)
    }
}
