//! Tags row by row: which cells name some, which refuse the row, and how all of them are taken away.

use serde_json::{Value, json};

use super::done::Done;
use super::harness::Run;
use super::server::{Server, answer};

const HIGHLEVEL: &str = r#"provider = "highlevel"
[account]
token = { env = "SHOP_TOKEN" }
[contact]
id = "Id"
"#;
const CHATWOOT: &str = r#"provider = "99digital"
[account]
token = { env = "SHOP_TOKEN" }
account_id = 7
[contact]
id = "Id"
"#;
const ROWS: &str = "Id,Name,Tags\n1,Dana,gold; silver;;gold\n2,Noa,\n";

fn dry(mapping: &str, rest: &str) -> Done {
    let run = Run::of(&format!("{mapping}{rest}"), ROWS);
    run.args(["--dry-run", "--requests", "-"]).go()
}

/// The bodies that a dry run shows, each behind its row.
fn bodies(done: &Done) -> Vec<(u64, Value)> {
    let lines = done.stdout.lines();
    let calls = lines.map(|line| serde_json::from_str::<Value>(line).expect("JSON"));
    let bodies = calls.filter(|call| !call["body"].is_null());
    bodies
        .map(|call| (call["row"].as_u64().expect("a row"), call["body"].clone()))
        .collect()
}

#[test]
fn every_tag_of_a_cell_is_looked_up() {
    let words = r#"lookup = { "gold" = "Gold customer", "silver" = "" }"#;
    for (verb, of) in [("add", HIGHLEVEL), ("remove", HIGHLEVEL), ("add", CHATWOOT)] {
        let lines = format!("[tags]\n{verb} = {{ column = \"Tags\", split = \";\", {words} }}\n");
        let done = dry(of, &lines);
        let (row, body) = &bodies(done.code(0))[0];
        let tags = match of {
            HIGHLEVEL => json!({ "tags": ["Gold customer"] }),
            // Labels are in small letters there.
            _ => json!({ "labels": ["gold customer"] }),
        };
        assert_eq!((*row, body), (1, &tags), "{done}");
    }
    let unknown = r#"[tags]
add = { column = "Tags", split = ";", lookup = { "gold" = "Gold customer" } }
"#;
    let done = dry(HIGHLEVEL, unknown);
    let first = &done.code(1).results()[0];
    assert_eq!(
        (&*first.outcome, &*first.code),
        ("invalid", "not-in-lookup")
    );
}

