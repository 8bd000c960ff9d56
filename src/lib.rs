//! contact-sync reads people from a spreadsheet export and brings the contacts of a messaging or CRM account in line
//! with them, at exactly the rate that the provider allows, with a report that is always true.
//!
//! # The map
//!
//! ```text
//! bytes ─source→ Row ─mapping→ Contact ─provider→ Call ─delivery→ Reply ─provider→ Verdict ─run→ Outcome ─report→ files, screen, exit code
//!                                         └────────── Exchange: until settled ──────────┘
//! ```
//!
//! A row goes down the river and never back. Each room owns one step:
//!
//! | room | owns | may use | must never |
//! | --- | --- | --- | --- |
//! | [`contact`] | the words every room speaks | – | know a file format or a provider |
//! | [`mistake`] | what is wrong in a file somebody wrote | – | read or print |
//! | [`source`] | bytes → rows | contact | look at a value's meaning; hold the file in memory |
//! | [`provider`] | contacts ⇄ the API's words | contact, mistake | do I/O, read a clock, be `async`, name a provider |
//! | [`mapping`] | rows → contacts | contact, mistake, provider | do I/O |
//! | [`proposal`] | a first mapping from what a file shows | contact, mistake, provider, mapping | do I/O, guess, name a provider |
//! | [`delivery`] | words over the wire, at the right pace | contact, provider | know CSV, reports, mappings |
//! | [`memory`] | what was sent, what was accepted, what the account has spent: the state file | contact | know HTTP |
//! | [`run`] | order and stopping | all above | print; know HTTP statuses |
//! | [`report`] | what happened: files, screen, exit code | contact, mistake | decide anything |
//! | [`sandbox`] | a stand-in that plays any provider from its files | contact, provider | be used by run |
//! | [`commands`], [`cli`] | one verb per file; flags as typed | all | hold a loop |
//!
//! Three kinds of wrong are never mixed: a [`mistake::Mistake`] stands in a file somebody wrote (nothing is sent), a
//! [`contact::Verdict`] is about one row (data, never an `Err`), and a breakdown ends the run (an error with its causes).

pub mod cli;
pub mod commands;
pub mod contact;
pub mod delivery;
pub mod mapping;
pub mod memory;
pub mod mistake;
pub mod proposal;
pub mod provider;
pub mod report;
pub mod run;
pub mod sandbox;
pub mod source;
