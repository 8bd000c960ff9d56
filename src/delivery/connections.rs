//! Connections to one server: one that is free is used again, and one is made where there is none.

use std::future::{Future, poll_fn};
use std::pin::{Pin, pin};
use std::sync::atomic::AtomicUsize;
use std::sync::atomic::Ordering::Relaxed;
use std::sync::{Arc, Mutex, Once, OnceLock, PoisonError};
use std::task::Poll;
use std::time::Duration;

use http::{Response, Uri};
use hyper::body::Incoming;
use hyper::client::conn::{http1, http2};
use hyper::rt::Executor;
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::client::legacy::connect::{Connection as _, HttpConnector};
use rustls::{ClientConfig, RootCertStore};
use rustls_platform_verifier::BuilderVerifierExt as _;
use tokio::time::Instant;
use tower_service::Service as _;

use super::broken::{Broken, read};
use super::departure::Distance;
use super::letter::Letter;
use super::pool::{self, Most, Pool, Seen, Speaks};
use super::target::Base;
use super::timeouts::Timeouts;
use crate::provider::reply::Reply;

/// A connection over which nothing came for so long is asked whether it is still there …
const KEEPALIVE: Duration = Duration::from_secs(15);
/// … so often, and then given up.
const PROBES: u32 = 3;

/// So many requests at once, where a server allows several, until it has said how many: it may refuse the others unseen
/// (RFC 9113, 5.1.2).
const UNTIL_TOLD: usize = 1;

/// The connections to a server.
pub(super) struct Connections {
    connector: HttpsConnector<HttpConnector>,
    server: Uri,
    timeouts: Timeouts,
    pool: Arc<Pool>,
    /// Whoever makes a connection for all.
    making: tokio::sync::Mutex<()>,
    swept: Once,
    distance: Distance,
}

/// A connection that carries a request.
pub(super) struct Connection {
    speaks: Speaks,
    used: Used,
}

/// Whether a connection has carried a request before.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Used {
    Yes,
    No,
}

/// Why there is no answer.
pub(super) enum Unanswered {
    /// The connection was closed before it was used again, and nothing of the request left.
    Unsent,
    /// Something else, and the request may have left.
    Broken(Broken),
}

impl Connections {
    /// None yet, to a server.
    ///
    /// # Errors
    ///
    /// Why no server could be trusted, mostly for want of the system's certificates.
    pub(super) fn new(base: &Base, timeouts: Timeouts) -> Result<Self, rustls::Error> {
        let trust = ClientConfig::builder();
        let trust = match base.is_encrypted() {
            true => trust.with_platform_verifier()?,
            // Nobody has to be trusted, and reading the system's certificates takes longer than sending a row.
            false => trust.with_root_certificates(RootCertStore::empty()),
        };
        let mut tcp = HttpConnector::new();
        tcp.enforce_http(false);
        tcp.set_nodelay(true);
        tcp.set_keepalive(Some(KEEPALIVE));
        tcp.set_keepalive_interval(Some(KEEPALIVE));
        tcp.set_keepalive_retries(Some(PROBES));
        // Shared out among a host's addresses, so that one where nobody answers leaves time for the next.
        tcp.set_connect_timeout(Some(timeouts.connect));
        // Nobody asks whether a connection is still there while something sent over it is not confirmed.
        #[cfg(target_os = "linux")]
        tcp.set_tcp_user_timeout(Some(timeouts.whole));
        let connector = HttpsConnectorBuilder::new()
            .with_tls_config(trust.with_no_client_auth())
            .https_or_http()
            .enable_all_versions()
            .wrap_connector(tcp);
        Ok(Self {
            connector,
            server: base.server.clone(),
            timeouts,
            pool: Arc::default(),
            making: tokio::sync::Mutex::default(),
            swept: Once::new(),
            distance: Distance::default(),
        })
    }

    /// A connection that is free now, or else a new one.
    pub(super) async fn take(&self, now: Instant) -> Result<Connection, Broken> {
        let (speaks, used) = match self.pool.take(now, self.timeouts.idle) {
            Seen::Free(speaks) => (speaks, Used::Yes),
            // It is kilobytes long while it lasts, which every request would have to make room for.
            Seen::Full | Seen::None => Box::pin(self.made()).await?,
        };
        Ok(Connection { speaks, used })
    }

    /// Waits for a connection, and makes it where there is none; where one is enough for all, by one only.
    async fn made(&self) -> Result<(Speaks, Used), Broken> {
        loop {
            let room = self.pool.room.notified();
            let turn = match self.pool.is_shared() {
                true => Some(self.making.lock().await),
                false => None,
            };
            match self.pool.take(Instant::now(), self.timeouts.idle) {
                Seen::Free(speaks) => return Ok((speaks, Used::Yes)),
                Seen::None => return Ok((self.connect().await?, Used::No)),
                Seen::Full => {
                    drop(turn);
                    room.await;
                }
            }
        }
    }

    /// Takes back a connection whose request was answered.
    pub(super) fn give_back(&self, connection: Connection) {
        if let Speaks::Http1(one) = connection.speaks {
            self.pool.put(one);
        }
    }

