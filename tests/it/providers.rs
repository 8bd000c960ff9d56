//! The five providers' files: that each is whole, that its answers mean what they should, that its calls are written right.
//!
//! What stands here is shared by the three: reading a provider's file, its sample mapping and its recorded replies.

mod alike;
mod answers;
mod calls;
mod conversations;
mod custom;
mod glances;
mod kept;
mod made;
mod native;
mod refused;
mod samples;
mod tags;
mod talk;
mod whom;
mod words;

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use contact_sync::contact::Contact;
use contact_sync::mistake::Written;
use contact_sync::provider::answers::Meaning;
use contact_sync::provider::api::Api;
use contact_sync::provider::body::{BodyPlan, Target};
use contact_sync::provider::call::Account;
use contact_sync::provider::fields::{Field, FieldKind};
use contact_sync::provider::load::load;
use contact_sync::provider::names::{self, Found};
use contact_sync::provider::reply::Reply;
use contact_sync::provider::script::{Plan, Script};
use contact_sync::provider::stand_in::When;
use serde_json::Value;

pub(crate) const PROVIDERS: [&str; 5] = ["highlevel", "99digital", "zingle", "insighto", "acquire"];

pub(crate) fn checkout() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn written(path: &str) -> Arc<Written> {
    let text = fs::read_to_string(checkout().join(path));
    Arc::new(Written {
        name: path.to_owned(),
        text: text.unwrap_or_else(|error| panic!("{path}: {error}")),
    })
}

pub(crate) fn api(provider: &str) -> Api {
    let file = written(&format!("mappings/{provider}/api.toml"));
    load(&file).unwrap_or_else(|mistakes| panic!("{mistakes:#?}"))
}

/// The replies that stand in `samples/replies/<provider>`, by name.
fn recorded(provider: &str) -> Vec<(String, Reply)> {
    let folder = checkout().join("samples/replies").join(provider);
    let mut paths: Vec<PathBuf> = fs::read_dir(folder)
        .expect("each provider has replies")
        .map(|entry| entry.expect("the folder can be listed").path())
        .collect();
    paths.sort();
    paths
        .iter()
        .map(|path| {
            let written = fs::read(path).expect("the reply can be read");
            let json: Value = serde_json::from_slice(&written)
                .unwrap_or_else(|error| panic!("{}: {error}", path.display()));
            let name = path.file_stem().expect("a file has a name");
            (name.to_string_lossy().into_owned(), unwrapped(&json))
        })
        .collect()
}

fn unwrapped(json: &Value) -> Reply {
    let status = json["status"].as_u64().and_then(|s| u16::try_from(s).ok());
    let headers = json["headers"].as_object().expect("headers");
    let headers: Vec<(&str, &str)> = headers
        .iter()
        .map(|(name, value)| (name.as_str(), value.as_str().expect("a header is text")))
        .collect();
    let body = match &json["body"] {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    };
    reply(status.expect("a status"), &headers, &body)
}

fn reply(status: u16, headers: &[(&str, &str)], body: &str) -> Reply {
    let mut reply = Reply {
        status,
        body: body.as_bytes().to_vec(),
        ..Reply::default()
    };
    for (name, value) in headers {
        let name: http::HeaderName = name.parse().expect("a header's name");
        reply
            .headers
            .insert(name, value.parse().expect("a header's value"));
    }
    reply
}

/// A field by the name a mapping would use, or by the name of a custom field.
fn found(found: Found<'_>, name: &str) -> (Box<Field>, Target) {
    match found {
        Found::Field { field, target } => (field, target),
        other => panic!("`{name}`: {other:?}"),
    }
}

fn parts(name: &str) -> Vec<String> {
    name.split('.').map(str::to_owned).collect()
}

fn account(provider: &str) -> Account {
    let mut account = Account::default();
    match provider {
        "highlevel" => account.set("location_id", "ve9EPM428h8vShlRW1KT"),
        "99digital" => account.set("account_id", "7"),
        "zingle" => account.set("service_id", "aff7bc93-6e28-4e70-8770-defa35cdfc1b"),
        "acquire" => account.set("account_id", "acme"),
        _ => {}
    }
    account
}

/// A script that sets the given fields; the first of a provider's ways to show a credential is used.
fn script<'a>(api: &'a Api, provider: &str, targets: &[Target]) -> Script<'a> {
    let body = || BodyPlan::new(targets).expect("the fields have places of their own");
    let plan = Plan {
        update: body(),
        create: body(),
        ..Plan::default()
    };
    let account = account(provider);
    let base = contact_sync::provider::call::base_url(api.base_url.as_ref(), &account)
        .expect("the base URL is one");
    Script::new(api, &api.auth[0], &account, base.as_str(), plan).expect("the path is one")
}

fn contact(id: &str) -> Contact {
    let mut contact = Contact::default();
    contact.id.push_str(id);
    contact.push_text(u16::MAX, "a field that no plan knows");
    contact
}

