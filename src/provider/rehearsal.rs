//! The calls that a contact will take, as far as they can be known before the first answer: what a dry run shows and counts.

use super::call::{Call, Purpose};
use super::finding::Way;
use super::hits;
use super::labels::{self, wanted};
use super::script::{Mode, Script, TagVerb};
use crate::contact::Contact;

impl Script<'_> {
    /// The calls that a contact will take at most, as far as they can be known before an answer; `{id}` stands for an id
    /// that has to be found first.
    #[must_use]
    pub fn preview(&self, contact: &Contact) -> Vec<Call> {
        let mut calls = Vec::with_capacity(2);
        let native = self.plan.native && contact.id.is_empty();
        if native {
            calls.extend(self.upsert(contact));
        }
        for (key, value) in contact.known_by.iter().filter(|_| !native) {
            // A list that is read once, before the first row, is no row's call.
            let find = self.find(key).filter(|find| find.pages.is_none());
            let look = find.and_then(|find| self.look(key, &hits::sent(find, value), 1));
            calls.extend(look);
        }
        let known = !contact.id.is_empty();
        let id = if known { contact.id.as_str() } else { "{id}" };
        let makes = !known && !native && self.plan.mode != Mode::Update;
        if makes {
            calls.extend(self.create(contact));
        }
        let about_them = calls.len();
        let change = self.update(contact, id);
        let change = match self.plan.mode {
            _ if native => self.complete(contact, id),
            Mode::Create => self.complete(contact, id),
            _ => (!self.says_nothing(&change)).then_some(change),
        };
        let writes = native || makes || change.is_some();
        if let Some(change) = change {
            if !self.plan.kept.is_empty() {
                calls.extend(self.read(id));
            }
            calls.push(change);
        }
        if self.plan.verify && writes {
            calls.extend(self.read(id));
        }
        if !contact.tags.is_empty() {
            calls.extend(self.preview_tags(contact, id));
        }
        if !known {
            for call in &mut calls[about_them..] {
                call.target = call.target.replace("%7Bid%7D", "{id}");
            }
        }
        calls
    }

    /// The change among these calls of a preview, where a conversation would write just the same: with a contact whose id the
    /// row names.
    #[must_use]
    pub fn change_among(&self, contact: &Contact, calls: Vec<Call>) -> Option<Call> {
        let same = !contact.id.is_empty() && self.plan.mode != Mode::Create;
        let mut changes = calls
            .into_iter()
            .filter(|call| same && call.purpose == Purpose::Change);
        changes.next()
    }

    /// Whether a change of tags is merged with those that a contact has, which only an answer tells.
    #[must_use]
    pub fn merges_tags(&self, verb: TagVerb) -> bool {
        verb != TagVerb::Set && self.tag_way(verb) == Some(Way::Merge)
    }

    /// The calls that a change of tags takes at most; what is merged with the tags that are there is shown without them.
    fn preview_tags(&self, contact: &Contact, id: &str) -> Vec<Call> {
        let mut reads = None;
        let mut calls = Vec::new();
        let mut merged: Option<(TagVerb, Vec<String>)> = None;
        for (verb, values) in wanted(&contact.tags) {
            match self.tag_way(verb) {
                None | Some(Way::Field) => {}
                Some(Way::Together) => calls.extend(self.change_tags(verb, id, "", values)),
                Some(Way::Merge) => {
                    reads = self.read_tags(id);
                    let (_, list) = merged.get_or_insert_with(|| (verb, Vec::new()));
                    labels::merge(verb, values, list);
                }
                Some(Way::Each) => {
                    reads = self.read_tags(id);
                    calls.extend(
                        values
                            .iter()
                            .filter_map(|tag| self.change_tags(verb, id, tag, &[])),
                    );
                }
            }
        }
        if let Some((verb, mut list)) = merged {
            labels::spell(&self.api.tags, &[], &mut list);
            calls.extend(self.change_tags(verb, id, "", &list));
        }
        reads.into_iter().chain(calls).collect()
    }
}
