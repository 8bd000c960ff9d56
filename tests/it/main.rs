//! One test binary, one file per subject.

mod coerce;
mod mistakes;
mod report;
mod sandbox;
mod source;
