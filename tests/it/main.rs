//! One test binary, one file per subject.

mod accounts;
mod coerce;
mod delivery;
mod faults;
mod formats;
mod init;
mod mapping;
mod memory;
mod mistakes;
mod pace;
mod providers;
mod questions;
mod readme;
mod report;
mod rooms;
mod run;
mod sandbox;
mod secret;
mod source;
mod specs;
mod stopping;
mod throttle;
mod wire;
