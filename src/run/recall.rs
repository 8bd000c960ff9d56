//! What need not be sent: holds every request against what the account last accepted, and sees to it that what is
//! remembered is never better than what is true.
//!
//! The rule for row *k* of the *n* rows about a contact: it is unchanged when the same request was accepted for row *k*,
//! no earlier row of the contact is sent in this run, and, for the last row, nothing is remembered of a later one. Before
//! a request leaves that would make what is remembered untrue, a doubt takes its place; so whatever kills the run, and
//! whatever the file says next time, no memory of an older value can hide a newer one.

use super::twins::Twins;
use crate::contact::{Contact, Fate};
use crate::delivery::Delivered;
use crate::memory::{Fault, Memory, Place, Request};
use crate::provider::script::Script;

/// Which rows are sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Which {
    /// Those whose request differs from the one last accepted.
    Different,
    /// All of them.
    All,
}

/// What a run goes by when it decides which rows are sent.
#[derive(Debug)]
pub struct Recall<'a> {
    /// What is remembered of the account.
    pub memory: &'a Memory,
    /// The rows of the file that are about the same contact.
    pub twins: Twins,
    /// Which rows are sent.
    pub which: Which,
}

/// What becomes of a row.
#[derive(Debug)]
pub(super) enum Turn<'a> {
    /// The account has it.
    Unchanged,
    /// It is sent, and noted by this mark where it can be remembered.
    Send(Option<Mark<'a>>),
}

/// Where a row that is sent is remembered.
#[derive(Debug)]
pub(super) struct Mark<'a> {
    memory: &'a Memory,
    place: Place,
    request: Request,
    needs: Needs,
}

/// What has to be noted before a row is sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Needs {
    Nothing,
    Doubt,
}

impl<'a> Recall<'a> {
    /// Takes the next row about a contact, as it would be sent by this script.
    ///
    /// Who has to be found first is not remembered: without an id nobody can tell whether two rows are about one person.
    pub(super) fn look(
        &mut self,
        contact: &Contact,
        script: &Script<'_>,
    ) -> Result<Turn<'a>, Fault> {
        if contact.id.is_empty() {
            return Ok(Turn::Send(None));
        }
        let memory = self.memory;
        let standing = self.twins.next(&contact.id);
        let place = memory.place(&contact.id, standing.ordinal);
        let request = request(contact, script);
        let mark = |needs| Mark {
            memory,
            place,
            request,
            needs,
        };
        if standing.touched {
            return Ok(Turn::Send(Some(mark(Needs::Doubt))));
        }
        let known = memory.recall(place)?;
        let same = known.request == Some(request);
        let overtaken = standing.last && known.later;
        if same && !overtaken && self.which == Which::Different {
            return Ok(Turn::Unchanged);
        }
        self.twins.touch(&contact.id);
        let untrue = (known.anything && !same) || known.later;
        let needs = match standing.ordinal > 0 || untrue {
            true => Needs::Doubt,
            false => Needs::Nothing,
        };
        Ok(Turn::Send(Some(mark(needs))))
    }

    /// Takes the next row about a contact, which is not sent for reasons of its own.
    pub(super) fn pass(&mut self, contact: &Contact) {
        if !contact.id.is_empty() {
            self.twins.next(&contact.id);
        }
    }
}

/// All that would be said to the account about a contact.
fn request(contact: &Contact, script: &Script<'_>) -> Request {
    let calls = script.preview(contact);
    let mut parts: Vec<&[u8]> = Vec::with_capacity(3 * calls.len());
    for call in &calls {
        parts.push(call.method.word().as_bytes());
        parts.push(call.target.as_bytes());
        parts.push(&call.body);
    }
    let tags = match contact.tags.is_empty() {
        true => String::new(),
        false => format!("{:?}", contact.tags),
    };
    parts.push(tags.as_bytes());
    Request::of(&parts)
}

impl Mark<'_> {
    /// Before the row is sent.
    pub(super) async fn before(&self) -> Result<(), Fault> {
        match self.needs {
            Needs::Nothing => Ok(()),
            Needs::Doubt => self.memory.doubt(self.place).await,
        }
    }

    /// After it was sent: what was accepted is remembered, everything else is only counted.
    pub(super) async fn after(&self, delivered: &Delivered) -> Result<(), Fault> {
        let requests = delivered.attempts;
        match delivered.verdict.fate {
            Fate::Updated | Fate::Created | Fate::Unchanged => {
                self.memory.accept(self.place, self.request, requests).await
            }
            _ => self.memory.spend(requests).await,
        }
    }

    /// The requests that the account was asked today by others.
    pub(super) fn spent_elsewhere(&self) -> u64 {
        self.memory.spent_elsewhere()
    }
}
