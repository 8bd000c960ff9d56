//! The part of the vocabulary that says how the stand-in of a provider answers.
//!
//! Only words stand here; the sandbox room plays them.

use indexmap::IndexMap;
use serde::Deserialize;

/// How the stand-in answers.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sandbox {
    /// What becomes of a key that the provider does not have.
    pub unknown_key: UnknownKey,
    /// The keys of a contact that an answer does not show.
    #[serde(default)]
    pub hides: Vec<String>,
    /// The answers.
    pub says: Vec<Says>,
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
    /// Its body; `{contact}`, `{id}`, `{field}` and `{wanted}` are filled in.
    pub body: String,
}

/// When the stand-in gives an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum When {
    /// A contact was changed.
    Updated,
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

fn json() -> String {
    "application/json".to_owned()
}
