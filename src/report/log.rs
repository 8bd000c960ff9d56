//! The log: lines on standard error, above the bar.
//!
//! Only this program's own lines follow `-v`; libraries stay at `info` whatever is asked, because at `debug` and
//! `trace` they write headers and addresses, and with them secrets. `RUST_LOG` is not read, for the same reason.

use tracing::level_filters::LevelFilter;
use tracing_subscriber::Layer;
use tracing_subscriber::filter::Targets;
use tracing_subscriber::fmt::layer;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::registry;

use crate::report::progress::Progress;

/// How much is told.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Level {
    /// Errors only: `-q`.
    Quiet,
    /// Errors and warnings.
    #[default]
    Normal,
    /// `-v` (1) what happens, `-vv` (2) how, `-vvv` (3) everything.
    Verbose(u8),
}

/// How a line looks.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum LogFormat {
    /// For people.
    #[default]
    Text,
    /// One JSON object a line.
    Json,
}

impl Level {
    /// The level for this program's own lines.
    #[must_use]
    pub fn own(self) -> LevelFilter {
        match self {
            Self::Quiet => LevelFilter::ERROR,
            Self::Normal | Self::Verbose(0) => LevelFilter::WARN,
            Self::Verbose(1) => LevelFilter::INFO,
            Self::Verbose(2) => LevelFilter::DEBUG,
            Self::Verbose(_) => LevelFilter::TRACE,
        }
    }

    /// The level for the libraries' lines: never more than `info`.
    #[must_use]
    pub fn libraries(self) -> LevelFilter {
        self.own().min(LevelFilter::INFO)
    }

    fn filter(self) -> Targets {
        Targets::new()
            .with_default(self.libraries())
            .with_target("contact_sync", self.own())
    }
}

/// Starts the log. Lines of the `log` crate are not taken in at all. A second start changes nothing.
pub fn start(level: Level, format: LogFormat, progress: &Progress) {
    // A line that cannot be written must not be complained about on the stream that just failed.
    let lines = layer()
        .with_writer(progress.clone())
        .with_ansi(false)
        .log_internal_errors(false);
    let layer = match format {
        LogFormat::Text => lines.with_target(false).boxed(),
        LogFormat::Json => lines.json().flatten_event(true).boxed(),
    };
    let subscriber = registry().with(layer.with_filter(level.filter()));
    let _ = tracing::subscriber::set_global_default(subscriber);
}
