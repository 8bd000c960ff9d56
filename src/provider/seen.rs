//! What was seen of an answer to a change, held against what was sent: text by text, because an account mostly shows what
//! it was given just as it was given.

use std::collections::BTreeMap;

use serde_json::value::RawValue;
use serde_json::{Map, Value};

use super::api::Api;
use super::kept::{self, Kept};

/// What was seen of an answer.
#[derive(Debug)]
pub(super) struct Seen<'g, 't> {
    /// The fields that may be sent.
    pub(super) fields: &'g [String],
    /// What is looked at.
    pub(super) value: Value,
    /// The texts of the fields, for every place at which an answer may show a contact.
    pub(super) texts: Vec<Option<&'t RawValue>>,
}

impl Seen<'_, '_> {
    /// Whether nothing that is shown of the contact with this id speaks against the body that was sent.
    ///
    /// A no is no more than a doubt: [`kept::judge`] says whether there is something to it.
    pub(super) fn agrees(&self, api: &Api, contact_id: &str, sent: &[u8]) -> bool {
        let Some((place, shown)) = kept::shown(api, contact_id, &self.value) else {
            return true;
        };
        let texts = self.texts.get(place * self.fields.len()..);
        let texts = self.fields.iter().zip(texts.unwrap_or_default());
        fields_of(api, sent).is_some_and(|sent| {
            sent.iter().all(|(key, value)| {
                let text = texts.clone().find(|(own, _)| own == key);
                match (text.and_then(|(_, text)| *text), shown.get(*key)) {
                    (Some(text), _) if text.get() == value.get() => true,
                    (Some(text), _) => {
                        serde_json::from_str(text.get()).is_ok_and(|own| same(api, key, value, own))
                    }
                    // Looked at for another reason as well.
                    (None, Some(own)) => same(api, key, value, own.clone()),
                    (None, None) => true,
                }
            })
        })
    }
}

/// The fields that a body says something about, without its wrapper.
fn fields_of<'t>(api: &Api, sent: &'t [u8]) -> Option<BTreeMap<&'t str, &'t RawValue>> {
    let sent: BTreeMap<&str, &RawValue> = serde_json::from_slice(sent).ok()?;
    let wrap = api.calls.update.wrap.as_deref();
    match wrap.and_then(|key| sent.get(key)) {
        Some(inner) => serde_json::from_str(inner.get()).ok(),
        None => Some(sent),
    }
}

fn same(api: &Api, key: &str, sent: &RawValue, shown: Value) -> bool {
    let only = |value: Value| Map::from_iter([(key.to_owned(), value)]);
    let Ok(sent) = serde_json::from_str(sent.get()) else {
        return false;
    };
    let kept = kept::compare(api, &only(sent), &only(shown));
    !matches!(kept, Kept::Not { .. })
}
