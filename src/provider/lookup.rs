//! The search for one contact by what it is known by: which key is looked for next, who was found, and whether the keys
//! speak of one person.

use serde_json::Value;

use super::call::Call;
use super::finding::MatchKey;
use super::hits;
use super::script::Script;
use crate::contact::Contact;

/// A search under way.
#[derive(Debug, Default)]
pub(super) struct Lookup {
    /// The key looked for now, by its place in the contact's list.
    at: Option<usize>,
    page: u64,
    found: Vec<String>,
    /// By which keys somebody was found.
    pub(super) by: Vec<&'static str>,
    /// The status of the answer that left it open whether a contact was made.
    pub(super) status: Option<u16>,
    /// Whether an earlier run asked for this contact to be made and never heard an answer.
    pub(super) in_doubt: bool,
    /// Everybody whom the account's whole list shows.
    pub(super) listed: Option<Vec<String>>,
}

/// Whether there is more to look for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Seen {
    /// Another call.
    More,
    /// Everything was looked for.
    All,
}

impl Lookup {
    /// Starts, or starts again.
    pub(super) fn begin(&mut self) {
        if let Some(listed) = &self.listed {
            self.at = Some(0);
            self.found.clone_from(listed);
            self.by = vec!["the account's list"];
            return;
        }
        self.at = Some(0);
        self.page = 1;
        self.found.clear();
        self.by.clear();
    }

    /// Whether there is nothing to ask for, because the whole list is known.
    pub(super) fn is_listed(&self) -> bool {
        self.listed.is_some()
    }

    pub(super) fn has_begun(&self) -> bool {
        self.at.is_some()
    }

    /// Those who were found, each once.
    pub(super) fn ids(&self) -> &[String] {
        &self.found
    }

    /// The call for the key looked for now.
    pub(super) fn call(&self, script: &Script<'_>, contact: &Contact) -> Option<Call> {
        let (key, value) = contact.known_by.get(self.at?)?;
        let find = script.find(key)?;
        script.look(key, &hits::sent(find, value), self.page)
    }

    /// Takes what was found for the key looked for now.
    pub(super) fn see(&mut self, script: &Script<'_>, contact: &Contact, body: &Value) -> Seen {
        let Some((word, value)) = self.at.and_then(|at| contact.known_by.get(at)) else {
            return Seen::All;
        };
        let (Some(find), Some(key)) = (script.find(word), key(word)) else {
            return Seen::All;
        };
        let ids = hits::ids(find, key, value, body);
        if !ids.is_empty() && !self.by.contains(word) {
            self.by.push(word);
        }
        for id in ids {
            if !self.found.contains(&id) {
                self.found.push(id);
            }
        }
        let pages = find
            .pages
            .as_deref()
            .and_then(|path| super::path::at(body, path))
            .and_then(Value::as_u64);
        if pages.is_some_and(|pages| self.page < pages) {
            self.page += 1;
            return Seen::More;
        }
        self.page = 1;
        let last = self
            .found
            .first()
            .filter(|_| self.found.len() == 1)
            .cloned();
        // A later key need not be asked for where the one who was found shows it already.
        let mut at = self.at.map_or(0, |at| at + 1);
        while let (Some(id), Some((word, value))) = (&last, contact.known_by.get(at)) {
            let shown = match (script.find(word), self::key(word)) {
                (Some(other), Some(key)) => {
                    hits::shows(other, find, body, id).is_some_and(|values| {
                        values
                            .iter()
                            .any(|own| hits::folded(key, own) == hits::folded(key, value))
                    })
                }
                _ => false,
            };
            if !shown {
                break;
            }
            at += 1;
        }
        self.at = Some(at);
        match at < contact.known_by.len() && self.found.len() < 2 {
            true => Seen::More,
            false => Seen::All,
        }
    }
}

fn key(word: &str) -> Option<MatchKey> {
    MatchKey::WORDS
        .iter()
        .find(|(own, _)| *own == word)
        .map(|(_, key)| *key)
}
