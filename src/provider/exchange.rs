//! The conversation about one contact, until it is settled: calls come out, answers go in.
//!
//! A pure state machine that touches no network, clock or file, so that a run, a test with scripted answers and the
//! stand-in are all users of the same one. It decides *whether* a call may be made again; how long to wait in between and
//! when to stop trying is decided by whoever carries the calls.

use std::borrow::Cow;

use super::answers::Meaning;
use super::api::Api;
use super::call::{Call, Script};
use super::reply::{Answer, Lost};
use crate::contact::{Contact, Fate, Verdict};

/// The state of one conversation.
#[derive(Debug)]
pub struct Exchange<'a> {
    api: &'a Api,
    call: Call,
    contact_id: String,
}

/// What happens next.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Next {
    /// The same call may be made again, after a while; the verdict stands if it is not.
    Again(Trouble, Verdict),
    /// The conversation is over.
    Settled(Verdict),
}

/// Why a call has to be made again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Trouble {
    /// Nothing was sent.
    Unreachable,
    /// No answer came in time, or only a part of one.
    NoAnswer,
    /// The server, or one before it, is in trouble.
    Outage,
    /// Too many requests.
    Throttled,
    /// Somebody else is at this contact.
    Busy,
}

impl<'a> Exchange<'a> {
    /// Opens the conversation about a contact.
    #[must_use]
    pub fn start(script: &Script<'a>, contact: &Contact) -> Self {
        Self {
            api: script.api,
            call: script.update(contact),
            contact_id: contact.id.clone(),
        }
    }

    /// The call to be made now.
    #[must_use]
    pub fn call(&self) -> &Call {
        &self.call
    }

    /// Takes the answer to the last call.
    #[must_use]
    pub fn hear(&mut self, answer: &Answer) -> Next {
        let meaning = answer.meaning;
        let trouble = match meaning {
            Meaning::Accepted => return Next::Settled(self.verdict(Fate::Updated, answer)),
            Meaning::Queued => return Next::Settled(self.verdict(Fate::Unknown, answer)),
            Meaning::Throttled => Trouble::Throttled,
            Meaning::Busy => Trouble::Busy,
            Meaning::Outage | Meaning::Gateway => Trouble::Outage,
            _ => return Next::Settled(self.verdict(Fate::Failed, answer)),
        };
        // Only a server that refused to begin is sure to have done nothing; after that the call must bear repeating.
        let begun = trouble == Trouble::Outage;
        let fate = match meaning {
            Meaning::Gateway => Fate::Unknown,
            _ => Fate::Failed,
        };
        let verdict = self.verdict(fate, answer);
        match begun && !self.call.repeatable {
            true => Next::Settled(verdict),
            false => Next::Again(trouble, verdict),
        }
    }

    /// Takes the news that no answer came.
    #[must_use]
    pub fn lost(&mut self, lost: &Lost) -> Next {
        let (trouble, fate, code, why) = match lost {
            Lost::NotTrusted(why) => {
                return Next::Settled(self.without_answer(Fate::Failed, "not-trusted", why));
            }
            Lost::NotSent(why) => (Trouble::Unreachable, Fate::Failed, "unreachable", why),
            Lost::NoAnswer(why) => (Trouble::NoAnswer, Fate::Unknown, "no-answer", why),
        };
        let verdict = self.without_answer(fate, code, why);
        match trouble == Trouble::NoAnswer && !self.call.repeatable {
            true => Next::Settled(verdict),
            false => Next::Again(trouble, verdict),
        }
    }

    fn verdict(&self, fate: Fate, answer: &Answer) -> Verdict {
        let code = match answer.meaning {
            Meaning::Accepted => "",
            meaning => meaning.word(),
        };
        let hint = self
            .api
            .hints
            .get(&answer.meaning)
            .map_or("", String::as_str);
        let message = match (answer.reason.is_empty(), hint.is_empty()) {
            (false, false) => format!("{} — {hint}", answer.reason),
            (true, false) => hint.to_owned(),
            (_, true) => answer.reason.clone(),
        };
        Verdict {
            fate,
            code: Cow::Borrowed(code),
            field: answer.field.clone(),
            message,
            contact_id: self.contact_id.clone(),
            http_status: Some(answer.status),
            request_id: answer.request_id.clone(),
        }
    }

    fn without_answer(&self, fate: Fate, code: &'static str, why: &str) -> Verdict {
        Verdict {
            contact_id: self.contact_id.clone(),
            ..Verdict::because(fate, code, why)
        }
    }
}
