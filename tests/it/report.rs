//! What a run leaves behind and how it ends: what the tests of each part share.

mod closing;
mod codes;
mod errors;
mod files;
mod results;

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::time::Duration;

use contact_sync::contact::{Fate, Row, Verdict};
use contact_sync::report::directory::RunDirectory;
use contact_sync::report::errors::Layout;
use contact_sync::report::exit::Exit;
use contact_sync::report::summary::{Facts, Kind, Read};
use tempfile::TempDir;

pub(crate) fn somewhere() -> TempDir {
    tempfile::tempdir().expect("a directory")
}

pub(crate) fn directory(place: &TempDir) -> RunDirectory {
    RunDirectory::create(&place.path().join("run")).expect("a run directory")
}

pub(crate) fn read(place: &TempDir, name: &str) -> String {
    fs::read_to_string(place.path().join("run").join(name)).expect("the report is there")
}

pub(crate) fn row(number: u64, line: u64, cells: &[&str]) -> Row {
    let mut row = Row::at(number, line);
    for cell in cells {
        row.push(cell);
    }
    row
}

pub(crate) fn layout(header: &[&str]) -> Layout {
    Layout {
        header: header.iter().map(|name| (*name).to_owned()).collect(),
        delimiter: b',',
        bom: false,
    }
}

pub(crate) fn invalid(code: &'static str, message: &str) -> Verdict {
    Verdict::because(Fate::Invalid, code, message)
}

pub(crate) fn facts(kind: Kind, exit: Exit) -> Facts {
    Facts {
        kind,
        started: "2026-11-03T22:00:00Z".parse().expect("a time"),
        finished: "2026-11-03T22:02:03.5Z".parse().expect("a time"),
        took: Duration::from_secs(123),
        achieved: 1_180.0 / 120.0,
        provider: "example".to_owned(),
        account: "7".to_owned(),
        mapping: "my.toml".to_owned(),
        options: Vec::new(),
        taken: Vec::new(),
        input: "people.csv".to_owned(),
        input_sha256: "00".to_owned(),
        read: Read::default(),
        requests: 1_180,
        retries: 3,
        throttled: 1,
        allowed: "100/10s".to_owned(),
        exit,
        reason: String::new(),
        next: String::new(),
    }
}

pub(crate) fn mode(path: &Path) -> u32 {
    fs::metadata(path)
        .expect("it is there")
        .permissions()
        .mode()
        & 0o777
}
