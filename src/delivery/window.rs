//! What left within one window of a limit: a record of real departures, so that no window, wherever it is laid, holds
//! more of them than are allowed.
//!
//! It only counts; it knows no clock and never waits. An even pace beside it is [`super::pace`]'s business.

use std::collections::VecDeque;
use std::time::Duration;

use tokio::time::Instant;

use crate::provider::api::Limit;

/// Departures closer together than this part of the window share an entry, so that a record stays small however many
/// requests a window allows. An entry counts as its last departure does, which can only make us slower.
const FINENESS: u32 = 1_000;

/// Until somebody asks again who has left.
const LOOK_AGAIN: Duration = Duration::from_millis(5);

/// The departures within one window.
#[derive(Debug, Clone)]
pub(super) struct Window {
    requests: u32,
    per: Duration,
    /// The window and one percent: what is even here arrives a little less even there, where the network, or either
    /// machine, pauses for a few milliseconds.
    guarded: Duration,
    entries: VecDeque<Entry>,
    total: u32,
}

#[derive(Debug, Clone, Copy)]
struct Entry {
    first: Instant,
    last: Instant,
    count: u32,
}

impl Window {
    pub(super) fn new(limit: &Limit) -> Self {
        Self {
            requests: limit.requests.max(1),
            per: limit.per,
            guarded: limit.per + limit.per / 100,
            entries: VecDeque::new(),
            total: 0,
        }
    }

    /// How many it allows.
    pub(super) fn requests(&self) -> u32 {
        self.requests
    }

    /// A window that a server announces while requests are leaving: those before it count too, as far as the longest of
    /// the other records knows of them, and the last one in any case.
    pub(super) fn joining(limit: &Limit, others: &[Self], last: Option<Instant>) -> Self {
        let mut window = Self::new(limit);
        match others.iter().max_by_key(|other| other.per) {
            Some(longest) => {
                window.entries.clone_from(&longest.entries);
                window.total = longest.total;
            }
            None => last.into_iter().for_each(|last| window.depart(last)),
        }
        window
    }

    /// The window's length.
    pub(super) fn per(&self) -> Duration {
        self.per
    }

    /// The least time between two requests in a stream, a little more than the guarded window asks for, so that one that was
    /// late can be made up for.
    pub(super) fn gap(&self) -> Duration {
        (self.per + self.per / 80) / self.requests
    }

    /// Allows no more than this many from now on; what allows more is not heard.
    pub(super) fn tighten(&mut self, requests: u32) -> bool {
        let tighter = requests < self.requests;
        if tighter {
            self.requests = requests.max(1);
        }
        tighter
    }

    /// When there is room for one more beside so many that are about to leave: nothing means now.
    pub(super) fn room(&mut self, now: Instant, departing: u32) -> Option<Instant> {
        self.forget(now);
        // A limit that was tightened may find more on the road than it allows; then several entries have to go.
        let wanted = self.total.saturating_add(departing).saturating_add(1);
        let mut over = wanted.saturating_sub(self.requests);
        let mut at = None;
        for entry in &self.entries {
            if over == 0 {
                break;
            }
            over = over.saturating_sub(entry.count);
            at = Some(entry.last + self.guarded);
        }
        match over {
            0 => at,
            // Those about to leave fill it alone, and when they do is not known.
            _ => at.max(Some(now + LOOK_AGAIN)),
        }
    }

    /// Notes one departure.
    pub(super) fn depart(&mut self, now: Instant) {
        // They are noted in the order of their turns, which need not be quite the order in which they left.
        let now = self.entries.back().map_or(now, |own| now.max(own.last));
        self.total = self.total.saturating_add(1);
        match self.entries.back_mut() {
            Some(entry) if now - entry.first < self.per / FINENESS => {
                entry.last = now;
                entry.count += 1;
            }
            _ => self.entries.push_back(Entry {
                first: now,
                last: now,
                count: 1,
            }),
        }
    }

    /// Notes that the last so many may have arrived only now, whenever they left. Those of them that are forgotten by now were
    /// the oldest of all, so that only such are left here.
    pub(super) fn arrive_late(&mut self, count: usize, now: Instant) {
        let count = u32::try_from(count).unwrap_or(u32::MAX);
        let mut left = count;
        while let Some(entry) = self.entries.back_mut().filter(|_| left > 0) {
            let part = entry.count.min(left);
            entry.count -= part;
            left -= part;
            if entry.count == 0 {
                self.entries.pop_back();
            }
        }
        self.total = self.total.saturating_add(left);
        if count > 0 {
            self.entries.push_back(Entry {
                first: now,
                last: now,
                count,
            });
        }
    }

    /// Whether our own departures alone come near the limit: then "nothing left" is no news.
    pub(super) fn is_nearly_full(&mut self, now: Instant) -> bool {
        self.forget(now);
        u64::from(self.total) * 10 >= u64::from(self.requests) * 9
    }

    fn forget(&mut self, now: Instant) {
        while let Some(entry) = self.entries.front() {
            if now < entry.last + self.guarded {
                break;
            }
            self.total = self.total.saturating_sub(entry.count);
            self.entries.pop_front();
        }
    }
}
