//! One test binary, one file per subject.

mod coerce;
mod init;
mod mistakes;
mod providers;
mod report;
mod sandbox;
mod source;
mod specs;
