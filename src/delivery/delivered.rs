//! What became of one exchange, and why it was the last one.

use std::time::Duration;

use tokio::time::Instant;

use crate::contact::Verdict;

/// What became of one exchange.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Delivered {
    /// What became of the contact.
    pub verdict: Verdict,
    /// Requests sent for it.
    pub attempts: u32,
    /// From its first turn to its last answer.
    pub duration: Duration,
    /// Why nothing more should be sent, if that came out here.
    pub stop: Option<Stop>,
    /// Whether something of it is in the account for certain, whatever the verdict.
    pub written: bool,
}

impl Delivered {
    /// One that was left in the middle of its only known attempt.
    #[must_use]
    pub fn cut_off(verdict: Verdict) -> Self {
        Self {
            verdict,
            attempts: 1,
            duration: Duration::ZERO,
            stop: None,
            written: false,
        }
    }
}

/// Why nothing more can be sent: what only the delivery knows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stop {
    /// The account may ask for nothing more for a while.
    QuotaSpent {
        /// Until when, where that is known.
        resume_at: Option<Instant>,
    },
    /// The server wants us to wait longer than is reasonable.
    WaitTooLong {
        /// How long it asks for.
        wait: Duration,
    },
    /// So many calls failed since the last one that succeeded that trying on would only do harm.
    RetriesSpent,
    /// The server was never reached.
    Unreachable,
}
