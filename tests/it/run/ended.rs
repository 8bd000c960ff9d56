//! Runs that somebody ends, or whose screen goes away: what was done is kept, and the reports are whole.

use std::fs::{self, File};
use std::process::Stdio;
use std::time::Duration;

use super::gate::ClosedPort;
use super::harness::{QUICK, Run, people, skipped};
use super::server::{Reaction, Server, taken, taken_before_the_gate};

fn ends_when_asked(signal: &str, code: i32) {
    // The first one goes alone.
    let (gate, react) = taken_before_the_gate(1);
    let server = Server::start(react);
    let running = Run::quick(500, &server)
        .args(["--concurrency", "4"])
        .start();
    server.wait_for(5);
    running.signal(signal);
    running.wait_until_it_says("ask once more to leave at once");
    gate.open();
    let done = running.end();
    done.code(code);
    assert_eq!(done.summary()["rows"], 500);
    assert_eq!(done.count("updated") + done.count("pending"), 500, "{done}");
    assert_eq!(
        done.count("updated"),
        server.requests().len() as u64,
        "what was under way is heard out: {done}"
    );
    assert_eq!(done.count("updated"), 5, "nothing new is begun: {done}");
    assert!(
        done.stdout.contains("Interrupted; what was done is kept"),
        "{done}"
    );
    assert!(done.stdout.contains("run the same command again"), "{done}");
    assert_eq!(done.report("errors.csv"), None, "pending rows need nobody");
}

#[test]
fn ctrl_c_hears_out_what_is_under_way_and_leaves_the_rest_pending() {
    ends_when_asked("INT", 130);
}

#[test]
fn being_terminated_is_as_orderly() {
    ends_when_asked("TERM", 143);
}

/// Whether whoever started the tests wants them to outlive their terminal.
fn hangups_are_passed_over_here() -> bool {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let ignored = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
    let ignored = ignored.and_then(|digits| u64::from_str_radix(digits.trim(), 16).ok());
    ignored.is_none_or(|ignored| ignored & 1 == 1)
}

#[test]
fn a_terminal_that_goes_away_is_as_orderly() {
    if hangups_are_passed_over_here() {
        skipped("a terminal that goes away is passed over here");
        return;
    }
    ends_when_asked("HUP", 143);
}

#[test]
fn a_terminal_that_goes_away_twice_hurries_nobody() {
    if hangups_are_passed_over_here() {
        skipped("a terminal that goes away is passed over here");
        return;
    }
    let (gate, react) = taken_before_the_gate(0);
    let server = Server::start(react);
    let running = Run::quick(5, &server).start();
    server.wait_for(1);
    running.signal("HUP");
    running.wait_until_it_says("ask once more to leave at once");
    running.signal("HUP");
    // Long enough that it would be gone.
    std::thread::sleep(Duration::from_millis(200));
    gate.open();
    let done = running.end();
    done.code(143);
    assert_eq!((done.count("updated"), done.count("pending")), (1, 4));
}

#[test]
fn a_run_that_is_to_outlive_its_terminal_does() {
    let server = Server::start(|_| taken().after(Duration::from_millis(300)));
    let running =
        Run::quick(3, &server).start_inside("sh", ["-c", "trap '' HUP; exec \"$0\" \"$@\""]);
    server.wait_for(1);
    running.signal("HUP");
    running.end().code(0).all("updated");
}

#[test]
fn the_second_signal_ends_it_at_once() {
    let server = Server::start(|_| Reaction::Never);
    let running = Run::quick(5, &server).start();
    server.wait_for(1);
    running.signal("INT");
    // The two must not melt into one.
    running.wait_until_it_says("ask once more to leave at once");
    running.signal("INT");
    // The answers would be waited for for half a minute.
    let done = running.end_within(Duration::from_secs(20));
    done.code(130);
    assert_eq!(done.report("results.csv"), None, "whole or not at all");
}

#[test]
fn an_interrupted_wait_for_a_server_that_is_not_there_leaves_every_row_pending() {
    let nobody = ClosedPort::take();
    let running = Run::of(QUICK, people(3))
        .args(["--base-url", &nobody.url(), "-vvv"])
        .start();
    running.wait_until_it_says("trying again for a minute");
    running.signal("INT");
    let done = running.end();
    done.code(130).all("pending");
    assert!(
        done.results()[0]
            .message
            .contains("connection refused by 127.0.0.1:"),
        "{done}"
    );
}

#[test]
#[ignore = "takes a minute: that is how long a server may be away"]
fn a_server_that_is_not_there_is_given_up_after_a_minute() {
    let nobody = ClosedPort::take();
    let done = Run::of(QUICK, people(3))
        .args(["--base-url", &nobody.url()])
        .start()
        .end_within(Duration::from_secs(90));
    done.code(5).all("pending");
    assert!(
        done.stdout
            .contains("nothing has reached the provider for a minute"),
        "{done}"
    );
}

#[test]
fn a_closed_or_full_screen_stops_nothing() {
    let full = File::options()
        .write(true)
        .open("/dev/full")
        .expect("/dev/full");
    let (reader, closed) = std::io::pipe().expect("a pipe");
    drop(reader);
    for stdout in [Stdio::from(full), Stdio::from(closed)] {
        let server = Server::start(|_| taken());
        let done = Run::quick(3, &server)
            .args(["--requests", "-", "-vvv"])
            .stdout(stdout)
            .go();
        done.code(0).all("updated");
        assert_eq!(server.writes(), 3);
    }
}

#[test]
fn closed_streams_stop_nothing_either() {
    let server = Server::start(|_| taken());
    let words = ["-c", "exec \"$0\" \"$@\" >&- 2>&-"];
    let done = Run::quick(3, &server).inside("sh", words);
    done.code(0).all("updated");
    assert_eq!(server.writes(), 3);
}
