//! What a server says about waiting: obeyed where it makes sense, told where it is beyond reason, passed over where it is
//! none.

use std::time::{Duration, SystemTime};

use contact_sync::provider::answers::Meaning;
use contact_sync::provider::reply::{Reply, Timing, timing};
use http::HeaderName;

use super::{quick, run_of};
use crate::providers::{PROVIDERS, api};
use crate::run::done::Done;
use crate::run::harness::{OFFICIAL, people};
use crate::run::server::{Answer, Server, answer, taken};

/// Three rows; the second request is answered with 429 and these headers.
fn told(headers: &[(&str, &str)]) -> (Done, Server) {
    let no = headers.iter().fold(
        answer(429, r#"{"message":"Too Many Requests"}"#),
        |answer: Answer, (name, value)| answer.header(name, value),
    );
    let server = Server::start(move |request| match request.before {
        1 => no.clone().into(),
        _ => answer(200, r#"{"succeded":true,"contact":{"id":"x"}}"#).into(),
    });
    let done = run_of(OFFICIAL, people(3))
        .to(&server)
        .args(["--concurrency", "1"])
        .go();
    (done, server)
}

fn waited(server: &Server) -> Duration {
    let requests = server.requests();
    requests[2].arrived - requests[1].answered.expect("answered")
}

#[test]
fn seconds_are_waited() {
    let (done, server) = told(&[("retry-after", "1")]);
    done.code(0).all("updated");
    assert!(waited(&server) >= Duration::from_secs(1));
}

#[test]
fn a_date_is_measured_by_the_servers_own_clock() {
    // A server that lives in another year: what counts is the time between the two.
    let now = SystemTime::now() - Duration::from_secs(400 * 86_400);
    let date = httpdate::fmt_http_date(now);
    let until = httpdate::fmt_http_date(now + Duration::from_secs(1));
    let (done, server) = told(&[("date", &date), ("retry-after", &until)]);
    done.code(0).all("updated");
    assert!(waited(&server) >= Duration::from_secs(1));
}

#[test]
fn a_limit_that_is_used_up_is_waited_for() {
    let (done, server) = told(&[("ratelimit", "\"default\";r=0;t=1")]);
    done.code(0).all("updated");
    assert!(waited(&server) >= Duration::from_secs(1));
}

#[test]
fn a_wait_beyond_reason_ends_the_run_with_the_time() {
    for beyond in [
        "1000000000",
        "901",
        "18446744073709551615",
        "9223372036854775807",
    ] {
        let (done, server) = told(&[("retry-after", beyond)]);
        done.code(5);
        assert_eq!(server.requests().len(), 2, "{beyond}");
        assert_eq!(
            (done.count("updated"), done.count("pending")),
            (1, 2),
            "{done}"
        );
        assert!(
            done.stdout.contains("longer pause than a run waits"),
            "{done}"
        );
    }
    let (done, _) = told(&[("retry-after", "1000")]);
    assert!(done.stdout.contains("after"), "it names a time: {done}");
}

/// What a server's words about time come to, with an answer that says nothing else about waiting.
fn understood(provider: &str, headers: &[(&str, &str)]) -> Timing {
    let mut reply = Reply {
        status: 503,
        ..Reply::default()
    };
    for (name, value) in headers {
        let name: HeaderName = name.parse().expect("a name");
        reply.headers.append(name, value.parse().expect("a value"));
    }
    timing(&api(provider), &reply, Meaning::Outage)
}

#[test]
fn what_makes_no_sense_is_passed_over() {
    let now = httpdate::fmt_http_date(SystemTime::now());
    let past = httpdate::fmt_http_date(SystemTime::now() - Duration::from_secs(3_600));
    let junk = [
        "-1",
        "soon",
        "1.5",
        "",
        "99999999999999999999999",
        "\t",
        past.as_str(),
    ];
    for words in junk {
        let headers = [("date", now.as_str()), ("retry-after", words)];
        for provider in PROVIDERS {
            assert_eq!(understood(provider, &headers), Timing::default(), "{words}");
        }
    }
}

#[test]
fn a_limit_header_that_is_malformed_is_passed_over() {
    for words in [
        "r=0",
        "\"default\";r=;t=",
        "r=0;t=-5",
        "r=0;t=99999999999999999999999",
        ";;;,,,===",
        "\"default\";r=50;t=3600",
    ] {
        assert_eq!(
            understood("highlevel", &[("ratelimit", words)]),
            Timing::default(),
            "{words}"
        );
    }
    let junk = [
        ("x-ratelimit-max", "0"),
        ("x-ratelimit-interval-milliseconds", "0"),
        ("x-ratelimit-remaining", "many"),
        ("x-ratelimit-daily-remaining", "-3"),
    ];
    assert_eq!(understood("highlevel", &junk), Timing::default());
}

#[test]
fn junk_instead_of_a_time_does_not_stop_the_retry() {
    let server = Server::start(move |request| match request.before {
        0 => answer(503, "")
            .header("retry-after", "soon")
            .header("ratelimit", "r=0")
            .into(),
        _ => taken(),
    });
    quick(2, &server).go().code(0).all("updated");
    assert_eq!(server.writes(), 3);
}

#[test]
fn a_wait_that_is_said_twice_is_waited_once() {
    let (done, server) = told(&[("retry-after", "1"), ("retry-after", "soon")]);
    done.code(0).all("updated");
    assert!(waited(&server) >= Duration::from_secs(1));
}

#[test]
fn a_spent_day_ends_the_run_with_the_time_from_which_to_go_on() {
    for status in [200, 429] {
        let server = Server::start(move |request| match request.before {
            0 | 1 => answer(200, r#"{"succeded":true,"contact":{"id":"x"}}"#).into(),
            2 => answer(status, r#"{"succeded":true,"contact":{"id":"x"}}"#)
                .header("x-ratelimit-daily-remaining", "0")
                .into(),
            _ => taken(),
        });
        let done = run_of(OFFICIAL, people(12))
            .to(&server)
            .args(["--concurrency", "1"])
            .go();
        done.code(5);
        assert_eq!(server.requests().len(), 3, "{status}: {done}");
        assert!(done.count("pending") >= 9, "{status}: {done}");
        assert!(
            done.stdout.contains("spent what it may ask for in a day"),
            "{done}"
        );
        assert!(done.stdout.contains("after"), "{done}");
    }
}
