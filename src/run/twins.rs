//! Rows about the same contact in one file: how many there are, which of them a row is, and whether a later one says all
//! that it says.
//!
//! One pass over the file before anything is sent, and a second one where there are such rows; afterwards only the contacts
//! with more than one row take memory. A contact is known by a hash here: should two share one, their rows count as those of
//! one.

use super::lanes::key;
use super::traveller::Traveller;
use crate::contact::{Contact, Fate, Verdict};
use crate::mapping::apply::{Applied, Bound};
use crate::source::{Rows, Unreadable};

/// So many later rows are held against a row, so that thousands about one contact do not take a minute.
const LATER: usize = 64;

/// The contacts that more than one row is about.
#[derive(Debug, Default)]
pub struct Twins {
    /// By hash, in order.
    contacts: Vec<Several>,
    /// Which of their rows say nothing that a later one does not say, contact by contact.
    covered: Vec<bool>,
}

#[derive(Debug)]
struct Several {
    contact: u64,
    /// Where its rows begin among those of all.
    first: u32,
    rows: u32,
    met: u32,
    touched: bool,
}

/// Which of the rows about its contact a row is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Standing {
    /// Its place among them, from 0.
    pub ordinal: u32,
    /// How many of them there are.
    pub rows: u32,
    /// Whether one before it is sent in this run.
    pub touched: bool,
    /// Whether a later one says something about everything that it says something about.
    pub covered: bool,
}

impl Standing {
    const ALONE: Self = Self {
        ordinal: 0,
        rows: 1,
        touched: false,
        covered: false,
    };

    /// Whether none comes after it.
    #[must_use]
    pub fn is_last(&self) -> bool {
        self.ordinal.saturating_add(1) >= self.rows
    }
}

/// What rows say of their contacts: bits, so many words a row.
struct Said {
    width: usize,
    words: Vec<u64>,
}

impl Said {
    /// It adds tags or takes some away, which no other row makes up for.
    const TAGS: usize = 0;
    /// It is refused, so that nobody knows what it says.
    const REFUSED: usize = 1;
    /// From here on, the fields by their slots.
    const FIELDS: usize = 2;

    fn new(rows: usize, slots: usize) -> Self {
        let width = (Self::FIELDS + slots).div_ceil(64);
        Self {
            width,
            words: vec![0; rows * width],
        }
    }

    fn put(&mut self, row: usize, bit: usize) {
        self.words[row * self.width + bit / 64] |= 1 << (bit % 64);
    }

    fn note(&mut self, row: usize, applied: &Applied, contact: &Contact) {
        if !contact.tags.is_empty() {
            self.put(row, Self::TAGS);
        }
        let refused = |verdict: &Verdict| verdict.fate == Fate::Invalid;
        if matches!(applied, Applied::Settled(verdict) if refused(verdict)) {
            self.put(row, Self::REFUSED);
        }
        for (slot, _) in contact.values() {
            self.put(row, Self::FIELDS + usize::from(slot));
        }
    }

    /// Whether nothing of what a row says is missing where another one is the last word.
    fn is_covered(&self, row: usize, by: usize) -> bool {
        let words = |row: usize| &self.words[row * self.width..][..self.width];
        let (own, other) = (words(row), words(by));
        let refused = other[0] & (1 << Self::REFUSED) != 0;
        let tags = own[0] & (1 << Self::TAGS) != 0;
        let mut both = own.iter().zip(other);
        refused || (!tags && both.all(|(own, other)| own & !other == 0))
    }
}

impl Twins {
    /// Finds them in all rows of a file, which is opened anew for every look at it.
    ///
    /// # Errors
    ///
    /// The file cannot be read to its end.
    pub fn find(
        open: impl Fn() -> Result<Rows, Unreadable>,
        mapping: &Bound<'_>,
        count: u64,
    ) -> Result<Self, Unreadable> {
        let mut ids = Vec::with_capacity(usize::try_from(count).unwrap_or(0));
        every(open()?, mapping, |_, contact| ids.push(contact))?;
        let mut twins = Self::among(ids);
        if twins.contacts.is_empty() {
            return Ok(twins);
        }
        let rows = twins.rows();
        let mut said = Said::new(rows, mapping.slots());
        every(open()?, mapping, |traveller, contact| {
            if let Some(several) = twins.of(contact).filter(|own| own.met < own.rows) {
                let row = (several.first + several.met) as usize;
                several.met += 1;
                let Traveller {
                    row: cells,
                    contact,
                    ..
                } = traveller;
                let applied = mapping.apply(cells, contact);
                said.note(row, &applied, contact);
            }
        })?;
        twins.covered = vec![false; rows];
        for several in &mut twins.contacts {
            several.met = 0;
            let end = (several.first + several.rows) as usize;
            for row in several.first as usize..end {
                let mut later = (row + 1..end).take(LATER);
                twins.covered[row] = later.any(|later| said.is_covered(row, later));
            }
        }
        Ok(twins)
    }

    /// How many rows are about a contact that another one is about, too.
    fn rows(&self) -> usize {
        let last = self.contacts.last();
        last.map_or(0, |last| (last.first + last.rows) as usize)
    }

    fn among(mut ids: Vec<u64>) -> Self {
        ids.sort_unstable();
        let several = ids.chunk_by(|one, next| one == next);
        let several = several.filter(|rows| rows.len() > 1);
        let mut first = 0;
        let contacts = several.map(|rows| {
            let rows_of_it = u32::try_from(rows.len()).unwrap_or(u32::MAX);
            let several = Several {
                contact: rows[0],
                first,
                rows: rows_of_it,
                met: 0,
                touched: false,
            };
            first = first.saturating_add(rows_of_it);
            several
        });
        Self {
            contacts: contacts.collect(),
            covered: Vec::new(),
        }
    }

    /// Takes the next row about a contact.
    pub fn next(&mut self, contact: &str) -> Standing {
        let Some(several) = self.several(contact) else {
            return Standing::ALONE;
        };
        let ordinal = several.met;
        several.met = several.met.saturating_add(1);
        let row = several.first.saturating_add(ordinal) as usize;
        let standing = Standing {
            ordinal,
            rows: several.rows,
            touched: several.touched,
            covered: false,
        };
        Standing {
            covered: !standing.is_last() && self.covered.get(row).copied().unwrap_or_default(),
            ..standing
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
        self.of(key(&contact))
    }

    fn of(&mut self, contact: u64) -> Option<&mut Several> {
        let at = self
            .contacts
            .binary_search_by_key(&contact, |own| own.contact);
        at.ok().map(|at| &mut self.contacts[at])
    }
}

/// Shows all rows of a file that are about a contact, and the hash of whom they are about.
///
/// One after another in the same memory, which costs less than to hand them to another thread.
fn every(
    mut rows: Rows,
    mapping: &Bound<'_>,
    mut show: impl FnMut(&mut Traveller, u64),
) -> Result<(), Unreadable> {
    let mut traveller = Traveller::default();
    while rows.read(&mut traveller.row)? {
        if mapping.id_of(&traveller.row, &mut traveller.contact) {
            let contact = key(&traveller.contact.identity());
            show(&mut traveller, contact);
        }
    }
    Ok(())
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
            .map(|standing| (standing.ordinal, standing.is_last()))
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
