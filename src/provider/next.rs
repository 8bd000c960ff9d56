//! What comes next in the conversation about one contact.

use super::call::Call;
use crate::contact::{TagChange, Verdict};

/// What happens next.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Next {
    /// Another call is ready; the verdict stands if it is not made.
    Call(Verdict),
    /// The same call may be made again, after a while; the verdict stands if it is not.
    Again(Trouble, Verdict),
    /// The conversation is over.
    Settled(Verdict),
}

/// Why a call has to be made again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Trouble {
    /// Nothing was sent.
    Unreachable,
    /// No answer came in time, or only a part of one.
    NoAnswer,
    /// The server, or one before it, is in trouble.
    Outage,
    /// Too many requests.
    Throttled,
    /// Somebody else is at this contact.
    Busy,
}

/// What a call does that has to be known before it leaves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Touch<'e> {
    /// It only asks.
    Nobody,
    /// It makes a contact, which must not be made twice.
    Creates,
    /// It changes a contact or makes one, as the provider finds.
    Upserts,
    /// It changes the contact with this id.
    Changes(&'e str),
}

/// What is known of a contact before the conversation about it begins: its id, where an earlier run has found it out, that
/// it may have been made in one, and what will be said of it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Remembered {
    /// The id by which it was known; empty where none is remembered.
    pub id: String,
    /// Whether an earlier run asked for it to be made and never heard an answer.
    pub in_doubt: bool,
    /// Everybody whom the account's whole list shows for what the contact is known by, where that list was read before
    /// because the provider cannot be asked for one of them.
    pub listed: Option<Vec<String>>,
    /// The tags that the contact with this id has from us, so that nothing more is said of them: should the row turn out
    /// to be about another contact, these are what it lacks.
    pub tagged: TagChange,
    /// The change, where it was written before; only for a row that names its contact by the id.
    pub change: Option<Call>,
}
