//! The conversation about one contact, until it is settled: calls come out, answers go in.
//!
//! Find → read → change or create → tags → verify; most conversations are one step long. A pure state machine that touches
//! no network, clock or file, so that a run, a test with scripted answers and the stand-in are all users of the same one.
//! It decides *whether* a call may be made again; how long to wait in between and when to stop trying is decided by whoever
//! carries the calls.

use serde_json::Value;

use super::answers::Meaning;
use super::call::Call;
use super::kept::{self, Kept};
use super::labels::Labels;
use super::lookup::Lookup;
use super::merge;
pub use super::next::{Next, Remembered, Trouble};
use super::reply::{Answer, Lost};
use super::script::{Claim, Script};
use super::verdicts::Teller;
use crate::contact::{Contact, Fate, Verdict};

/// The state of one conversation.
#[derive(Debug)]
pub struct Exchange<'a> {
    pub(super) script: &'a Script<'a>,
    pub(super) contact: Contact,
    pub(super) teller: Teller<'a>,
    pub(super) call: Call,
    pub(super) step: Step,
    pub(super) lookup: Lookup,
    pub(super) labels: Labels,
    /// What became of the contact so far.
    pub(super) fate: Fate,
    /// The id came from an earlier run, not from the row: it may be out of date.
    pub(super) remembered: bool,
    /// What the row knows the contact by.
    pub(super) identity: String,
    /// The body that was sent, where it has been merged or has to be compared.
    pub(super) sent: Option<Value>,
    pub(super) settled: Verdict,
    pub(super) said: Vec<Call>,
    pub(super) over: Option<Verdict>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Step {
    /// Looking for the contact.
    Look,
    /// Looking whether a contact was made although no answer said so.
    LookAgain,
    /// Reading what must not be lost.
    Read,
    /// Changing.
    Change,
    /// Making.
    Create,
    /// Reading the tags.
    ReadTags,
    /// Changing the tags.
    Tag,
    /// Reading back.
    Verify,
}

impl<'a> Exchange<'a> {
    /// Opens the conversation about a contact.
    #[must_use]
    pub fn start(script: &'a Script<'a>, contact: &Contact, remembered: &Remembered) -> Self {
        let mut exchange = Self {
            script,
            contact: contact.clone(),
            teller: Teller::new(script.api, &contact.id),
            call: Call::none(),
            step: Step::Change,
            lookup: Lookup::default(),
            labels: Labels::default(),
            fate: Fate::Updated,
            remembered: false,
            identity: contact.identity().into_owned(),
            sent: None,
            settled: Verdict::plain(Fate::Updated),
            said: Vec::new(),
            over: None,
        };
        if contact.id.is_empty() && !remembered.id.is_empty() {
            let ours = script.claim(&remembered.id, &exchange.identity) == Claim::Ours;
            // Somebody else's by now, so that it is looked for afresh.
            if ours {
                exchange.remembered = true;
                exchange.contact.id.clone_from(&remembered.id);
            }
        }
        exchange.lookup.in_doubt = remembered.in_doubt;
        exchange.lookup.listed.clone_from(&remembered.listed);
        let first = match exchange.contact.id.is_empty() {
            true => exchange.look(Step::Look),
            false => exchange.found(),
        };
        if let Next::Settled(verdict) = first {
            exchange.over = Some(verdict);
        }
        exchange
    }

    /// The verdict, where the conversation is over before it began: nothing needs to be said.
    #[must_use]
    pub fn over(&self) -> Option<&Verdict> {
        self.over.as_ref()
    }

    /// The call to be made now.
    #[must_use]
    pub fn call(&self) -> &Call {
        &self.call
    }

    /// All calls so far, the one to be made now among them.
    #[must_use]
    pub fn said(&self) -> &[Call] {
        &self.said
    }

    /// Whether the call makes something that must not be made twice, so that it is written down before it leaves.
    #[must_use]
    pub fn creates(&self) -> bool {
        self.step == Step::Create
    }

    /// The contact's id, once it is known.
    #[must_use]
    pub fn contact_id(&self) -> &str {
        &self.contact.id
    }

    /// Takes the answer to the last call.
    #[must_use]
    pub fn hear(&mut self, answer: &Answer) -> Next {
        match (self.step, answer.meaning) {
            (_, Meaning::Accepted) => self.go_on(answer),
            (Step::Look | Step::LookAgain, Meaning::NotFound) => self.seen(&Value::Null),
            (Step::Change | Step::Read, Meaning::NotFound) if self.remembered => {
                // The id is out of date: whoever it was is looked for once more.
                self.remembered = false;
                self.contact.id.clear();
                self.look(Step::Look)
            }
            (Step::Create, Meaning::Gateway | Meaning::Outage) => {
                self.made_or_not(answer.status, &answer.reason)
            }
            _ => self.refused(answer),
        }
    }

    /// Takes the news that no answer came.
    #[must_use]
    pub fn lost(&mut self, lost: &Lost) -> Next {
        match (self.step, lost) {
            (Step::Create, Lost::NoAnswer(why)) => self.made_or_not(0, why),
            _ => {
                let next = self.teller.lost(lost, self.call.repeatable);
                self.in_its_place(next)
            }
        }
    }

    fn refused(&mut self, answer: &Answer) -> Next {
        let next = self.teller.refused(answer, self.call.repeatable);
        self.in_its_place(next)
    }

