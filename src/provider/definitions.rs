//! What an account says it has: its custom fields, its tags, and how a mapping's names find them.

use std::collections::HashMap;

use serde_json::Value;

use super::fields::FieldKind;
use super::finding::DefinitionList;
use super::path::at;
use super::reply::plain;
use crate::mistake::nearest;

/// One thing that an account defines.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Definition {
    /// Its id; empty where it has none.
    pub id: String,
    /// The name people see.
    pub name: String,
    /// The key programs use; empty where it has none.
    pub key: String,
    /// What its values are.
    pub kind: FieldKind,
    /// Its options: name and id, which are the same where options have no ids.
    pub options: Vec<(String, String)>,
}

/// What is known about an account.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Known {
    /// Its custom fields.
    pub custom_fields: Vec<Definition>,
    /// Whether it did not tell which custom fields it has, and need not.
    pub silent: bool,
    /// The ids of its tags by their names in small letters.
    pub tags: HashMap<String, String>,
    /// The names of its tags, for suggestions.
    pub tag_names: Vec<String>,
    /// The ids of its kinds of channel by their names.
    pub channels: HashMap<String, String>,
}

/// Whether an answer shows a list, be it empty, where the provider's file says that it stands.
#[must_use]
pub fn shows(list: &DefinitionList, answer: &Value) -> bool {
    matches!(entries(list, answer), Some(Value::Array(_) | Value::Null))
}

fn entries<'a>(list: &DefinitionList, answer: &'a Value) -> Option<&'a Value> {
    match list.list.as_str() {
        "" => Some(answer),
        path => at(answer, path),
    }
}

/// Reads one page of definitions.
#[must_use]
pub fn read(list: &DefinitionList, answer: &Value) -> Vec<Definition> {
    let Some(Value::Array(entries)) = entries(list, answer) else {
        return Vec::new();
    };
    entries
        .iter()
        .filter_map(|entry| definition(list, entry))
        .collect()
}

fn definition(list: &DefinitionList, entry: &Value) -> Option<Definition> {
    let text = |path: &str| match path {
        "" => None,
        path => at(entry, path).filter(|value| !value.is_null()).map(plain),
    };
    let wanted = |only: &super::finding::Only| text(&only.at).is_some_and(|own| own == only.is);
    if !list.only.iter().all(wanted) {
        return None;
    }
    let options: Vec<(String, String)> = match at(entry, &list.options) {
        Some(Value::Array(options)) if !list.options.is_empty() => options
            .iter()
            .filter_map(|option| option_of(list, option))
            .collect(),
        _ => Vec::new(),
    };
    let word = text(&list.kind).unwrap_or_default();
    let kind = list
        .kinds
        .iter()
        .find(|(own, _)| own.eq_ignore_ascii_case(&word))
        .map(|(_, kind)| *kind);
    let kind = match (kind, options.is_empty()) {
        // A choice among nothing that is known is any text; the account itself says no where it is none of its own.
        (None | Some(FieldKind::Enum), true) => FieldKind::Text,
        (Some(kind), _) => kind,
        (None, false) => FieldKind::Enum,
    };
    let key = text(&list.key).unwrap_or_default();
    Some(Definition {
        id: text(&list.id).unwrap_or_default(),
        name: text(&list.name).or_else(|| (!key.is_empty()).then(|| key.clone()))?,
        key,
        kind,
        options,
    })
}

fn option_of(list: &DefinitionList, option: &Value) -> Option<(String, String)> {
    let at_path = |path: &str| match path {
        "" => (!option.is_object()).then(|| plain(option)),
        path => at(option, path).map(plain),
    };
    let name = at_path(&list.option_name)?;
    let id = match list.option_id.as_str() {
        "" => name.clone(),
        path => at_path(path).unwrap_or_else(|| name.clone()),
    };
    (!name.is_empty()).then_some((name, id))
}

/// Who was meant by a name.
#[derive(Debug, PartialEq, Eq)]
pub enum Meant<'a> {
    /// This one.
    One(&'a Definition),
    /// Several have it.
    Several,
    /// Nobody has it; the name that was probably meant.
    Nobody(Option<&'a str>),
}

impl Known {
    /// Finds a custom field by id, key or name, in this order; names by their letters, capitals or not.
    #[must_use]
    pub fn custom_field(&self, name: &str) -> Meant<'_> {
        let all = || self.custom_fields.iter();
        let bare = name.trim();
        let exact = all().find(|own| own.id == bare || (!own.key.is_empty() && own.key == bare));
        if let Some(own) = exact {
            return Meant::One(own);
        }
        let ends = |own: &&Definition| own.key.rsplit_once('.').is_some_and(|(_, key)| key == bare);
        let mut by_name: Vec<&Definition> = all()
            .filter(|own| own.name.trim().to_lowercase() == bare.to_lowercase())
            .collect();
        if by_name.is_empty() {
            by_name = all().filter(ends).collect();
        }
        match by_name.as_slice() {
            [one] => Meant::One(one),
            [] => Meant::Nobody(nearest(name, all().map(|own| own.name.as_str()))),
            _ => Meant::Several,
        }
    }
}
