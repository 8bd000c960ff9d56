//! The stand-in's account: contacts that are made, found, read and tagged, and what the account defines.

use std::net::SocketAddr;

use contact_sync::sandbox::{Mischief, Sandbox, Tally, beside};
use serde_json::{Value, json};

use super::{Got, api, ask};

/// A provider that says as little as it can: everything has its place by the paths at which answers are read.
pub(super) const SIXTH: &str = include_str!("sixth.toml");

const AUTH: &str = "Authorization: Bearer t\r\n";

fn said(at: SocketAddr, line: &str, body: &str) -> (u16, Value) {
    let Got(status, _, body) = ask(at, line, AUTH, body);
    let json = serde_json::from_str(&body).unwrap_or_else(|error| panic!("{error}: {body}"));
    (status, json)
}

fn make(at: SocketAddr, person: &Value) -> (u16, Value) {
    let body = json!({ "space": "7", "person": person }).to_string();
    said(at, "POST /spaces/7/people", &body)
}

#[test]
fn contacts_are_made_found_and_read_in_the_shape_of_the_paths() {
    let sandbox = beside(api(SIXTH)).expect("a stand-in");
    let at = sandbox.address();
    let found = |line: &str, body: &str| said(at, line, body).1;
    let by_mail = "GET /spaces/7/people?email=Noa%2B1%40example.org";
    assert_eq!(found(by_mail, ""), json!({ "people": [] }));
    let noa =
        json!({ "name": "Noa", "mail": { "main": "noa+1@example.org" }, "phone": "+972501234567" });
    let shown = json!({ "id": 1001, "name": "Noa", "mail": { "main": "noa+1@example.org" }, "phone": "+972501234567", "tags": [] });
    assert_eq!(make(at, &noa), (201, json!({ "person": shown })));
    assert_eq!(found(by_mail, ""), json!({ "people": [shown] }));
    let search = "POST /spaces/7/people/search";
    let body = r#"{"by":"phone","is":["972501234567"],"space":"7","more":1}"#;
    assert_eq!(found(search, body), json!({ "people": [shown] }));
    for other in [
        r#"{"by":"email","is":["972501234567"],"space":"7"}"#,
        r#"{"by":"phone","is":["972501234567","1"],"space":"7"}"#,
        r#"{"by":"phone","is":["972501234567"]}"#,
        "{",
        "",
    ] {
        assert_eq!(said(at, search, other).0, 400, "{other}");
    }
    for near in ["oa%2B1%40example.org", "noa%2B1%40example.org.il", "noa"] {
        let line = format!("GET /spaces/7/people?email={near}");
        assert_eq!(found(&line, ""), json!({ "people": [] }), "{near}");
    }
    assert_eq!(said(at, "GET /spaces/7/people", "").0, 404, "nothing asked");
    assert_eq!(
        said(at, "GET /spaces/7/people/1001", ""),
        (200, json!({ "person": shown }))
    );
    let stranger = json!({ "person": { "id": 55, "tags": [] } });
    assert_eq!(said(at, "GET /spaces/7/people/55", ""), (200, stranger));
    assert_eq!(said(at, "GET /spaces/7/people/404", "").0, 404);
    // What a change takes away is no longer found, and what it brings is.
    let body = r#"{"person":{"mail":{"main":"noa@example.org"}}}"#;
    assert_eq!(said(at, "PATCH /spaces/7/people/1001", body).0, 200);
    assert_eq!(found(by_mail, ""), json!({ "people": [] }));
    let line = "GET /spaces/7/people?email=noa%40example.org";
    assert_eq!(found(line, "")["people"][0]["id"], 1001);
}

#[test]
fn what_another_contact_has_is_refused_where_the_provider_says_so() {
    let sandbox = beside(api(SIXTH)).expect("a stand-in");
    let at = sandbox.address();
    let noa = json!({ "mail": { "main": "noa@example.org" }, "phone": "+972501234567" });
    assert_eq!(make(at, &noa).0, 201);
    let again = json!({ "mail": { "main": "NOA@example.org" } });
    let no = json!({ "message": "mail.main belongs to 1001" });
    assert_eq!(make(at, &again), (409, no));
    let body = r#"{"person":{"phone":"+972501234567"}}"#;
    let no = json!({ "message": "phone belongs to 1001" });
    assert_eq!(said(at, "PATCH /spaces/7/people/5", body), (409, no));
    assert_eq!(
        said(at, "PATCH /spaces/7/people/1001", body).0,
        200,
        "its own"
    );
    let tally = sandbox.watch().tally();
    assert_eq!((tally.created, tally.changes, tally.contacts), (1, 1, 1));

    let lines: Vec<&str> = SIXTH
        .lines()
        .filter(|line| !line.contains("\"duplicate\""))
        .collect();
    let sandbox = beside(api(&lines.join("\n"))).expect("a stand-in");
    let at = sandbox.address();
    assert_eq!(make(at, &noa).0, 201);
    assert_eq!(make(at, &noa).0, 201);
    let (_, found) = said(at, "GET /spaces/7/people?email=noa%40example.org", "");
    let ids: Vec<&Value> = found["people"]
        .as_array()
        .into_iter()
        .flatten()
        .map(|own| &own["id"])
        .collect();
    assert_eq!(ids, [1001, 1002]);
}

