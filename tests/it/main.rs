//! One test binary, one file per subject.

mod coerce;
mod delivery;
mod formats;
mod mistakes;
mod pace;
mod providers;
mod report;
mod sandbox;
mod secret;
mod source;
mod specs;
mod stopping;
mod throttle;
mod wire;
