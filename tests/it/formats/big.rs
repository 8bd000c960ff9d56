//! Large lists in little memory. Slow, so only on demand: `cargo test --release --test it big -- --ignored`.
//!
//! Measured on 2026-11-21, a debug build on two shared cores: 1,000,000 rows of CSV 27 MiB, 100,000 rows of xlsx 27 MiB.
//! The day before: the same CSV as UTF-16 in gzip 30 MiB and in zstd -19 37 MiB, 3 GB of line ends in 13 MB of gzip
//! 21 MiB (refused).

use std::fs;
use std::io::{BufWriter, Write};
use std::path::Path;
use std::process::Command;

use serde_json::json;

use super::Place;

/// The most memory that a dry run over the list took, in MiB, as GNU time tells it.
fn memory(place: &Place, list: &Path, rows: u64) -> Option<u64> {
    let ran = Command::new("/usr/bin/time")
        .args(["-f", "peak %M", env!("CARGO_BIN_EXE_contact-sync"), "run"])
        .arg(list)
        .arg("-m")
        .arg(place.at("mapping.toml"))
        .args(["--dry-run", "--out"])
        .arg(place.at("run"))
        .output();
    let Ok(ran) = ran else {
        super::skipped("there is no /usr/bin/time");
        return None;
    };
    let told = String::from_utf8_lossy(&ran.stderr).into_owned();
    assert!(ran.status.success(), "{told}");
    let summary = fs::read_to_string(place.at("run/summary.json")).expect("it is there");
    assert!(summary.contains(&format!("\"rows\": {rows}")), "{summary}");
    let peak = told.lines().find_map(|line| line.strip_prefix("peak "));
    Some(peak?.trim().parse::<u64>().expect("kilobytes") / 1024)
}

#[test]
#[ignore = "writes and reads 100 MB"]
fn a_million_rows_of_text_take_little_memory() {
    let place = Place::new();
    let list = place.at("list.csv");
    let mut out = BufWriter::new(fs::File::create(&list).expect("room"));
    writeln!(out, "Id,First,Last,Mail,Phone,Born,Note").expect("room");
    for n in 0..1_000_000 {
        writeln!(
            out,
            "id{n:07},First{n},Levi,p{n}@example.com,+97252{n:07},06/05/1990,\"שלום, {n}\""
        )
        .expect("room");
    }
    out.flush().expect("room");
    if let Some(peak) = memory(&place, &list, 1_000_000) {
        assert!(peak <= 64, "{peak} MiB");
    }
}

#[test]
#[ignore = "makes and reads a large workbook"]
fn a_hundred_thousand_rows_of_a_workbook_take_bounded_memory() {
    let place = Place::new();
    let Some(list) = place.made("list.xlsx", &json!({"kind": "big", "rows": 100_000})) else {
        return;
    };
    if let Some(peak) = memory(&place, &list, 100_000) {
        assert!(peak <= 300, "{peak} MiB");
    }
}
