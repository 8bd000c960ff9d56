//! HighLevel and 99digital held against their official descriptions, where these lie beside the checkout.
//!
//! The descriptions are wrong in places. Those are named here, one by one, each with what is known instead; anything else
//! that differs is a mistake of ours.

use std::collections::BTreeSet;
use std::path::PathBuf;

use contact_sync::contact::Contact;
use contact_sync::provider::api::{Api, AuthScheme};
use contact_sync::provider::body::{BodyPlan, Target};
use contact_sync::provider::call;
use contact_sync::provider::fields::{Clear, Field, FieldKind};
use contact_sync::provider::names::{self, Found};
use serde_json::Value;

use crate::providers::{api, checkout};

/// One of the official files, or nothing where the folder is not there.
#[expect(clippy::print_stderr, reason = "a skipped test has to say so")]
fn official(name: &str) -> Option<Value> {
    let folder: Option<PathBuf> = checkout()
        .ancestors()
        .skip(1)
        .map(|above| above.join("shared/specs"))
        .find(|folder| folder.is_dir());
    let Some(folder) = folder else {
        eprintln!("skipped: there is no `../shared/specs` beside the checkout to compare with");
        return None;
    };
    let path = folder.join(name);
    let text = std::fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    Some(serde_json::from_slice(&text).expect("an official description is JSON"))
}

/// A schema with its `$ref`s followed.
fn schema<'a>(spec: &'a Value, mut at: &'a Value) -> &'a Value {
    while let Some(link) = at["$ref"].as_str() {
        let pointer = link.strip_prefix('#').expect("a link into the same file");
        at = spec.pointer(pointer).expect("the link leads somewhere");
    }
    at
}

fn body_schema<'a>(spec: &'a Value, path: &str, method: &str) -> &'a Value {
    let operation = &spec["paths"][path][method];
    assert!(operation.is_object(), "{method} {path} is official");
    schema(
        spec,
        &operation["requestBody"]["content"]["application/json"]["schema"],
    )
}

/// What a description objects to in a value, each with its place.
fn objections(spec: &Value, at: &Value, value: &Value, place: &str) -> Vec<String> {
    let at = schema(spec, at);
    if let Some(any) = at["anyOf"].as_array() {
        let fits = |one: &&Value| objections(spec, one, value, place).is_empty();
        return match any.iter().find(fits) {
            Some(_) => Vec::new(),
            None => vec![format!("{place}: none of the forms")],
        };
    }
    let wanted = at["type"].as_str().unwrap_or("any");
    let fits = match value {
        Value::Null => at["nullable"] == true,
        Value::Bool(_) => wanted == "boolean",
        Value::Number(_) => ["number", "integer"].contains(&wanted),
        Value::String(_) => wanted == "string",
        Value::Array(_) => wanted == "array",
        Value::Object(_) => wanted == "object",
    };
    if !fits {
        return vec![format!("{place}: not {wanted}")];
    }
    let mut found = Vec::new();
    let choices = at["enum"].as_array();
    if choices.is_some_and(|choices| !value.is_null() && !choices.contains(value)) {
        found.push(format!("{place}: none of the choices"));
    }
    for (number, item) in value.as_array().into_iter().flatten().enumerate() {
        found.extend(objections(
            spec,
            &at["items"],
            item,
            &format!("{place}[{number}]"),
        ));
    }
    let entries = value.as_object().into_iter().flatten();
    for (key, inner) in entries {
        let place = format!("{place}.{key}");
        match (at["properties"].get(key), &at["properties"]) {
            (Some(known), _) => found.extend(objections(spec, known, inner, &place)),
            (None, Value::Null) => {}
            (None, _) => found.push(format!("{place}: unknown")),
        }
    }
    for key in at["required"].as_array().into_iter().flatten() {
        if value.is_object() && value.get(key.as_str().unwrap_or_default()).is_none() {
            found.push(format!(
                "{place}.{}: missing",
                key.as_str().unwrap_or_default()
            ));
        }
    }
    found
}

