//! Rows about the same contact in one file: how many there are, and which of them a row is.
//!
//! One pass over the file before anything is sent; afterwards only the contacts with more than one row take memory. A
//! contact is known by a hash here: should two share one, they count as one, and a row may be sent once more than needed.

use std::hash::{DefaultHasher, Hash, Hasher};
use std::panic::resume_unwind;
use std::sync::mpsc::{self, Receiver, Sender};
use std::thread;

use crate::contact::{Contact, Row};
use crate::mapping::apply::Bound;
use crate::source::{Rows, Unreadable};

/// So many rows are read together …
const ROWS: usize = 64;
/// … unless they are so long, so that rows of a megabyte do not pile up.
const BYTES: usize = 256 * 1024;
/// So many batches are on their way.
const BATCHES: usize = 4;

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
    /// The file cannot be read to its end, or the system has no thread to give.
    pub fn find(rows: Rows, mapping: &Bound<'_>, count: u64) -> Result<Self, Unreadable> {
        let mut ids = Vec::with_capacity(usize::try_from(count).unwrap_or(0));
        let mut contact = Contact::default();
        let (full, read) = mpsc::channel();
        let (seen, empty) = mpsc::channel();
        for _ in 0..BATCHES {
            // Rows are read into those that were looked at: nothing is made or thrown away in between.
            let _ = seen.send(vec![Row::default(); ROWS]);
        }
        let reader = thread::Builder::new()
            .name("twins".into())
            .spawn(move || read_all(rows, &empty, &full))
            .map_err(|source| Unreadable::Read { offset: 0, source })?;
        for (batch, count) in read {
            for row in &batch[..count] {
                if mapping.id_of(row, &mut contact) {
                    ids.push(hash(&contact.identity()));
                }
            }
            // Nobody wants it back when all has been read.
            let _ = seen.send(batch);
        }
        match reader.join() {
            Ok(read) => read?,
            Err(panic) => resume_unwind(panic),
        }
        Ok(Self::among(ids))
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
        let contact = hash(contact);
        let at = self
            .contacts
            .binary_search_by_key(&contact, |own| own.contact);
        at.ok().map(|at| &mut self.contacts[at])
    }
}

/// Reads rows to the end of the file, batch by batch into those that come back empty.
fn read_all(
    mut rows: Rows,
    empty: &Receiver<Vec<Row>>,
    full: &Sender<(Vec<Row>, usize)>,
) -> Result<(), Unreadable> {
    for mut batch in empty {
        if batch.iter().map(Row::size).sum::<usize>() > BYTES {
            batch.fill(Row::default());
        }
        let (mut count, mut bytes, mut more) = (0, 0, true);
        while more && count < batch.len() && bytes < BYTES {
            more = rows.read(&mut batch[count])?;
            bytes += batch[count].size();
            count += usize::from(more);
        }
        if full.send((batch, count)).is_err() || !more {
            break;
        }
    }
    Ok(())
}

fn hash(id: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    id.hash(&mut hasher);
    hasher.finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_about_one_contact_are_told_apart_by_their_order() {
        let ids = ["a", "b", "a", "c", "a", "b"];
        let mut twins = Twins::among(ids.iter().map(|id| hash(id)).collect());
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
        let mut twins = Twins::among([hash("a"), hash("b"), hash("a"), hash("b")].into());
        twins.next("a");
        twins.touch("a");
        assert!(twins.next("a").touched);
        twins.next("b");
        assert!(!twins.next("b").touched);
    }
}
