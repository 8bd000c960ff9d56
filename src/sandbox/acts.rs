//! What each call of a provider does to the account of the stand-in, and what there is to be told about it.
//!
//! One more call is one more [`Act`]. Must never look at a credential, a limit or a header.

use std::sync::Arc;

use percent_encoding::percent_decode_str;
use serde_json::{Map, Value};

use super::account::{contact_id, shown_id};
use super::check::{Fault, check, unknown};
use super::routes::{Act, Defines, Heard};
use super::says::{Filling, fill};
use super::stage::Stage;
use super::store::shown;
use crate::provider::api::CallSpec;
use crate::provider::script::TagVerb;
use crate::provider::stand_in::When;

impl Stage {
    /// Plays a call.
    pub(super) fn act(&mut self, heard: &Heard, body: Option<&[u8]>) -> (When, Filling) {
        match heard.acts.first() {
            Some(Act::Create) => self.create(body),
            Some(Act::Upsert) => self.upsert(body),
            Some(Act::Find(first)) => self.find(*first, heard),
            Some(Act::List(defines)) => self.list(*defines, heard.page),
            Some(Act::Ping) | None => (When::Ping, Filling::default()),
            Some(act) => {
                let Some(id) = contact_id(self.api.id, &heard.id) else {
                    return (When::NotFound, nobody(&heard.id));
                };
                match act {
                    Act::Read => (When::Read, self.told(&id)),
                    Act::Tags => (When::Tags, self.tags_told(&id)),
                    Act::Tag(verb) => self.tag(*verb, &id, heard),
                    _ => self.update(&id, body),
                }
            }
        }
    }

    fn update(&mut self, id: &str, body: Option<&[u8]>) -> (When, Filling) {
        let api = Arc::clone(&self.api);
        let change = self.change(&api.calls.update, body);
        match change.and_then(|change| self.take(id, change)) {
            Ok(()) => (When::Updated, self.told(id)),
            Err(fault) => self.refuse(id, fault),
        }
    }

    fn create(&mut self, body: Option<&[u8]>) -> (When, Filling) {
        let api = Arc::clone(&self.api);
        let Some(call) = &api.calls.create else {
            return (When::NoPath, Filling::default());
        };
        let store = &self.store;
        let id = self.counter.next(api.id, |id| store.get(id).is_some());
        let change = self.change(call, body);
        match change.and_then(|change| self.take(&id, change)) {
            Ok(()) => (When::Created, self.told(&id)),
            Err(fault) => self.refuse(&id, fault),
        }
    }

    /// Changes whoever has what the body says, by the first way in which somebody is found, or makes them. What a third one
    /// has stays theirs and is dropped without a word.
    fn upsert(&mut self, body: Option<&[u8]>) -> (When, Filling) {
        let api = Arc::clone(&self.api);
        let Some(own) = &api.upsert else {
            return (When::NoPath, Filling::default());
        };
        let mut change = match self.change(&own.call, body) {
            Ok(change) => change,
            Err(fault) => return self.refuse("", fault),
        };
        let there = self.store.index().taken("", &change);
        let there = there.map(|(_, id)| id.to_string());
        let store = &self.store;
        let id = there.unwrap_or_else(|| self.counter.next(api.id, |id| store.get(id).is_some()));
        while let Some((field, _)) = self.store.index().taken(&id, &change) {
            let field = field.to_owned();
            if change.shift_remove(&field).is_none() {
                break;
            }
        }
        self.tagging.settle(&mut change);
        let (_, fresh) = self.store.change(&self.shape, &id, change);
        self.tally.contacts += u64::from(fresh);
        let told = Filling {
            new: fresh,
            ..self.told(&id)
        };
        (When::Upserted, told)
    }

    /// Stores what a contact is to have, where nobody else may not have it already.
    fn take(&mut self, id: &str, mut change: Map<String, Value>) -> Result<(), Fault> {
        self.tagging.settle(&mut change);
        if self.answers.has(When::Duplicate)
            && let Some((field, existing)) = self.store.index().taken(id, &change)
        {
            return Err(Fault {
                when: When::Duplicate,
                field: field.to_owned(),
                wanted: existing.to_string(),
            });
        }
        let (_, fresh) = self.store.change(&self.shape, id, change);
        self.tally.contacts += u64::from(fresh);
        Ok(())
    }

    fn refuse(&self, id: &str, fault: Fault) -> (When, Filling) {
        let mut filling = Filling {
            id: shown_id(self.api.id, id),
            field: fault.field,
            ..Filling::default()
        };
        match fault.when {
            When::Duplicate => filling.existing = shown_id(self.api.id, &fault.wanted),
            _ => filling.wanted = fault.wanted,
        }
        (fault.when, filling)
    }