#[test]
fn a_new_contact_needs_what_the_call_adds_and_is_checked_as_a_change_is() {
    let sandbox = beside(api(SIXTH)).expect("a stand-in");
    let at = sandbox.address();
    let line = "POST /spaces/7/people";
    for body in [
        r#"{"person":{}}"#,
        r#"{"space":"","person":{}}"#,
        r#"{"space":7,"person":{}}"#,
    ] {
        let no = json!({ "message": "space must be a string" });
        assert_eq!(said(at, line, body), (422, no), "{body}");
    }
    let body = r#"{"space":"7","person":{"nmae":"Noa"}}"#;
    assert_eq!(
        said(at, line, body),
        (422, json!({ "message": "there is no nmae" }))
    );
    assert_eq!(sandbox.watch().tally().created, 0);
}

#[test]
fn tags_go_one_by_one_by_the_ids_that_the_account_tells() {
    let sandbox = beside(api(SIXTH)).expect("a stand-in");
    let at = sandbox.address();
    let (_, tags) = said(at, "GET /spaces/7/tags?page=1", "");
    assert_eq!(
        said(at, "GET /spaces/7/tags?page=2", "").1,
        json!({ "tags": [] })
    );
    assert_eq!(
        (&tags["tags"][0]["name"], &tags["tags"][1]["name"]),
        (&json!("Newsletter"), &json!("VIP"))
    );
    let vip = tags["tags"][1].clone();
    let path = format!("/spaces/7/people/5/tags/{}", vip["id"]);
    assert_eq!(said(at, &format!("PUT {path}"), "").0, 200);
    assert_eq!(said(at, &format!("PUT {path}"), "").0, 200);
    let (_, person) = said(at, "GET /spaces/7/people/5", "");
    assert_eq!(person["person"]["tags"], json!([vip]));
    assert_eq!(said(at, "PUT /spaces/7/people/5/tags/12", "").0, 404);
    assert_eq!(said(at, &format!("DELETE {path}"), "").0, 200);
    let (_, person) = said(at, "GET /spaces/7/people/5", "");
    assert_eq!(person["person"]["tags"], json!([]));
    assert_eq!(sandbox.watch().tally().tagged, 3);
}

