//! What a write may set off in an account beside the write itself, as far as it is known.
//!
//! Only words stand here: which part of a mapping touches which effect is the mapping's to say.

use serde::Deserialize;

/// Something that a write may set off.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Effect {
    /// What sets it off.
    pub on: Vec<Part>,
    /// What happens then.
    pub may: String,
}

/// A part of what is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Part {
    /// A field is set, in a new contact or in one that is there.
    Fields,
    /// A tag comes or goes.
    Tags,
    /// A contact is made.
    Create,
    /// A contact that is there is changed.
    Update,
}

impl Part {
    /// The word for it.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Fields => "fields",
            Self::Tags => "tags",
            Self::Create => "create",
            Self::Update => "update",
        }
    }
}
