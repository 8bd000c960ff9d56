//! Custom fields by the name on the screen: found in the account's own list, each type written as the API wants it.

use contact_sync::provider::definitions::{Known, Meant};
use contact_sync::provider::fields::FieldKind;
use serde_json::{Value, json};

use super::talk::with;
use super::words::Words;
use super::{PROVIDERS, api};

/// The body that a row with these custom fields is changed by.
#[track_caller]
fn body(provider: &str, lines: &str, cells: &[(&str, &str)]) -> Value {
    let api = api(provider);
    let words = Words {
        provider,
        api: &api,
    };
    let account = match provider {
        "99digital" => "account_id = 7",
        "zingle" => "service_id = \"aff7bc93-6e28-4e70-8770-defa35cdfc1b\"",
        "acquire" => "account_id = \"acme\"",
        _ => "",
    };
    let mapping = format!(
        "provider = \"{provider}\"\n[account]\ntoken = {{ env = \"T\" }}\n{account}\n[contact]\nid = \"Id\"\n[custom_fields]\n{lines}\n"
    );
    let id = if matches!(provider, "99digital" | "acquire" | "highlevel") {
        "12"
    } else {
        "6cad4a26-8d11-4ece-9738-f7d93d9c1724"
    };
    let mut all = vec![("Id", id)];
    all.extend(cells);
    let known = words.known();
    with(
        (provider, &api),
        &mapping,
        Some(&known),
        &all,
        |script, contact| {
            let call = script.update(contact, &contact.id);
            serde_json::from_slice(&call.body).expect("JSON")
        },
    )
}

#[test]
fn every_account_tells_its_fields() {
    for (provider, count) in [
        ("highlevel", 10),
        ("99digital", 8),
        ("zingle", 9),
        ("insighto", 2),
        ("acquire", 5), // what belongs to cases is left out
    ] {
        let api = api(provider);
        let known = Words {
            provider,
            api: &api,
        }
        .known();
        assert_eq!(known.custom_fields.len(), count, "{provider}");
        assert!(known.custom_fields.iter().all(|own| !own.name.is_empty()));
    }
}

#[test]
fn a_field_is_known_by_its_name_its_key_and_its_id() {
    for (provider, name, key) in [
        ("highlevel", "Loyalty level", "contact.loyalty_level"),
        ("99digital", "Loyalty level", "loyalty_level"),
        ("zingle", "First Name", "first_name"),
        ("acquire", "Loyalty level", "loyalty"),
    ] {
        let api = api(provider);
        let known: Known = Words {
            provider,
            api: &api,
        }
        .known();
        let Meant::One(own) = known.custom_field(name) else {
            panic!("{provider}: {name}");
        };
        for other in [key, &own.id, &name.to_uppercase(), &format!(" {name} ")] {
            assert_eq!(
                known.custom_field(other),
                Meant::One(own),
                "{provider}: {other}"
            );
        }
    }
}

#[test]
fn an_account_that_has_the_same_name_twice_has_to_be_asked_by_id() {
    let api = api("highlevel");
    let mut known = Words {
        provider: "highlevel",
        api: &api,
    }
    .known();
    let twin = known.custom_fields[0].clone();
    known
        .custom_fields
        .push(contact_sync::provider::definitions::Definition {
            id: "other".to_owned(),
            key: "contact.other".to_owned(),
            ..twin
        });
    assert_eq!(known.custom_field("Loyalty level"), Meant::Several);
    assert!(matches!(known.custom_field("contact.other"), Meant::One(_)));
}

#[test]
fn highlevel_takes_numbers_lists_and_options() {
    let written = body(
        "highlevel",
        r#""Loyalty level" = "Level"
"Satisfaction" = "Score"
"Remarks" = "Notes"
"Birthday" = { column = "Birthday", format = "%d/%m/%Y" }
"Second phone" = { column = "Phone", region = "IL" }
"Interests" = { column = "Likes", split = "," }
"Terms" = "Terms"
"contact.plan" = "Plan"
"Budget" = "Budget"
"#,
        &[
            ("Level", "GOLD"),
            ("Score", "4.50"),
            ("Notes", "likes tea"),
            ("Birthday", "04/07/1988"),
            ("Phone", "052-345-6781"),
            ("Likes", "Music, sea"),
            ("Terms", "accepted"),
            ("Plan", "pro"),
            ("Budget", "100"),
        ],
    );
    let id = |n: u8| format!("cfAAaaAAaaAAaaAAaa{n:02}");
    assert_eq!(
        written,
        json!({"customFields": [
            {"id": id(1), "field_value": "gold"},
            {"id": id(2), "field_value": 4.5},
            {"id": id(3), "field_value": "likes tea"},
            {"id": id(4), "field_value": "1988-07-04"},
            {"id": id(5), "field_value": "+972523456781"},
            {"id": id(6), "field_value": ["music", "sea"]},
            {"id": id(7), "field_value": ["accepted"]},
            {"id": id(8), "field_value": "pro"},
            {"id": id(9), "field_value": 100},
        ]})
    );
}

