//! The options of `run`, each by what it changes for whoever types it.

use serde_json::Value;

use super::done::Done;
use super::harness::{OFFICIAL, QUICK, Run, TOKEN, people};
use super::invariants::mode;
use super::server::{Server, answer, taken};

fn refuses_all() -> Server {
    Server::start(|_| answer(422, r#"{"message":"no"}"#).into())
}

#[test]
fn limit_takes_the_first_rows_only() {
    let server = Server::start(|_| taken());
    let done = Run::quick(12, &server).args(["--limit", "3"]).go();
    done.code(0);
    assert_eq!(server.contacts().len(), 3);
    assert_eq!(done.summary()["rows"], 3);
}

#[test]
fn max_errors_stops_the_run_and_leaves_the_rest_pending() {
    for (most, failed) in [("2", 3), ("25%", 4), ("0", 1)] {
        let server = refuses_all();
        let done = Run::quick(12, &server)
            .args(["--concurrency", "1", "--max-errors", most])
            .go();
        done.code(5);
        assert_eq!(
            (done.count("failed"), done.count("pending")),
            (failed, 12 - failed),
            "{done}"
        );
        assert_eq!(server.writes() as u64, failed);
        assert!(done.stdout.contains("--max-errors"), "{done}");
        // Whom they are about is said of all of them.
        for (line, number) in done.results().iter().zip(1..) {
            assert_eq!(line.contact_id, number.to_string(), "{done}");
        }
    }
}

#[test]
fn max_errors_counts_rows_that_were_refused_here() {
    let csv = "Id,Name,Email\n1,A,none\n2,B,none\n3,C,c@example.org\n";
    let done = Run::of(QUICK, csv)
        .args(["--dry-run", "--max-errors", "1"])
        .go();
    done.code(5);
    assert_eq!(
        (done.count("invalid"), done.count("pending")),
        (2, 1),
        "{done}"
    );
}

#[test]
fn a_run_in_which_nearly_everything_fails_alike_stops_by_itself() {
    let server = refuses_all();
    let done = Run::quick(150, &server).args(["--concurrency", "1"]).go();
    done.code(5);
    assert_eq!(done.count("failed"), 51);
    assert!(done.stdout.contains("--max-errors 100%"), "{done}");
    let server = refuses_all();
    let done = Run::quick(150, &server).args(["--max-errors", "100%"]).go();
    done.code(1).all("failed");
}

#[test]
fn out_names_the_run_directory_and_another_runs_report_is_never_replaced() {
    let server = Server::start(|_| taken());
    let done = Run::quick(1, &server).args(["--out", "here/report"]).go();
    done.code(0);
    assert_eq!(mode(&done.path("here/report")), 0o700);
    assert_eq!(done.summary()["run"], "report");

    let again = Run::quick(1, &server)
        .file("here/report/summary.json", "{}")
        .args(["--out", "here/report"])
        .go();
    again.code(3).says("summary.json");
    assert_eq!(server.writes(), 1, "nothing was sent the second time");
    assert_eq!(again.report("results.csv"), None);
    assert_eq!(again.report("summary.json").as_deref(), Some("{}"));
}

#[test]
fn the_same_command_again_is_told_to_have_another_out_and_other_requests() {
    let place = ["--out", "here", "--requests", "here/requests.jsonl"];
    let done = Run::of(QUICK, people(2))
        .args(["--dry-run"])
        .args(place)
        .go();
    done.code(0);
    assert!(done.path("here/requests.jsonl").is_file(), "{done}");
    let next = "Next: the same command without `--dry-run` sends them.\n  \
                Give it another `--out` and another `--requests`: no report is ever written over.\n";
    assert!(done.stdout.ends_with(next), "{done}");
}

#[test]
fn requests_never_have_the_name_of_a_report_of_the_run() {
    for name in ["results.csv", "errors.csv", "summary.json"] {
        let file = format!("./here/{name}");
        let done = Run::of(QUICK, people(1))
            .args(["--dry-run", "--out", "here", "--requests", &file])
            .go();
        done.code(3)
            .says(&format!("`{file}`: a report of this run is there already"));
    }
}

#[test]
fn requests_that_cannot_be_written_leave_no_empty_directory_behind() {
    let place = ["--out", "here", "--requests", "nowhere/requests.jsonl"];
    let done = Run::of(QUICK, people(1))
        .args(["--dry-run"])
        .args(place)
        .go();
    done.code(3).says("nowhere/requests.jsonl");
    assert!(!done.path("here").exists(), "{done}");
}

#[test]
fn without_out_the_directory_is_named_after_the_mappings_folder_and_the_time() {
    let done = Run::of(QUICK, people(1)).args(["--dry-run"]).go();
    let directory = done.directory().expect("a directory");
    let name = directory
        .file_name()
        .expect("a name")
        .to_string_lossy()
        .into_owned();
    let time = name.strip_prefix("shop-").expect("the folder");
    assert_eq!(
        (time.len(), &time[8..9], &time[15..]),
        (16, "T", "Z"),
        "{name}"
    );
    assert_eq!(done.summary()["run"], name.as_str());
}

fn requests(text: &str) -> Vec<Value> {
    text.lines()
        .map(|line| serde_json::from_str(line).expect("one JSON object a line"))
        .collect()
}

#[test]
fn requests_are_written_as_they_are_sent_without_the_secret() {
    let server = Server::start(|_| taken());
    let mut csv = people(2);
    csv += "3,\"Two\nlines\",none\n4,\"Four \"\"4\"\"\",p4@example.org\n";
    let done = Run::of(QUICK, csv)
        .to(&server)
        .args(["--rate", "2000/1s", "--requests", "sent.jsonl"])
        .go();
    done.code(1);
    assert_eq!(mode(&done.path("sent.jsonl")), 0o600);
    let shown = requests(&std::fs::read_to_string(done.path("sent.jsonl")).expect("written"));
    let rows: Vec<_> = shown
        .iter()
        .map(|own| (own["row"].as_u64(), own["line"].as_u64()))
        .collect();
    assert_eq!(
        rows,
        [(Some(1), Some(2)), (Some(2), Some(3)), (Some(4), Some(6))],
        "the invalid row is not sent"
    );
    for own in &shown {
        let keys: Vec<&String> = own.as_object().expect("an object").keys().collect();
        assert_eq!(keys, ["row", "line", "method", "url", "headers", "body"]);
        let url = own["url"].as_str().expect("text");
        let sent = server
            .requests()
            .into_iter()
            .find(|sent| url.ends_with(&sent.target))
            .expect("it was sent");
        assert_eq!(url, format!("{}{}", server.url(), sent.target));
        assert_eq!(own["method"], sent.method.as_str());
        assert_eq!(own["body"], sent.json());
        for (name, value) in own["headers"].as_object().expect("headers") {
            let value = value.as_str().expect("text").replace("[secret]", TOKEN);
            assert_eq!(
                sent.header(&name.to_lowercase()),
                Some(value.as_str()),
                "{name}"
            );
        }
    }
    assert_eq!(shown[0]["headers"]["api_access_token"], "[secret]");
    let again = Run::of(QUICK, people(1))
        .file("sent.jsonl", "")
        .args(["--dry-run", "--requests", "sent.jsonl"])
        .go();
    again.code(3).says("sent.jsonl");
}

#[test]
fn a_request_that_is_sent_again_is_written_again() {
    let server = Server::start(|request| match request.before {
        1 => answer(503, "{}").into(),
        _ => taken(),
    });
    let done = Run::quick(2, &server)
        .args(["--concurrency", "1", "--requests", "sent.jsonl"])
        .go();
    done.code(0).all("updated");
    let shown = requests(&std::fs::read_to_string(done.path("sent.jsonl")).expect("written"));
    let rows: Vec<_> = shown.iter().map(|own| own["row"].as_u64()).collect();
    assert_eq!(rows, [Some(1), Some(2), Some(2)], "{done}");
    assert_eq!(shown[1], shown[2]);
    assert_eq!(done.summary()["requests"], 3);
}

#[test]
fn requests_on_standard_output_have_it_for_themselves() {
    let done = Run::of(OFFICIAL, people(3))
        .args(["--dry-run", "--requests", "-"])
        .go();
    done.code(0).all("valid");
    let shown = requests(&done.stdout);
    assert_eq!(shown.len(), 3);
    assert_eq!(
        shown[0]["url"],
        "https://services.leadconnectorhq.com/contacts/1"
    );
    assert_eq!(shown[0]["headers"]["authorization"], "Bearer [secret]");
    assert_eq!(shown[0]["headers"]["Version"], "2021-07-28");
    done.says("Dry run: all is well with 3 rows. Nothing was sent.");
}

#[test]
fn json_is_one_object_on_standard_output_and_the_same_as_in_the_file() {
    let done = Run::of(QUICK, people(3))
        .args(["--dry-run", "--format", "json"])
        .go();
    assert_eq!(done.code(0).stdout.lines().count(), 1);
    let told: Value = serde_json::from_str(&done.stdout).expect("JSON");
    assert_eq!(told, done.summary());
    let keys: Vec<&String> = told.as_object().expect("an object").keys().collect();
    assert_eq!(
        keys,
        [
            "run",
            "started",
            "finished",
            "provider",
            "account",
            "mapping",
            "input",
            "input_sha256",
            "read",
            "rows",
            "outcomes",
            "requests",
            "retries",
            "throttled",
            "rate",
            "exit",
            "reason"
        ]
    );
    let outcomes: Vec<&String> = told["outcomes"]
        .as_object()
        .expect("an object")
        .keys()
        .collect();
    assert_eq!(
        outcomes,
        [
            "valid",
            "unchanged",
            "skipped",
            "invalid",
            "failed",
            "unknown",
            "pending"
        ]
    );
}

#[test]
fn every_option_is_read_from_the_environment_too() {
    let run = Run::verb("run")
        .file("people.csv", people(5))
        .file("shop/contacts.toml", QUICK);
    let done = run
        .args(["people.csv"])
        .env("CONTACT_SYNC_MAPPING", "shop/contacts.toml")
        .env("CONTACT_SYNC_DRY_RUN", "true")
        .env("CONTACT_SYNC_LIMIT", "2")
        .env("CONTACT_SYNC_RATE", "7/2s")
        .env("CONTACT_SYNC_CONCURRENCY", "4")
        .env("CONTACT_SYNC_MAX_ERRORS", "50%")
        .env("CONTACT_SYNC_BASE_URL", "http://127.0.0.1:9/prefix")
        .env("CONTACT_SYNC_REQUESTS", "would.jsonl")
        .env("CONTACT_SYNC_FORMAT", "json")
        .env("CONTACT_SYNC_LOG_FORMAT", "json")
        .env("CONTACT_SYNC_VERBOSE", "2")
        .env("CONTACT_SYNC_NO_PROGRESS", "1")
        .go();
    let summary = done.code(0).summary();
    assert_eq!(
        (&summary["rows"], &summary["rate"]["allowed"]),
        (&Value::from(2), &Value::from("7/2s"))
    );
    let shown = requests(&std::fs::read_to_string(done.path("would.jsonl")).expect("written"));
    assert_eq!(
        shown[1]["url"],
        "http://127.0.0.1:9/prefix/api/v1/accounts/7/contacts/2"
    );
    assert_eq!(done.stdout.lines().count(), 1);

    let off = Run::of(QUICK, people(1))
        .env("CONTACT_SYNC_DRY_RUN", "false")
        .env("CONTACT_SYNC_SANDBOX", "true")
        .go();
    off.code(0).all("updated");
    let out = Run::of(QUICK, people(1))
        .args(["--dry-run"])
        .env("CONTACT_SYNC_OUT", "elsewhere")
        .go();
    assert!(out.code(0).path("elsewhere/summary.json").exists());
}

#[test]
fn to_say_more_is_read_from_the_environment_as_a_number_or_a_yes() {
    let said = |value: &str| {
        let run = Run::of(QUICK, people(1)).args(["--dry-run"]);
        run.env("CONTACT_SYNC_VERBOSE", value).go()
    };
    for value in ["true", "yes", "1"] {
        said(value).code(0).says("at most 5/s to");
    }
    for value in ["false", "off", "0"] {
        let done = said(value);
        assert!(!done.code(0).stderr.contains("at most 5/s to"), "{done}");
    }
    said("much")
        .code(2)
        .says("write a number, `true` or `false`");
}

#[test]
fn what_is_typed_wins_over_the_environment() {
    let done = Run::of(QUICK, people(5))
        .args(["--dry-run", "--limit", "4"])
        .env("CONTACT_SYNC_LIMIT", "2")
        .go();
    assert_eq!(done.code(0).summary()["rows"], 4);
}

#[test]
fn verbose_says_what_was_found_and_what_became_of_each_row() {
    let csv = people(1).replace(',', ";") + "x;B;b@example.org\n";
    let dry = || Run::of(QUICK, &csv).args(["--dry-run"]);
    let done = dry().args(["-v"]).go();
    done.code(1)
        .says("people.csv has 2 rows, with `;` between cells")
        .says("at most 5/s to https://online.99digital.co.il/")
        .says("reports go to runs/shop-");
    assert!(!done.stderr.contains("row 1"), "{done}");
    let done = dry().args(["-vv"]).go();
    done.says("row 1 on line 2: valid")
        .says("row 2 on line 3: invalid bad-id `x` is no id of this account");
}

fn log_lines(done: &Done) -> Vec<&str> {
    done.stderr.lines().collect()
}

#[test]
fn quiet_says_nothing_but_the_result_and_the_log_can_be_json() {
    let dry = || {
        Run::of(QUICK, people(1))
            .args(["--dry-run"])
            .without_env("SHOP_TOKEN")
    };
    let done = dry().go();
    done.code(0)
        .says("the environment variable `SHOP_TOKEN` is not set; a real run needs it");
    assert_eq!(dry().args(["--quiet"]).go().stderr, "");
    let done = dry().args(["--log-format", "json"]).go();
    let line: Value = serde_json::from_str(log_lines(&done)[0]).expect("a JSON line");
    assert_eq!(line["level"], "WARN");
}
