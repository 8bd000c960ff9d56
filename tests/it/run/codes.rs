//! Wrong usage (2) and an unusable set-up (3): nothing is sent, and the words say what to do.

use super::harness::{OFFICIAL, QUICK, Run, people};
use super::server::{Server, answer, taken};

#[test]
fn wrong_usage_ends_with_2() {
    for args in [
        vec!["run"],
        vec!["run", "people.csv"],
        vec![
            "run",
            "people.csv",
            "-m",
            "shop/contacts.toml",
            "--no-such-option",
        ],
        vec![
            "run",
            "people.csv",
            "-m",
            "shop/contacts.toml",
            "--limit",
            "0",
        ],
        vec![
            "run",
            "people.csv",
            "-m",
            "shop/contacts.toml",
            "--concurrency",
            "0",
        ],
        vec![
            "run",
            "people.csv",
            "-m",
            "shop/contacts.toml",
            "--rate",
            "fast",
        ],
        vec![
            "run",
            "people.csv",
            "-m",
            "shop/contacts.toml",
            "--rate",
            "0/1s",
        ],
        vec![
            "run",
            "people.csv",
            "-m",
            "shop/contacts.toml",
            "--max-errors",
            "some",
        ],
        vec![
            "run",
            "people.csv",
            "-m",
            "shop/contacts.toml",
            "--max-errors",
            "101%",
        ],
        vec![
            "run",
            "people.csv",
            "-m",
            "shop/contacts.toml",
            "--format",
            "xml",
        ],
        vec!["synchronise"],
    ] {
        let (verb, rest) = args.split_first().expect("a verb");
        let run = Run::verb(verb)
            .file("people.csv", people(1))
            .file("shop/contacts.toml", QUICK);
        let done = run.args(rest.iter().copied()).go();
        assert_eq!(done.code, Some(2), "{done}");
        assert_eq!(done.stdout, "", "{done}");
        assert!(done.stderr.starts_with("error: "), "{done}");
        assert_eq!(done.directory(), None);
    }
}

#[test]
fn help_and_version_are_results() {
    let done = Run::verb("--help").go();
    assert!(done.code(0).stdout.contains("Exit codes:"), "{done}");
    let done = Run::verb("run").args(["--help"]).go();
    assert!(
        done.code(0).stdout.contains("CONTACT_SYNC_MAX_ERRORS"),
        "{done}"
    );
    let done = Run::verb("--version").go();
    assert_eq!(
        done.code(0).stdout,
        concat!("contact-sync ", env!("CARGO_PKG_VERSION"), "\n")
    );
}

#[test]
fn mistakes_of_a_mapping_are_told_all_at_once_before_anything_else() {
    let mapping = r#"provider = "highlevel"
[account]
token = "written out"
[contact]
id = "Id"
[fields]
fistName = "Name"
gender = "Name"
email = "E-mail"
"#;
    let server = Server::start(|_| taken());
    let done = Run::of(mapping, people(1))
        .to(&server)
        .without_env("SHOP_TOKEN")
        .go();
    done.code(3)
        .says("shop/contacts.toml:3:")
        .says("shop/contacts.toml:7:")
        .says("did you mean `firstName`?")
        .says("shop/contacts.toml:8:")
        .says("HighLevel refuses it here")
        .says("^")
        .says("nothing was sent");
    assert!(
        !done.stderr.contains("written out\""),
        "the place of a secret is shown without it: {done}"
    );
    assert_eq!(server.connections(), 0);
    assert_eq!(done.directory(), None, "no run, no directory");
}

#[test]
fn a_mapping_that_is_not_there_or_no_toml_is_told_with_its_name() {
    let run = Run::verb("run").file("people.csv", people(1));
    run.args(["people.csv", "-m", "missing.toml"])
        .go()
        .code(3)
        .says("missing.toml");
    Run::of("provider = \n", people(1))
        .go()
        .code(3)
        .says("shop/contacts.toml:1");
    let other = QUICK.replace("99digital", "99digitl");
    Run::of(&other, people(1))
        .go()
        .code(3)
        .says("did you mean `99digital`?");
}

