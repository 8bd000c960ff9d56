//! The wire itself: one HTTP client for one account, and the only file that knows `reqwest`.
//!
//! It sends a call once and brings back the whole answer or the reason why there is none. It follows nothing, inflates
//! nothing, remembers no cookies and sends nothing twice. No error text holds a URL, and the credential is struck out of
//! whatever comes back.
//!
//! A proxy that the environment names is `reqwest`'s business; where there is none, requests go straight.

use std::fmt;
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use http::header::{AUTHORIZATION, HOST, HeaderMap, HeaderName, HeaderValue, USER_AGENT};
use http::{Method, Request};
use reqwest::{redirect, retry};
use thiserror::Error;

use super::Wire;
use super::broken::{Broken, read};
use super::departure::Departure;
use super::door::Door;
use super::letter::Letter;
use super::lost::{Peer, lost};
use super::proxy::{self, Proxied};
use super::secret::Credential;
use super::straight::Straight;
use super::struck::Struck;
use super::target::Base;
use super::timeouts::Timeouts;
use crate::provider::api::{self, Api, AuthScheme};
use crate::provider::call::{Call, headers};
use crate::provider::reply::{Lost, Reply};

/// Why there can be no client: fits after "failed to …".
#[derive(Debug, Error)]
pub enum NoClient {
    /// The base URL is none.
    #[error("use `{0}` as a base URL; write scheme, host and at most a prefix")]
    Base(String),
    /// A header of the provider's file, or the credential, cannot be sent.
    #[error("send the header `{0}`: its name or value cannot stand in a header")]
    Header(String),
    /// This variable of the environment names a proxy that cannot be gone through.
    #[error(
        "go through the proxy that `{0}` names: write `http://host:port`, with special letters of a user or password as in a URL, such as `%40` for `@`"
    )]
    Proxy(&'static str),
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
    /// A client that sends up to `concurrency` requests at once.
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
        let headers = header_map(api, &base, &credential)?;
        // For the whole process; a second client finds it there.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let way = match proxy::named(&base).map_err(NoClient::Proxy)? {
            Proxied::Yes => proxied(concurrency, timeouts),
            Proxied::No => Straight::new(&base, timeouts)
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

    fn letter(&self, call: &Call) -> Result<Letter<'_>, Lost> {
        Ok(Letter {
            method: method(call.method),
            path: self.base.to(&call.target, &self.credential)?,
            server: &self.base.server,
            headers: &self.headers,
            body: Bytes::clone(&call.body),
        })
    }

    async fn exchange(&self, letter: &Letter<'_>, departure: Departure) -> Result<Reply, Broken> {
        match &self.way {
            Way::Straight(straight) => straight.exchange(letter, departure).await,
            Way::Proxied(http, door) => {
                let request = letter.for_client();
                let answered = door.through(departure, Box::pin(through(http, request)));
                let answered = tokio::time::timeout(self.timeouts.whole, answered).await;
                answered.unwrap_or_else(|_| Err(Broken::late()))
            }
        }
    }

    fn lost(&self, broken: &Broken) -> Lost {
        let peer = Peer {
            server: &self.base.place,
            proxied: match self.way {
                Way::Proxied(..) => Proxied::Yes,
                Way::Straight(_) => Proxied::No,
            },
        };
        lost(broken, &peer, self.timeouts, |text| self.struck.text(text))
    }
}

impl Wire for Client {
    async fn send(&self, call: &Call, departure: Departure) -> Result<Reply, Lost> {
        let letter = self.letter(call)?;
        let sent = self.exchange(&letter, departure).await;
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
        .pool_idle_timeout(timeouts.idle)
        .pool_max_idle_per_host(concurrency.max(1));
    let http = builder.build().map_err(|error| {
        let told = Broken::by(&error.without_url(), true);
        NoClient::SetUp(told.causes.join(": "))
    })?;
    Ok(Way::Proxied(http, door))
}

/// Sends a request through a proxy and reads the answer.
async fn through(http: &reqwest::Client, request: Request<Bytes>) -> Result<Reply, Broken> {
    let broken = |error: reqwest::Error| {
        let (connecting, timed_out) = (error.is_connect(), error.is_timeout());
        let told = Broken::by(&error.without_url(), connecting);
        Broken {
            timed_out: timed_out || told.timed_out,
            ..told
        }
    };
    let request = request.try_into().map_err(broken)?;
    let response = http.execute(request).await.map_err(broken)?;
    read(http::Response::from(response)).await
}

fn header_map(api: &Api, base: &Base, credential: &Credential) -> Result<HeaderMap, NoClient> {
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
    map.insert(HOST, base.host.clone());
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
