//! The answers that a provider's file need not spell out: where a contact, a list of hits or of definitions stands is
//! said by the paths at which answers are read.
//!
//! Only makes texts with places; [`super::says`] fills them in.

use serde_json::{Map, Value};

use super::paths::{parent, put};
use super::routes::Defines;
use crate::provider::api::Api;
use crate::provider::finding::Find;

/// The answers of one provider as its paths say them.
#[derive(Debug)]
pub(super) struct Plain {
    /// One contact.
    pub(super) contact: String,
    /// Those who were found, for each way to find.
    pub(super) found: Vec<String>,
    /// One of them, for each way to find.
    pub(super) hits: Vec<String>,
    /// A contact's tags.
    pub(super) tags: String,
    custom_fields: String,
    account_tags: String,
    channels: String,
}

impl Plain {
    /// Reads the paths of a provider's file.
    pub(super) fn new(api: &Api) -> Self {
        let id = api.answers.id.first().map_or("", String::as_str);
        let contact = api.answers.contact.first().map(String::as_str);
        let lists = &api.definitions;
        let list = |path: Option<&str>| one(path.unwrap_or_default(), "{list}");
        Self {
            contact: contact_at(contact.unwrap_or_else(|| parent(id)), id),
            found: api.find.values().map(found).collect(),
            hits: api.find.values().map(hit).collect(),
            tags: one(
                api.tags.read.as_ref().map_or("", |read| read.list.as_str()),
                "{tags}",
            ),
            custom_fields: list(lists.custom_fields.as_ref().map(|own| own.list.as_str())),
            account_tags: list(lists.tags.as_ref().map(|own| own.list.as_str())),
            channels: list(lists.channels.as_ref().map(|own| own.list.as_str())),
        }
    }

    /// A list of what the account defines.
    pub(super) fn list(&self, defines: Defines) -> &str {
        match defines {
            Defines::CustomFields => &self.custom_fields,
            Defines::Tags => &self.account_tags,
            Defines::Channels => &self.channels,
        }
    }
}

fn found(find: &Find) -> String {
    let mut body = Value::Object(Map::new());
    match find.hits.as_str() {
        "" => return "{contacts}".to_owned(),
        path => put(&mut body, path, Value::from("{contacts}")),
    }
    if let Some(pages) = &find.pages {
        put(&mut body, pages, Value::from("{pages}"));
    }
    open(&body)
}

fn hit(find: &Find) -> String {
    let field = find.field.as_deref().unwrap_or_default();
    let field = field.split('.').next().unwrap_or_default();
    let same = find.same.first().map_or("", String::as_str);
    // `fields.email` for the field `email` says that a hit has its fields in `fields`.
    let wraps = same
        .find(&format!(".{field}"))
        .filter(|_| !field.is_empty() && !same.starts_with(&format!("{field}.")));
    let id = find.id.first().map_or("id", String::as_str);
    contact_at(wraps.map_or("", |at| &same[..at]), id)
}

/// A contact at one path and its id at another.
fn contact_at(path: &str, id: &str) -> String {
    let beside = match path {
        "" => "id".to_owned(),
        path => format!("{path}.id"),
    };
    if id.is_empty() || path.is_empty() || id == beside {
        return one(path, "{contact}");
    }
    let mut body = Value::Object(Map::new());
    put(&mut body, path, Value::from("{fields}"));
    put(&mut body, id, Value::from("{json_id}"));
    open(&body)
}

fn one(path: &str, place: &str) -> String {
    let mut body = Value::from(place);
    if !path.is_empty() {
        body = Value::Object(Map::new());
        put(&mut body, path, Value::from(place));
    }
    open(&body)
}

/// The body as text in which places stand without the quotes of the texts that held them.
fn open(body: &Value) -> String {
    let text = body.to_string();
    text.replace("\"{", "{").replace("}\"", "}")
}
