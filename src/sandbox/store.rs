//! The contacts that the stand-in was told about, in memory: merged as they are changed, shown as the account shows them.
//!
//! At most [`ROOM`] bytes are kept; beyond that the contact that was made first is forgotten and empty again. Contacts are
//! kept as text, which takes a fraction of the memory that trees of JSON values take.

use std::collections::{HashMap, VecDeque};
use std::sync::Arc;

use serde_json::{Map, Value};

use super::index::Index;
use super::shape::Shape;
use crate::provider::fields::Pairs;

/// How much text is kept, in bytes.
const ROOM: usize = 64 << 20;

/// What one contact costs beside its text: its places in the map and in the order.
const BESIDE: usize = 128;

/// The key under which a contact's tags are kept where they are no field; no provider has a field of this name.
pub(super) const TAGS: &str = "#tags";

/// All contacts of the account.
#[derive(Debug)]
pub(super) struct Store {
    contacts: HashMap<Arc<str>, Box<str>>,
    order: VecDeque<Arc<str>>,
    index: Index,
    used: usize,
    room: usize,
}

impl Default for Store {
    fn default() -> Self {
        Self {
            contacts: HashMap::new(),
            order: VecDeque::new(),
            index: Index::default(),
            used: 0,
            room: ROOM,
        }
    }
}

impl Store {
    /// An empty account whose contacts are found by what the index knows.
    pub(super) fn new(index: Index) -> Self {
        Self {
            index,
            ..Self::default()
        }
    }

    /// All that is known of a contact, if anything is.
    pub(super) fn get(&self, id: &str) -> Option<Map<String, Value>> {
        let text = self.contacts.get(id)?;
        serde_json::from_str(text).ok()
    }

    /// What the contacts are found by.
    pub(super) fn index(&self) -> &Index {
        &self.index
    }

    /// How many contacts there are.
    pub(super) fn len(&self) -> usize {
        self.order.len()
    }

    /// The ids on one page of all contacts, those that were made first on the first; pages count from 1.
    pub(super) fn page(&self, page: u64, size: usize) -> Vec<Arc<str>> {
        let before = usize::try_from(page.saturating_sub(1)).unwrap_or(usize::MAX);
        let before = before.saturating_mul(size);
        self.order.iter().skip(before).take(size).cloned().collect()
    }

    /// Changes a contact and hands back all that is known of it, and whether it was empty before.
    pub(super) fn change(
        &mut self,
        shape: &Shape,
        id: &str,
        change: Map<String, Value>,
    ) -> (Map<String, Value>, bool) {
        let before = self.get(id);
        let fresh = before.is_none();
        let mut contact = before.unwrap_or_default();
        if !fresh {
            self.index.forget(id, &contact);
        }
        merge(Some(shape), &mut contact, change);
        self.keep(id, &contact);
        (contact, fresh)
    }

    fn keep(&mut self, id: &str, contact: &Map<String, Value>) {
        let text = serde_json::to_string(contact)
            .unwrap_or_default()
            .into_boxed_str();
        self.used += text.len();
        let id: Arc<str> = Arc::from(id);
        self.index.note(&id, contact);
        match self.contacts.get_mut(&id) {
            Some(old) => {
                self.used -= old.len();
                *old = text;
            }
            None => {
                self.used += id.len() + BESIDE;
                self.order.push_back(Arc::clone(&id));
                self.contacts.insert(id, text);
            }
        }
        while self.used > self.room {
            let Some(oldest) = self.order.pop_front() else {
                break;
            };
            if let Some(contact) = self.get(&oldest) {
                self.index.forget(&oldest, &contact);
            }
            if let Some(text) = self.contacts.remove(&oldest) {
                self.used -= text.len() + oldest.len() + BESIDE;
            }
        }
    }
}

