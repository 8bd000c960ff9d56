//! Whose turn it is: one [`Pace`] for an account, through which every request leaves, one after the other and in the order
//! of asking.
//!
//! `governor` keeps the stream even; a record of what really left (`window`) sees to it that no window of any
//! limit ever holds more than allowed; one instant until which everybody waits obeys the server. Quotas, limits over an
//! hour or more, are counted and not spread. This file never looks at a request and never decides what may be sent again.

use std::cell::RefCell;
use std::num::NonZeroU32;
use std::time::Duration;

use governor::clock::{Clock, Reference};
use governor::middleware::NoOpMiddleware;
use governor::nanos::Nanos;
use governor::state::{InMemoryState, NotKeyed};
use governor::{Quota, RateLimiter};
use tokio::sync::Mutex;
use tokio::time::{Instant, sleep_until};

use super::Stop;
use super::day::{DAY, Day};
use super::slowdown::{Measured, Slowdown};
use super::window::Window;
use crate::provider::api::{Limit, Sure};
use crate::provider::reply::{Hold, Timing};

/// A server that wants us to wait longer than this is not waited for: the run stops and names the time.
pub const LONGEST_WAIT: Duration = Duration::from_secs(15 * 60);

/// A request that is late by no more than this does not make the ones after it late: timers tick in milliseconds.
const CATCH_UP: Duration = Duration::from_millis(5);

/// A pause for which everybody waits is told from this length on.
const WORTH_A_WORD: Duration = Duration::from_secs(5);

/// Servers that announce ever new windows are heard this often.
const MOST_WINDOWS: usize = 16;

/// The limits in force: `--rate` comes on top of what the provider says officially and stands in for what is only our
/// guess.
#[must_use]
pub fn effective(limits: &[Limit], rate: Option<Limit>) -> Vec<Limit> {
    let keep = |limit: &&Limit| rate.is_none() || limit.sure == Sure::Official;
    limits
        .iter()
        .filter(keep)
        .cloned()
        .chain(rate.clone())
        .collect()
}

/// The pace of one account.
#[derive(Debug)]
pub struct Pace {
    /// First come, first served; the one in front sleeps, the others stand in line.
    line: Mutex<()>,
    state: RefCell<State>,
}

#[derive(Debug)]
struct State {
    windows: Vec<Window>,
    quotas: Vec<Window>,
    day: Option<Day>,
    grid: Option<Grid>,
    slow: Slowdown,
    measured: Measured,
    last: Option<Instant>,
    held_until: Option<Instant>,
    /// The end of the hold after the last "too many requests".
    throttled_until: Option<Instant>,
    stop: Option<Stop>,
}

enum Turn {
    Yours,
    NotBefore(Instant),
    Never(Stop),
}

impl Pace {
    /// A pace that keeps to all of these limits at once; none at all means no pace.
    #[must_use]
    pub fn new(limits: &[Limit]) -> Self {
        let (quotas, windows): (Vec<&Limit>, Vec<&Limit>) =
            limits.iter().partition(|limit| limit.is_quota());
        let windows: Vec<Window> = windows.into_iter().map(Window::new).collect();
        Self {
            line: Mutex::new(()),
            state: RefCell::new(State {
                grid: Grid::of(&windows),
                windows,
                quotas: quotas.into_iter().map(Window::new).collect(),
                day: None,
                slow: Slowdown::default(),
                measured: Measured::default(),
                last: None,
                held_until: None,
                throttled_until: None,
                stop: None,
            }),
        }
    }

    /// Counts what is allowed in a day by the calendar of UTC: so many requests were made today before, and so much of the
    /// day is left.
    #[must_use]
    pub fn with_day(self, spent: u64, left: Duration) -> Self {
        let mut state = self.state.borrow_mut();
        let (days, others) = std::mem::take(&mut state.quotas)
            .into_iter()
            .partition(|quota| quota.per() == DAY);
        let days: Vec<Window> = days;
        let most = days.iter().map(Window::requests).min();
        state.quotas = others;
        state.day = Some(Day::new(most, spent, left));
        drop(state);
        self
    }

    /// Hears how many requests others have made today.
    pub fn spent_elsewhere(&self, requests: u64) {
        if let Some(day) = &mut self.state.borrow_mut().day {
            day.spent_elsewhere(Instant::now(), requests);
        }
    }

