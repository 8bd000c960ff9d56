//! The conversation about one contact, until it is settled: calls come out, answers go in.
//!
//! Find → read → change or create → tags → verify; most conversations are one step long. A pure state machine that touches
//! no network, clock or file, so that a run, a test with scripted answers and the stand-in are all users of the same one.
//! It decides *whether* a call may be made again; how long to wait in between and when to stop trying is decided by whoever
//! carries the calls. Whom it is about is found out in `search`; what a "no" at each step means for the contact, in
//! `steps`.

use serde_json::Value;

use super::answers::Meaning;
use super::call::{Call, NO_CALL};
use super::kept;
use super::labels::Labels;
use super::lookup::Lookup;
use super::merge;
pub use super::next::{Next, Remembered, Touch, Trouble};
use super::reply::{self, Answer, Lost, Reply};
use super::script::{Claim, Mode, Script};
use super::steps::{Done, Step};
use super::verdicts::Teller;
use crate::contact::{Contact, Fate, TagChange, Verdict};

/// The state of one conversation.
#[derive(Debug)]
pub struct Exchange<'a> {
    pub(super) script: &'a Script<'a>,
    pub(super) contact: Contact,
    pub(super) teller: Teller<'a>,
    pub(super) step: Step,
    pub(super) done: Done,
    pub(super) lookup: Lookup,
    pub(super) labels: Labels,
    /// What became of the contact so far.
    pub(super) fate: Fate,
    /// The id came from an earlier run, not from the row, and nothing has shown yet that somebody still has it.
    pub(super) remembered: bool,
    /// The tags of the row, where they are left out because the remembered contact has them.
    pub(super) tagged: TagChange,
    /// What the row knows the contact by.
    pub(super) identity: String,
    /// The body that was sent, where it has been merged or has to be compared.
    pub(super) sent: Option<Value>,
    pub(super) settled: Verdict,
    /// All calls as often as they left, the one to be made now at the end.
    pub(super) said: Vec<Call>,
    /// How often the call to be made now has left.
    left: usize,
    /// The change, where it was written before the conversation began.
    written: Option<Call>,
    over: Option<Box<Verdict>>,
}

impl<'a> Exchange<'a> {
    /// Opens the conversation about a contact.
    #[must_use]
    pub fn start(script: &'a Script<'a>, contact: Contact, remembered: Remembered) -> Self {
        let mut exchange = Self {
            script,
            teller: Teller::new(script.api, &contact.id),
            step: Step::Look,
            done: Done::Nothing,
            lookup: Lookup::default(),
            labels: Labels::default(),
            fate: Fate::Updated,
            remembered: false,
            tagged: remembered.tagged,
            identity: contact.identity().into_owned(),
            contact,
            sent: None,
            settled: Verdict::plain(Fate::Updated),
            said: Vec::new(),
            left: 0,
            written: remembered.change,
            over: None,
        };
        // An id that is another row's by now is looked for afresh.
        if exchange.contact.id.is_empty()
            && !remembered.id.is_empty()
            && script.claim(&remembered.id, &exchange.identity) == Claim::Ours
        {
            exchange.remembered = true;
            exchange.contact.id.clone_from(&remembered.id);
        }
        if exchange.contact.id.is_empty() {
            exchange.tag_whoever_it_is();
        }
        if exchange.contact.id.is_empty() && remembered.in_doubt {
            exchange.done = Done::InDoubt;
        }
        exchange.lookup.in_doubt = remembered.in_doubt;
        exchange.lookup.listed = remembered.listed;
        let only_new = exchange.remembered && script.plan.mode == Mode::Create;
        let first = match exchange.contact.id.is_empty() {
            true => exchange.seek(),
            // Whoever is to be made only is not changed because an earlier run knew them.
            false if only_new && !remembered.in_doubt => {
                exchange.teller.contact_id = remembered.id;
                Next::Settled(exchange.teller.exists())
            }
            false => exchange.found(),
        };
        if let Next::Settled(verdict) = first {
            exchange.over = Some(Box::new(verdict));
        }
        exchange
    }

    /// The verdict, where the conversation is over before it began: nothing needs to be said.
    #[must_use]
    pub fn over(&self) -> Option<&Verdict> {
        self.over.as_deref()
    }

    /// The call to be made now.
    #[must_use]
    pub fn call(&self) -> &Call {
        self.said.last().unwrap_or(&NO_CALL)
    }

