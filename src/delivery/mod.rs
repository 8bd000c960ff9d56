//! Words over the wire, at the right pace: calls go out, what became of them comes back.
//!
//! [`client`] speaks HTTP, [`pace`] says whose turn it is, [`retry`] when to try again, [`secret`] where a credential comes
//! from; [`Delivery`] is the loop around them. Whether a call may be made again is the
//! [`Exchange`]'s word. This room knows no rows, files or reports, decides nothing
//! about a run but that it cannot go on ([`Stop`]), and starts no task but to carry and to close connections.

pub mod brake;
mod broken;
pub mod client;
mod connections;
pub mod counts;
mod course;
mod day;
mod delivered;
pub mod departure;
mod door;
mod letter;
mod lost;
pub mod pace;
mod pool;
mod proxy;
pub mod question;
pub mod retry;
pub mod secret;
mod silence;
mod slowdown;
pub mod sockets;
mod spelled;
mod standing;
mod straight;
mod struck;
mod target;
pub mod timeouts;
pub mod together;
mod window;

use std::cell::{Cell, RefCell};
use std::time::Duration;

use tokio::time::Instant;

use self::brake::Brake;
use self::counts::Counts;
use self::course::Course;
pub use self::delivered::{Delivered, Stop};
use self::departure::Departure;
use self::pace::Pace;
use self::retry::{Retry, Tries};
use crate::provider::answers::Meaning;
use crate::provider::api::Api;
use crate::provider::call::Call;
use crate::provider::exchange::{Exchange, Next, Touch, Trouble};
use crate::provider::reply::{self, Answer, Hold, Lost, Reply};

/// A server that was never reached is given up after this long.
pub const UNREACHABLE: Duration = Duration::from_secs(60);

/// What carries one call and brings its answer: a real client, or a script in a test.
pub trait Wire {
    /// Sends a call once, and lets its departure go when it leaves.
    ///
    /// # Errors
    ///
    /// Why there is no answer.
    fn send(&self, call: &Call, departure: Departure) -> impl Future<Output = Result<Reply, Lost>>;

    /// How long there and back takes at most, without what the server takes to answer, as far as that is known.
    fn distance(&self) -> Duration {
        Duration::ZERO
    }
}

/// Is told before a call leaves that makes or changes a contact.
pub trait Witness {
    /// Writes it down; what was not written down must not leave.
    fn before(&self, touch: Touch<'_>) -> impl Future<Output = bool>;
}

/// Nobody needs to be told.
#[derive(Debug, Clone, Copy)]
pub struct Nobody;

impl Witness for Nobody {
    async fn before(&self, _: Touch<'_>) -> bool {
        true
    }
}

/// The way to one account: wire, pace, retries and what they have seen.
///
/// Made for one thread: any number of [`deliver`](Self::deliver)s may be under way at once on it.
#[derive(Debug)]
pub struct Delivery<'a, W> {
    api: &'a Api,
    wire: W,
    pace: Pace,
    retry: RefCell<Retry>,
    counts: Cell<Counts>,
    stop: Cell<Option<Stop>>,
    reached: Cell<bool>,
    unreachable_since: Cell<Option<Instant>>,
}

impl<'a, W: Wire> Delivery<'a, W> {
    /// A way on which nothing has been sent yet.
    #[must_use]
    pub fn new(api: &'a Api, wire: W, pace: Pace, retry: Retry) -> Self {
        Self {
            api,
            wire,
            pace,
            retry: RefCell::new(retry),
            counts: Cell::default(),
            stop: Cell::default(),
            reached: Cell::default(),
            unreachable_since: Cell::default(),
        }
    }

