//! One test binary, one file per subject.

mod delivery;
mod pace;
mod secret;
mod stopping;
mod throttle;
mod wire;
