//! The change of one contact's tags, call by call, in whatever way the provider has for it.

use std::collections::{HashSet, VecDeque};

use serde_json::Value;

use super::call::Call;
use super::finding::{Tags, Way};
use super::path::at;
use super::reply::plain;
use super::script::{Script, TagVerb};
use crate::contact::TagChange;

/// A change of tags under way.
#[derive(Debug, Default)]
pub(super) struct Labels {
    begun: bool,
    /// What is to be done: set all, add some, take some away.
    wanted: Vec<(TagVerb, Way, Vec<String>)>,
    /// What the contact has, where that was read.
    there: Option<Vec<String>>,
    queue: Option<VecDeque<(TagVerb, String, Vec<String>)>>,
}

/// What a change of tags asks for; to have no tags at all is something, too.
pub(super) fn wanted(change: &TagChange) -> impl Iterator<Item = (TagVerb, &[String])> {
    let set = change.set.as_deref().map(|tags| (TagVerb::Set, tags));
    let others = [
        (TagVerb::Remove, &change.remove[..]),
        (TagVerb::Add, &change.add[..]),
    ];
    let others = others.into_iter().filter(|(_, tags)| !tags.is_empty());
    set.into_iter().chain(others)
}

impl Labels {
    pub(super) fn is_begun(&self) -> bool {
        self.begun
    }

    /// Notes what is to be done; tags that travel with the fields are done already.
    pub(super) fn begin(&mut self, script: &Script<'_>, change: &TagChange) {
        self.begun = true;
        for (verb, tags) in wanted(change) {
            match script.tag_way(verb) {
                Some(Way::Field) | None => {}
                Some(way) => self.wanted.push((verb, way, tags.to_vec())),
            }
        }
    }

    /// Whether it still has to be found out which tags there are.
    pub(super) fn needs_reading(&self) -> bool {
        let reads = |(verb, way, _): &(TagVerb, Way, Vec<String>)| match way {
            Way::Merge => *verb != TagVerb::Set,
            Way::Each => true,
            Way::Field | Way::Together => false,
        };
        self.there.is_none() && self.wanted.iter().any(reads)
    }

    /// Takes the tags that there are; false where the answer shows no list of them, so that nothing may be merged with it.
    #[must_use]
    pub(super) fn read(&mut self, script: &Script<'_>, answer: &Value) -> bool {
        let tags = &script.api.tags;
        let list = tags.read.as_ref().map(|read| read.list.as_str());
        self.there = list.and_then(|path| listed(tags, answer, path));
        self.there.is_some()
    }

    /// Takes the tags that there are, where the answer to a change happens to show them.
    pub(super) fn note(&mut self, script: &Script<'_>, answer: &Value) {
        let tags = &script.api.tags;
        if let Some(path) = &tags.shown {
            self.there = listed(tags, answer, path);
        }
    }

    /// The next call, if one is needed.
    pub(super) fn next(&mut self, script: &Script<'_>, id: &str) -> Option<Call> {
        if self.queue.is_none() {
            self.queue = Some(self.plan(script));
        }
        let (verb, value, values) = self.queue.as_mut()?.pop_front()?;
        script.change_tags(verb, id, &value, &values)
    }

    fn plan(&self, script: &Script<'_>) -> VecDeque<(TagVerb, String, Vec<String>)> {
        let there: Vec<String> = self.there.clone().unwrap_or_default();
        let have: HashSet<String> = there.iter().map(|tag| fold(tag)).collect();
        let mut queue = VecDeque::new();
        let mut merged: Option<Vec<String>> = None;
        for (verb, way, tags) in &self.wanted {
            let named: Vec<(String, String)> =
                tags.iter().map(|tag| (fold(tag), tag.clone())).collect();
            match way {
                Way::Field => {}
                Way::Together => {
                    let missing = |tag: &&String| match verb {
                        _ if self.there.is_none() => true,
                        TagVerb::Set => true,
                        TagVerb::Add => !have.contains(&fold(tag)),
                        TagVerb::Remove => have.contains(&fold(tag)),
                    };
                    let tags: Vec<String> = tags.iter().filter(missing).cloned().collect();
                    if *verb == TagVerb::Set || !tags.is_empty() {
                        queue.push_back((*verb, String::new(), tags));
                    }
                }
                Way::Each => each(*verb, &named, &have, script, &mut queue),
                Way::Merge => merge(*verb, tags, merged.get_or_insert_with(|| there.clone())),
            }
        }
        if let Some(mut list) = merged {
            spell(&script.api.tags, &there, &mut list);
            let same = self.there.is_some()
                && list.len() == there.len()
                && list.iter().all(|tag| have.contains(&fold(tag)));
            let verb = self.wanted.first().map_or(TagVerb::Set, |(verb, ..)| *verb);
            if !same {
                queue.push_back((verb, String::new(), list));
            }
        }
        queue
    }
}

/// What makes two spellings one tag.
fn fold(tag: &str) -> String {
    tag.trim().to_lowercase()
}

/// Does to a list of tags what was asked for.
pub(super) fn merge(verb: TagVerb, tags: &[String], list: &mut Vec<String>) {
    let is_in = |tag: &str, list: &[String]| list.iter().any(|own| fold(own) == fold(tag));
    match verb {
        TagVerb::Set => tags.clone_into(list),
        TagVerb::Remove => list.retain(|own| !is_in(own, tags)),
        TagVerb::Add => {
            for tag in tags {
                if !is_in(tag, list) {
                    list.push(tag.clone());
                }
            }
        }
    }
}

/// Writes tags as the provider has them; those that are there stay as they are.
pub(super) fn spell(tags: &Tags, there: &[String], list: &mut [String]) {
    if tags.lower_case {
        let new = list.iter_mut().filter(|tag| !there.contains(tag));
        new.for_each(|tag| *tag = fold(tag));
    }
}

/// The tags at a path, by their names or ids; nothing where no list stands there.
fn listed(tags: &Tags, answer: &Value, path: &str) -> Option<Vec<String>> {
    let list = match path {
        "" => Some(answer),
        path => at(answer, path),
    };
    let entries: &[Value] = match list? {
        Value::Array(list) => list,
        Value::Null => &[],
        _ => return None,
    };
    let place = tags.read.as_ref().map_or("", |read| read.name.as_str());
    let name = |entry: &Value| match place {
        "" => Some(plain(entry)),
        path => at(entry, path).map(plain),
    };
    Some(entries.iter().filter_map(name).collect())
}

/// One call a tag, by its id; what is there already is not added, and what is not there is not taken away.
fn each(
    verb: TagVerb,
    named: &[(String, String)],
    have: &HashSet<String>,
    script: &Script<'_>,
    queue: &mut VecDeque<(TagVerb, String, Vec<String>)>,
) {
    let ids = &script.plan.tag_ids;
    let known = |tag: &str, id: &str| have.contains(tag) || have.contains(&id.to_lowercase());
    for (tag, written) in named {
        // An account that does not say which tags it has knows them by their names.
        let id = ids.get(tag).unwrap_or(written).clone();
        match (verb, known(tag, &id)) {
            (TagVerb::Add | TagVerb::Set, false) => queue.push_back((TagVerb::Add, id, Vec::new())),
            (TagVerb::Remove, true) => queue.push_back((TagVerb::Remove, id, Vec::new())),
            _ => {}
        }
    }
    if verb == TagVerb::Set {
        for (name, id) in &script.plan.tag_ids {
            if known(name, id) && !named.iter().any(|(tag, _)| tag == name) {
                queue.push_back((TagVerb::Remove, id.clone(), Vec::new()));
            }
        }
    }
}