    /// A "no" to a later step is about that step; what was done before it is said.
    fn in_its_place(&self, next: Next) -> Next {
        let done = match (self.step, self.fate) {
            (Step::Tag | Step::ReadTags, Fate::Created) => {
                "the contact was created, but its tags were not changed"
            }
            (Step::Tag | Step::ReadTags, _) => {
                "the contact's fields are done, but its tags were not changed"
            }
            (Step::Verify, _) => "the contact was written, but could not be read back",
            _ => return next,
        };
        let explain = |mut verdict: Verdict| {
            verdict.message = format!("{done}: {}", verdict.message);
            verdict
        };
        match next {
            Next::Again(trouble, verdict) => Next::Again(trouble, explain(verdict)),
            Next::Settled(verdict) => Next::Settled(explain(verdict)),
            next @ Next::Call(_) => next,
        }
    }

    fn go_on(&mut self, answer: &Answer) -> Next {
        match self.step {
            Step::Look | Step::LookAgain => self.seen(&answer.body),
            Step::Read => self.merge(answer),
            Step::Change => self.written(answer),
            Step::Create => self.created(answer),
            Step::ReadTags => {
                self.labels.read(self.script, &answer.body);
                self.tag()
            }
            Step::Tag => {
                self.settled.http_status = Some(answer.status);
                self.tag()
            }
            Step::Verify => {
                let kept = self.compare(&answer.body);
                self.judge(kept, answer)
            }
        }
    }

    /// The contact is known: what would be lost is read first, then it is changed.
    pub(super) fn found(&mut self) -> Next {
        let id = self.contact.id.clone();
        self.teller.contact_id.clone_from(&id);
        if self.contact.values().next().is_none() {
            self.fate = Fate::Unchanged;
            return self.after_change();
        }
        if !self.script.plan.kept.is_empty()
            && let Some(call) = self.script.read(&id)
        {
            self.step = Step::Read;
            return self.next(call);
        }
        self.step = Step::Change;
        let call = self.script.update(&self.contact, &id);
        self.next(call)
    }

    pub(super) fn create(&mut self) -> Next {
        match self.script.create(&self.contact) {
            Some(call) => {
                self.step = Step::Create;
                self.next(call)
            }
            None => Next::Settled(self.teller.not_found(&self.contact)),
        }
    }

    /// Lays what is sent over what is there, so that what the row does not mention survives.
    fn merge(&mut self, answer: &Answer) -> Next {
        let Some(there) = kept::contact(self.script.api, &answer.body) else {
            return Next::Settled(self.teller.unreadable(answer));
        };
        let call = self.script.update(&self.contact, &self.contact.id);
        let mut body: Value = serde_json::from_slice(&call.body).unwrap_or_default();
        merge::keep(&mut body, there, &self.script.plan.kept);
        let call = self.script.update_with(&body, &self.contact.id);
        self.sent = Some(body);
        self.step = Step::Change;
        self.next(call)
    }

    fn written(&mut self, answer: &Answer) -> Next {
        self.settled = self.teller.done(self.fate, answer);
        let kept = self.compare(&answer.body);
        self.judge(kept, answer)
    }

    fn created(&mut self, answer: &Answer) -> Next {
        self.fate = Fate::Created;
        self.contact.id.clone_from(&answer.contact_id);
        // A new contact belongs to the row that made it.
        let _ = self.script.claim(&self.contact.id, &self.identity);
        self.teller.contact_id.clone_from(&answer.contact_id);
        self.settled = self.teller.done(self.fate, answer);
        let kept = self.compare(&answer.body);
        self.judge(kept, answer)
    }

    /// A create without an answer is looked for before anything else: it must not be made twice.
    fn made_or_not(&mut self, status: u16, why: &str) -> Next {
        self.lookup.status = (status > 0).then_some(status);
        if self.contact.known_by.is_empty() {
            return Next::Settled(self.teller.unknown(self.lookup.status, why));
        }
        self.look(Step::LookAgain)
    }

    /// What the answer shows, held against what was sent.
    fn compare(&mut self, body: &Value) -> Kept {
        let sent = self
            .sent
            .get_or_insert_with(|| serde_json::from_slice(&self.call.body).unwrap_or_default());
        kept::judge(self.script.api, &self.contact.id, sent, body)
    }

    fn judge(&mut self, kept: Kept, answer: &Answer) -> Next {
        match kept {
            Kept::Not { field, shown } => {
                Next::Settled(self.teller.not_kept(answer, &field, &shown))
            }
            Kept::Unseen if self.script.plan.verify && self.step != Step::Verify => {
                match self.script.read(&self.contact.id) {
                    Some(call) if !self.contact.id.is_empty() => {
                        self.step = Step::Verify;
                        self.next(call)
                    }
                    _ => self.after_change(),
                }
            }
            Kept::All | Kept::Unseen => self.after_change(),
        }
    }

    pub(super) fn after_change(&mut self) -> Next {
        self.settled.contact_id.clone_from(&self.contact.id);
        if self.contact.tags.is_empty() || self.labels.is_begun() {
            return self.end();
        }
        self.labels.begin(self.script, &self.contact.tags);
        let read = match self.labels.needs_reading() {
            true => self.script.read_tags(&self.contact.id),
            false => None,
        };
        let Some(call) = read else { return self.tag() };
        self.step = Step::ReadTags;
        self.next(call)
    }

    fn tag(&mut self) -> Next {
        match self.labels.next(self.script, &self.contact.id) {
            Some(call) => {
                self.step = Step::Tag;
                if self.fate == Fate::Unchanged {
                    self.fate = Fate::Updated;
                }
                self.next(call)
            }
            None => self.end(),
        }
    }

    fn end(&mut self) -> Next {
        self.settled.fate = self.fate;
        Next::Settled(self.settled.clone())
    }

    pub(super) fn next(&mut self, call: Call) -> Next {
        self.said.push(call.clone());
        self.call = call;
        Next::Call(
            self.teller
                .cut_short(self.step >= Step::ReadTags, self.fate),
        )
    }
}
