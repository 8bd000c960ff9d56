//! The script of a run: everything that is the same for all contacts, from which every call is written.

use std::cell::RefCell;
use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::Arc;

use bytes::Bytes;
use serde_json::Value;

use super::api::{Api, Auth, AuthScheme, CallSpec};
use super::body::BodyPlan;
use super::call::{Account, Call, Purpose, SECRET, Shown, headers};
use super::finding::{Find, MatchKey, TagWay, Way};
use super::glance::Glance;
pub use super::plan::{Mode, Plan, TagVerb};
use super::template::{Filling, Template, fill_body, parse_body};
use crate::contact::Contact;

/// A call that was taken apart.
#[derive(Debug)]
struct Line<'a> {
    spec: &'a CallSpec,
    path: Template,
    body: Option<Value>,
    purpose: Purpose,
}

/// Everything that is the same for all contacts of a run: from it the calls are written.
#[derive(Debug)]
pub struct Script<'a> {
    /// The provider.
    pub api: &'a Api,
    /// Scheme, host and prefix, without a slash at the end.
    pub base: String,
    /// The way the credential is shown.
    pub auth: &'a Auth,
    /// What a row may do, and where its values go.
    pub plan: Plan,
    account: Account,
    headers: Arc<[(String, String)]>,
    update: Line<'a>,
    read: Option<Line<'a>>,
    create: Option<Line<'a>>,
    upsert: Option<Line<'a>>,
    finds: Vec<(MatchKey, &'a Find, Line<'a>)>,
    tag_read: Option<Line<'a>>,
    /// Whose rows led to whom, where rows know people by something else than their ids.
    taken: RefCell<HashMap<u64, u64>>,
    tag_ways: Vec<(TagVerb, &'a TagWay, Option<Line<'a>>)>,
    /// What is looked at in the answer to a change.
    pub(super) glance: Glance,
    /// Where bodies are written, one after the other.
    draft: RefCell<Vec<u8>>,
}

/// Whose contact it is, among the rows of a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Claim {
    /// The row's own.
    Ours,
    /// A row's that knows it by something else.
    Anothers,
}

fn hash(text: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    text.hash(&mut hasher);
    hasher.finish()
}

impl<'a> Script<'a> {
    /// Prepares the calls of a run.
    ///
    /// # Errors
    ///
    /// Names the placeholder that the provider's file should not have; a file that was loaded has none.
    pub fn new(
        api: &'a Api,
        auth: &'a Auth,
        account: &Account,
        base: &str,
        plan: Plan,
    ) -> Result<Self, String> {
        let line = |spec: &'a CallSpec, purpose| line(spec, account, purpose);
        let ways = [
            (TagVerb::Set, &api.tags.set),
            (TagVerb::Add, &api.tags.add),
            (TagVerb::Remove, &api.tags.remove),
        ];
        let mut tag_ways = Vec::new();
        for (verb, way) in ways {
            if let Some(way) = way {
                tag_ways.push((
                    verb,
                    way,
                    way.call
                        .as_ref()
                        .map(|call| line(call, Purpose::Tag))
                        .transpose()?,
                ));
            }
        }
        let mut finds = Vec::new();
        for (key, find) in &api.find {
            finds.push((*key, find, line(&find.call, Purpose::Find)?));
        }
        Ok(Self {
            api,
            base: base.trim_end_matches('/').to_owned(),
            headers: shown_headers(api, auth),
            auth,
            glance: Glance::at_changes(api, &plan),
            plan,
            update: line(&api.calls.update, Purpose::Change)?,
            read: api
                .calls
                .read
                .as_ref()
                .map(|call| line(call, Purpose::Read))
                .transpose()?,
            create: api
                .calls
                .create
                .as_ref()
                .map(|call| line(call, Purpose::Create))
                .transpose()?,
            upsert: api
                .upsert
                .as_ref()
                .map(|own| line(&own.call, Purpose::Upsert))
                .transpose()?,
            finds,
            tag_read: api
                .tags
                .read
                .as_ref()
                .map(|read| line(&read.call, Purpose::Tag))
                .transpose()?,
            tag_ways,
            account: account.clone(),
            taken: RefCell::default(),
            draft: RefCell::default(),
        })
    }

