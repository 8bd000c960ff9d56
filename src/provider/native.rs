//! The provider's own upsert, for a mapping that asks for it: one call that changes a contact or makes it.
//!
//! It looks for nobody first, so it knows less: what it did is only heard from its answer, and without an answer the contact
//! is looked for, as after any create. Must never be used where the mapping does not say so.

use indexmap::IndexMap;
use serde::Deserialize;
use serde_json::Value;

use super::api::CallSpec;
use super::exchange::{Exchange, Next};
use super::path;
use super::reply::Answer;
use super::script::Claim;
use super::steps::Step;
use crate::contact::Fate;

/// A provider's own upsert, as its file says it.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Upsert {
    /// The call; its body is that of a new contact.
    pub call: CallSpec,
    /// Where the answer says `true` when the contact was made.
    pub made: String,
    /// Fields that must not travel with it, each with the reason.
    #[serde(default)]
    pub without: IndexMap<String, String>,
    /// What people have to know who use it.
    pub risks: Vec<String>,
}

impl Exchange<'_> {
    /// Somebody whose id is not known is looked for, or left to the provider's own upsert.
    pub(super) fn seek(&mut self) -> Next {
        match self.lookup.in_doubt {
            false if self.script.plan.native => self.upsert(),
            _ => self.look(Step::Look),
        }
    }

    /// Leaves it to the provider whether somebody is changed or made.
    pub(super) fn upsert(&mut self) -> Next {
        match self.script.upsert(&self.contact) {
            Some(call) => {
                self.step = Step::Upsert;
                self.next(call)
            }
            None => self.look(Step::Look),
        }
    }

    pub(super) fn upserted(&mut self, answer: &Answer) -> Next {
        let made = self.script.api.upsert.as_ref();
        let made = made.and_then(|own| path::at(&answer.body, &own.made));
        let fate = match made {
            Some(Value::Bool(true)) => Fate::Created,
            _ => Fate::Updated,
        };
        let id = answer.contact_id.as_str();
        if !id.is_empty() && self.script.claim(id, &self.identity) == Claim::Anothers {
            return Next::Settled(self.teller.two_rows_written(id));
        }
        self.created(answer, fate)
    }
}
