//! When a request really leaves: at once over a connection that is there, or when the one opened for it is ready.
//!
//! A turn is not yet a departure. Before the first request over a connection come a look-up of the name, the connection and
//! the handshake, which take a tenth of a second and more to a server far away; requests over connections that are there
//! would overtake it, and the server would see more in one window than it allows. So a place is held from the turn on, and
//! the window runs from the departure.

use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

/// A request whose turn it is and that has not left yet; dropped when it leaves. The default is one that no pace waits for.
#[derive(Debug, Default)]
pub struct Departure(Arc<OnceLock<Instant>>);

impl Drop for Departure {
    fn drop(&mut self) {
        // Nobody else sets it.
        let _ = self.0.set(Instant::now());
    }
}

/// The place in every window that is held for a request until it has left.
#[derive(Debug)]
pub(super) struct Place(Arc<OnceLock<Instant>>);

impl Place {
    /// A place, and the departure that it is held for.
    pub(super) fn held() -> (Self, Departure) {
        let left = Arc::new(OnceLock::new());
        (Self(Arc::clone(&left)), Departure(left))
    }

    /// When the request left, if it has.
    pub(super) fn left(&self) -> Option<Instant> {
        self.0.get().copied()
    }
}

/// How far away a server is: what the quickest connection took.
#[derive(Debug, Default)]
pub(super) struct Distance(Mutex<Option<Duration>>);

impl Distance {
    /// How long there and back takes at most: a connection takes that once, and mostly more often.
    pub(super) fn there_and_back(&self) -> Duration {
        self.quickest().unwrap_or_default()
    }

    /// Notes how long a connection took.
    pub(super) fn connected(&self, took: Duration) {
        let mut quickest = self.quickest();
        *quickest = Some(quickest.map_or(took, |own| own.min(took)));
    }

    fn quickest(&self) -> MutexGuard<'_, Option<Duration>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
