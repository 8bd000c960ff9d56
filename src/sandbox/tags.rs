//! The tags of the stand-in's contacts: where they are kept, how a call changes them, how an answer shows them.
//!
//! Must never make a tag of the account; a contact may have any where the provider takes them by name.

use serde_json::{Map, Value};

use super::defined::Defined;
use super::paths::{parent, put};
use super::routes::Heard;
use super::store::TAGS;
use crate::provider::api::Api;
use crate::provider::finding::{TagWay, Way};
use crate::provider::script::TagVerb;

/// How a provider's contacts have tags.
#[derive(Debug)]
pub(super) struct Tagging {
    /// The key under which they are kept: the field's, where they are one.
    key: String,
    /// The key under which a contact shows them, where it does and they are no field.
    shown_at: Option<String>,
    /// Where a tag's name or id stands in an entry; empty where entries are plain text.
    name: String,
    /// The ways of setting, adding and removing.
    ways: [Option<Way>; 3],
    lower_case: bool,
}

impl Tagging {
    /// Reads it from the provider's file.
    pub(super) fn new(api: &Api) -> Self {
        let tags = &api.tags;
        let all = [&tags.set, &tags.add, &tags.remove];
        let field = all
            .iter()
            .filter_map(|way| way.as_ref())
            .find(|way| way.way == Way::Field);
        let read = tags.read.as_ref();
        // Where a contact's tags are read by reading the contact, it shows them.
        let same = read.zip(api.calls.read.as_ref()).filter(|(own, call)| {
            own.call.method == call.method && own.call.path.as_ref() == call.path.as_ref()
        });
        let shown_at = same.and_then(|(own, _)| {
            let inside = own.list.strip_prefix(parent(&own.list))?;
            Some(inside.trim_start_matches('.').to_owned())
        });
        Self {
            key: field.map_or(TAGS, |way| way.field.as_str()).to_owned(),
            shown_at: shown_at.filter(|_| field.is_none()),
            name: read.map_or_else(String::new, |read| read.name.clone()),
            ways: all.map(|way| way.as_ref().map(|way: &TagWay| way.way)),
            lower_case: tags.lower_case,
        }
    }

    /// The key under which a contact shows its tags, beside its fields.
    pub(super) fn shown_at(&self) -> Option<&str> {
        self.shown_at.as_deref()
    }

    /// Writes tags that travel with the fields as the account keeps them.
    pub(super) fn settle(&self, change: &mut Map<String, Value>) {
        if let (true, Some(Value::Array(tags))) = (self.lower_case, change.get_mut(&self.key)) {
            for tag in tags {
                if let Value::String(text) = tag {
                    *text = text.to_lowercase();
                }
            }
        }
    }

    /// The change that a call makes; nothing where a tag is named by an id that the account does not have.
    pub(super) fn change(
        &self,
        verb: TagVerb,
        contact: &Map<String, Value>,
        heard: &Heard,
        defined: &Defined,
    ) -> Option<Map<String, Value>> {
        let way = match verb {
            TagVerb::Set => self.ways[0],
            TagVerb::Add => self.ways[1],
            TagVerb::Remove => self.ways[2],
        };
        let named: Vec<String> = match (way, defined.tags.is_empty()) {
            (Some(Way::Each), false) => {
                let mut tags = defined.tags.iter();
                vec![tags.find(|tag| tag.id == heard.value)?.name.clone()]
            }
            (Some(Way::Each), true) => vec![heard.value.clone()],
            _ => heard.values.clone(),
        };
        let named = named.into_iter().map(|tag| match self.lower_case {
            true => tag.to_lowercase(),
            false => tag,
        });
        let mut tags = self.of(contact);
        match (way, verb) {
            // What is read and merged by the sender is written whole, whatever the sender meant.
            (Some(Way::Merge), _) | (_, TagVerb::Set) => tags = named.collect(),
            (_, TagVerb::Add) => tags.extend(named),
            (_, TagVerb::Remove) => {
                let gone: Vec<String> = named.collect();
                tags.retain(|own| !gone.iter().any(|tag| same(tag, own)));
            }
        }
        let mut kept: Vec<String> = Vec::new();
        for tag in tags {
            if !kept.iter().any(|own| same(own, &tag)) {
                kept.push(tag);
            }
        }
        Some(Map::from_iter([(self.key.clone(), Value::from(kept))]))
    }

    /// A contact's tags as an answer lists them.
    pub(super) fn shown(&self, contact: &Map<String, Value>, defined: &Defined) -> Value {
        let entry = |tag: &String| {
            let mut own = defined.tags.iter();
            match (self.name.as_str(), own.find(|known| same(&known.name, tag))) {
                ("", _) => Value::from(tag.as_str()),
                (_, Some(known)) => known.shown.clone(),
                (name, None) => {
                    let mut entry = Value::Object(Map::new());
                    put(&mut entry, name, Value::from(tag.as_str()));
                    entry
                }
            }
        };
        self.of(contact).iter().map(entry).collect()
    }

    fn of(&self, contact: &Map<String, Value>) -> Vec<String> {
        let list = contact.get(&self.key).and_then(Value::as_array);
        let texts = list.into_iter().flatten().filter_map(Value::as_str);
        texts.map(str::to_owned).collect()
    }
}

fn same(one: &str, other: &str) -> bool {
    one.to_lowercase() == other.to_lowercase()
}
