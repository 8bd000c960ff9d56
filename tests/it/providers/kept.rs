//! What is there survives a change, and a field that did not stick is named.

use contact_sync::contact::{Fate, Verdict};
use contact_sync::provider::exchange::{Exchange, Remembered};
use contact_sync::provider::script::{Plan, Script};
use serde_json::{Value, json};

use super::talk::{Heard, Said, talk, unsent, yes};
use super::words::Words;
use super::{account, api};

const UUID: &str = "6cad4a26-8d11-4ece-9738-f7d93d9c1724";

fn mapping(provider: &str, lines: &str) -> String {
    let account = match provider {
        "highlevel" => "location_id = \"ve9EPM428h8vShlRW1KT\"",
        "99digital" => "account_id = 7",
        "zingle" => "service_id = \"aff7bc93-6e28-4e70-8770-defa35cdfc1b\"",
        "acquire" => "account_id = \"acme\"",
        _ => "",
    };
    format!(
        "provider = \"{provider}\"\n[account]\ntoken = {{ env = \"T\" }}\n{account}\n[contact]\nid = \"Id\"\n{lines}\n"
    )
}

#[track_caller]
fn said(provider: &str, lines: &str, cells: &[(&str, &str)], turns: Vec<(Said, Heard)>) -> Verdict {
    let api = api(provider);
    let words = Words {
        provider,
        api: &api,
    };
    talk(&words, &mapping(provider, lines), cells, turns)
}

fn get(path: &str) -> Said {
    Said(format!("GET {path}"), Value::Null)
}