    /// Whose account it is.
    #[must_use]
    pub fn api(&self) -> &'a Api {
        self.api
    }

    /// What was sent so far.
    #[must_use]
    pub fn counts(&self) -> Counts {
        self.counts.get()
    }

    /// Why nothing more can be sent, if that is so.
    #[must_use]
    pub fn stopped(&self) -> Option<Stop> {
        self.stop.get().or(self.pace.stop())
    }

    /// Hears how many requests others have asked the account for today.
    pub fn spent_elsewhere(&self, requests: u64) {
        self.pace.spent_elsewhere(requests);
    }

    /// Carries an exchange to its end, or as far as it can go.
    ///
    /// A pulled brake starts nothing new: neither the first attempt nor another one. After a [`Stop`] nothing leaves any
    /// more, whoever asks.
    pub async fn deliver(&self, exchange: &mut Exchange<'_>, brake: &Brake) -> Delivered {
        self.deliver_before(exchange, brake, &Nobody).await
    }

    /// The same before a witness.
    pub async fn deliver_before(
        &self,
        exchange: &mut Exchange<'_>,
        brake: &Brake,
        witness: &impl Witness,
    ) -> Delivered {
        let mut course = Course::default();
        if let Some(verdict) = exchange.over() {
            return course.settled(verdict.clone(), None);
        }
        loop {
            let stop = self.stop.get();
            if stop.is_some() || brake.is_pulled() {
                return course.cut_short(stop);
            }
            // Before its turn, or those that are written down together would leave together.
            if !witness.before(exchange.touches()).await {
                return course.cut_short(None);
            }
            let departure = match self.turn(brake).await {
                Ok(departure) => departure,
                Err(stop) => return course.cut_short(stop),
            };
            let left = Instant::now();
            self.count(|counts| counts.depart(left, course.again));
            course.depart(left);
            exchange.leave();
            let result = self.send(exchange.call(), departure, left).await;
            if let Err(Lost::NotSent(_) | Lost::NotTrusted(_) | Lost::Unseen(_)) = &result {
                exchange.stay();
            }
            let back = Instant::now();
            self.count(|counts| counts.under_way += back - left);
            course.back = Some(back);
            if let Err(lost @ Lost::Unseen(_)) = &result
                && let Next::Again(trouble, verdict) = exchange.lost(lost)
                && course.passed_over(trouble, verdict)
            {
                self.reached.set(true);
                continue;
            }
            let (next, wait) = match result {
                Ok(reply) => self.hear(exchange, &reply, &mut course),
                Err(lost) => self.lost(exchange, &lost, &mut course),
            };
            match next {
                Next::Settled(verdict) => return course.settled(verdict, self.stop.get()),
                Next::Call(standing) => {
                    course.step(standing);
                    continue;
                }
                Next::Again(trouble, _) => {
                    if !course.tries.has_more(trouble) {
                        return course.given_up(None);
                    }
                    if let Some(stop) = self.stopped() {
                        return course.cut_short(Some(stop));
                    }
                    let mut retry = self.retry.borrow_mut();
                    if !retry.spend(trouble, &mut course.tries) {
                        self.stop.set(Some(Stop::RetriesSpent));
                        return course.cut_short(Some(Stop::RetriesSpent));
                    }
                }
            }
            course.again = true;
            // A wait for everybody is the pace's; this one is the row's own.
            tokio::select! {
                biased;
                () = brake.pulled() => return course.cut_short(None),
                () = tokio::time::sleep(wait) => {}
            }
        }
    }

    /// Sends a call whose turn came at `left`, and lets the pace know whether it was answered.
    async fn send(&self, call: &Call, departure: Departure, left: Instant) -> Result<Reply, Lost> {
        let result = self.wire.send(call, departure).await;
        match &result {
            Ok(_) => self.pace.answered(left, self.wire.distance()),
            Err(_) => self.pace.unanswered(left),
        }
        result
    }

    /// Waits for a turn; the error is the reason why there is none, or nothing where the brake was pulled.
    async fn turn(&self, brake: &Brake) -> Result<Departure, Option<Stop>> {
        if let Some(stop) = self.stop.get() {
            return Err(Some(stop));
        }
        tokio::select! {
            biased;
            () = brake.pulled() => Err(None),
            turn = self.pace.turn() => match (turn, self.stop.get()) {
                (Err(stop), _) => {
                    self.stop.set(Some(stop));
                    Err(Some(stop))
                }
                (Ok(_), Some(stop)) => Err(Some(stop)),
                (Ok(departure), None) => Ok(departure),
            },
        }
    }

    fn hear(
        &self,
        exchange: &mut Exchange<'_>,
        reply: &Reply,
        course: &mut Course,
    ) -> (Next, Duration) {
        let answer = exchange.read(reply);
        let next = exchange.hear(&answer);
        if let Next::Again(trouble, verdict) = &next {
            course.note(*trouble, verdict);
        }
        let wait = self.heed(&answer, reply, &mut course.tries);
        match next {
            Next::Settled(verdict) => (Next::Settled(course.heard(answer.meaning, verdict)), wait),
            next => (next, wait),
        }
    }

    /// Heeds what an answer says about time and limits; how long whoever heard it waits before another attempt.
    fn heed(&self, answer: &Answer, reply: &Reply, tries: &mut Tries) -> Duration {
        let timing = reply::timing(self.api, reply, answer.meaning);
        self.reached.set(true);
        let wait = self.retry.borrow_mut().wait(tries);
        match answer.meaning {
            Meaning::Throttled => {
                self.count(|counts| counts.throttled += 1);
                self.pace.throttled(&timing, wait);
                return Duration::ZERO;
            }
            Meaning::QuotaSpent => {
                self.count(|counts| counts.throttled += 1);
                let resume_after = match timing.hold {
                    Some(Hold::For(wait)) => Some(wait),
                    _ => None,
                };
                self.pace.quota_spent(resume_after);
                self.stop.set(self.stopped());
            }
            _ => self.pace.news(&timing),
        }
        if is_alive(answer) {
            self.retry.borrow_mut().success(tries);
        }
        wait
    }

    fn lost(
        &self,
        exchange: &mut Exchange<'_>,
        lost: &Lost,
        course: &mut Course,
    ) -> (Next, Duration) {
        let next = exchange.lost(lost);
        let trouble = match &next {
            Next::Again(trouble, verdict) => {
                course.note(*trouble, verdict);
                *trouble
            }
            Next::Settled(_) | Next::Call(_) => return (next, Duration::ZERO),
        };
        (next, self.missed(lost, trouble, &course.tries))
    }

    /// Takes it that no answer came; how long whoever waited for it waits before another attempt.
    fn missed(&self, lost: &Lost, trouble: Trouble, tries: &Tries) -> Duration {
        let mut wait = self.retry.borrow_mut().wait(tries);
        if trouble != Trouble::Unreachable {
            self.reached.set(true);
            return wait;
        }
        if !self.reached.get() {
            let now = Instant::now();
            if self.unreachable_since.get().is_none() {
                tracing::warn!("{}; trying again for a minute", lost.why());
            }
            let since = self.unreachable_since.get().unwrap_or(now);
            self.unreachable_since.set(Some(since));
            let left = UNREACHABLE.saturating_sub(now - since);
            wait = wait.min(left);
            if left.is_zero() {
                self.stop.set(self.stop.get().or(Some(Stop::Unreachable)));
            }
        }
        // Nobody else gets through either: one tries at a time, and the budget lasts for more than a moment.
        self.pace.hold(wait);
        Duration::ZERO
    }

    fn count(&self, change: impl FnOnce(&mut Counts)) {
        let mut counts = self.counts.get();
        change(&mut counts);
        self.counts.set(counts);
    }
}

/// Whether the API itself answered and was able to: a "no" about one contact is a sign of life.
fn is_alive(answer: &Answer) -> bool {
    !matches!(
        answer.meaning,
        Meaning::Throttled
            | Meaning::QuotaSpent
            | Meaning::Busy
            | Meaning::Outage
            | Meaning::Gateway
            | Meaning::Moved
            | Meaning::NotTheApi
    )
}
