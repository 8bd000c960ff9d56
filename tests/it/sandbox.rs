//! The stand-in, through a real socket: every refusal in the provider's words, what it stores, how it counts.

use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::sync::Arc;
use std::time::Duration;

use contact_sync::mistake::Written;
use contact_sync::provider::api::{Api, Looks};
use contact_sync::provider::load::load;
use contact_sync::sandbox::{Sandbox, Tally, beside, make_up};

mod account;
mod lost;
mod runs;
mod wire;

/// Strict: typed fields, entries by name, fixed header, limit headers, a burst and a daily quota.
const STRICT: &str = include_str!("sandbox/strict.toml");

/// Lenient: credential in the query, a wrapped body, unknown keys dropped, no limit headers.
const LENIENT: &str = include_str!("sandbox/lenient.toml");

const AUTH: &str = "Authorization: Bearer t\r\nVersion: 2021\r\n";

fn api(text: &str) -> Arc<Api> {
    let written = Arc::new(Written {
        name: "api.toml".into(),
        text: text.into(),
    });
    Arc::new(load(&written).expect("a provider's file"))
}

/// An answer: its status, its headers in order of their names with the date's value left out, its body.
#[derive(Debug, PartialEq, Eq)]
struct Got(u16, Vec<String>, String);

fn raw(address: SocketAddr, bytes: &[u8]) -> Vec<u8> {
    let mut stream = TcpStream::connect(address).expect("the stand-in listens");
    let wait = Some(Duration::from_secs(30));
    stream.set_read_timeout(wait).expect("a time-out");
    let mut answer = Vec::new();
    // A server that will not have the rest of a request may close while it is being sent.
    let _ = stream.write_all(bytes);
    let _ = stream.read_to_end(&mut answer);
    answer
}

fn parse(answer: &[u8]) -> Got {
    let text = String::from_utf8(answer.to_vec()).expect("text");
    let (head, body) = text.split_once("\r\n\r\n").expect("a whole answer");
    let mut lines = head.lines();
    let status = lines.next().and_then(|line| line.split(' ').nth(1));
    let mut headers: Vec<String> = lines
        .map(|line| match line.starts_with("date: ") {
            true => "date".to_owned(),
            false => line.to_owned(),
        })
        .filter(|line| line != "connection: close")
        .collect();
    headers.sort();
    let status = status.and_then(|status| status.parse().ok());
    Got(status.expect("a status"), headers, body.to_owned())
}

fn ask(address: SocketAddr, line: &str, headers: &str, body: &str) -> Got {
    let length = body.len();
    let request = format!(
        "{line} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n{headers}Content-Length: {length}\r\n\r\n{body}"
    );
    parse(&raw(address, request.as_bytes()))
}

/// What a stand-in shows, whatever its status.
pub(crate) fn body_of(address: SocketAddr, line: &str, headers: &str) -> serde_json::Value {
    let Got(_, _, body) = ask(address, line, headers, "");
    serde_json::from_str(&body).unwrap_or_else(|error| panic!("{error}: {body}"))
}

fn change(address: SocketAddr, id: &str, body: &str) -> (u16, String) {
    let Got(status, _, body) = ask(address, &format!("PUT /v1/here/contacts/{id}"), AUTH, body);
    (status, body)
}

