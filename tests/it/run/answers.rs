//! What becomes of rows, answer by answer: never written twice without knowing, never "ok" when it was not.

use std::time::Duration;

use super::harness::{OFFICIAL, QUICK, Run, people};
use super::server::{Reaction, Server, answer, taken};

#[test]
fn twelve_rows_taken_are_twelve_writes_and_all_is_well() {
    let server = Server::start(|_| answer(201, r#"{"payload":{"id":1}}"#).into());
    let done = Run::quick(12, &server).go();
    done.code(0).all("updated");
    assert_eq!(server.writes(), 12);
    assert_eq!(server.requests().len(), 12);
    assert_eq!(done.report("errors.csv"), None);
    assert!(
        done.stdout.contains("Done: all is well with 12 rows."),
        "{done}"
    );
    let sent = &server.requests()[0];
    assert_eq!(sent.method, "PATCH");
    assert_eq!(sent.target, "/api/v1/accounts/7/contacts/1");
    assert_eq!(sent.header("content-type"), Some("application/json"));
    assert_eq!(
        sent.json(),
        serde_json::json!({"name": "Person 1", "email": "p1@example.org"})
    );
}

#[test]
fn rows_that_are_written_and_then_answered_with_502_are_repeated_and_counted_once() {
    let server = Server::start(|request| match request.before_for_same {
        0 | 1 => answer(502, "<html>bad gateway</html>").into(),
        _ => taken(),
    });
    let done = Run::quick(12, &server).go();
    done.code(0).all("updated");
    assert!(
        done.results().iter().all(|line| line.attempts == 3),
        "{done}"
    );
    assert_eq!(server.writes(), 36);
    assert_eq!(done.summary()["retries"], 24);
}

#[test]
fn a_row_that_is_never_answered_but_by_502_is_unknown_and_not_called_well() {
    let server = Server::start(|request| match request.contact() {
        "2" => answer(502, "bad gateway").into(),
        _ => taken(),
    });
    let done = Run::quick(3, &server).go();
    done.code(1);
    let line = &done.results()[1];
    assert_eq!(
        (line.outcome.as_str(), line.code.as_str(), line.attempts),
        ("unknown", "gateway", 4)
    );
    assert_eq!(line.http_status, "502");
    assert_eq!(done.count("updated"), 2);
    assert!(
        done.stdout.contains("Unknown rows may have arrived"),
        "{done}"
    );
    assert!(
        done.report("errors.csv")
            .is_some_and(|text| text.contains(",unknown,gateway,"))
    );
}

#[test]
fn the_providers_reason_for_a_no_stands_in_both_reports() {
    let server = Server::start(|_| {
        let body = r#"{"message":["email must be an email","phone is too short"],"error":"Unprocessable Entity","statusCode":422,"traceId":"trace-7"}"#;
        answer(422, body).into()
    });
    let done = Run::of(OFFICIAL, people(3)).to(&server).go();
    done.code(1).all("failed");
    assert_eq!(server.writes(), 3);
    for line in done.results() {
        assert_eq!(
            (line.code.as_str(), line.http_status.as_str()),
            ("refused", "422")
        );
        assert!(
            line.message
                .starts_with("email must be an email; phone is too short"),
            "{done}"
        );
        assert_eq!(line.request_id, "trace-7");
    }
    let errors = done.report("errors.csv").expect("errors.csv");
    assert_eq!(
        errors
            .matches("email must be an email; phone is too short")
            .count(),
        3
    );
    assert!(errors.starts_with("Id,Name,Email,sync_row,sync_line,sync_outcome,sync_code,sync_field,sync_message\n1,Person 1,p1@example.org,1,2,failed,refused,,"), "{errors}");
}

#[test]
fn a_200_that_says_no_is_a_no() {
    let says_no = [
        r#"{"success":false,"errors":["e-mail is taken"]}"#,
        r#"{"succeded":false,"message":"e-mail is taken"}"#,
        r#"{"errors":[{"message":"e-mail is taken"}],"contact":{"id":"x"}}"#,
    ];
    let server = Server::start(move |request| answer(200, says_no[request.before % 3]).into());
    let done = Run::of(OFFICIAL, people(3)).to(&server).go();
    done.code(1).all("failed");
    assert_eq!(server.writes(), 3);
    for line in done.results() {
        assert!(line.message.contains("e-mail is taken"), "{done}");
        assert_eq!(line.http_status, "200");
    }
}

#[test]
fn limit_headers_on_a_good_answer_cost_no_second_write() {
    let server = Server::start(|_| {
        let taken = answer(200, r#"{"succeded":true,"contact":{"id":"x"}}"#)
            .header("x-ratelimit-max", "100")
            .header("x-ratelimit-remaining", "57")
            .header("x-ratelimit-interval-milliseconds", "10000")
            .header("x-ratelimit-limit-daily", "200000")
            .header("x-ratelimit-daily-remaining", "199000");
        taken.into()
    });
    let done = Run::of(OFFICIAL, people(12)).to(&server).go();
    done.code(0).all("updated");
    assert_eq!(server.writes(), 12);
    assert_eq!(done.summary()["throttled"], 0);
}

#[test]
fn too_many_requests_makes_everybody_wait_as_long_as_the_server_says() {
    let server = Server::start(|request| match request.before {
        4 => answer(429, "Retry later").header("retry-after", "2").into(),
        _ => taken().after(Duration::from_millis(30)),
    });
    let done = Run::quick(12, &server).args(["--concurrency", "3"]).go();
    done.code(0).all("updated");
    let requests = server.requests();
    assert_eq!(requests.len(), 13);
    assert_eq!(done.summary()["throttled"], 1);
    let told = requests[4].answered.expect("answered");
    // Half a second is for what was on the road, and for a machine that is busy with other tests.
    let meanwhile = requests.iter().filter(|own| {
        let since = own.arrived.saturating_duration_since(told);
        since > Duration::from_millis(500) && since < Duration::from_secs(2)
    });
    assert_eq!(meanwhile.count(), 0, "nobody sends meanwhile");
    assert!(requests[12].arrived - told >= Duration::from_secs(2));
}

#[test]
fn a_refused_credential_is_one_request_and_every_row_stays_to_be_done() {
    let server = Server::start(|_| answer(401, r#"{"error":"Invalid Access Token"}"#).into());
    let done = Run::quick(12, &server).go();
    done.code(5).all("pending");
    assert_eq!(server.requests().len(), 1);
    assert!(
        done.stdout.contains("the provider refuses the credential"),
        "{done}"
    );
    assert!(done.stdout.contains("Invalid Access Token"), "{done}");
    assert_eq!(done.report("errors.csv"), None);
}

#[test]
fn a_reason_that_ends_in_a_full_stop_goes_on_without_it() {
    let reason = r#"{"error":"You are not authorized to do this action."}"#;
    let server = Server::start(move |request| match request.before {
        0 => taken(),
        _ => answer(403, reason).into(),
    });
    let done = Run::quick(2, &server).args(["--concurrency", "1"]).go();
    let line = &done.results()[1];
    let expected = "You are not authorized to do this action — the user who owns the API key must be a member of this account";
    assert_eq!(line.message, expected, "{done}");
}

#[test]
fn where_something_else_answered_no_row_needs_mending() {
    let server = Server::start(|_| answer(200, "<html><h1>Please sign in</h1></html>").into());
    let done = Run::quick(2, &server).args(["--concurrency", "1"]).go();
    done.code(1).all("failed");
    let next = "Next: run the same command again later; no row needs mending.\n";
    assert!(done.stdout.ends_with(next), "{done}");
}

#[test]
fn a_web_page_with_200_is_no_success_and_three_of_them_end_the_run() {
    let server = Server::start(|_| answer(200, "<html><h1>Please sign in</h1></html>").into());
    let done = Run::quick(12, &server).args(["--concurrency", "1"]).go();
    done.code(5);
    assert_eq!(
        (done.count("failed"), done.count("pending")),
        (3, 9),
        "{done}"
    );
    assert_eq!(done.results()[0].code, "not-the-api");
    assert!(
        done.results()[0]
            .message
            .contains("a web page instead of JSON"),
        "{done}"
    );
}

#[test]
fn a_redirect_is_never_followed() {
    for status in [301, 302, 303, 307, 308] {
        let elsewhere = Server::start(|_| taken());
        let to = format!("{}/contacts/1", elsewhere.url());
        let server = Server::start(move |_| answer(status, "").header("location", &to).into());
        let done = Run::quick(3, &server).go();
        done.code(5).all("pending");
        assert_eq!(server.requests().len(), 1);
        assert_eq!(elsewhere.connections(), 0, "{status} was followed");
        assert!(done.stdout.contains("never followed"), "{done}");
    }
}

#[test]
fn a_connection_that_breaks_off_is_tried_again() {
    let server = Server::start(
        |request| match (request.before_for_same, request.contact()) {
            (0, "1") => Reaction::Drop,
            (0, "2") => Reaction::Part(answer(200, r#"{"payload":{"id":2}}"#), 5),
            (0, "3") => Reaction::Raw(b"this is no HTTP at all\r\n\r\n".to_vec()),
            (0, "4") => Reaction::Raw(Vec::new()),
            _ => taken(),
        },
    );
    let done = Run::quick(5, &server).go();
    done.code(0).all("updated");
    let attempts: Vec<u64> = done.results().iter().map(|line| line.attempts).collect();
    assert_eq!(attempts, [2, 2, 2, 2, 1]);
    assert_eq!(server.writes(), 9);
}

#[test]
fn one_bad_row_does_not_stop_the_others() {
    let server = Server::start(|request| match request.contact() {
        "2" => answer(404, r#"{"error":"Resource could not be found"}"#).into(),
        "4" => answer(
            422,
            r#"{"message":"Email has already been taken","attributes":["email"]}"#,
        )
        .into(),
        _ => taken(),
    });
    let mut csv = people(6);
    csv += "7,Person 7,no address\n";
    let done = Run::of(QUICK, csv)
        .to(&server)
        .args(["--rate", "2000/1s"])
        .go();
    done.code(1);
    let fates: Vec<(String, String)> = done
        .results()
        .into_iter()
        .map(|line| (line.outcome, line.code))
        .collect();
    let fates: Vec<(&str, &str)> = fates
        .iter()
        .map(|(fate, code)| (fate.as_str(), code.as_str()))
        .collect();
    assert_eq!(
        fates,
        [
            ("updated", ""),
            ("failed", "not-found"),
            ("updated", ""),
            ("failed", "refused"),
            ("updated", ""),
            ("updated", ""),
            ("invalid", "bad-email"),
        ]
    );
    assert_eq!(done.results()[3].field, "email");
    assert_eq!(server.writes(), 6, "an invalid row is not sent");
}

#[test]
fn what_a_server_says_is_cut_and_cannot_run_in_a_spreadsheet() {
    let server = Server::start(|request| match request.contact() {
        "1" => answer(422, r#"{"message":"=cmd|'/c calc'!A0"}"#).into(),
        "2" => answer(
            422,
            &format!(r#"{{"message":"{}"}}"#, "long ".repeat(1_000)),
        )
        .into(),
        _ => answer(422, r#"{"message":"red \u001b[31m and \u202e turned"}"#).into(),
    });
    let done = Run::quick(3, &server).go();
    done.code(1).all("failed");
    let messages: Vec<String> = done
        .results()
        .into_iter()
        .map(|line| line.message)
        .collect();
    assert!(messages[0].starts_with("'=cmd"), "{done}");
    assert_eq!(messages[1].chars().count(), 300, "{done}");
    for forbidden in ['\u{1b}', '\u{202e}'] {
        assert!(
            !messages[2].contains(forbidden) && !done.stdout.contains(forbidden),
            "{done}"
        );
    }
}

#[test]
fn where_only_the_way_was_bad_the_next_step_is_the_same_command_and_no_mending() {
    let server = Server::start(|_| answer(500, r#"{"message":"internal"}"#).into());
    let done = Run::quick(2, &server).go();
    done.code(1);
    let next = "Next: run the same command again later; no row needs mending.";
    assert!(done.stdout.contains(next), "{done}");
    assert!(!done.stdout.contains("then\n"), "{done}");
}

#[test]
fn a_redirect_is_explained_once() {
    let server = Server::start(|_| {
        answer(302, "")
            .header("Location", "https://elsewhere.example/")
            .into()
    });
    let done = Run::quick(2, &server).go();
    done.code(5);
    assert_eq!(
        done.results()[0].message.matches("never followed").count(),
        1,
        "{done}"
    );
}
