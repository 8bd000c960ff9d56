//! One test binary, one file per subject.

mod providers;
mod specs;
