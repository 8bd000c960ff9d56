//! What goes wrong around a run: servers, networks, inputs, settings and disks that do harm. `tests/README.md` lists every
//! fault with its test. Each run is held against what is true of all runs (`run::invariants`), the credential included.

mod answers;
mod inputs;
mod local;
mod random;
mod tls;
mod waits;
