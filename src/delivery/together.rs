//! What several runs on one account keep together: each takes the account's next turn, whoever runs beside it.
//!
//! This room does not know where turns are written down; it only asks for them.

use std::fmt;
use std::time::Duration;

/// The turns of an account, shared with whoever else asks for it on this machine.
pub trait Together: fmt::Debug {
    /// Takes the next turn that comes no sooner than after so long, where requests leave this far apart: how long until it
    /// may be used.
    fn take(&self, gap: Duration, after: Duration) -> Duration;

    /// Makes everybody wait.
    fn hold(&self, wait: Duration);
}
