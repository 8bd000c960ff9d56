//! Cells that are a field's value as they stand, as most are: they need not be read, only seen to be sound.

use super::steps::{Source, Step};
use crate::contact::plain::is_sound;
use crate::contact::{Row, Span};

/// A cell that is its field's value, where it is sound and not too long.
#[derive(Debug, Clone, Copy)]
pub(super) struct Direct {
    place: usize,
    /// The longest it may be, in bytes.
    most: usize,
}

/// The cell of a step, by the places of the mapping's columns in a file; nothing where every cell has to be read.
pub(super) fn direct(step: &Step, places: &[usize]) -> Option<Direct> {
    match &step.source {
        Source::Column(column) => Some(Direct {
            place: places[*column],
            most: step.rule.as_it_stands()?,
        }),
        Source::Template(_) | Source::Constant(_) => None,
    }
}

impl Direct {
    /// Where the cell stands in a row; nothing where it has to be read. Where all cells are known to be sound, it is not looked
    /// at again.
    #[inline]
    pub(super) fn of(self, row: &Row, all_sound: bool) -> Option<Span> {
        let cell = row.span(self.place)?;
        let fits =
            (1..=self.most).contains(&cell.range().len()) && row.held.of(self.place).is_none();
        let is_sound = || all_sound || row.cell(self.place).is_some_and(is_sound);
        (fits && is_sound()).then_some(cell)
    }
}
