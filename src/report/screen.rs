//! The screen: the only place that writes to standard output and standard error.
//!
//! The screen is no record. A reader that went away, a full disk behind `>` or a closed stream never stops a run and
//! never makes it panic; what must not be lost stands in the report files.

use std::error::Error;
use std::io::{self, IsTerminal, Write};

use crate::report::harmless;

/// Whether text for the screen may be coloured.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Paint {
    /// Text alone.
    Plain,
    /// With the terminal's colours.
    Coloured,
}

impl Paint {
    /// What standard error takes: colours on a terminal, unless `NO_COLOR` says otherwise.
    #[must_use]
    pub fn of_stderr() -> Self {
        let wanted = std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty())
            && std::env::var_os("TERM").is_none_or(|value| value != "dumb");
        match wanted && io::stderr().is_terminal() {
            true => Self::Coloured,
            false => Self::Plain,
        }
    }
}

/// Writes a result to standard output, with a line end if it has none.
pub fn say(text: &str) {
    let mut out = io::stdout().lock();
    let _ = write_line(&mut out, text);
}

/// Writes news to standard error, with a line end if it has none.
///
/// While a bar is drawn, [`crate::report::progress::Progress::tell`] is the way that does not tear it.
pub fn tell(text: &str) {
    let mut out = io::stderr().lock();
    let _ = write_line(&mut out, text);
}

fn write_line(out: &mut impl Write, text: &str) -> io::Result<()> {
    out.write_all(text.as_bytes())?;
    if !text.ends_with('\n') {
        out.write_all(b"\n")?;
    }
    out.flush()
}

/// Standard error for the log, which brings its own line ends.
pub(crate) fn tell_bytes(bytes: &[u8]) {
    let mut out = io::stderr().lock();
    let _ = out.write_all(bytes).and_then(|()| out.flush());
}

/// Standard output as a stream: once nobody reads it any more, it takes everything and keeps nothing.
#[derive(Debug, Default)]
pub(crate) struct Stdout {
    gone: bool,
}

impl Write for Stdout {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if !self.gone {
            self.gone = io::stdout().lock().write_all(bytes).is_err();
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        if !self.gone {
            self.gone = io::stdout().lock().flush().is_err();
        }
        Ok(())
    }
}

/// Why the run cannot go on, in one line: what failed, the chain of causes, and the way out that the error names after
/// its last `; `, then `next` (either may be empty).
///
/// ```
/// # use std::io;
/// # use contact_sync::report::screen::breakdown;
/// let error = io::Error::other("the disk is gone");
/// assert_eq!(breakdown(&error, "mend it"), "error: the disk is gone; mend it");
/// ```
#[must_use]
pub fn breakdown(error: &(dyn Error + 'static), next: &str) -> String {
    let mut said = String::new();
    let mut ways_out = Vec::new();
    let mut link = Some(error);
    while let Some(cause) = link {
        link = cause.source();
        let text = cause.to_string();
        let what = match text.rsplit_once("; ") {
            // A cause belongs to what failed, not behind what to do about it.
            Some((what, way_out)) if link.is_some() => {
                ways_out.push(way_out.to_owned());
                what
            }
            _ => &text,
        };
        // Some libraries repeat their cause in their own words; saying it once is enough.
        if said.is_empty() {
            said.push_str(what);
        } else if !said.ends_with(what) {
            said.push_str(": ");
            said.push_str(what);
        }
    }
    ways_out.push(next.to_owned());
    for what_to_do in ways_out.iter().filter(|words| !words.is_empty()) {
        said.push_str("; ");
        said.push_str(what_to_do);
    }
    format!("error: {}", harmless::escaped(&said))
}
