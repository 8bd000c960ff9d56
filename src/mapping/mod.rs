//! Rows → contacts: a mapping file as written, checked against its provider, and at work on one row after the other.
//!
//! Pure: no I/O, no clock, no environment. Of the provider it knows the fields only.

pub mod account;
pub mod apply;
pub mod check;
pub mod clean;
pub mod coerce;
mod consequences;
pub mod country;
pub mod date;
pub mod date_format;
pub mod email;
pub mod held;
pub mod id;
pub mod list;
pub mod lookup;
pub mod marker;
pub mod number;
pub mod phone;
pub mod reading;
pub mod refusal;
pub mod remark;
pub mod rewritten;
pub mod steps;
pub mod template;
pub mod written;

mod columns;
mod constants;
mod custom;
mod direct;
mod familiar;
mod field;
mod notes;
mod numbering;
mod origin;
mod pieces;
mod problems;
mod rule;
mod syntax;
mod tags;
mod untold;
mod whom;
