//! The words of `api.toml` that only one provider uses: they are listed at the top of `src/provider/api.rs`, all of them and
//! no other. Types of values, methods, meanings and what the stand-in says are no words of one provider's.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use toml::Value;

use super::root;

/// What stands in a table: the keys that lead to another table, by the name of its struct, or to words of an enum.
fn leads(table: &str, key: &str) -> Option<&'static str> {
    let to = match (table, key) {
        ("Api", "account") => "*AccountKey",
        ("Api", "auth") => "Auth",
        ("Api", "limits") => "Limit",
        ("Api", "limit_headers") => "LimitHeaders",
        ("Api", "calls") => "Calls",
        ("Api", "find") => "*Find",
        ("Api", "tags") => "Tags",
        ("Api", "definitions") => "Definitions",
        ("Api", "answers") => "Answers",
        ("Api", "fields") => "*Field",
        ("Api", "custom_fields") => "CustomFields",
        ("Api", "effects") => "Effect",
        ("Api", "upsert") => "Upsert",
        ("Calls", _) | ("Find" | "TagWay" | "TagRead" | "DefinitionList" | "Upsert", "call") => {
            "CallSpec"
        }
        ("Tags", "set" | "add" | "remove") => "TagWay",
        ("Tags", "read") => "TagRead",
        ("Definitions", _) => "DefinitionList",
        ("DefinitionList", "only") => "Only",
        ("Answers", "soft") => "Soft",
        ("Answers", "means") => "Means",
        ("Field", "danger") => "Danger",
        ("Field", "pairs") => "Pairs",
        ("Pairs", "names") => "PairName",
        ("Api", "id") => "=IdKind",
        ("Api", "on_throttle") => "=OnThrottle",
        ("Auth", "scheme") => "=AuthScheme",
        ("AccountKey" | "PairName", "looks") | ("CustomFields", "names") => "=Looks",
        ("Soft", "is") => "=SoftSign",
        ("Field", "clear") => "=Clear",
        ("Field", "keys") => "=Keys",
        ("Pairs", "values") => "=PairValues",
        ("Find", "sends") => "=Sends",
        ("TagWay", "way") => "=Way",
        ("Effect", "on") => "=Part",
        ("Limit", "sure") => "=Sure",
        _ => return None,
    };
    Some(to)
}

/// Notes the words of a table, as the sources name them.
fn note(table: &str, value: &Value, words: &mut BTreeSet<String>) {
    match (table.strip_prefix('='), table.strip_prefix('*'), value) {
        (_, _, Value::Array(list)) => list.iter().for_each(|own| note(table, own, words)),
        (Some(name), _, Value::String(word)) => {
            let parts = word.split('-').map(|part| {
                let (first, rest) = part.split_at(1);
                first.to_uppercase() + rest
            });
            words.insert(format!("{name}::{}", parts.collect::<String>()));
        }
        (_, Some(inner), Value::Table(own)) => own.values().for_each(|own| note(inner, own, words)),
        (_, _, Value::Table(own)) => {
            for (key, value) in own {
                if (table, key.as_str()) != ("Api", "sandbox") {
                    words.insert(format!("{table}::{key}"));
                }
                if let Some(inner) = leads(table, key) {
                    note(inner, value, words);
                }
            }
        }
        _ => {}
    }
}

#[test]
fn the_words_of_one_provider_are_listed_and_no_others() {
    let mut users: BTreeMap<String, usize> = BTreeMap::new();
    for folder in fs::read_dir(root().join("mappings")).expect("mappings") {
        let path = folder.expect("a folder").path().join("api.toml");
        let text = fs::read_to_string(path).expect("a provider's file");
        let file: Value = Value::Table(text.parse().expect("TOML"));
        let mut words = BTreeSet::new();
        note("Api", &file, &mut words);
        for word in words {
            *users.entry(word).or_default() += 1;
        }
    }
    // Where a whole table is one provider's, so are the words in it.
    let inside = |table: &str| -> bool {
        let mut own = users
            .iter()
            .filter(|(word, _)| word.split("::").next() == Some(table));
        own.all(|(_, count)| *count == 1)
    };
    let reached = |word: &str| {
        let (table, _) = word.split_once("::").expect("a table and a key");
        let leads_there = |own: &String| {
            let (above, key) = own.split_once("::").expect("a table and a key");
            leads(above, key).map(|to| to.trim_start_matches('*')) == Some(table)
        };
        users.keys().any(leads_there) && inside(table)
    };
    let single = users
        .iter()
        .filter(|(word, count)| **count == 1 && !reached(word));
    let single: BTreeSet<&str> = single.map(|(word, _)| word.as_str()).collect();
    let api = fs::read_to_string(root().join("src/provider/api.rs")).expect("the vocabulary");
    let head: String = api
        .lines()
        .skip_while(|line| !line.contains("only one of the providers shipped here uses"))
        .take_while(|line| line.starts_with("//! "))
        .collect();
    let listed: BTreeSet<&str> = head
        .split('`')
        .skip(1)
        .step_by(2)
        .filter(|word| word.contains("::"))
        .collect();
    assert_eq!(listed, single);
}
