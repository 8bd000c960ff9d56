//! The wire itself: one HTTP client for one account, and the only file that knows `reqwest`.
//!
//! It sends a call once and brings back the whole answer or the reason why there is none. It follows nothing, inflates
//! nothing, remembers no cookies and tries nothing again. No error text holds a URL, and the credential is struck out of
//! whatever comes back.
//!
//! A proxy that the environment names is `reqwest`'s business; where there is none, requests go straight.

use std::fmt;
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use http::header::{AUTHORIZATION, HeaderMap, HeaderName, HeaderValue, USER_AGENT};
use http::{Method, Request, Uri};
use hyper_util::client::proxy::matcher::Matcher;
use reqwest::{redirect, retry};
use thiserror::Error;

use super::Wire;
use super::broken::{Broken, read};
use super::departure::Departure;
use super::door::Door;
use super::secret::Credential;
use super::straight::Straight;
use super::struck::Struck;
use super::target::Base;
use crate::provider::api::{self, Api, AuthScheme};
use crate::provider::call::{Call, headers};
use crate::provider::reply::{Lost, Reply};

/// How long things may take.
#[derive(Debug, Clone, Copy)]
pub struct Timeouts {
    /// Until there is a connection, name lookup and handshake included.
    pub connect: Duration,
    /// A whole attempt, the answer's last byte included.
    pub whole: Duration,
    /// How long an idle connection is kept: shorter than servers keep theirs, so that none closes as we send.
    pub idle: Duration,
}

impl Default for Timeouts {
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(10),
            whole: Duration::from_secs(30),
            idle: Duration::from_secs(4),
        }
    }
}

/// Why there can be no client: fits after "failed to …".
#[derive(Debug, Error)]
pub enum NoClient {
    /// The base URL is none.
    #[error("use `{0}` as a base URL; write scheme, host and at most a prefix")]
    Base(String),
    /// A header of the provider's file, or the credential, cannot be sent.
    #[error("send the header `{0}`: its name or value cannot stand in a header")]
    Header(String),
    /// The HTTP client could not be set up, mostly for want of the system's certificates.
    #[error("set up the connection: {0}")]
    SetUp(String),
}

/// The client of one account.
pub struct Client {
    way: Way,
    base: Base,
    headers: HeaderMap,
    timeouts: Timeouts,
    credential: Credential,
    struck: Struck,
}

/// How requests get to the server.
enum Way {
    Straight(Box<Straight>),
    Proxied(reqwest::Client, Door),
}

impl Client {
    /// A client that keeps up to `concurrency` connections.
    ///
    /// # Errors
    ///
    /// What cannot be sent, or why there are no connections.
    pub fn new(
        api: &Api,
        base: &str,
        credential: Credential,
        concurrency: usize,
        timeouts: Timeouts,
    ) -> Result<Self, NoClient> {
        let unusable = || NoClient::Base(base.to_owned());
        let base = Base::of(base).ok_or_else(unusable)?;
        if !base.is_encrypted() && !base.loopback {
            return Err(unusable());
        }
        let headers = header_map(api, &credential)?;
        // For the whole process; a second client finds it there.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let way = match names_a_proxy(&base) {
            true => proxied(concurrency, timeouts),
            false => Straight::new(&base, timeouts)
                .map(|straight| Way::Straight(Box::new(straight)))
                .map_err(|error| NoClient::SetUp(error.to_string())),
        };
        Ok(Self {
            way: way?,
            struck: Struck::of(&credential),
            base,
            headers,
            timeouts,
            credential,
        })
    }

    fn request(&self, call: &Call) -> Result<Request<Bytes>, Lost> {
        let mut request = Request::new(Bytes::clone(&call.body));
        *request.uri_mut() = self.base.to(&call.target, &self.credential)?;
        *request.method_mut() = method(call.method);
        request.headers_mut().clone_from(&self.headers);
        Ok(request)
    }

    async fn exchange(
        &self,
        request: Request<Bytes>,
        departure: Departure,
    ) -> Result<Reply, Broken> {
        match &self.way {
            Way::Straight(straight) => straight.exchange(request, departure).await,
            Way::Proxied(http, door) => {
                let broken = |error: reqwest::Error| {
                    let (connecting, timed_out) = (error.is_connect(), error.is_timeout());
                    let told = Broken::by(&error.without_url(), connecting);
                    Broken {
                        timed_out: timed_out || told.timed_out,
                        ..told
                    }
                };
                let request = request.try_into().map_err(broken)?;
                let sent = Box::pin(door.through(departure, http.execute(request)));
                let response = sent.await;
                let response = response.map_err(broken)?;
                read(http::Response::from(response)).await
            }
        }
    }

    fn lost(&self, broken: &Broken) -> Lost {
        let proxy = match self.way {
            Way::Proxied(..) => " (or by the proxy that the environment names)",
            Way::Straight(_) => "",
        };
        let server = &self.base.place;
        let place = format!("{server}{proxy}");
        let last = broken
            .causes
            .last()
            .map_or("no reason given", String::as_str);
        let last = uncapitalised(&self.struck.text(last));
        if broken.connecting && is_about_trust(broken) {
            return Lost::NotTrusted(format!("no secure connection to {server}: {last}"));
        }
        if broken.connecting || is_refused_stream(broken) {
            return Lost::NotSent(match broken.timed_out {
                true => {
                    let seconds = self.timeouts.connect.as_secs_f32();
                    format!("no connection to {place} within {seconds} s")
                }
                false if is_about_names(broken) => {
                    format!("no address found for {server}: {last}")
                }
                false if broken.refused => format!("connection refused by {place}"),
                false => format!("no connection to {place}: {last}"),
            });
        }
        Lost::NoAnswer(match broken.timed_out {
            true => {
                let seconds = self.timeouts.whole.as_secs_f32();
                format!("no whole answer from {server} within {seconds} s")
            }
            false => format!("the answer from {server} broke off: {last}"),
        })
    }
}

