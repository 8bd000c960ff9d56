//! The provider's own upsert: one call that changes or makes, what it may not carry, and what follows when nobody answers.

use contact_sync::contact::Fate;
use contact_sync::provider::call::Purpose;
use contact_sync::provider::exchange::Exchange;
use serde_json::{Value, json};

use super::api;
use super::talk::{Heard, Said, mistakes, play, remembered, with, yes};

const MAPPING: &str = r#"provider = "highlevel"
[account]
token = { env = "T" }
location_id = "ve9EPM428h8vShlRW1KT"
[contact]
match = { email = "Email", phone = "Phone" }
mode = "upsert"
upsert = "native"
[fields]
firstName = "Name"
email = "Email"
phone = "Phone"
"#;

const ROW: [(&str, &str); 3] = [
    ("Name", "Dana"),
    ("Email", "dana@example.com"),
    ("Phone", "+972523456781"),
];

fn fields() -> Value {
    json!({"firstName": "Dana", "email": "dana@example.com", "phone": "+972523456781"})
}

fn upsert() -> Said {
    let mut body = json!({"locationId": "ve9EPM428h8vShlRW1KT"});
    for (key, value) in fields().as_object().expect("an object") {
        body[key] = value.clone();
    }
    Said("POST /contacts/upsert".into(), body)
}

fn shown(id: &str) -> Value {
    let mut contact = fields();
    contact["id"] = id.into();
    contact
}

fn look(query: &str) -> Said {
    let path = "GET /contacts/search/duplicate?locationId=ve9EPM428h8vShlRW1KT&";
    Said(format!("{path}{query}"), Value::Null)
}

/// How a conversation ends: fate, code, id.
#[track_caller]
fn ends(
    mapping: &str,
    known: &contact_sync::provider::exchange::Remembered,
    turns: Vec<(Said, Heard)>,
) -> (Fate, String, String) {
    let api = api("highlevel");
    with(
        ("highlevel", &api),
        mapping,
        None,
        &ROW,
        |script, contact| {
            let exchange = Exchange::start(script, contact.clone(), known.clone());
            let verdict = play(exchange, turns);
            (verdict.fate, verdict.code.to_string(), verdict.contact_id)
        },
    )
}

#[test]
fn its_answer_says_whether_somebody_was_made_or_changed() {
    for (new, fate) in [(true, Fate::Created), (false, Fate::Updated)] {
        let answer = yes(json!({"new": new, "contact": shown("x1")}));
        let end = ends(MAPPING, &remembered("", false), vec![(upsert(), answer)]);
        assert_eq!(end, (fate, String::new(), "x1".to_owned()));
    }
}

#[test]
fn who_is_known_from_an_earlier_run_is_changed_by_id() {
    let turns = vec![(
        Said("PUT /contacts/x1".into(), fields()),
        yes(json!({"succeded": true, "contact": shown("x1")})),
    )];
    let end = ends(MAPPING, &remembered("x1", false), turns);
    assert_eq!(end, (Fate::Updated, String::new(), "x1".to_owned()));
}

#[test]
fn a_value_that_it_dropped_is_named() {
    let mut contact = shown("x1");
    contact["phone"] = Value::Null;
    let answer = yes(json!({"new": false, "contact": contact}));
    let end = ends(MAPPING, &remembered("", false), vec![(upsert(), answer)]);
    assert_eq!((end.0, end.1.as_str()), (Fate::Failed, "not-kept"));
}

#[test]
fn without_an_answer_they_are_looked_for_and_changed_by_id() {
    for gone in [Heard::Lost, Heard::Reply(502, json!("bad gateway"))] {
        let found = yes(json!({"contact": shown("x1")}));
        let turns = vec![
            (upsert(), gone.clone()),
            (look("email=dana%40example.com"), found),
            (
                Said("PUT /contacts/x1".into(), fields()),
                yes(json!({"succeded": true, "contact": shown("x1")})),
            ),
        ];
        let end = ends(MAPPING, &remembered("", false), turns);
        assert_eq!(end, (Fate::Updated, String::new(), "x1".to_owned()));
        // Nobody is there yet: that stays open, and the next run looks first.
        let nobody = || yes(json!({"contact": null}));
        let turns = vec![
            (upsert(), gone),
            (look("email=dana%40example.com"), nobody()),
            (look("number=%2B972523456781"), nobody()),
        ];
        let end = ends(MAPPING, &remembered("", false), turns);
        assert_eq!((end.0, end.1.as_str()), (Fate::Unknown, "no-answer"));
    }
    let nobody = || yes(json!({"contact": null}));
    let turns = vec![
        (look("email=dana%40example.com"), nobody()),
        (look("number=%2B972523456781"), nobody()),
        (upsert(), yes(json!({"new": true, "contact": shown("x2")}))),
    ];
    let end = ends(MAPPING, &remembered("", true), turns);
    assert_eq!(end, (Fate::Created, String::new(), "x2".to_owned()));
}

