//! Tags by intent: added, taken away and set in each provider's own way, and left alone where they are right already.

use contact_sync::contact::Fate;
use serde_json::{Value, json};

use super::api;
use super::talk::{Heard, Said, ended, made, talk, yes};
use super::words::Words;

const ID: &str = "6cad4a26-8d11-4ece-9738-f7d93d9c1724";
const LABELS: &str = "/v1/services/aff7bc93-6e28-4e70-8770-defa35cdfc1b/contacts/6cad4a26-8d11-4ece-9738-f7d93d9c1724/labels";
const CHATWOOT: &str = "/api/v1/accounts/7/contacts/11/labels";

/// A mapping by id that changes nothing but tags.
fn mapping(provider: &str, tags: &str) -> String {
    let account = match provider {
        "99digital" => "account_id = 7",
        "zingle" => "service_id = \"aff7bc93-6e28-4e70-8770-defa35cdfc1b\"",
        _ => "",
    };
    format!(
        "provider = \"{provider}\"\n[account]\ntoken = {{ env = \"T\" }}\n{account}\n[contact]\nid = \"Id\"\n[tags]\n{tags}\n"
    )
}

#[track_caller]
fn tags(provider: &str, id: &str, tags: &str, turns: Vec<(Said, Heard)>) -> (Fate, String) {
    let api = api(provider);
    let words = Words {
        provider,
        api: &api,
    };
    let cells = [("Id", id), ("Tags", "VIP; newsletter")];
    let verdict = talk(&words, &mapping(provider, tags), &cells, turns);
    (verdict.fate, verdict.message)
}

fn get(path: &str) -> Said {
    Said(format!("GET {path}"), Value::Null)
}

fn said(line: String, body: Value) -> Said {
    Said(line, body)
}

const BOTH: &str = "add = { column = \"Tags\", split = \";\" }\nremove = [\"Old import\"]";

#[test]
fn highlevel_adds_and_takes_away_without_touching_the_others() {
    let turns = vec![
        (
            said(
                "DELETE /contacts/x1/tags".into(),
                json!({"tags": ["Old import"]}),
            ),
            yes(json!({"tags": ["vip"]})),
        ),
        (
            said(
                "POST /contacts/x1/tags".into(),
                json!({"tags": ["VIP", "newsletter"]}),
            ),
            Heard::Reply(201, json!({"tags": ["vip", "newsletter"]})),
        ),
    ];
    assert_eq!(tags("highlevel", "x1", BOTH, turns).0, Fate::Updated);
    // `set` travels with the fields and replaces.
    let turns = vec![(
        said(
            "PUT /contacts/x1".into(),
            json!({"tags": ["VIP", "newsletter"]}),
        ),
        yes(json!({"contact": {"id": "x1", "tags": ["newsletter", "vip"]}})),
    )];
    let set = "set = { column = \"Tags\", split = \";\" }";
    assert_eq!(tags("highlevel", "x1", set, turns).0, Fate::Updated);
}

/// The answer to the change of the fields shows the tags, so that what is right already costs nothing.
#[test]
fn what_the_answer_shows_already_is_not_written_again() {
    let api = api("highlevel");
    let words = Words {
        provider: "highlevel",
        api: &api,
    };
    let mapping = mapping("highlevel", BOTH) + "[fields]\ncity = \"City\"\n";
    let cells = [("Id", "x1"), ("Tags", "VIP; newsletter"), ("City", "Haifa")];
    let change = || said("PUT /contacts/x1".into(), json!({"city": "Haifa"}));
    let shown = |tags: Value| yes(json!({"contact": {"id": "x1", "city": "Haifa", "tags": tags}}));
    let right = vec![(change(), shown(json!(["newsletter", "vip", "other"])))];
    assert_eq!(talk(&words, &mapping, &cells, right).fate, Fate::Updated);
    let lacking = vec![
        (change(), shown(json!(["vip", "old import"]))),
        (
            said(
                "DELETE /contacts/x1/tags".into(),
                json!({"tags": ["Old import"]}),
            ),
            yes(json!({"tags": []})),
        ),
        (
            said(
                "POST /contacts/x1/tags".into(),
                json!({"tags": ["newsletter"]}),
            ),
            yes(json!({"tags": []})),
        ),
    ];
    assert_eq!(talk(&words, &mapping, &cells, lacking).fate, Fate::Updated);
}

#[test]
fn a_chatwoot_reads_merges_and_writes() {
    let read = |labels: Value| (get(CHATWOOT), yes(json!({"payload": labels})));
    let write = |labels: Value| {
        let call = said(format!("POST {CHATWOOT}"), json!({"labels": labels}));
        (call, yes(json!({"payload": labels})))
    };
    let turns = vec![
        read(json!(["customer", "old import"])),
        write(json!(["customer", "vip", "newsletter"])),
    ];
    assert_eq!(tags("99digital", "11", BOTH, turns).0, Fate::Updated);
    // Nothing differs: nothing is written.
    let turns = vec![read(json!(["newsletter", "vip", "customer"]))];
    assert_eq!(tags("99digital", "11", BOTH, turns).0, Fate::Unchanged);
    let turns = vec![write(json!(["vip", "newsletter"]))];
    let set = "set = { column = \"Tags\", split = \";\" }";
    assert_eq!(tags("99digital", "11", set, turns).0, Fate::Updated);
    // Without a list nothing may be merged with it: the others would be lost.
    for strange in [
        json!({}),
        json!({"payload": "x"}),
        json!({"payload": {"a": 1}}),
    ] {
        let (fate, message) = tags("99digital", "11", BOTH, vec![(get(CHATWOOT), yes(strange))]);
        assert_eq!(fate, Fate::Failed);
        assert!(message.contains("tags were not changed"), "{message}");
    }
}

