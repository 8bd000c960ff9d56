//! Rows of which a part is done when the run has to end: nobody is told that nothing was tried.

use super::done::Done;
use super::harness::{OFFICIAL, QUICK, Run, people};
use super::server::{Answer, Reaction, Server, answer, taken};

const TAGS: &str = "[tags]\nadd = [\"gold\"]\nremove = [\"lead\"]\n";

fn turned_away() -> Answer {
    answer(401, r#"{"error":"Invalid Access Token"}"#)
}

/// Two rows to a server that reacts so to the n-th request.
fn run(mapping: &str, react: impl Fn(usize) -> Reaction + Send + Sync + 'static) -> Done {
    let server = Server::start(move |request| react(request.before));
    run_to(&server, mapping)
}

fn run_to(server: &Server, mapping: &str) -> Done {
    let done = Run::of(mapping, people(2)).to(server).go();
    done.code(5).row(2, "pending", "not-tried");
    done
}

/// The first row ended so, for this reason.
fn first(done: &Done, outcome: &str, code: &str, message: &str) {
    done.row(1, outcome, code);
    let found = &done.results()[0].message;
    assert!(found.starts_with(message), "{done}");
}

#[test]
fn fields_that_are_written_before_the_credential_is_refused_are_told() {
    let mapping = format!("{QUICK}[tags]\nadd = [\"gold\"]\n");
    let server = Server::start(|request| match request.target.ends_with("/labels") {
        true => turned_away().into(),
        false => taken(),
    });
    let done = run_to(&server, &mapping);
    let message = "the contact's fields are done, but its tags were not changed";
    first(&done, "failed", "refused-credential", message);
    assert_eq!(server.contacts(), ["1", "labels"]);
}

#[test]
fn tags_that_are_changed_in_part_are_told() {
    let only_tags = OFFICIAL.split("[fields]").next().expect("a mapping");
    let mapping = format!("{only_tags}{TAGS}");
    let done = run(&mapping, |before| match before {
        0 => answer(200, r#"{"tags":[]}"#).into(),
        _ => turned_away().into(),
    });
    let message = "not all of the contact's tags were changed";
    first(&done, "failed", "refused-credential", message);
}

#[test]
fn a_quota_that_is_spent_after_the_fields_leaves_no_row_that_was_not_tried() {
    let mapping = format!("{OFFICIAL}{TAGS}");
    let done = run(&mapping, |before| match before {
        0 => answer(200, r#"{"succeded":true,"contact":{"id":"1"}}"#).into(),
        _ => answer(429, r#"{"message":"Too many"}"#)
            .header("x-ratelimit-daily-remaining", "0")
            .into(),
    });
    let message = "the contact's fields are done, but its tags were not changed";
    first(&done, "failed", "throttled", message);
}

#[test]
fn an_attempt_that_may_have_done_its_work_stays_in_doubt_when_the_next_one_is_turned_away() {
    let done = run(QUICK, |before| match before {
        0 => answer(502, "").into(),
        _ => turned_away().into(),
    });
    first(
        &done,
        "unknown",
        "refused-credential",
        "Invalid Access Token",
    );
    let message = &done.results()[0].message;
    assert!(
        message.contains("an attempt before it may have done its work"),
        "{done}"
    );
}
