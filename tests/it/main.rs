//! One test binary, one file per subject.

mod delivery;
mod pace;
mod stopping;
mod throttle;
