//! The loopback listener: reads requests off the wire and hands them to the stage.
//!
//! One connection's trouble is that connection's alone: broken HTTP, a client that says nothing or one that sends without
//! end is answered or dropped, and the others go on. Must never listen on anything but 127.0.0.1.

use std::future::Future;
use std::io;
use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use http::{Request, Response};
use http_body_util::{BodyExt as _, Full};
use hyper::body::{Body as _, Bytes, Incoming};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::sync::{Semaphore, oneshot};
use tokio::task::JoinSet;
use tokio::time::{sleep, timeout};

use super::stage::{Asked, BODY_LIMIT, Mischief, Stage, Tally};
use crate::provider::api::{Api, Limit};

/// Connections at a time; more wait to be taken up.
const CONNECTIONS: usize = 1_024;

/// How long a client may take for the head of a request, or say nothing between two. Longer than clients keep an idle
/// connection, so that it is they who close it.
const HEAD_TIME: Duration = Duration::from_secs(120);

/// How long a client may take for a body.
const BODY_TIME: Duration = Duration::from_secs(60);

/// How much of a body that is too long is read all the same, so that its sender gets to read the answer.
const DRAIN: usize = 16 * BODY_LIMIT;

/// A stand-in that listens and does not answer yet.
#[derive(Debug)]
pub struct Sandbox {
    listener: TcpListener,
    address: SocketAddr,
    watch: Watch,
}

/// A look at what a stand-in has done, from anywhere.
#[derive(Debug, Clone)]
pub struct Watch(Arc<Mutex<Stage>>);

impl Watch {
    /// What it has done so far.
    #[must_use]
    pub fn tally(&self) -> Tally {
        self.stage().tally()
    }

    fn stage(&self) -> MutexGuard<'_, Stage> {
        // No lock is held across anything that waits, and a stage is whole after every step.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Sandbox {
    /// Listens on 127.0.0.1; port 0 is any that is free.
    ///
    /// # Errors
    ///
    /// The port is taken or may not be used, or the provider's file says an answer that HTTP cannot carry.
    pub fn bind(api: Arc<Api>, port: u16) -> io::Result<Self> {
        let stage = Stage::new(api)?;
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port))?;
        listener.set_nonblocking(true)?;
        Ok(Self {
            address: listener.local_addr()?,
            listener,
            watch: Watch(Arc::new(Mutex::new(stage))),
        })
    }

    /// Where it listens.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// A look at what it does, to be kept while it serves.
    #[must_use]
    pub fn watch(&self) -> Watch {
        self.watch.clone()
    }

    /// Lets all requests through, however many they are: for whoever has seen the limits kept.
    #[must_use]
    pub fn without_limits(self) -> Self {
        self.with_limits(&[])
    }

    /// Keeps to these limits in place of the file's: for whoever knows better than a guess.
    #[must_use]
    pub fn with_limits(self, limits: &[Limit]) -> Self {
        self.watch.stage().limit(limits);
        self
    }

    /// Loses answers on their way, as a bad line does: what they were about has happened.
    #[must_use]
    pub fn with_mischief(self, mischief: Mischief) -> Self {
        self.watch.stage().lose(mischief);
        self
    }

    /// Answers until told to stop; requests that are on their way then are dropped.
    ///
    /// # Errors
    ///
    /// The listener cannot be used by this runtime, which needs I/O and time.
    pub async fn serve(self, until: impl Future) -> io::Result<()> {
        let listener = tokio::net::TcpListener::from_std(self.listener)?;
        let places = Arc::new(Semaphore::new(CONNECTIONS));
        let mut connections = JoinSet::new();
        let accept = async {
            loop {
                let Ok(place) = Arc::clone(&places).acquire_owned().await else {
                    return;
                };
                let stream = match listener.accept().await {
                    Ok((stream, _)) => stream,
                    Err(error) => {
                        // Out of file descriptors, most likely: others may close theirs in the meantime.
                        tracing::warn!(%error, "failed to take up a connection");
                        sleep(Duration::from_millis(50)).await;
                        continue;
                    }
                };
                let watch = self.watch.clone();
                connections.spawn(async move {
                    connection(stream, watch).await;
                    drop(place);
                });
                while connections.try_join_next().is_some() {}
            }
        };
        tokio::select! {
            _ = until => {}
            () = accept => {}
        }
        connections.shutdown().await;
        Ok(())
    }

    /// Answers on a thread of its own until what is handed back is dropped.
    ///
    /// # Errors
    ///
    /// The thread cannot be started.
    pub fn beside(self) -> io::Result<Beside> {
        let (address, watch) = (self.address(), self.watch());
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_io()
            .enable_time()
            .build()?;
        let (stop, stopped) = oneshot::channel();
        let thread = std::thread::Builder::new()
            .name("sandbox".to_owned())
            .spawn(move || {
                if let Err(error) = runtime.block_on(self.serve(stopped)) {
                    tracing::error!(%error, "the stand-in failed to listen");
                }
            })?;
        Ok(Beside {
            address,
            watch,
            stop: Some(stop),
            thread: Some(thread),
        })
    }
}

