//! A spreadsheet's row as a text file has to write it, so that the same mapping reads the same from it.
//!
//! `errors.csv` is text: 1.234 out of a number's cell would be a thousand and more there under `thousands = "."`, and a
//! day could change places with its month. Such a cell is written in the way that the mapping declares for its column;
//! every other cell stays as it is.

use jiff::civil::{Date, DateTime};
use jiff::fmt::strtime;

use super::apply::Bound;
use super::coerce::{Kind, Rule, coerce};
use super::held::{coerce_held, id_text};
use super::number::NumberFormat;
use super::steps::Source;
use crate::contact::{Held, Row};

impl Bound<'_> {
    /// The row with the cells that would be read as something else out of a text file; nothing where there are none.
    #[must_use]
    pub fn rewritten(&self, row: &Row) -> Option<Row> {
        let mut others: Vec<(usize, String)> = Vec::new();
        let mut other = |column: usize, text: String| {
            let place = self.places[column];
            if others.iter().all(|(own, _)| *own != place) {
                others.push((place, text));
            }
        };
        let cell = |column: usize| {
            let place = self.places[column];
            Some((row.cell(place)?, row.held.of(place)?))
        };
        if let Some(Source::Column(column)) = self.mapping.id.as_ref().map(|step| &step.source)
            && let Some((text, held)) = cell(*column)
            && id_text(text, Some(held)) != text
        {
            other(*column, id_text(text, Some(held)).to_owned());
        }
        let fields = self.mapping.steps.iter();
        let keys = self.mapping.known_by.iter();
        let rules = fields
            .map(|step| (&step.source, &step.rule))
            .chain(keys.map(|step| (&step.source, &step.rule)));
        for (source, rule) in rules {
            let Source::Column(column) = source else {
                continue;
            };
            let Some((text, held)) = cell(*column) else {
                continue;
            };
            if let Some(text) = in_its_words(text, held, rule) {
                other(*column, text);
            }
        }
        if others.is_empty() {
            return None;
        }
        let mut out = Row::at(row.number, row.line);
        out.flaw.clone_from(&row.flaw);
        for (at, cell) in row.cells().enumerate() {
            let own = others.iter().find(|(place, _)| *place == at);
            out.push(own.map_or(cell, |(_, text)| text));
        }
        Some(out)
    }
}

/// What a text must say to mean what the cell means; nothing where its own text does.
fn in_its_words(text: &str, held: &Held, rule: &Rule) -> Option<String> {
    let meant = coerce_held(text, Some(held), rule).ok()?;
    if coerce(text, rule).is_ok_and(|read| read == meant) {
        return None;
    }
    let said = declared(text, held, &rule.kind)?;
    let same = coerce(&said, rule).is_ok_and(|read| read == meant);
    same.then_some(said)
}

fn declared(text: &str, held: &Held, kind: &Kind) -> Option<String> {
    let digits = match held {
        Held::Pretty(digits) | Held::Worded(digits) => digits.as_str(),
        _ => text,
    };
    match (held, kind) {
        (
            Held::Number | Held::Pretty(_) | Held::Worded(_),
            Kind::Integer { format } | Kind::Number { format },
        ) => Some(match format {
            Some(format) => NumberFormat::write(*format, digits),
            None => digits.to_owned(),
        }),
        (Held::Pretty(_), _) => Some(digits.to_owned()),
        (Held::Day | Held::Moment, Kind::Date { format, .. }) => {
            let day: Date = text.get(..10)?.parse().ok()?;
            match format {
                Some(format) => strtime::format(&format.0.text, day).ok(),
                None => Some(day.to_string()),
            }
        }
        (Held::Day | Held::Moment, Kind::DateTime { format, .. }) => {
            let moment: DateTime = text.parse().ok()?;
            strtime::format(&format.as_ref()?.pattern.text, moment).ok()
        }
        (Held::Truth, Kind::Boolean { yes, no }) => {
            let words = if text == "TRUE" { yes } else { no };
            words.first().cloned()
        }
        _ => None,
    }
}
