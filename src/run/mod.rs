//! Order and stopping: which row travels when, which has to wait, and when the run has to end.
//!
//! This room prints nothing and knows no HTTP status; it hears verdicts and tells outcomes.

pub mod ahead;
mod errand;
pub mod guard;
pub mod lanes;
mod left;
mod lookout;
mod mark;
pub mod order;
pub mod recall;
pub mod river;
pub mod signals;
mod traveller;
pub mod twins;
