//! The fingerprints by which things are remembered: an account, a job, what a contact is known by, a row of a contact, a
//! request.
//!
//! Hashes only: nobody can read a name, an id or a credential out of them. A contact has 64 bits: two that share a place
//! take turns in it and are sent once more than needed, because the request itself has 64 bits for its fields, and they hold the id.

use rusqlite::types::ValueRef;
use sha2::{Digest, Sha256};

/// An account, as far as it can be told from others.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AccountKey([u8; 32]);

impl AccountKey {
    /// The account that all of these together stand for.
    #[must_use]
    pub fn of(parts: &[&[u8]]) -> Self {
        Self(hash(b"account", parts))
    }

    pub(super) fn bytes(&self) -> &[u8] {
        &self.0
    }

    /// Enough of it for a file's name.
    pub(super) fn name(&self) -> String {
        name(&self.0)
    }
}

/// A job: a mapping that is used on an account.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct JobKey([u8; 32]);

impl JobKey {
    /// The job that this mapping, word for word, is on an account.
    #[must_use]
    pub fn of(account: &AccountKey, mapping: &str) -> Self {
        Self(hash(b"job", &[&account.0, mapping.as_bytes()]))
    }

    /// Enough of it for a file's name.
    pub(super) fn name(&self) -> String {
        name(&self.0)
    }
}

fn name(hash: &[u8; 32]) -> String {
    hash[..8].iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Where a row is remembered: the contact it is about, and its place among the rows about that contact.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Place {
    pub(super) contact: i64,
    pub(super) ordinal: u32,
}

/// What rows know a contact by instead of its id.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Known(pub(super) i64);

impl Known {
    pub(super) fn of(account: &AccountKey, known: &str) -> Self {
        Self(whom(&account.0, known))
    }
}

/// Who is meant in an account, by its key.
pub(super) fn whom(account: &[u8], text: &str) -> i64 {
    let mut sum = Sha256::new();
    sum.update(account);
    sum.update(text.as_bytes());
    let mut contact = [0; 8];
    contact.copy_from_slice(&sum.finalize()[..8]);
    i64::from_be_bytes(contact)
}

impl Place {
    pub(super) fn of(account: &AccountKey, id: &str, ordinal: u32) -> Self {
        Self {
            contact: whom(&account.0, id),
            ordinal,
        }
    }

    /// How it is written: the contact and the ordinal.
    pub(super) fn columns(&self) -> [ValueRef<'static>; 2] {
        [self.contact, self.ordinal.into()].map(ValueRef::Integer)
    }

    /// The row's place among the rows about its contact, from 0.
    #[must_use]
    pub fn ordinal(&self) -> u32 {
        self.ordinal
    }
}

/// What is asked for a contact, as it is sent: one half stands for its fields, the other for its tags.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Request(pub(super) [u8; 16]);

impl Request {
    /// The request that these fields and tags make up, part by part in this order.
    #[must_use]
    pub fn of(fields: &[&[u8]], tags: &[&[u8]]) -> Self {
        let mut both = [0; 16];
        both[..8].copy_from_slice(&hash(b"fields", fields)[..8]);
        both[8..].copy_from_slice(&hash(b"tags", tags)[..8]);
        Self(both)
    }

    /// Whether another one asks the same of the fields.
    #[must_use]
    pub fn has_fields_of(&self, other: &Self) -> bool {
        self.0[..8] == other.0[..8]
    }

    /// Whether another one asks the same of the tags.
    #[must_use]
    pub fn has_tags_of(&self, other: &Self) -> bool {
        self.0[8..] == other.0[8..]
    }
}

/// Each part goes in with its length, so that no two lists run together.
fn hash(kind: &[u8], parts: &[&[u8]]) -> [u8; 32] {
    let mut sum = Sha256::new();
    sum.update(kind);
    for part in parts {
        sum.update((part.len() as u64).to_be_bytes());
        sum.update(part);
    }
    sum.finalize().into()
}