#[test]
fn a_missing_secret_is_told_with_its_name_before_anything_is_sent() {
    let server = Server::start(|_| taken());
    let done = Run::of(QUICK, people(1))
        .to(&server)
        .without_env("SHOP_TOKEN")
        .go();
    done.code(3).says("SHOP_TOKEN");
    let done = Run::of(QUICK, people(1))
        .to(&server)
        .env("SHOP_TOKEN", "")
        .go();
    done.code(3).says("SHOP_TOKEN");
    let done = Run::of(QUICK, people(1))
        .to(&server)
        .env("SHOP_TOKEN", "two\nlines")
        .go();
    done.code(3).says("SHOP_TOKEN");
    assert!(!done.stderr.contains("two"), "{done}");
    assert_eq!(server.connections(), 0);
}

#[test]
fn reports_that_cannot_be_written_are_told_before_anything_is_sent() {
    let server = Server::start(|_| taken());
    for (out, words) in [
        ("people.csv", "people.csv"),
        ("/proc/no-such", "/proc/no-such"),
        ("people.csv/below", "people.csv/below"),
    ] {
        let run = Run::quick(1, &server).args(["--out", out]);
        let done = run.go();
        assert_eq!(done.code, Some(3), "{done}");
        done.says(words);
    }
    let done = Run::quick(1, &server)
        .args(["--requests", "/proc/no-such/file"])
        .go();
    done.code(3).says("/proc/no-such/file");
    assert_eq!(server.connections(), 0);
}

#[test]
fn an_own_provider_file_works_as_a_shipped_one_and_its_mistakes_are_told() {
    let api = include_str!("../../../mappings/99digital/api.toml");
    let mapping = QUICK.replace("\"99digital\"", "\"own/api.toml\"");
    let server = Server::start(|_| taken());
    let run = Run::of(&mapping, people(2))
        .to(&server)
        .args(["--rate", "2000/1s"]);
    run.file("shop/own/api.toml", api.replace("PATCH", "PUT"))
        .go()
        .code(0)
        .all("updated");
    assert_eq!(server.requests()[0].method, "PUT");
    let broken = api.replace("type = \"url\"", "type = \"link\"");
    let done = Run::of(&mapping, people(2))
        .file("shop/own/api.toml", broken)
        .args(["--dry-run"])
        .go();
    done.code(3).says("shop/own/api.toml:").says("link");
}

#[test]
fn errors_on_one_line_have_what_why_and_what_to_do() {
    let done = Run::of(OFFICIAL, people(1))
        .args(["--base-url", "http://example.com"])
        .go();
    let lines: Vec<&str> = done.code(3).stderr.trim_end().lines().collect();
    assert_eq!(lines.len(), 1, "{done}");
    assert!(lines[0].starts_with("error: "), "{done}");
}

#[test]
fn a_stop_that_names_no_time_asks_for_none() {
    let server = Server::start(|_| answer(401, r#"{"message":"no"}"#).into());
    let done = Run::quick(2, &server).go();
    done.code(5);
    let next = "Next: mend that, then run the same command again.";
    assert!(done.stdout.contains(next), "{done}");
    assert!(!done.stdout.contains("time named"), "{done}");
}

#[test]
fn mistakes_of_a_mapping_and_columns_that_are_missing_are_told_together() {
    let mapping = format!("{QUICK}identifier = \"Town\"\nnmae = \"Name\"\n");
    let done = Run::of(&mapping, people(1)).args(["--dry-run"]).go();
    done.code(3);
    done.says("no column `Town`").says("`nmae`");
}

#[test]
fn one_error_too_many_on_the_last_row_stops_nothing_because_nothing_is_left() {
    let csv = "Id,Name,Email\n1,A,a@example.org\n2,B,none\n";
    let done = Run::of(QUICK, csv)
        .args(["--dry-run", "--max-errors", "0"])
        .go();
    done.code(1);
    assert_eq!(
        (done.count("valid"), done.count("invalid")),
        (1, 1),
        "{done}"
    );
}
