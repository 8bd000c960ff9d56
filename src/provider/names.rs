//! Finds a provider's field by the name that a mapping uses, or says which name was meant.

use super::api::Api;
use super::body::{Entry, Target};
use super::fields::{Field, FieldKind, Keys, Pairs};
use crate::mistake::nearest;

/// What a name stands for.
#[derive(Debug)]
pub enum Found<'a> {
    /// A field, and its place in the body.
    Field {
        /// The field as the provider's file has it; for a key inside an open object, one of text.
        field: Box<Field>,
        /// Where it goes.
        target: Target,
    },
    /// The provider refuses or drops it, for this reason.
    Refused(&'a str),
    /// There is no such field; the name that was probably meant.
    Unknown(Option<&'a str>),
    /// The name inside a list of name–value objects does not look like one; what it should look like.
    BadName(String),
}

/// Finds a field by its name, whose parts are the keys between the dots.
#[must_use]
pub fn find<'a>(api: &'a Api, parts: &[String]) -> Found<'a> {
    let name = parts.join(".");
    if let Some(reason) = api.refused.get(&name) {
        return Found::Refused(reason);
    }
    if let Some(field) = api.fields.get(&name) {
        return Found::Field {
            field: Box::new(whole(field)),
            target: Target {
                path: name.split('.').map(str::to_owned).collect(),
                entry: None,
            },
        };
    }
    let holder = (1..parts.len())
        .rev()
        .find_map(|count| Some((count, api.fields.get(&parts[..count].join("."))?)));
    match holder {
        Some((_, field)) if field.kind == FieldKind::Object && field.keys == Keys::Any => {
            Found::Field {
                field: Box::new(inside(field)),
                target: Target {
                    path: parts.to_vec(),
                    entry: None,
                },
            }
        }
        Some((count, field)) if field.kind == FieldKind::Pairs => entry(
            parts[..count].to_vec(),
            field,
            &parts[count..].join("."),
            None,
        ),
        _ => Found::Unknown(nearest(&name, names(api))),
    }
}

/// Finds the place of a custom field by its id, key or code; `by` names the key where looks do not decide.
#[must_use]
pub fn custom<'a>(api: &'a Api, name: &str, by: Option<&str>) -> Found<'a> {
    let Some(own) = &api.custom_fields else {
        return Found::Refused("this provider has no custom fields");
    };
    let into = own.into.as_ref();
    let holder = api.fields.get(into);
    match holder {
        Some(field) if field.kind == FieldKind::Pairs => entry(
            into.split('.').map(str::to_owned).collect(),
            field,
            name,
            by,
        ),
        _ => {
            let mut path: Vec<String> = into
                .split('.')
                .filter(|key| !key.is_empty())
                .map(str::to_owned)
                .collect();
            path.push(name.to_owned());
            Found::Field {
                field: Box::new(holder.map_or_else(|| Field::plain(FieldKind::Text), inside)),
                target: Target { path, entry: None },
            }
        }
    }
}

/// An entry whose name could not be held against the account yet.
#[must_use]
pub fn custom_anyway<'a>(api: &'a Api, name: &str) -> Found<'a> {
    let path = api
        .custom_fields
        .as_ref()
        .map_or("", |own| own.into.as_ref());
    let parts: Vec<String> = path.split('.').chain([name]).map(str::to_owned).collect();
    entry_anyway(api, &parts)
}

/// An entry by its path, whatever its name looks like.
#[must_use]
pub fn entry_anyway<'a>(api: &'a Api, parts: &[String]) -> Found<'a> {
    let Some((name, path)) = parts.split_last() else {
        return Found::Unknown(None);
    };
    let field = api.fields.get(&path.join("."));
    let key = field
        .and_then(|field| field.pairs.as_ref())
        .and_then(|pairs| pairs.names.last());
    match (field, key) {
        (Some(field), Some(way)) => {
            let any = Field {
                pairs: field.pairs.clone().map(|mut pairs| {
                    pairs
                        .names
                        .iter_mut()
                        .for_each(|way| way.looks = super::api::Looks::Any);
                    pairs
                }),
                ..field.clone()
            };
            entry(path.to_vec(), &any, name, Some(&way.key))
        }
        _ => Found::Unknown(None),
    }
}

/// The same place for an option's id, where that stands under a key of its own.
#[must_use]
pub fn by_option(api: &Api, mut target: Target) -> Target {
    let pairs = api
        .fields
        .get(&target.path.join("."))
        .and_then(|field| field.pairs.as_ref());
    let option = pairs.and_then(|pairs| pairs.option.clone());
    if let (Some(entry), Some(option)) = (&mut target.entry, option) {
        entry.value_key = option;
    }
    target
}

/// The names that a mapping may use, for suggestions and lists.
pub fn names(api: &Api) -> impl Iterator<Item = &str> {
    api.fields.keys().map(String::as_str)
}

fn entry<'a>(path: Vec<String>, field: &Field, name: &str, by: Option<&str>) -> Found<'a> {
    let Some(pairs) = &field.pairs else {
        return Found::Unknown(None);
    };
    let way = pairs.names.iter().find(|way| match by {
        Some(key) => way.key == key,
        None => way.looks.fits(name),
    });
    match way {
        None => Found::BadName(wanted(pairs)),
        Some(way) if !way.looks.fits(name) => Found::BadName(wanted(pairs)),
        Some(way) => Found::Field {
            field: Box::new(inside(field)),
            target: Target {
                path,
                entry: Some(Entry {
                    name_key: way.key.clone(),
                    name: name
                        .strip_prefix(way.strip.as_str())
                        .unwrap_or(name)
                        .to_owned(),
                    value_key: pairs.value.clone(),
                    values: pairs.values,
                }),
            },
        },
    }
}

fn wanted(pairs: &Pairs) -> String {
    let ways: Vec<String> = pairs
        .names
        .iter()
        .map(|way| format!("{} (`{}`)", way.looks.words(), way.key))
        .collect();
    ways.join(", or ")
}

/// The field itself. What erases a key inside an object does not erase the object.
fn whole(field: &Field) -> Field {
    let holds = matches!(field.kind, FieldKind::Object | FieldKind::Pairs);
    Field {
        clear: field.clear.filter(|_| !holds),
        ..field.clone()
    }
}

fn inside(object: &Field) -> Field {
    Field {
        danger: object.danger.clone(),
        clear: object.clear,
        ..Field::plain(FieldKind::Text)
    }
}