fn said(status: u16, message: &str) -> (u16, String) {
    (status, format!(r#"{{"message":["{message}"]}}"#))
}

#[test]
fn a_change_is_answered_whole() {
    let sandbox = beside(api(STRICT)).expect("a stand-in");
    let body = r#"{"name":"Noa","age":3,"custom":[{"key":"level","field_value":2}]}"#;
    let got = ask(sandbox.address(), "PUT /v1/here/contacts/a%2Fb", AUTH, body);
    let shown =
        r#"{"ok":true,"contact":{"id":"a/b","name":"Noa","custom":[{"key":"level","value":2}]}}"#;
    let headers = [
        "content-length: 84",
        "content-type: application/json",
        "date",
        "x-day-left: 59",
        "x-day: 60",
        "x-left: 39",
        "x-max: 40",
        "x-window: 1800000",
    ];
    let headers = headers.map(str::to_owned).to_vec();
    assert_eq!(got, Got(200, headers, shown.to_owned()));
}

#[test]
fn the_door_refuses_in_the_providers_words() {
    let sandbox = beside(api(STRICT)).expect("a stand-in");
    let at = sandbox.address();
    let put = "PUT /v1/here/contacts/a";
    for credential in [
        "",
        "Authorization: \r\n",
        "Authorization: Bearer\r\n",
        "Authorization: Bearer  \r\n",
        "Authorization: Token t\r\n",
        "Authorization: Basic dTo=\r\n", // `u:`
        "Authorization: Basic !\r\n",
    ] {
        let got = ask(at, put, &format!("{credential}Version: 2021\r\n"), "{}");
        assert_eq!(
            (got.0, &*got.2),
            (401, r#"{"message":"no token"}"#),
            "{credential}"
        );
        assert!(got.1.contains(&"www-authenticate: Bearer".to_owned()));
        assert!(got.1.contains(&"x-left: 40".to_owned()), "not counted");
    }
    for credential in ["authorization: bEARER t", "Authorization: Basic dTpw"] {
        let got = ask(at, put, &format!("{credential}\r\nVERSION: 2021\r\n"), "{}");
        assert_eq!(got.0, 200, "{credential}");
    }
    for version in ["", "Version: 2022\r\n"] {
        let got = ask(
            at,
            put,
            &format!("Authorization: Bearer t\r\n{version}"),
            "{}",
        );
        let message = r#"{"message":"Version must be 2021"}"#;
        assert_eq!((got.0, &*got.2), (401, message));
    }
}

#[test]
fn only_the_calls_of_the_file_are_there_and_some_ids_belong_to_nobody() {
    let sandbox = beside(api(STRICT)).expect("a stand-in");
    let at = sandbox.address();
    for line in [
        "POST /v1/here/contacts/a",
        "GET /v1/here/contacts/a",
        "PUT /v1//contacts/a",
        "PUT /v1/here/contacts/",
        "PUT /v1/here/contacts/a/b",
        "PUT /v1/here/contacts/a/",
        "GET /",
        "OPTIONS *",
    ] {
        let got = ask(at, line, AUTH, "{}");
        assert_eq!(
            (got.0, &*got.2),
            (404, r#"{"message":"Cannot go there"}"#),
            "{line}"
        );
    }
    let ping = ask(at, "GET /v1/anywhere?limit=1", AUTH, "");
    assert_eq!((ping.0, &*ping.2), (200, r#"{"place":"here"}"#));
    for id in ["missing", "missing-2", "%FF"] {
        let shown = id.replace("%FF", "\u{fffd}");
        let gone = (400, format!(r#"{{"message":"{shown} not found"}}"#));
        assert_eq!(change(at, id, r#"{"name":"Noa"}"#), gone);
    }
    assert_eq!(sandbox.watch().tally().contacts, 0);

    let sandbox = beside(api(&LENIENT.replace("requests = 5", "requests = 50"))).expect("one");
    for id in ["12a", "a", "404", "4044", "%2D1"] {
        let line = format!("PATCH /a/1/c/{id}?api_key=k");
        let got = ask(sandbox.address(), &line, "", r#"{"fields":{}}"#);
        assert_eq!(
            (got.0, &*got.2),
            (404, r#"{"message":"no such contact"}"#),
            "{id}"
        );
    }
}

#[test]
fn every_type_is_held_against_the_file() {
    let text = STRICT.replace("requests = 40", "requests = 1000");
    let sandbox = beside(api(&text.replace("requests = 60", "requests = 1000"))).expect("one");
    let at = sandbox.address();
    let wrong = [
        (r#"{"name":null,"phone":null}"#, "phone", "a phone number"),
        (r#"{"name":1}"#, "name", "a string"),
        (
            r#"{"name":"אבגדהוזחטיכ"}"#,
            "name",
            "at most 10 characters long",
        ),
        (r#"{"email":null}"#, "email", "an email"),
        (r#"{"email":"noa"}"#, "email", "an email"),
        (r#"{"phone":"call me"}"#, "phone", "a phone number"),
        (r#"{"site":"example"}"#, "site", "a URL"),
        (r#"{"ref":"12"}"#, "ref", "a UUID"),
        (r#"{"age":"3"}"#, "age", "a whole number"),
        (r#"{"age":3.5}"#, "age", "a whole number"),
        (r#"{"score":"3"}"#, "score", "a number"),
        (r#"{"vip":"yes"}"#, "vip", "a boolean"),
        (r#"{"born":"soon"}"#, "born", "a date"),
        (
            r#"{"seen":"1990-02-31T25:00Z"}"#,
            "seen",
            "a date and time in ISO 8601",
        ),
        (r#"{"at":"25:00"}"#, "at", "a time of day"),
        (
            r#"{"country":"US"}"#,
            "country",
            "a two-letter country code",
        ),
        (
            r#"{"anywhere":"Israel"}"#,
            "anywhere",
            "a two-letter country code",
        ),
        (r#"{"tags":"a"}"#, "tags", "an array of strings"),
        (r#"{"tags":["a",1]}"#, "tags", "an array of strings"),
        (r#"{"dnd":null}"#, "dnd", "an object"),
        (r#"{"dnd":{"SMS":"off"}}"#, "dnd.SMS", "an object"),
        (
            r#"{"dnd":{"SMS":{"status":"no"}}}"#,
            "dnd.SMS.status",
            "one of on, off",
        ),
        (r#"{"custom":{}}"#, "custom", "an array of objects"),
        (
            r#"{"custom":[{"field_value":1}]}"#,
            "custom.0",
            "an object with id or key",
        ),
        (
            r#"{"custom":[{"key":"a"}]}"#,
            "custom.0",
            "an object with field_value",
        ),
        (
            r#"{"custom":[{"id":"a","field_value":1}]}"#,
            "custom.0.id",
            "twenty letters and digits",
        ),
        (
            r#"{"custom":[{"key":"a","field_value":null}]}"#,
            "custom.0.field_value",
            "a value that is not null",
        ),
    ];
    for (body, field, wanted) in wrong {
        let message = format!("{field} must be {wanted}");
        assert_eq!(change(at, "a", body), said(422, &message), "{body}");
    }
    let unknown = [
        (r#"{"name":"N","gender":"f"}"#, "gender"),
        (r#"{"dnd":{"Fax":{}}}"#, "dnd.Fax"),
        (
            r#"{"custom":[{"key":"a","field_value":1,"value":1}]}"#,
            "custom.0.value",
        ),
        (r#"{"a\"b\n":1}"#, r#"a\"b\n"#),
    ];
    for (body, field) in unknown {
        let message = format!("property {field} should not exist");
        assert_eq!(change(at, "a", body), said(422, &message), "{body}");
    }
    for body in [
        "",
        "[]",
        "null",
        "{",
        "{}x",
        r#"{"name":"\ud800"}"#,
        &"[".repeat(10_000),
    ] {
        let no = (400, r#"{"message":"no JSON"}"#.to_owned());
        assert_eq!(change(at, "a", body), no, "{body}");
    }
    assert_eq!(sandbox.watch().tally().contacts, 0, "nothing was stored");
    let right = r#"{"name":null,"email":"","phone":"+972 50-1234567","site":"https://example.org/a","ref":"5a4d0b0c-5a4d-4b0c-8a4d-0b0c5a4d0b0c","score":3,"vip":false,"born":"25/09/1990","seen":"1990-09-25T08:00:00+03:00","at":"08:30","country":"GB","anywhere":"NO","tags":[],"dnd":{"SMS":{"status":"on"}},"custom":[]}"#;
    let (status, shown) = change(at, "a", right);
    let whole = format!(r#"{{"ok":true,"contact":{{"id":"a",{}}}"#, &right[1..]);
    assert_eq!((status, shown), (200, whole));
}

#[test]
fn changes_are_merged_and_contacts_kept_apart() {
    let sandbox = beside(api(STRICT)).expect("a stand-in");
    let at = sandbox.address();
    change(
        at,
        "a",
        r#"{"name":"Noa","tags":["x","y"],"dnd":{"SMS":{"status":"on"}},"custom":[{"key":"a","field_value":1},{"key":"b","field_value":1}]}"#,
    );
    change(at, "b", r#"{"name":"Dan"}"#);
    let (_, shown) = change(
        at,
        "a",
        r#"{"tags":["z"],"dnd":{"SMS":{"note":"n"}},"custom":[{"key":"b","field_value":2},{"key":"c","field_value":3}]}"#,
    );
    let whole = r#"{"ok":true,"contact":{"id":"a","name":"Noa","tags":["z"],"dnd":{"SMS":{"status":"on","note":"n"}},"custom":[{"key":"a","value":1},{"key":"b","value":2},{"key":"c","value":3}]}}"#;
    assert_eq!(shown, whole);
    let tally = Tally {
        requests: 3,
        changes: 3,
        contacts: 2,
        throttled: 0,
        ..Tally::default()
    };
    assert_eq!(sandbox.watch().tally(), tally);
}

#[test]
fn a_lenient_provider_drops_what_it_does_not_know_and_throttles_exactly() {
    let sandbox = beside(api(LENIENT)).expect("a stand-in");
    let at = sandbox.address();
    let patch = "PATCH /a/7/c/0012?x=1&api_key=a%20b";
    for line in [
        "PATCH /a/7/c/12",
        "PATCH /a/7/c/12?api_key=",
        "PATCH /a/7/c/12?api_key=+",
    ] {
        assert_eq!(ask(at, line, "", "{}").0, 401, "{line}");
    }
    let body = r#"{"why":1,"fields":{"name":"נעה \"א\"","gender":"f","attributes":{"city":"Haifa","zip":"1"},"open":{"a":null,"secret":2}}}"#;
    let got = ask(at, patch, "", body);
    let shown = r#"{"data":{"id":12,"fields":{"name":"נעה \"א\"","attributes":{"city":"Haifa"},"open":{"a":null}}}}"#;
    let headers = [
        "content-length: 100",
        "content-type: application/json",
        "date",
    ];
    assert_eq!(
        got,
        Got(201, headers.map(str::to_owned).to_vec(), shown.into())
    );
    let whole = ask(at, patch, "", r#"{"fields":{"open":null}}"#);
    let message = r#"{"message":"open must be an object"}"#;
    assert_eq!((whole.0, &*whole.2), (422, message));
    for body in ["{}", r#"{"fields":[]}"#] {
        let message = r#"{"message":"fields must be an object"}"#;
        let got = ask(at, patch, "", body);
        assert_eq!((got.0, &*got.2), (422, message));
    }
    let ping = ask(at, "GET /a/7?api_key=k", "", "");
    assert_eq!((ping.0, &*ping.2), (200, "{}"));
    let headers = [
        "content-length: 12",
        "content-type: text/plain",
        "date",
        "x-why: burst",
    ];
    let late = Got(
        429,
        headers.map(str::to_owned).to_vec(),
        "Retry later\n".into(),
    );
    assert_eq!(ask(at, patch, "", body), late);
    assert_eq!(
        ask(at, "GET /a/7", "", "").0,
        401,
        "the credential comes first"
    );
    assert_eq!(sandbox.watch().tally().throttled, 1);
}

#[test]
fn what_is_made_up_looks_as_it_must() {
    let api = api(STRICT);
    for (key, known) in &api.account {
        assert!(known.looks.fits(&make_up(&api, key)), "{key}");
    }
    assert_eq!(make_up(&api, "number"), "1");
    assert_eq!(make_up(&api, "place"), "sandbox");
    assert_eq!(make_up(&api, "token"), "sandbox-token");
    assert!(Looks::Any.fits(&make_up(&api, "nobody's key")));
}

#[test]
fn an_answer_that_cannot_be_sent_is_told_at_once() {
    let text = STRICT.replace("status = 429", "status = 100");
    let error = Sandbox::bind(api(&text), 0).expect_err("no such answer");
    assert_eq!(
        error.to_string(),
        "`sandbox.says` with status `100` is no answer; write a status from 200 to 599"
    );
}
