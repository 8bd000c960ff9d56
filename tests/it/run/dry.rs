//! Trying it out: a dry run that touches no network, and the shipped mappings against the stand-in.

use std::collections::BTreeMap;
use std::fs;
use std::process::Command;

use super::done::Done;
use super::harness::{OFFICIAL, QUICK, Run, people, skipped};
use super::server::{Server, taken};

const PROVIDERS: [&str; 5] = ["highlevel", "99digital", "zingle", "insighto", "acquire"];

/// The shipped mapping and sample, as a clone of the project has them.
fn shipped(provider: &str) -> Run {
    let home = env!("CARGO_MANIFEST_DIR");
    let mapping = format!("{home}/mappings/{provider}/contacts.toml");
    let run = Run::verb("run").without_env("SHOP_TOKEN");
    run.args([
        format!("{home}/samples/contacts.csv"),
        "-m".to_owned(),
        mapping,
        "--no-progress".to_owned(),
    ])
}

#[test]
fn a_dry_run_opens_no_connection_and_needs_no_secret() {
    let server = Server::start(|_| taken());
    let done = Run::of(QUICK, people(12))
        .to(&server)
        .args(["--dry-run"])
        .without_env("SHOP_TOKEN")
        .go();
    done.code(0).all("valid").says("SHOP_TOKEN");
    assert_eq!(server.connections(), 0);
    assert_eq!(done.summary()["requests"], 0);
    assert!(done.stdout.contains("Nothing was sent."), "{done}");
}

#[test]
fn a_dry_run_makes_no_network_call_of_the_system_at_all() {
    let able = Command::new("strace")
        .args(["-o", "/dev/null", "true"])
        .status();
    if !able.is_ok_and(|status| status.success()) {
        skipped("there is no strace here, or it may not trace");
        return;
    }
    for sandbox in [None, Some("--sandbox")] {
        let run = Run::of(QUICK, people(3))
            .args(["--dry-run", "--requests", "-"])
            .args(sandbox);
        let trace = run.path("trace.txt");
        let words = ["-f", "-e", "trace=network", "-o"].map(Into::into);
        let done = run.inside(
            "strace",
            words.into_iter().chain([trace.clone().into_os_string()]),
        );
        done.code(0).all("valid");
        let trace = fs::read_to_string(trace).expect("a trace");
        assert!(trace.contains("exited with 0"), "{trace}");
        assert!(
            !trace.contains("connect(") && !trace.contains("AF_INET"),
            "{trace}"
        );
    }
}

fn codes(done: &Done) -> BTreeMap<u64, (String, String)> {
    done.results()
        .into_iter()
        .map(|line| (line.row, (line.outcome, line.code)))
        .collect()
}

fn rehearse(provider: &str) {
    let done = shipped(provider).args(["--sandbox"]).go();
    done.code(1);
    assert_eq!(done.summary()["rows"], 24);
    assert_eq!(
        (
            done.count("updated"),
            done.count("skipped"),
            done.count("invalid")
        ),
        (14, 1, 9),
        "{done}"
    );
    assert_eq!(
        (done.count("failed"), done.count("unknown")),
        (0, 0),
        "{done}"
    );
    assert!(done.report("errors.csv").is_some());
    let dry = shipped(provider)
        .args(["--dry-run", "--requests", "-"])
        .go();
    dry.code(1);
    // A provider that may replace an object whole is asked for it first.
    let writes = dry
        .stdout
        .lines()
        .filter(|line| !line.contains(r#""method":"GET""#));
    assert_eq!(writes.count(), 14, "{dry}");
    assert!(
        dry.stdout.lines().all(|line| line.contains("[secret]")),
        "{dry}"
    );
    let mut expected = codes(&done);
    for (outcome, _) in expected
        .values_mut()
        .filter(|(outcome, _)| outcome == "updated")
    {
        *outcome = "valid".to_owned();
    }
    assert_eq!(codes(&dry), expected, "a dry run finds what a run finds");
}

#[test]
fn the_highlevel_mapping_works_with_the_sample() {
    rehearse(PROVIDERS[0]);
}

#[test]
fn the_99digital_mapping_works_with_the_sample() {
    rehearse(PROVIDERS[1]);
}

#[test]
fn the_zingle_mapping_works_with_the_sample() {
    rehearse(PROVIDERS[2]);
}

#[test]
fn the_insighto_mapping_works_with_the_sample() {
    rehearse(PROVIDERS[3]);
}

#[test]
fn the_acquire_mapping_works_with_the_sample() {
    rehearse(PROVIDERS[4]);
}

#[test]
fn a_yes_for_every_row_is_said_in_the_mappings_own_words() {
    for (said, sent) in [
        (r#"value = "Yes", true = ["yes"], false = ["no"]"#, "true"),
        (r#"value = "no", true = ["yes"], false = ["no"]"#, "false"),
        (r#"value = "out", lookup = { "out" = "true" }"#, "true"),
        (
            r#"value = " yes. ", clean = ["trim"], true = "yes.""#,
            "true",
        ),
        (r#"value = false, true = ["yes"]"#, "false"),
        ("value = true", "true"),
    ] {
        let mapping = format!("{OFFICIAL}dnd = {{ {said} }}\n");
        let run = Run::of(&mapping, people(1)).args(["--dry-run", "--requests", "-"]);
        let done = run.go();
        let dnd = format!(r#""dnd":{sent}"#);
        assert!(done.code(0).stdout.contains(&dnd), "{said}: {done}");
    }
    let unknown =
        OFFICIAL.to_owned() + "dnd = { value = \"on\", true = \"yes\", false = \"no\" }\n";
    let done = Run::of(&unknown, people(1)).args(["--dry-run"]).go();
    done.code(3)
        .says("`dnd`: `on` is neither yes (`yes`) nor no (`no`)");
}

#[test]
fn the_stand_in_is_told_made_up_secrets_only() {
    let mut command = Run::of(QUICK, people(2)).args(["--sandbox", "--rate", "5/1s"]);
    command = command.without_env("SHOP_TOKEN");
    command.go().code(0).all("updated");
}