    /// Hears that no answer came in time: a connection that all share may lead nowhere any more.
    pub(super) fn doubt(&self, connection: &Connection) {
        if let Speaks::Http2(stream) = &connection.speaks {
            self.pool.forget(stream);
        }
    }

    /// How long there and back takes at most.
    pub(super) fn distance(&self) -> Duration {
        self.distance.there_and_back()
    }

    async fn connect(&self) -> Result<Speaks, Broken> {
        let (pool, idle) = (Arc::downgrade(&self.pool), self.timeouts.idle);
        self.swept
            .call_once(|| drop(tokio::spawn(pool::sweep(pool, idle))));
        let began = Instant::now();
        let connected = tokio::time::timeout(self.timeouts.connect, self.connected()).await;
        let connected = connected.unwrap_or_else(|_| Err(Broken::late()));
        let connected = connected.map_err(|broken| Broken {
            connecting: true,
            ..broken
        })?;
        self.distance.connected(began.elapsed());
        Ok(connected)
    }

    async fn connected(&self) -> Result<Speaks, Broken> {
        let mut connector = self.connector.clone();
        let told = |error: Box<dyn std::error::Error + Send + Sync>| Broken::by(&*error, true);
        poll_fn(|context| connector.poll_ready(context))
            .await
            .map_err(told)?;
        let stream = connector.call(self.server.clone()).await.map_err(told)?;
        let told = |error| Broken::by(&error, true);
        if !stream.connected().is_negotiated_h2() {
            let (one, carried) = http1::Builder::new()
                .writev(false)
                .handshake(stream)
                .await
                .map_err(told)?;
            // It ends by itself when nobody sends over it any more.
            tokio::spawn(carried);
            return Ok(Speaks::Http1(one));
        }
        let carriers = Carriers::default();
        let made = http2::Builder::new(carriers.clone())
            .initial_max_send_streams(UNTIL_TOLD)
            .handshake(stream);
        let (shared, carried) = made.await.map_err(told)?;
        // Only what carries it knows how many requests the server allows.
        let carried = Arc::new(Mutex::new(Some(carried)));
        let carrying = Arc::clone(&carried);
        tokio::spawn(poll_fn(move |context| {
            let mut carried = carrying.lock().unwrap_or_else(PoisonError::into_inner);
            let polled = carried.as_mut().map(|own| Pin::new(own).poll(context));
            match polled {
                Some(Poll::Pending) => Poll::Pending,
                Some(Poll::Ready(_)) | None => {
                    *carried = None;
                    Poll::Ready(())
                }
            }
        }));
        let most: Most = Arc::new(move || {
            let carried = carried.lock().unwrap_or_else(PoisonError::into_inner);
            carried
                .as_ref()
                .map_or(0, |own| own.current_max_send_streams())
        });
        let (asked, pool) = (Arc::downgrade(&most), Arc::downgrade(&self.pool));
        let allowed = AtomicUsize::new(UNTIL_TOLD);
        carriers.tell(move || {
            let now = asked.upgrade().map_or(0, |most| most());
            if allowed.swap(now, Relaxed) < now
                && let Some(pool) = pool.upgrade()
            {
                pool.room.notify_waiters();
            }
        });
        Ok(Speaks::Http2(self.pool.share(shared, most)))
    }
}

impl Connection {
    /// Sends a call over it and reads the answer.
    pub(super) async fn answered(&mut self, letter: &Letter<'_>) -> Result<Reply, Unanswered> {
        let response = self.send(letter).await?;
        read(response).await.map_err(Unanswered::Broken)
    }

    async fn send(&mut self, letter: &Letter<'_>) -> Result<Response<Incoming>, Unanswered> {
        let sent = match &mut self.speaks {
            Speaks::Http1(one) => one.try_send_request(letter.over_http1()).await,
            Speaks::Http2(stream) => stream.sender.try_send_request(letter.over_http2()).await,
        };
        sent.map_err(|mut error| match (self.used, error.take_message()) {
            (Used::Yes, Some(_)) => Unanswered::Unsent,
            (_, message) => Unanswered::Broken(Broken::by(error.error(), message.is_some())),
        })
    }
}

/// Starts the tasks that carry one connection which all share.
///
/// The library reads what the server says in a task that wakes none of the others: whoever waits for the server to allow more
/// requests at once has to hear of it from there.
#[derive(Clone, Default)]
struct Carriers {
    told: Arc<OnceLock<Told>>,
}

type Told = Box<dyn Fn() + Send + Sync>;

impl Carriers {
    /// Calls this whenever one of the tasks has gone on. It must not keep the connection alive.
    fn tell(&self, told: impl Fn() + Send + Sync + 'static) {
        let _ = self.told.set(Box::new(told));
    }
}

impl<F> Executor<F> for Carriers
where
    F: Future<Output: Send> + Send + 'static,
{
    fn execute(&self, task: F) {
        let told = Arc::clone(&self.told);
        tokio::spawn(async move {
            let mut task = pin!(task);
            let gone_on = poll_fn(|context| {
                let polled = task.as_mut().poll(context);
                if let Some(told) = told.get() {
                    told();
                }
                polled
            });
            gone_on.await
        });
    }
}
