//! The program itself, as its users run it, against a server on this machine.

mod again;
mod alone;
mod answers;
mod asking;
mod codes;
pub(crate) mod done;
mod dry;
mod ended;
pub(crate) mod harness;
mod inputs;
pub(crate) mod invariants;
mod keys;
mod kills;
mod large;
mod named;
pub(crate) mod nights;
mod older;
mod options;
mod pace;
mod places;
mod secrets;
pub(crate) mod server;
mod state;
mod tags;
mod together;
mod untold;
mod verbs;
