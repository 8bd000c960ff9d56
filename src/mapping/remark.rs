//! What is odd about a text that is sent as it is: characters that nobody can see, a spreadsheet's marks, and what may be
//! one of its errors in another language.
//!
//! A name may be anything, so none of this refuses a row; but a person should know, and this is where they are told by
//! which column. It must never change a value.

use super::apply::Bound;
use super::clean::Cleaner;
use super::coerce::Kind;
use super::marker::{surely_unmarked, told};
use super::refusal::{check_error_word, is_unseen, shown};
use super::steps::{Mapping, Source, TagSource};
use super::template::Piece;
use crate::contact::Row;
use crate::contact::plain::is_sound;

/// Something odd in a cell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Remark<'r> {
    /// A stable short word, such as `unseen-character`.
    pub code: &'static str,
    /// The column.
    pub column: &'r str,
    /// What is odd and the way out, for people.
    pub message: String,
}

/// A column whose cells are sent as text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Watched {
    /// Its place among the mapping's columns.
    column: usize,
    /// Whether marks for text are taken away.
    unmarked: bool,
}

/// The columns whose cells are sent as text, each once.
pub(super) fn watched(mapping: &Mapping) -> Vec<Watched> {
    let fields = mapping.steps.iter().map(|step| (&step.source, &step.rule));
    let tags = mapping.tags.iter().filter_map(|step| match &step.source {
        TagSource::Cell(source, rule) => Some((source, &**rule)),
        TagSource::Constant(_) => None,
    });
    let mut watched: Vec<Watched> = Vec::new();
    for (source, rule) in fields.chain(tags) {
        if !matches!(rule.kind, Kind::Text { .. } | Kind::List { .. }) || rule.lookup.is_some() {
            continue;
        }
        let columns: Vec<usize> = match source {
            Source::Column(column) => vec![*column],
            Source::Template(template) => {
                let pieces = template.0.iter();
                let column = |piece: &Piece<usize>| match piece {
                    Piece::Column(column) => Some(*column),
                    Piece::Text(_) => None,
                };
                pieces.filter_map(column).collect()
            }
            Source::Constant(_) => Vec::new(),
        };
        let unmarked = rule.clean.contains(&Cleaner::TextMarker);
        for column in columns {
            match watched.iter_mut().find(|own| own.column == column) {
                Some(own) => own.unmarked &= unmarked,
                None => watched.push(Watched { column, unmarked }),
            }
        }
    }
    watched
}

impl Bound<'_> {
    /// What is odd about the texts of a row.
    pub fn remarks<'r>(&'r self, row: &'r Row) -> impl Iterator<Item = Remark<'r>> {
        // Nothing is odd about nearly any row, which is seen once for all of its cells.
        let watched = match row.is_sound() {
            true => &[],
            false => self.watched.as_slice(),
        };
        watched.iter().filter_map(move |own| {
            let place = self.places[own.column];
            let cell = row.cell(place)?;
            if is_sound(cell) {
                return None;
            }
            let (code, message) = odd(cell, own.unmarked)?;
            Some(Remark {
                code,
                column: &self.mapping.columns[own.column].name,
                message,
            })
        })
    }
}

fn odd(cell: &str, unmarked: bool) -> Option<(&'static str, String)> {
    if let Some(c) = unseen(cell) {
        let message = format!(
            "{} holds the character `U+{:04X}`, which nobody can see",
            shown(cell),
            u32::from(c)
        );
        return Some(("unseen-character", message));
    }
    let text = cell.trim_start();
    if text.starts_with(['#', 'E']) && check_error_word(text.trim_end()).is_err() {
        let message = format!(
            "{} looks like a spreadsheet's word for an error",
            shown(text)
        );
        return Some(("error-word", message));
    }
    let marked = !unmarked && text.starts_with(['\'', '=']) && surely_unmarked(text).is_some();
    marked.then(|| ("text-marker", told(text)))
}

/// The first character that nobody can see and that is no part of the writing: the joiners of Persian, of Indian
/// scripts and of emoji are.
fn unseen(cell: &str) -> Option<char> {
    let mut before = ' ';
    cell.chars().find(|c| {
        let joins = matches!(c, '\u{200c}' | '\u{200d}') && !before.is_ascii();
        before = *c;
        is_unseen(*c) && !joins
    })
}