    /// Takes a contact for what a row knows it by; not so where a row that knows it by something else was first.
    pub fn claim(&self, id: &str, known: &str) -> Claim {
        let owner = *self
            .taken
            .borrow_mut()
            .entry(hash(id))
            .or_insert_with(|| hash(known));
        match owner == hash(known) {
            true => Claim::Ours,
            false => Claim::Anothers,
        }
    }

    /// The change for one contact.
    #[must_use]
    pub fn update(&self, contact: &Contact, id: &str) -> Call {
        self.written(&self.update, &self.plan.update, contact, id)
    }

    /// The new contact, where the provider can be asked for one.
    #[must_use]
    pub fn create(&self, contact: &Contact) -> Option<Call> {
        let line = self.create.as_ref()?;
        Some(self.written(line, &self.plan.create, contact, ""))
    }

    /// The contact changed or made, where the provider can be asked for that.
    #[must_use]
    pub fn upsert(&self, contact: &Contact) -> Option<Call> {
        let line = self.upsert.as_ref()?;
        Some(self.written(line, &self.plan.create, contact, ""))
    }

    /// The change that gives a new contact what it could not be made with, where there is any.
    #[must_use]
    pub fn complete(&self, contact: &Contact, id: &str) -> Option<Call> {
        let call = self.written(&self.update, &self.plan.complete, contact, id);
        (!self.says_nothing(&call)).then_some(call)
    }

    /// Whether a change has nothing in its body.
    #[must_use]
    pub fn says_nothing(&self, change: &Call) -> bool {
        match &self.update.spec.wrap {
            None => change.body.as_ref() == b"{}",
            Some(key) => {
                let empty = format!("{{{}:{{}}}}", Value::from(key.as_str()));
                change.body.as_ref() == empty.as_bytes()
            }
        }
    }

