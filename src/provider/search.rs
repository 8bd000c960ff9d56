//! The part of a conversation in which a contact is looked for: key by key, until one person is known, or nobody, or too
//! many.
//!
//! Must never let a contact be made on the strength of anything but an answer that shows nobody.

use serde_json::Value;

use super::exchange::{Exchange, Next, Trouble};
use super::labels::Labels;
use super::lookup::Seen;
use super::script::{Claim, Mode};
use super::steps::{Done, Step};
use crate::contact::Fate;

impl Exchange<'_> {
    /// The remembered id is out of date: whoever it was is looked for once more.
    pub(super) fn forget(&mut self) -> Next {
        self.remembered = false;
        self.contact.id.clear();
        self.teller.contact_id.clear();
        self.labels = Labels::default();
        self.fate = Fate::Updated;
        self.tag_whoever_it_is();
        self.seek()
    }

    /// Tags are left out for the contact that is remembered and for nobody else.
    pub(super) fn tag_whoever_it_is(&mut self) {
        if !self.tagged.is_empty() {
            self.contact.tags = std::mem::take(&mut self.tagged);
        }
    }

    /// Makes the next look for the contact; there is always one for the first key.
    pub(super) fn look(&mut self, step: Step) -> Next {
        self.step = step;
        if step == Step::LookAgain || !self.lookup.has_begun() {
            self.lookup.begin();
        }
        if self.lookup.is_listed() {
            return self.looked();
        }
        match self.lookup.call(self.script, &self.contact) {
            Some(call) => self.next(call),
            None => self.looked(),
        }
    }

    /// Takes what was found for one key.
    pub(super) fn seen(&mut self, status: u16, body: &Value) -> Next {
        // With nothing more to be said this is the answer that settles it, whatever came to nothing before.
        self.settled.http_status = Some(status);
        let more = match self.lookup.see(self.script, &self.contact, body) {
            Seen::More => self.lookup.call(self.script, &self.contact),
            Seen::All => None,
        };
        match more {
            Some(call) => self.next(call),
            None => self.looked(),
        }
    }

    /// All that there was to look for has been looked for.
    fn looked(&mut self) -> Next {
        let (mode, doubt) = (self.script.plan.mode, self.lookup.in_doubt);
        match (self.lookup.ids(), self.step) {
            ([], Step::LookAgain) => self.not_yet(),
            ([], _) if mode == Mode::Update => Next::Settled(self.teller.not_found(&self.contact)),
            ([], _) => {
                self.done = Done::Nothing;
                self.create()
            }
            ([id], _) if self.script.claim(id, &self.identity) == Claim::Anothers => {
                Next::Settled(self.teller.two_rows(id))
            }
            ([id], step) => {
                self.done = Done::Nothing;
                self.contact.id.clone_from(id);
                self.teller.contact_id.clone_from(id);
                match (step, mode) {
                    // Whether the provider's own upsert has changed them is not known, and to say it again does no harm.
                    (Step::LookAgain, _) if self.script.plan.native => self.found(),
                    (Step::LookAgain, _) => {
                        self.done = Done::Created;
                        self.fate = Fate::Created;
                        self.complete()
                    }
                    (_, Mode::Create) if !doubt => Next::Settled(self.teller.exists()),
                    _ => self.found(),
                }
            }
            (ids, _) => Next::Settled(self.teller.ambiguous(ids, &self.lookup.by)),
        }
    }

    /// A create without an answer is looked for before anything else: it must not be made twice.
    pub(super) fn made_or_not(&mut self, status: u16, why: &str) -> Next {
        self.lookup.status = (status > 0).then_some(status);
        self.done = Done::InDoubt;
        if self.contact.known_by.is_empty() {
            return Next::Settled(self.teller.unknown(self.lookup.status, why));
        }
        self.look(Step::LookAgain)
    }

    /// Nobody is there after a create without an answer: search may lag behind, so it is asked again after a while.
    fn not_yet(&mut self) -> Next {
        let why = "no answer said whether the contact was created, and it cannot be found yet; the next run looks again before it creates anything";
        let verdict = self.teller.unknown(self.lookup.status, why);
        self.lookup.begin();
        match self.lookup.call(self.script, &self.contact) {
            Some(call) if !self.lookup.is_listed() => {
                self.put(call);
                Next::Again(Trouble::NoAnswer, verdict)
            }
            _ => Next::Settled(verdict),
        }
    }
}
