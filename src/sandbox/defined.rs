//! What the account of the stand-in defines: custom fields, tags and kinds of channel, as its lists show them.
//!
//! Names come from the provider's file, ids and keys are made up and the same every time. Must never look at a contact.

use serde_json::{Map, Value};

use super::paths::put;
use crate::provider::api::{Api, IdKind, Looks};
use crate::provider::fields::{FieldKind, Pairs};
use crate::provider::finding::DefinitionList;
use crate::provider::stand_in::Made;

/// Everything that the account defines.
#[derive(Debug, Default)]
pub(super) struct Defined {
    /// Its custom fields, as the list shows them.
    pub(super) custom_fields: Vec<Value>,
    /// Its tags.
    pub(super) tags: Vec<Tag>,
    /// Its kinds of channel, as the list shows them.
    pub(super) channels: Vec<Value>,
    /// The ids of its kinds of channel by their names.
    pub(super) channel_ids: Vec<(String, String)>,
}

/// One tag of the account.
#[derive(Debug)]
pub(super) struct Tag {
    /// Its id.
    pub(super) id: String,
    /// Its name.
    pub(super) name: String,
    /// As the list shows it.
    pub(super) shown: Value,
}

impl Defined {
    /// Makes up the account's definitions.
    pub(super) fn new(api: &Api) -> Self {
        let mut defined = Self::default();
        let holder = api
            .custom_fields
            .as_ref()
            .and_then(|own| api.fields.get(own.into.as_ref()))
            .and_then(|field| field.pairs.as_ref());
        if let Some(list) = &api.definitions.custom_fields {
            let made = api.sandbox.custom_fields.iter();
            defined.custom_fields = made
                .map(|made| custom_field(api, list, holder, made))
                .collect();
        }
        if let Some(list) = &api.definitions.tags {
            let tags = api.sandbox.tags.iter();
            defined.tags = tags
                .map(|name| {
                    let id = made_up(account_looks(api), "tag", name);
                    let shown = entry(list, &shown_id(api, &id), name, "");
                    let name = name.clone();
                    Tag { id, name, shown }
                })
                .collect();
        }
        if let Some(list) = &api.definitions.channels {
            for find in api.find.values() {
                let pairs = find.field.as_deref().and_then(|name| api.fields.get(name));
                let pairs = pairs.and_then(|field| field.pairs.as_ref());
                if let Some(name) = &find.entry {
                    let id = made_up(looks(api, pairs), "channel", name);
                    let shown = entry(list, &Value::from(id.as_str()), name, "");
                    defined.channels.push(shown);
                    defined.channel_ids.push((name.clone(), id));
                }
            }
        }
        defined
    }

    /// The id of a kind of channel.
    pub(super) fn channel(&self, name: &str) -> Option<&str> {
        let mut own = self.channel_ids.iter();
        own.find(|(own, _)| own == name).map(|(_, id)| id.as_str())
    }
}

fn custom_field(api: &Api, list: &DefinitionList, pairs: Option<&Pairs>, made: &Made) -> Value {
    let id = made_up(looks(api, pairs), "field", &made.name);
    let id = match pairs {
        Some(_) => Value::from(id),
        None => shown_id(api, &id),
    };
    let front = pairs
        .and_then(|pairs| pairs.names.iter().find(|way| !way.strip.is_empty()))
        .map_or("", |way| way.strip.as_str());
    let key = format!("{front}{}", key_of(&made.name));
    let mut shown = entry(list, &id, &made.name, &key);
    put(
        &mut shown,
        &list.kind,
        Value::from(kind_word(list, made.kind)),
    );
    if !made.options.is_empty() {
        let options = made.options.iter().map(|name| {
            let id = made_up(Looks::Uuid, &made.name, name);
            let mut option = Value::Object(Map::new());
            put(&mut option, &list.option_name, Value::from(name.as_str()));
            put(&mut option, &list.option_id, Value::from(id));
            match list.option_name.as_str() {
                "" => Value::from(name.as_str()),
                _ => option,
            }
        });
        put(&mut shown, &list.options, options.collect());
    }
    shown
}

/// An entry of a list of definitions, with whatever the list says that its entries have.
fn entry(list: &DefinitionList, id: &Value, name: &str, key: &str) -> Value {
    let mut entry = Value::Object(Map::new());
    put(&mut entry, &list.id, id.clone());
    put(&mut entry, &list.name, Value::from(name));
    if !key.is_empty() {
        put(&mut entry, &list.key, Value::from(key));
    }
    for only in &list.only {
        put(&mut entry, &only.at, Value::from(only.is.as_str()));
    }
    entry
}

/// The account's word for a type.
fn kind_word(list: &DefinitionList, kind: FieldKind) -> &str {
    let own = list.kinds.iter().find(|(_, own)| **own == kind);
    // What the file has no word for is text, or known by its options.
    own.map_or("text", |(word, _)| word.as_str())
}

/// The key that programs use for a name that people see.
fn key_of(name: &str) -> String {
    let words = name.split(|c: char| !c.is_alphanumeric());
    let words: Vec<String> = words
        .filter(|word| !word.is_empty())
        .map(str::to_lowercase)
        .collect();
    words.join("_")
}

/// What an entry's name looks like in a list of name–value objects, or else what ids look like.
fn looks(api: &Api, pairs: Option<&Pairs>) -> Looks {
    let own = pairs.and_then(|pairs| pairs.names.iter().find(|way| way.looks != Looks::Any));
    own.map_or_else(|| account_looks(api), |way| way.looks)
}

fn account_looks(api: &Api) -> Looks {
    match api.id {
        IdKind::Digits => Looks::Digits,
        IdKind::Uuid => Looks::Uuid,
        IdKind::Opaque => Looks::Token20,
    }
}

fn shown_id(api: &Api, id: &str) -> Value {
    super::account::shown_id(api.id, id)
}

/// An id that is the same every time, in the form that is wanted.
pub(super) fn made_up(looks: Looks, kind: &str, name: &str) -> String {
    // FNV-1a: short, and the same on every machine.
    let hash = |salt: u64| {
        let bytes = kind.bytes().chain([0]).chain(name.bytes());
        bytes.fold(0xcbf2_9ce4_8422_2325 ^ salt, |hash, byte| {
            (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
        })
    };
    let (one, other) = (hash(0), hash(0x5a4d));
    match looks {
        Looks::Digits => (1_000 + one % 900_000).to_string(),
        Looks::Uuid => format!(
            "5a4d{:04x}-{:04x}-4{:03x}-8{:03x}-{:012x}",
            one & 0xffff,
            (one >> 16) & 0xffff,
            (one >> 32) & 0xfff,
            (one >> 44) & 0xfff,
            other & 0xffff_ffff_ffff
        ),
        Looks::Token20 => {
            let mut text = format!("Sb{one:016x}{:02x}", other & 0xff);
            text.truncate(20);
            text
        }
        Looks::Key => key_of(name),
        Looks::Any | Looks::HostLabel => key_of(name).replace('_', "-"),
    }
}
