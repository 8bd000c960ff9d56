//! The way without a proxy: over connections of our own, spoken by hyper, which is what `reqwest` speaks with inside.
//!
//! What `reqwest` puts around it, for redirects, cookies, many servers and second attempts that are never wanted here, costs
//! half of what a request costs.

use std::time::Duration;

use bytes::Bytes;
use http::Request;
use http_body_util::Full;

use super::broken::{Broken, read};
use super::connections::{Connections, Unsent};
use super::departure::Departure;
use super::target::Base;
use super::timeouts::Timeouts;
use crate::provider::reply::Reply;

/// A client that connects to the server itself.
pub(super) struct Straight {
    connections: Connections,
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
        })
    }

    /// Sends a request, which leaves when there is a connection for it, and reads the answer.
    pub(super) async fn exchange(
        &self,
        request: Request<Bytes>,
        departure: Departure,
    ) -> Result<Reply, Broken> {
        let mut request = request.map(Full::new);
        let mut waiting = Some(departure);
        loop {
            let mut connection = self.connections.take().await?;
            drop(waiting.take());
            match connection.send(request).await {
                Ok(response) => {
                    let reply = read(response).await?;
                    self.connections.give_back(connection);
                    return Ok(reply);
                }
                // The server had closed it while nobody used it, and nothing of the request left.
                Err(Unsent::Whole(own)) => request = *own,
                Err(Unsent::Broken(broken)) => return Err(broken),
            }
        }
    }

    /// Hears that no answer came in time: the connection that all share may lead nowhere any more.
    pub(super) fn doubt(&self) {
        self.connections.forget_shared();
    }

    /// How long there and back takes at most.
    pub(super) fn distance(&self) -> Duration {
        self.connections.distance()
    }
}