#[test]
fn insighto_keeps_what_the_mapping_does_not_mention() {
    let path = format!("/api/v1/contact/{UUID}");
    let there = json!({
        "id": UUID,
        "first_name": "Dana",
        "channels": {"telephone": "+1", "whatsapp": "w", "country_code": "972"},
        "user_attributes": {"a": 1, "deep": {"b": [1, 2], "c": null}},
        "custom_fields": null,
    });
    let lines = r#"[fields]
first_name = "Name"
channels.telephone = { column = "Phone", region = "IL" }
user_attributes.deep.b = "B"
[custom_fields]
"Loyalty level" = "Level"
"#;
    let cells = [
        ("Id", UUID),
        ("Name", "Noa"),
        ("Phone", "052-345-6781"),
        ("B", "x"),
        ("Level", "gold"),
    ];
    let whole = json!({
        "first_name": "Noa",
        "channels": {"telephone": "+972523456781", "whatsapp": "w", "country_code": "972"},
        "user_attributes": {"a": 1, "deep": {"b": "x", "c": null}},
        "custom_fields": {"Loyalty level": "gold"},
    });
    let turns = || {
        vec![
            (get(&path), yes(json!({"data": there}))),
            (
                Said(format!("PUT {path}"), whole.clone()),
                yes(json!({"data": whole})),
            ),
        ]
    };
    assert_eq!(said("insighto", lines, &cells, turns()).fate, Fate::Updated);

    // What cannot be read is not written over.
    for strange in [json!({}), json!({"data": []}), json!({"message": "?"})] {
        let verdict = said("insighto", lines, &cells, vec![(get(&path), yes(strange))]);
        assert_eq!(
            (verdict.fate, verdict.code.as_ref()),
            (Fate::Failed, "not-the-api")
        );
        assert!(
            verdict.message.contains("nothing was changed"),
            "{}",
            verdict.message
        );
    }
    // Nor what would lose digits on its way back.
    let whole: Value =
        serde_json::from_str(r#"{"serial": 12345678901234567890123, "small": [1.5]}"#)
            .expect("JSON");
    let there = yes(json!({"data": {"id": UUID, "user_attributes": whole}}));
    let verdict = said("insighto", lines, &cells, vec![(get(&path), there)]);
    assert_eq!(
        (
            verdict.fate,
            verdict.code.as_ref(),
            verdict.message.as_str()
        ),
        (
            Fate::Failed,
            "cannot-keep",
            "the contact could not be read, and nothing was changed: `user_attributes` holds a number of more digits than can be given back unchanged; change this contact in the account"
        )
    );
    // A row that touches none of these objects needs no look.
    let blank = [
        ("Id", UUID),
        ("Name", "Noa"),
        ("Phone", ""),
        ("B", ""),
        ("Level", ""),
    ];
    let own = json!({"first_name": "Noa"});
    let turns = vec![(
        Said(format!("PUT {path}"), own.clone()),
        yes(json!({"data": own})),
    )];
    assert_eq!(said("insighto", lines, &blank, turns).fate, Fate::Updated);
}

#[test]
fn parts_of_other_objects_are_kept_too() {
    let lines = "[fields]\ndndSettings.SMS.status = \"Sms\"";
    let whole = json!({"dndSettings": {"Call": {"status": "active"}, "SMS": {"status": "inactive", "message": "m"}}});
    let turns = vec![
        (
            get("/contacts/x1"),
            yes(
                json!({"contact": {"id": "x1", "dndSettings": {"Call": {"status": "active"}, "SMS": {"status": "active", "message": "m"}}}}),
            ),
        ),
        (
            Said("PUT /contacts/x1".into(), whole),
            yes(json!({"contact": {"id": "x1"}})),
        ),
    ];
    let cells = [("Id", "x1"), ("Sms", "inactive")];
    assert_eq!(said("highlevel", lines, &cells, turns).fate, Fate::Updated);

    let path = "/api/v1/accounts/7/contacts/11";
    let lines = "[fields]\nadditional_attributes.social_profiles.linkedin = \"L\"\nadditional_attributes.city = \"City\"";
    let whole = json!({"additional_attributes": {"social_profiles": {"github": "g", "linkedin": "noa"}, "city": "Haifa"}});
    let turns = vec![
        (
            get(path),
            yes(
                json!({"payload": {"id": 11, "additional_attributes": {"company_name": "c", "social_profiles": {"github": "g"}}}}),
            ),
        ),
        (
            Said(format!("PATCH {path}"), whole),
            yes(json!({"payload": {"id": 11}})),
        ),
    ];
    let cells = [("Id", "11"), ("L", "noa"), ("City", "Haifa")];
    assert_eq!(said("99digital", lines, &cells, turns).fate, Fate::Updated);
}

#[test]
fn a_field_that_did_not_stick_is_named() {
    let cells = [("Id", "11"), ("City", "Haifa"), ("Level", "gold")];
    let lines = "[fields]\nadditional_attributes.city = \"City\"\n[custom_fields]\nloyalty_level = \"Level\"";
    let sent = json!({"additional_attributes": {"city": "Haifa"}, "custom_attributes": {"loyalty_level": "gold"}});
    let shown = json!({"payload": {"id": 11, "additional_attributes": {"city": "Haifa"}, "custom_attributes": {"loyalty_level": "silver"}}});
    let turns = vec![(
        Said("PATCH /api/v1/accounts/7/contacts/11".into(), sent),
        yes(shown),
    )];
    let verdict = said("99digital", lines, &cells, turns);
    assert_eq!(
        (verdict.fate, verdict.code.as_ref()),
        (Fate::Failed, "not-kept")
    );
    assert_eq!(verdict.field, "custom_attributes.loyalty_level");
    assert!(verdict.message.contains("`silver`"), "{}", verdict.message);
}

/// With `--verify` what the answer does not show is read.
#[test]
fn what_the_answer_does_not_show_is_read_back_where_that_is_asked_for() {
    let api = api("insighto");
    let target = |name: &str| contact_sync::provider::body::Target {
        path: vec![name.to_owned()],
        entry: None,
    };
    let body = || contact_sync::provider::body::BodyPlan::new(&[target("first_name")]);
    let read = |shown: Value, verify: bool| {
        let plan = Plan {
            update: body().expect("one field"),
            verify,
            ..Plan::default()
        };
        let account = account("insighto");
        let script = Script::new(&api, &api.auth[0], &account, "https://x", plan).expect("whole");
        let mut contact = super::contact(UUID);
        contact.push_text(0, "Dana");
        let path = format!("/api/v1/contact/{UUID}");
        let mut turns = vec![(
            Said(format!("PUT {path}"), json!({"first_name": "Dana"})),
            yes(json!({"message": "ok"})),
        )];
        if verify {
            turns.push((get(&path), yes(shown)));
        }
        super::talk::play(
            Exchange::start(&script, contact.clone(), Remembered::default()),
            turns,
        )
    };
    let named = |name: &str| json!({"data": {"id": UUID, "first_name": name}});
    assert_eq!(read(Value::Null, false).fate, Fate::Updated);
    assert_eq!(read(named("Dana"), true).fate, Fate::Updated);
    let verdict = read(named("Noa"), true);
    assert_eq!(
        (verdict.fate, verdict.field.as_str()),
        (Fate::Failed, "first_name")
    );
    // What is read back has to be this contact.
    let another = "9f1c0000-0000-4000-8000-0000000000aa";
    for shown in [
        json!({"message": "ok"}),
        json!({"data": {"id": another, "first_name": "Dana"}}),
    ] {
        let verdict = read(shown, true);
        assert_eq!(
            (
                verdict.fate,
                verdict.code.as_ref(),
                verdict.message.as_str()
            ),
            (
                Fate::Failed,
                "not-kept",
                "the contact was written, but could not be read back: the answer does not show this contact"
            )
        );
    }
}

#[test]
fn a_tag_in_a_cell_that_the_account_lacks_stops_its_row() {
    let api = api("zingle");
    let words = Words {
        provider: "zingle",
        api: &api,
    };
    let mapping = mapping(
        "zingle",
        "[tags]\nadd = { column = \"Tags\", split = \";\" }",
    );
    let cells = [("Id", UUID), ("Tags", "vip; Newsleter")];
    let verdict = unsent(&api, &mapping, &words.known(), &cells);
    assert_eq!(
        (verdict.fate, verdict.code.as_ref()),
        (Fate::Invalid, "bad-choice")
    );
    assert!(
        verdict.message.contains("Newsletter"),
        "{}",
        verdict.message
    );
}
