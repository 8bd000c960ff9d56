//! One test binary, one file per subject.

mod mistakes;
mod report;
mod source;
