//! A stand-in that plays any provider from its files, on this machine and with no account.
//!
//! It owns a loopback listener and the contacts it was told about, in memory. It refuses what the provider's own
//! interface refuses, in the provider's words, and counts requests against the provider's limits, so that a run against it
//! shows what a run against the account would. It must never listen to another machine, show a credential, keep
//! anything after it stopped, or be used by the run room.
//!
//! Every well-formed id is a contact of the account, empty until it is first changed, so that a list of ids from
//! elsewhere can be rehearsed; only contacts that were made or changed are found. Three kinds of ids belong to nobody, so
//! that people can rehearse a failure: text that starts with `missing`, digits made of fours and noughts that start with
//! `404`, and a UUID that starts with `00000000`.
//!
//! What happens to a request: `server` reads it → `door` looks at its credential → `window` counts it → `routes` hears
//! which call it is → `acts` plays it: `check` for the body, `store` and `index` for the contact, `tags` for its tags,
//! `defined` for what the account defines → `says` gives the answer, or `plain` where the file has none.

mod account;
mod acts;
mod check;
mod defined;
mod door;
mod index;
mod paths;
mod plain;
mod routes;
mod says;
mod server;
mod shape;
mod stage;
mod store;
mod tags;
mod window;

pub use account::make_up;
pub use server::{Beside, Sandbox, Watch, beside};
pub use stage::{Mischief, Tally};
