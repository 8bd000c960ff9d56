//! Which contact a row is about, at a provider that can look for people, add tags and tell its custom fields.

use std::fs;
use std::sync::Arc;

use contact_sync::mapping::check::check;
use contact_sync::mapping::reading::read;
use contact_sync::mistake::Written;
use contact_sync::proposal::{Request, propose};
use contact_sync::provider::api::Api;
use contact_sync::provider::load::load;

use super::survey;
use crate::providers::checkout;

/// What the provider made up here can do beyond the one it is made of.
const MORE: &str = r#"
[calls.create]
method = "POST"
path = "/contacts"

[find.email]
call = { method = "GET", path = "/contacts?email={value}" }
hits = "data"
id = ["id"]
same = ["email"]

[find.phone]
call = { method = "GET", path = "/contacts?phone={value}" }
hits = "data"
id = ["id"]
same = ["phone"]

[tags.add]
way = "together"
call = { method = "POST", path = "/contacts/{id}/tags", body = '{"tags": "{values}"}' }

[definitions.custom_fields]
call = { method = "GET", path = "/fields" }
list = "data"
name = "name"
"#;

fn able(names: &str) -> Api {
    let path = checkout().join("mappings/acquire/api.toml");
    let own = fs::read_to_string(path).expect("a provider");
    // The one it is made of may learn some of it, and nothing stands in a file twice.
    let mut table: toml::Table = toml::from_str(&own).expect("TOML");
    let more: toml::Table = toml::from_str(MORE).expect("TOML");
    for (key, value) in more {
        match (table.get_mut(&key), value) {
            (Some(toml::Value::Table(own)), toml::Value::Table(more)) => own.extend(more),
            (_, value) => {
                table.insert(key, value);
            }
        }
    }
    table.insert("name".to_owned(), "Able".into());
    if names == "custom" {
        let fields = table["fields"].as_table_mut().expect("fields");
        fields.remove("name");
        let refused = table["refused"].as_table_mut().expect("names");
        refused.insert("firstName".to_owned(), "it is a custom field".into());
    }
    let file = Arc::new(Written {
        name: "able.toml".to_owned(),
        text: toml::to_string(&table).expect("TOML"),
    });
    load(&file).unwrap_or_else(|mistakes| panic!("{mistakes:#?}"))
}

/// What is proposed, after the program's own check has taken it.
fn proposed(names: &str, columns: &[(&str, [&str; 2])]) -> String {
    let api = able(names);
    let header: Vec<&str> = columns.iter().map(|(name, _)| *name).collect();
    let rows = [0, 1].map(|at| columns.iter().map(|(_, cells)| cells[at]).collect());
    let survey = survey(&header, &rows);
    let text = propose(&Request {
        input: "people.csv",
        provider: "able.toml",
        api: &api,
        survey: &survey,
    })
    .text;
    let file = Arc::new(Written {
        name: "my.toml".to_owned(),
        text: text.clone(),
    });
    let (written, mistakes) = read(&file);
    assert!(mistakes.is_empty(), "{mistakes:#?}");
    let checked = check(&written, &file, &api, None);
    checked.unwrap_or_else(|mistakes| panic!("{mistakes:#?}\n{text}"));
    text
}

const NAME: (&str, [&str; 2]) = ("Name", ["Dana Levi", "Noa Cohen"]);
const EMAIL: (&str, [&str; 2]) = ("E-mail", ["dana@example.com", "noa@example.com"]);
const PHONE: (&str, [&str; 2]) = ("Mobile", ["052-345-6781", "052-345-6782"]);
const COUNTRY: (&str, [&str; 2]) = ("Country", ["Israel", "Israel"]);

#[test]
fn people_are_looked_for_where_the_file_has_no_ids_of_the_account() {
    let text = proposed("", &[NAME, EMAIL, PHONE, COUNTRY]);
    let line =
        "\nmatch = { email = \"E-mail\", phone = { column = \"Mobile\", region = \"IL\" } }\n";
    assert!(text.contains(line), "{text}");
    assert!(text.contains("\n# mode = \"upsert\" "), "{text}");
}

#[test]
fn an_id_of_some_other_program_is_never_taken_for_the_accounts() {
    for id in ["Id", "Contact ID", "Record ID - Contact", "Customer ID"] {
        let text = proposed("", &[(id, ["1", "2"]), NAME, EMAIL]);
        assert!(
            text.contains("\nmatch = { email = \"E-mail\" }\n"),
            "{text}"
        );
        assert!(!text.contains("\nid = "), "{text}");
    }
    let text = proposed("", &[("Able ID", ["1", "2"]), NAME, EMAIL]);
    assert!(text.contains("\nid = \"Able ID\""), "{text}");
    assert!(!text.contains("match = "), "{text}");
}

#[test]
fn nobody_is_looked_for_by_what_is_no_address_and_no_sure_number() {
    let text = proposed(
        "",
        &[
            ("Id", ["1", "2"]),
            NAME,
            ("Email", ["yes", "no"]),
            ("Phone", ["6175550123", "6175550155"]),
        ],
    );
    assert!(!text.contains("match = "), "{text}");
    assert!(text.contains("\nid = \"Id\""), "{text}");
}

#[test]
fn tags_are_added_where_the_provider_can_and_none_is_taken_away() {
    let text = proposed("", &[NAME, EMAIL, ("Tags", ["a;b", "c"])]);
    assert!(
        text.contains(
            "[tags]\n# 1 of 2 cells holds more than one\nadd = { column = \"Tags\", split = \";\" }"
        ),
        "{text}"
    );
    assert!(!text.contains("Careful"), "{text}");
}

#[test]
fn names_that_are_custom_fields_go_by_their_codes_where_the_account_can_be_asked() {
    let text = proposed("custom", &[("First Name", ["Dana", "Noa"]), EMAIL]);
    assert!(
        text.contains("[custom_fields]\nfirstName = \"First Name\""),
        "{text}"
    );
}
