//! One verb per file, wiring only.
