//! What is sent: method, address, headers and body, as people are shown them.

use contact_sync::contact::Contact;
use contact_sync::provider::api::Api;
use contact_sync::provider::call::{self, Shown};
use contact_sync::provider::names;
use contact_sync::provider::script::{Plan, Script};
use percent_encoding::percent_decode_str;
use proptest::prelude::*;
use serde_json::{Value, json};

use super::{PROVIDERS, account, api, contact, found, parts, script};

/// A value as the mapping hands it over: text, or JSON that stands as it is.
enum Cell {
    Text(&'static str),
    Json(&'static str),
}
use Cell::{Json, Text};

/// The call for one contact with these fields and custom fields.
fn shown(
    api: &Api,
    provider: &str,
    id: &str,
    fields: &[(&str, Cell)],
    custom: &[(&str, Cell)],
) -> Shown {
    let own = fields
        .iter()
        .map(|(name, cell)| (names::find(api, &parts(name)), name, cell));
    let more = custom
        .iter()
        .map(|(name, cell)| (names::custom(api, name, None), name, cell));
    let mut targets = Vec::new();
    let mut contact: Contact = contact(id);
    for (slot, (place, name, cell)) in (0..).zip(own.chain(more)) {
        targets.push(found(place, name).1);
        match cell {
            Text(text) => contact.push_text(slot, text),
            Json(json) => contact.push_json(slot, json),
        }
    }
    let script = script(api, provider, &targets);
    script.show(&script.update(&contact, &contact.id))
}

fn body(shown: &Shown) -> Value {
    serde_json::from_slice(&shown.body).expect("the body is JSON")
}

fn header<'a>(shown: &'a Shown, name: &str) -> Option<&'a str> {
    let mut all = shown
        .headers
        .iter()
        .filter(|(own, _)| own.eq_ignore_ascii_case(name));
    let found = all.next().map(|(_, value)| value.as_str());
    assert!(all.next().is_none(), "`{name}` twice");
    found
}