impl Wire for Client {
    async fn send(&self, call: &Call, departure: Departure) -> Result<Reply, Lost> {
        let request = self.request(call)?;
        let sent = self.exchange(request, departure).await;
        let mut reply = sent.map_err(|broken| self.lost(&broken))?;
        self.struck.strike(&mut reply);
        Ok(reply)
    }

    fn distance(&self) -> Duration {
        match &self.way {
            Way::Straight(straight) => straight.distance(),
            Way::Proxied(_, door) => door.distance(),
        }
    }
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Client")
            .field("base", &self.base.as_str())
            .finish_non_exhaustive()
    }
}

/// A client that goes by the proxies which the environment names.
fn proxied(concurrency: usize, timeouts: Timeouts) -> Result<Way, NoClient> {
    let door = Door::default();
    let builder = reqwest::Client::builder()
        .connector_layer(door.clone())
        .redirect(redirect::Policy::none())
        .referer(false)
        // The pace counts what leaves, so nothing may leave a second time behind its back.
        .retry(retry::never().max_retries_per_request(0))
        .https_only(true)
        .tcp_nodelay(true)
        .connect_timeout(timeouts.connect)
        .timeout(timeouts.whole)
        .pool_idle_timeout(timeouts.idle)
        .pool_max_idle_per_host(concurrency.max(1));
    let http = builder.build().map_err(|error| {
        let told = Broken::by(&error.without_url(), true);
        NoClient::SetUp(told.causes.join(": "))
    })?;
    Ok(Way::Proxied(http, door))
}

fn header_map(api: &Api, credential: &Credential) -> Result<HeaderMap, NoClient> {
    let mut map = HeaderMap::new();
    let mut put = |name: &str, value: &str, secret: Secret| -> Result<(), NoClient> {
        let wrong = || NoClient::Header(name.to_owned());
        let key = HeaderName::try_from(name).map_err(|_| wrong())?;
        let mut value = HeaderValue::try_from(value).map_err(|_| wrong())?;
        value.set_sensitive(secret == Secret::Yes);
        map.insert(key, value);
        Ok(())
    };
    let user_agent = concat!("contact-sync/", env!("CARGO_PKG_VERSION"));
    put(USER_AGENT.as_str(), user_agent, Secret::No)?;
    for (name, value) in headers(api) {
        put(&name, &value, Secret::No)?;
    }
    let values: Vec<&str> = credential.values().collect();
    let joined = values.join(":");
    match credential.scheme {
        AuthScheme::Bearer => put(
            AUTHORIZATION.as_str(),
            &format!("Bearer {joined}"),
            Secret::Yes,
        )?,
        AuthScheme::Basic => put(
            AUTHORIZATION.as_str(),
            &format!("Basic {}", STANDARD.encode(joined)),
            Secret::Yes,
        )?,
        AuthScheme::Header => put(&credential.name, &joined, Secret::Yes)?,
        AuthScheme::Query => {}
    }
    Ok(map)
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Secret {
    Yes,
    No,
}

fn method(method: api::Method) -> Method {
    match method {
        api::Method::Get => Method::GET,
        api::Method::Post => Method::POST,
        api::Method::Put => Method::PUT,
        api::Method::Patch => Method::PATCH,
        api::Method::Delete => Method::DELETE,
    }
}

/// Whether the environment names a proxy for what goes there. One elsewhere cannot reach this machine's own loopback.
fn names_a_proxy(base: &Base) -> bool {
    let uri = base.as_str().parse::<Uri>();
    !base.loopback && uri.is_ok_and(|uri| Matcher::from_env().intercept(&uri).is_some())
}

/// As a fragment starts; names further on stay readable.
fn uncapitalised(text: &str) -> String {
    let mut chars = text.chars();
    let first = chars.next().map(char::to_lowercase);
    first.into_iter().flatten().chain(chars).collect()
}

/// The words of `rustls` for a peer that cannot be trusted; its errors cannot be told apart by type from here.
fn is_about_trust(broken: &Broken) -> bool {
    broken.causes.iter().any(|cause| {
        let cause = cause.to_lowercase();
        [
            "certificate",
            "fatal alert",
            "corrupt message",
            "peer is incompatible",
            "peer misbehaved",
            "inappropriate",
        ]
        .iter()
        .any(|words| cause.contains(words))
    })
}

/// The client's words for a name that leads nowhere.
fn is_about_names(broken: &Broken) -> bool {
    broken.says("dns error")
}

/// With HTTP/2 a server can say that it never looked at a request.
fn is_refused_stream(broken: &Broken) -> bool {
    broken.says("refused stream before processing any application logic")
}