    /// Waits until one request may leave; it has to leave right away.
    ///
    /// Dropped while it waits, it takes nothing and makes room for the next in line.
    ///
    /// # Errors
    ///
    /// The reason why none may leave any more.
    pub async fn turn(&self) -> Result<(), Stop> {
        // Not in line: the one in front may be asleep for minutes.
        if let Some(stop) = self.stop() {
            return Err(stop);
        }
        let _front = self.line.lock().await;
        loop {
            let turn = self.state.borrow_mut().turn(Instant::now());
            match turn {
                Turn::Yours => return Ok(()),
                Turn::NotBefore(at) => sleep_until(at).await,
                Turn::Never(stop) => return Err(stop),
            }
        }
    }

    /// Why no request may leave any more, if that is so.
    #[must_use]
    pub fn stop(&self) -> Option<Stop> {
        self.state.borrow().stop
    }

    /// Hears what an answer says about time and limits.
    ///
    /// "Nothing left in this window" is news only where somebody else uses the account: what we have sent ourselves, the
    /// record knows better.
    pub fn news(&self, timing: &Timing) {
        let mut state = self.state.borrow_mut();
        let now = Instant::now();
        state.hear(timing);
        match timing.hold {
            Some(Hold::For(wait)) => state.hold(now, wait),
            Some(Hold::OneWindow) => {
                let ours = |window: &mut Window| window.is_nearly_full(now);
                if !state.windows.iter_mut().any(ours) {
                    state.hold_one_window(now);
                }
            }
            None => {}
        }
    }

    /// Hears "too many requests": everybody waits as long as the server says, or else for the time given.
    ///
    /// Where the server names no time, or comes with it again after we waited, our idea of its limit is too high and the
    /// pace is cut.
    pub fn throttled(&self, timing: &Timing, otherwise: Duration) {
        let mut state = self.state.borrow_mut();
        let now = Instant::now();
        state.hear(timing);
        let before = state.held_until;
        let minute = Duration::from_secs(60);
        let again = state
            .throttled_until
            .is_some_and(|until| until < now && now - until < minute);
        if timing.hold.is_none() || again {
            let pace = state.measured.rate();
            let pace = match &state.grid {
                Some(grid) => pace.min(1.0 / grid.gap.as_secs_f64()),
                None => pace,
            };
            state.slow.cut(now, pace);
        }
        match timing.hold {
            Some(Hold::For(wait)) if !wait.is_zero() => state.hold(now, wait),
            Some(Hold::OneWindow) if !state.windows.is_empty() => state.hold_one_window(now),
            _ => state.hold(now, otherwise),
        }
        state.throttled_until = state.held_until;
        // Many are told at once; one line says it for all of them.
        let held = state
            .held_until
            .filter(|until| Some(*until) > before.map(|own| own + WORTH_A_WORD));
        if let Some(wait) = held
            .map(|until| until - now)
            .filter(|wait| *wait >= WORTH_A_WORD)
        {
            tracing::warn!(
                "the provider wants fewer requests: nothing is sent for {} s",
                wait.as_secs()
            );
        }
    }

    /// Makes everybody wait.
    pub fn hold(&self, wait: Duration) {
        self.state.borrow_mut().hold(Instant::now(), wait);
    }

    /// Notes that the account has nothing left; the time after which it has again, where known.
    pub fn quota_spent(&self, resume_after: Option<Duration>) {
        let mut state = self.state.borrow_mut();
        let resume_after = resume_after.or(state.left_of_the_day());
        state.stop.get_or_insert(Stop::QuotaSpent { resume_after });
    }
}

