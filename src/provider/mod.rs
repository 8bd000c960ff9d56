//! Contacts ⇄ the API's words: what a provider's file says, the calls written by it, the answers read by it.
//!
//! Pure: no I/O, no clock, no environment, nothing `async`, and no provider's name. A provider is a file; this room only
//! has the words ([`api`], [`answers`], [`fields`], [`stand_in`]) and what they do.

mod alike;
pub mod answers;
pub mod api;
pub mod body;
pub mod call;
pub mod definitions;
pub mod effects;
pub mod exchange;
pub mod fields;
pub mod finding;
mod glance;
pub mod hits;
mod judgement;
pub mod kept;
mod labels;
pub mod limit;
pub mod load;
pub mod looks;
mod lookup;
mod merge;
pub mod names;
pub mod native;
mod next;
pub mod path;
mod plan;
mod rehearsal;
pub mod reply;
pub mod script;
mod search;
mod seen;
pub mod shipped;
pub mod stand_in;
mod steps;
pub mod template;
mod verdicts;
