//! When a request leaves that another client carries, which opens its connections out of our sight.

use std::future::poll_fn;
use std::pin::{Pin, pin};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll};
use std::time::Duration;

use tokio::time::Instant;
use tower_layer::Layer;
use tower_service::Service;

use super::departure::{Departure, Distance};

/// Sees which requests wait for a connection of their own.
///
/// A client that has none free begins to connect in the very call in which it is handed the request, so the departure lies
/// here for that long: whoever connects takes it along, and what nobody took has left.
#[derive(Debug, Clone, Default)]
pub(super) struct Door(Arc<Passage>);

#[derive(Debug, Default)]
struct Passage {
    departure: Mutex<Option<Departure>>,
    distance: Distance,
}

impl Door {
    /// Lets a request leave; the answer is the client's.
    pub(super) async fn through<F: Future>(&self, departure: Departure, request: F) -> F::Output {
        let mut request = pin!(request);
        let mut departure = Some(departure);
        poll_fn(|context| match departure.take() {
            None => request.as_mut().poll(context),
            Some(departure) => {
                self.swap(Some(departure));
                let polled = request.as_mut().poll(context);
                drop(self.swap(None));
                polled
            }
        })
        .await
    }

    fn swap(&self, departure: Option<Departure>) -> Option<Departure> {
        let here = self.0.departure.lock();
        std::mem::replace(
            &mut *here.unwrap_or_else(PoisonError::into_inner),
            departure,
        )
    }

    /// How long there and back takes at most.
    pub(super) fn distance(&self) -> Duration {
        self.0.distance.there_and_back()
    }
}

impl<S> Layer<S> for Door {
    type Service = Connecting<S>;

    fn layer(&self, connect: S) -> Connecting<S> {
        Connecting {
            connect: Arc::new(Mutex::new(connect)),
            door: self.clone(),
        }
    }
}

/// Opens connections; what waits for one has left when it is ready, or will never be.
///
/// The client copies it several times for every request and hardly ever connects, so that copies share what connects; that is
/// always ready, and no copy takes the turn of another one.
#[derive(Debug)]
pub(super) struct Connecting<S> {
    connect: Arc<Mutex<S>>,
    door: Door,
}

impl<S> Connecting<S> {
    fn connect(&self) -> MutexGuard<'_, S> {
        self.connect.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<S> Clone for Connecting<S> {
    fn clone(&self) -> Self {
        Self {
            connect: Arc::clone(&self.connect),
            door: self.door.clone(),
        }
    }
}

impl<S, To> Service<To> for Connecting<S>
where
    S: Service<To>,
    S::Future: Send + 'static,
{
    type Response = S::Response;
    type Error = S::Error;
    type Future = Pin<Box<dyn Future<Output = Result<S::Response, S::Error>> + Send>>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.connect().poll_ready(context)
    }

    fn call(&mut self, to: To) -> Self::Future {
        let departure = self.door.swap(None);
        let connected = self.connect().call(to);
        let (door, began) = (self.door.clone(), Instant::now());
        Box::pin(async move {
            let connected = connected.await;
            if connected.is_ok() {
                door.0.distance.connected(began.elapsed());
            }
            drop(departure);
            connected
        })
    }
}
