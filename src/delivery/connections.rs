//! Connections to one server: a free one is used again, and one is made where there is none.
//!
//! With HTTP/1 a connection carries one request at a time, with HTTP/2 one carries them all.

use std::collections::VecDeque;
use std::future::poll_fn;
use std::sync::{Arc, Mutex, MutexGuard, Once, PoisonError, Weak};
use std::time::Duration;

use bytes::Bytes;
use http::header::{HOST, HeaderValue};
use http::{Request, Response, Uri};
use http_body_util::Full;
use hyper::body::Incoming;
use hyper::client::conn::{TrySendError, http1, http2};
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::client::legacy::connect::{Connection as _, HttpConnector};
use hyper_util::rt::TokioExecutor;
use rustls::{ClientConfig, RootCertStore};
use rustls_platform_verifier::BuilderVerifierExt as _;
use tokio::time::Instant;
use tower_service::Service as _;

use super::broken::Broken;
use super::departure::Distance;
use super::target::Base;
use super::timeouts::Timeouts;

/// A connection over which nothing came for so long is asked whether it is still there …
const KEEPALIVE: Duration = Duration::from_secs(15);
/// … so often, and then given up.
const PROBES: u32 = 3;

/// So often it is looked for connections that are free for too long.
const SWEPT_EVERY: Duration = Duration::from_secs(1);

/// The connections to a server.
pub(super) struct Connections {
    connector: HttpsConnector<HttpConnector>,
    server: Uri,
    host: HeaderValue,
    timeouts: Timeouts,
    free: Arc<Mutex<Free>>,
    swept: Once,
    distance: Distance,
}

/// Those that a request may be sent over.
#[derive(Default)]
struct Free {
    /// With HTTP/1: each with when it became free, the one that was used last at the end.
    one_by_one: VecDeque<(OneByOne, Instant)>,
    /// With HTTP/2, and when it was taken last.
    shared: Option<(Shared, Instant)>,
}

type Body = Full<Bytes>;
type OneByOne = http1::SendRequest<Body>;
type Shared = http2::SendRequest<Body>;

/// A connection that carries a request.
pub(super) struct Connection {
    speaks: Speaks,
    /// As `Host` has it.
    host: HeaderValue,
    used: Used,
}

enum Speaks {
    Http1(OneByOne),
    Http2(Shared),
}

/// Whether a connection has carried a request before.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Used {
    Yes,
    No,
}

/// Why there is no response.
pub(super) enum Unsent {
    /// The connection was closed before it was used again: the request is still here, whole.
    Whole(Box<Request<Body>>),
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
            host: base.host.clone(),
            timeouts,
            free: Arc::default(),
            swept: Once::new(),
            distance: Distance::default(),
        })
    }

    /// A connection that is free, or else a new one.
    pub(super) async fn take(&self) -> Result<Connection, Broken> {
        let free = self.free().take(self.timeouts.idle);
        let (speaks, used) = match free {
            Some(free) => (free, Used::Yes),
            // It is kilobytes long while it lasts, which every request would have to make room for.
            None => (Box::pin(self.connect()).await?, Used::No),
        };
        Ok(Connection {
            speaks,
            host: self.host.clone(),
            used,
        })
    }

    /// Takes back a connection whose request was answered.
    pub(super) fn give_back(&self, connection: Connection) {
        if let Speaks::Http1(one) = connection.speaks {
            self.free().one_by_one.push_back((one, Instant::now()));
        }
    }

    /// Lets the connection that all share go: whoever still waits for an answer keeps it, and the next one makes another.
    pub(super) fn forget_shared(&self) {
        self.free().shared = None;
    }

    /// How long there and back takes at most.
    pub(super) fn distance(&self) -> Duration {
        self.distance.there_and_back()
    }

    async fn connect(&self) -> Result<Speaks, Broken> {
        let began = Instant::now();
        let (free, idle) = (Arc::downgrade(&self.free), self.timeouts.idle);
        self.swept
            .call_once(|| drop(tokio::spawn(sweep(free, idle))));
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
            let (one, carried) = http1::handshake(stream).await.map_err(told)?;
            // It ends by itself when nobody sends over it any more.
            tokio::spawn(carried);
            return Ok(Speaks::Http1(one));
        }
        let made = http2::handshake(TokioExecutor::new(), stream).await;
        let (shared, carried) = made.map_err(told)?;
        tokio::spawn(carried);
        self.free().shared = Some((shared.clone(), Instant::now()));
        Ok(Speaks::Http2(shared))
    }

    fn free(&self) -> MutexGuard<'_, Free> {
        locked(&self.free)
    }
}

fn locked(free: &Mutex<Free>) -> MutexGuard<'_, Free> {
    free.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Closes connections that were free for too long, as long as anybody has them.
///
/// That something is always about to be done soon has another good: where nothing is, the runtime wakes itself up for every
/// request, by a call to the system, because each is given up at a time that is then the next one.
async fn sweep(free: Weak<Mutex<Free>>, idle: Duration) {
    loop {
        tokio::time::sleep(SWEPT_EVERY).await;
        let Some(free) = free.upgrade() else { return };
        locked(&free).sweep(idle);
    }
}

impl Free {
    fn take(&mut self, idle: Duration) -> Option<Speaks> {
        if let Some((shared, since)) = &mut self.shared {
            if !shared.is_closed() && since.elapsed() < idle {
                *since = Instant::now();
                return Some(Speaks::Http2(shared.clone()));
            }
            self.shared = None;
        }
        // One that is still busy with the rest of an answer stays.
        let ready = |(one, _): &(OneByOne, Instant)| one.is_ready();
        let at = self.one_by_one.iter().rposition(ready)?;
        let (one, since) = self.one_by_one.remove(at)?;
        if since.elapsed() < idle {
            return Some(Speaks::Http1(one));
        }
        // The server may be about to close it, and the others are free for longer.
        self.one_by_one.clear();
        None
    }

    fn sweep(&mut self, idle: Duration) {
        let young = |since: &Instant| since.elapsed() < idle;
        self.one_by_one
            .retain(|(one, since)| !one.is_closed() && young(since));
        self.shared.take_if(|(_, since)| !young(since));
    }
}

impl Connection {
    /// Sends a request over it and brings the beginning of the answer.
    pub(super) async fn send(
        &mut self,
        mut request: Request<Body>,
    ) -> Result<Response<Incoming>, Unsent> {
        match &mut self.speaks {
            Speaks::Http1(one) => {
                request.headers_mut().insert(HOST, self.host.clone());
                let path = request.uri().path_and_query().cloned();
                let path = path.map(Uri::from).unwrap_or_default();
                let whole = std::mem::replace(request.uri_mut(), path);
                let sent = one.try_send_request(request).await;
                sent.map_err(|error| self.unsent(error, |own| *own.uri_mut() = whole))
            }
            Speaks::Http2(shared) => {
                let sent = shared.try_send_request(request).await;
                sent.map_err(|error| self.unsent(error, |_| ()))
            }
        }
    }

    fn unsent(
        &self,
        mut error: TrySendError<Request<Body>>,
        restore: impl FnOnce(&mut Request<Body>),
    ) -> Unsent {
        match (self.used, error.take_message()) {
            (Used::Yes, Some(mut request)) => {
                restore(&mut request);
                Unsent::Whole(Box::new(request))
            }
            (_, message) => Unsent::Broken(Broken::by(error.error(), message.is_some())),
        }
    }
}
