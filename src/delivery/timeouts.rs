//! How long things may take before they are given up.

use std::time::Duration;

/// How long things may take.
#[derive(Debug, Clone, Copy)]
pub struct Timeouts {
    /// Until there is a connection, name lookup and handshake included.
    pub connect: Duration,
    /// A whole attempt, the answer's last byte included.
    pub whole: Duration,
    /// How long an idle connection is kept: shorter than servers keep theirs, so that none closes as we send.
    pub idle: Duration,
}

impl Default for Timeouts {
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(10),
            whole: Duration::from_secs(30),
            idle: Duration::from_secs(4),
        }
    }
}
