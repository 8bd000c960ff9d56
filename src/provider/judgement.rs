//! The part of a conversation in which what was written is held against what the account shows: in the answer itself, or
//! read back where that does not show everything.

use super::call::NO_CALL;
use super::exchange::{Exchange, Next};
use super::kept::{self, Kept};
use super::reply::Answer;
use super::steps::Step;

impl Exchange<'_> {
    /// What the answer shows, held against what was sent.
    fn compare(&mut self, answer: &Answer) -> Kept {
        let (api, body) = (self.script.api, &answer.body);
        let nothing = || self.shows_nobody(answer);
        // What was sent is taken apart only where it is held against something, now or when it is read back.
        if answer.agrees || (!self.script.plan.verify && nothing()) {
            return Kept::Unseen;
        }
        let call = self.said.last().unwrap_or(&NO_CALL);
        let body_sent = || serde_json::from_slice(&call.body).unwrap_or_default();
        let sent = self.sent.get_or_insert_with(body_sent);
        kept::judge(api, &self.contact.id, sent, body)
    }

    pub(super) fn judge(&mut self, answer: &Answer) -> Next {
        match self.compare(answer) {
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
            Kept::Unseen if self.step == Step::Verify && self.shows_nobody(answer) => {
                let verdict = self.teller.nobody(answer);
                self.in_its_place(Next::Settled(verdict))
            }
            Kept::All | Kept::Unseen => self.after_change(),
        }
    }

    /// Whether an answer shows no contact, or somebody else.
    fn shows_nobody(&self, answer: &Answer) -> bool {
        kept::shown(self.script.api, &self.contact.id, &answer.body).is_none()
    }
}