/// A value of a field's type as it would be sent.
fn sample(field: &Field) -> Value {
    match field.kind {
        FieldKind::Integer => 7.into(),
        FieldKind::Number => 4.5.into(),
        FieldKind::Boolean => true.into(),
        FieldKind::List => vec!["a"].into(),
        FieldKind::Enum | FieldKind::Country if !field.values.is_empty() => {
            field.values[0].as_str().into()
        }
        FieldKind::Email => "dana@example.com".into(),
        FieldKind::Phone => "+972523456781".into(),
        FieldKind::Date => "1988-07-04".into(),
        _ => "text".into(),
    }
}

fn place(found: Found<'_>) -> (Box<Field>, Target) {
    match found {
        Found::Field { field, target } => (field, target),
        other => panic!("{other:?}"),
    }
}

/// The body of an update with these values, by the names that a mapping uses.
fn body(values: Vec<(Target, Value)>) -> Value {
    let mut contact = Contact::default();
    let mut targets = Vec::new();
    for (slot, (target, value)) in (0..).zip(values) {
        targets.push(target);
        contact.push_json(slot, &value.to_string());
    }
    let plan = BodyPlan::new(&targets).expect("each value has a place of its own");
    let mut out = Vec::new();
    plan.render(&contact, None, &mut out);
    serde_json::from_slice(&out).expect("a body is JSON")
}

/// Every field that has one value of its own, each with that value.
fn full(api: &Api, value: impl Fn(&Field) -> Option<Value>) -> Vec<(Target, Value)> {
    let single = |field: &Field| !matches!(field.kind, FieldKind::Object | FieldKind::Pairs);
    let names = api.fields.iter().filter(|(_, field)| single(field));
    names
        .filter_map(|(name, _)| {
            let parts: Vec<String> = name.split('.').map(str::to_owned).collect();
            let (field, target) = place(names::find(api, &parts));
            Some((target, value(&field)?))
        })
        .collect()
}

/// The names at the top of a body that a provider's file knows, in one way or the other.
fn known(api: &Api) -> BTreeSet<&str> {
    api.fields
        .keys()
        .chain(api.refused.keys())
        .map(String::as_str)
        .collect()
}

#[test]
fn highlevel_bodies_are_what_its_description_asks_for() {
    let Some(spec) = official("highlevel-contacts.openapi.json") else {
        return;
    };
    let api = api("highlevel");
    let wanted = body_schema(&spec, "/contacts/{contactId}", "put");
    let mut values = full(&api, |field| Some(sample(field)));
    for (name, value) in [
        ("6dvNaf7VhkQ9snc5vnjJ", Value::from("gold")),
        ("7dvNaf7VhkQ9snc5vnjJ", vec!["a", "b"].into()),
        ("contact.level", "gold".into()),
        ("8dvNaf7VhkQ9snc5vnjJ", 100.5.into()),
    ] {
        values.push((place(names::custom(&api, name, None)).1, value));
    }
    assert_eq!(
        objections(&spec, wanted, &body(values), "body"),
        [
            // The description says `object` and gives 1990-09-25 as its example.
            "body.dateOfBirth: not object",
            // It wants the id always, and says elsewhere that id or key is enough.
            "body.customFields[2]: none of the forms",
            // It says `object` for numbers too, with 100.5 as its example.
            "body.customFields[3]: none of the forms",
        ]
    );
}

#[test]
fn highlevel_fields_are_erased_exactly_where_its_description_allows_null() {
    let Some(spec) = official("highlevel-contacts.openapi.json") else {
        return;
    };
    let api = api("highlevel");
    let wanted = body_schema(&spec, "/contacts/{contactId}", "put");
    for (name, property) in wanted["properties"].as_object().expect("properties") {
        let field = &api.fields[name];
        let nullable = property["nullable"] == true;
        assert_eq!(field.clear == Some(Clear::Null), nullable, "`{name}`");
    }
    let nulls = full(&api, |field| {
        (field.clear == Some(Clear::Null)).then_some(Value::Null)
    });
    assert!(!nulls.is_empty());
    assert!(objections(&spec, wanted, &body(nulls), "body").is_empty());
}

