//! `errors.csv` fed back unchanged with the same mapping gives the same verdicts.

use std::fs;

use super::done::Done;
use super::harness::{QUICK, Run, people};
use super::server::{Server, answer};

/// What a row is told, without its number, line and times.
fn verdicts(done: &Done) -> Vec<[String; 5]> {
    let lines = done
        .results()
        .into_iter()
        .filter(|line| ["invalid", "failed", "unknown"].contains(&line.outcome.as_str()));
    lines
        .map(|line| {
            [
                line.contact_id,
                line.outcome,
                line.code,
                line.field,
                line.message,
            ]
        })
        .collect()
}

/// `errors.csv` without the two columns that count rows anew: the input's own columns and the reasons.
fn without_numbers(errors: &str, delimiter: u8) -> Vec<Vec<String>> {
    let mut reader = csv::ReaderBuilder::new()
        .delimiter(delimiter)
        .flexible(true)
        .from_reader(errors.as_bytes());
    let records = reader.records().map(|record| {
        let record = record.expect("a record");
        let ours = record.len() - 6;
        let cells = record
            .iter()
            .enumerate()
            .filter(|(at, _)| *at != ours && *at != ours + 1);
        cells.map(|(_, cell)| cell.to_owned()).collect()
    });
    records.collect()
}

fn fed_back(mapping: &str, csv: &str, delimiter: u8, args: &[&str]) -> String {
    let first = Run::of(mapping, csv).args(args.iter().copied()).go();
    first.code(1);
    let errors = first.report("errors.csv").expect("errors.csv");
    let mut before = (verdicts(&first), errors.clone());
    for _ in 0..2 {
        let again = Run::of(mapping, &before.1).args(args.iter().copied()).go();
        again.code(1);
        let now = again.report("errors.csv").expect("errors.csv");
        assert_eq!(verdicts(&again), before.0, "{again}");
        assert_eq!(again.results().len(), before.0.len(), "{again}");
        assert_eq!(
            without_numbers(&now, delimiter),
            without_numbers(&before.1, delimiter)
        );
        before = (verdicts(&again), now);
    }
    errors
}

const ODD: &str = "Id,Name,Email,Notes
1,Fine,fine@example.org,
2,Bad address,nobody,\"two
lines, and a comma\"
3,Too short
4,Too long,long@example.org,notes,more,,
5,\"Tel\"Aviv,aviv@example.org,notes
6,\"Tel\"Aviv again,aviv@example.org,notes,too many as well
7,\"He said \"\"hi\"\"; twice|\",nobody,=1+1
 8 ,  Blanks  , no body ,
seven,Bad id,id@example.org,'quoted
9,\u{5e9}\u{5dc}\u{5d5}\u{5dd},\u{202e}odd@example.org,\ttab
10
";

#[test]
fn rows_refused_here_are_refused_for_the_same_reason_again() {
    for bom in ["", "\u{feff}"] {
        let errors = fed_back(QUICK, &format!("{bom}{ODD}"), b',', &["--dry-run"]);
        assert_eq!(errors.starts_with('\u{feff}'), !bom.is_empty());
        assert!(
            errors.contains(
                "2,Bad address,nobody,\"two\nlines, and a comma\",2,3,invalid,bad-email,Email,"
            ),
            "{errors}"
        );
        assert!(
            errors.contains("\n5,\"Tel\"Aviv,aviv@example.org,notes,"),
            "{errors}"
        );
        assert!(
            errors.contains("\n 8 ,  Blanks  , no body ,,"),
            "cells are given back unchanged: {errors}"
        );
    }
}

#[test]
fn the_inputs_own_delimiter_comes_back() {
    for delimiter in [b';', b'\t', b'|'] {
        let mark = char::from(delimiter).to_string();
        let csv = ODD
            .replace("; twice|", ", twice")
            .replace("\ttab", "tab")
            .replace(',', &mark);
        let errors = fed_back(QUICK, &csv, delimiter, &["--dry-run"]);
        assert!(
            errors.starts_with(&format!(
                "Id{mark}Name{mark}Email{mark}Notes{mark}sync_row{mark}"
            )),
            "{errors}"
        );
    }
    let csv = format!(
        "sep=;\n{}",
        ODD.replace("; twice|", "twice").replace(',', ";")
    );
    fed_back(QUICK, &csv, b';', &["--dry-run"]);
}

#[test]
fn a_file_with_one_column_comes_back_too() {
    let mapping = QUICK.replace(
        "name = \"Name\"\nemail = \"Email\"\n",
        "name = { value = \"A\" }\n",
    );
    fed_back(&mapping, "Id\n1\nx\n2\n", b',', &["--dry-run"]);
}

#[test]
fn rows_that_the_provider_refused_are_sent_again_with_the_same_values() {
    let server = Server::start(|request| {
        let reason = format!(
            "{}, no",
            request.json()["name"].as_str().unwrap_or_default()
        );
        answer(422, &serde_json::json!({ "message": reason }).to_string()).into()
    });
    let url = server.url();
    let csv =
        "Id,Name,Email\n1,\"=SUM(A1)\",a@example.org\n2,+972,b@example.org\n3,'007,c@example.org\n";
    fed_back(
        QUICK,
        csv,
        b',',
        &[
            "--base-url",
            &url,
            "--rate",
            "2000/1s",
            "--concurrency",
            "1",
        ],
    );
    let bodies: Vec<String> = server.requests().into_iter().map(|own| own.body).collect();
    assert_eq!(bodies.len(), 9);
    assert!(
        bodies[..3] == bodies[3..6] && bodies[..3] == bodies[6..],
        "{bodies:?}"
    );
}

#[test]
fn the_samples_errors_come_back_with_every_shipped_mapping() {
    let home = env!("CARGO_MANIFEST_DIR");
    for provider in ["highlevel", "99digital", "zingle", "insighto", "acquire"] {
        let mapping = fs::read_to_string(format!("{home}/mappings/{provider}/contacts.toml"))
            .expect("a mapping");
        let sample =
            fs::read_to_string(format!("{home}/samples/contacts.csv")).expect("the sample");
        fed_back(&mapping, &sample, b',', &["--dry-run"]);
    }
}

#[test]
fn what_keeps_a_run_slow_and_careful_stands_in_the_command_that_is_told() {
    let server = Server::start(|_| answer(422, r#"{"message":"no"}"#).into());
    let done = Run::of(QUICK, people(2))
        .to(&server)
        .args(["--rate", "50/1s", "--max-errors", "5"])
        .go();
    let told = &done.code(1).stdout;
    assert!(told.contains(" --rate=50/1s --max-errors=5\n"), "{done}");
}
