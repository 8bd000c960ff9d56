//! The part of the vocabulary that says which fields a contact has and how their values are written.
//!
//! Only words stand here; [`super::names`] finds a field by its name.

use serde::Deserialize;
use toml::Spanned;

use super::api::Looks;

/// One field of an update.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Field {
    /// What its value is.
    #[serde(rename = "type")]
    pub kind: FieldKind,
    /// How it is erased, where the provider can; with type `object` or `pairs`, how one key or entry in it is.
    pub clear: Option<Clear>,
    /// With type `object`: which keys it may have.
    #[serde(default)]
    pub keys: Keys,
    /// With type `object`: whether the provider may replace it whole, so that it is read and merged before it is written.
    #[serde(default)]
    pub keep: bool,
    /// The longest value, in characters.
    pub max: Option<usize>,
    /// The values of an enum, or the codes of a country.
    #[serde(default)]
    pub values: Vec<String>,
    /// What stands for each of the values in a request, where that is something else, such as an option's id.
    #[serde(skip)]
    pub codes: Vec<String>,
    /// What people should know about it.
    #[serde(default)]
    pub about: String,
    /// The danger that a mapping has to accept in words before it may set the field.
    pub danger: Option<Danger>,
    /// With type `pairs`: how the list is written.
    pub pairs: Option<Pairs>,
}

impl Field {
    /// A field of which no more is known than what its value is.
    #[must_use]
    pub fn plain(kind: FieldKind) -> Self {
        Self {
            kind,
            clear: None,
            keys: Keys::Any,
            keep: false,
            max: None,
            values: Vec::new(),
            codes: Vec::new(),
            about: String::new(),
            danger: None,
            pairs: None,
        }
    }
}

/// What a field's value is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum FieldKind {
    /// Any text.
    Text,
    /// A whole number.
    Integer,
    /// A number.
    Number,
    /// True or false.
    Boolean,
    /// A day.
    Date,
    /// A moment.
    Datetime,
    /// A time of day.
    Time,
    /// An e-mail address.
    Email,
    /// A phone number, sent as E.164.
    Phone,
    /// A web address.
    Url,
    /// A UUID.
    Uuid,
    /// A country's two-letter code.
    Country,
    /// An IANA time zone.
    Timezone,
    /// One of the field's `values`.
    Enum,
    /// A list of texts.
    List,
    /// A JSON object, whole from one cell or key by key through dots.
    Object,
    /// A list of name–value objects; names are reached through dots.
    Pairs,
}

impl FieldKind {
    /// All of them.
    pub const WORDS: [(&'static str, Self); 17] = [
        ("text", Self::Text),
        ("integer", Self::Integer),
        ("number", Self::Number),
        ("boolean", Self::Boolean),
        ("date", Self::Date),
        ("datetime", Self::Datetime),
        ("time", Self::Time),
        ("email", Self::Email),
        ("phone", Self::Phone),
        ("url", Self::Url),
        ("uuid", Self::Uuid),
        ("country", Self::Country),
        ("timezone", Self::Timezone),
        ("enum", Self::Enum),
        ("list", Self::List),
        ("object", Self::Object),
        ("pairs", Self::Pairs),
    ];

    /// The word for it.
    #[must_use]
    pub fn word(self) -> &'static str {
        Self::WORDS
            .iter()
            .find(|(_, kind)| *kind == self)
            .map_or("", |(word, _)| word)
    }
}

/// Which keys an object may have.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Keys {
    /// Any.
    #[default]
    Any,
    /// Those that stand in the provider's file as fields of their own, so that a misspelt one is noticed.
    Listed,
}

/// How a field is erased.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Clear {
    /// By `null`.
    Null,
    /// By empty text.
    EmptyText,
    /// By an empty list.
    EmptyList,
}

impl Clear {
    /// The JSON that erases.
    #[must_use]
    pub fn json(self) -> &'static str {
        match self {
            Self::Null => "null",
            Self::EmptyText => "\"\"",
            Self::EmptyList => "[]",
        }
    }
}

/// A danger that a mapping has to accept by its word.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Danger {
    /// What the mapping writes: `accept = "…"`.
    pub accept: String,
    /// What may happen.
    pub because: String,
}

/// How a list of name–value objects is written.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Pairs {
    /// The keys under which a name can stand; the first whose look fits is used.
    pub names: Vec<PairName>,
    /// The key under which the value stands.
    pub value: String,
    /// How values are written.
    #[serde(default)]
    pub values: PairValues,
    /// The key under which an option's id stands instead of a value, for fields with options.
    pub option: Option<String>,
    /// The key under which the account shows the value, where it is another one.
    pub shown_as: Option<String>,
}

/// One way to name an entry of a list.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PairName {
    /// The key.
    pub key: String,
    /// What a name looks like that goes there.
    #[serde(default)]
    pub looks: Looks,
    /// A prefix that the account shows and the request leaves out.
    #[serde(default)]
    pub strip: String,
}

/// How values in a list of name–value objects are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum PairValues {
    /// As their type is in JSON.
    #[default]
    Typed,
    /// All as text: `"true"`, days and moments as seconds since 1970, times as `HH:mm`.
    EpochStrings,
}

/// Where custom fields go.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CustomFields {
    /// The field that holds them; empty for those that stand beside the others.
    pub into: Spanned<String>,
    /// What the account takes as their values; all types where nothing is said.
    #[serde(default)]
    pub types: Vec<FieldKind>,
    /// Names of these looks are keys or ids and need no look into the account; others are names that people see.
    #[serde(default)]
    pub names: Vec<Looks>,
}