impl State {
    fn turn(&mut self, now: Instant) -> Turn {
        if let Some(stop) = self.stop {
            return Turn::Never(stop);
        }
        if let Some(until) = self.held_until.filter(|until| *until > now) {
            return Turn::NotBefore(until);
        }
        if let Some(free) = self.quotas.iter_mut().filter_map(|own| own.room(now)).max() {
            let resume_after = Some(free - now);
            let stop = *self.stop.insert(Stop::QuotaSpent { resume_after });
            return Turn::Never(stop);
        }
        if let Some(left) = self.day.as_mut().and_then(|day| day.full(now)) {
            let resume_after = Some(left);
            let stop = *self.stop.insert(Stop::QuotaSpent { resume_after });
            return Turn::Never(stop);
        }
        let room = self.windows.iter_mut().filter_map(|own| own.room(now));
        let limit = self.grid.as_ref().map(|grid| grid.gap);
        let slow = self.slow.gap(now, limit);
        let slow = self.last.zip(slow).map(|(last, gap)| last + gap);
        if let Some(at) = room.max().max(slow).filter(|at| *at > now) {
            return Turn::NotBefore(at);
        }
        // Asked last, because its yes is a turn taken.
        if let Some(at) = self.grid.as_ref().and_then(Grid::take) {
            return Turn::NotBefore(at);
        }
        for window in self.windows.iter_mut().chain(&mut self.quotas) {
            window.depart(now);
        }
        if let Some(day) = &mut self.day {
            day.depart(now);
        }
        self.measured.depart(now);
        self.last = Some(now);
        Turn::Yours
    }

    fn hold(&mut self, now: Instant, wait: Duration) {
        if wait > LONGEST_WAIT {
            self.stop.get_or_insert(Stop::WaitTooLong { wait });
            return;
        }
        self.held_until = self.held_until.max(Some(now + wait));
    }

    fn hold_one_window(&mut self, now: Instant) {
        if let Some(longest) = self.windows.iter().map(Window::per).max() {
            self.hold(now, longest);
        }
    }

    /// An account that has nothing left for today has again when the day is over.
    fn left_of_the_day(&self) -> Option<Duration> {
        self.day.as_ref().map(|day| day.left(Instant::now()))
    }

    fn hear(&mut self, timing: &Timing) {
        if timing.daily_remaining == Some(0) {
            let resume_after = self.left_of_the_day();
            self.stop.get_or_insert(Stop::QuotaSpent { resume_after });
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

/// The even stream: as slow as the slowest of the windows asks for.
#[derive(Debug)]
struct Grid {
    gap: Duration,
    /// A request takes this many of governor's cells: cells are at most a millisecond long, so that catching up can be
    /// allowed in milliseconds and not in whole requests.
    cells: NonZeroU32,
    limiter: RateLimiter<NotKeyed, InMemoryState, Ticks, NoOpMiddleware<Tick>>,
}

impl Grid {
    fn of(windows: &[Window]) -> Option<Self> {
        let gap = windows.iter().map(Window::gap).max()?;
        let cells = u32::try_from(gap.as_millis()).ok()?.saturating_add(1);
        // A nanosecond more, because the division rounds down.
        let cell = gap / cells + Duration::from_nanos(1);
        let catch_up = CATCH_UP.as_nanos() / cell.as_nanos();
        let burst = cells.saturating_add(u32::try_from(catch_up).ok()?);
        let quota = Quota::with_period(cell)?.allow_burst(NonZeroU32::new(burst)?);
        Some(Self {
            gap,
            cells: NonZeroU32::new(cells)?,
            limiter: RateLimiter::direct_with_clock(quota, Ticks),
        })
    }

    /// Takes a place in the stream; if none is free yet, the instant at which one will be.
    fn take(&self) -> Option<Instant> {
        match self.limiter.check_n(self.cells) {
            Ok(Err(not_until)) => Some(not_until.earliest_possible().0),
            // The bucket was made to hold one request and more, so it cannot be too small for one.
            Ok(Ok(())) | Err(_) => None,
        }
    }
}

/// tokio's clock for governor, whose own does not stand still when tests stop the time.
#[derive(Debug, Clone, Copy)]
struct Ticks;

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Tick(Instant);

impl Clock for Ticks {
    type Instant = Tick;

    fn now(&self) -> Tick {
        Tick(Instant::now())
    }
}

impl std::ops::Add<Nanos> for Tick {
    type Output = Self;

    fn add(self, nanos: Nanos) -> Self {
        Self(self.0 + Duration::from(nanos))
    }
}

impl Reference for Tick {
    fn duration_since(&self, earlier: Self) -> Nanos {
        self.0.saturating_duration_since(earlier.0).into()
    }

    fn saturating_sub(&self, duration: Nanos) -> Self {
        Self(self.0.checked_sub(duration.into()).unwrap_or(self.0))
    }
}
