//! Which call of the provider's file a request is: by its method, path, query and body.
//!
//! What stands as it is in the file has to stand so in the request; placeholders are heard. Calls that cannot be told
//! apart are all heard, so that one search over e-mail addresses and phones finds by both. Must never look into the
//! account.

use std::io;

use percent_encoding::percent_decode_str;
use serde_json::Value;

use crate::provider::api::{Api, CallSpec};
use crate::provider::script::TagVerb;
use crate::provider::template::{Template, parse_body};

/// What a call does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Act {
    Update,
    Create,
    Upsert,
    Read,
    /// Looks for contacts, by the place of the way in the file.
    Find(usize),
    /// Shows a contact's tags.
    Tags,
    /// Changes them.
    Tag(TagVerb),
    /// Shows what the account defines.
    List(Defines),
    Ping,
}

/// What an account defines.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Defines {
    CustomFields,
    Tags,
    Channels,
}

/// What a request asks for.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Heard {
    /// The calls that it can be; never empty.
    pub(super) acts: Vec<Act>,
    /// The segment where the id stands, still encoded.
    pub(super) id: String,
    /// The value looked for, or the one tag.
    pub(super) value: String,
    /// All tags.
    pub(super) values: Vec<String>,
    /// The page of a list, from 1.
    pub(super) page: Option<u64>,
}

/// Why a request is none of the calls.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Deaf {
    /// There is no such path and method.
    NoPath,
    /// There is, but with another body.
    Body,
}

/// All calls of a provider.
#[derive(Debug)]
pub(super) struct Routes(Vec<Route>);

#[derive(Debug)]
struct Route {
    act: Act,
    method: &'static str,
    path: Template,
    /// How many placeholders the path has: the fewer, the better it fits.
    wild: usize,
    query: Vec<(String, Wanted)>,
    body: Option<Value>,
}

/// What stands in one place of a query.
#[derive(Debug)]
enum Wanted {
    Text(String),
    Page,
    Filled(Template),
}

impl Routes {
    /// Reads the calls of a provider's file.
    ///
    /// # Errors
    ///
    /// Names the call that cannot be understood; a file that was loaded has none.
    pub(super) fn new(api: &Api) -> io::Result<Self> {
        let ways = [
            (TagVerb::Set, &api.tags.set),
            (TagVerb::Add, &api.tags.add),
            (TagVerb::Remove, &api.tags.remove),
        ];
        let lists = [
            (Defines::CustomFields, &api.definitions.custom_fields),
            (Defines::Tags, &api.definitions.tags),
            (Defines::Channels, &api.definitions.channels),
        ];
        let mut calls = vec![(Act::Update, Some(&api.calls.update))];
        calls.push((Act::Create, api.calls.create.as_ref()));
        calls.push((Act::Upsert, api.upsert.as_ref().map(|own| &own.call)));
        calls.push((Act::Read, api.calls.read.as_ref()));
        let finds = api.find.values().enumerate();
        calls.extend(finds.map(|(at, find)| (Act::Find(at), Some(&find.call))));
        calls.push((Act::Tags, api.tags.read.as_ref().map(|read| &read.call)));
        let ways = ways
            .into_iter()
            .filter_map(|(verb, way)| Some((verb, way.as_ref()?)));
        calls.extend(ways.map(|(verb, way)| (Act::Tag(verb), way.call.as_ref())));
        let lists = lists
            .into_iter()
            .filter_map(|(own, list)| Some((own, list.as_ref()?)));
        calls.extend(lists.map(|(own, list)| (Act::List(own), Some(&list.call))));
        calls.push((Act::Ping, Some(&api.calls.ping)));
        let routes: Result<Vec<Route>, String> = calls
            .into_iter()
            .filter_map(|(act, call)| call.map(|call| Route::new(act, call)))
            .collect();
        routes
            .map(Self)
            .map_err(|what| io::Error::new(io::ErrorKind::InvalidInput, what))
    }

    /// Hears what a request asks for.
    pub(super) fn hear(
        &self,
        method: &str,
        path: &str,
        query: &str,
        body: Option<&[u8]>,
    ) -> Result<Heard, Deaf> {
        let body: Option<Value> = body.and_then(|body| serde_json::from_slice(body).ok());
        let mut best: Option<((usize, usize), Heard)> = None;
        let mut deaf = Deaf::NoPath;
        for route in self.0.iter().filter(|route| route.method == method) {
            let Some((id, value)) = route.path.parts_in(path) else {
                continue;
            };
            let mut heard = Heard {
                acts: vec![route.act],
                id: id.to_owned(),
                value: decoded(value),
                ..Heard::default()
            };
            let asked = route.fits_query(query, &mut heard);
            if !asked && route.needs_query() {
                continue;
            }
            if let Some(template) = &route.body
                && !body
                    .as_ref()
                    .is_some_and(|body| fits(template, body, &mut heard))
            {
                deaf = Deaf::Body;
                continue;
            }
            let fitted = if asked { 1 + route.query.len() } else { 0 };
            let rank = (usize::MAX - route.wild, fitted);
            match &mut best {
                Some((own, _)) if *own > rank => {}
                Some((own, other)) if *own == rank => other.acts.push(route.act),
                _ => best = Some((rank, heard)),
            }
        }
        best.map(|(_, heard)| heard).ok_or(deaf)
    }
}

