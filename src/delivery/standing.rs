//! Where an account stands: what may leave now, what has left, how long everybody waits, and why nothing may leave any more.
//!
//! Plain state that is told the time; [`super::pace`] waits by it.

use std::time::Duration;

use tokio::time::Instant;

use super::Stop;
use super::day::Day;
use super::departure::{Departure, Place};
use super::pace::{Grid, LONGEST_WAIT};
use super::silence::{Lateness, Silence};
use super::slowdown::{Measured, Slowdown};
use super::window::Window;
use crate::provider::api::{Limit, Sure};
use crate::provider::reply::Timing;

/// Servers that announce ever new windows are heard this often.
const MOST_WINDOWS: usize = 16;

/// Nobody is late by less: timers tick in milliseconds, and so do machines.
const LEAST_LATENESS: Duration = Duration::from_millis(5);

/// Requests that leave no further apart than this pile up before a server that pauses for some ten milliseconds.
const CLOSE: Duration = Duration::from_millis(50);

#[derive(Debug)]
pub(super) struct State {
    pub(super) windows: Vec<Window>,
    /// Requests whose turn it was and that have not left as far as the windows know.
    pub(super) departing: Vec<Place>,
    pub(super) quotas: Vec<Window>,
    pub(super) day: Option<Day>,
    pub(super) grid: Option<Grid>,
    pub(super) slow: Slowdown,
    pub(super) measured: Measured,
    pub(super) silence: Silence,
    pub(super) last: Option<Instant>,
    pub(super) held_until: Option<Instant>,
    /// The end of the hold after the last "too many requests".
    pub(super) throttled_until: Option<Instant>,
    pub(super) stop: Option<Stop>,
}

/// Whether the next request may leave.
pub(super) enum Turn {
    Yours(Departure),
    NotBefore(Instant),
    Never(Stop),
}

impl State {
    pub(super) fn turn(&mut self, now: Instant, asked: Instant) -> Turn {
        if let Some(stop) = self.stop {
            return Turn::Never(stop);
        }
        if let Some(until) = self.held_until.filter(|until| *until > now) {
            return Turn::NotBefore(until);
        }
        let quotas = self.quotas.iter_mut();
        let free = quotas.filter_map(|own| own.room(now, 0)).max();
        let free = free.or_else(|| self.day.as_mut().and_then(|day| day.full(now)));
        if free.is_some() {
            let stop = *self.stop.insert(Stop::QuotaSpent { resume_at: free });
            return Turn::Never(stop);
        }
        self.note_departures();
        let departing = u32::try_from(self.departing.len()).unwrap_or(u32::MAX);
        let windows = self.windows.iter_mut();
        let room = windows.filter_map(|own| own.room(now, departing)).max();
        let limit = self.grid.as_ref().map(|grid| grid.gap);
        let slow = self.slow.gap(now, limit);
        let slow = self.last.zip(slow).map(|(last, gap)| last + gap);
        if let Some(at) = slow {
            self.put_off(at);
        }
        let silent = self.lateness().and_then(|by| self.silence.holds(now, by));
        if let Some(at) = room.max(slow).max(silent).filter(|at| *at > now) {
            return Turn::NotBefore(at);
        }
        // Asked last, because its yes is a turn taken.
        if let Some(at) = self.grid.as_mut().and_then(|grid| grid.take(now, asked)) {
            return Turn::NotBefore(at);
        }
        for quota in &mut self.quotas {
            quota.depart(now);
        }
        let (place, departure) = Place::held();
        self.departing.push(place);
        if let Some(day) = &mut self.day {
            day.depart(now);
        }
        self.measured.depart(now);
        if self.lateness().is_some() {
            self.silence.depart(now);
        }
        self.last = Some(now);
        Turn::Yours(departure)
    }

    /// Hears that the request which left at `left` was answered. What may arrive only now counts from now on.
    pub(super) fn answered(&mut self, left: Instant, now: Instant) {
        let Some(by) = self.lateness() else { return };
        self.note_departures();
        let late = self.silence.answered(left, now, by);
        for window in &mut self.windows {
            window.arrive_late(late.arrived, now);
            (0..late.given_up).for_each(|_| window.depart(now));
        }
    }

    /// How late an answer has to be before the server may be silent: so little that what leaves until then is not too much
    /// for a window. One that is late alone tells something only where the next one would have come by now.
    fn lateness(&self) -> Option<Lateness> {
        let shortest = self.windows.iter().map(Window::per).min()?;
        let least = (shortest / 125).max(LEAST_LATENESS);
        let close = self.grid.as_ref().is_some_and(|grid| grid.gap <= CLOSE);
        let alone = match close {
            true => 2 * least,
            false => Duration::ZERO,
        };
        Some(Lateness { least, alone })
    }

    /// Notes which requests have left since.
    fn note_departures(&mut self) {
        let windows = &mut self.windows;
        self.departing.retain(|place| match place.left() {
            None => true,
            Some(left) => {
                windows.iter_mut().for_each(|own| own.depart(left));
                false
            }
        });
    }

    pub(super) fn hold(&mut self, now: Instant, wait: Duration) {
        if wait > LONGEST_WAIT {
            self.stop.get_or_insert(Stop::WaitTooLong { wait });
            return;
        }
        self.held_until = self.held_until.max(Some(now + wait));
        self.put_off(now + wait);
    }

    /// Lets the even stream go on no sooner than this, without making up for what is waited for.
    pub(super) fn put_off(&mut self, until: Instant) {
        if let Some(grid) = &mut self.grid {
            grid.put_off(until);
        }
    }

    pub(super) fn hold_one_window(&mut self, now: Instant) {
        if let Some(longest) = self.windows.iter().map(Window::per).max() {
            self.hold(now, longest);
        }
    }

    /// An account that has nothing left for today has again when the day is over.
    pub(super) fn end_of_the_day(&self) -> Option<Instant> {
        self.day.as_ref().map(Day::end)
    }

    pub(super) fn hear(&mut self, timing: &Timing) {
        self.note_departures();
        if timing.daily_remaining == Some(0) {
            let resume_at = self.end_of_the_day();
            self.stop.get_or_insert(Stop::QuotaSpent { resume_at });
        }
        let Some((requests, per)) = timing.window else {
            return;
        };
        let limit = Limit {
            requests,
            per,
            sure: Sure::Official,
        };
        let full = self.windows.len() >= MOST_WINDOWS;
        let known = self.windows.iter_mut().find(|own| own.per() == per);
        let tighter = match known {
            Some(window) => window.tighten(requests),
            None if limit.is_quota() || full => false,
            None => {
                let window = Window::joining(&limit, &self.windows, self.last);
                self.windows.push(window);
                true
            }
        };
        if tighter {
            self.grid = Grid::of(&self.windows);
        }
    }
}
