//! What a mapping wants of the account: where its values go, what a row may do, what is done to tags.
//!
//! Only what was decided before the first row stands here; [`super::script`] writes calls by it.

use std::collections::HashMap;

use super::body::BodyPlan;

/// What a row may do to the account.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Mode {
    /// Change contacts that are there.
    #[default]
    Update,
    /// Change those, make the others.
    Upsert,
    /// Make contacts only.
    Create,
}

impl Mode {
    /// All of them, with their words.
    pub const WORDS: [(&'static str, Self); 3] = [
        ("update", Self::Update),
        ("upsert", Self::Upsert),
        ("create", Self::Create),
    ];
}

/// Where each value of a mapping goes, and what a row may do.
#[derive(Debug, Default)]
pub struct Plan {
    /// The body of a change.
    pub update: BodyPlan,
    /// The body of a new contact.
    pub create: BodyPlan,
    /// What a new contact has to be given in a change, because the provider does not take it at once.
    pub complete: BodyPlan,
    /// What a row may do.
    pub mode: Mode,
    /// Whether the provider's own upsert is used, where it is not known whether a contact is there.
    pub native: bool,
    /// Whether what was written is read back where the answer does not show it.
    pub verify: bool,
    /// The keys of objects that are read and merged before they are written.
    pub kept: Vec<Vec<String>>,
    /// The account's ids of its tags, by their names in small letters.
    pub tag_ids: HashMap<String, String>,
}

/// What is done to tags.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TagVerb {
    /// All are replaced.
    Set,
    /// Some are added.
    Add,
    /// Some are taken away.
    Remove,
}
