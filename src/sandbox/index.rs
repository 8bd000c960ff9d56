//! By what the account's contacts are found, as the provider compares: whole values, parts of them, or with wildcards.
//!
//! Must never hold more than what the contacts say, and forgets what they no longer say.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde_json::{Map, Value};

use super::defined::Defined;
use super::paths::texts;
use crate::provider::api::Api;
use crate::provider::fields::Pairs;
use crate::provider::finding::{Find, MatchKey};
use crate::provider::hits::folded;
use crate::provider::stand_in::Search;

/// By what contacts are found: one part for each way in the provider's file, in its order.
#[derive(Debug, Default)]
pub(super) struct Index(Vec<Part>);

#[derive(Debug)]
struct Part {
    key: MatchKey,
    /// The field that must differ between contacts where the provider refuses duplicates.
    field: Option<String>,
    place: Place,
    ids: BTreeMap<String, Vec<Arc<str>>>,
}

/// Where a contact holds what it is found by.
#[derive(Debug)]
enum Place {
    /// At the first of these paths that leads somewhere.
    Paths(Vec<String>),
    /// In a list of name–value objects, in the entries with this name or in all.
    Entries {
        path: String,
        pairs: Pairs,
        name: Option<String>,
    },
}

impl Index {
    /// Reads from the provider's file by what contacts are found.
    pub(super) fn new(api: &Api, defined: &Defined) -> Self {
        let parts = api.find.iter().map(|(key, find)| Part {
            key: *key,
            field: find.field.clone(),
            place: place(api, find, defined),
            ids: BTreeMap::new(),
        });
        Self(parts.collect())
    }

    /// Notes what a contact says.
    pub(super) fn note(&mut self, id: &Arc<str>, contact: &Map<String, Value>) {
        for part in &mut self.0 {
            for value in part.values(contact) {
                let own = part.ids.entry(value).or_default();
                if !own.contains(id) {
                    own.push(Arc::clone(id));
                }
            }
        }
    }

    /// Forgets what a contact said.
    pub(super) fn forget(&mut self, id: &str, contact: &Map<String, Value>) {
        for part in &mut self.0 {
            for value in part.values(contact) {
                if let Some(ids) = part.ids.get_mut(&value) {
                    ids.retain(|own| **own != *id);
                    if ids.is_empty() {
                        part.ids.remove(&value);
                    }
                }
            }
        }
    }

    /// Everybody who is found by one of the ways, each once.
    pub(super) fn find(&self, ways: &[usize], value: &str, search: Search) -> Vec<Arc<str>> {
        let mut found: Vec<Arc<str>> = Vec::new();
        for part in ways.iter().filter_map(|at| self.0.get(*at)) {
            for id in part.find(value, search) {
                if !found.contains(id) {
                    found.push(Arc::clone(id));
                }
            }
        }
        found
    }

    /// The first field in which a contact would have what another one has already, and who that is.
    pub(super) fn taken(&self, id: &str, contact: &Map<String, Value>) -> Option<(&str, Arc<str>)> {
        self.0.iter().find_map(|part| {
            let field = part.field.as_deref()?;
            let values = part.values(contact);
            let mut others = values.iter().filter_map(|value| part.ids.get(value));
            let other = others.find_map(|ids| ids.iter().find(|own| ***own != *id))?;
            Some((field, Arc::clone(other)))
        })
    }
}

impl Part {
    fn values(&self, contact: &Map<String, Value>) -> Vec<String> {
        let found = match &self.place {
            Place::Paths(paths) => {
                let at = |path: &String| {
                    let (key, rest) = path.split_once('.').unwrap_or((path, ""));
                    let found = texts(contact.get(key)?, rest);
                    (!found.is_empty()).then_some(found)
                };
                paths.iter().find_map(at).unwrap_or_default()
            }
            Place::Entries { path, pairs, name } => {
                let named = |entry: &&Value| match name {
                    Some(name) => pairs.names.iter().any(|way| {
                        entry.get(&way.key).and_then(Value::as_str) == Some(name.as_str())
                    }),
                    None => true,
                };
                let entries = contact.get(path).and_then(Value::as_array);
                let entries = entries.into_iter().flatten().filter(named);
                entries
                    .flat_map(|entry| texts(entry, &pairs.value))
                    .collect()
            }
        };
        let mut values: Vec<String> = found.iter().map(|own| folded(self.key, own)).collect();
        values.retain(|value| !value.is_empty());
        values.dedup();
        values
    }

    fn find<'a>(
        &'a self,
        value: &str,
        search: Search,
    ) -> Box<dyn Iterator<Item = &'a Arc<str>> + 'a> {
        let folded = |text: &str| folded(self.key, text);
        if self.key == MatchKey::Phone && value.contains(char::is_alphabetic) {
            // The digits in an e-mail address are no phone.
            return Box::new(std::iter::empty());
        }
        match search {
            Search::Wildcard if value.contains('*') => {
                let pieces: Vec<String> = value.split('*').map(folded).collect();
                let fits = move |own: &str| like(&pieces, own);
                let all = self.ids.iter().filter(move |(own, _)| fits(own));
                Box::new(all.flat_map(|(_, ids)| ids))
            }
            Search::Exact | Search::Wildcard => {
                Box::new(self.ids.get(&folded(value)).into_iter().flatten())
            }
            Search::Substring => {
                let part = folded(value);
                let fits = move |own: &str| !part.is_empty() && own.contains(&part);
                let all = self.ids.iter().filter(move |(own, _)| fits(own));
                Box::new(all.flat_map(|(_, ids)| ids))
            }
        }
    }
}

/// Whether a text has these pieces in this order, the first at its start and the last at its end.
fn like(pieces: &[String], text: &str) -> bool {
    let [first, middle @ .., last] = pieces else {
        return false;
    };
    let Some(rest) = text.strip_prefix(first.as_str()) else {
        return false;
    };
    let Some(mut rest) = rest.strip_suffix(last.as_str()) else {
        return false;
    };
    middle.iter().all(|piece| match rest.split_once(piece) {
        Some((_, after)) => {
            rest = after;
            true
        }
        None => false,
    })
}

fn place(api: &Api, find: &Find, defined: &Defined) -> Place {
    let field = find.field.as_deref().unwrap_or_default();
    if let Some(pairs) = api.fields.get(field).and_then(|own| own.pairs.as_ref()) {
        return Place::Entries {
            path: field.to_owned(),
            pairs: pairs.clone(),
            name: find.entry.as_deref().map(|name| {
                // A name that the account does not define is an entry's own.
                defined.channel(name).unwrap_or(name).to_owned()
            }),
        };
    }
    if !field.is_empty() {
        return Place::Paths(vec![field.to_owned()]);
    }
    // A hit may wrap what it shows, so that the end of a path is the field.
    let ends = |path: &str| -> Vec<String> {
        let starts = path.match_indices('.').map(|(at, _)| at + 1);
        std::iter::once(0)
            .chain(starts)
            .map(|at| path[at..].to_owned())
            .collect()
    };
    Place::Paths(find.same.iter().flat_map(|path| ends(path)).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wildcards_stand_for_any_text() {
        let fits = |pattern: &str, text| {
            let pieces: Vec<String> = pattern.split('*').map(str::to_owned).collect();
            like(&pieces, text)
        };
        assert!(
            fits("a*", "abc") && fits("*c", "abc") && fits("*b*", "abc") && fits("a*b*c", "abc")
        );
        assert!(fits("*", "") && fits("a*a", "aa"));
        assert!(!fits("a*a", "a") && !fits("b*", "abc") && !fits("a*d*c", "abc"));
    }
}
