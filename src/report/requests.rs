//! `--requests FILE`: every request as it is or would be sent, one JSON object a line.
//!
//! The lines are shown, not sent: whoever makes them has replaced the secrets already. A file appears whole, with mode
//! 0600, because bodies hold people's data, and never replaces another.

use std::io::{self, Write};
use std::path::Path;

use serde::de::IgnoredAny;
use serde::ser::{SerializeMap, Serializer};

use crate::report::cells::push_number;
use crate::report::directory::{RunDirectory, Unwritable, WholeFile};
use crate::report::screen::Stdout;

/// One request, for people's eyes.
#[derive(Debug, Clone, Copy)]
pub struct Shown<'a> {
    /// The row's number among the data records, from 1.
    pub row: u64,
    /// The physical line on which it starts, from 1.
    pub line: u64,
    /// `GET`, `PUT`, …
    pub method: &'a str,
    /// The whole address.
    pub url: &'a str,
    /// Names and values, in order, each name once.
    pub headers: &'a [(String, String)],
    /// The body's JSON text; empty where there is none.
    pub body: &'a str,
}

/// The writer of the requests.
#[derive(Debug)]
pub struct Requests {
    sink: Sink,
    record: Vec<u8>,
    /// The headers of the request before, and how they are written: mostly they are the same again.
    headers: (Vec<(String, String)>, Vec<u8>),
}

#[derive(Debug)]
enum Sink {
    File(Box<WholeFile>),
    Screen(Stdout),
}

impl Requests {
    /// Begins the file beside the reports of the run, none of whose names it may have.
    ///
    /// # Errors
    ///
    /// As [`create`](Self::create).
    pub fn beside(reports: &RunDirectory, path: &Path) -> Result<Self, Unwritable> {
        match reports.names(path) {
            false => Self::create(path),
            true => Err(Unwritable::Taken {
                path: path.to_owned(),
                what: "a report of this run",
            }),
        }
    }

    /// Begins the file, or standard output for `-`.
    ///
    /// # Errors
    ///
    /// When it cannot be made, or something has that name already.
    pub fn create(path: &Path) -> Result<Self, Unwritable> {
        let sink = match path.as_os_str() == "-" {
            true => Sink::Screen(Stdout::default()),
            false => Sink::File(Box::new(WholeFile::create(path)?)),
        };
        Ok(Self {
            sink,
            record: Vec::new(),
            headers: (Vec::new(), b"{}".to_vec()),
        })
    }

    /// Adds one request.
    ///
    /// # Errors
    ///
    /// When the disk takes no more. Standard output that nobody reads is no error.
    pub fn hear(&mut self, shown: &Shown<'_>) -> Result<(), Unwritable> {
        self.record.clear();
        let written = self.push(shown);
        match &mut self.sink {
            Sink::File(file) => written
                .and_then(|()| file.write_all(&self.record))
                .map_err(|error| file.unwritable(error)),
            Sink::Screen(screen) => {
                let _ = written.and_then(|()| screen.write_all(&self.record));
                Ok(())
            }
        }
    }

    /// Written by hand, because the body is JSON already and must stand as it is.
    fn push(&mut self, shown: &Shown<'_>) -> io::Result<()> {
        let out = &mut self.record;
        out.extend_from_slice(br#"{"row":"#);
        push_number(out, shown.row);
        out.extend_from_slice(br#","line":"#);
        push_number(out, shown.line);
        out.extend_from_slice(br#","method":"#);
        serde_json::to_writer(&mut *out, shown.method)?;
        out.extend_from_slice(br#","url":"#);
        serde_json::to_writer(&mut *out, shown.url)?;
        out.extend_from_slice(br#","headers":"#);
        if self.headers.0 != shown.headers {
            self.headers = (shown.headers.to_vec(), headers(shown.headers)?);
        }
        out.extend_from_slice(&self.headers.1);
        out.extend_from_slice(br#","body":"#);
        push_body(out, shown.body)?;
        out.extend_from_slice(b"}\n");
        Ok(())
    }

    /// Gives the file its name.
    ///
    /// # Errors
    ///
    /// When not all of it reached the disk.
    pub fn finish(self) -> Result<(), Unwritable> {
        match self.sink {
            Sink::File(file) => file.finish().map(|_| ()),
            Sink::Screen(mut screen) => {
                let _ = screen.flush();
                Ok(())
            }
        }
    }
}

/// Headers as one JSON object, in their order.
fn headers(headers: &[(String, String)]) -> io::Result<Vec<u8>> {
    let mut out = Vec::new();
    let mut serializer = serde_json::Serializer::new(&mut out);
    let mut object = serializer.serialize_map(Some(headers.len()))?;
    for (name, value) in headers {
        object.serialize_entry(name, value)?;
    }
    SerializeMap::end(object)?;
    Ok(out)
}

fn push_body(out: &mut Vec<u8>, body: &str) -> io::Result<()> {
    match body.as_bytes() {
        [] => out.extend_from_slice(b"null"),
        // An object or a list was written by whoever made the request, who answers for it; reading it again would cost as
        // much as mapping half of a row.
        [b'{' | b'[', ..] => push_json(out, body),
        _ if serde_json::from_str::<IgnoredAny>(body).is_ok() => push_json(out, body),
        // A body in another notation is shown as text.
        _ => serde_json::to_writer(out, body)?,
    }
    Ok(())
}

/// A line break in JSON can only stand between values; a record is one line.
fn push_json(out: &mut Vec<u8>, json: &str) {
    let start = out.len();
    out.extend_from_slice(json.as_bytes());
    for byte in &mut out[start..] {
        if matches!(byte, b'\n' | b'\r') {
            *byte = b' ';
        }
    }
}
