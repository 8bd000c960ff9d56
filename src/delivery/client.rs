//! The wire itself: one HTTP client for one account, and the only file that knows `reqwest`.
//!
//! It sends a call once and brings back the whole answer or the reason why there is none. It follows nothing, inflates
//! nothing, remembers no cookies and tries nothing again. No error text holds a URL, and the credential is struck out of
//! whatever comes back, because servers like to repeat it.

use std::fmt;
use std::io;
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use http::header::{AUTHORIZATION, HeaderMap, HeaderName, HeaderValue};
use memchr::memmem::Finder;
use reqwest::{Method, Request, Url, redirect, retry};
use thiserror::Error;
use url::Host;

use super::Wire;
use super::departure::{Departure, Door};
use super::secret::Credential;
use crate::provider::api::{self, Api, AuthScheme};
use crate::provider::call::{Call, SECRET, headers};
use crate::provider::reply::{BODY_LIMIT, Lost, Reply};

/// A text shorter than this is not struck out of answers: it would be found everywhere.
const SHORTEST_SECRET: usize = 8;

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
    http: reqwest::Client,
    door: Door,
    base: Url,
    /// What people are told we talked to: host and port.
    place: String,
    proxied: bool,
    timeouts: Timeouts,
    credential: Credential,
    /// Every form in which the credential could come back, ready to be looked for.
    secrets: Vec<Finder<'static>>,
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
        let base = Url::parse(base.trim_end_matches('/')).map_err(|_| unusable())?;
        let host = base.host().ok_or_else(unusable)?;
        let loopback = is_loopback(&host);
        let place = match base.port() {
            Some(port) => format!("{host}:{port}"),
            None => host.to_string(),
        };
        // For the whole process; a second client finds it there.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let door = Door::default();
        let builder = reqwest::Client::builder()
            .connector_layer(door.clone())
            .default_headers(header_map(api, &credential)?)
            .user_agent(concat!("contact-sync/", env!("CARGO_PKG_VERSION")))
            .redirect(redirect::Policy::none())
            .referer(false)
            // The pace counts what leaves, so nothing may leave a second time behind its back.
            .retry(retry::never().max_retries_per_request(0))
            .https_only(!loopback)
            .tcp_nodelay(true)
            .connect_timeout(timeouts.connect)
            .timeout(timeouts.whole)
            .pool_idle_timeout(timeouts.idle)
            .pool_max_idle_per_host(concurrency.max(1));
        // A proxy elsewhere cannot reach this machine's own loopback.
        let builder = match loopback {
            true => builder.no_proxy(),
            false => builder,
        };
        let http = builder
            .build()
            .map_err(|error| NoClient::SetUp(causes(&error.without_url()).join(": ")))?;
        Ok(Self {
            http,
            door,
            proxied: !loopback && names_a_proxy(),
            secrets: forms(&credential),
            base,
            place,
            timeouts,
            credential,
        })
    }

    fn request(&self, call: &Call) -> Result<Request, Lost> {
        let (path, query) = match call.target.split_once('?') {
            Some((path, query)) => (path, Some(query)),
            None => (call.target.as_str(), None),
        };
        let own = self.base.path().trim_end_matches('/');
        // Only the path is parsed: host and scheme are the base's own.
        let mut url = self.base.clone();
        match own {
            "" => url.set_path(path),
            own => url.set_path(&format!("{own}{path}")),
        }
        url.set_query(query);
        // A URL's parser resolves `..`; a path that it changed would reach another contact.
        if !path.starts_with('/') || url.path().strip_prefix(own) != Some(path) {
            return Err(Lost::NotTrusted(format!(
                "`{path}` would reach another path; nothing was sent"
            )));
        }
        if self.credential.scheme == AuthScheme::Query {
            let mut query = url.query_pairs_mut();
            for value in self.credential.values() {
                query.append_pair(&self.credential.name, value);
            }
        }
        let mut request = Request::new(method(call.method), url);
        if !call.body.is_empty() {
            *request.body_mut() = Some(Bytes::clone(&call.body).into());
        }
        Ok(request)
    }

    async fn exchange(&self, request: Request) -> Result<Reply, reqwest::Error> {
        let mut response = self.http.execute(request).await?;
        let status = response.status().as_u16();
        let headers = std::mem::take(response.headers_mut());
        let mut body = Vec::new();
        while let Some(chunk) = response.chunk().await? {
            // One byte more than is allowed shows that it was too much.
            let room = (BODY_LIMIT + 1).saturating_sub(body.len());
            body.extend_from_slice(&chunk[..chunk.len().min(room)]);
            if body.len() > BODY_LIMIT {
                break;
            }
        }
        Ok(Reply {
            status,
            headers,
            body,
        })
    }

    fn lost(&self, error: reqwest::Error) -> Lost {
        let error = error.without_url();
        let causes = causes(&error);
        let proxy = match self.proxied {
            true => " (or by the proxy that the environment names)",
            false => "",
        };
        let place = format!("{}{proxy}", self.place);
        let last = causes.last().map_or("no reason given", String::as_str);
        let last = uncapitalised(&self.strike(last));
        if causes.iter().any(|cause| is_about_trust(cause)) && error.is_connect() {
            return Lost::NotTrusted(format!("no secure connection to {}: {last}", self.place));
        }
        if error.is_connect() || is_refused_stream(&causes) {
            return Lost::NotSent(match (error.is_timeout(), error.is_dns()) {
                (true, _) => {
                    let seconds = self.timeouts.connect.as_secs_f32();
                    format!("no connection to {place} within {seconds} s")
                }
                (_, true) => format!("no address found for {}: {last}", self.place),
                _ if is_refusal(&error) => format!("connection refused by {place}"),
                _ => format!("no connection to {place}: {last}"),
            });
        }
        Lost::NoAnswer(match error.is_timeout() {
            true => {
                let seconds = self.timeouts.whole.as_secs_f32();
                format!("no whole answer from {} within {seconds} s", self.place)
            }
            false => format!("the answer from {} broke off: {last}", self.place),
        })
    }

    fn strike(&self, text: &str) -> String {
        let secrets = self.secrets.iter();
        secrets.fold(text.to_owned(), |text, own| without(own, text.as_bytes()))
    }

    fn strike_reply(&self, reply: &mut Reply) {
        for secret in &self.secrets {
            if secret.find(&reply.body).is_some() {
                reply.body = without(secret, &reply.body).into_bytes();
            }
            let least = secret.needle().len();
            for value in reply.headers.values_mut().filter(|own| own.len() >= least) {
                if secret.find(value.as_bytes()).is_some() {
                    *value = HeaderValue::try_from(without(secret, value.as_bytes()))
                        .unwrap_or(HeaderValue::from_static(SECRET));
                }
            }
        }
    }
}