#[test]
fn highlevel() {
    let api = api("highlevel");
    let call = shown(
        &api,
        "highlevel",
        "ocQHyuzHvysMo5N5VsXc",
        &[
            ("firstName", Text("Zoë")),
            ("email", Json("null")),
            ("dnd", Json("true")),
            ("dndSettings.SMS.status", Text("active")),
            ("dndSettings.SMS.message", Text("asked for it")),
            ("dndSettings.Call.status", Text("inactive")),
            ("inboundDndSettings.all.status", Text("inactive")),
            ("tags", Json(r#"["a","b"]"#)),
        ],
        &[
            ("6dvNaf7VhkQ9snc5vnjJ", Text("gold")),
            ("contact.loyalty_level", Json("100.50")),
            ("remarks", Json(r#"["x"]"#)),
        ],
    );
    assert_eq!(call.method, "PUT");
    assert_eq!(
        call.url,
        "https://services.leadconnectorhq.com/contacts/ocQHyuzHvysMo5N5VsXc"
    );
    assert_eq!(header(&call, "authorization"), Some("Bearer [secret]"));
    assert_eq!(header(&call, "version"), Some("2021-07-28"));
    assert_eq!(header(&call, "content-type"), Some("application/json"));
    assert_eq!(
        body(&call),
        json!({
            "firstName": "Zoë",
            "email": null,
            "dnd": true,
            "dndSettings": {
                "SMS": {"status": "active", "message": "asked for it"},
                "Call": {"status": "inactive"},
            },
            "inboundDndSettings": {"all": {"status": "inactive"}},
            "tags": ["a", "b"],
            "customFields": [
                {"id": "6dvNaf7VhkQ9snc5vnjJ", "field_value": "gold"},
                {"key": "loyalty_level", "field_value": 100.5},
                {"key": "remarks", "field_value": ["x"]},
            ],
        })
    );
    // A number keeps the digits it was written with.
    assert!(String::from_utf8_lossy(&call.body).contains("100.50"));
}

#[test]
fn digital() {
    let api = api("99digital");
    let call = shown(
        &api,
        "99digital",
        "10156",
        &[
            ("name", Text("נועה \"Noa\" כהן")),
            ("phone_number", Text("+972523456782")),
            ("blocked", Json("false")),
            ("identifier", Json("null")),
            ("additional_attributes.city", Text("Haifa")),
            (
                "additional_attributes.social_profiles.linkedin",
                Text("noa"),
            ),
            ("custom_attributes.level", Text("gold")),
        ],
        &[("opted_out", Json("true"))],
    );
    assert_eq!(call.method, "PATCH");
    assert_eq!(
        call.url,
        "https://online.99digital.co.il/api/v1/accounts/7/contacts/10156"
    );
    assert_eq!(header(&call, "api_access_token"), Some("[secret]"));
    assert_eq!(header(&call, "authorization"), None);
    assert_eq!(
        body(&call),
        json!({
            "name": "נועה \"Noa\" כהן",
            "phone_number": "+972523456782",
            "blocked": false,
            "identifier": null,
            "additional_attributes": {"city": "Haifa", "social_profiles": {"linkedin": "noa"}},
            "custom_attributes": {"level": "gold", "opted_out": true},
        })
    );
}

#[test]
fn zingle() {
    let api = api("zingle");
    let field = "56c70519-6c70-40e5-904e-7652e54a07b6";
    let channel = "channels.3b7e1c9e-0f0e-4f0b-9a57-2f6d1c1f5d10";
    let call = shown(
        &api,
        "zingle",
        "f119fe3b-67e2-4b59-b605-5586616978d0",
        &[
            ("is_starred", Json("true")),
            (channel, Text("+972523456781")),
        ],
        &[
            (field, Text("Rebeka")),
            ("2a7d1d2c-6f1f-4e65-8b46-1dab4f8c6e33", Json("true")),
            ("3b8e2e3d-7a20-4f76-9c57-2ebc5a9d7f44", Json("583977600")),
            ("80d37382-cf75-4ecb-a1ac-7301afe2ce99", Json("null")),
        ],
    );
    assert_eq!(call.method, "PUT");
    assert_eq!(
        call.url,
        "https://api.zingle.me/v1/services/aff7bc93-6e28-4e70-8770-defa35cdfc1b/contacts/f119fe3b-67e2-4b59-b605-5586616978d0"
    );
    assert_eq!(header(&call, "authorization"), Some("Bearer [secret]"));
    // Flags are JSON, values of custom fields are text.
    assert_eq!(
        body(&call),
        json!({
            "is_starred": true,
            "channels": [{"channel_type_id": "3b7e1c9e-0f0e-4f0b-9a57-2f6d1c1f5d10", "value": "+972523456781"}],
            "custom_field_values": [
                {"custom_field_id": field, "value": "Rebeka"},
                {"custom_field_id": "2a7d1d2c-6f1f-4e65-8b46-1dab4f8c6e33", "value": "true"},
                {"custom_field_id": "3b8e2e3d-7a20-4f76-9c57-2ebc5a9d7f44", "value": "583977600"},
                {"custom_field_id": "80d37382-cf75-4ecb-a1ac-7301afe2ce99", "value": null},
            ],
        })
    );
    let basic = Script::new(
        &api,
        &api.auth[1],
        &account("zingle"),
        "https://x",
        Plan::default(),
    );
    let basic = basic.expect("the path is one");
    let basic = basic.show(&basic.update(&contact("1"), "1"));
    assert_eq!(header(&basic, "authorization"), Some("Basic [secret]"));
    let (dangerous, _) = found(names::find(&api, &parts(channel)), channel);
    assert_eq!(
        dangerous.danger.expect("a danger").accept,
        "replaces-channels"
    );
    assert!(matches!(
        names::custom(&api, "first_name", None),
        names::Found::BadName(_)
    ));
}

#[test]
fn insighto() {
    let api = api("insighto");
    let call = shown(
        &api,
        "insighto",
        "6cad4a26-8d11-4ece-9738-f7d93d9c1724",
        &[
            ("email", Json("null")),
            ("channels.telephone", Text("+972523456781")),
            ("channels.dial_code", Text("IL")),
            ("user_attributes.address.city", Text("Haifa")),
            ("last_seen", Text("2026-01-12T08:30:00Z")),
            (
                "first_widget_id",
                Text("3c90c3cc-0d44-4b50-8888-8dd25736052a"),
            ),
        ],
        &[
            ("Loyalty level", Text("gold")),
            ("Satisfaction", Json("4.5")),
        ],
    );
    assert_eq!(call.method, "PUT");
    assert_eq!(
        call.url,
        "https://api.insighto.ai/api/v1/contact/6cad4a26-8d11-4ece-9738-f7d93d9c1724?api_key=[secret]"
    );
    assert_eq!(header(&call, "authorization"), None);
    assert_eq!(
        body(&call),
        json!({
            "email": null,
            "channels": {"telephone": "+972523456781", "dial_code": "IL"},
            "user_attributes": {"address": {"city": "Haifa"}},
            "last_seen": "2026-01-12T08:30:00Z",
            "first_widget_id": "3c90c3cc-0d44-4b50-8888-8dd25736052a",
            "custom_fields": {"Loyalty level": "gold", "Satisfaction": 4.5},
        })
    );
    let (org, _) = found(names::find(&api, &parts("org_id")), "org_id");
    assert!(org.about.contains("another organisation"));
}

#[test]
fn acquire() {
    let api = api("acquire");
    let fields = [("name", Text("Dana Levi")), ("countryId", Text("517"))];
    let call = shown(
        &api,
        "acquire",
        "2",
        &fields,
        &[("level", Text("gold")), ("a.b", Json("7"))],
    );
    assert_eq!(call.method, "PUT");
    assert_eq!(
        call.url,
        "https://acme.acquire.io/api/v1/crm/objects/contact/2"
    );
    assert_eq!(header(&call, "authorization"), Some("Bearer [secret]"));
    assert_eq!(
        body(&call),
        json!({"fields": {"name": "Dana Levi", "countryId": "517", "level": "gold", "a.b": 7}})
    );
    match names::find(&api, &parts("fields.name")) {
        names::Found::Refused(reason) => assert!(reason.contains("`name`"), "{reason}"),
        other => panic!("{other:?}"),
    }
}

#[test]
fn the_read_that_proves_an_account() {
    let wanted = [
        "/locations/ve9EPM428h8vShlRW1KT",
        "/api/v1/profile",
        "/v1/services/aff7bc93-6e28-4e70-8770-defa35cdfc1b",
        "/api/v1/contact?page=1&size=1",
        "/api/v1/crm/objects/contact?limit=1",
    ];
    for (provider, wanted) in PROVIDERS.into_iter().zip(wanted) {
        let ping = call::ping(&api(provider), &account(provider)).expect("the path is one");
        assert_eq!((ping.method.word(), ping.target.as_str()), ("GET", wanted));
        assert!(ping.body.is_empty() && ping.repeatable);
    }
}

/// The part of the address that an id became; everything around it must be as it is for an innocent one.
fn segment(provider: &str, id: &str) -> String {
    let api = api(provider);
    let script = script(&api, provider, &[]);
    let innocent = script.update(&contact("x"), "x").target;
    let target = script.update(&contact(id), id).target;
    let before = innocent
        .strip_suffix('x')
        .expect("the id stands at the end");
    target
        .strip_prefix(before)
        .expect("the path before the id")
        .to_owned()
}

fn is_one_segment(segment: &str) -> bool {
    segment
        .bytes()
        .all(|b| b.is_ascii_alphanumeric() || b"-._~%".contains(&b))
}

#[test]
fn an_id_never_leaves_its_segment() {
    for provider in PROVIDERS {
        for (id, wanted) in [
            ("../../x", "..%2F..%2Fx"),
            ("a/b", "a%2Fb"),
            ("%2F", "%252F"),
            ("?x=1", "%3Fx%3D1"),
            ("#top", "%23top"),
            ("a\\b", "a%5Cb"),
            ("a b\r\nHost: x", "a%20b%0D%0AHost%3A%20x"),
            ("דנה", "%D7%93%D7%A0%D7%94"),
        ] {
            assert_eq!(segment(provider, id), wanted, "{provider}");
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn any_id_becomes_one_segment_and_can_be_read_back(id in any::<String>()) {
        for provider in PROVIDERS {
            let segment = segment(provider, &id);
            prop_assert!(is_one_segment(&segment), "{segment}");
            prop_assert_eq!(percent_decode_str(&segment).decode_utf8_lossy(), id.as_str());
        }
    }
}
