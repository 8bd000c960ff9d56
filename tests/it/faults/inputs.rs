//! Cells, files and settings that somebody wrote to do harm, through the program itself.

use std::fmt::Write as _;
use std::fs::{self, Permissions};
use std::io::Write as _;
use std::os::unix::fs::PermissionsExt as _;

use super::{quick, run_of};
use crate::run::harness::{OFFICIAL, QUICK, people};
use crate::run::server::{Server, answer, taken};

fn honest() -> Server {
    Server::start(|_| answer(200, r#"{"succeded":true,"contact":{"id":"x"}}"#).into())
}

/// The CSV of these ids, each with an e-mail address that tells which one it is.
fn with_ids(ids: &[&str]) -> String {
    let mut csv = "Id,Name,Email\n".to_owned();
    for (at, id) in ids.iter().enumerate() {
        let _ = writeln!(
            csv,
            "\"{}\",Person,p{at}@example.org",
            id.replace('"', "\"\"")
        );
    }
    csv
}

#[test]
fn an_id_never_leads_to_another_path() {
    let long = "x".repeat(10_240);
    let ids = [
        "../../x",
        "..%2F..%2Fx",
        "%2e%2e",
        "%2E%2E/x",
        "a/b",
        "?x=1",
        "id?x=1",
        "#",
        "id#f",
        ".",
        "..",
        "...",
        "%",
        "%00",
        "a\r\nX-Injected: 1",
        "a\nb",
        "a\tb",
        "//other.example/x",
        "http://other.example/x",
        "\\..\\x",
        "a b",
        "a%0d%0ab",
        "é",
        "\u{202e}abc",
        "ab\u{200b}c",
        "@other.example",
        ":80",
        long.as_str(),
    ];
    let server = honest();
    let done = run_of(OFFICIAL, with_ids(&ids)).to(&server).go();
    assert!(matches!(done.code, Some(0 | 1)), "{done}");
    let results = done.results();
    assert_eq!(results.len(), ids.len());
    for request in server.requests() {
        assert_eq!(request.method, "PUT");
        assert_eq!(request.header("x-injected"), None);
        let segment = request
            .target
            .strip_prefix("/contacts/")
            .expect("the API's own path");
        assert!(!segment.contains(['/', '?', '#', '\\', ' ']), "{segment}");
        assert!(!segment.is_empty() && segment != "." && segment != "..");
        let id = percent_encoding::percent_decode_str(segment)
            .decode_utf8()
            .expect("UTF-8");
        let at: usize = request.json()["email"]
            .as_str()
            .and_then(|email| email.strip_prefix('p')?.split('@').next()?.parse().ok())
            .expect("which row");
        assert_eq!(id, ids[at], "this request is about the row's own contact");
        assert_eq!(results[at].outcome, "updated");
    }
    for (line, id) in results.iter().zip(ids) {
        let must_not =
            id.contains(['\r', '\n', '\t', '\u{202e}', '\u{200b}']) || [".", ".."].contains(&id);
        assert!(!must_not || line.outcome == "invalid", "{id:?}: {done}");
    }
}

#[test]
fn formulas_are_sent_as_they_are_and_are_harmless_in_reports() {
    let cells = [
        "=cmd|'/c calc'!A0",
        "@SUM(1+1)*cmd|'/c calc'!A0",
        "+1+1",
        "-2+3",
        "=HYPERLINK(\"http://x.example\",\"ok\")",
        "=1+1;DROP",
    ];
    let mut csv = "Id,Name,Email\n".to_owned();
    for (at, cell) in cells.iter().enumerate() {
        let _ = writeln!(
            csv,
            "{},\"{}\",p@example.org",
            at + 1,
            cell.replace('"', "\"\"")
        );
    }
    let server = Server::start(|request| {
        let name = request.json()["name"].as_str().expect("a name").to_owned();
        let body = serde_json::json!({ "message": name, "attributes": [name] });
        answer(422, &body.to_string())
            .header("x-request-id", "=1+1")
            .into()
    });
    let done = run_of(QUICK, &csv)
        .to(&server)
        .args(["--rate", "2000/1s"])
        .go();
    done.code(1).all("failed");
    let sent: Vec<String> = server
        .requests()
        .iter()
        .map(|request| request.json()["name"].as_str().expect("a name").to_owned())
        .collect();
    for cell in cells {
        assert!(
            sent.iter().any(|own| own == cell),
            "{cell} is sent as it is"
        );
    }
    let harmless = |text: &str| !text.starts_with(['=', '+', '-', '@', '\t', '\r']);
    for line in done.results() {
        for text in [
            &line.message,
            &line.field,
            &line.request_id,
            &line.contact_id,
        ] {
            assert!(harmless(text), "{text}: {done}");
        }
    }
    // The input's own cells come back unchanged; only what we add is made harmless.
    let errors = done.report("errors.csv").expect("errors.csv");
    let mut reader = csv::Reader::from_reader(errors.as_bytes());
    for (record, cell) in reader.records().zip(cells) {
        let record = record.expect("a record");
        assert!(cells.contains(&&record[1]), "{cell}");
        assert!(record.iter().skip(3).all(harmless), "{record:?}");
    }
}

#[test]
fn characters_that_are_not_seen_are_refused_where_they_would_do_harm() {
    for bad in [
        '\u{1}', '\u{7f}', '\u{200b}', '\u{200f}', '\u{202e}', '\u{2066}', '\u{feff}',
    ] {
        let csv = format!(
            "Id,Name,Email,Phone\nab{bad}c,A,a@example.org,+491711234567\nb,B,b{bad}b@example.org,+491711234567\nc,C,c@example.org,+4917{bad}11234567\nd,D,d@example.org,+491711234567\n"
        );
        let mapping = format!("{OFFICIAL}phone = \"Phone\"\n");
        let server = honest();
        let done = run_of(&mapping, csv).to(&server).go();
        let shown = bad.escape_unicode();
        assert_eq!(done.code, Some(1), "{shown}: {done}");
        let rows = done.results();
        for line in &rows[..3] {
            assert_eq!(line.outcome, "invalid", "{shown}: {done}");
        }
        assert_eq!(rows[3].outcome, "updated", "{shown}: {done}");
        assert_eq!(server.writes(), 1);
        for text in [
            &done.stdout,
            &done.stderr,
            &done.report("results.csv").expect("results"),
        ] {
            assert!(!text.contains(bad), "{shown} is shown as it is: {done}");
        }
    }
}

#[test]
fn a_record_that_never_ends_is_refused_before_anything_is_sent() {
    let server = honest();
    let mut csv = people(3);
    csv += &format!("4,{},d@example.org\n", "x".repeat(3 << 20));
    let done = run_of(QUICK, csv).to(&server).go();
    done.code(4).says("line 5");
    let mut csv = people(3).into_bytes();
    csv.resize(csv.len() + (3 << 20), b'x');
    run_of(QUICK, csv).to(&server).go().code(4);
    let mut csv = people(3) + "4,\"";
    csv += &"x\n".repeat(2 << 20);
    run_of(QUICK, csv).to(&server).go().code(4);
    assert_eq!(server.connections(), 0);
}

#[test]
#[ignore = "a file of 1 GB"]
fn a_gigabyte_without_a_line_end_is_refused_in_flat_memory() {
    let run = run_of(QUICK, people(1)).args(["--dry-run"]);
    let mut file = fs::File::options()
        .append(true)
        .open(run.path("people.csv"))
        .expect("the file");
    for _ in 0..1_024 {
        file.write_all(&[b'x'; 1 << 20]).expect("room on the disk");
    }
    drop(file);
    // 256 MiB of address space: whoever keeps the record fails otherwise.
    let done = run.inside("sh", ["-c", "ulimit -v 262144; exec \"$0\" \"$@\""]);
    done.code(4).says("line 3");
}

#[test]
fn a_key_that_others_can_read_is_refused_before_anything_is_sent() {
    let server = Server::start(|_| taken());
    let mapping = QUICK.replace("{ env = \"SHOP_TOKEN\" }", "{ file = \"key\" }");
    for mode in [0o644, 0o640, 0o604, 0o666] {
        let run = run_of(&mapping, people(1))
            .to(&server)
            .file("shop/key", "not-the-canary");
        fs::set_permissions(run.path("shop/key"), Permissions::from_mode(mode)).expect("a mode");
        let done = run.go();
        done.code(3).says("chmod 600");
        assert!(!done.stderr.contains("not-the-canary"), "{done}");
    }
    assert_eq!(server.connections(), 0);
}

#[test]
fn a_key_that_cannot_stand_in_a_header_is_refused_and_not_shown() {
    let server = Server::start(|_| taken());
    for key in [
        "abc\ndef-hidden",
        "abc\rdef-hidden",
        "abc\u{1}def-hidden",
        "abc\u{7f}def-hidden",
        "",
        "  ",
    ] {
        let done = quick(1, &server)
            .without_env("SHOP_TOKEN")
            .env("SHOP_TOKEN", key)
            .go();
        done.code(3);
        assert!(!done.stderr.contains("hidden"), "{done}");
    }
    assert_eq!(server.connections(), 0);
}

#[test]
fn a_mapping_that_would_carry_the_key_away_is_refused_however_the_host_is_written() {
    for host in [
        "https://evil.example",
        "https://online.99digital.co.il.evil.example",
        "https://online.99digital.co.il@evil.example",
        "https://evil.example/online.99digital.co.il",
        "https://online.99digital.co.il:8443@evil.example",
        "https://xn--online-99digital.co.il",
        "http://online.99digital.co.il",
        "https://evil.example#online.99digital.co.il",
        "https://127.0.0.1.evil.example",
    ] {
        let mapping = format!("base_url = \"{host}\"\n{QUICK}");
        run_of(&mapping, people(1)).go().code(3);
    }
}

#[test]
fn mappings_beyond_reason_are_refused() {
    let deep = format!("x = {}{}\n{QUICK}", "[".repeat(10_000), "]".repeat(10_000));
    let dotted = format!("{}x = 1\n", "a.".repeat(20_000));
    let tables = format!("{QUICK}\"{}\" = \"Name\"\n", "a.".repeat(10_000));
    let binary = "\u{0}\u{1}\u{2}".repeat(1_000);
    let large = format!("{QUICK}# {}\n", "x".repeat(2 << 20));
    for mapping in [deep, dotted, tables, binary, large] {
        let shown: String = mapping.chars().take(30).collect();
        let done = run_of(&mapping, people(1)).go();
        assert_eq!(done.code, Some(3), "{shown}");
        assert!(done.stderr.len() < 20_000, "{shown}: {}", done.stderr.len());
    }
}