impl Wire for Client {
    async fn send(&self, call: &Call, departure: Departure) -> Result<Reply, Lost> {
        let request = self.request(call)?;
        let sent = self.door.through(departure, self.exchange(request));
        let mut reply = sent.await.map_err(|error| self.lost(error))?;
        self.strike_reply(&mut reply);
        Ok(reply)
    }

    fn distance(&self) -> Duration {
        self.door.distance()
    }
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Client")
            .field("base", &self.base.as_str())
            .finish_non_exhaustive()
    }
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

/// A text in which [`SECRET`] stands for a secret.
fn without(secret: &Finder<'_>, text: &[u8]) -> String {
    let text = String::from_utf8_lossy(text);
    // The secret was text before it was made ready to be looked for.
    match std::str::from_utf8(secret.needle()) {
        Ok(secret) => text.replace(secret, SECRET),
        Err(_) => SECRET.to_owned(),
    }
}

/// The credential as it is, as a URL holds it and as `Basic` holds it. A user name is no secret.
fn forms(credential: &Credential) -> Vec<Finder<'static>> {
    let values: Vec<&str> = credential.values().collect();
    let mut forms: Vec<String> = Vec::new();
    if let Some(secret) = values.last() {
        forms.push((*secret).to_owned());
        forms.push(url::form_urlencoded::byte_serialize(secret.as_bytes()).collect());
        forms.push(
            percent_encoding::utf8_percent_encode(secret, percent_encoding::NON_ALPHANUMERIC)
                .to_string(),
        );
        forms.push(STANDARD.encode(secret));
        forms.push(STANDARD.encode(values.join(":")));
    }
    forms.retain(|form| form.len() >= SHORTEST_SECRET);
    // The longest first, so that no part of one is left over.
    forms.sort_by_key(|form| std::cmp::Reverse(form.len()));
    forms.dedup();
    forms
        .iter()
        .map(|form| Finder::new(form).into_owned())
        .collect()
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

fn is_loopback(host: &Host<&str>) -> bool {
    match host {
        Host::Domain(name) => *name == "localhost",
        Host::Ipv4(address) => address.is_loopback(),
        Host::Ipv6(address) => address.is_loopback(),
    }
}

fn names_a_proxy() -> bool {
    ["HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"]
        .iter()
        .any(|name| std::env::var_os(name).is_some_and(|value| !value.is_empty()))
}

/// An error and what caused it, each in its own words.
fn causes(error: &dyn std::error::Error) -> Vec<String> {
    let chain = std::iter::successors(Some(error), |error| error.source());
    chain.map(ToString::to_string).collect()
}

/// As a fragment starts; names further on stay readable.
fn uncapitalised(text: &str) -> String {
    let mut chars = text.chars();
    let first = chars.next().map(char::to_lowercase);
    first.into_iter().flatten().chain(chars).collect()
}

fn is_refusal(error: &reqwest::Error) -> bool {
    let chain = std::iter::successors(Some(error as &dyn std::error::Error), |e| e.source());
    chain
        .filter_map(|cause| cause.downcast_ref::<io::Error>())
        .any(|cause| cause.kind() == io::ErrorKind::ConnectionRefused)
}

/// The words of `rustls` for a peer that cannot be trusted; its errors cannot be told apart by type from here.
fn is_about_trust(cause: &str) -> bool {
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
}

/// With HTTP/2 a server can say that it never looked at a request.
fn is_refused_stream(causes: &[String]) -> bool {
    let words = "refused stream before processing any application logic";
    causes.iter().any(|cause| cause.contains(words))
}
