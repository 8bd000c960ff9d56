//! Order and stopping.
