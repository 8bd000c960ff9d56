//! The brake: a signal, pulled once, that nothing new may start.
//!
//! It stops nothing by itself: whoever waits for a turn or between two attempts looks at it, and what is on the road
//! comes home.

use std::cell::Cell;
use std::rc::Rc;

use tokio::sync::Notify;

/// "Nothing new from here on", shared by all who hold a clone.
#[derive(Debug, Clone, Default)]
pub struct Brake(Rc<Line>);

#[derive(Debug, Default)]
struct Line {
    pulled: Cell<bool>,
    bell: Notify,
}

impl Brake {
    /// A brake that nobody has pulled.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Pulls it; there is no letting go.
    pub fn pull(&self) {
        self.0.pulled.set(true);
        self.0.bell.notify_waiters();
    }

    /// Whether somebody has pulled it.
    #[must_use]
    pub fn is_pulled(&self) -> bool {
        self.0.pulled.get()
    }

    /// Comes back once it is pulled.
    pub async fn pulled(&self) {
        // Made before the look, so that a pull in between still rings for it.
        let bell = self.0.bell.notified();
        if !self.is_pulled() {
            bell.await;
        }
    }
}