#[test]
fn tags_follow_in_calls_of_their_own() {
    let mapping = format!("{MAPPING}[tags]\nadd = [\"VIP\"]\n");
    let turns = vec![
        (upsert(), yes(json!({"new": false, "contact": shown("x1")}))),
        (
            Said("POST /contacts/x1/tags".into(), json!({"tags": ["VIP"]})),
            Heard::Reply(201, json!({"tags": ["vip", "old"]})),
        ),
    ];
    let end = ends(&mapping, &remembered("", false), turns);
    assert_eq!(end, (Fate::Updated, String::new(), "x1".to_owned()));
}

#[test]
fn a_second_row_that_was_written_over_the_first_one_is_told() {
    let api = api("highlevel");
    with(
        ("highlevel", &api),
        MAPPING,
        None,
        &ROW,
        |script, contact| {
            let answer = || yes(json!({"new": false, "contact": shown("x1")}));
            let nobody = remembered("", false);
            let first = Exchange::start(script, contact.clone(), nobody.clone());
            assert_eq!(play(first, [(upsert(), answer())]).fate, Fate::Updated);
            let mut other = contact.clone();
            other.known_by[0].1 = "other@example.com".to_owned();
            let second = Exchange::start(script, other, nobody);
            let verdict = play(second, [(upsert(), answer())]);
            assert_eq!((verdict.fate, &*verdict.code), (Fate::Failed, "ambiguous"));
            assert_eq!(
                verdict.message,
                "another row, which says something else of itself, led to the same contact `x1`, and the provider's own upsert wrote this row over it; make one row of the two"
            );
            let calls = script.preview(contact);
            let purposes: Vec<Purpose> = calls.iter().map(|call| call.purpose).collect();
            assert_eq!(purposes, [Purpose::Upsert]);
        },
    );
}

/// What is told about a mapping, and how to mend it.
fn told(mapping: &str) -> Vec<[String; 3]> {
    let provider = mapping.split('"').nth(1).expect("a provider");
    let all = mistakes(&api(provider), mapping, None).into_iter();
    all.map(|one| [one.code.to_owned(), one.what, one.help])
        .collect()
}

#[test]
fn it_is_refused_where_it_would_do_harm_or_is_not_there() {
    let tags = told(&format!("{MAPPING}[tags]\nset = [\"VIP\"]\n"));
    assert_eq!(
        tags,
        [[
            "cannot",
            "`tags` cannot go with `upsert = \"native\"`: it would replace all tags of whoever it finds",
            "use `[tags] add` and `remove`, which follow in calls of their own, or leave `upsert` out"
        ]]
    );
    let kept = told(&format!("{MAPPING}dndSettings.SMS.status = \"Sms\"\n"));
    assert_eq!(
        kept,
        [[
            "cannot",
            "`dndSettings` is read before it is written, so that what is not mapped is kept, and HighLevel's own upsert reads nothing",
            "leave `upsert` out, or do not map it"
        ]]
    );
    let mode = told(&MAPPING.replace("mode = \"upsert\"", "mode = \"create\""));
    assert_eq!(
        mode,
        [[
            "wrong-option",
            "`upsert = \"native\"` goes with `mode = \"upsert\"` only",
            "write `mode = \"upsert\"` beside it, or leave it out"
        ]]
    );
    let word = told(&MAPPING.replace("\"native\"", "\"own\""));
    assert_eq!(
        word,
        [[
            "unknown-word",
            "no way to upsert `own`",
            "there is `native`, the provider's own; leave `upsert` out to look for people first"
        ]]
    );
    for (provider, account, field, why) in [
        (
            "99digital",
            "account_id = 7",
            "name",
            "there is no such call",
        ),
        (
            "insighto",
            "",
            "first_name",
            "it takes the values in the address, where proxies write them down, and whether it shows the contact's id is not known",
        ),
        (
            "acquire",
            "account_id = \"acme\"",
            "name",
            "there is no such call",
        ),
        (
            "zingle",
            "service_id = \"aff7bc93-6e28-4e70-8770-defa35cdfc1b\"",
            "is_starred",
            "it takes exactly one channel, and a row may have an e-mail address and a phone",
        ),
    ] {
        let name = api(provider).name;
        let mapping = format!(
            "provider = \"{provider}\"\n[account]\ntoken = {{ env = \"T\" }}\n{account}\n[contact]\nmatch = {{ email = \"Email\" }}\nmode = \"upsert\"\nupsert = \"native\"\n[fields]\n{field} = \"Name\"\n"
        );
        assert_eq!(
            told(&mapping),
            [[
                "cannot".to_owned(),
                format!("{name} has no upsert of its own that could be used: {why}"),
                "leave `upsert` out: `mode = \"upsert\"` looks for the contact, then changes or makes it".to_owned()
            ]]
        );
    }
}
