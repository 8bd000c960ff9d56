//! What an answer means: status *and* body, by the provider's own signs.
//!
//! This file says *whether* something may be tried again (through [`Meaning`]) and passes on what the answer says about
//! time; how long to wait is the retry schedule's business and whose turn it is the pace's. Pure: the server's own clock,
//! from its `Date` header, is the only clock known here.

use std::time::Duration;

use http::HeaderMap;
use http::header::{AsHeaderName, CONTENT_ENCODING, DATE, HeaderName, LOCATION, RETRY_AFTER};
use serde_json::Value;

use super::answers::{Meaning, Means, Soft, SoftSign};
use super::api::{Api, OnThrottle};
use super::path::{at, first};

/// An answer as it came off the wire.
#[derive(Debug, Clone, Default)]
pub struct Reply {
    /// The HTTP status.
    pub status: u16,
    /// The headers.
    pub headers: HeaderMap,
    /// The body, at most [`BODY_LIMIT`] bytes of it.
    pub body: Vec<u8>,
}

/// No answer about one contact is longer than this; what is, is cut off and is no answer of the API.
pub const BODY_LIMIT: usize = 1 << 20;

/// Why there is no answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Lost {
    /// Nothing left this machine: refused, no such host, no connection in time.
    NotSent(String),
    /// It reached the other side, which said that it did not look at it.
    Unseen(String),
    /// The other side could not prove who it is; nothing was sent.
    NotTrusted(String),
    /// The request left, and no whole answer came back.
    NoAnswer(String),
}

impl Lost {
    /// The reason, for people.
    #[must_use]
    pub fn why(&self) -> &str {
        match self {
            Self::NotSent(why)
            | Self::Unseen(why)
            | Self::NotTrusted(why)
            | Self::NoAnswer(why) => why,
        }
    }
}

/// An answer, understood.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// What it means.
    pub meaning: Meaning,
    /// Its status.
    pub status: u16,
    /// The provider's reason, for people.
    pub reason: String,
    /// The field the provider names.
    pub field: String,
    /// The contact's id that the answer shows.
    pub contact_id: String,
    /// The provider's name for the request.
    pub request_id: String,
    /// The answer, or as much of it as matters; null where it is no JSON.
    pub body: Value,
    /// Whether it was seen already that nothing in it speaks against what was sent.
    pub agrees: bool,
}

/// What an answer says about time and limits; it concerns the whole account.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Timing {
    /// How long nobody may ask.
    pub hold: Option<Hold>,
    /// The window that the server enforces: requests and length.
    pub window: Option<(u32, Duration)>,
    /// Requests left in the day.
    pub daily_remaining: Option<u64>,
}

/// How long nobody may ask.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Hold {
    /// For this long.
    For(Duration),
    /// For one whole window of the tightest limit.
    OneWindow,
}

/// Reads an answer.
#[must_use]
pub fn read(api: &Api, reply: &Reply) -> Answer {
    let json = match reply.body.len() <= BODY_LIMIT {
        true => serde_json::from_slice(&reply.body).ok(),
        false => None,
    };
    understood(api, reply, json)
}

/// What an answer means, as far as it was read; nothing is no JSON.
pub(super) fn understood(api: &Api, reply: &Reply, json: Option<Value>) -> Answer {
    let answers = &api.answers;
    let look = |paths: &[String]| json.as_ref().and_then(|json| first(json, paths));
    let code = look(&answers.code).map(plain);
    let code = code
        .or_else(|| word(json.as_ref()?, &answers.code_starts).map(str::to_owned))
        .unwrap_or_default();
    let said = look(&answers.message).map(plain).unwrap_or_default();
    let meaning = meaning(api, reply, json.as_ref(), &said, &code);
    let reason = match (meaning, said.is_empty()) {
        (Meaning::Accepted, _) => String::new(),
        (_, false) => said,
        (_, true) => fallback(reply, json.as_ref(), meaning),
    };
    let request_id = look(&answers.request_id).map(plain).or_else(|| {
        let header = |name: &String| reply.headers.get(name.as_str());
        let value = answers.request_id_headers.iter().find_map(header)?;
        Some(String::from_utf8_lossy(value.as_bytes()).into_owned())
    });
    Answer {
        meaning,
        status: reply.status,
        reason,
        field: look(&answers.field).map(plain).unwrap_or_default(),
        contact_id: look(&answers.id).map(plain).unwrap_or_default(),
        request_id: request_id.unwrap_or_default(),
        body: json.unwrap_or_default(),
        agrees: false,
    }
}

