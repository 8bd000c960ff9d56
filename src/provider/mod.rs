//! Contacts ⇄ the API's words: what a provider's file says, the calls written by it, the answers read by it.
//!
//! Pure: no I/O, no clock, no environment, nothing `async`, and no provider's name. A provider is a file; this room only
//! has the words ([`api`], [`answers`], [`fields`], [`stand_in`]) and what they do.

pub mod answers;
pub mod api;
pub mod body;
pub mod call;
pub mod exchange;
pub mod fields;
pub mod load;
pub mod names;
pub mod reply;
pub mod shipped;
pub mod stand_in;
