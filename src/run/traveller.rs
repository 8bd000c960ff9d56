//! A row on its way through a run, with the contact that it became.

use crate::contact::{Contact, Row};
use crate::mapping::apply::{Applied, Bound};

/// What carries a row through a run: its memory is used again for another one.
#[derive(Debug)]
pub(super) struct Traveller {
    pub(super) row: Row,
    pub(super) contact: Contact,
    /// What the mapping made of it.
    pub(super) applied: Applied,
}

/// More than a row takes nearly everywhere, in bytes of text; the memory of larger ones is not kept.
const LIGHT: usize = 4 * 1024;

impl Default for Traveller {
    fn default() -> Self {
        Self {
            row: Row::default(),
            contact: Contact::default(),
            applied: Applied::Ready,
        }
    }
}

impl Traveller {
    /// Makes the contact out of the row that was read.
    pub(super) fn map(&mut self, mapping: &Bound<'_>) {
        self.applied = mapping.apply(&self.row, &mut self.contact);
    }

    /// The text of row and contact, in bytes.
    pub(super) fn size(&self) -> usize {
        self.row.size() + self.contact.size()
    }

    /// Whether its memory is worth keeping.
    pub(super) fn is_light(&self) -> bool {
        self.size() <= LIGHT
    }
}
