//! What is seen in a row before it travels: the contact that it becomes, and whether the account has it already.
//!
//! Rows that will be sent are looked at a stretch ahead, because one look at what is remembered costs several times as much
//! alone as among others. Nothing is decided here: what was seen counts from the moment the row is taken.

use std::collections::VecDeque;
use std::vec::IntoIter;

use super::mark::Mark;
use super::recall::{Recall, Turn};
use super::river::{Course, Sending};
use crate::contact::{Contact, Fate, Row, Verdict};
use crate::delivery::brake::Brake;
use crate::mapping::apply::Applied;
use crate::memory::Fault;

/// So many rows are looked at together.
const STRETCH: usize = 64;

/// What is seen in a row.
#[derive(Debug)]
pub(super) enum Sight<'a> {
    /// It is settled without a request.
    Settled(Verdict),
    /// Its contact is ready, and is remembered there, in a run that remembers.
    Ready(Option<Box<Mark<'a>>>),
    /// Nothing can be looked up any more.
    Nothing(Fault),
    /// The run is over; nobody has looked.
    Unseen,
}

/// Looks at rows.
#[derive(Debug)]
pub(super) struct Lookout<'c, 'a, W> {
    course: &'c Course<'a, W>,
    recall: Option<Recall<'a>>,
    /// Rows that were looked at and wait for room.
    ahead: VecDeque<(Row, Contact, Sight<'a>)>,
}

impl<'c, 'a, W> Lookout<'c, 'a, W> {
    pub(super) fn new(course: &'c Course<'a, W>, recall: Option<Recall<'a>>) -> Self {
        Self {
            course,
            recall,
            ahead: VecDeque::new(),
        }
    }

    /// Whether no row waits that was looked at.
    pub(super) fn is_empty(&self) -> bool {
        self.ahead.is_empty()
    }

    /// The next row, what is seen in it, and the contact that it is about.
    pub(super) fn next(
        &mut self,
        rows: &mut IntoIter<Row>,
        contact: &mut Contact,
        brake: &Brake,
    ) -> Option<(Row, Sight<'a>)> {
        let over = brake.is_pulled();
        if let (Sending::Wet(..), true, false) = (&self.course.sending, self.is_empty(), over) {
            for row in rows.take(STRETCH) {
                let mut contact = Contact::default();
                let sight = self.look(&row, &mut contact);
                self.ahead.push_back((row, contact, sight));
            }
        }
        if let Some((row, own, sight)) = self.ahead.pop_front() {
            *contact = own;
            return Some((row, sight));
        }
        let row = rows.next()?;
        let sight = match over {
            true => Sight::Unseen,
            false => self.look(&row, contact),
        };
        Some((row, sight))
    }

    fn look(&mut self, row: &Row, contact: &mut Contact) -> Sight<'a> {
        let applied = self.course.mapping.apply(row, contact);
        let Some(recall) = &mut self.recall else {
            return match applied {
                Applied::Settled(verdict) => Sight::Settled(verdict),
                Applied::Ready => Sight::Ready(None),
            };
        };
        if let Applied::Settled(verdict) = applied {
            recall.pass(contact);
            return Sight::Settled(verdict);
        }
        match recall.look(contact, self.course.script) {
            Ok(Turn::Send(mark)) => Sight::Ready(mark),
            Ok(Turn::Unchanged(contact_id)) => Sight::Settled(Verdict {
                contact_id,
                ..Verdict::plain(Fate::Unchanged)
            }),
            Err(fault) => Sight::Nothing(fault),
        }
    }

    /// Ends a stretch of looks; nothing is waited for before.
    pub(super) fn rest(&self) -> Result<(), Fault> {
        match &self.recall {
            Some(recall) => recall.memory.rest(),
            None => Ok(()),
        }
    }
}
