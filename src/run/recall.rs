//! What need not be sent: holds every request against what the account last accepted, and sees to it that what is
//! remembered is never better than what is true.
//!
//! The rule for row *k* of the *n* rows about a contact: it is unchanged when the same request was accepted for row *k*,
//! no earlier row of the contact is sent in this run, and, for the last row, nothing is remembered of a later one. Before
//! a request leaves that would make what is remembered untrue, a doubt takes its place; so whatever kills the run, and
//! whatever the file says next time, no memory of an older value can hide a newer one.

use std::cell::RefCell;

use super::twins::Twins;
use crate::contact::{Contact, Fate, TagChange};
use crate::delivery::{Delivered, Witness};
use crate::memory::{Fault, Memory, People, Person, Place, Request};
use crate::provider::call::Purpose;
use crate::provider::exchange::Remembered;
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
    /// Everybody in the account, where it cannot be asked for one of them.
    pub people: Option<&'a People>,
    /// The rows of the file that are about the same contact.
    pub twins: Twins,
    /// Which rows are sent.
    pub which: Which,
}

/// What becomes of a row.
#[derive(Debug)]
pub(super) enum Turn<'a> {
    /// The account has it, under this id where it is known.
    Unchanged(String),
    /// It is sent, and noted by this mark where it can be remembered.
    Send(Option<Mark<'a>>),
}

/// Where a row that is sent is remembered.
#[derive(Debug)]
pub(super) struct Mark<'a> {
    memory: &'a Memory,
    people: Option<&'a People>,
    place: Place,
    request: Request,
    needs: Needs,
    tags: Tags,
    /// What the contact is known by, where that is not its id.
    known_by: Vec<String>,
    /// Why it could not be written down that a contact is about to be created.
    fault: RefCell<Option<Fault>>,
}

/// Whether the contact's tags are spoken of again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Tags {
    /// They are part of what is sent.
    Sent,
    /// The account has accepted just these before.
    Settled,
}

/// What has to be noted before a row is sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Needs {
    Nothing,
    Doubt,
}

impl<'a> Recall<'a> {
    /// Takes the next row about a contact, as it would be sent by this script.
    pub(super) fn look(
        &mut self,
        contact: &Contact,
        script: &Script<'_>,
    ) -> Result<Turn<'a>, Fault> {
        let identity = contact.identity();
        if identity.is_empty() {
            return Ok(Turn::Send(None));
        }
        let memory = self.memory;
        let standing = self.twins.next(&identity);
        let place = memory.place(&identity, standing.ordinal);
        let request = request(contact, script);
        let people = self.people;
        let mark = |needs| Mark {
            memory,
            people,
            place,
            request,
            needs,
            tags: Tags::Sent,
            known_by: known_by(contact),
            fault: RefCell::default(),
        };
        if standing.touched {
            return Ok(Turn::Send(Some(mark(Needs::Doubt))));
        }
        let known = memory.recall(place)?;
        let same = known.request == Some(request);
        let overtaken = standing.last && known.later;
        if same && !overtaken && self.which == Which::Different {
            let id = match contact.id.is_empty() {
                true => memory.person(place)?.id,
                false => contact.id.clone(),
            };
            return Ok(Turn::Unchanged(id));
        }
        self.twins.touch(&identity);
        let untrue = (known.anything && !same) || known.later;
        let needs = match standing.ordinal > 0 || untrue {
            true => Needs::Doubt,
            false => Needs::Nothing,
        };
        let alone = standing.ordinal == 0 && standing.last && !known.later;
        let had = known.request.is_some_and(|own| own.has_tags_of(&request));
        let tags = match alone && had && self.which == Which::Different {
            true => Tags::Settled,
            false => Tags::Sent,
        };
        Ok(Turn::Send(Some(Mark {
            tags,
            ..mark(needs)
        })))
    }

    /// Takes the next row about a contact, which is not sent for reasons of its own.
    pub(super) fn pass(&mut self, contact: &Contact) {
        let identity = contact.identity();
        if !identity.is_empty() {
            self.twins.next(&identity);
        }
    }
}

/// All that would be said to the account about a contact.
fn request(contact: &Contact, script: &Script<'_>) -> Request {
    let calls = script.preview(contact);
    let mut parts: Vec<&[u8]> = Vec::with_capacity(3 * calls.len());
    for call in calls.iter().filter(|call| call.purpose != Purpose::Tag) {
        parts.push(call.method.word().as_bytes());
        parts.push(call.target.as_bytes());
        parts.push(&call.body);
    }
    let tags = match contact.tags.is_empty() {
        true => String::new(),
        false => format!("{:?}", contact.tags),
    };
    Request::of(&parts, &[contact.identity().as_bytes(), tags.as_bytes()])
}

/// What a contact is known by where that is not its id, key by key.
fn known_by(contact: &Contact) -> Vec<String> {
    match contact.id.is_empty() {
        false => Vec::new(),
        true => {
            let known = contact.known_by.iter();
            known
                .map(|(word, value)| People::known(word, value))
                .collect()
        }
    }
}

impl Witness for Mark<'_> {
    async fn before_create(&self) -> bool {
        let person = Person {
            creating: true,
            ..Person::default()
        };
        match self.memory.meet(self.place, person).await {
            Ok(()) => true,
            Err(fault) => {
                self.fault.replace(Some(fault));
                false
            }
        }
    }
}

impl Mark<'_> {
    /// What is left to say about the contact.
    pub(super) fn left_of(&self, mut contact: Contact) -> Contact {
        if self.tags == Tags::Settled {
            contact.tags = TagChange::default();
        }
        contact
    }

    /// Before the row is sent.
    pub(super) async fn before(&self) -> Result<(), Fault> {
        match self.needs {
            Needs::Nothing => Ok(()),
            Needs::Doubt => self.memory.doubt(self.place).await,
        }
    }

    /// What an earlier run found out about a contact that is known by something else than its id.
    pub(super) fn remembered(&self) -> Result<Remembered, Fault> {
        if self.known_by.is_empty() {
            return Ok(Remembered::default());
        }
        let person = self.memory.person(self.place)?;
        let mut listed = None;
        if let Some(people) = self.people {
            let mut ids: Vec<String> = Vec::new();
            for known in &self.known_by {
                for id in people.find(known).map_err(Fault::people)? {
                    if !ids.contains(&id) {
                        ids.push(id);
                    }
                }
            }
            listed = Some(ids);
        }
        Ok(Remembered {
            id: person.id,
            in_doubt: person.creating,
            listed,
        })
    }

    /// Keeps who it was, or that nobody was created after all; only where no answer came that stays open.
    async fn met(&self, delivered: &Delivered) -> Result<(), Fault> {
        let verdict = &delivered.verdict;
        if self.known_by.is_empty() || delivered.attempts == 0 || verdict.fate == Fate::Unknown {
            return Ok(());
        }
        let id = verdict.contact_id.clone();
        if let (Some(people), Fate::Created) = (self.people, verdict.fate) {
            for known in &self.known_by {
                people.add(known, &id).map_err(Fault::people)?;
            }
        }
        let person = Person {
            id,
            creating: false,
        };
        match person == Person::default() && !self.memory.person(self.place)?.creating {
            true => Ok(()),
            false => self.memory.meet(self.place, person).await,
        }
    }

    /// After it was sent: what was accepted is remembered, everything else is only counted.
    pub(super) async fn after(&self, delivered: &Delivered) -> Result<(), Fault> {
        if let Some(fault) = self.fault.take() {
            return Err(fault);
        }
        self.met(delivered).await?;
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
