//! The part of the vocabulary that says how a contact is found, how its tags are changed, and where an account tells
//! which custom fields and tags it has.
//!
//! Only words stand here; [`super::exchange`] and [`super::definitions`] know what to do with them.

use indexmap::IndexMap;
use serde::Deserialize;

use super::api::CallSpec;
use super::fields::FieldKind;

/// What a contact can be known by, beside its id.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MatchKey {
    /// Its e-mail address, capitals or not.
    Email,
    /// Its phone number, in E.164.
    Phone,
    /// The id that another system has for it.
    ExternalId,
}

impl MatchKey {
    /// All of them, with their words.
    pub const WORDS: [(&'static str, Self); 3] = [
        ("email", Self::Email),
        ("phone", Self::Phone),
        ("external_id", Self::ExternalId),
    ];

    /// The word for it.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Email => "email",
            Self::Phone => "phone",
            Self::ExternalId => "external_id",
        }
    }
}

/// How a contact is found by one key.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Find {
    /// The call, with `{value}` in its path or body, or `{page}` where there is no filter.
    pub call: CallSpec,
    /// How the value is written in the call.
    #[serde(default)]
    pub sends: Sends,
    /// Where what was found stands: a list, or one contact.
    pub hits: String,
    /// Where a hit's id stands in it; the first path that leads somewhere counts.
    pub id: Vec<String>,
    /// Where the value stands in a hit, to be compared exactly; with none the provider is known to compare exactly.
    #[serde(default)]
    pub same: Vec<String>,
    /// Where the number of pages stands, where there is no filter and the whole list has to be read.
    pub pages: Option<String>,
    /// The field that holds the value, for a contact that has to be made.
    pub field: Option<String>,
    /// The name of its entry there, with a field of pairs: that of one of the account's kinds of channel.
    pub entry: Option<String>,
}

/// How a value is written where a contact is looked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Sends {
    /// As it is.
    #[default]
    AsIs,
    /// A phone number without its plus.
    PhoneDigits,
}

/// How a contact's tags are changed; what is not said cannot be done.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Tags {
    /// All tags are replaced.
    pub set: Option<TagWay>,
    /// Tags are added to those that are there.
    pub add: Option<TagWay>,
    /// Tags are taken away.
    pub remove: Option<TagWay>,
    /// Where the tags that a contact has are read.
    pub read: Option<TagRead>,
    /// Where the answer to a change shows the tags that the contact has, with entries as those of `read`.
    pub shown: Option<String>,
    /// Whether the account keeps them in small letters.
    pub lower_case: bool,
}

/// One way to change tags.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TagWay {
    /// What is done.
    pub way: Way,
    /// With `field`: the field that holds them.
    #[serde(default)]
    pub field: String,
    /// With the others: the call, with `{values}` in its body for all tags, or `{value}` in its path for one.
    pub call: Option<CallSpec>,
}

/// What is done to change tags.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Way {
    /// They travel with the other fields.
    Field,
    /// One call takes them all.
    Together,
    /// One call for each, by its id; those already there or gone are left out.
    Each,
    /// They are read, merged here, and written whole.
    Merge,
}

/// Where the tags that a contact has are read.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TagRead {
    /// The call.
    pub call: CallSpec,
    /// Where the list stands.
    pub list: String,
    /// Where a tag's name, or id, stands in an entry; empty where entries are plain text.
    #[serde(default)]
    pub name: String,
}

/// Where an account tells which custom fields and tags it has.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Definitions {
    /// Its custom fields.
    pub custom_fields: Option<DefinitionList>,
    /// Its tags.
    pub tags: Option<DefinitionList>,
    /// Its kinds of channel.
    pub channels: Option<DefinitionList>,
}

/// A list of definitions.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DefinitionList {
    /// The call; with `{page}` in its path it is made until a page is empty.
    pub call: CallSpec,
    /// Whether the provider does not document it: where it shows no list, names go as they are written.
    #[serde(default)]
    pub optional: bool,
    /// Where the list stands; empty where the whole answer is one.
    #[serde(default)]
    pub list: String,
    /// Where the id stands in an entry.
    #[serde(default)]
    pub id: String,
    /// Where the name stands that people see.
    pub name: String,
    /// Where the key stands that programs use.
    #[serde(default)]
    pub key: String,
    /// Where the type stands.
    #[serde(default)]
    pub kind: String,
    /// What the account's words for types mean here; others are text.
    #[serde(default)]
    pub kinds: IndexMap<String, FieldKind>,
    /// Where the options stand.
    #[serde(default)]
    pub options: String,
    /// Where an option's name stands in its entry; empty where options are plain text.
    #[serde(default)]
    pub option_name: String,
    /// Where an option's id stands in its entry.
    #[serde(default)]
    pub option_id: String,
    /// Only entries that have this text at this path.
    #[serde(default)]
    pub only: Vec<Only>,
}

/// A condition on an entry: this text at this path.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Only {
    /// The path.
    pub at: String,
    /// The text.
    pub is: String,
}