async fn connection(stream: tokio::net::TcpStream, watch: Watch) {
    // Small answers should leave at once; where that cannot be had they leave a little later.
    let _ = stream.set_nodelay(true);
    let service = service_fn(move |request| answer(request, watch.clone()));
    let served = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEAD_TIME)
        .half_close(true)
        .serve_connection(TokioIo::new(stream), service)
        .await;
    if let Err(error) = served {
        tracing::debug!(%error, "a connection ended early");
    }
}

/// An answer that was lost on its way: the connection ends without it.
#[derive(Debug, thiserror::Error)]
#[error("the answer was lost on purpose")]
struct Lost;

async fn answer(request: Request<Incoming>, watch: Watch) -> Result<Response<Full<Bytes>>, Lost> {
    let (head, body) = request.into_parts();
    let body = timeout(BODY_TIME, read(body)).await.ok().flatten();
    let asked = Asked {
        method: &head.method,
        path: head.uri.path(),
        query: head.uri.query().unwrap_or_default(),
        headers: &head.headers,
        body: body.as_deref(),
    };
    let response = watch.stage().answer(&asked, Instant::now()).ok_or(Lost)?;
    tracing::debug!(method = %head.method, path = head.uri.path(), status = response.status().as_u16(), "answered");
    Ok(response)
}

/// The whole body, or nothing where it is too long or breaks off.
async fn read(mut body: Incoming) -> Option<Vec<u8>> {
    let mut whole = Vec::new();
    let mut length = 0;
    while !body.is_end_stream() {
        let Some(frame) = body.frame().await else {
            break;
        };
        let data = frame.ok()?.into_data().unwrap_or_default();
        length += data.len();
        match length {
            0..=BODY_LIMIT => whole.extend_from_slice(&data),
            _ if length > DRAIN => return None,
            _ => whole = Vec::new(),
        }
    }
    (length <= BODY_LIMIT).then_some(whole)
}

/// A stand-in that answers on a thread of its own, beside whatever this thread does. It stops when dropped.
#[derive(Debug)]
pub struct Beside {
    address: SocketAddr,
    watch: Watch,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

/// Starts a stand-in beside this thread, on any port that is free.
///
/// # Errors
///
/// As [`Sandbox::bind`]; or the thread cannot be started.
pub fn beside(api: Arc<Api>) -> io::Result<Beside> {
    Sandbox::bind(api, 0)?.beside()
}

impl Beside {
    /// Where it listens.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// A look at what it does.
    #[must_use]
    pub fn watch(&self) -> Watch {
        self.watch.clone()
    }
}

impl Drop for Beside {
    fn drop(&mut self) {
        drop(self.stop.take());
        if let Some(thread) = self.thread.take()
            && thread.join().is_err()
        {
            tracing::error!("the stand-in broke down");
        }
    }
}
