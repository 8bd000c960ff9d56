//! Words over the wire, at the right pace.
