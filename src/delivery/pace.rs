//! Whose turn it is: one [`Pace`] for an account, through which every request leaves, one after the other and in the order
//! of asking.
//!
//! `governor` keeps the stream from catching up in haste, and the grid below keeps it even; a record of what really left
//! (`window`) sees to it that no window of any limit ever holds more than allowed; one instant until which everybody waits
//! obeys the server. Quotas, limits over an hour or more, are counted and not spread. This file never looks at a request and
//! never decides what may be sent again.

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
use super::departure::Departure;
use super::silence::Silence;
use super::slowdown::{Measured, Slowdown};
use super::standing::{State, Turn};
use super::together::Together;
use super::window::Window;
use crate::provider::api::Limit;
use crate::provider::reply::{Hold, Timing};

/// A server that wants us to wait longer than this is not waited for: the run stops and names the time.
pub const LONGEST_WAIT: Duration = Duration::from_secs(15 * 60);

/// A turn of the account's is used within this time, or not at all.
const STALE: Duration = Duration::from_millis(20);

/// A pause for which everybody waits is told from this length on.
const WORTH_A_WORD: Duration = Duration::from_secs(5);

/// The pace of one account.
#[derive(Debug)]
pub struct Pace {
    /// First come, first served; the one in front sleeps, the others stand in line.
    line: Mutex<()>,
    state: RefCell<State>,
    /// The turns that other runs on the account take as well.
    together: Option<Box<dyn Together>>,
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
            together: None,
            state: RefCell::new(State {
                grid: Grid::of(&windows),
                windows,
                departing: Vec::new(),
                quotas: quotas.into_iter().map(Window::new).collect(),
                day: None,
                slow: Slowdown::default(),
                measured: Measured::default(),
                silence: Silence::default(),
                last: None,
                held_until: None,
                throttled_until: None,
                stop: None,
            }),
        }
    }

    /// Keeps the pace together with whoever else asks for this account.
    #[must_use]
    pub fn with(self, together: Box<dyn Together>) -> Self {
        Self {
            together: Some(together),
            ..self
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

    /// Waits until one request may leave; it has to leave right away, and its place is held until it has left.
    ///
    /// Dropped while it waits, it takes nothing and makes room for the next in line.
    ///
    /// # Errors
    ///
    /// The reason why none may leave any more.
    pub async fn turn(&self) -> Result<Departure, Stop> {
        // Not in line: the one in front may be asleep for minutes.
        if let Some(stop) = self.stop() {
            return Err(stop);
        }
        let asked = Instant::now();
        let (_front, now) = match self.line.try_lock() {
            // The clock is not read again where nobody has waited: a request has many such steps.
            Ok(front) => (front, asked),
            Err(_) => (self.line.lock().await, Instant::now()),
        };
        let mut taken = self.take_together(now).await;
        let mut now = taken;
        loop {
            let at = match self.state.borrow_mut().turn(now, asked) {
                Turn::Yours(departure) => return Ok(departure),
                Turn::Never(stop) => return Err(stop),
                Turn::NotBefore(at) => at,
            };
            // A turn of the account's that was waited away is somebody else's by now.
            let stale = at.saturating_duration_since(taken) > STALE;
            sleep_until(at).await;
            now = Instant::now();
            if stale {
                taken = self.take_together(now).await;
                now = taken;
            }
        }
    }

    /// Waits for the account's next turn; the instant at which it came.
    async fn take_together(&self, now: Instant) -> Instant {
        let apart = |grid: &Grid| (grid.apart(now), grid.left(now));
        let apart = self.state.borrow().grid.as_ref().map(apart);
        let (Some(together), Some((apart, after))) = (&self.together, apart) else {
            return now;
        };
        let wait = together.take(apart, after);
        if !wait.is_zero() {
            // Longer than one of ours takes: others went first, which is no pause to be made up for.
            if wait > apart {
                self.state.borrow_mut().put_off(now + wait);
            }
            sleep_until(now + wait).await;
        }
        Instant::now()
    }

    /// Lets the other runs on the account wait as long as we do.
    fn tell_hold(&self) {
        let left = self
            .state
            .borrow()
            .held_until
            .map(|until| until.saturating_duration_since(Instant::now()));
        if let (Some(together), Some(left)) = (&self.together, left.filter(|left| !left.is_zero()))
        {
            together.hold(left);
        }
    }

    /// Why no request may leave any more, if that is so.
    #[must_use]
    pub fn stop(&self) -> Option<Stop> {
        self.state.borrow().stop
    }

    /// Hears that the request which left at `left` was answered, by a server so far away: there and back.
    pub fn answered(&self, left: Instant, distance: Duration) {
        let state = &mut *self.state.borrow_mut();
        if !state.windows.is_empty() {
            state.silence.at_distance(distance);
            state.answered(left, Instant::now());
        }
    }

    /// Hears that no answer comes any more to the request which left at `left`.
    pub fn unanswered(&self, left: Instant) {
        self.state.borrow_mut().silence.over(left);
    }

    /// Hears what an answer says about time and limits.
    ///
    /// "Nothing left in this window" is news only where somebody else uses the account: what we have sent ourselves, the
    /// record knows better.
    pub fn news(&self, timing: &Timing) {
        let mut state = self.state.borrow_mut();
        state.hear(timing);
        let Some(hold) = timing.hold else { return };
        let now = Instant::now();
        match hold {
            Hold::For(wait) => state.hold(now, wait),
            Hold::OneWindow => {
                let ours = |window: &mut Window| window.is_nearly_full(now);
                if !state.windows.iter_mut().any(ours) {
                    state.hold_one_window(now);
                }
            }
        }
        drop(state);
        self.tell_hold();
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
        drop(state);
        self.tell_hold();
    }

    /// Makes everybody wait.
    pub fn hold(&self, wait: Duration) {
        self.state.borrow_mut().hold(Instant::now(), wait);
    }

    /// Notes that the account has nothing left; the time after which it has again, where known.
    pub fn quota_spent(&self, resume_after: Option<Duration>) {
        let mut state = self.state.borrow_mut();
        let told = resume_after.and_then(|wait| Instant::now().checked_add(wait));
        let resume_at = told.or(state.end_of_the_day());
        state.stop.get_or_insert(Stop::QuotaSpent { resume_at });
    }
}

/// A request that is late by no more than this does not make the ones after it late: timers tick in milliseconds.
const CATCH_UP: Duration = Duration::from_millis(5);

/// What a longer pause of this machine cost those who waited in line is made up for in the time after it, up to so much.
const MAKE_UP: Duration = Duration::from_millis(200);

/// The part of the time between two requests that is only there to be saved while something is made up for: less than half a
/// percent, so that 98 % of a limit are used all the same.
const SPARE: (u32, u32) = (9, 2_000);

/// The even stream: as slow as the slowest of the windows asks for, and a little slower while nothing is to be made up for.
///
/// Machines with much to do pause for some ten milliseconds, ours and the server's. All at once after a pause, what it held
/// back would fill a window at the server; a little faster than before, it fills none, and nothing is lost.
#[derive(Debug)]
pub(super) struct Grid {
    /// The time between two requests while something is made up for.
    pub(super) gap: Duration,
    /// The same while nothing is.
    even: Duration,
    /// When the next request is due in a stream that never paused.
    due: Option<Instant>,
    /// A request takes this many of governor's cells: cells are at most a millisecond long, so that catching up can be
    /// allowed in milliseconds and not in whole requests.
    cells: NonZeroU32,
    limiter: RateLimiter<NotKeyed, InMemoryState, Ticks, NoOpMiddleware<Tick>>,
}

impl Grid {
    pub(super) fn of(windows: &[Window]) -> Option<Self> {
        let gap = windows.iter().map(Window::gap).max()?;
        let cells = u32::try_from(gap.as_millis()).ok()?.saturating_add(1);
        // A nanosecond more, because the division rounds down.
        let cell = gap / cells + Duration::from_nanos(1);
        let catch_up = CATCH_UP.as_nanos() / cell.as_nanos();
        let burst = cells.saturating_add(u32::try_from(catch_up).ok()?);
        let quota = Quota::with_period(cell)?.allow_burst(NonZeroU32::new(burst)?);
        Some(Self {
            gap,
            even: gap + gap * SPARE.0 / SPARE.1,
            due: None,
            cells: NonZeroU32::new(cells)?,
            limiter: RateLimiter::direct_with_clock(quota, Ticks),
        })
    }

    /// How far apart requests leave now.
    fn apart(&self, now: Instant) -> Duration {
        match self.due.is_some_and(|due| due + CATCH_UP < now) {
            true => self.gap,
            false => self.even,
        }
    }

    /// Lets the next request be due no sooner than this: what is waited for is no pause of the machine.
    pub(super) fn put_off(&mut self, until: Instant) {
        self.due = self.due.max(Some(until));
    }

    /// How long until the next request is due.
    fn left(&self, now: Instant) -> Duration {
        let due = self.due.unwrap_or(now);
        due.saturating_duration_since(now)
    }

    /// Takes a place in the stream for one who asked for it at `asked`; if none is free yet, the instant at which one will be.
    pub(super) fn take(&mut self, now: Instant, asked: Instant) -> Option<Instant> {
        if let Some(due) = self.due.filter(|due| *due > now) {
            return Some(due);
        }
        if let Ok(Err(not_until)) = self.limiter.check_n(self.cells) {
            return Some(not_until.earliest_possible().0);
        }
        // The bucket was made to hold one request and more, so it cannot be too small for one.
        let most = (now - asked + CATCH_UP).min(MAKE_UP);
        let earliest = now.checked_sub(most).unwrap_or(now);
        self.due = Some(self.due.map_or(now, |due| due.max(earliest)) + self.even);
        None
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
