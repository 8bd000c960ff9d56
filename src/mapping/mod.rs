//! Rows to contacts.

pub mod clean;
pub mod coerce;
pub mod country;
pub mod date;
pub mod date_format;
pub mod email;
pub mod id;
pub mod list;
pub mod number;
pub mod phone;
pub mod refusal;

mod numbering;
