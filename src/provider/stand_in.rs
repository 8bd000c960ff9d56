//! The part of the vocabulary that says how the stand-in of a provider answers.
//!
//! Only words stand here; the sandbox room plays them.

use indexmap::IndexMap;
use serde::Deserialize;

use super::fields::FieldKind;

/// How the stand-in answers.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sandbox {
    /// What becomes of a key that the provider does not have.
    pub unknown_key: UnknownKey,
    /// The keys of a contact that an answer does not show.
    #[serde(default)]
    pub hides: Vec<String>,
    /// How it compares where contacts are looked for.
    #[serde(default)]
    pub search: Search,
    /// How many contacts stand on one page of a list.
    #[serde(default = "page")]
    pub page: usize,
    /// One contact in a list, as JSON with the places of an answer; the file's own paths say it where nothing is said.
    #[serde(default)]
    pub hit: String,
    /// The custom fields that its account has.
    #[serde(default)]
    pub custom_fields: Vec<Made>,
    /// The tags that its account has.
    #[serde(default)]
    pub tags: Vec<String>,
    /// The answers.
    pub says: Vec<Says>,
}

/// A custom field of the stand-in's account.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Made {
    /// The name that people see.
    pub name: String,
    /// What its values are.
    #[serde(rename = "type", default = "text")]
    pub kind: FieldKind,
    /// Its options.
    #[serde(default)]
    pub options: Vec<String>,
}

/// How the stand-in compares where contacts are looked for. Capitals never count, nor what people write between digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Search {
    /// The whole value.
    #[default]
    Exact,
    /// Any part of the value.
    Substring,
    /// The whole value, with `*` for any text.
    Wildcard,
}

/// What becomes of a key that the provider does not have.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum UnknownKey {
    /// The request is refused.
    Refuse,
    /// The key is dropped without a word.
    Drop,
    /// It is stored.
    Keep,
}

/// One answer of the stand-in.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Says {
    /// When it is given.
    pub when: When,
    /// Its status.
    pub status: u16,
    /// Its content type.
    #[serde(default = "json")]
    pub content: String,
    /// Its headers beside that.
    #[serde(default)]
    pub headers: IndexMap<String, String>,
    /// Its body, with places that are filled in: `{contact}` and `{fields}`, which is the same without its id, `{id}`,
    /// `{contacts}` (all that were found), `{page}`, `{pages}`, `{count}`, `{tags}`, `{list}` (what the account defines),
    /// `{new}` (whether it was made), `{existing}` (the id of the contact that is in the way), `{field}` and `{wanted}`.
    pub body: String,
}

/// When the stand-in gives an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum When {
    /// A contact was changed.
    Updated,
    /// A contact was made.
    Created,
    /// A contact was made or changed to have what another one has already; without this answer that is allowed.
    Duplicate,
    /// A contact was changed or made by the provider's own upsert; `{new}` says whether it was made.
    Upserted,
    /// A contact was asked for.
    Read,
    /// Contacts were looked for, found or not; `{contact}` is the first of them, or null.
    Found,
    /// A contact's tags were changed.
    Tagged,
    /// A contact's tags were asked for.
    Tags,
    /// The account was asked for its custom fields.
    CustomFields,
    /// The account was asked for its tags.
    AccountTags,
    /// The account was asked for its kinds of channel.
    Channels,
    /// The account was asked for its name.
    Ping,
    /// There was no credential, or an empty one.
    NoCredential,
    /// A fixed header is missing or wrong.
    BadHeader,
    /// The path or method is none of the API's.
    NoPath,
    /// The id cannot be one, or belongs to nobody.
    NotFound,
    /// The body is no JSON object.
    BadJson,
    /// A key is unknown, where those are refused.
    UnknownKey,
    /// A value has the wrong type.
    WrongType,
    /// Too many requests.
    Throttled,
}

fn page() -> usize {
    100
}

fn text() -> FieldKind {
    FieldKind::Text
}

fn json() -> String {
    "application/json".to_owned()
}