/// Objects are merged key by key and entries by name; everything else is replaced, and so are objects of which the
/// provider's file says that the provider may.
fn merge(shape: Option<&Shape>, into: &mut Map<String, Value>, change: Map<String, Value>) {
    for (name, new) in change {
        let key = shape.and_then(|shape| shape.key(&name));
        match (into.get_mut(&name), new) {
            (Some(Value::Object(old)), Value::Object(new))
                if !key.is_some_and(|key| key.replaced()) =>
            {
                merge(key.map(|key| &key.inner), old, new);
            }
            (old, Value::Array(new)) => match (old, key.and_then(|key| key.pairs())) {
                (Some(Value::Array(old)), Some(pairs)) => merge_entries(pairs, old, new),
                (_, Some(pairs)) => {
                    let mut entries = Vec::new();
                    merge_entries(pairs, &mut entries, new);
                    into.insert(name, Value::Array(entries));
                }
                (_, None) => {
                    into.insert(name, Value::Array(new));
                }
            },
            (_, new) => {
                into.insert(name, new);
            }
        }
    }
}

fn merge_entries(pairs: &Pairs, into: &mut Vec<Value>, entries: Vec<Value>) {
    let same = |one: &Value, other: &Value| {
        let mut ways = pairs.names.iter();
        ways.any(|way| one.get(&way.key).is_some() && one.get(&way.key) == other.get(&way.key))
    };
    for entry in entries {
        match into.iter_mut().find(|old| same(old, &entry)) {
            Some(old) => *old = entry,
            None => into.push(entry),
        }
    }
}

/// A contact as an answer shows it: without what is hidden, entries under the key that the account uses.
pub(super) fn shown(
    shape: &Shape,
    mut contact: Map<String, Value>,
    hides: &[String],
) -> Map<String, Value> {
    contact.shift_remove(TAGS);
    for hidden in hides {
        contact.shift_remove(hidden);
    }
    rename(shape, &mut contact);
    contact
}

fn rename(shape: &Shape, contact: &mut Map<String, Value>) {
    for (name, key) in shape.keys() {
        let shown_as = key.pairs().map(|pairs| (pairs, pairs.shown_as.as_deref()));
        match (contact.get_mut(name), shown_as) {
            (Some(Value::Array(entries)), Some((pairs, Some(shown_as)))) => {
                for entry in entries.iter_mut().filter_map(Value::as_object_mut) {
                    if let Some(value) = entry.shift_remove(&pairs.value) {
                        entry.insert(shown_as.to_owned(), value);
                    }
                }
            }
            (Some(Value::Object(inner)), None) => rename(&key.inner, inner),
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn object(text: &str) -> Map<String, Value> {
        serde_json::from_str(text).expect("an object")
    }

    #[test]
    fn the_contact_made_first_is_forgotten_when_there_is_no_room() {
        let mut store = Store {
            room: 3 * (BESIDE + 20),
            ..Store::default()
        };
        let shape = Shape::default();
        for id in ["a", "b", "c", "b", "d"] {
            store.change(&shape, id, object(r#"{"name":"Noa"}"#));
            assert!(store.used <= store.room);
        }
        let (_, fresh) = store.change(&shape, "b", object(r#"{"x":1}"#));
        assert!(!fresh);
        let (contact, fresh) = store.change(&shape, "a", object(r#"{"x":1}"#));
        assert!(fresh);
        assert_eq!(contact, object(r#"{"x":1}"#));
    }

    #[test]
    fn one_contact_larger_than_the_room_leaves_nothing_behind() {
        let mut store = Store {
            room: 16,
            ..Store::default()
        };
        store.change(&Shape::default(), "a", object(r#"{"name":"Noa"}"#));
        assert_eq!(
            (store.used, store.contacts.len(), store.order.len()),
            (0, 0, 0)
        );
    }

    #[test]
    fn objects_are_merged_and_lists_replaced() {
        let mut contact = object(r#"{"a":{"b":1,"c":{"d":2}},"l":[1,2]}"#);
        merge(
            None,
            &mut contact,
            object(r#"{"a":{"c":{"e":3},"b":null},"l":[3]}"#),
        );
        assert_eq!(
            contact,
            object(r#"{"a":{"b":null,"c":{"d":2,"e":3}},"l":[3]}"#)
        );
    }
}
