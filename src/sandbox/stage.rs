//! The play itself: a request goes in, the provider's answer comes out.
//!
//! Checks stand in the order in which the providers make them: credential, limit, fixed headers, path, id, body. One
//! more call of a provider is one more [`Act`] and one more line in [`routes`]. Knows no socket and reads no clock.

use std::io;
use std::sync::Arc;
use std::time::Instant;

use http::{HeaderMap, HeaderName, HeaderValue, Method, Response};
use http_body_util::Full;
use hyper::body::Bytes;
use percent_encoding::percent_decode_str;
use serde_json::{Map, Value};

use super::account::{contact_id, shown_id};
use super::check::{Fault, check, unknown};
use super::door::{shows_credential, wrong_header};
use super::says::{Answers, Filling};
use super::shape::Shape;
use super::store::{Store, shown};
use super::window::Window;
use crate::provider::api::{Api, CallSpec};
use crate::provider::stand_in::When;
use crate::provider::template::Template;

/// No body of a change is longer than this, in bytes.
pub(super) const BODY_LIMIT: usize = 1 << 20;

/// What the stand-in has done so far.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Tally {
    /// Requests that were answered, whatever the answer.
    pub requests: u64,
    /// Changes that were taken.
    pub changes: u64,
    /// Contacts that were changed at least once.
    pub contacts: u64,
    /// Requests that were too many.
    pub throttled: u64,
}

/// A request as it came off the wire.
#[derive(Debug)]
pub(super) struct Asked<'a> {
    pub(super) method: &'a Method,
    pub(super) path: &'a str,
    pub(super) query: &'a str,
    pub(super) headers: &'a HeaderMap,
    /// Nothing where it was longer than [`BODY_LIMIT`].
    pub(super) body: Option<&'a [u8]>,
}

/// What a call does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Act {
    Update,
    Ping,
}

#[derive(Debug)]
struct Route {
    method: &'static str,
    path: Template,
    act: Act,
}

/// One provider's account, with all that it knows.
#[derive(Debug)]
pub(super) struct Stage {
    api: Arc<Api>,
    routes: Vec<Route>,
    shape: Shape,
    answers: Answers,
    window: Window,
    store: Store,
    tally: Tally,
}

impl Stage {
    /// Sets the stage for a provider.
    ///
    /// # Errors
    ///
    /// What in the provider's file cannot be played.
    pub(super) fn new(api: Arc<Api>) -> io::Result<Self> {
        Ok(Self {
            routes: routes(&api)?,
            shape: Shape::new(&api),
            answers: Answers::new(&api)?,
            window: Window::new(&api),
            store: Store::default(),
            tally: Tally::default(),
            api,
        })
    }

    pub(super) fn tally(&self) -> Tally {
        self.tally
    }

    /// Answers a request.
    pub(super) fn answer(&mut self, asked: &Asked<'_>, now: Instant) -> Response<Full<Bytes>> {
        let (when, filling) = self.play(asked, now);
        self.tally.requests += 1;
        self.tally.throttled += u64::from(when == When::Throttled);
        self.tally.changes += u64::from(when == When::Updated);
        let mut response = self.answers.give(when, &filling);
        for (name, number) in self.window.headers(&self.api, now) {
            let pair = (
                HeaderName::try_from(name),
                HeaderValue::try_from(number.to_string()),
            );
            if let (Ok(name), Ok(value)) = pair {
                response.headers_mut().insert(name, value);
            }
        }
        response
    }

    fn play(&mut self, asked: &Asked<'_>, now: Instant) -> (When, Filling) {
        if !shows_credential(&self.api, asked.headers, asked.query) {
            return (When::NoCredential, Filling::default());
        }
        if !self.window.admit(now) {
            return (When::Throttled, Filling::default());
        }
        if let Some((name, value)) = wrong_header(&self.api, asked.headers) {
            let filling = Filling {
                field: name.to_owned(),
                wanted: value.to_owned(),
                ..Filling::default()
            };
            return (When::BadHeader, filling);
        }
        let found = self.routes.iter().find_map(|route| {
            let segment = route.path.id_in(asked.path)?;
            (route.method == asked.method.as_str()).then_some((route.act, segment))
        });
        match found {
            Some((Act::Update, segment)) => self.update(segment, asked.body),
            Some((Act::Ping, _)) => (When::Ping, Filling::default()),
            None => (When::NoPath, Filling::default()),
        }
    }

    fn update(&mut self, segment: &str, body: Option<&[u8]>) -> (When, Filling) {
        let api = Arc::clone(&self.api);
        let mut filling = Filling::default();
        let Some(id) = contact_id(api.id, segment) else {
            filling.id = Value::from(percent_decode_str(segment).decode_utf8_lossy());
            return (When::NotFound, filling);
        };
        filling.id = shown_id(api.id, &id);
        match self.change(body) {
            Ok(change) => {
                let (contact, fresh) = self.store.change(&self.shape, &id, change);
                self.tally.contacts += u64::from(fresh);
                let id = filling.id.clone();
                filling.contact = shown(&self.shape, id, contact, &api.sandbox.hides);
                (When::Updated, filling)
            }
            Err(fault) => {
                filling.field = fault.field;
                filling.wanted = fault.wanted;
                (fault.when, filling)
            }
        }
    }

    /// The body's own object, out of its wrapping and without what the provider drops. Faults name a field as a mapping
    /// does, without the wrapping.
    fn change(&self, body: Option<&[u8]>) -> Result<Map<String, Value>, Fault> {
        let rule = self.api.sandbox.unknown_key;
        let bad = || Fault {
            when: When::BadJson,
            field: String::new(),
            wanted: String::new(),
        };
        let mut body: Map<String, Value> =
            serde_json::from_slice(body.ok_or_else(bad)?).map_err(|_| bad())?;
        let wrap = self.api.calls.update.wrap.as_deref();
        let Some(wrap) = wrap else {
            check(&self.shape, &mut body, "", rule)?;
            return Ok(body);
        };
        for name in body.keys().filter(|name| *name != wrap) {
            unknown(rule, name.clone())?;
        }
        match body.shift_remove(wrap) {
            Some(Value::Object(mut inner)) => {
                check(&self.shape, &mut inner, "", rule)?;
                Ok(inner)
            }
            _ => Err(Fault::wanted(wrap.to_owned(), "an object")),
        }
    }
}

/// The calls that are played. A fixed query in a path is left to the client: the path alone decides.
fn routes(api: &Api) -> io::Result<Vec<Route>> {
    let route = |spec: &CallSpec, act: Act| -> io::Result<Route> {
        let path = spec.path.as_ref().as_str();
        let path = path.split_once('?').map_or(path, |(path, _)| path);
        Ok(Route {
            method: spec.method.word(),
            path: Template::parse(path)
                .map_err(|what| io::Error::new(io::ErrorKind::InvalidInput, what))?,
            act,
        })
    };
    Ok(vec![
        route(&api.calls.update, Act::Update)?,
        route(&api.calls.ping, Act::Ping)?,
    ])
}