#[test]
fn tags_go_together_and_whole_too() {
    let together = r#"
[tags]
lower_case = true
set = { way = "field", field = "tags" }
add = { way = "together", call = { method = "POST", path = "/people/{id}/tags", body = '{"tags":"{values}"}' } }
remove = { way = "together", call = { method = "DELETE", path = "/people/{id}/tags", body = '{"tags":"{values}"}' } }
read = { call = { method = "GET", path = "/people/{id}/tags" }, list = "all.tags" }
"#;
    let whole = r#"
[tags]
set = { way = "merge", call = { method = "POST", path = "/people/{id}/tags", body = '{"tags":"{values}"}' } }
add = { way = "merge", call = { method = "POST", path = "/people/{id}/tags", body = '{"tags":"{values}"}' } }
read = { call = { method = "GET", path = "/people/{id}/tags" }, list = "" }
"#;
    let (head, rest) = SIXTH.split_once("[tags]").expect("tags");
    let (_, rest) = rest.split_once("[definitions.tags]").expect("definitions");
    let rest = rest.replace("[fields]", "[fields]\ntags = { type = \"list\" }");
    let text = |tags: &str| format!("{head}{tags}[definitions.tags]{rest}");

    let sandbox = beside(api(&text(together))).expect("a stand-in");
    let at = sandbox.address();
    let body = r#"{"person":{"tags":["Old","New"]}}"#;
    let (_, changed) = said(at, "PATCH /spaces/7/people/5", body);
    assert_eq!(changed["person"]["tags"], json!(["old", "new"]));
    let all = |line: &str, body: &str| said(at, line, body).1;
    let added = all("POST /people/5/tags", r#"{"tags":["NEW","vip"]}"#);
    assert_eq!(added, json!({ "all": { "tags": ["old", "new", "vip"] } }));
    let left = all("DELETE /people/5/tags", r#"{"tags":["Old","never"]}"#);
    assert_eq!(left, json!({ "all": { "tags": ["new", "vip"] } }));
    assert_eq!(all("GET /people/5/tags", ""), left);

    let sandbox = beside(api(&text(whole))).expect("a stand-in");
    let at = sandbox.address();
    let post = |body: &str| said(at, "POST /people/5/tags", body);
    assert_eq!(post(r#"{"tags":["a","B"]}"#), (200, json!(["a", "B"])));
    assert_eq!(post(r#"{"tags":["c"]}"#), (200, json!(["c"])));
    assert_eq!(post(r#"{"tags":"c"}"#).0, 400);
    let (_, person) = said(at, "GET /spaces/7/people/5", "");
    assert_eq!(person, json!({ "person": { "id": 5 } }), "not shown there");
}

#[test]
fn the_account_tells_its_custom_fields_and_they_are_the_same_every_time() {
    let told = || {
        let sandbox = beside(api(SIXTH)).expect("a stand-in");
        said(sandbox.address(), "GET /spaces/7/fields", "").1
    };
    let fields = told();
    assert_eq!(fields, told());
    let plain: Vec<Value> = fields
        .as_array()
        .into_iter()
        .flatten()
        .map(|own| json!([own["about"], own["label"], own["key"], own["input"]["type"]]))
        .collect();
    assert_eq!(
        plain,
        [
            json!(["person", "Loyalty level", "loyalty_level", "text"]),
            json!(["person", "Score", "score", "NUMBER"]),
            json!(["person", "Plan", "plan", "CHOICE"]),
        ]
    );
    assert_eq!(fields[2]["input"]["options"][1]["label"], "silver");
}

#[test]
fn an_object_that_the_provider_may_replace_is_replaced() {
    let sandbox = beside(api(SIXTH)).expect("a stand-in");
    let at = sandbox.address();
    let change = |body: &str| said(at, "PATCH /spaces/7/people/5", body).1;
    change(r#"{"person":{"extra":{"a":1,"b":2},"mail":{"main":"a@b.co"}}}"#);
    let shown = change(r#"{"person":{"extra":{"a":3},"mail":{}}}"#);
    assert_eq!(shown["person"]["extra"], json!({ "a": 3 }));
    assert_eq!(shown["person"]["mail"], json!({ "main": "a@b.co" }));
}

#[test]
fn search_is_by_parts_with_wildcards_or_over_a_whole_list() {
    let with = |text: &str, search: &str| {
        text.replace("[sandbox]", &format!("[sandbox]\nsearch = \"{search}\""))
    };
    let ids = |at: SocketAddr, what: &str| {
        let (_, found) = said(at, &format!("GET /spaces/7/people?email={what}"), "");
        let ids = found["people"].as_array().into_iter().flatten();
        ids.map(|own| own["id"].as_u64().expect("an id"))
            .collect::<Vec<_>>()
    };
    let fill = |at: SocketAddr| {
        for mail in ["noa@example.org", "noa@example.org.il", "dan@example.org"] {
            assert_eq!(make(at, &json!({ "mail": { "main": mail } })).0, 201);
        }
    };
    let sandbox = beside(api(&with(SIXTH, "substring"))).expect("a stand-in");
    let at = sandbox.address();
    fill(at);
    assert_eq!(ids(at, "NOA%40example.org"), [1001, 1002]);
    assert_eq!(ids(at, "noa%40example.org.il"), [1002]);

    let sandbox = beside(api(&with(SIXTH, "wildcard"))).expect("a stand-in");
    let at = sandbox.address();
    fill(at);
    assert_eq!(ids(at, "noa%40example.org"), [1001]);
    assert_eq!(ids(at, "*%40example.org"), [1003, 1001]);

    let listed = SIXTH
        .replace("people?email={value}", "people?page={page}&size=2")
        .replace(
            "field = \"mail.main\"",
            "field = \"mail.main\"\npages = \"meta.pages\"",
        )
        .replace("[sandbox]", "[sandbox]\npage = 2");
    let sandbox = beside(api(&listed)).expect("a stand-in");
    let at = sandbox.address();
    let page = |page: u64| said(at, &format!("GET /spaces/7/people?size=2&page={page}"), "").1;
    assert_eq!(page(1), json!({ "people": [], "meta": { "pages": 0 } }));
    fill(at);
    assert_eq!(page(1)["meta"]["pages"], 2);
    assert_eq!(page(1)["people"].as_array().map(Vec::len), Some(2));
    assert_eq!(page(2)["people"][0]["id"], 1003);
    assert_eq!(page(3)["people"], json!([]));
    let other = said(at, "GET /spaces/7/people?size=3&page=1", "");
    assert_eq!(other.0, 404, "another call than the file's");
}

#[test]
fn limits_can_be_lifted_and_answers_lost() {
    let api = api(&SIXTH.replace("per = \"1s\"", "per = \"1h\""));
    let sandbox = Sandbox::bind(api, 0)
        .expect("a stand-in")
        .without_limits()
        .with_mischief(Mischief {
            lost: contact_sync::provider::stand_in::When::Created,
            each: 3,
        })
        .beside()
        .expect("a thread");
    let at = sandbox.address();
    let request = |number: u64| {
        let body = json!({ "space": "7", "person": { "name": number.to_string() } }).to_string();
        let length = body.len();
        format!(
            "POST /spaces/7/people HTTP/1.1\r\nHost: x\r\nConnection: close\r\n{AUTH}Content-Length: {length}\r\n\r\n{body}"
        )
    };
    let lost = (1..=120).filter(|number| super::raw(at, request(*number).as_bytes()).is_empty());
    assert_eq!(lost.count(), 40);
    let tally = Tally {
        requests: 120,
        created: 120,
        contacts: 120,
        ..Tally::default()
    };
    assert_eq!(sandbox.watch().tally(), tally);
}