/// Reads what an answer says about time and limits.
#[must_use]
pub fn timing(api: &Api, reply: &Reply, meaning: Meaning) -> Timing {
    let names = &api.limit_headers;
    let number = |name: &Option<String>| -> Option<u64> {
        header(reply, name.as_deref()?)?.trim().parse().ok()
    };
    let window = match (number(&names.max), number(&names.window_ms)) {
        (Some(max), Some(millis)) if max > 0 && (1..=86_400_000).contains(&millis) => Some((
            u32::try_from(max).unwrap_or(u32::MAX),
            Duration::from_millis(millis),
        )),
        _ => None,
    };
    let hold = retry_after(reply)
        .or_else(|| rate_limit(reply))
        .map(Hold::For)
        .or_else(|| (number(&names.remaining) == Some(0)).then_some(Hold::OneWindow))
        .or_else(|| match (meaning, api.on_throttle) {
            (Meaning::Throttled, OnThrottle::OneWindow) => Some(Hold::OneWindow),
            (Meaning::Throttled, OnThrottle::NextMinute) => Some(Hold::For(next_minute(reply))),
            _ => None,
        });
    Timing {
        hold,
        window,
        daily_remaining: number(&names.daily_remaining),
    }
}

fn meaning(api: &Api, reply: &Reply, json: Option<&Value>, said: &str, code: &str) -> Meaning {
    let object = json.filter(|json| json.is_object());
    let no = match reply.status {
        202 => return Meaning::Queued,
        204 | 205 if reply.body.is_empty() => return Meaning::Accepted,
        200..=299 => {
            let Some(object) = object else {
                return Meaning::NotTheApi;
            };
            if !api.answers.soft.iter().any(|soft| shows(soft, object)) {
                return Meaning::Accepted;
            }
            Meaning::Refused
        }
        300..=399 => Meaning::Moved,
        401 => Meaning::RefusedCredential,
        403 => Meaning::Forbidden,
        404 | 410 => Meaning::NotFound,
        409 | 423 => Meaning::Busy,
        408 | 425 => Meaning::Outage,
        429 => Meaning::Throttled,
        502 | 504 => Meaning::Gateway,
        500..=599 => Meaning::Outage,
        _ => Meaning::Refused,
    };
    let everything = || json.map(Value::to_string).unwrap_or_default();
    let said = match said.is_empty() {
        true => everything().to_lowercase(),
        false => said.to_lowercase(),
    };
    let fits = |rule: &&Means| {
        let any_text = || rule.text.iter().any(|text| said.contains(text.as_str()));
        (rule.status.is_empty() || rule.status.contains(&reply.status))
            && (rule.text.is_empty() || any_text())
            && (rule.code.is_empty() || rule.code.iter().any(|own| own == code))
    };
    let told = api.answers.means.iter().find(fits).map(|rule| rule.means);
    let spent = header_is_zero(api, reply) && reply.status == 429;
    match (spent, told) {
        (true, _) => Meaning::QuotaSpent,
        (false, Some(told)) => told,
        (false, None) => no,
    }
}

fn header_is_zero(api: &Api, reply: &Reply) -> bool {
    let name = api.limit_headers.daily_remaining.as_deref();
    name.and_then(|name| header(reply, name))
        .is_some_and(|value| value.trim() == "0")
}

fn shows(soft: &Soft, json: &Value) -> bool {
    let found = at(json, &soft.at);
    match (soft.is, found) {
        (SoftSign::Token, _) => word(json, &soft.starts).is_some(),
        (_, None) => false,
        (SoftSign::False, Some(value)) => match value {
            Value::Bool(flag) => !flag,
            Value::String(text) => text.eq_ignore_ascii_case("false"),
            _ => false,
        },
        (SoftSign::Present, Some(value)) => match value {
            Value::Null | Value::Bool(false) => false,
            Value::String(text) => !text.is_empty(),
            Value::Array(list) => !list.is_empty(),
            Value::Object(map) => !map.is_empty(),
            Value::Bool(true) | Value::Number(_) => true,
        },
        (SoftSign::NotSuccessStatus, Some(value)) => {
            let status = match value {
                Value::Number(number) => number.as_u64(),
                Value::String(text) => text.parse().ok(),
                _ => None,
            };
            status.is_some_and(|status| !(200..300).contains(&status))
        }
    }
}

/// The first word anywhere in the answer that starts so; a word is made of letters, digits and underscores.
fn word<'a>(json: &'a Value, start: &str) -> Option<&'a str> {
    if start.is_empty() {
        return None;
    }
    match json {
        Value::String(text) => text
            .split(|c: char| !c.is_alphanumeric() && c != '_')
            .find(|word| word.starts_with(start)),
        Value::Array(list) => list.iter().find_map(|item| word(item, start)),
        Value::Object(map) => map.values().find_map(|item| word(item, start)),
        _ => None,
    }
}

