//! When a request really leaves: at once over a connection that is there, or when the one opened for it is ready.
//!
//! A turn is not yet a departure. Before the first request over a connection come a look-up of the name, the connection and
//! the handshake, which take a tenth of a second and more to a server far away; requests over connections that are there
//! would overtake it, and the server would see more in one window than it allows. So a place is held from the turn on, and
//! the window runs from the departure.

use std::future::poll_fn;
use std::pin::{Pin, pin};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};
use std::task::{Context, Poll};
use std::time::Duration;

use tokio::time::Instant;
use tower_layer::Layer;
use tower_service::Service;

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

/// Sees which requests wait for a connection of their own.
///
/// A client that has none free begins to connect in the very call in which it is handed the request, so the departure lies
/// here for that long: whoever connects takes it along, and what nobody took has left.
#[derive(Debug, Clone, Default)]
pub(super) struct Door(Arc<Mutex<Passage>>);

#[derive(Debug, Default)]
struct Passage {
    departure: Option<Departure>,
    /// What the quickest connection took.
    quickest: Option<Duration>,
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
        std::mem::replace(&mut self.here().departure, departure)
    }

    /// How long there and back takes at most: a connection takes that once, and mostly more often.
    pub(super) fn distance(&self) -> Duration {
        self.here().quickest.unwrap_or_default()
    }

    fn connected(&self, took: Duration) {
        let quickest = &mut self.here().quickest;
        *quickest = Some(quickest.map_or(took, |own| own.min(took)));
    }

    fn here(&self) -> MutexGuard<'_, Passage> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
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
                door.connected(began.elapsed());
            }
            drop(departure);
            connected
        })
    }
}
