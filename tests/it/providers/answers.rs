//! Recorded replies and what each has to mean. Their shapes are the documented ones; where a provider documents none, the
//! ones its `api.toml` calls inferred.

use std::time::Duration;

use contact_sync::provider::answers::Meaning::{self, *};
use contact_sync::provider::reply::{self, Hold};
use proptest::prelude::*;

use super::{PROVIDERS, api, recorded};

/// What a recorded reply has to be read as.
struct Expected(
    /// The reply's file.
    &'static str,
    Meaning,
    /// The reason, for people.
    &'static str,
    /// The field at fault.
    &'static str,
    Named,
);

/// What the reply names.
enum Named {
    Nothing,
    /// The contact, by its id.
    Contact(&'static str),
    /// The request, by a name with this end.
    Request(&'static str),
}
use Named::{Contact, Nothing, Request};

#[rustfmt::skip]
const HIGHLEVEL: &[Expected] = &[ Expected("accepted", Accepted, "", "", Contact("u8jzPde0IgxLd6GncfBA")),
    Expected("bad-token", RefusedCredential, "Invalid token: access token is invalid", "", Request("402")),
    Expected("duplicate", Duplicate, "This location does not allow duplicated contacts.", "email", Request("401")),
    Expected("no-path", NotTheApi, "Cannot PUT /contact/u8jzPde0IgxLd6GncfBA", "", Nothing),
    Expected("no-scope", Forbidden, "The token is not authorized for this scope.", "", Request("403")),
    Expected("no-version", RefusedCredential, "version header was not found.", "", Nothing),
    Expected("not-found", NotFound, "Contact with id u8jzPde0IgxLd6GncfBA not found", "", Request("400")),
    Expected("other-location", Forbidden, "The token does not have access to this location.", "", Request("404")),
    Expected("quota-spent", QuotaSpent, "Too Many Requests", "", Nothing),
    Expected("soft-no", Refused, "The contact could not be saved", "", Request("201")),
    Expected("throttled", Throttled, "Too Many Requests", "", Nothing),
    Expected("unknown-fields", Refused, "property gender should not exist; property companyName should not exist", "", Request("422")),
];

#[rustfmt::skip]
const DIGITAL: &[Expected] = &[
    Expected("accepted", Accepted, "", "", Contact("10156")),
    Expected("accepted-nested", Accepted, "", "", Contact("10156")),
    Expected("bad-token", RefusedCredential, "Invalid Access Token", "", Request("e001")),
    Expected("identifier-taken", Duplicate, "Identifier has already been taken", "identifier", Request("e001")),
    Expected("no-token", RefusedCredential, "You need to sign in or sign up before continuing.", "", Request("e001")),
    Expected("not-found", NotFound, "Resource could not be found", "", Request("e001")),
    Expected("other-account", Forbidden, "You are not authorized to access this account", "", Request("e001")),
    Expected("out-of-order", Outage, "answered 500 with a web page instead of JSON", "", Request("e001")),
    // The text is translated by the server, so it decides nothing.
    Expected("phone-taken", Refused, "Phone number has already been taken", "phone_number", Request("e001")),
    Expected("soft-no", Refused, "Not saved", "", Request("e001")),
    Expected("throttled", Throttled, "answered 429: Retry later", "", Nothing),
    Expected("two-fields-in-hebrew", Refused, "אימייל לא תקין, מספר טלפון כבר בשימוש", "email; phone_number", Request("e001")),
];

#[rustfmt::skip]
const ZINGLE: &[Expected] = &[
    Expected("accepted", Accepted, "", "", Contact("6cad4a26-8d11-4ece-9738-f7d93d9c1724")),
    Expected("bad-password", RefusedCredential, "Invalid credentials", "", Nothing),
    Expected("bad-value", Refused, "is_starred must be boolean", "", Nothing),
    Expected("duplicate", Duplicate, "Channel is assigned to another contact", "", Nothing),
    Expected("locked", Locked, "Locked contacts cannot be edited", "", Nothing),
    Expected("no-description", Refused, "Bad Request", "", Nothing),
    Expected("no-right", Forbidden, "You lack the privileges to edit a contact", "", Nothing),
    Expected("no-service", NotFound, "Service not found", "", Nothing),
    Expected("not-found", NotFound, "Contact not found", "", Nothing),
    Expected("out-of-order", Outage, "Internal Server Error", "", Nothing),
    Expected("soft-code", Duplicate, "The channel is taken", "", Nothing),
    Expected("soft-no", Refused, "Custom field value must be a UNIX timestamp", "", Nothing),
];

#[rustfmt::skip]
const INSIGHTO: &[Expected] = &[
    Expected("accepted", Accepted, "", "", Nothing),
    Expected("bad-key", RefusedCredential, "Invalid API key", "", Nothing),
    Expected("bad-value", Refused, "org_id: Input should be a valid UUID; email: Input should be a valid string", "", Nothing),
    Expected("no-right", Forbidden, "Not enough permissions", "", Nothing),
    Expected("not-found", NotFound, "Contact not found", "", Nothing),
    Expected("out-of-order", Outage, "answered 503: upstream connect error", "", Nothing),
    Expected("soft-no", Refused, "Something went wrong", "", Nothing),
    Expected("throttled", Throttled, "Too many requests", "", Nothing),
];

#[rustfmt::skip]
const ACQUIRE: &[Expected] = &[
    Expected("accepted", Accepted, "", "", Contact("10156")),
    Expected("bad-key", RefusedCredential, "Unauthorized", "", Nothing),
    Expected("bad-value", Refused, "phone is invalid", "", Nothing),
    Expected("duplicate", Duplicate, "ERROR_DUPLICATE_RECORD_FOUND: e-mail is taken", "", Nothing),
    Expected("maintenance", Outage, "answered 503 with a web page instead of JSON", "", Nothing),
    Expected("no-right", Forbidden, "No access to contacts", "", Nothing),
    Expected("not-found", NotFound, "No such contact", "", Nothing),
    Expected("not-found-bare", NotFound, "answered 400: ERROR_RECORD_NOT_FOUND: no credentials in the request body", "", Nothing),
    Expected("out-of-order", Outage, r#"answered 500: {"type":"ERROR_SERVER_ERROR"}"#, "", Nothing),
    Expected("soft-no", Refused, "The attribute level has no such option", "", Nothing),
];

#[test]
fn every_recorded_reply_means_what_it_should() {
    let tables = [HIGHLEVEL, DIGITAL, ZINGLE, INSIGHTO, ACQUIRE];
    for (provider, table) in PROVIDERS.into_iter().zip(tables) {
        let api = api(provider);
        let replies = recorded(provider);
        assert_eq!(
            replies.len(),
            table.len(),
            "{provider}: replies and expectations"
        );
        for (name, said) in replies {
            let place = format!("{provider}/{name}");
            let Expected(_, meaning, reason, field, named) = table
                .iter()
                .find(|expected| expected.0 == name)
                .unwrap_or_else(|| panic!("{place} is expected to mean nothing"));
            let answer = reply::read(&api, &said);
            assert_eq!(answer.meaning, *meaning, "{place}");
            assert_eq!(answer.reason, *reason, "{place}");
            assert_eq!(answer.field, *field, "{place}");
            assert_eq!(answer.status, said.status, "{place}");
            match named {
                Nothing => assert_eq!(answer.contact_id + &answer.request_id, "", "{place}"),
                Contact(id) => assert_eq!(answer.contact_id, *id, "{place}"),
                Request(end) => assert!(answer.request_id.ends_with(end), "{place}"),
            }
        }
    }
}

fn timing(provider: &str, name: &str) -> reply::Timing {
    let api = api(provider);
    let replies = recorded(provider);
    let (_, said) = replies.iter().find(|(own, _)| own == name).expect(name);
    reply::timing(&api, said, reply::read(&api, said).meaning)
}

#[test]
fn answers_tell_the_time_to_wait() {
    let hold = |provider, name| timing(provider, name).hold;
    assert_eq!(hold("highlevel", "accepted"), None);
    assert_eq!(hold("highlevel", "throttled"), Some(Hold::OneWindow));
    // 45 seconds past the minute by the server's clock.
    assert_eq!(
        hold("99digital", "throttled"),
        Some(Hold::For(Duration::from_secs(15)))
    );
    assert_eq!(
        hold("insighto", "throttled"),
        Some(Hold::For(Duration::from_secs(7)))
    );
    assert_eq!(
        hold("acquire", "maintenance"),
        Some(Hold::For(Duration::from_secs(120)))
    );
    assert_eq!(hold("acquire", "accepted"), None);
}

#[test]
fn limit_headers_are_read_from_every_answer() {
    let said = timing("highlevel", "accepted");
    assert_eq!(said.window, Some((100, Duration::from_secs(10))));
    assert_eq!(said.daily_remaining, Some(199_744));
    assert_eq!(timing("highlevel", "quota-spent").daily_remaining, Some(0));
    assert_eq!(timing("zingle", "accepted").window, None);
}

#[test]
fn a_yes_with_a_no_inside_is_a_no_everywhere() {
    let bodies = [
        r#"{"success":false,"errors":[{"message":"no such option"}]}"#,
        r#"{"ok":false,"error":"no such option"}"#,
        r#"{"ok":"false","message":"no such option"}"#,
        r#"{"error":{"message":"no such option"}}"#,
        r#"{"errors":["no such option"]}"#,
    ];
    for provider in PROVIDERS {
        let api = api(provider);
        for body in bodies {
            let answer = reply::read(&api, &super::reply(200, &[], body));
            assert_eq!(answer.meaning, Refused, "{provider}: {body}");
            assert_eq!(answer.reason, "no such option", "{provider}: {body}");
        }
        for body in [
            r#"{"success":true,"error":null,"errors":[]}"#,
            r#"{"ok":true,"error":""}"#,
        ] {
            let answer = reply::read(&api, &super::reply(200, &[], body));
            assert_eq!(answer.meaning, Accepted, "{provider}: {body}");
        }
    }
}

fn json() -> impl Strategy<Value = serde_json::Value> {
    let keys = prop::sample::select(vec![
        "status",
        "status_code",
        "error_code",
        "message",
        "errors",
        "error",
        "contact",
        "id",
        "data",
        "detail",
        "loc",
        "attributes",
        "meta",
        "traceId",
        "succeded",
        "payload",
        "result",
        "type",
    ]);
    let leaf = prop_oneof![
        Just(serde_json::Value::Null),
        any::<bool>().prop_map(Into::into),
        any::<f64>().prop_map(Into::into),
        any::<i64>().prop_map(Into::into),
        ".{0,12}".prop_map(Into::into),
    ];
    leaf.prop_recursive(4, 24, 4, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Into::into),
            prop::collection::vec((keys.clone(), inner), 0..5).prop_map(|entries| {
                let map: serde_json::Map<String, serde_json::Value> = entries
                    .into_iter()
                    .map(|(key, value)| (key.to_owned(), value))
                    .collect();
                map.into()
            }),
        ]
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    /// Whatever stands where, it is read without a panic, and only an object or nothing at all can be a yes.
    #[test]
    fn no_answer_is_too_strange(body in json(), status in 200u16..600) {
        for provider in PROVIDERS {
            let api = api(provider);
            let answer = reply::read(&api, &super::reply(status, &[], &body.to_string()));
            let yes = (200..300).contains(&status) && body.is_object();
            prop_assert!(answer.meaning != Accepted || yes);
        }
    }
}