#[test]
fn every_file_is_whole() {
    for provider in PROVIDERS {
        let api = api(provider);
        assert!(!api.limits.is_empty(), "{provider} has no limit at all");
        for meaning in [
            Meaning::NotFound,
            Meaning::Duplicate,
            Meaning::Refused,
            Meaning::RefusedCredential,
            Meaning::Forbidden,
            Meaning::Throttled,
            Meaning::Outage,
            Meaning::Gateway,
            Meaning::Moved,
            Meaning::NotTheApi,
        ] {
            assert!(
                api.hints.contains_key(&meaning),
                "{provider} has no hint for {meaning:?}"
            );
        }
        for (at, is) in [
            ("success", false),
            ("ok", false),
            ("error", true),
            ("errors", true),
        ] {
            assert!(
                api.answers.soft.iter().any(|soft| soft.at == at),
                "{provider} does not look at `{at}` ({is})"
            );
        }
        for (name, reason) in &api.refused {
            assert!(
                !api.fields.contains_key(name),
                "{provider} refuses and has `{name}`"
            );
            assert!(
                !reason.is_empty(),
                "{provider} refuses `{name}` without a reason"
            );
        }
    }
}

#[test]
fn a_field_inside_an_object_stands_with_its_object() {
    for provider in PROVIDERS {
        let api = api(provider);
        for name in api.fields.keys().filter(|name| name.contains('.')) {
            let (holder, _) = name.split_once('.').expect("a dot");
            let kind = api.fields.get(holder).map(|field| field.kind);
            assert_eq!(kind, Some(FieldKind::Object), "{provider}: `{name}`");
        }
    }
}

#[test]
fn the_stand_in_answers_every_question_in_json_that_is_whole() {
    let all = [
        When::Updated,
        When::Ping,
        When::NoCredential,
        When::BadHeader,
        When::NoPath,
        When::NotFound,
        When::BadJson,
        When::UnknownKey,
        When::WrongType,
        When::Throttled,
    ];
    // What a provider's file need not spell out, since its paths say it.
    let more = [
        When::Created,
        When::Duplicate,
        When::Upserted,
        When::Read,
        When::Found,
        When::Tagged,
        When::Tags,
        When::CustomFields,
        When::AccountTags,
        When::Channels,
    ];
    for provider in PROVIDERS {
        let api = api(provider);
        for when in all.into_iter().chain(more) {
            let says: Vec<_> = api.sandbox.says.iter().filter(|s| s.when == when).collect();
            if says.is_empty() && more.contains(&when) {
                continue;
            }
            assert_eq!(says.len(), 1, "{provider}: {when:?}");
            let says = says[0];
            let body = says
                .body
                .replace("{contact}", r#"{"id":12,"name":"Dana"}"#)
                .replace("{fields}", r#"{"name":"Dana"}"#)
                .replace("{contacts}", r#"[{"id":12,"name":"Dana"}]"#)
                .replace("{tags}", r#"["vip"]"#)
                .replace("{list}", "[]")
                .replace("{existing}", "13")
                .replace("{page}", "1")
                .replace("{pages}", "1")
                .replace("{count}", "1")
                .replace("{new}", "true")
                .replace("{id}", "12")
                .replace("{field}", "email")
                .replace("{wanted}", "text");
            if says.content.starts_with("application/json") {
                serde_json::from_str::<Value>(&body)
                    .unwrap_or_else(|error| panic!("{provider}: {when:?}: {error}: {body}"));
            }
            let said = reply(says.status, &[("content-type", &says.content)], &body);
            let answer = contact_sync::provider::reply::read(&api, &said);
            let wanted: &[Meaning] = match when {
                When::Updated | When::Ping => &[Meaning::Accepted],
                // A list at the root is an answer too.
                _ if more.contains(&when) && body.starts_with('[') => continue,
                // Some providers do not say which of the two it is.
                When::Duplicate => &[Meaning::Duplicate, Meaning::Refused],
                When::Upserted => &[Meaning::Accepted],
                When::Created | When::Read | When::Found | When::Tagged | When::Tags => {
                    &[Meaning::Accepted]
                }
                When::CustomFields | When::AccountTags | When::Channels => &[Meaning::Accepted],
                When::NoCredential => &[Meaning::RefusedCredential],
                When::NotFound => &[Meaning::NotFound],
                When::NoPath => &[Meaning::NotFound, Meaning::NotTheApi],
                When::BadJson | When::UnknownKey | When::WrongType => &[Meaning::Refused],
                When::BadHeader => &[Meaning::Refused, Meaning::RefusedCredential],
                When::Throttled => &[Meaning::Throttled],
            };
            assert!(
                wanted.contains(&answer.meaning),
                "{provider}: {when:?} is read as {:?}",
                answer.meaning
            );
        }
    }
}

#[test]
fn a_misspelt_name_in_a_closed_object_is_noticed() {
    let api = api("highlevel");
    match names::find(&api, &parts("dndSettings.SMS.stauts")) {
        Found::Unknown(near) => assert_eq!(near, Some("dndSettings.SMS.status")),
        other => panic!("{other:?}"),
    }
    let (field, _) = found(
        names::find(&api, &parts("dndSettings.SMS.status")),
        "status",
    );
    assert_eq!(field.values, ["active", "inactive", "permanent"]);
}

#[test]
fn what_erases_a_key_does_not_erase_its_object() {
    let api = api("99digital");
    let clear = |name: &str| found(names::find(&api, &parts(name)), name).0.clear;
    assert!(clear("custom_attributes").is_none());
    assert!(clear("custom_attributes.level").is_some());
}