#[test]
fn highlevel_has_every_official_field_header_and_choice() {
    let (Some(spec), Some(countries)) = (
        official("highlevel-contacts.openapi.json"),
        official("highlevel-countries.json"),
    ) else {
        return;
    };
    let api = api("highlevel");
    let operation = &spec["paths"]["/contacts/{contactId}"]["put"];
    for parameter in operation["parameters"].as_array().expect("parameters") {
        let name = parameter["name"].as_str().expect("a name");
        match parameter["in"].as_str() {
            Some("header") => {
                let headers = call::headers(&api);
                let sent = headers
                    .iter()
                    .find(|(own, _)| own.eq_ignore_ascii_case(name));
                let (_, value) = sent.unwrap_or_else(|| panic!("no header `{name}`"));
                let choices = parameter["schema"]["enum"].as_array().expect("choices");
                assert!(
                    choices.contains(&Value::from(value.as_str())),
                    "{name}: {value}"
                );
            }
            place => assert_eq!((place, name), (Some("path"), "contactId")),
        }
    }
    assert!(operation["security"][0].get("bearer").is_some());
    assert_eq!(api.auth[0].scheme, AuthScheme::Bearer);
    let properties = body_schema(&spec, "/contacts/{contactId}", "put")["properties"].as_object();
    for name in properties.expect("properties").keys() {
        assert!(api.fields.contains_key(name), "`{name}` is official");
    }
    let create = body_schema(&spec, "/contacts/", "post")["properties"].as_object();
    for name in create.expect("properties").keys() {
        assert!(
            known(&api).contains(name.as_str()),
            "`{name}` counts when creating"
        );
    }
    let codes: Vec<&str> = countries
        .as_array()
        .expect("a list")
        .iter()
        .map(|country| country["code"].as_str().expect("a code"))
        .collect();
    assert_eq!(api.fields["country"].values, codes);
}

/// The newer description must not know a field that ours lacks.
#[test]
fn highlevel_misses_nothing_of_the_newer_version() {
    let Some(spec) = official("highlevel-contacts-v3.openapi.json") else {
        return;
    };
    let properties = &body_schema(&spec, "/contacts/{contactId}", "put")["properties"];
    for name in properties.as_object().expect("properties").keys() {
        assert!(
            api("highlevel").fields.contains_key(name),
            "`{name}` is official"
        );
    }
}

const CONTACT: &str = "/api/v1/accounts/{account_id}/contacts/{id}";

#[test]
fn digital_bodies_are_what_the_description_asks_for() {
    let Some(spec) = official("chatwoot.swagger.json") else {
        return;
    };
    let api = api("99digital");
    // The description has PUT only; the server takes both and the provider's own page says PATCH.
    let wanted = body_schema(&spec, CONTACT, "put");
    let mut values = full(&api, |field| Some(sample(field)));
    values.push((place(names::custom(&api, "level", None)).1, 7.into()));
    assert!(objections(&spec, wanted, &body(values), "body").is_empty());
    // It allows no null; the server takes it for these and erases them.
    let nulls = full(&api, |field| {
        let own = field.clear == Some(Clear::Null) && field.max.is_some();
        own.then_some(Value::Null)
    });
    assert_eq!(
        objections(&spec, wanted, &body(nulls), "body"),
        [
            "body.email: not string",
            "body.phone_number: not string",
            "body.identifier: not string",
        ]
    );
}

#[test]
fn digital_has_every_official_field_and_header() {
    let Some(spec) = official("chatwoot.swagger.json") else {
        return;
    };
    let api = api("99digital");
    assert_eq!(
        api.calls.update.path.as_ref().replace("{account.", "{"),
        CONTACT
    );
    for name in body_schema(&spec, CONTACT, "put")["properties"]
        .as_object()
        .expect("properties")
        .keys()
    {
        // `avatar` is a file, which no cell can hold.
        assert!(known(&api).contains(name.as_str()), "`{name}` is official");
        assert!(
            name == "avatar" || api.fields.contains_key(name),
            "`{name}`"
        );
    }
    let security = spec["paths"][CONTACT]["put"]["security"][0].as_object();
    let scheme = security
        .and_then(|one| one.keys().next())
        .expect("a scheme");
    let official = &spec["components"]["securitySchemes"][scheme];
    assert_eq!(
        (official["in"].as_str(), official["name"].as_str()),
        (Some("header"), Some("api_access_token"))
    );
    assert_eq!(
        (api.auth[0].scheme, api.auth[0].name.as_str()),
        (AuthScheme::Header, "api_access_token")
    );
    assert!(spec["paths"][api.calls.ping.path.as_ref()]["get"].is_object());
}
