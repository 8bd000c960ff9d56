//! Where the rows of an `errors.csv` that is fed back have their places among all rows about their contact.
//!
//! The rows that were accepted are missing there, so that a row's place cannot be counted. It is told from what is
//! remembered. A place that is in doubt was sent and not accepted, so that its row was left: those are taken first, and of
//! more than there are rows the last ones, because earlier ones have given way to them. Rows that were left unsent, or that
//! failed before anything was remembered of their contact, leave no trace: what is left over takes the places that nothing
//! is remembered for, from the first on, so that an older row is rather asked about than sent. A row whose own request is
//! remembered was accepted since, and has that place; unless it stands before doubts enough for all rows, and is another
//! row's that said the same.

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

impl Left {
    /// The place of the next row about a contact, from 0, where this is remembered of the places there are.
    pub(super) fn place(
        &mut self,
        contact: &str,
        standing: Standing,
        request: Request,
        recall: impl FnMut(u32) -> Result<Recalled, Fault>,
    ) -> Result<u32, Fault> {
        if standing.rows == 1 {
            return Ok(Places::remembered(recall)?.take(standing, request));
        }
        let contact = key(&contact);
        // What the first of the rows finds counts for all of them: soon the others' doubts and answers stand there.
        let places = match self.contacts.remove(&contact) {
            Some(places) => places,
            None => Places::remembered(recall)?,
        };
        let places = self.contacts.entry(contact).or_insert(places);
        Ok(places.take(standing, request))
    }
}

/// The places of one contact, each list in order.
#[derive(Debug, Default)]
struct Places {
    accepted: Vec<(u32, Request)>,
    doubts: Vec<u32>,
    nothing: Vec<u32>,
    /// The place after all of them.
    end: u32,
    /// So many rows were accepted since.
    found: usize,
    /// The places of those that were not, and how many had been found when they were told.
    open: Option<(usize, Vec<u32>)>,
}

impl Places {
    fn remembered(mut recall: impl FnMut(u32) -> Result<Recalled, Fault>) -> Result<Self, Fault> {
        let mut places = Self::default();
        for ordinal in 0.. {
            let recalled = recall(ordinal)?;
            match recalled.request {
                Some(own) => places.accepted.push((ordinal, own)),
                None if recalled.anything => places.doubts.push(ordinal),
                None => places.nothing.push(ordinal),
            }
            places.end = ordinal + 1;
            if !recalled.later {
                break;
            }
        }
        Ok(places)
    }

    fn take(&mut self, standing: Standing, request: Request) -> u32 {
        let rows = (standing.rows as usize).saturating_sub(self.found);
        let at = (standing.ordinal as usize).saturating_sub(self.found);
        let known = self.open.take().filter(|(found, _)| *found == self.found);
        let (_, open) = self
            .open
            .insert(known.unwrap_or_else(|| (self.found, self.open_for(rows))));
        // There is one for each row, unless the rows have not been counted right.
        let open = open.get(at).copied().unwrap_or(self.end);
        // With a doubt for every row, what was accepted before it is an earlier row's that said the same.
        let all_in_doubt = rows <= self.doubts.len();
        let since = |place: u32| !all_in_doubt || place > open;
        let own = |(place, own): &(u32, Request)| *own == request && since(*place);
        match self.accepted.iter().position(own) {
            Some(own) => {
                self.found += 1;
                self.accepted.remove(own).0
            }
            None => open,
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
