//! This machine failing under a run: disks, descriptors, files that change, a death at any moment. Whatever happens, nothing
//! is called done that was not, and the same command run again brings every row to its end.

use std::fs::{self, File};
use std::os::unix::fs::symlink;
use std::process::Command;
use std::time::Duration;

use super::{quick, run_of};
use crate::run::done::Done;
use crate::run::harness::{QUICK, Run, skipped};
use crate::run::invariants;
use crate::run::server::{Server, taken};

const ROWS: usize = 20;
const MANY: usize = 50;
const AT_ONCE: usize = 4;

/// Everything that brings bytes to a file.
const WRITES: &str = "write,pwrite64,writev";
const SYNCS: &str = "fsync,fdatasync";
/// Everything that gives a file its name.
const NAMES: &str = "rename,renameat,renameat2,link,linkat";

fn traceable() -> bool {
    let able = Command::new("strace")
        .args(["-o", "/dev/null", "true"])
        .status();
    let able = able.is_ok_and(|status| status.success());
    if !able {
        skipped("there is no strace here, or it may not trace");
    }
    able
}

/// A job, hurt at the n-th of these calls of the system, and then run again unhurt. How many rows were sent twice; nothing
/// where the hurt was not reached.
fn hurt(rows: usize, calls: &str, fault: &str, n: usize) -> Option<usize> {
    let what = format!("{calls}:{fault}:when={n}");
    let server = Server::start(|_| taken());
    // Not at `-vvv`: the n-th write is to be one to a file, not one to the screen.
    let run = Run::quick(rows, &server).args(["--concurrency", "4", "--out", "first"]);
    let trace = run.path("trace.txt");
    let inject = format!("inject={what}");
    let mut words = ["-f", "-y", "-o"].map(Into::into).to_vec();
    words.push(trace.clone().into_os_string());
    words.extend(["-e", &format!("trace={calls}"), "-e", &inject].map(Into::into));
    let done = run.start_inside("strace", words).unchecked();
    let trace = fs::read_to_string(trace).expect("a trace");
    let hit: Vec<&str> = trace
        .lines()
        .filter(|line| line.contains("(INJECTED)"))
        .collect();
    let killed = done.code.is_none();
    // The runtime's own wires are no disk and never full.
    if hit
        .iter()
        .any(|line| line.contains("eventfd") || line.contains("socket:") || line.contains("TCP:"))
    {
        return Some(0);
    }
    invariants::hold_torn(&done);
    let reached = killed || !hit.is_empty();
    let sent = server.writes();
    if !killed {
        let code = done.code.expect("an end of its own");
        assert!(matches!(code, 0 | 3 | 6), "{what}: {hit:?}: {done}");
        assert!(code != 3 || sent == 0, "{what}: {done}");
        // Words that could not be written are not said.
        let mute = hit.iter().any(|line| line.contains("pipe:"));
        let told = done.stderr.contains("error: ") || done.stdout.contains("failed to");
        assert!(code == 0 || mute || told, "{what}: {done}");
    }
    no_false_ok(&what, &done, &server);
    let again = Run::again(done, "second").go();
    assert_eq!(again.code, Some(0), "{what}, {hit:?}, then: {again}");
    let lines = again.results();
    assert_eq!(lines.len(), rows);
    let fine = |outcome: &str| ["updated", "unchanged"].contains(&outcome);
    assert!(
        lines.iter().all(|line| fine(&line.outcome)),
        "{what}: {again}"
    );
    no_false_ok(&what, &again, &server);
    let twice = server.writes() - rows;
    assert!(
        twice <= AT_ONCE,
        "{what}: {twice} rows were sent twice: {again}"
    );
    reached.then_some(twice)
}

/// Whatever a report calls done has reached the server.
fn no_false_ok(what: &str, done: &Done, server: &Server) {
    let Some(results) = done.report("results.csv") else {
        return;
    };
    let contacts = server.contacts();
    let mut reader = csv::Reader::from_reader(results.as_bytes());
    for record in reader.records() {
        let record = record.expect("a record");
        let done_with = ["updated", "unchanged"].contains(&&record[3]);
        let there = contacts.iter().any(|own| own == &record[2]);
        assert!(!done_with || there, "{what}: {done}");
    }
}

fn hurt_at(calls: &str, fault: &str, moments: &[usize]) {
    if !traceable() {
        return;
    }
    let mut reached = false;
    for n in moments {
        reached |= hurt(ROWS, calls, fault, *n).is_some();
    }
    assert!(reached, "{calls} is called {moments:?} times");
}

#[test]
fn a_disk_that_is_full_from_the_start_ends_it() {
    hurt_at(WRITES, "error=ENOSPC", &[1, 2, 20]);
}

#[test]
fn a_disk_that_fills_up_on_the_way_ends_it() {
    hurt_at(WRITES, "error=ENOSPC", &[5, 45, 60]);
}

#[test]
fn a_disk_that_loses_what_it_was_given_ends_it() {
    hurt_at(SYNCS, "error=EIO", &[1, 4, 9]);
}

#[test]
fn a_disk_that_loses_what_it_was_given_later_ends_it_too() {
    hurt_at(SYNCS, "error=EIO", &[2, 12, 15]);
}

#[test]
fn a_report_that_cannot_have_its_name_is_told() {
    hurt_at(NAMES, "error=EIO", &[1, 2, 3]);
}

#[test]
fn killed_as_it_opens_it_has_lost_nothing() {
    hurt_at(WRITES, "signal=KILL", &[1, 12, 33]);
}

#[test]
fn killed_on_the_way_it_has_lost_nothing() {
    hurt_at(WRITES, "signal=KILL", &[7, 44, 52]);
}