impl Route {
    fn new(act: Act, call: &CallSpec) -> Result<Self, String> {
        let whole = call.path.as_ref().as_str();
        let (path, query) = whole.split_once('?').unwrap_or((whole, ""));
        let pairs = query.split('&').filter(|pair| !pair.is_empty());
        let query: Result<Vec<(String, Wanted)>, String> = pairs
            .map(|pair| {
                let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
                let wanted = match value {
                    "{page}" => Wanted::Page,
                    _ if value.contains('{') => Wanted::Filled(Template::parse(value)?),
                    _ => Wanted::Text(form_decoded(value)),
                };
                Ok((form_decoded(name), wanted))
            })
            .collect();
        let own_body = !matches!(act, Act::Update | Act::Create | Act::Upsert);
        let body = call.body.as_ref().filter(|_| own_body);
        Ok(Self {
            act,
            method: call.method.word(),
            wild: path.matches('{').count(),
            path: Template::parse(path)?,
            query: query?,
            body: body.map(|body| parse_body(body.as_ref())).transpose()?,
        })
    }

    /// Whether the query says something without which the call means nothing. A fixed query is left to the client.
    fn needs_query(&self) -> bool {
        let said = |wanted: &Wanted| !matches!(wanted, Wanted::Text(_));
        self.query.iter().any(|(_, wanted)| said(wanted))
    }

    fn fits_query(&self, query: &str, heard: &mut Heard) -> bool {
        self.query.iter().all(|(name, wanted)| {
            let mut pairs = query.split('&').filter_map(|pair| {
                let (own, value) = pair.split_once('=').unwrap_or((pair, ""));
                (form_decoded(own) == *name).then_some(value)
            });
            pairs.any(|raw| match wanted {
                Wanted::Text(text) => form_decoded(raw) == *text,
                Wanted::Page => {
                    heard.page = raw.parse().ok();
                    heard.page.is_some()
                }
                Wanted::Filled(template) => template.parts_in(raw).is_some_and(|(id, value)| {
                    if !id.is_empty() {
                        id.clone_into(&mut heard.id);
                    }
                    if !value.is_empty() {
                        heard.value = form_decoded(value);
                    }
                    true
                }),
            })
        })
    }
}

/// Whether a body has everything that the file's has; what its placeholders stand for is heard.
fn fits(template: &Value, body: &Value, heard: &mut Heard) -> bool {
    match (template, body) {
        (Value::String(text), _) => match (text.as_str(), body) {
            ("{value}", Value::String(value)) => {
                heard.value.clone_from(value);
                true
            }
            ("{value}", Value::Number(value)) => {
                heard.value = value.to_string();
                true
            }
            ("{values}", Value::Array(values)) => {
                let texts = values.iter().map(|value| value.as_str().map(str::to_owned));
                let texts: Option<Vec<String>> = texts.collect();
                heard.values = texts.unwrap_or_default();
                heard.values.len() == values.len()
            }
            ("{page}", Value::Number(page)) => {
                heard.page = page.as_u64();
                heard.page.is_some()
            }
            ("{id}", Value::String(id)) => {
                heard.id.clone_from(id);
                true
            }
            (account, Value::String(own)) if account.starts_with("{account.") => !own.is_empty(),
            _ => template == body,
        },
        (Value::Array(template), Value::Array(body)) => {
            let mut both = template.iter().zip(body);
            template.len() == body.len() && both.all(|(template, own)| fits(template, own, heard))
        }
        (Value::Object(template), Value::Object(body)) => template.iter().all(|(key, value)| {
            body.get(key)
                .is_some_and(|own| fits(value, own, &mut *heard))
        }),
        (template, body) => template == body,
    }
}

fn decoded(text: &str) -> String {
    percent_decode_str(text).decode_utf8_lossy().into_owned()
}

/// As [`decoded`], where a plus is a blank.
fn form_decoded(text: &str) -> String {
    decoded(&text.replace('+', " "))
}
