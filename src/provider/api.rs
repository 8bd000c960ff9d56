//! The vocabulary of `api.toml`: everything that a provider's file can say about its API.
//!
//! It is closed on purpose: typed fields and named words, no expressions, no conditions; the only placeholders are `{id}`
//! and `{account.x}` in paths, and the stand-in's own in `[sandbox]`. What cannot be said here becomes one more named
//! word in one enum, never an `if` for one provider.
//!
//! Words that only one of the providers shipped here uses, with the words inside of them: the habits of one API,
//! `Looks::Token20`, `Looks::HostLabel`, `PairValues::EpochStrings`, `Pairs::values`, `Pairs::option`, `Pairs::shown_as`,
//! `PairName::strip`, `OnThrottle::NextMinute`, `OnThrottle::OneWindow`, `Soft::starts`, `SoftSign::NotSuccessStatus`,
//! `SoftSign::Token`, `Answers::code_starts`, `CallSpec::adds`, `CallSpec::takes`, `CallSpec::wrap`, `Find::pages`,
//! `Find::entry`, `TagRead::name`, `TagWay::field`, `Way::Together`, `Way::Each`, `Way::Merge`, `Way::Field`,
//! `DefinitionList::optional`, `DefinitionList::only`, `DefinitionList::option_name`, `DefinitionList::option_id`,
//! `Definitions::tags`, `Definitions::channels`, `Field::danger`, `Api::upsert`, `Part::Fields`; and plain words that the others
//! happen not to need, `AuthScheme::Header`, `AuthScheme::Query`, `AuthScheme::Basic`, `IdKind::Opaque`, `Looks::Digits`,
//! `Sure::Official`, `Api::headers`, `Api::limit_headers`, `Answers::request_id`, `Field::max`, `Field::values`, `Field::keys`,
//! `Keys::Listed`, `Clear::EmptyList`. A test holds the list.

use indexmap::IndexMap;
use serde::Deserialize;
use toml::Spanned;

use super::answers::{Answers, Meaning};
use super::effects::Effect;
use super::fields::{CustomFields, Field};
use super::finding::{Definitions, Find, MatchKey, Tags};
pub use super::limit::{Limit, Sure, parse_duration, parse_rate};
pub use super::looks::Looks;
use super::native::Upsert;
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
    /// How a contact is found without its id, by what is known about it.
    #[serde(default)]
    pub find: IndexMap<MatchKey, Find>,
    /// How a contact's tags are changed.
    #[serde(default)]
    pub tags: Tags,
    /// Where the account tells which custom fields and tags it has.
    #[serde(default)]
    pub definitions: Definitions,
    /// What a write may set off in the account.
    #[serde(default)]
    pub effects: Vec<Effect>,
    /// The provider's own upsert, which a mapping can ask for.
    pub upsert: Option<Upsert>,
    /// Why there is none that could be used.
    #[serde(default)]
    pub no_upsert: String,
    /// How the stand-in answers.
    pub sandbox: Sandbox,
}

impl Api {
    /// Every call that the file describes.
    pub fn all_calls(&self) -> impl Iterator<Item = &CallSpec> {
        let own = [
            Some(&self.calls.update),
            Some(&self.calls.ping),
            self.calls.read.as_ref(),
            self.calls.create.as_ref(),
            self.upsert.as_ref().map(|own| &own.call),
        ];
        let ways = [&self.tags.set, &self.tags.add, &self.tags.remove];
        let lists = [
            &self.definitions.custom_fields,
            &self.definitions.tags,
            &self.definitions.channels,
        ];
        own.into_iter()
            .flatten()
            .chain(self.find.values().map(|find| &find.call))
            .chain(
                ways.into_iter()
                    .flatten()
                    .filter_map(|way| way.call.as_ref()),
            )
            .chain(self.tags.read.as_ref().map(|read| &read.call))
            .chain(lists.into_iter().flatten().map(|list| &list.call))
    }
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
    /// Shows one contact by its id.
    pub read: Option<CallSpec>,
    /// Makes a contact.
    pub create: Option<CallSpec>,
}

/// One request.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CallSpec {
    /// The HTTP method.
    pub method: Method,
    /// The path from the root, with placeholders, and perhaps a query.
    pub path: Spanned<String>,
    /// The key under which the whole body stands, if it does.
    pub wrap: Option<String>,
    /// The body as JSON with placeholders, where it is not made of a contact's fields.
    pub body: Option<Spanned<String>>,
    /// Text that stands in the body beside the contact's fields.
    #[serde(default)]
    pub adds: IndexMap<String, String>,
    /// With `create`: the fields that it takes, where those are not all; the others follow in a change.
    #[serde(default)]
    pub takes: Vec<String>,
    /// Whether the same request twice leaves the same contact, so that it may be sent again when no answer came.
    #[serde(default)]
    pub repeatable: bool,
    /// What the credential must be allowed to, as the provider calls it; fits after "it needs".
    #[serde(default)]
    pub needs: String,
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
