//! The allowed rate, all of it and never more, with as many requests under way as that takes and in the right order.

use std::time::{Duration, Instant};

use super::harness::{OFFICIAL, QUICK, Run, people};
use super::server::{Reaction, Server, answer, taken};

const SECOND: Duration = Duration::from_secs(1);

/// A second as a busy machine sees it: a thread that wakes late notes an arrival late, and so too near the next one.
const NEARLY_A_SECOND: Duration = Duration::from_millis(880);

#[test]
fn the_rate_is_used_at_any_latency_and_never_passed() {
    let server = Server::start(|_| taken().after(Duration::from_millis(280)));
    let started = Instant::now();
    let done = Run::of(QUICK, people(20))
        .to(&server)
        .args(["--rate", "10/1s", "--concurrency", "3"])
        .go();
    done.code(0).all("updated");
    server.kept(started, 10, SECOND, 3);
    assert!(
        server.most_at_once() > 1,
        "one after the other would be half as fast"
    );
    assert_eq!(done.summary()["rate"]["allowed"], "10/s");
}

#[test]
#[ignore = "takes six seconds: the case of the acceptance list in full"]
fn sixty_rows_at_200_ms_under_ten_a_second_take_six_seconds_and_not_twelve() {
    let server = Server::start(|_| taken().after(Duration::from_millis(200)));
    let done = Run::of(QUICK, people(60))
        .to(&server)
        .args(["--rate", "10/1s"])
        .go();
    done.code(0).all("updated");
    assert!(server.most_within(NEARLY_A_SECOND) <= 10);
    let requests = server.requests();
    let span = requests[59].arrived - requests[0].arrived;
    assert!((5..8).contains(&span.as_secs()), "{span:?}");
}

#[test]
fn a_slow_server_has_as_many_requests_at_once_as_its_rate_asks_for() {
    let server = Server::start(|request| match request.before {
        // The first one goes alone; it need not take long for that.
        0 => taken(),
        _ => taken().after(Duration::from_secs(1)),
    });
    let done = Run::of(QUICK, people(20))
        .to(&server)
        .args(["--rate", "20/1s"])
        .go();
    done.code(0).all("updated");
    assert!(
        server.most_at_once() >= 10,
        "only {} at once",
        server.most_at_once()
    );
}

#[test]
fn the_first_request_goes_alone() {
    let server = Server::start(|_| taken().after(Duration::from_millis(150)));
    Run::quick(8, &server).go().code(0);
    let requests = server.requests();
    let first = requests[0].answered.expect("answered");
    assert!(requests[1..].iter().all(|own| own.arrived >= first));
    assert!(server.most_at_once() > 1);
}

#[test]
fn rows_for_one_contact_arrive_in_file_order_and_never_two_at_once() {
    let mut csv = "Id,Name,Email\n".to_owned();
    for step in 1..=5 {
        for id in ["10", "20", "30"] {
            csv += &format!("{id},step {step},a@example.org\n");
        }
    }
    let server = Server::start(
        |request| match (request.contact(), request.before_for_same) {
            // The second row of the first contact needs a second attempt; the third one has to wait for it.
            ("10", 1) => answer(503, "busy").into(),
            _ => taken().after(Duration::from_millis(20)),
        },
    );
    let done = Run::of(QUICK, csv)
        .to(&server)
        .args(["--rate", "2000/1s"])
        .go();
    done.code(0).all("updated");
    let requests = server.requests();
    for id in ["10", "20", "30"] {
        let own: Vec<_> = requests.iter().filter(|own| own.contact() == id).collect();
        let mut steps: Vec<String> = own
            .iter()
            .map(|own| own.json()["name"].as_str().expect("text").to_owned())
            .collect();
        steps.dedup();
        assert_eq!(
            steps,
            ["step 1", "step 2", "step 3", "step 4", "step 5"],
            "{id}"
        );
        for pair in own.windows(2) {
            assert!(
                pair[0]
                    .answered
                    .is_some_and(|answered| answered <= pair[1].arrived),
                "{id}: two at once"
            );
        }
    }
    assert!(
        server.most_at_once() > 1,
        "different contacts travel together"
    );
}

#[test]
fn a_run_of_a_few_milliseconds_is_not_said_to_have_been_faster_than_allowed() {
    let server = Server::start(|_| taken());
    let done = Run::of(QUICK, people(10))
        .to(&server)
        .args(["--rate", "1000/1s"])
        .go();
    let rate = &done.code(0).summary()["rate"];
    let achieved = rate["achieved"].as_f64().expect("a number");
    assert!(achieved > 0.0 && achieved <= 1_000.0, "{done}");
}

#[test]
fn concurrency_is_an_upper_bound() {
    for most in [1, 3] {
        let server = Server::start(|_| taken().after(Duration::from_millis(30)));
        let done = Run::quick(9, &server)
            .args(["--concurrency".to_owned(), most.to_string()])
            .go();
        done.code(0);
        assert!(
            server.most_at_once() <= most,
            "{} at once",
            server.most_at_once()
        );
        if most == 1 {
            let expected: Vec<String> = (1..=9).map(|id| id.to_string()).collect();
            assert_eq!(server.contacts(), expected, "in file order");
        }
    }
}

#[test]
fn a_tighter_limit_that_the_server_names_is_kept() {
    let server = Server::start(|_| {
        let taken = answer(200, r#"{"succeded":true,"contact":{"id":"x"}}"#)
            .header("x-ratelimit-max", "5")
            .header("x-ratelimit-interval-milliseconds", "1000");
        Reaction::from(taken).after(Duration::from_millis(180))
    });
    let started = Instant::now();
    let done = Run::of(OFFICIAL, people(9))
        .to(&server)
        .args(["--concurrency", "1"])
        .go();
    done.code(0).all("updated");
    server.kept(started, 5, SECOND, 1);
}

#[test]
fn the_rate_can_stand_in_the_mapping_and_tightens_what_is_official() {
    let server = Server::start(|_| {
        let taken = answer(200, r#"{"succeded":true,"contact":{"id":"x"}}"#);
        Reaction::from(taken).after(Duration::from_millis(180))
    });
    let mapping = format!("rate = \"5/1s\"\n{OFFICIAL}");
    let started = Instant::now();
    let done = Run::of(&mapping, people(7))
        .to(&server)
        .args(["--concurrency", "1"])
        .go();
    done.code(0);
    server.kept(started, 5, SECOND, 1);
    let mapping = QUICK.replace("[account]", "rate = \"4/1s\"\n[account]");
    let done = Run::of(&mapping, people(2))
        .to(&server)
        .args(["--rate", "50/10s", "--dry-run"])
        .go();
    assert_eq!(done.code(0).summary()["rate"]["allowed"], "50/10s");
}

#[test]
fn the_stand_in_of_a_run_enforces_the_rate_that_stands_in_for_a_guess() {
    // 99digital's file guesses 5/s: 20 requests would take it several minutes of "too many requests".
    let by_mapping = format!("rate = \"20/100ms\"\n{QUICK}");
    let typed = ["--sandbox", "--rate", "200/1s"];
    for (mapping, args) in [(QUICK, &typed[..]), (&by_mapping, &typed[..1])] {
        let done = Run::of(mapping, people(20)).args(args.iter().copied()).go();
        done.code(0).all("updated");
        assert_eq!(done.summary()["throttled"], 0, "{done}");
        assert_eq!(done.summary()["requests"], 20, "{done}");
    }
}
