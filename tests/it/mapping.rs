//! Mappings: every mistake that can stand in one, word for word as people read it, and what a good one does to rows.
//!
//! The mistakes come from the program itself, run on a file in an empty folder, so that order, places and exit code are
//! those that people get. Many stand in one file on purpose: all have to be told at once.

mod account;
mod columns;
mod constants;
mod direct;
mod fields;
mod files;
mod options;
mod provider_files;
mod rows;
mod shape;
mod syntax;
mod tags;
mod whom;

use std::fs;
use std::path::Path;
use std::process::Output;

use assert_cmd::Command;
use tempfile::TempDir;

/// The input of all these tests.
const PEOPLE: &str =
    "Id,First Name,Last Name,E-mail,Phone,Birthday,Tags,Tags\n1,Dana,Levi,d@example.com,,,,\n";

/// Runs the program on `my.toml` in a folder, with nothing of ours in the environment.
fn run_in(folder: &Path) -> Output {
    fs::write(folder.join("people.csv"), PEOPLE).expect("writable");
    Command::cargo_bin("contact-sync")
        .expect("the binary")
        .current_dir(folder)
        .args([
            "run",
            "people.csv",
            "-m",
            "my.toml",
            "--dry-run",
            "--no-progress",
            "--out",
            "out",
        ])
        .env_clear()
        .output()
        .expect("it runs")
}

/// What is told about a mapping, when nothing is sent for this reason and the exit code is this one.
#[track_caller]
fn told_with(code: i32, mapping: &[u8]) -> String {
    let folder = TempDir::new().expect("a folder");
    fs::write(folder.path().join("my.toml"), mapping).expect("writable");
    let output = run_in(folder.path());
    let told = String::from_utf8(output.stderr).expect("UTF-8");
    assert_eq!(output.status.code(), Some(code), "{told}");
    assert_eq!(output.stdout, b"", "{told}");
    assert!(!folder.path().join("out").exists(), "a report of nothing");
    told
}

#[track_caller]
fn told(mapping: &str) -> String {
    told_with(3, mapping.as_bytes())
}

/// What is told about the lines under `[fields]`, which begin on line 5.
#[track_caller]
fn about_fields(provider: &str, lines: &str) -> String {
    told(&format!(
        "provider = \"{provider}\"\n[contact]\nid = \"Id\"\n[fields]\n{lines}"
    ))
}
