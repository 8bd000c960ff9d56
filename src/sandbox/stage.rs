//! The play itself: a request goes in, the provider's answer comes out.
//!
//! Checks stand in the order in which the providers make them: credential, limit, fixed headers, path, id, body. What each
//! call does stands in [`super::acts`]. Knows no socket and reads no clock.

use std::io;
use std::sync::Arc;
use std::time::Instant;

use http::{HeaderMap, HeaderName, HeaderValue, Method, Response};
use http_body_util::Full;
use hyper::body::Bytes;

use super::account::Counter;
use super::defined::Defined;
use super::door::{shows_credential, wrong_header};
use super::index::Index;
use super::plain::Plain;
use super::routes::{Deaf, Routes};
use super::says::{Answers, Filling};
use super::shape::Shape;
use super::store::Store;
use super::tags::Tagging;
use super::window::{Window, lengthened};
use crate::provider::api::{Api, Limit};
use crate::provider::stand_in::When;

/// No body of a change is longer than this, in bytes.
pub(super) const BODY_LIMIT: usize = 1 << 20;

/// What the stand-in has done so far.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Tally {
    /// Requests that were answered, whatever the answer.
    pub requests: u64,
    /// Changes that were taken.
    pub changes: u64,
    /// Contacts that were made.
    pub created: u64,
    /// Changes of tags that were taken.
    pub tagged: u64,
    /// Contacts that were made, or changed at least once.
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

/// One provider's account, with all that it knows.
#[derive(Debug)]
pub(super) struct Stage {
    pub(super) api: Arc<Api>,
    pub(super) shape: Shape,
    pub(super) answers: Answers,
    pub(super) plain: Plain,
    pub(super) defined: Defined,
    pub(super) tagging: Tagging,
    pub(super) store: Store,
    pub(super) counter: Counter,
    pub(super) tally: Tally,
    routes: Routes,
    window: Window,
    mischief: Option<Mischief>,
}

/// Answers that are lost on their way after the account took what was asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Mischief {
    /// Which answers.
    pub lost: When,
    /// One of so many is lost, the first of them last.
    pub each: u64,
}

impl Stage {
    /// Sets the stage for a provider.
    ///
    /// # Errors
    ///
    /// What in the provider's file cannot be played.
    pub(super) fn new(api: Arc<Api>) -> io::Result<Self> {
        let defined = Defined::new(&api);
        Ok(Self {
            routes: Routes::new(&api)?,
            shape: Shape::new(&api),
            answers: Answers::new(&api)?,
            plain: Plain::new(&api),
            tagging: Tagging::new(&api),
            window: Window::new(&api.limits),
            store: Store::new(Index::new(&api, &defined)),
            counter: Counter::default(),
            tally: Tally::default(),
            mischief: None,
            defined,
            api,
        })
    }

    pub(super) fn tally(&self) -> Tally {
        self.tally
    }

    /// Keeps to these limits in place of the file's.
    pub(super) fn limit(&mut self, limits: &[Limit]) {
        let limits = limits
            .iter()
            .map(|limit| match self.api.limits.contains(limit) {
                true => limit.clone(),
                false => lengthened(limit),
            });
        self.window = Window::new(&limits.collect::<Vec<_>>());
    }

    /// Begins to lose answers.
    pub(super) fn lose(&mut self, mischief: Mischief) {
        self.mischief = Some(mischief);
    }

    /// Answers a request; nothing where the answer is lost.
    pub(super) fn answer(
        &mut self,
        asked: &Asked<'_>,
        now: Instant,
    ) -> Option<Response<Full<Bytes>>> {
        let (when, filling) = self.play(asked, now);
        self.tally.requests += 1;
        self.tally.throttled += u64::from(when == When::Throttled);
        let changed = when == When::Updated || (when == When::Upserted && !filling.new);
        self.tally.changes += u64::from(changed);
        let made = when == When::Created || (when == When::Upserted && filling.new);
        self.tally.created += u64::from(made);
        self.tally.tagged += u64::from(when == When::Tagged);
        if self.is_lost(when) {
            return None;
        }
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
        Some(response)
    }

    fn is_lost(&self, when: When) -> bool {
        let count = match when {
            When::Updated => self.tally.changes,
            When::Created => self.tally.created,
            When::Tagged => self.tally.tagged,
            _ => self.tally.requests,
        };
        self.mischief
            .is_some_and(|own| own.lost == when && count.is_multiple_of(own.each.max(1)))
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
        let heard = self
            .routes
            .hear(asked.method.as_str(), asked.path, asked.query, asked.body);
        match heard {
            Ok(heard) => self.act(&heard, asked.body),
            Err(Deaf::NoPath) => (When::NoPath, Filling::default()),
            Err(Deaf::Body) => (When::BadJson, Filling::default()),
        }
    }
}
