//! The program itself, as its users run it, against a server on this machine.

mod again;
mod answers;
mod codes;
mod done;
mod dry;
mod ended;
mod harness;
mod inputs;
mod invariants;
mod large;
mod options;
mod pace;
mod places;
mod secrets;
mod server;
mod together;
mod verbs;
