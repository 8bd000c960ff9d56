//! The vocabulary of `api.toml`: everything that a provider's file can say about its API.
//!
//! It is closed on purpose: typed fields and named words, no expressions, no conditions; the only placeholders are `{id}`
//! and `{account.x}` in paths, and the stand-in's own in `[sandbox]`. What cannot be said here becomes one more named
//! word in one enum, never an `if` for one provider.
//!
//! Words that only one of the providers shipped here uses: `Looks::Token20`, `PairValues::EpochStrings`,
//! `OnThrottle::NextMinute`, `AuthScheme::Query`, `AuthScheme::Basic`, `SoftSign::NotSuccessStatus`, `SoftSign::Token`,
//! `Answers::code_starts`, `Keys::Listed`.

use std::fmt;
use std::time::Duration;

use indexmap::IndexMap;
use serde::{Deserialize, Deserializer, de};
use toml::Spanned;

use super::answers::{Answers, Meaning};
use super::fields::{CustomFields, Field};
use super::stand_in::Sandbox;

/// One provider's API, as its file says it.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Api {
    /// The name people know it by.
    pub name: String,
    /// Other names under which a mapping may call it.
    #[serde(default)]
    pub aliases: Vec<String>,
    /// The provider's own page about updating a contact.
    pub page: String,
    /// Scheme, host and at most a prefix; `{account.x}` may stand in the host.
    pub base_url: Spanned<String>,
    /// What people should know before they send: side effects, gaps, what is unproven.
    #[serde(default)]
    pub notes: Vec<String>,
    /// What the provider has to know about the account, in the order in which it is asked for.
    pub account: IndexMap<String, AccountKey>,
    /// Ways to show the credential; the first whose keys are all given is used.
    pub auth: Vec<Auth>,
    /// Headers that stand on every request as they are.
    #[serde(default)]
    pub headers: IndexMap<String, String>,
    /// The form of a contact's id.
    pub id: IdKind,
    /// How much the account may ask for, and who says so.
    #[serde(default)]
    pub limits: Vec<Limit>,
    /// Headers in which an answer tells about the limits.
    #[serde(default)]
    pub limit_headers: LimitHeaders,
    /// How long everybody waits after a "too many requests" that names no time.
    #[serde(default)]
    pub on_throttle: OnThrottle,
    /// The requests that we know how to make.
    pub calls: Calls,
    /// How answers are read.
    pub answers: Answers,
    /// What people are told to do, by meaning.
    #[serde(default)]
    pub hints: IndexMap<Meaning, String>,
    /// The fields of an update, as the provider's page spells them.
    pub fields: IndexMap<String, Field>,
    /// Names that people try and the provider refuses or drops, each with the reason.
    #[serde(default)]
    pub refused: IndexMap<String, String>,
    /// Where custom fields go.
    pub custom_fields: Option<CustomFields>,
    /// The field that replaces all of a contact's tags.
    pub tags: Option<Spanned<String>>,
    /// How the stand-in answers.
    pub sandbox: Sandbox,
}

/// One thing a mapping's `[account]` says.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AccountKey {
    /// What it is and where to find it.
    pub about: String,
    /// Whether it must never be written down as text.
    #[serde(default)]
    pub secret: bool,
    /// Whether an update can do without it.
    #[serde(default)]
    pub optional: bool,
    /// What it must look like.
    #[serde(default)]
    pub looks: Looks,
}

/// What a piece of text looks like.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Looks {
    /// Anything.
    #[default]
    Any,
    /// Digits only.
    Digits,
    /// A UUID.
    Uuid,
    /// Letters, digits and dashes: one label of a host name.
    HostLabel,
    /// Twenty letters and digits, at least one of them a digit or a capital.
    #[serde(rename = "token-20")]
    Token20,
}

impl Looks {
    /// Whether a text looks so.
    #[must_use]
    pub fn fits(self, text: &str) -> bool {
        match self {
            Self::Any => !text.is_empty(),
            Self::Digits => !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit()),
            Self::Uuid => {
                text.len() == 36
                    && text.bytes().enumerate().all(|(at, b)| match at {
                        8 | 13 | 18 | 23 => b == b'-',
                        _ => b.is_ascii_hexdigit(),
                    })
            }
            Self::HostLabel => {
                (1..=63).contains(&text.len())
                    && !text.starts_with('-')
                    && !text.ends_with('-')
                    && text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
            }
            Self::Token20 => {
                text.len() == 20
                    && text.bytes().all(|b| b.is_ascii_alphanumeric())
                    && !text.bytes().all(|b| b.is_ascii_lowercase())
            }
        }
    }

    /// The same for people.
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Self::Any => "some text",
            Self::Digits => "digits only",
            Self::Uuid => "a UUID",
            Self::HostLabel => "one part of a host name: letters, digits and dashes",
            Self::Token20 => "twenty letters and digits",
        }
    }
}

/// How a credential is shown to the provider.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Auth {
    /// The account keys it is made of: one, or user name and password.
    pub needs: Vec<String>,
    /// Where it goes.
    pub scheme: AuthScheme,
    /// The header's or query parameter's name, where the scheme has none of its own.
    #[serde(default)]
    pub name: String,
}

