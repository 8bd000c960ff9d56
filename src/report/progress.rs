//! The bar: how far the run is, on standard error, only where somebody is watching.
//!
//! Owns drawing and everything that must not tear it: the log and the news go through here. It counts what it is told
//! and knows nothing else.

use std::fmt;
use std::io::{self, IsTerminal, Write};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressState, ProgressStyle};
use tracing_subscriber::fmt::MakeWriter;

use crate::contact::Outcome;
use crate::report::screen;

const WITH_TOTAL: &str =
    "{bar:24} {human_pos} of {human_len} rows, {pace}, {eta} left{problems} {wide_msg}";
const WITHOUT_TOTAL: &str = "{human_pos} rows, {pace}, {elapsed}{problems} {wide_msg}";

/// A handle on the bar; all clones mean the same one. It is hidden until it is drawn.
#[derive(Debug, Clone)]
pub struct Progress {
    bar: ProgressBar,
    problems: Arc<AtomicU64>,
    /// Whether it is drawn, which the bar itself only tells behind a lock.
    drawn: Arc<AtomicBool>,
}

impl Default for Progress {
    fn default() -> Self {
        Self::hidden()
    }
}

impl Progress {
    /// A bar that is not drawn: it still lets log and news through.
    #[must_use]
    pub fn hidden() -> Self {
        Self {
            bar: ProgressBar::with_draw_target(None, ProgressDrawTarget::hidden()),
            problems: Arc::default(),
            drawn: Arc::default(),
        }
    }

    /// Begins to draw, if standard error is a terminal; of `rows` rows where that is known.
    pub fn draw(&self, rows: Option<u64>) {
        if !io::stderr().is_terminal() {
            return;
        }
        let template = match rows {
            Some(rows) => {
                self.bar.set_length(rows);
                WITH_TOTAL
            }
            None => WITHOUT_TOTAL,
        };
        let problems = Arc::clone(&self.problems);
        let style = ProgressStyle::with_template(template)
            .unwrap_or_else(|_| ProgressStyle::default_bar())
            .progress_chars("=> ")
            .with_key("pace", |state: &ProgressState, out: &mut dyn fmt::Write| {
                let _ = write!(out, "{:.1}/s", state.per_sec());
            })
            .with_key(
                "problems",
                move |_: &ProgressState, out: &mut dyn fmt::Write| {
                    let _ = match problems.load(Ordering::Relaxed) {
                        0 => Ok(()),
                        1 => out.write_str(", 1 problem"),
                        many => write!(out, ", {many} problems"),
                    };
                },
            );
        self.bar.set_style(style);
        self.bar.set_draw_target(ProgressDrawTarget::stderr());
        self.drawn.store(!self.bar.is_hidden(), Ordering::Relaxed);
        self.bar.reset_elapsed();
        self.bar.reset_eta();
        // A pause that the provider asked for must not look like a program that hangs.
        self.bar.enable_steady_tick(Duration::from_millis(500));
    }

    /// Counts one row.
    pub fn hear(&self, outcome: &Outcome) {
        if outcome.verdict.fate.needs_a_person() {
            self.problems.fetch_add(1, Ordering::Relaxed);
        }
        if self.drawn.load(Ordering::Relaxed) {
            self.bar.inc(1);
        }
    }

    /// Shows a short word beside the bar, such as why it stands still; empty takes it away.
    pub fn note(&self, text: impl Into<String>) {
        self.bar.set_message(text.into());
    }

    /// Writes news to standard error without tearing the bar.
    pub fn tell(&self, text: &str) {
        self.bar.suspend(|| screen::tell(text));
    }

    /// Takes the bar away.
    pub fn end(&self) {
        self.bar.disable_steady_tick();
        self.bar.finish_and_clear();
        self.bar.set_draw_target(ProgressDrawTarget::hidden());
        self.drawn.store(false, Ordering::Relaxed);
    }
}

impl<'a> MakeWriter<'a> for Progress {
    type Writer = LogLine;

    fn make_writer(&'a self) -> Self::Writer {
        LogLine {
            bar: self.bar.clone(),
        }
    }
}

/// Where a line of the log is written: above the bar. It takes everything, because a log that nobody can read must
/// not stop the run.
#[derive(Debug)]
pub struct LogLine {
    bar: ProgressBar,
}

impl Write for LogLine {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.bar.suspend(|| screen::tell_bytes(bytes));
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
