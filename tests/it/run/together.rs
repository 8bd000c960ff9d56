//! Two runs at the same time on one account stay together under its limit, without a server between them.

use std::collections::VecDeque;
use std::path::Path;
use std::sync::Mutex;
use std::time::{Duration, Instant};

use super::harness::{QUICK, Run, people};
use super::server::{Reaction, Server, answer, taken};

/// One of several jobs on the same account: another mapping is another job.
fn job(words: &str, rows: usize, rate: &str, server: &Server, state: &Path) -> Run {
    let mapping = format!("{QUICK}\n# {words}\n");
    Run::of(&mapping, people(rows)).to(server).args([
        "--rate".into(),
        rate.into(),
        "--force".into(),
        "--state".into(),
        state.join("state.db").into_os_string(),
    ])
}

#[test]
fn two_runs_on_one_account_share_its_limit() {
    let server = Server::start(|_| taken());
    let state = tempfile::tempdir().expect("a directory");
    let job = |words, rows| {
        let job = job(words, rows, "20/1s", &server, state.path());
        job.args(["--concurrency", "1"])
    };
    let started = Instant::now();
    let (one, other) = (job("one", 21).start(), job("other", 20).start());
    one.end().code(0).all("updated");
    other.end().code(0).all("updated");
    let requests = server.requests();
    assert_eq!(requests.len(), 41);
    // Twenty may leave in any second; each of the two alone would have needed one.
    let took = requests.iter().map(|own| own.arrived - started).max();
    assert!(took >= Some(Duration::from_secs(2)), "{took:?}");
    server.kept(started, 20, Duration::from_secs(1), 2);
}

/// Takes 100 requests in any ten seconds and refuses the rest.
fn a_hundred_in_ten_seconds() -> Server {
    let taken_at = Mutex::new(VecDeque::<Instant>::new());
    Server::start(move |request| {
        let mut recent = taken_at.lock().expect("whole");
        while recent
            .front()
            .is_some_and(|at| request.arrived.duration_since(*at) >= Duration::from_secs(10))
        {
            recent.pop_front();
        }
        match recent.len() < 100 {
            true => {
                recent.push_back(request.arrived);
                taken()
            }
            false => Reaction::from(answer(429, r#"{"message":"Too Many Requests"}"#)),
        }
    })
}

#[test]
#[ignore = "takes a minute on the wall's clock; `pace::together` holds the same in virtual time"]
#[expect(clippy::print_stderr, reason = "the figures of a full run")]
fn two_runs_under_a_hundred_in_ten_seconds_are_never_refused_and_use_nearly_all_of_it() {
    let server = a_hundred_in_ten_seconds();
    let state = tempfile::tempdir().expect("a directory");
    let job = |words| job(words, 300, "100/10s", &server, state.path());
    let (one, other) = (job("one").start(), job("other").start());
    for running in [one, other] {
        let done = running.end_within(Duration::from_secs(120));
        done.code(0).all("updated");
        // A row that was refused once has a second attempt.
        assert!(done.results().iter().all(|line| line.attempts == 1));
    }
    let requests = server.requests();
    assert_eq!(requests.len(), 600);
    let span = requests[599].arrived - requests[0].arrived;
    let used = 59.9 / span.as_secs_f64();
    eprintln!(
        "600 requests, 0 answers of 429, {:.1} % of the limit used",
        100.0 * used
    );
    assert!(used >= 0.95, "{used}");
}
