//! Where the rows of an `errors.csv` that is fed back have their places among all rows about their contact.
//!
//! The rows that were accepted are missing there, and a person may have left out others, so that a row's place cannot be
//! counted. It is told from what is remembered. A row that was sent and not accepted has left a doubt: of more doubts than
//! there are rows the last ones are taken, because earlier ones have mostly given way. Rows that were never sent leave no
//! trace: they take the places that nothing is remembered for, from the first on. A row whose own request is the last one
//! that was accepted was accepted since, and has that place; unless that stands before doubts enough for all rows, and is
//! another row's that said the same. An earlier one has been overwritten, and is no more in the account.
//!
//! That may be wrong, and costs a request or two where it is. What must not happen is that a row is sent over a newer one:
//! so it is older, for all that is known, where another row was accepted behind the first place that it could have. For a
//! row that was sent that is the first doubt that no row before it has; for any other it is the first place of all.

use std::collections::HashMap;

use super::lanes::key;
use super::twins::Standing;
use crate::memory::{Fault, Recalled, Request};

/// The places of all rows that were left, contact by contact, where there are several about one.
#[derive(Debug, Default)]
pub(super) struct Left {
    /// By the hash of whom they are about.
    contacts: HashMap<u64, Places>,
}

/// A place, as far as it can be told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct PlaceLeft {
    /// Where it is among all rows about the contact, from 0.
    pub(super) ordinal: u32,
    /// Whether a row that was accepted may be a later one.
    pub(super) is_older: bool,
}

impl Left {
    /// The place of the next row about a contact, which asks for this and may have been sent before, where this is
    /// remembered of the places there are.
    pub(super) fn place(
        &mut self,
        contact: &str,
        standing: Standing,
        row: (Request, bool),
        recall: impl FnMut(u32) -> Result<Recalled, Fault>,
    ) -> Result<PlaceLeft, Fault> {
        if standing.rows == 1 {
            return Ok(Places::remembered(recall)?.take(standing, row));
        }
        let contact = key(&contact);
        // What the first of the rows finds counts for all of them: soon the others' doubts and answers stand there.
        let places = match self.contacts.remove(&contact) {
            Some(places) => places,
            None => Places::remembered(recall)?,
        };
        let places = self.contacts.entry(contact).or_insert(places);
        Ok(places.take(standing, row))
    }
}

/// The places of one contact, each list in order.
#[derive(Debug, Default)]
struct Places {
    /// The last one at which a row was accepted, and what that asked for.
    accepted: Option<(u32, Request)>,
    doubts: Vec<u32>,
    nothing: Vec<u32>,
    /// The place after all of them.
    end: u32,
    /// Whether that row was met.
    found: bool,
    /// So many rows before this one were sent and not accepted.
    sent: usize,
    /// The places of those that were not accepted since, once they were told.
    open: Option<Vec<u32>>,
}

impl Places {
    fn remembered(mut recall: impl FnMut(u32) -> Result<Recalled, Fault>) -> Result<Self, Fault> {
        let mut places = Self::default();
        for place in 0.. {
            let recalled = recall(place)?;
            match recalled.request {
                Some(request) => places.accepted = Some((place, request)),
                None if recalled.anything => places.doubts.push(place),
                None => places.nothing.push(place),
            }
            places.end = place + 1;
            if !recalled.later {
                break;
            }
        }
        Ok(places)
    }

    fn take(&mut self, standing: Standing, (request, was_sent): (Request, bool)) -> PlaceLeft {
        let found = usize::from(self.found);
        let rows = (standing.rows as usize).saturating_sub(found);
        let at = (standing.ordinal as usize).saturating_sub(found);
        let places = self.open.take().unwrap_or_else(|| self.open_for(rows));
        // There is one for each row, unless the rows have not been counted right.
        let open = places.get(at).copied().unwrap_or(self.end);
        // With a doubt for every row, what was accepted before it is an earlier row's that said the same.
        let all_in_doubt = rows <= self.doubts.len();
        // Nor is it what the account has once a row before it was sent in this run.
        let own = self.accepted.filter(|(place, own)| {
            let since = !all_in_doubt || *place > open;
            *own == request && since && !self.found && !standing.touched
        });
        if let Some((ordinal, _)) = own {
            self.found = true;
            return PlaceLeft {
                ordinal,
                is_older: false,
            };
        }
        self.open = Some(places);
        let earliest = match was_sent {
            true => self.doubts.get(self.sent).or(self.doubts.last()),
            false => None,
        };
        let earliest = earliest.copied().unwrap_or(0);
        self.sent += usize::from(was_sent);
        PlaceLeft {
            ordinal: open,
            is_older: self.accepted.is_some_and(|(place, _)| place > earliest),
        }
    }

    /// The places of so many rows.
    fn open_for(&self, rows: usize) -> Vec<u32> {
        let Some(untold) = rows.checked_sub(self.doubts.len()) else {
            return self.doubts[self.doubts.len() - rows..].to_vec();
        };
        let untold = self.nothing.iter().copied().chain(self.end..).take(untold);
        let mut open: Vec<u32> = untold.chain(self.doubts.iter().copied()).collect();
        open.sort_unstable();
        open
    }
}
