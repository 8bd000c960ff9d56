//! What is around a run and none of its business: the locale, the time zone, a process that is stopped and goes on, a
//! system that would keep a crashed program's memory.

use std::fs;
use std::time::{Duration, Instant};

use crate::run::done::Done;
use crate::run::harness::{QUICK, Run, people, skipped};
use crate::run::server::{Reaction, Server, answer, taken};

/// Everything that a locale or a time zone could change: letters, numbers, dates and times, phones, and words of ours.
const MAPPING: &str = r#"provider = "highlevel"
[account]
token = { env = "SHOP_TOKEN" }
location_id = "ve9EPM428h8vShlRW1KT"
[contact]
match = { email = "Email" }
mode = "upsert"
[fields]
firstName = { column = "Name", clean = ["trim", "title"] }
lastName = { column = "Name", clean = ["lower"] }
timezone = { value = "Asia/Jerusalem" }
source = { column = "Name", clean = ["upper"] }
email = "Email"
phone = { column = "Phone", region = "IL" }
country = { column = "Country", lookup = { "Israel" = "IL" } }
dateOfBirth = { column = "Birthday", format = "%d %B %Y" }
"#;

const CSV: &str = "Name,Email,Phone,Country,Birthday
istanbul ISPARTA,I@EXAMPLE.ORG,052-345-6781,Israel,01 January 1980
DIYARBAKIR ığdır,i2@example.org,052-345-6782,Israel,31 December 1999
\u{5d3}\u{5e0}\u{5d4} title,i3@example.org,052-345-6783,Israel,1 Ocak 1980
,no address,0,Nowhere,29 February 2023
";

/// What a run says and leaves behind, without what differs from one run to the next anyhow.
fn left(done: &Done, requests: &str) -> [String; 4] {
    let mut summary = done.summary();
    for key in ["run", "started", "finished"] {
        summary[key] = serde_json::Value::Null;
    }
    let results = done.report("results.csv").expect("results");
    [
        requests.to_owned(),
        results,
        done.report("errors.csv").expect("errors"),
        summary.to_string(),
    ]
}

#[test]
fn a_locale_and_a_time_zone_change_no_byte() {
    let run = |around: &[(&str, &str)]| {
        let run = Run::of(MAPPING, CSV).args(["--dry-run", "--requests", "requests.jsonl"]);
        let run = around
            .iter()
            .fold(run, |run, (name, value)| run.env(name, *value));
        let done = run.go();
        done.code(1);
        let requests = fs::read_to_string(done.path("requests.jsonl")).expect("requests");
        left(&done, &requests)
    };
    let plain = run(&[]);
    assert!(plain[0].contains("1980-01-01"), "{}", plain[0]);
    for (locale, zone) in [
        ("tr_TR.UTF-8", "Asia/Kathmandu"),
        ("he_IL.UTF-8", "Pacific/Apia"),
        ("de_DE.ISO-8859-1", ":/etc/localtime"),
        ("C", "no such zone/at all"),
        ("\u{202e}", "UTC-25:61:61"),
    ] {
        let around = [
            ("LC_ALL", locale),
            ("LANG", locale),
            ("LC_NUMERIC", locale),
            ("LANGUAGE", locale),
            ("TZ", zone),
        ];
        assert_eq!(run(&around), plain, "{locale} {zone}");
    }
}

#[test]
fn what_is_sent_is_the_same_in_every_locale_and_time_zone() {
    let sent = |around: &[(&str, &str)]| {
        let server = Server::start(|_| taken());
        let run = Run::quick(5, &server).args(["--concurrency", "1"]);
        let done = around
            .iter()
            .fold(run, |run, (name, value)| run.env(name, *value))
            .go();
        done.code(0).all("updated");
        let requests = server.requests();
        let one = |own: &crate::run::server::Request| {
            let host = |(name, _): &&(String, String)| name != "host";
            let headers: Vec<_> = own.headers.iter().filter(host).cloned().collect();
            (
                own.method.clone(),
                own.target.clone(),
                headers,
                own.body.clone(),
            )
        };
        requests.iter().map(one).collect::<Vec<_>>()
    };
    let around = [("LC_ALL", "tr_TR.UTF-8"), ("TZ", "Asia/Kathmandu")];
    assert_eq!(sent(&around), sent(&[]));
}

#[test]
fn a_run_that_is_stopped_for_a_while_makes_up_for_nothing() {
    let server = Server::start(|_| taken());
    let running = Run::of(QUICK, people(45))
        .to(&server)
        .args(["--rate", "15/1s"])
        .start();
    let went_on = [10, 20].map(|count| {
        server.wait_for(count);
        running.signal("STOP");
        std::thread::sleep(Duration::from_millis(1_700));
        let now = Instant::now();
        running.signal("CONT");
        now
    });
    let done = running.end();
    done.code(0).all("updated");
    assert_eq!(server.writes(), 45, "{done}");
    let requests = server.requests();
    for from in went_on {
        let within = |at: Instant| at >= from && at - from < Duration::from_secs(1);
        let count = requests.iter().filter(|own| within(own.arrived)).count();
        // One may have had its turn just before it was stopped.
        assert!(count <= 15 + 1, "{count} in a second");
    }
}

#[test]
fn a_crash_leaves_no_memory_behind_for_others_to_read() {
    // The first SIGSEGV is looked at, because it could be a stack that overflowed; the second one is the end.
    for signals in [&["ABRT"][..], &["SEGV", "SEGV"]] {
        let server = Server::start(|_| {
            Reaction::Later(Duration::from_secs(20), Box::new(answer(200, "{}").into()))
        });
        let running = Run::quick(2, &server)
            .start_inside("sh", ["-c", "ulimit -c unlimited; exec \"$0\" \"$@\""]);
        server.wait_for(1);
        let limits = fs::read_to_string(format!("/proc/{}/limits", running.id()));
        let Ok(limits) = limits else {
            return skipped("limits cannot be seen here");
        };
        let core = limits
            .lines()
            .find(|line| line.starts_with("Max core file size"));
        let words: Vec<&str> = core.unwrap_or_default().split_whitespace().collect();
        assert_eq!(words[4..6], ["0", "0"], "{limits}");
        for (place, signal) in signals.iter().enumerate() {
            if place > 0 {
                // Two that come at once melt into one.
                running.wait_until_fatal(11);
            }
            running.signal(signal);
        }
        let done = running.torn();
        assert_eq!(done.code, None, "it crashed: {done}");
        let names: Vec<_> = crate::run::invariants::files(done.place());
        let core = names.iter().find(|path| {
            path.file_name()
                .is_some_and(|name| name.to_string_lossy().starts_with("core"))
        });
        assert_eq!(core, None, "{names:?}");
    }
}