/// The account's ids of its labels: VIP 1, Newsletter 2, Old import 3.
fn label(number: u8) -> String {
    format!("7a1b0000-0000-4000-8000-00000000000{number}")
}

fn labelled(numbers: &[u8]) -> Heard {
    let labels: Vec<Value> = numbers.iter().map(|n| json!({"id": label(*n)})).collect();
    yes(json!({"status": {"status_code": 200}, "result": {"id": ID, "labels": labels}}))
}

#[test]
fn zingle_attaches_and_detaches_one_by_one_by_id() {
    let contact = get(LABELS.trim_end_matches("/labels"));
    let attach = |n| said(format!("POST {LABELS}/{}", label(n)), Value::Null);
    let detach = |n| said(format!("DELETE {LABELS}/{}", label(n)), Value::Null);
    let turns = vec![
        (contact, labelled(&[1, 3])),
        (detach(3), labelled(&[1])),
        (attach(2), labelled(&[1, 2])),
    ];
    assert_eq!(tags("zingle", ID, BOTH, turns).0, Fate::Updated);
    let contact = get(LABELS.trim_end_matches("/labels"));
    assert_eq!(
        tags("zingle", ID, BOTH, vec![(contact, labelled(&[2, 1]))]).0,
        Fate::Unchanged
    );
    let contact = get(LABELS.trim_end_matches("/labels"));
    let turns = vec![
        (contact, labelled(&[1, 3])),
        (attach(2), labelled(&[1, 2, 3])),
        (detach(3), labelled(&[1, 2])),
    ];
    let set = "set = { column = \"Tags\", split = \";\" }";
    assert_eq!(tags("zingle", ID, set, turns).0, Fate::Updated);
}

/// What was done before the tags is said, and what happened to them.
#[test]
fn a_no_to_the_tags_is_about_the_tags() {
    let api = api("highlevel");
    let words = Words {
        provider: "highlevel",
        api: &api,
    };
    let mapping = mapping("highlevel", "add = [\"VIP\"]") + "[fields]\ncity = \"City\"\n";
    let cells = [("Id", "x1"), ("City", "Haifa")];
    let turns = |heard| {
        [
            (
                said("PUT /contacts/x1".into(), json!({"city": "Haifa"})),
                yes(json!({"contact": {"id": "x1", "city": "Haifa"}})),
            ),
            (
                said("POST /contacts/x1/tags".into(), json!({"tags": ["VIP"]})),
                heard,
            ),
        ]
    };
    let refused = Heard::Reply(
        401,
        json!({"message": "The token is not authorized for this scope."}),
    );
    let verdict = talk(&words, &mapping, &cells, turns(refused));
    assert_eq!(
        (verdict.fate, verdict.code.as_ref()),
        (Fate::Failed, "forbidden")
    );
    assert!(
        verdict
            .message
            .starts_with("the contact's fields are done, but its tags were not changed: "),
        "{}",
        verdict.message
    );
    let verdict = talk(&words, &mapping, &cells, turns(Heard::Lost));
    assert_eq!(verdict.fate, Fate::Unknown, "they may have been changed");
    assert!(
        verdict.message.starts_with(
            "the contact's fields are done, but it is not known whether its tags were changed: "
        ),
        "{}",
        verdict.message
    );
}

/// Nobody is told that nothing happened where nobody knows.
#[test]
fn a_lost_answer_says_that_the_tags_are_not_known() {
    let call = || {
        let path = "POST /contacts/x1/tags".to_owned();
        said(path, json!({"tags": ["VIP"]}))
    };
    let only = vec![(call(), Heard::Lost)];
    let (fate, message) = tags("highlevel", "x1", "add = [\"VIP\"]", only);
    assert_eq!(fate, Fate::Unknown);
    assert!(
        message.starts_with("it is not known whether the contact's tags were changed: "),
        "{message}"
    );
    let highlevel = api("highlevel");
    let words = Words {
        provider: "highlevel",
        api: &highlevel,
    };
    let [dana, _] = words.people();
    let mapping = words.mapping("create") + "[tags]\nadd = [\"VIP\"]\n";
    let mut turns = made(&words, &dana);
    let path = format!("POST /contacts/{}/tags", dana.id);
    turns.push((said(path, json!({"tags": ["VIP"]})), Heard::Lost));
    let verdict = talk(&words, &mapping, &words.row(&dana), turns);
    ended(&words, &verdict, Fate::Unknown, "no-answer", dana.id);
    assert!(
        verdict.message.starts_with(
            "the contact was created, but it is not known whether its tags were changed: "
        ),
        "{}",
        verdict.message
    );
}
