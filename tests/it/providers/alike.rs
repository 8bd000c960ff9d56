//! What was written is held against what the account shows: no provider's own way of writing a value is taken for a loss, and
//! no loss for a way of writing.

use contact_sync::provider::kept::{Kept, judge};
use proptest::prelude::*;
use serde_json::{Value, json};

use super::api;

const UUID: &str = "6cad4a26-8d11-4ece-9738-f7d93d9c1724";

/// A field, what is sent, what is shown, and whether that is the same.
struct Shown(&'static str, Value, Value, bool);

#[rustfmt::skip]
#[test]
fn each_providers_own_way_of_writing_is_no_loss() {
    let field = |value: Value| json!({"customFields": [{"id": "6dvNaf7VhkQ9snc5vnjJ", "field_value": value}]});
    let value = |value: Value| json!({"contact": {"id": "1", "customFields": [{"id": "other", "value": "x"}, {"id": "6dvNaf7VhkQ9snc5vnjJ", "value": value}]}});
    let zingle = |key: &str, value: Value| json!({"custom_field_values": [{"custom_field_id": UUID, key: value}]});
    let shows = |key: &str, value: Value| json!({"result": {"id": "1", "custom_field_values": [{"value": null, key: value, "custom_field": {"id": UUID}}]}});
    let contact = |body: Value| {
        let mut body = body;
        body["id"] = json!("1");
        json!({"contact": body})
    };
    let table = [
        Shown(
            "highlevel",
            json!({"tags": ["VIP", "New "]}),
            contact(json!({"tags": ["new", "vip"]})),
            true,
        ),
        Shown(
            "highlevel",
            json!({"tags": ["vip", "new"]}),
            contact(json!({"tags": ["vip"]})),
            false,
        ),
        Shown(
            "highlevel",
            json!({"firstName": "Dana  Mary"}),
            contact(json!({"firstName": "dana mary"})),
            true,
        ),
        Shown(
            "highlevel",
            json!({"firstName": "Dana"}),
            contact(json!({"firstName": "Noa"})),
            false,
        ),
        Shown(
            "highlevel",
            json!({"phone": "+972523456781"}),
            contact(json!({"phone": "+972 52-345-6781"})),
            true,
        ),
        Shown(
            "highlevel",
            json!({"phone": "+972523456781"}),
            contact(json!({"phone": "052-345-6781"})),
            true,
        ),
        Shown(
            "highlevel",
            json!({"phone": "+972523456781"}),
            contact(json!({"phone": "+972523456782"})),
            false,
        ),
        Shown(
            "highlevel",
            json!({"phone": "+972523456781"}),
            contact(json!({"phone": null})),
            false,
        ),
        Shown(
            "highlevel",
            json!({"dateOfBirth": "1988-07-04"}),
            contact(json!({"dateOfBirth": "1988-07-04T00:00:00.000Z"})),
            true,
        ),
        Shown(
            "highlevel",
            json!({"dateOfBirth": "1988-07-04"}),
            contact(json!({"dateOfBirth": "1988-07-03T21:00:00.000Z"})),
            true,
        ),
        Shown(
            "highlevel",
            json!({"dateOfBirth": "1988-07-04"}),
            contact(json!({"dateOfBirth": 583_977_600_000_i64})),
            true,
        ),
        Shown(
            "highlevel",
            json!({"dateOfBirth": "1988-07-04"}),
            contact(json!({"dateOfBirth": "1988-07-05T00:00:00.000Z"})),
            false,
        ),
        Shown(
            "highlevel",
            json!({"website": "https://example.com"}),
            contact(json!({"website": "https://Example.com/"})),
            true,
        ),
        Shown(
            "highlevel",
            json!({"postalCode": "02108"}),
            contact(json!({"postalCode": "2108"})),
            false,
        ),
        Shown(
            "highlevel",
            json!({"postalCode": "02108"}),
            contact(json!({"postalCode": 2108})),
            false,
        ),
        Shown(
            "highlevel",
            json!({"dnd": true}),
            contact(json!({"dnd": "true"})),
            true,
        ),
        Shown(
            "highlevel",
            json!({"dnd": true}),
            contact(json!({"dnd": 1})),
            true,
        ),
        Shown(
            "highlevel",
            json!({"dnd": true}),
            contact(json!({"dnd": false})),
            false,
        ),
        Shown(
            "highlevel",
            json!({"city": null}),
            contact(json!({"city": ""})),
            true,
        ),
        Shown(
            "highlevel",
            json!({"city": null}),
            contact(json!({"city": "Haifa"})),
            false,
        ),
        Shown(
            "highlevel",
            json!({"assignedTo": "u1"}),
            contact(json!({"assignedTo": {"id": "u1", "name": "Ann"}})),
            true,
        ),
        Shown(
            "highlevel",
            field(json!("gold")),
            value(json!("Gold")),
            true,
        ),
        Shown("highlevel", field(json!(4.5)), value(json!("4.50")), true),
        Shown(
            "highlevel",
            field(json!(["a", "b"])),
            value(json!(["b", "a"])),
            true,
        ),
        Shown(
            "highlevel",
            field(json!(["a", "b"])),
            value(json!("a, b")),
            true,
        ),
        Shown("highlevel", field(json!("a")), value(json!(["a"])), true),
        Shown(
            "highlevel",
            field(json!("gold")),
            value(json!("silver")),
            false,
        ),
        Shown(
            "highlevel",
            field(json!("gold")),
            json!({"contact": {"id": "2", "customFields": []}}),
            true,
        ),
        Shown(
            "99digital",
            json!({"email": "Dana@Example.com"}),
            json!({"payload": {"id": 1, "email": "dana@example.com"}}),
            true,
        ),
        Shown(
            "99digital",
            json!({"custom_attributes": {"n": 5, "gone": null}}),
            json!({"payload": {"contact": {"id": 1, "custom_attributes": {"n": "5", "gone": null, "more": 1}}}}),
            true,
        ),
        Shown(
            "99digital",
            json!({"custom_attributes": {"n": 5}}),
            json!({"payload": {"id": 1, "custom_attributes": {"n": 6}}}),
            false,
        ),
        Shown(
            "99digital",
            json!({"avatar_url": "https://x/y.png"}),
            json!({"payload": {"id": 1, "thumbnail": ""}}),
            true,
        ),
        Shown(
            "zingle",
            zingle("value", json!("true")),
            shows("value", json!(true)),
            true,
        ),
        Shown(
            "zingle",
            zingle("value", json!("true")),
            shows("value", json!(1)),
            true,
        ),
        Shown(
            "zingle",
            zingle("value", json!("583977600")),
            shows("value", json!(583_977_600)),
            true,
        ),
        Shown(
            "zingle",
            zingle("value", json!("583977600")),
            shows("value", json!("1988-07-04 00:00:00")),
            true,
        ),
        Shown(
            "zingle",
            zingle("value", json!("06:30")),
            shows("value", json!("06:30")),
            true,
        ),
        Shown(
            "zingle",
            zingle("value", json!("3")),
            shows("value", json!(3)),
            true,
        ),
        Shown(
            "zingle",
            zingle("value", json!("3")),
            shows("value", json!(4)),
            false,
        ),
        Shown(
            "zingle",
            zingle("value", Value::Null),
            shows("value", Value::Null),
            true,
        ),
        Shown(
            "zingle",
            zingle("custom_field_option_id", json!("o1")),
            shows("custom_field_option_id", json!("o1")),
            true,
        ),
        Shown(
            "zingle",
            zingle("custom_field_option_id", json!("o1")),
            shows("selected_custom_field_option_id", json!("o1")),
            true,
        ),
        Shown(
            "zingle",
            zingle("custom_field_option_id", json!("o1")),
            shows("custom_field_option_id", json!("o2")),
            false,
        ),
        Shown(
            "zingle",
            json!({"channels": [{"channel_type_id": "p", "value": "+18585551212"}]}),
            json!({"result": {"id": "1", "channels": [
                {"value": "+18580000000", "channel_type": {"id": "p"}},
                {"value": "+18585551212", "formatted_value": "(858) 555-1212", "channel_type": {"id": "p"}},
            ]}}),
            true,
        ),
        Shown(
            "insighto",
            json!({"last_seen": "2026-01-12T08:30:00Z"}),
            json!({"data": {"last_seen": "2026-01-12T10:30:00+02:00"}}),
            true,
        ),
        Shown(
            "insighto",
            json!({"last_seen": "2026-01-12T08:30:00Z"}),
            json!({"data": {"last_seen": "2026-01-12T08:30:00"}}),
            true,
        ),
        Shown(
            "insighto",
            json!({"last_seen": "2026-01-12T08:30:00Z"}),
            json!({"data": {"last_seen": "2026-01-12T08:31:00"}}),
            false,
        ),
        Shown(
            "insighto",
            json!({"custom_fields": {"Satisfaction": 4.5}}),
            json!({"data": {"custom_fields": {"9d2f": 4.5}}}),
            true,
        ),
        Shown(
            "acquire",
            json!({"fields": {"countryId": "517"}}),
            json!({"data": {"id": 1, "fields": {"countryId": 517, "country": {"name": "US"}}}}),
            true,
        ),
        Shown(
            "acquire",
            json!({"fields": {"phone": "+972523456781"}}),
            json!({"data": {"id": 1, "fields": {"phone": "9460731950"}}}),
            false,
        ),
    ];
    for Shown(provider, sent, shown, right) in table {
        let kept = judge(&api(provider), "1", &sent, &shown);
        let lost = matches!(kept, Kept::Not { .. });
        assert_eq!(
            lost, !right,
            "{provider}: {sent} is shown as {shown}: {kept:?}"
        );
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    /// What is shown as it was sent is never a loss, whatever it is.
    #[test]
    fn the_same_is_the_same(text in ".{0,40}", number in any::<i32>(), flag in any::<bool>(), list in prop::collection::vec("[a-zA-Z ]{0,8}", 0..5)) {
        let api = api("highlevel");
        let sent = json!({"a": text, "b": number, "c": flag, "d": list, "e": {"f": text}});
        let mut shown = sent.clone();
        shown["id"] = json!("1");
        let kept = judge(&api, "1", &sent, &json!({"contact": shown}));
        prop_assert_eq!(kept, Kept::All);
    }

    /// A letter or a digit that differs is a loss.
    #[test]
    fn what_differs_is_not_the_same(text in "[a-z]{1,20}", number in 1_u32..1_000_000, more in 1_u32..9) {
        let api = api("highlevel");
        for (one, other) in [
            (json!(text), json!(format!("{text}x"))),
            (json!(number), json!(number + more)),
            (json!(number.to_string()), json!(format!("0{number}"))),
        ] {
            let kept = judge(&api, "1", &json!({"a": one}), &json!({"contact": {"id": "1", "a": other}}));
            let lost = matches!(kept, Kept::Not { .. });
            prop_assert!(lost, "{} and {}", one, other);
        }
    }
}