    /// The contact's own part of a change's body.
    pub(super) fn unwrapped<'v>(&self, body: &'v mut Value) -> &'v mut Value {
        match &self.update.spec.wrap {
            Some(key) if body.get(key).is_some() => &mut body[key.as_str()],
            _ => body,
        }
    }

    /// The same change with another body.
    #[must_use]
    pub fn update_with(&self, body: &Value, id: &str) -> Call {
        Call {
            method: self.update.spec.method,
            target: self.update.path.with_id(id),
            body: Bytes::from(body.to_string()),
            repeatable: self.update.spec.repeatable,
            purpose: Purpose::Change,
        }
    }

    /// A look at one contact, where the provider shows one.
    #[must_use]
    pub fn read(&self, id: &str) -> Option<Call> {
        let line = self.read.as_ref()?;
        Some(self.filled(
            line,
            &Filling {
                id,
                ..Filling::default()
            },
        ))
    }

    /// How contacts are found by a key.
    #[must_use]
    pub fn find(&self, key: &str) -> Option<&'a Find> {
        self.finds
            .iter()
            .find(|(own, ..)| own.word() == key)
            .map(|(_, find, _)| *find)
    }

    /// A look for contacts by a value, already written as the call wants it.
    #[must_use]
    pub fn look(&self, key: &str, value: &str, page: u64) -> Option<Call> {
        let (.., line) = self.finds.iter().find(|(own, ..)| own.word() == key)?;
        Some(self.filled(
            line,
            &Filling {
                value,
                page,
                ..Filling::default()
            },
        ))
    }

    /// How tags are changed.
    #[must_use]
    pub fn tag_way(&self, verb: TagVerb) -> Option<Way> {
        self.tag_ways
            .iter()
            .find(|(own, ..)| *own == verb)
            .map(|(_, way, _)| way.way)
    }

    /// A look at a contact's tags.
    #[must_use]
    pub fn read_tags(&self, id: &str) -> Option<Call> {
        let line = self.tag_read.as_ref()?;
        Some(self.filled(
            line,
            &Filling {
                id,
                ..Filling::default()
            },
        ))
    }

    /// A change of tags: of one, or of all that are given.
    #[must_use]
    pub fn change_tags(
        &self,
        verb: TagVerb,
        id: &str,
        value: &str,
        values: &[String],
    ) -> Option<Call> {
        let line = self
            .tag_ways
            .iter()
            .find(|(own, ..)| *own == verb)
            .and_then(|(.., line)| line.as_ref())?;
        Some(self.filled(
            line,
            &Filling {
                id,
                value,
                values,
                page: 1,
            },
        ))
    }

    fn written(&self, line: &Line<'_>, plan: &BodyPlan, contact: &Contact, id: &str) -> Call {
        let mut body = self.draft.borrow_mut();
        body.clear();
        plan.render(contact, line.spec.wrap.as_deref(), &mut body);
        if !line.spec.adds.is_empty() {
            self.add(&line.spec.adds, &mut body);
        }
        Call {
            method: line.spec.method,
            target: line.path.with_id(id),
            body: Bytes::copy_from_slice(&body),
            repeatable: line.spec.repeatable,
            purpose: line.purpose,
        }
    }

    /// Puts what the call adds in front of the contact's fields.
    fn add(&self, adds: &indexmap::IndexMap<String, String>, body: &mut Vec<u8>) {
        let mut front = vec![b'{'];
        for (key, text) in adds {
            let value = fill_body(
                &Value::String(text.clone()),
                &self.account,
                &Filling::default(),
            );
            let entry = format!("{}:{value},", Value::String(key.clone()));
            front.extend_from_slice(entry.as_bytes());
        }
        if body.as_slice() == b"{}" {
            front.pop();
        }
        front.extend_from_slice(&body[1..]);
        *body = front;
    }

    fn filled(&self, line: &Line<'_>, filling: &Filling<'_>) -> Call {
        let body = line
            .body
            .as_ref()
            .map(|body| fill_body(body, &self.account, filling).to_string());
        Call {
            method: line.spec.method,
            target: line.path.fill(filling),
            body: Bytes::from(body.unwrap_or_default()),
            repeatable: line.spec.repeatable || line.spec.method == super::api::Method::Get,
            purpose: line.purpose,
        }
    }

    /// A call as people are shown it.
    #[must_use]
    pub fn show(&self, call: &Call) -> Shown {
        let mut url = String::with_capacity(self.base.len() + call.target.len());
        url.push_str(&self.base);
        url.push_str(&call.target);
        if self.auth.scheme == AuthScheme::Query {
            url.push(if url.contains('?') { '&' } else { '?' });
            url.push_str(&format!("{}={SECRET}", self.auth.name));
        }
        Shown {
            method: call.method.word(),
            url,
            headers: Arc::clone(&self.headers),
            body: call.body.clone(),
        }
    }
}

/// The headers as people are shown them.
fn shown_headers(api: &Api, auth: &Auth) -> Arc<[(String, String)]> {
    let mut headers = headers(api);
    match auth.scheme {
        AuthScheme::Bearer => headers.push(("authorization".into(), format!("Bearer {SECRET}"))),
        AuthScheme::Basic => headers.push(("authorization".into(), format!("Basic {SECRET}"))),
        AuthScheme::Header => headers.push((auth.name.clone(), SECRET.into())),
        AuthScheme::Query => {}
    }
    headers.into()
}

fn line<'a>(spec: &'a CallSpec, account: &Account, purpose: Purpose) -> Result<Line<'a>, String> {
    Ok(Line {
        spec,
        path: Template::parse(spec.path.as_ref())?.for_account(account),
        body: spec
            .body
            .as_ref()
            .map(|body| parse_body(body.as_ref()))
            .transpose()?,
        purpose,
    })
}
