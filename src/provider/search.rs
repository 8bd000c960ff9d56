//! The part of a conversation in which a contact is looked for: key by key, until one person is known, or nobody, or too
//! many.

use serde_json::Value;

use super::exchange::{Exchange, Step};
use super::lookup::Seen;
use super::next::{Next, Trouble};
use super::script::{Claim, Mode};
use crate::contact::Fate;

impl Exchange<'_> {
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

    pub(super) fn seen(&mut self, body: &Value) -> Next {
        match self.lookup.see(self.script, &self.contact, body) {
            Seen::More => match self.lookup.call(self.script, &self.contact) {
                Some(call) => self.next(call),
                None => self.looked(),
            },
            Seen::All => self.looked(),
        }
    }

    /// All that there was to look for has been looked for.
    pub(super) fn looked(&mut self) -> Next {
        match (self.lookup.ids(), self.script.plan.mode, self.step) {
            ([], _, Step::LookAgain) => {
                let verdict = self.teller.unknown(self.lookup.status, "no answer said whether the contact was created, and it cannot be found yet; the next run looks again before it creates anything");
                self.lookup.begin();
                match self.lookup.call(self.script, &self.contact) {
                    Some(call) if !self.lookup.is_listed() => {
                        self.said.push(call.clone());
                        self.call = call;
                        Next::Again(Trouble::NoAnswer, verdict)
                    }
                    _ => Next::Settled(verdict),
                }
            }
            ([], Mode::Update, _) => Next::Settled(self.teller.not_found(&self.contact)),
            ([], ..) => self.create(),
            ([id], ..) if self.script.claim(id, &self.identity) == Claim::Anothers => {
                Next::Settled(self.teller.two_rows(id))
            }
            ([id], mode, step) => {
                self.contact.id.clone_from(id);
                self.teller.contact_id.clone_from(id);
                match (step, mode, self.lookup.in_doubt) {
                    (Step::LookAgain, ..) => {
                        self.fate = Fate::Created;
                        self.after_change()
                    }
                    (_, Mode::Create, false) => Next::Settled(self.teller.exists()),
                    _ => self.found(),
                }
            }
            (ids, ..) => Next::Settled(self.teller.ambiguous(ids, &self.lookup.by)),
        }
    }
}
