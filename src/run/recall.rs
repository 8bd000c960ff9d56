//! What need not be sent: holds every request against what the account last accepted, and sees to it that what is
//! remembered is never better than what is true.
//!
//! The rule for row *k* of the *n* rows about a contact: it is unchanged when the same request was accepted for row *k*,
//! no earlier row of the contact is sent in this run, and, for the last row, nothing is remembered of a later one. Before
//! a request leaves that would make what is remembered untrue, a doubt takes its place; so whatever kills the run, and
//! whatever the file says next time, no memory of an older value can hide a newer one.
//!
//! A row that was not accepted, of whose contact a later row was, is superseded and not sent: the account would have the
//! older values until the later row has gone once more, and for good where the run stops before. Where no later row says
//! everything that it says, something would be lost; then it is sent, and the later ones after it.
//!
//! In an `errors.csv` that is fed back the rows that were accepted are missing: where the others have their places is told
//! by `left`. The later row is not there to be held against an older one, or to go once more: a person has to
//! say what becomes of that one.
//!
//! A contact is its id here, whatever rows know it by: what they know it by leads to the id, and what was accepted last is
//! remembered for that. So a change that came by another key, or by the id, is never overlooked. Should two rows of a file
//! that know a contact differently lead to one id, it belongs to the one that is known to lead there first: one that an
//! earlier run has met may come before one that has to be looked for. The other one fails, and nothing of it is sent.

use super::left::{Left, PlaceLeft};
use super::mark::{Mark, Whom};
use super::twins::{Standing, Twins};
use crate::contact::{Contact, TagChange};
use crate::memory::{Fault, Memory, People, Place, Recalled, Request};
use crate::provider::call::{Call, Purpose};
use crate::provider::script::{Claim, Script};

/// Which rows are sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Which {
    /// Those whose request differs from the one last accepted.
    Different,
    /// All of them.
    All,
}

/// What a run is given.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum File {
    /// All rows there are.
    Whole,
    /// The rows that an earlier run has left to a person.
    Left,
}

/// What a run goes by when it decides which rows are sent.
#[derive(Debug)]
pub struct Recall<'a> {
    pub(super) memory: &'a Memory,
    people: Option<&'a People>,
    twins: Twins,
    which: Which,
    file: File,
    left: Left,
}

/// What becomes of a row.
#[derive(Debug)]
pub(super) enum Turn<'a> {
    /// The account has it, under this id where it is known.
    Unchanged(String),
    /// The account has a later one about the same contact, under this id where it is known.
    Superseded(String),
    /// The same, and nobody knows whether that says as much.
    Older(String),
    /// It is sent, and noted by this mark where it can be remembered.
    Send(Option<Box<Mark<'a>>>),
}

impl<'a> Recall<'a> {
    /// Goes by what is remembered of the account, everybody in it where it cannot be asked for one of them, and the rows of
    /// the file that are about the same contact.
    #[must_use]
    pub fn new(
        memory: &'a Memory,
        people: Option<&'a People>,
        twins: Twins,
        which: Which,
        file: File,
    ) -> Self {
        Self {
            memory,
            people,
            twins,
            which,
            file,
            left: Left::default(),
        }
    }

    /// Takes the next row about a contact, as it would be sent by this script; a report may say that it was sent before.
    pub(super) fn look(
        &mut self,
        contact: &Contact,
        was_sent: bool,
        script: &Script<'_>,
    ) -> Result<Turn<'a>, Fault> {
        let identity = contact.identity();
        if identity.is_empty() {
            return Ok(Turn::Send(None));
        }
        let standing = self.twins.next(&identity);
        let calls = script.preview(contact);
        let request = request(contact, &calls);
        let left = match self.file {
            File::Whole => None,
            File::Left => Some(self.place_left(contact, script, request, standing, was_sent)?),
        };
        let ordinal = left.map_or(standing.ordinal, |left| left.ordinal);
        let place = self.place(contact, ordinal);
        let send = |recalled| {
            let whom = Whom::of(self.memory, contact, place, recalled);
            Mark::new(self.memory, self.people, request, ordinal, whom)
                .among(standing.rows)
                .changing(script.change_among(contact, calls))
        };
        if standing.touched {
            return Ok(Turn::Send(Some(Box::new(send(Recalled::default())))));
        }
        let (id, recalled) = self.recalled(contact, script, ordinal, place)?;
        let same = recalled.request == Some(request);
        let overtaken = standing.is_last() && recalled.later;
        match (self.which, self.file) {
            (Which::Different, _) if same && !overtaken => return Ok(Turn::Unchanged(id)),
            (Which::Different, File::Whole) if recalled.newer && standing.covered => {
                return Ok(Turn::Superseded(id));
            }
            (Which::Different, File::Left)
                if recalled.newer || left.is_some_and(|left| left.is_older) =>
            {
                return Ok(Turn::Older(id));
            }
            _ => {}
        }
        let mark = send(recalled);
        self.twins.touch(&identity);
        let alone = ordinal == 0 && standing.is_last() && !recalled.later;
        let had = recalled
            .request
            .is_some_and(|own| own.has_tags_of(&request));
        let tagged = match alone && had && self.which == Which::Different {
            true => contact.tags.clone(),
            false => TagChange::default(),
        };
        Ok(Turn::Send(Some(Box::new(mark.tagged(tagged)))))
    }

    /// Where a row about a contact is remembered, if it has the contact's id.
    fn place(&self, contact: &Contact, ordinal: u32) -> Option<Place> {
        let id = contact.id.as_str();
        (!id.is_empty()).then(|| self.memory.place(id, ordinal))
    }

    /// The contact's id, where it is known, and what is remembered of a row about it.
    fn recalled(
        &self,
        contact: &Contact,
        script: &Script<'_>,
        ordinal: u32,
        place: Option<Place>,
    ) -> Result<(String, Recalled), Fault> {
        let memory = self.memory;
        if let Some(place) = place {
            return Ok((contact.id.clone(), memory.recall(place)?));
        }
        let identity = contact.identity();
        let (person, recalled) = memory.meet(memory.known(&identity), ordinal)?;
        // Also a row that is not sent has its contact for itself.
        let ours = !person.id.is_empty() && script.claim(&person.id, &identity) == Claim::Ours;
        Ok(match ours {
            true => (person.id, recalled),
            false => Default::default(),
        })
    }

    /// The place of one of the rows that were left among all rows about its contact.
    fn place_left(
        &mut self,
        contact: &Contact,
        script: &Script<'_>,
        request: Request,
        standing: Standing,
        was_sent: bool,
    ) -> Result<PlaceLeft, Fault> {
        let mut left = std::mem::take(&mut self.left);
        let recall = |ordinal| {
            let place = self.place(contact, ordinal);
            Ok(self.recalled(contact, script, ordinal, place)?.1)
        };
        let place = left.place(&contact.identity(), standing, (request, was_sent), recall);
        self.left = left;
        place
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
fn request(contact: &Contact, calls: &[Call]) -> Request {
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
