//! The form of a body: the provider's dotted field names as the tree of keys that they stand for.
//!
//! Made once per stand-in. Must never look at a value.

use indexmap::IndexMap;

use crate::provider::api::Api;
use crate::provider::fields::{CustomFields, Field, FieldKind, Keys, Pairs};

/// The keys of one object.
#[derive(Debug, Default)]
pub(super) struct Shape {
    /// Whether keys that are not named here are the account's own and may hold anything.
    pub(super) open: bool,
    keys: IndexMap<String, Key>,
}

/// One key of an object.
#[derive(Debug, Default)]
pub(super) struct Key {
    /// What the provider's file says about it; nothing for an object that is only named on the way to its keys.
    pub(super) field: Option<Field>,
    /// Whether the file says that the provider refuses or drops it.
    pub(super) refused: bool,
    /// Its own keys, where it is an object.
    pub(super) inner: Shape,
}

impl Shape {
    /// The form of a change's body.
    pub(super) fn new(api: &Api) -> Self {
        let beside = |own: &CustomFields| own.into.as_ref().is_empty();
        let mut root = Self {
            open: api.custom_fields.as_ref().is_some_and(beside),
            keys: IndexMap::new(),
        };
        for (name, field) in &api.fields {
            let key = root.reach(name);
            key.inner.open = field.kind == FieldKind::Object && field.keys == Keys::Any;
            key.field = Some(field.clone());
        }
        for name in api.refused.keys() {
            root.refuse(name);
        }
        root
    }

    /// A key by its name.
    pub(super) fn key(&self, name: &str) -> Option<&Key> {
        self.keys.get(name)
    }

    /// All keys with their names.
    pub(super) fn keys(&self) -> impl Iterator<Item = (&str, &Key)> {
        self.keys.iter().map(|(name, key)| (name.as_str(), key))
    }

    fn reach(&mut self, dotted: &str) -> &mut Key {
        let (first, rest) = match dotted.split_once('.') {
            Some((first, rest)) => (first, Some(rest)),
            None => (dotted, None),
        };
        let key = self.keys.entry(first.to_owned()).or_default();
        match rest {
            Some(rest) => key.inner.reach(rest),
            None => key,
        }
    }

    /// Notes a refused name, which matters where its object is open; elsewhere it is unknown already.
    fn refuse(&mut self, dotted: &str) {
        match dotted.split_once('.') {
            Some((first, rest)) => {
                if let Some(key) = self.keys.get_mut(first) {
                    key.inner.refuse(rest);
                }
            }
            None => {
                let refused = || Key {
                    refused: true,
                    ..Key::default()
                };
                self.keys.entry(dotted.to_owned()).or_insert_with(refused);
            }
        }
    }
}

impl Key {
    /// How a list of name–value objects is written, where the key holds one.
    pub(super) fn pairs(&self) -> Option<&Pairs> {
        let field = self.field.as_ref()?;
        match field.kind {
            FieldKind::Pairs => field.pairs.as_ref(),
            _ => None,
        }
    }

    /// Whether a change replaces the whole object.
    pub(super) fn replaced(&self) -> bool {
        self.field.as_ref().is_some_and(|field| field.keep)
    }

    /// Whether it holds an object.
    pub(super) fn is_object(&self) -> bool {
        self.field
            .as_ref()
            .is_none_or(|field| field.kind == FieldKind::Object)
    }
}