    /// Hears that the call to be made now leaves; the same one may leave several times.
    pub fn leave(&mut self) {
        self.left += 1;
    }

    /// Hears that it did not leave after all.
    pub fn stay(&mut self) {
        self.left = self.left.saturating_sub(1);
    }

    /// Ends the conversation; gives all calls as often as they left, and the contact to be used again.
    #[must_use]
    pub fn into_said(mut self) -> (Vec<Call>, Contact) {
        self.tell_apart();
        (self.said, self.contact)
    }

    /// Sees to it that the last call is among those that were said as often as it left.
    fn tell_apart(&mut self) {
        let times = std::mem::take(&mut self.left);
        if let Some(call) = self.said.pop() {
            self.said.extend(std::iter::repeat_n(call, times));
        }
    }

    /// What the call to be made now does, so that it can be written down before it leaves.
    #[must_use]
    pub fn touches(&self) -> Touch<'_> {
        self.step.touches(&self.contact.id)
    }

    /// Whether something of it is in the account already, whatever the verdict.
    #[must_use]
    pub fn has_written(&self) -> bool {
        !matches!(self.done, Done::Nothing | Done::InDoubt)
    }

    /// The contact's id, once it is known.
    #[must_use]
    pub fn contact_id(&self) -> &str {
        &self.contact.id
    }

    /// Reads the answer to the last call, as far as it matters.
    #[must_use]
    pub fn read(&self, reply: &Reply) -> Answer {
        // What was merged holds more than the row says, and what is read back has to be shown in full.
        let script = self.script;
        match self.step == Step::Change && self.sent.is_none() && !script.plan.verify {
            true => {
                let (id, sent) = (&self.contact.id, &self.call().body);
                script.glance.answer(script.api, reply, id, sent)
            }
            false => reply::read(script.api, reply),
        }
    }

    /// Takes the answer to the last call.
    #[must_use]
    pub fn hear(&mut self, answer: &Answer) -> Next {
        let status = answer.status;
        match (self.step, answer.meaning) {
            (_, Meaning::Accepted) => self.go_on(answer),
            // A 404 may as well mean that there is no such call: nobody is made on the strength of it.
            (Step::Look | Step::LookAgain, Meaning::NotFound) if status != 404 && status != 410 => {
                self.seen(status, &Value::Null)
            }
            (Step::Change | Step::Read | Step::Tag | Step::ReadTags, Meaning::NotFound)
                if self.remembered =>
            {
                self.forget()
            }
            (Step::Create | Step::Upsert, Meaning::Gateway | Meaning::Outage) => {
                self.made_or_not(status, &answer.reason)
            }
            // It said yes, in words that nobody understands.
            (Step::Create | Step::Upsert, Meaning::NotTheApi) if (200..300).contains(&status) => {
                self.made_or_not(status, &answer.reason)
            }
            _ => {
                let next = self.teller.refused(answer, self.call().repeatable);
                self.in_its_place(next)
            }
        }
    }

    /// Takes the news that no answer came.
    #[must_use]
    pub fn lost(&mut self, lost: &Lost) -> Next {
        match (self.step, lost) {
            (Step::Create | Step::Upsert, Lost::NoAnswer(why)) => self.made_or_not(0, why),
            _ => {
                let next = self.teller.lost(lost, self.call().repeatable);
                self.in_its_place(next)
            }
        }
    }

    /// A "no" is about its step; what was done before it is said, and what was not even begun is not in doubt.
    pub(super) fn in_its_place(&self, next: Next) -> Next {
        let (step, done, fate) = (self.step, self.done, self.fate);
        let explain = |verdict| super::steps::in_its_place(step, done, fate, verdict);
        match next {
            Next::Again(trouble, verdict) => Next::Again(trouble, explain(verdict)),
            Next::Settled(verdict) => Next::Settled(explain(verdict)),
            next @ Next::Call(_) => next,
        }
    }

    fn go_on(&mut self, answer: &Answer) -> Next {
        match self.step {
            Step::Look | Step::LookAgain => return self.seen(answer.status, &answer.body),
            Step::Create => return self.created(answer, Fate::Created),
            Step::Upsert => return self.upserted(answer),
            _ => self.remembered = false,
        }
        match self.step {
            Step::Read => self.merge(answer),
            Step::ReadTags if self.labels.read(self.script, &answer.body) => self.tag(),
            Step::ReadTags => {
                let verdict = self.teller.unreadable(answer, "tags");
                self.in_its_place(Next::Settled(verdict))
            }
            Step::Tag => {
                self.done = Done::Tagged;
                self.settled.http_status = Some(answer.status);
                self.tag()
            }
            Step::Verify => self.judge(answer),
            _ => self.written(answer),
        }
    }

    /// The contact is known: it is changed, where there is something to change.
    pub(super) fn found(&mut self) -> Next {
        let id = self.contact.id.clone();
        self.teller.contact_id.clone_from(&id);
        let change = match self.written.take() {
            Some(written) => written,
            None => self.script.update(&self.contact, &id),
        };
        // A row that only says by what the contact is known, or which tags it has, changes no field.
        let blank = self.contact.values().next().is_none() || !self.contact.known_by.is_empty();
        if blank && self.script.says_nothing(&change) {
            self.fate = Fate::Unchanged;
            return self.after_change();
        }
        self.change(change)
    }

    /// A contact was made; what it could not be made with follows.
    pub(super) fn complete(&mut self) -> Next {
        match self.script.complete(&self.contact, &self.contact.id) {
            Some(change) => self.change(change),
            None => self.after_change(),
        }
    }

    /// What would be lost by a change is read before it.
    fn change(&mut self, change: Call) -> Next {
        self.sent = None;
        let kept = &self.script.plan.kept;
        if !kept.is_empty() {
            let mut body = serde_json::from_slice(&change.body).unwrap_or_default();
            let read = self.script.read(&self.contact.id);
            let inner = self.script.unwrapped(&mut body);
            if let (true, Some(call)) = (merge::touches(inner, kept), read) {
                self.sent = Some(body);
                self.step = Step::Read;
                return self.next(call);
            }
        }
        self.step = Step::Change;
        self.next(change)
    }

    pub(super) fn create(&mut self) -> Next {
        if self.script.plan.native {
            return self.upsert();
        }
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
        let Some((_, there)) = kept::contact(self.script.api, &answer.body) else {
            let verdict = self.teller.unreadable(answer, "contact");
            return self.in_its_place(Next::Settled(verdict));
        };
        let mut body = self.sent.take().unwrap_or_default();
        let own = self.script.unwrapped(&mut body);
        if let Err(place) = merge::keep(own, there, &self.script.plan.kept) {
            let verdict = self.teller.inexact(answer, &place);
            return self.in_its_place(Next::Settled(verdict));
        }
        let call = self.script.update_with(&body, &self.contact.id);
        self.sent = Some(body);
        self.step = Step::Change;
        self.next(call)
    }

    fn written(&mut self, answer: &Answer) -> Next {
        self.done = Done::Changed;
        self.labels.note(self.script, &answer.body);
        self.settled = self.teller.done(self.fate, answer);
        self.judge(answer)
    }

    pub(super) fn created(&mut self, answer: &Answer, fate: Fate) -> Next {
        self.done = Done::Created;
        self.fate = fate;
        self.sent = None;
        self.contact.id.clone_from(&answer.contact_id);
        // A new contact belongs to the row that made it.
        let _ = self.script.claim(&self.contact.id, &self.identity);
        self.teller.contact_id.clone_from(&answer.contact_id);
        self.labels.note(self.script, &answer.body);
        self.settled = self.teller.done(self.fate, answer);
        let more = self.script.complete(&self.contact, "").is_some();
        match (self.contact.id.is_empty(), more) {
            (true, _) if more || !self.contact.tags.is_empty() => {
                Next::Settled(self.teller.nameless(answer))
            }
            // What was left out is not shown yet, so nothing can be missed before it was written.
            (false, true) => self.complete(),
            _ => self.judge(answer),
        }
    }

    pub(super) fn after_change(&mut self) -> Next {
        self.settled.contact_id.clone_from(&self.contact.id);
        if self.contact.tags.is_empty() || self.labels.is_begun() {
            return self.end();
        }
        self.labels.begin(self.script, &self.contact.tags);
        let asks = || self.script.read_tags(&self.contact.id);
        let read = self.labels.needs_reading().then(asks).flatten();
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

    /// Makes a call the one to be made now; the verdict stands if it is not.
    pub(super) fn next(&mut self, call: Call) -> Next {
        self.put(call);
        let verdict = self.teller.cut_short(self.step, self.done, self.fate);
        Next::Call(verdict)
    }

    /// Makes a call the one to be made now.
    pub(super) fn put(&mut self, call: Call) {
        self.tell_apart();
        self.said.push(call);
    }
}