    fn find(&self, first: usize, heard: &Heard) -> (When, Filling) {
        let ways: Vec<usize> = heard
            .acts
            .iter()
            .filter_map(|act| match act {
                Act::Find(at) => Some(*at),
                _ => None,
            })
            .collect();
        let size = self.api.sandbox.page.max(1);
        let way = self.api.find.values().nth(first);
        let whole = way.is_some_and(|find| find.pages.is_some());
        let page = heard.page.unwrap_or(1);
        let (found, count) = match whole {
            true => (self.store.page(page, size), self.store.len()),
            false => {
                let sandbox = &self.api.sandbox;
                let found = self.store.index().find(&ways, &heard.value, sandbox.search);
                let count = found.len();
                // Without pages there is no way to ask for the rest.
                let most = if heard.page.is_some() { size } else { count };
                (found.into_iter().take(most).collect(), count)
            }
        };
        let hit = match self.api.sandbox.hit.as_str() {
            "" => self.plain.hits.get(first).map_or("", String::as_str),
            own => own,
        };
        let hits: Vec<String> = found
            .iter()
            .map(|id| fill(hit, &self.told(id), true))
            .collect();
        let filling = Filling {
            contact: hits.first().cloned().unwrap_or_else(|| "null".to_owned()),
            contacts: format!("[{}]", hits.join(",")),
            counts: [page, count.div_ceil(size) as u64, count as u64],
            plain: self.plain.found.get(first).cloned().unwrap_or_default(),
            ..Filling::default()
        };
        (When::Found, filling)
    }

    fn list(&self, defines: Defines, page: Option<u64>) -> (When, Filling) {
        let (when, all) = match defines {
            Defines::CustomFields => (When::CustomFields, self.defined.custom_fields.clone()),
            Defines::Tags => {
                let tags = self.defined.tags.iter().map(|tag| tag.shown.clone());
                (When::AccountTags, tags.collect())
            }
            Defines::Channels => (When::Channels, self.defined.channels.clone()),
        };
        // All of them fit on the first page.
        let shown = match page {
            None | Some(0 | 1) => all,
            Some(_) => Vec::new(),
        };
        let filling = Filling {
            counts: [page.unwrap_or(1), 1, shown.len() as u64],
            list: Value::Array(shown).to_string(),
            plain: self.plain.list(defines).to_owned(),
            ..Filling::default()
        };
        (when, filling)
    }

    fn tag(&mut self, verb: TagVerb, id: &str, heard: &Heard) -> (When, Filling) {
        let before = self.store.get(id).unwrap_or_default();
        let Some(change) = self.tagging.change(verb, &before, heard, &self.defined) else {
            return (When::NotFound, nobody(&heard.value));
        };
        let (_, fresh) = self.store.change(&self.shape, id, change);
        self.tally.contacts += u64::from(fresh);
        (When::Tagged, self.tags_told(id))
    }

    fn tags_told(&self, id: &str) -> Filling {
        Filling {
            plain: self.plain.tags.clone(),
            ..self.told(id)
        }
    }

    /// A contact as an answer tells about it; one of which nothing is known is empty.
    fn told(&self, id: &str) -> Filling {
        let contact = self.store.get(id).unwrap_or_default();
        let tags = self.tagging.shown(&contact, &self.defined);
        let mut fields = shown(&self.shape, contact, &self.api.sandbox.hides);
        if let Some(key) = self.tagging.shown_at() {
            fields.insert(key.to_owned(), tags.clone());
        }
        fields.shift_remove("id");
        let own = shown_id(self.api.id, id);
        let mut whole = Map::new();
        if !self.api.sandbox.hides.iter().any(|hidden| hidden == "id") {
            whole.insert("id".to_owned(), own.clone());
        }
        whole.extend(fields.clone());
        Filling {
            contact: Value::Object(whole).to_string(),
            fields: Value::Object(fields).to_string(),
            id: own,
            tags: tags.to_string(),
            plain: self.plain.contact.clone(),
            ..Filling::default()
        }
    }

    /// The body's own object, out of its wrapping and without what the call adds and what the provider drops. Faults name
    /// a field as a mapping does, without the wrapping.
    fn change(&self, call: &CallSpec, body: Option<&[u8]>) -> Result<Map<String, Value>, Fault> {
        let rule = self.api.sandbox.unknown_key;
        let bad = || Fault {
            when: When::BadJson,
            field: String::new(),
            wanted: String::new(),
        };
        let mut body: Map<String, Value> =
            serde_json::from_slice(body.ok_or_else(bad)?).map_err(|_| bad())?;
        for (key, text) in &call.adds {
            let added = body.shift_remove(key);
            let added = added.as_ref().and_then(Value::as_str).unwrap_or_default();
            match text.starts_with('{') {
                true if added.is_empty() => return Err(Fault::wanted(key.clone(), "a string")),
                false if added != text => return Err(Fault::wanted(key.clone(), text)),
                _ => {}
            }
        }
        let Some(wrap) = call.wrap.as_deref() else {
            check(&self.shape, &mut body, "", rule)?;
            return Ok(body);
        };
        for name in body.keys().filter(|name| *name != wrap) {
            unknown(rule, name.clone())?;
        }
        match body.shift_remove(wrap) {
            Some(Value::Object(mut inner)) => {
                check(&self.shape, &mut inner, "", rule)?;
                Ok(inner)
            }
            _ => Err(Fault::wanted(wrap.to_owned(), "an object")),
        }
    }
}

fn nobody(segment: &str) -> Filling {
    Filling {
        id: Value::from(percent_decode_str(segment).decode_utf8_lossy()),
        ..Filling::default()
    }
}
