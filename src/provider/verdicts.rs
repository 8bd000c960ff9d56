//! The words for what became of one contact: every verdict that a conversation can end with.

use std::borrow::Cow;

use super::answers::Meaning;
use super::api::Api;
use super::next::{Next, Trouble};
use super::reply::{Answer, Lost};
use crate::contact::{Contact, Fate, Verdict};

/// Tells what became of one contact.
#[derive(Debug)]
pub(super) struct Teller<'a> {
    api: &'a Api,
    pub(super) contact_id: String,
}

impl<'a> Teller<'a> {
    pub(super) fn new(api: &'a Api, contact_id: &str) -> Self {
        Self {
            api,
            contact_id: contact_id.to_owned(),
        }
    }

    /// All went well.
    pub(super) fn done(&self, fate: Fate, answer: &Answer) -> Verdict {
        Verdict {
            http_status: Some(answer.status),
            request_id: answer.request_id.clone(),
            ..self.because(fate, "", String::new())
        }
    }

    /// The provider said no, or not now.
    pub(super) fn refused(&self, answer: &Answer, repeatable: bool) -> Next {
        let meaning = answer.meaning;
        let trouble = match meaning {
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
        match begun && !repeatable {
            true => Next::Settled(verdict),
            false => Next::Again(trouble, verdict),
        }
    }

    /// No answer came.
    pub(super) fn lost(&self, lost: &Lost, repeatable: bool) -> Next {
        let (trouble, fate, code) = match lost {
            Lost::NotTrusted(why) => {
                return Next::Settled(self.because(Fate::Failed, "not-trusted", why.clone()));
            }
            Lost::NotSent(_) => (Trouble::Unreachable, Fate::Failed, "unreachable"),
            Lost::Unseen(_) => (Trouble::Outage, Fate::Failed, "outage"),
            Lost::NoAnswer(_) => (Trouble::NoAnswer, Fate::Unknown, "no-answer"),
        };
        let verdict = self.because(fate, code, lost.why().to_owned());
        match trouble == Trouble::NoAnswer && !repeatable {
            true => Next::Settled(verdict),
            false => Next::Again(trouble, verdict),
        }
    }

    /// Nobody is known by what the row says.
    pub(super) fn not_found(&self, contact: &Contact) -> Verdict {
        let known: Vec<String> = contact
            .known_by
            .iter()
            .map(|(key, value)| format!("{key} `{value}`"))
            .collect();
        let message = match (known.is_empty(), self.api.calls.create.is_some()) {
            (true, _) => "the account has no such contact".to_owned(),
            (false, true) => format!(
                "the account has no contact with {}; `mode = \"upsert\"` would create it",
                known.join(" or ")
            ),
            (false, false) => format!("the account has no contact with {}", known.join(" or ")),
        };
        self.because(Fate::Failed, "not-found", message)
    }

    /// Somebody is known by it who should not be there yet.
    pub(super) fn exists(&self) -> Verdict {
        let message = format!(
            "the account has this contact already, as `{}`; `mode = \"upsert\"` would change it",
            self.contact_id
        );
        self.because(Fate::Failed, "duplicate", message)
    }

    /// Several are known by it.
    pub(super) fn ambiguous(&self, ids: &[String], by: &[&str]) -> Verdict {
        let named: Vec<String> = ids.iter().map(|id| format!("`{id}`")).collect();
        let how = by.join(" and ");
        let message = format!(
            "{how} lead to several contacts: {}; merge them in the account, or name one by its id",
            named.join(" and ")
        );
        Verdict {
            contact_id: String::new(),
            ..self.because(Fate::Failed, "ambiguous", message)
        }
    }

    /// Another row of the file leads to the same contact.
    pub(super) fn two_rows(&self, id: &str) -> Verdict {
        let message = format!(
            "another row, which says something else of itself, leads to the same contact `{id}`; make one row of the two"
        );
        Verdict {
            contact_id: id.to_owned(),
            ..self.because(Fate::Failed, "ambiguous", message)
        }
    }

    /// The provider's own upsert led to a contact that another row of the file has written.
    pub(super) fn two_rows_written(&self, id: &str) -> Verdict {
        let message = format!(
            "another row, which says something else of itself, led to the same contact `{id}`, and the provider's own upsert wrote this row over it; make one row of the two"
        );
        Verdict {
            contact_id: id.to_owned(),
            ..self.because(Fate::Failed, "ambiguous", message)
        }
    }

    /// It was sent, and nothing tells what became of it.
    pub(super) fn unknown(&self, status: Option<u16>, why: &str) -> Verdict {
        Verdict {
            http_status: status,
            ..self.because(Fate::Unknown, "no-answer", why.to_owned())
        }
    }

    /// What has to be kept could not be read, so it was not written over.
    pub(super) fn unreadable(&self, answer: &Answer, what: &str) -> Verdict {
        let message =
            format!("the answer shows no {what}, so what would have to be kept is not known");
        Verdict {
            http_status: Some(answer.status),
            ..self.because(Fate::Failed, "not-the-api", message)
        }
    }

    /// What the account has in a place could not be given back as it is.
    pub(super) fn inexact(&self, answer: &Answer, place: &str) -> Verdict {
        let message = format!(
            "`{place}` holds a number of more digits than can be given back unchanged; change this contact in the account"
        );
        Verdict {
            field: place.to_owned(),
            http_status: Some(answer.status),
            request_id: answer.request_id.clone(),
            ..self.because(Fate::Failed, "cannot-keep", message)
        }
    }

    /// A contact was read back, and the answer is about nobody or somebody else.
    pub(super) fn nobody(&self, answer: &Answer) -> Verdict {
        let message = "the answer does not show this contact";
        Verdict {
            http_status: Some(answer.status),
            request_id: answer.request_id.clone(),
            ..self.because(Fate::Failed, "not-kept", message.to_owned())
        }
    }

    /// A contact was made, and nothing tells its id.
    pub(super) fn nameless(&self, answer: &Answer) -> Verdict {
        let message = "the contact was created, but the answer does not show its id, so what else the row says was not written; run again";
        Verdict {
            http_status: Some(answer.status),
            request_id: answer.request_id.clone(),
            ..self.because(Fate::Failed, "unfinished", message.to_owned())
        }
    }

    /// The account shows something else than what was sent.
    pub(super) fn not_kept(&self, answer: &Answer, field: &str, shown: &str) -> Verdict {
        let message = match shown.is_empty() {
            true => format!("the account answered that all is well and did not keep `{field}`"),
            false => {
                format!("the account answered that all is well and shows `{shown}` in `{field}`")
            }
        };
        Verdict {
            field: field.to_owned(),
            http_status: Some(answer.status),
            request_id: answer.request_id.clone(),
            ..self.because(Fate::Failed, "not-kept", message)
        }
    }

    fn verdict(&self, fate: Fate, answer: &Answer) -> Verdict {
        let hint = self
            .api
            .hints
            .get(&answer.meaning)
            .map_or("", String::as_str);
        let message = match (answer.reason.is_empty(), hint.is_empty()) {
            (false, false) => format!("{} — {hint}", going_on(&answer.reason)),
            (true, false) => hint.to_owned(),
            (_, true) => answer.reason.clone(),
        };
        Verdict {
            field: answer.field.clone(),
            http_status: Some(answer.status),
            request_id: answer.request_id.clone(),
            ..self.because(fate, answer.meaning.word(), message)
        }
    }

    pub(super) fn because(&self, fate: Fate, code: &'static str, message: String) -> Verdict {
        Verdict {
            code: Cow::Borrowed(code),
            contact_id: self.contact_id.clone(),
            ..Verdict::because(fate, code, message)
        }
    }
}

/// A sentence that goes on: without its full stop, unless that stands for something left out.
fn going_on(sentence: &str) -> &str {
    match sentence.strip_suffix('.') {
        Some(most) if !most.ends_with('.') => most,
        _ => sentence,
    }
}
