//! The program itself, as its users run it, against a server on this machine.

mod again;
mod alone;
mod answers;
mod codes;
mod done;
mod dry;
mod ended;
mod harness;
mod inputs;
mod invariants;
mod kills;
mod large;
mod nights;
mod options;
mod pace;
mod places;
mod secrets;
mod server;
mod state;
mod together;
mod verbs;
