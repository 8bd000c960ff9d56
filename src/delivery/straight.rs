//! The way without a proxy: over connections of our own, spoken by hyper, which is what `reqwest` speaks with inside.
//!
//! What `reqwest` puts around it, for redirects, cookies, many servers and second attempts that are never wanted here, costs
//! half of what a request costs.

use std::time::Duration;

use tokio::time::{Instant, timeout_at};

use super::broken::Broken;
use super::connections::{Connections, Unanswered};
use super::departure::Departure;
use super::letter::Letter;
use super::target::Base;
use super::timeouts::Timeouts;
use crate::provider::reply::Reply;

/// A client that connects to the server itself.
pub(super) struct Straight {
    connections: Connections,
    /// What a whole exchange may take.
    whole: Duration,
}

impl Straight {
    /// One for a server.
    ///
    /// # Errors
    ///
    /// Why no server could be trusted, mostly for want of the system's certificates.
    pub(super) fn new(base: &Base, timeouts: Timeouts) -> Result<Self, rustls::Error> {
        Ok(Self {
            connections: Connections::new(base, timeouts)?,
            whole: timeouts.whole,
        })
    }

    /// Sends a call, which leaves when there is a connection for it, and reads the answer.
    pub(super) async fn exchange(
        &self,
        letter: &Letter<'_>,
        departure: Departure,
    ) -> Result<Reply, Broken> {
        let mut now = Instant::now();
        let late = now + self.whole;
        let mut waiting = Some(departure);
        loop {
            let taken = timeout_at(late, self.connections.take(now)).await;
            let mut connection = taken.unwrap_or_else(|_| Err(Broken::full()))?;
            drop(waiting.take());
            match timeout_at(late, connection.answered(letter)).await {
                Ok(Ok(reply)) => {
                    self.connections.give_back(connection);
                    return Ok(reply);
                }
                // The server had closed it while nobody used it, and nothing of the request left.
                Ok(Err(Unanswered::Unsent)) => now = Instant::now(),
                Ok(Err(Unanswered::Broken(broken))) => return Err(broken),
                Err(_) => {
                    self.connections.doubt(&connection);
                    return Err(Broken::late());
                }
            }
        }
    }

    /// How long there and back takes at most.
    pub(super) fn distance(&self) -> Duration {
        self.connections.distance()
    }
}