#[test]
fn killed_as_it_syncs_or_names_a_file_it_has_lost_nothing() {
    hurt_at(SYNCS, "signal=KILL", &[3, 13]);
    hurt_at(NAMES, "signal=KILL", &[1]);
}

#[test]
fn an_input_that_cannot_be_read_to_its_end_is_no_shorter_input() {
    hurt_at("read", "error=EIO", &[6, 7, 8]);
}

#[test]
#[ignore = "some hundred runs under a tracer"]
#[expect(clippy::print_stderr, reason = "the figures of a full run")]
fn hurt_at_every_moment_it_loses_nothing() {
    if !traceable() {
        return;
    }
    for (calls, faults) in [
        (WRITES, ["error=ENOSPC", "error=EIO", "signal=KILL"]),
        (SYNCS, ["error=ENOSPC", "error=EIO", "signal=KILL"]),
        (NAMES, ["error=ENOSPC", "error=EIO", "signal=KILL"]),
    ] {
        for fault in faults {
            let moments: Vec<usize> = (1..1_000)
                .map_while(|n| hurt(MANY, calls, fault, n))
                .collect();
            let twice = moments.iter().max().copied().unwrap_or_default();
            let count = moments.len();
            eprintln!("{calls} {fault}: {count} moments, at most {twice} rows sent twice");
        }
    }
}

#[test]
fn too_few_descriptors_are_told_and_lose_nothing() {
    for most in [8, 16, 24] {
        let server = Server::start(|_| taken().after(Duration::from_millis(5)));
        let limit = format!("ulimit -n {most}; exec \"$0\" \"$@\"");
        let done = quick(ROWS, &server)
            .args(["--out", "first"])
            .start_inside("sh", ["-c", &limit])
            .torn();
        no_false_ok("few descriptors", &done, &server);
        let again = Run::again(done, "second").go();
        again.code(0);
        let contacts: std::collections::HashSet<String> = server.contacts().into_iter().collect();
        assert_eq!(contacts.len(), ROWS, "{again}");
    }
}

#[test]
fn descriptors_that_can_be_had_for_asking_are_asked_for() {
    // All hundred requests are under way at once, so that sixty descriptors, which may be more, are too few.
    let server = Server::start(|_| taken().after(Duration::from_millis(500)));
    let done = Run::quick(100, &server)
        .args(["--concurrency", "100"])
        .inside("sh", ["-c", "ulimit -Sn 60 && exec \"$0\" \"$@\""]);
    done.code(0);
    assert!(!done.stdout.contains("Sent again"), "{done}");
}

#[test]
fn files_that_may_not_grow_lose_nothing() {
    let server = Server::start(|_| taken());
    let done = quick(ROWS, &server)
        .args(["--out", "first"])
        .start_inside("sh", ["-c", "ulimit -f 8; exec \"$0\" \"$@\""])
        .torn();
    assert_ne!(done.code, Some(0), "{done}");
    Run::again(done, "second").go().code(0);
}

/// Rows long enough that the file is not read at once.
fn long_rows(count: usize) -> String {
    let mut csv = "Id,Name,Email\n".to_owned();
    for number in 1..=count {
        csv += &format!("{number},{},p{number}@example.org\n", "x".repeat(200));
    }
    csv
}

#[test]
fn an_input_that_changes_under_the_run_is_noticed() {
    type Change = fn(&mut File, &std::path::Path);
    let cut: Change = |file, _| file.set_len(300_000).expect("shorter");
    let grow: Change = |_, path| {
        let text = fs::read_to_string(path).expect("text") + "9999999,late,l@example.org\n";
        fs::write(path, text).expect("longer");
    };
    let edit: Change = |_, path| {
        let text = fs::read_to_string(path).expect("text");
        fs::write(path, text.replace("p1900@", "q1900@")).expect("other");
    };
    for change in [cut, grow, edit] {
        let server = Server::start(|request| match request.before {
            0 => taken().after(Duration::from_millis(400)),
            _ => taken(),
        });
        let run = run_of(QUICK, long_rows(2_000))
            .to(&server)
            .args(["--rate", "100000/1s"]);
        let path = run.path("people.csv");
        let running = run.start();
        server.wait_for(1);
        let mut file = File::options().write(true).open(&path).expect("the input");
        change(&mut file, &path);
        let done = running.torn();
        done.code(6);
        assert!(!done.stdout.contains("nothing was sent"), "{done}");
        assert!(
            (done.stdout.clone() + &done.stderr).contains("chang"),
            "{done}"
        );
        no_false_ok("changed", &done, &server);
        // What has a request is one of the rows that were checked.
        for request in server.requests() {
            let number: usize = request.contact().parse().expect("a number");
            assert!(number <= 2_000);
            assert_eq!(request.json()["email"], format!("p{number}@example.org"));
        }
    }
}

#[test]
fn a_run_directory_that_leads_elsewhere_is_refused() {
    let server = Server::start(|_| taken());
    let elsewhere = tempfile::tempdir().expect("a directory");
    for target in ["out", "out/"] {
        let run = quick(2, &server).args(["--out", target]);
        symlink(elsewhere.path(), run.path("out")).expect("a link");
        let done = run.start().torn();
        done.code(3);
    }
    assert_eq!(
        fs::read_dir(elsewhere.path()).expect("a directory").count(),
        0
    );
    assert_eq!(server.connections(), 0);
}

#[test]
fn a_state_file_in_the_wrong_place_is_told_before_anything_is_sent() {
    let server = Server::start(|_| taken());
    for state in [
        "/dev/full",
        "/dev/null",
        "/proc/self/mem",
        "people.csv",
        ".",
    ] {
        let done = quick(2, &server).args(["--state", state]).go();
        assert_eq!(done.code, Some(6), "{state}: {done}");
    }
    assert_eq!(server.connections(), 0);
}