/// Where a credential goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum AuthScheme {
    /// `Authorization: Bearer …`.
    Bearer,
    /// `Authorization: Basic …` of user name and password.
    Basic,
    /// A header of its own.
    Header,
    /// A parameter in the query of every URL.
    Query,
}

/// The form of a contact's id.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum IdKind {
    /// ASCII digits only.
    Digits,
    /// A UUID.
    Uuid,
    /// Anything that fits into one path segment.
    Opaque,
}

/// A number of requests in a stretch of time.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Limit {
    /// How many.
    pub requests: u32,
    /// In how long, such as `10s`, `1m` or `1d`.
    #[serde(deserialize_with = "duration")]
    pub per: Duration,
    /// Who says so.
    pub sure: Sure,
}

impl Limit {
    /// A limit over an hour or more is a quota: it is counted, not spread out.
    #[must_use]
    pub fn is_quota(&self) -> bool {
        self.per >= Duration::from_secs(3600)
    }
}

impl fmt::Display for Limit {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let millis = self.per.as_millis();
        let (count, unit) = match millis {
            _ if millis.is_multiple_of(86_400_000) => (millis / 86_400_000, "d"),
            _ if millis.is_multiple_of(3_600_000) => (millis / 3_600_000, "h"),
            _ if millis.is_multiple_of(60_000) => (millis / 60_000, "m"),
            _ if millis.is_multiple_of(1_000) => (millis / 1_000, "s"),
            _ => (millis, "ms"),
        };
        write!(out, "{}/", self.requests)?;
        match count {
            1 => out.write_str(unit),
            _ => write!(out, "{count}{unit}"),
        }
    }
}

/// How sure a limit is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Sure {
    /// The provider says so: `--rate` can only tighten it.
    Official,
    /// Our own caution: `--rate` replaces it.
    Guess,
}

/// Names of the headers that tell about limits; each may be absent from an answer.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct LimitHeaders {
    /// Requests allowed in one window.
    pub max: Option<String>,
    /// Requests left in the window; at 0 everybody waits for one window.
    pub remaining: Option<String>,
    /// The window's length in milliseconds.
    pub window_ms: Option<String>,
    /// Requests allowed in a day.
    pub daily_max: Option<String>,
    /// Requests left today; at 0 the run stops.
    pub daily_remaining: Option<String>,
}

/// How long everybody waits after a "too many requests" that names no time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum OnThrottle {
    /// As the retry schedule says.
    #[default]
    Backoff,
    /// For one whole window of the tightest limit.
    OneWindow,
    /// Until the next full minute of the server's clock.
    NextMinute,
}

/// The requests that we know how to make.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Calls {
    /// Changes one contact by its id.
    pub update: CallSpec,
    /// A cheap read that proves account and credential.
    pub ping: CallSpec,
}

/// One request.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CallSpec {
    /// The HTTP method.
    pub method: Method,
    /// The path from the root, with placeholders, and perhaps a fixed query.
    pub path: Spanned<String>,
    /// The key under which the whole body stands, if it does.
    pub wrap: Option<String>,
    /// Whether the same request twice leaves the same contact, so that it may be sent again when no answer came.
    #[serde(default)]
    pub repeatable: bool,
}

/// An HTTP method.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum Method {
    /// Reads.
    Get,
    /// Makes, or asks with a body.
    Post,
    /// Replaces or changes.
    Put,
    /// Changes in part.
    Patch,
    /// Removes.
    Delete,
}

impl Method {
    /// As it stands on the wire.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Get => "GET",
            Self::Post => "POST",
            Self::Put => "PUT",
            Self::Patch => "PATCH",
            Self::Delete => "DELETE",
        }
    }
}

/// Reads `250ms`, `10s`, `1m`, `2h`, `1d`.
///
/// # Errors
///
/// Says what a duration looks like.
pub fn parse_duration(text: &str) -> Result<Duration, String> {
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let (number, unit) = text.split_at(digits);
    let count: u64 = match number {
        "" => 1,
        _ => number.parse().map_err(|_| wanted(text))?,
    };
    let unit = match unit.trim() {
        "ms" => 1,
        "s" => 1_000,
        "m" | "min" => 60_000,
        "h" => 3_600_000,
        "d" => 86_400_000,
        _ => return Err(wanted(text)),
    };
    match count.checked_mul(unit) {
        Some(millis) if millis > 0 => Ok(Duration::from_millis(millis)),
        _ => Err(wanted(text)),
    }
}

/// Reads `50/10s`, `10/s`: a number of requests in a stretch of time.
///
/// # Errors
///
/// Says what a rate looks like.
pub fn parse_rate(text: &str) -> Result<Limit, String> {
    let wrong = || format!("`{text}` is no rate; write it like `50/10s` or `8/s`");
    let (requests, per) = text.split_once('/').ok_or_else(wrong)?;
    match (requests.trim().parse(), parse_duration(per.trim())) {
        (Ok(requests @ 1..), Ok(per)) => Ok(Limit {
            requests,
            per,
            sure: Sure::Official,
        }),
        _ => Err(wrong()),
    }
}

fn wanted(text: &str) -> String {
    format!("`{text}` is no length of time; write it like `10s`, `1m` or `1d`")
}

fn duration<'de, D: Deserializer<'de>>(from: D) -> Result<Duration, D::Error> {
    let text = String::deserialize(from)?;
    parse_duration(&text).map_err(de::Error::custom)
}