#[test]
fn a_chatwoot_takes_keys_in_an_object() {
    let written = body(
        "99digital",
        r#""Loyalty level" = "Level"
"Satisfaction" = "Score"
"Budget" = "Budget"
"Discount" = "Discount"
"Website" = "Site"
"Birthday" = "Birthday"
"Opted out" = { column = "Out", true = ["yes"], false = ["no"] }
remarks = { column = "Notes", empty = "clear" }
"#,
        &[
            ("Level", "silver"),
            ("Score", "4.5"),
            ("Budget", "1200"),
            ("Discount", "12.5"),
            ("Site", "https://example.com"),
            ("Birthday", "1988-07-04"),
            ("Out", "yes"),
            ("Notes", ""),
        ],
    );
    assert_eq!(
        written,
        json!({"custom_attributes": {
            "loyalty_level": "silver",
            "satisfaction": 4.5,
            "budget": 1200,
            "discount": 12.5,
            "website": "https://example.com",
            "birthday": "1988-07-04",
            "opted_out": true,
            "remarks": null,
        }})
    );
}

#[test]
fn zingle_takes_everything_as_text_and_options_by_id() {
    let written = body(
        "zingle",
        r#"first_name = "First"
"Title" = "Title"
"Checkin Date" = "In"
"Anniversary" = "Wedding"
"Wake-up call" = "Wake"
"Last call" = "Call"
"Nights" = "Nights"
"Opted out" = { column = "Out", true = ["yes"], false = ["no"] }
"Last Name" = { column = "Last", empty = "clear" }
"#,
        &[
            ("First", "Dana"),
            ("Title", "mrs."),
            ("In", "1988-07-04"),
            ("Wedding", "1988-07-04"),
            ("Wake", "06:30"),
            ("Call", "2026-01-12T08:30:00Z"),
            ("Nights", "3"),
            ("Out", "no"),
            ("Last", ""),
        ],
    );
    let field = |n: u8, value: Value| json!({"custom_field_id": format!("56c70519-6c70-40e5-904e-0000000000{n:02}"), "value": value});
    assert_eq!(
        written,
        json!({"custom_field_values": [
            {"custom_field_id": "56c70519-6c70-40e5-904e-7652e54a07b6", "value": "Dana"},
            {"custom_field_id": "808cd25e-ca27-4fdb-a10c-d87032108f38", "custom_field_option_id": "4f0fe1ce-dff6-47e6-8737-1212d603b430"},
            field(2, json!("583977600")),
            field(3, json!("583977600")),
            field(4, json!("06:30")),
            field(5, json!("1768206600")),
            field(6, json!("3")),
            field(7, json!("false")),
            field(1, Value::Null),
        ]})
    );
}

#[test]
fn insighto_takes_names_and_acquire_keys() {
    let written = body(
        "insighto",
        "\"loyalty LEVEL\" = \"Level\"\n\"Satisfaction\" = \"Score\"\n",
        &[("Level", "gold"), ("Score", "4.5")],
    );
    assert_eq!(
        written,
        json!({"custom_fields": {"Loyalty level": "gold", "Satisfaction": 4.5}})
    );
    let written = body(
        "acquire",
        "\"Loyalty level\" = \"Level\"\nremarks = \"Notes\"\n\"Checks\" = \"Check\"\n",
        &[("Level", "Gold"), ("Notes", "tea"), ("Check", "2")],
    );
    assert_eq!(
        written,
        json!({"fields": {"loyalty": "gold", "remarks": "tea", "checks": "2"}})
    );
}

#[test]
fn words_for_types_mean_what_they_should() {
    let kind = |provider: &str, name: &str| {
        let api = api(provider);
        let known = Words {
            provider,
            api: &api,
        }
        .known();
        match known.custom_field(name) {
            Meant::One(own) => own.kind,
            other => panic!("{other:?}"),
        }
    };
    assert_eq!(kind("acquire", "Team"), FieldKind::Text);
    assert_eq!(
        kind("acquire", "foundation"),
        FieldKind::Text,
        "it has no label"
    );
    assert_eq!(kind("acquire", "Checks"), FieldKind::Enum);
    assert_eq!(kind("highlevel", "Papers"), FieldKind::Object);
    assert_eq!(PROVIDERS.len(), 5);
}
