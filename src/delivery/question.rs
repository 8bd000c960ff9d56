//! A question to the account that is about no row: what it has, who is in it. It goes the way of all calls, at the same
//! pace, with the same retries, and is counted with them.

use std::time::Duration;

use tokio::time::Instant;

use super::retry::Tries;
use super::{Delivery, Stop, Wire};
use crate::provider::answers::Meaning;
use crate::provider::call::Call;
use crate::provider::exchange::Trouble;
use crate::provider::reply::{self, Answer, Lost, Reply};

/// How often a question is asked before it is given up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Patience {
    /// As often as a row is tried.
    Row,
    /// Once: somebody is waiting for the answer, or can do without it.
    Once,
}

/// An answer, as it came and as it was read; the last one where the question was given up.
#[derive(Debug, Clone)]
pub struct Heard {
    /// As it came.
    pub reply: Reply,
    /// As it was read.
    pub answer: Answer,
}

/// Why there is no answer.
#[derive(Debug, Clone)]
pub enum Unheard {
    /// None came.
    Lost(Lost),
    /// The question could not leave.
    Stopped(Stop),
}

impl<W: Wire> Delivery<'_, W> {
    /// Asks a question that changes nothing.
    ///
    /// # Errors
    ///
    /// See [`Unheard`].
    pub async fn ask(&self, call: &Call, patience: Patience) -> Result<Heard, Unheard> {
        let mut tries = Tries::default();
        let mut again = false;
        loop {
            if let Some(stop) = self.stop.get() {
                return Err(Unheard::Stopped(stop));
            }
            let departure = match self.pace.turn().await {
                Ok(departure) => departure,
                Err(stop) => {
                    self.stop.set(Some(stop));
                    return Err(Unheard::Stopped(stop));
                }
            };
            self.count(|counts| counts.ask(again));
            again = true;
            let heard = self.send(call, departure, Instant::now()).await;
            let trouble = match &heard {
                Ok(reply) => trouble(reply::read(self.api, reply).meaning),
                Err(Lost::NotTrusted(_)) => None,
                Err(Lost::NotSent(_)) => Some(Trouble::Unreachable),
                Err(Lost::Unseen(_)) => Some(Trouble::Outage),
                Err(Lost::NoAnswer(_)) => Some(Trouble::NoAnswer),
            };
            if let Some(trouble) = trouble {
                tries.note(trouble);
            }
            let (heard, wait) = match heard {
                Ok(reply) => {
                    let answer = reply::read(self.api, &reply);
                    let wait = self.heed(&answer, &reply, &mut tries);
                    (Ok(Heard { reply, answer }), wait)
                }
                Err(lost) => {
                    let wait = match (trouble, patience) {
                        (Some(trouble), Patience::Row) => self.missed(&lost, trouble, &tries),
                        _ => Duration::ZERO,
                    };
                    (Err(Unheard::Lost(lost)), wait)
                }
            };
            let more = trouble.is_some_and(|trouble| tries.has_more(trouble));
            let stopped = self.stopped().is_some();
            match trouble {
                Some(trouble) if more && !stopped && patience == Patience::Row => {
                    if !self.retry.borrow_mut().spend(trouble, &mut tries) {
                        return heard;
                    }
                }
                _ => return heard,
            }
            tokio::time::sleep_until(Instant::now() + wait).await;
        }
    }
}

/// Why a question that was answered so has to be asked again.
fn trouble(meaning: Meaning) -> Option<Trouble> {
    match meaning {
        Meaning::Throttled => Some(Trouble::Throttled),
        Meaning::Busy => Some(Trouble::Busy),
        Meaning::Outage | Meaning::Gateway => Some(Trouble::Outage),
        _ => None,
    }
}