/// Text as it is, a list joined, an object by the text it holds for people.
pub(super) fn plain(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Array(list) => list.iter().map(plain).collect::<Vec<_>>().join("; "),
        Value::Object(map) => {
            let text = ["msg", "message", "description"]
                .iter()
                .find_map(|key| map.get(*key)?.as_str());
            let place = map
                .get("loc")
                .and_then(Value::as_array)
                .and_then(|loc| loc.last())
                .map(plain);
            match (text, place) {
                (Some(text), Some(place)) => format!("{place}: {text}"),
                (Some(text), None) => text.to_owned(),
                (None, _) => value.to_string(),
            }
        }
        other => other.to_string(),
    }
}

/// What to say where the answer gives no reason in the places known.
fn fallback(reply: &Reply, json: Option<&Value>, meaning: Meaning) -> String {
    let status = reply.status;
    if meaning == Meaning::Moved {
        let place = header(reply, LOCATION).unwrap_or("nowhere");
        return format!("answered {status} and points to `{place}`, which is never followed");
    }
    match json {
        Some(Value::Object(map)) if !map.is_empty() && !(200..300).contains(&status) => {
            format!("answered {status}: {}", Value::Object(map.clone()))
        }
        Some(Value::Object(map)) if !map.is_empty() => Value::Object(map.clone()).to_string(),
        Some(Value::String(text)) if !(200..300).contains(&status) => {
            format!("answered {status}: {text}")
        }
        Some(json) if !json.is_object() => format!("answered {status} with JSON that is no object"),
        _ => {
            let text = String::from_utf8_lossy(&reply.body);
            let text = text.trim();
            let page = text.starts_with('<');
            if let Some(coding) = header(reply, CONTENT_ENCODING) {
                return format!(
                    "answered {status} with a body in the coding `{coding}`, which nobody asked for"
                );
            }
            match (text.is_empty(), page, reply.body.len() > BODY_LIMIT) {
                (_, _, true) => format!(
                    "answered {status} with more than 1 MiB, which is no answer of this API"
                ),
                (true, ..) => format!("answered {status} with no text"),
                (_, true, _) => format!("answered {status} with a web page instead of JSON"),
                (_, false, _) => format!("answered {status}: {text}"),
            }
        }
    }
}

fn header(reply: &Reply, name: impl AsHeaderName) -> Option<&str> {
    reply.headers.get(name)?.to_str().ok()
}

/// `Retry-After` in seconds or as a date; a date is measured against the answer's own `Date`, so that a wrong local clock
/// does no harm. Anything else is ignored.
fn retry_after(reply: &Reply) -> Option<Duration> {
    let text = header(reply, RETRY_AFTER)?.trim();
    if let Ok(seconds) = text.parse::<u64>() {
        return Some(Duration::from_secs(seconds));
    }
    let until = httpdate::parse_http_date(text).ok()?;
    let now = httpdate::parse_http_date(header(reply, DATE)?).ok()?;
    until.duration_since(now).ok()
}

const RATE_LIMIT: HeaderName = HeaderName::from_static("ratelimit");

/// The draft standard's `RateLimit: "default";r=0;t=5`: nothing left for five seconds. Malformed ones are ignored.
fn rate_limit(reply: &Reply) -> Option<Duration> {
    let text = header(reply, RATE_LIMIT)?;
    let part = |name: &str| -> Option<u64> {
        let parts = text
            .split([';', ','])
            .filter_map(|part| part.trim().split_once('='));
        let (_, value) = parts.into_iter().find(|(key, _)| key.trim() == name)?;
        value.trim().parse().ok()
    };
    match (part("r")?, part("t")?) {
        (0, seconds) => Some(Duration::from_secs(seconds)),
        _ => None,
    }
}

/// From the server's own clock to its next full minute; a whole minute where it does not tell the time.
fn next_minute(reply: &Reply) -> Duration {
    let minute = Duration::from_secs(60);
    let now = header(reply, DATE).and_then(|text| httpdate::parse_http_date(text).ok());
    let since = now.and_then(|now| now.duration_since(std::time::UNIX_EPOCH).ok());
    match since {
        // The header has whole seconds, so the minute may be up to a second closer than it says; waiting longer is safe.
        Some(since) => minute - Duration::from_secs(since.as_secs() % 60),
        None => minute,
    }
}
