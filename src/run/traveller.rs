//! A row on its way through a run, with the contact that it became.

use crate::contact::{Contact, Row};
use crate::mapping::apply::{Applied, Bound};

/// What carries a row through a run: its memory is used again for another one.
#[derive(Debug, Default)]
pub(super) struct Traveller {
    pub(super) row: Row,
    pub(super) contact: Contact,
    /// What the mapping made of the row, where somebody had the time for it.
    applied: Option<Applied>,
}

/// More than a row takes nearly everywhere, in bytes of text; the memory of larger ones is not kept.
const LIGHT: usize = 4 * 1024;

impl Traveller {
    /// Makes the contact out of the row ahead of time.
    pub(super) fn map(&mut self, mapping: &Bound<'_>) {
        self.applied = Some(mapping.apply(&self.row, &mut self.contact));
    }

    /// What the mapping makes of the row; the contact is there from then on.
    pub(super) fn applied(&mut self, mapping: &Bound<'_>) -> Applied {
        match self.applied.take() {
            Some(applied) => applied,
            None => mapping.apply(&self.row, &mut self.contact),
        }
    }

    /// The id of the contact that the row names, without a look at anything else; empty where it names none.
    pub(super) fn about(&mut self, mapping: &Bound<'_>) -> &str {
        self.applied = None;
        mapping.id_of(&self.row, &mut self.contact);
        &self.contact.id
    }

    /// Gets ready for another row.
    pub(super) fn rest(&mut self) {
        self.applied = None;
    }

    /// Whether its memory is worth keeping.
    pub(super) fn is_light(&self) -> bool {
        self.row.size() + self.contact.size() <= LIGHT
    }
}
