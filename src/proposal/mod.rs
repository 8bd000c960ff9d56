//! Proposes a mapping for a file and a provider: which column goes into which field, with the evidence beside it.
//!
//! Owns what columns and fields are called in many languages (`synonyms`, kept as data), what a column's values look
//! like ([`survey`]), which column a field gets (`choice`), what has to be said about its values (`options`) and the
//! text of the file (`page`). Pure: no I/O, no clock; rows come in through a function. It never guesses: what the file
//! does not show stands in the proposal as a comment that asks for it, and it names no provider.

pub mod closing;
pub mod survey;

mod account;
mod choice;
mod columns;
mod contact_id;
mod dates;
mod fields;
mod left_out;
mod lines;
mod options;
mod page;
mod phones;
mod synonyms;
mod trial;
mod whom;
mod written;

pub use page::{Proposal, Request, propose};