#[test]
fn a_blank_cell_of_tags_refuses_the_row_where_the_mapping_says_so() {
    for (option, code) in [
        ("required = true", "required"),
        (r#"empty = "error""#, "blank"),
    ] {
        for verb in ["add", "remove", "set"] {
            for of in [HIGHLEVEL, CHATWOOT] {
                let lines = format!(
                    "[fields]\nemail = {{ value = \"a@example.org\" }}\n[tags]\n{verb} = {{ column = \"Tags\", split = \";\", {option} }}\n"
                );
                let done = dry(of, &lines);
                let results = done.code(1).results();
                let told: Vec<(&str, &str)> = results
                    .iter()
                    .map(|line| (&*line.outcome, &*line.code))
                    .collect();
                assert_eq!(told, [("valid", ""), ("invalid", code)], "{done}");
                done.says("1  ")
                    .says(&format!("{code} in Tags, on line 3: `Tags` is blank"));
            }
        }
    }
}

#[test]
fn a_constant_list_of_tags_is_tidied_and_parted() {
    for (line, tags) in [
        (r#"set = [" b ", "a", "", "b"]"#, json!(["b", "a"])),
        (r#"set = { value = "a;b", split = ";" }"#, json!(["a", "b"])),
        (
            r#"add = { value = " a ; b;a", split = ";" }"#,
            json!(["a", "b"]),
        ),
        (r#"remove = "Tags""#, json!(["gold; silver;;gold"])),
        ("set = []", json!([])),
    ] {
        let done = dry(HIGHLEVEL, &format!("[tags]\n{line}\n"));
        assert_eq!(
            bodies(done.code(0))[0],
            (1, json!({ "tags": tags })),
            "{line}"
        );
    }
}

/// A Chatwoot whose contacts have two labels.
fn labelled() -> Server {
    Server::start(|request| {
        let labels = request.target.ends_with("/labels");
        match (request.method.as_str(), labels) {
            ("GET", true) => answer(200, r#"{"payload":["old","vip"]}"#).into(),
            ("POST", true) => answer(200, r#"{"payload":[]}"#).into(),
            _ => answer(200, r#"{"payload":{"id":1}}"#).into(),
        }
    })
}

/// What a dry run shows of a change that is merged with the labels that are there.
#[test]
fn a_dry_run_does_not_set_what_is_to_be_taken_away() {
    let kept = "the tags that a contact has are read first and kept";
    for (lines, shown) in [
        (r#"remove = ["old"]"#, json!([])),
        (r#"remove = "Tags""#, json!([])),
        ("add = [\"VIP\"]\nremove = [\"old\"]", json!(["vip"])),
        (
            "remove = [\"old\"]\nadd = [\"new\", \"vip\"]",
            json!(["new", "vip"]),
        ),
        (
            "add = [\"vip\", \"old\"]\nremove = [\"old\"]",
            json!(["vip", "old"]),
        ),
    ] {
        let done = dry(CHATWOOT, &format!("[tags]\n{lines}\n"));
        assert_eq!(
            bodies(done.code(0))[0],
            (1, json!({ "labels": shown })),
            "{lines}"
        );
        done.says(kept);
        let server = labelled();
        let real = Run::of(&format!("{CHATWOOT}[tags]\n{lines}\n"), ROWS);
        let real = real.to(&server).args(["--limit", "1"]).go();
        assert!(!real.code(0).stderr.contains(kept), "{real}");
    }
    // What replaces all of them is known whole, and what is added by itself leaves the others alone.
    for (of, line) in [(CHATWOOT, "set"), (HIGHLEVEL, "add"), (HIGHLEVEL, "remove")] {
        let done = dry(of, &format!("[tags]\n{line} = [\"old\"]\n"));
        let (_, body) = &bodies(done.code(0))[0];
        let tags = body.get("tags").or(body.get("labels"));
        assert_eq!(tags, Some(&json!(["old"])), "{done}");
        assert!(!done.stderr.contains(kept), "{done}");
    }
}

fn sent(server: &Server, method: &str) -> Vec<Value> {
    let requests = server.requests();
    let own = requests.iter().filter(|request| request.method == method);
    own.map(|request| request.json()).collect()
}

#[test]
fn a_blank_cell_takes_all_tags_away_where_the_mapping_says_so() {
    let line = r#"[tags]
set = { column = "Tags", split = ";", empty = "clear" }
"#;
    let server = labelled();
    let merged = Run::of(&format!("{CHATWOOT}{line}"), ROWS).to(&server).go();
    merged.code(0).all("updated");
    assert_eq!(
        sent(&server, "POST"),
        [
            json!({ "labels": ["gold", "silver"] }),
            json!({ "labels": [] })
        ]
    );
    let with_the_fields = dry(HIGHLEVEL, line);
    assert_eq!(
        bodies(with_the_fields.code(0)),
        [
            (1, json!({ "tags": ["gold", "silver"] })),
            (2, json!({ "tags": [] }))
        ]
    );
}

#[test]
fn one_call_takes_all_tags_away_where_one_call_sets_them() {
    let readme = include_str!("../../../README.md");
    let (_, part) = readme
        .split_once("## Adding a provider")
        .expect("a part about it");
    let (_, api) = part.split_once("```toml\n").expect("a fence");
    let (api, _) = api.split_once("```").expect("a fence is closed");
    let api = api.replace("[tags.add]", "[tags.set]");
    let mapping = r#"provider = "api.toml"
[account]
key = { env = "SHOP_TOKEN" }
[contact]
id = "Id"
[tags]
set = { column = "Tags", split = ";", empty = "clear" }
"#;
    let server = Server::start(|_| answer(200, "{}").into());
    let run = || Run::of(mapping, ROWS).file("shop/api.toml", &api);
    let all = [json!({ "tags": ["gold", "silver"] }), json!({ "tags": [] })];
    let done = run().to(&server).go();
    done.code(0).all("updated");
    assert_eq!(sent(&server, "POST"), all);
    let dry = run().args(["--dry-run", "--requests", "-"]).go();
    assert_eq!(
        bodies(dry.code(0)),
        [(1, all[0].clone()), (2, all[1].clone())]
    );
    run().args(["--sandbox"]).go().code(0).all("updated");
    // What was accepted is not sent again.
    Run::again(done, "second").go().code(0).all("unchanged");
    assert_eq!(sent(&server, "POST").len(), 2);
}

#[test]
fn tags_that_go_one_by_one_are_taken_away_one_by_one() {
    let ids = [
        "a1b2c3d4-0000-4000-8000-000000000001",
        "a1b2c3d4-0000-4000-8000-000000000002",
    ];
    let labels =
        json!([{"id": ids[0], "display_name": "Gold"}, {"id": ids[1], "display_name": "Old"}]);
    let server = Server::start(move |request| {
        match request.target.as_str() {
        target if target.contains("contact-labels") => {
            answer(200, &json!({"status": {"page": 1, "total_pages": 1}, "result": labels}).to_string()).into()
        }
        target if target.contains("?page_size") => answer(200, r#"{"status":{},"result":[]}"#).into(),
        _ => answer(200, &json!({"status": {"status_code": 200}, "result": {"id": "6cad4a26-8d11-4ece-9738-f7d93d9c1724", "labels": labels}}).to_string()).into(),
    }
    });
    let mapping = r#"provider = "zingle"
[account]
service_id = "aff7bc93-6e28-4e70-8770-defa35cdfc1b"
token = { env = "SHOP_TOKEN" }
[contact]
id = "Id"
[tags]
set = { column = "Tags", empty = "clear" }
"#;
    let row = "Id,Tags\n6cad4a26-8d11-4ece-9738-f7d93d9c1724,\n";
    Run::of(mapping, row)
        .to(&server)
        .go()
        .code(0)
        .all("updated");
    let requests = server.requests();
    let mut gone: Vec<&str> = requests
        .iter()
        .filter(|request| request.method != "GET")
        .map(|request| {
            assert_eq!(request.method, "DELETE", "{}", request.target);
            request.target.rsplit('/').next().expect("an id")
        })
        .collect();
    gone.sort_unstable();
    assert_eq!(gone, ids);
}
