//! What is seen in a row before it is sent: whether it is settled without a request, and whether the account has it already.
//!
//! Rows that will be sent are looked at a stretch ahead, because one look at what is remembered costs several times as much
//! alone as among others. Nothing is decided here: what was seen counts from the moment the row is taken.

use std::collections::VecDeque;
use std::vec::IntoIter;

use super::mark::Mark;
use super::recall::{Recall, Turn};
use super::river::{Course, Sending};
use super::traveller::Traveller;
use crate::contact::{Fate, Verdict};
use crate::delivery::brake::Brake;
use crate::mapping::apply::Applied;
use crate::memory::Fault;

/// So many rows are looked at together.
const STRETCH: usize = 64;

/// Why a row gives way to a later one.
const SUPERSEDED: &str = "a later row about this contact was accepted before, so that this older one is not sent; `--force` sends it all the same";

/// Why a row that was left is left to a person again.
const OLDER: &str = "another row about this contact was accepted, which may be the later one, and this one would overwrite what that says; delete it here, or add `--force` to send it all the same";

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
    ahead: VecDeque<(Box<Traveller>, Sight<'a>)>,
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

    /// The next row, and what is seen in it.
    pub(super) fn next(
        &mut self,
        rows: &mut IntoIter<Box<Traveller>>,
        brake: &Brake,
    ) -> Option<(Box<Traveller>, Sight<'a>)> {
        let over = brake.is_pulled();
        if let (Sending::Wet(..), true, false) = (&self.course.sending, self.is_empty(), over) {
            for mut traveller in rows.take(STRETCH) {
                let sight = self.look(&mut traveller);
                self.ahead.push_back((traveller, sight));
            }
        }
        if let Some(seen) = self.ahead.pop_front() {
            return Some(seen);
        }
        let mut traveller = rows.next()?;
        let sight = match over {
            true => Sight::Unseen,
            false => self.look(&mut traveller),
        };
        Some((traveller, sight))
    }

    fn look(&mut self, traveller: &mut Traveller) -> Sight<'a> {
        let course = self.course;
        let applied = traveller.applied(course.mapping);
        let (contact, was_sent) = (&traveller.contact, traveller.row.was_sent);
        match (applied, &mut self.recall) {
            (Applied::Ready, None) => Sight::Ready(None),
            (Applied::Settled(verdict), None) => Sight::Settled(verdict),
            (Applied::Settled(verdict), Some(recall)) => {
                recall.pass(contact);
                Sight::Settled(verdict)
            }
            (Applied::Ready, Some(recall)) => match recall.look(contact, was_sent, course.script) {
                Ok(Turn::Send(mark)) => Sight::Ready(mark),
                Ok(Turn::Unchanged(contact_id)) => Sight::Settled(Verdict {
                    contact_id,
                    ..Verdict::plain(Fate::Unchanged)
                }),
                Ok(Turn::Superseded(contact_id)) => Sight::Settled(Verdict {
                    contact_id,
                    ..Verdict::because(Fate::Skipped, "superseded", SUPERSEDED)
                }),
                Ok(Turn::Older(contact_id)) => Sight::Settled(Verdict {
                    contact_id,
                    ..Verdict::because(Fate::Invalid, "older-row", OLDER)
                }),
                Err(fault) => Sight::Nothing(fault),
            },
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
