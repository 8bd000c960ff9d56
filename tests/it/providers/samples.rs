//! The sample and the five mappings to copy, put through the real rooms: which rows are sent, and what each other one teaches.

use contact_sync::contact::{Contact, Fate, Row};
use contact_sync::mapping::apply::Applied;
use contact_sync::mapping::{check::check, reading};
use contact_sync::provider::call::Account;
use contact_sync::provider::script::Script;
use contact_sync::source::{self, Input};
use serde_json::Value;

use super::{PROVIDERS, api, checkout, written};

/// What the rows of the sample become: first name, the reason where it is not sent, its body where it is.
fn rows(provider: &str) -> Vec<(String, String, Value)> {
    let api = api(provider);
    let file = written(&format!("mappings/{provider}/contacts.toml"));
    let (as_written, mistakes) = reading::read(&file);
    assert!(mistakes.is_empty(), "{mistakes:#?}");
    let checked = check(&as_written, &file, &api, None).unwrap_or_else(|all| panic!("{all:#?}"));
    let sheet = source::open(&Input::Path(checkout().join("samples/contacts.csv")));
    let sheet = sheet.expect("the sample can be read");
    let first_name = sheet.header().iter().position(|name| name == "First Name");
    let first_name = first_name.expect("a first name");
    let bound = checked.mapping.bind(sheet.header(), "contacts.csv", &file);
    let bound = bound.unwrap_or_else(|all| panic!("{all:#?}"));
    let account = Account::default();
    let script = Script::new(
        &api,
        checked.account.auth,
        &account,
        "https://x",
        checked.plan,
    );
    let script = script.expect("the path is one");
    let mut rows = sheet.rows().expect("the sample can be read again");
    let (mut row, mut contact, mut all) = (Row::default(), Contact::default(), Vec::new());
    while rows.read(&mut row).expect("a row") {
        let name = row.cell(first_name).unwrap_or_default().trim().to_owned();
        all.push(match bound.apply(&row, &mut contact) {
            Applied::Ready => {
                let body = serde_json::from_slice(&script.update(&contact, &contact.id).body);
                (name, String::new(), body.expect("JSON"))
            }
            Applied::Settled(verdict) => {
                let fate = match verdict.fate {
                    Fate::Skipped => "skipped",
                    _ => &verdict.code,
                };
                (name, fate.to_owned(), Value::Null)
            }
        });
    }
    all
}

/// The rows that are not sent, and why, whoever the provider is; all others are.
const TEACHING: &[(&str, &str)] = &[
    ("Anna", "bad-email"),
    ("Ruth", "bad-phone"),
    ("Maya", "spreadsheet-damage"),
    ("Lars", "bad-date"),
    ("", "skipped"),
    ("Omar", "bad-boolean"),
    ("Alice", "not-in-lookup"),
    ("Paul", "missing-id"),
    ("Eva", "too-many-cells"),
    ("Sam", "bad-id"),
];

#[test]
fn the_sample_teaches_the_same_with_every_mapping() {
    for provider in PROVIDERS {
        let rows = rows(provider);
        assert_eq!(rows.len(), 24);
        let refused: Vec<(&str, &str)> = rows
            .iter()
            .filter(|(_, code, _)| !code.is_empty())
            .map(|(name, code, _)| (name.as_str(), code.as_str()))
            .collect();
        assert_eq!(refused, TEACHING, "{provider}");
    }
}

fn body_of(provider: &str, name: &str) -> Value {
    let rows = rows(provider);
    let row = rows.into_iter().find(|(own, ..)| own == name);
    row.expect("the sample has this person").2
}

#[test]
fn what_a_spreadsheet_and_a_person_wrote_arrives() {
    let wei = body_of("highlevel", "Wei");
    assert_eq!(
        (&wei["postalCode"], &wei["lastName"]),
        (&"02108".into(), &"Chen 陈伟".into())
    );
    let orla = body_of("acquire", "Orla");
    assert_eq!(
        orla["fields"]["remarks"],
        "Call after 6pm,\nnever on Mondays"
    );
    let noa = body_of("99digital", "נועה");
    assert_eq!(
        (&noa["name"], &noa["phone_number"]),
        (&"נועה כהן".into(), &"+972523456782".into())
    );
    // The fourth of July, as seconds since 1970, as text.
    let dana = body_of("zingle", "Dana");
    assert_eq!(dana["custom_field_values"][4]["value"], "583977600");
    let mary = body_of("highlevel", "Mary   Ann");
    assert_eq!(
        (&mary["firstName"], &mary["lastName"]),
        (&"Mary Ann".into(), &"Smith".into())
    );
    assert_eq!(mary["tags"], serde_json::json!(["Newsletter", "VIP"]));
}

/// A blank cell is left out, so an object that a provider may replace as a whole is not emptied by one.
#[test]
fn a_blank_cell_erases_nothing_unless_the_mapping_says_so() {
    let tom = body_of("insighto", "Tom");
    assert!(tom.get("channels").is_none(), "{tom}");
    assert!(body_of("highlevel", "Tom").get("tags").is_none());
    let grace = body_of("99digital", "Grace");
    assert_eq!(
        grace["custom_attributes"].get("remarks"),
        Some(&Value::Null)
    );
}
