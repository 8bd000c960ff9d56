//! Rows about the same contact in one file: how many there are, and which of them a row is.
//!
//! One pass over the file before anything is sent; afterwards only the contacts with more than one row take memory. A
//! contact is known by a hash here: should two share one, they count as one, and a row may be sent once more than needed.

use std::io;

use super::ahead;
use super::lanes::key;
use super::traveller::Traveller;
use crate::mapping::apply::Bound;
use crate::source::{Rows, Unreadable};

/// The contacts that more than one row is about.
#[derive(Debug, Default)]
pub struct Twins {
    /// By hash, in order.
    contacts: Vec<Several>,
}

#[derive(Debug)]
struct Several {
    contact: u64,
    rows: u32,
    met: u32,
    touched: bool,
}

/// Which of the rows about its contact a row is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Standing {
    /// Its place among them, from 0.
    pub ordinal: u32,
    /// Whether none comes after it.
    pub last: bool,
    /// Whether one before it is sent in this run.
    pub touched: bool,
}

impl Standing {
    const ALONE: Self = Self {
        ordinal: 0,
        last: true,
        touched: false,
    };
}

impl Twins {
    /// Finds them in all rows of a file, which is read on a thread of its own meanwhile.
    ///
    /// # Errors
    ///
    /// The system has no thread to give; or, inside, the file cannot be read to its end.
    pub fn find(
        rows: Rows,
        mapping: &Bound<'_>,
        count: u64,
    ) -> io::Result<Result<Self, Unreadable>> {
        let mut ids = Vec::with_capacity(usize::try_from(count).unwrap_or(0));
        ahead::along(rows, None, u64::MAX, |mut rows| {
            while let Some(batch) = rows.batches.blocking_recv() {
                for mut traveller in batch.travellers {
                    let Traveller { row, contact, .. } = &mut *traveller;
                    if mapping.id_of(row, contact) {
                        ids.push(key(&contact.identity()));
                    }
                    rows.home.come(traveller);
                }
                if let Some(broken) = batch.broken {
                    return Err(broken);
                }
            }
            Ok(Self::among(ids))
        })
    }

    fn among(mut ids: Vec<u64>) -> Self {
        ids.sort_unstable();
        let several = ids.chunk_by(|one, next| one == next);
        let several = several.filter(|rows| rows.len() > 1);
        let contacts = several.map(|rows| Several {
            contact: rows[0],
            rows: u32::try_from(rows.len()).unwrap_or(u32::MAX),
            met: 0,
            touched: false,
        });
        Self {
            contacts: contacts.collect(),
        }
    }

    /// Takes the next row about a contact.
    pub fn next(&mut self, contact: &str) -> Standing {
        let Some(several) = self.several(contact) else {
            return Standing::ALONE;
        };
        let ordinal = several.met;
        several.met = several.met.saturating_add(1);
        Standing {
            ordinal,
            last: several.met >= several.rows,
            touched: several.touched,
        }
    }

    /// Notes that a row about a contact is sent.
    pub fn touch(&mut self, contact: &str) {
        if let Some(several) = self.several(contact) {
            several.touched = true;
        }
    }

    fn several(&mut self, contact: &str) -> Option<&mut Several> {
        if self.contacts.is_empty() {
            return None;
        }
        let contact = key(&contact);
        let at = self
            .contacts
            .binary_search_by_key(&contact, |own| own.contact);
        at.ok().map(|at| &mut self.contacts[at])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_about_one_contact_are_told_apart_by_their_order() {
        let ids = ["a", "b", "a", "c", "a", "b"];
        let mut twins = Twins::among(ids.iter().map(key).collect());
        assert_eq!(twins.contacts.len(), 2);
        let seen: Vec<(u32, bool)> = ids
            .iter()
            .map(|id| twins.next(id))
            .map(|standing| (standing.ordinal, standing.last))
            .collect();
        let expected = [
            (0, false),
            (0, false),
            (1, false),
            (0, true),
            (2, true),
            (1, true),
        ];
        assert_eq!(seen, expected);
    }

    #[test]
    fn a_row_knows_that_an_earlier_one_of_its_contact_is_sent() {
        let mut twins = Twins::among([key(&"a"), key(&"b"), key(&"a"), key(&"b")].into());
        twins.next("a");
        twins.touch("a");
        assert!(twins.next("a").touched);
        twins.next("b");
        assert!(!twins.next("b").touched);
    }
}
