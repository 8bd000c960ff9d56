//! The mapping at work: one row after the other becomes a contact, or is refused with its reason.
//!
//! Everything was compiled before; here nothing is parsed, looked up by name or guessed.

use std::sync::Arc;

use super::clean::{clean, is_blank};
use super::coerce::{Coerced, Kind, Lookup, Rule, coerce, coerce_sound};
use super::columns;
use super::direct::{Direct, direct};
use super::held::{coerce_held, id_text};
use super::id::{check_foreign_id, check_id};
use super::problems::Problems;
use super::refusal::{Refusal, sure_error, unmended};
use super::remark::{Watched, watched};
use super::steps::{Empty, Mapping, Source, Step};
use super::template::{Piece, Template};
use crate::contact::{Contact, Fate, Flaw, Held, Row, Verdict};
use crate::mistake::{Mistake, Written};

/// What became of a row.
#[derive(Debug, PartialEq, Eq)]
pub enum Applied {
    /// The contact is filled and can be sent.
    Ready,
    /// The row is settled without a request.
    Settled(Verdict),
}

impl Mapping {
    /// Holds the columns against a file's header; `input` is the file's name, for messages.
    ///
    /// # Errors
    ///
    /// A mistake for every column that the file does not have, or of which it has two.
    pub fn bind<'a>(
        &'a self,
        header: &[String],
        input: &str,
        file: &Arc<Written>,
    ) -> Result<Bound<'a>, Vec<Mistake>> {
        let found = columns::find(&self.columns, header, input, file)?;
        Ok(Bound {
            mapping: self,
            watched: watched(self),
            furthest: found.places.iter().max().copied(),
            direct: self
                .steps
                .iter()
                .map(|step| direct(step, &found.places))
                .collect(),
            places: found.places,
            drift: found.drift,
        })
    }
}

/// A mapping that knows where its columns are in one file.
#[derive(Debug)]
pub struct Bound<'a> {
    pub(super) mapping: &'a Mapping,
    /// The place in the header of every column of the mapping.
    pub(super) places: Vec<usize>,
    /// The last of them.
    furthest: Option<usize>,
    /// For each step, the cell that is its value as it stands.
    direct: Vec<Option<Direct>>,
    /// The columns whose texts are remarked upon.
    pub(super) watched: Vec<Watched>,
    drift: Vec<String>,
}

impl Bound<'_> {
    /// The headers that are not spelled as the mapping spells them, one warning each.
    #[must_use]
    pub fn drift(&self) -> &[String] {
        &self.drift
    }

    /// The header's columns that are used.
    #[must_use]
    pub fn places(&self) -> &[usize] {
        &self.places
    }

    /// How many slots its fields take.
    #[must_use]
    pub fn slots(&self) -> usize {
        let slots = self.mapping.steps.iter().map(|step| step.slot);
        slots.max().map_or(0, |last| usize::from(last) + 1)
    }

    /// Puts only what the contact is known by into it, as [`apply`](Self::apply) would; false where the row is about no contact.
    pub fn id_of(&self, row: &Row, contact: &mut Contact) -> bool {
        contact.clear();
        if row.is_blank() || self.distrust(row).is_some() {
            return false;
        }
        let mut problems = Problems::default();
        self.id(row, contact, &mut problems);
        self.keys(row, contact, &mut problems);
        !contact.identity().is_empty()
    }

    /// Fills the contact from a row.
    pub fn apply(&self, row: &Row, contact: &mut Contact) -> Applied {
        contact.clear();
        match self.fill(row, contact) {
            Some(verdict) => Applied::Settled(verdict),
            None if contact.is_empty() => {
                let verdict = Verdict::because(
                    Fate::Skipped,
                    "nothing-to-send",
                    "all mapped cells of this row are blank",
                );
                Applied::Settled(Verdict {
                    contact_id: contact.id.clone(),
                    ..verdict
                })
            }
            None => Applied::Ready,
        }
    }

    /// Fills the contact, or says why the row is settled without one.
    fn fill(&self, row: &Row, contact: &mut Contact) -> Option<Verdict> {
        if row.is_blank() {
            return Some(Verdict::because(
                Fate::Skipped,
                "blank-row",
                "the row is blank",
            ));
        }
        if let Some(verdict) = self.distrust(row) {
            return Some(verdict);
        }
        contact.begin(row);
        let mut problems = Problems::default();
        self.id(row, contact, &mut problems);
        self.keys(row, contact, &mut problems);
        let sound = row.is_sound();
        let mut made = String::new();
        for (step, direct) in self.mapping.steps.iter().zip(&self.direct) {
            if let Some(cell) = direct.and_then(|direct| direct.of(row, sound)) {
                contact.push_cell(step.slot, row, cell);
                continue;
            }
            let coerced = match &step.source {
                Source::Column(column) => {
                    let (cell, held) = (self.cell(row, *column), self.held(row, *column));
                    match held {
                        None if sound => coerce_sound(cell, &step.rule),
                        held => coerce_held(cell, held, &step.rule),
                    }
                }
                Source::Template(template) => {
                    match self.write(template, row, Some(&step.rule), &mut made) {
                        Ok(()) => coerce(made.trim(), &step.rule),
                        Err((column, refusal)) => {
                            problems.note(column, refusal);
                            continue;
                        }
                    }
                }
                Source::Constant(ready) => {
                    push(contact, step.slot, ready);
                    continue;
                }
            };
            match coerced {
                Ok(Coerced::Blank) => match step.empty {
                    Empty::Skip => {}
                    Empty::Clear(json) => contact.push_json(step.slot, json),
                    Empty::Refuse(code) => problems.blank(self.place(step), code),
                },
                Ok(value) => push(contact, step.slot, &value),
                Err(refusal) => problems.note(self.place(step), refusal),
            }
        }
        self.tags(row, contact, &mut problems);
        problems.verdict(&contact.id)
    }

    /// Refuses a row whose cells may not stand in their own columns.
    fn distrust(&self, row: &Row) -> Option<Verdict> {
        match &row.flaw {
            Some(Flaw::TooLong { cells, columns }) => {
                return Some(Verdict::because(
                    Fate::Invalid,
                    "too-many-cells",
                    format!(
                        "the row has {cells} cells and the header {}; look for a separator that should be in quotes",
                        match columns {
                            1 => "1 column".to_owned(),
                            many => format!("{many} columns"),
                        }
                    ),
                ));
            }
            Some(Flaw::TextAfterQuote { column, .. }) => {
                return Some(Verdict::because(
                    Fate::Invalid,
                    "text-after-quote",
                    format!(
                        "cell {} goes on after its closing quote; double the quotes inside it (`\"\"`)",
                        column + 1
                    ),
                ));
            }
            None => {}
        }
        if self.furthest.is_none_or(|place| place < row.len()) {
            return None;
        }
        let places = self.places.iter().enumerate();
        let missing = places.filter(|(_, place)| **place >= row.len());
        let (at, _) = missing.min_by_key(|(_, place)| **place)?;
        let name = self.mapping.columns[at].name.clone();
        let message = format!(
            "the row ends after {}, before column `{name}`; a cell may be missing in the middle",
            match row.len() {
                1 => "1 cell".to_owned(),
                many => format!("{many} cells"),
            }
        );
        Some(Verdict::because(Fate::Invalid, "too-short", message).about(name))
    }

    fn id(&self, row: &Row, contact: &mut Contact, problems: &mut Problems) {
        let Some(step) = &self.mapping.id else { return };
        let mut made = String::new();
        let (text, name) = match &step.source {
            Source::Column(column) => (
                id_text(self.cell(row, *column), self.held(row, *column)),
                self.mapping.columns[*column].name.as_str(),
            ),
            Source::Template(template) => {
                if let Err((column, refusal)) = self.write(template, row, None, &mut made) {
                    return problems.note(column, refusal);
                }
                (made.as_str(), "id")
            }
            Source::Constant(_) => return,
        };
        match check_id(&clean(text, &step.clean), self.mapping.id_kind) {
            Ok(id) => contact.id.push_str(&id),
            Err(refusal) => problems.note(name, refusal),
        }
    }

    /// What the contact is known by; a row that says nothing of it is about nobody.
    fn keys(&self, row: &Row, contact: &mut Contact, problems: &mut Problems) {
        for step in &self.mapping.known_by {
            let mut made = String::new();
            let text = self.text(&step.source, row, &step.rule, &mut made, step.key);
            let (cell, name) = match text {
                Ok(text) => text,
                Err((column, refusal)) => {
                    problems.note(column, refusal);
                    continue;
                }
            };
            let read = match sure_error(cell) {
                Some(word) => Err(unmended(word)),
                None => coerce_held(cell, self.held_by(&step.source, row), &step.rule),
            };
            let read = read.and_then(|read| match (&step.rule.kind, &read) {
                // The one key that is a text is an id.
                (Kind::Text { .. }, Coerced::Text(id)) => check_foreign_id(id).map(|()| read),
                _ => Ok(read),
            });
            match read {
                Ok(Coerced::Text(value)) => contact.known_by.push((step.key, value.into_owned())),
                Ok(_) => {}
                Err(refusal) => problems.note(name, refusal),
            }
        }
        if contact.known_by.is_empty()
            && !self.mapping.known_by.is_empty()
            && problems.first.is_none()
        {
            let keys: Vec<&str> = self.mapping.known_by.iter().map(|step| step.key).collect();
            let message = format!(
                "the row has no {}, so nobody can be found by it",
                keys.join(" and no ")
            );
            problems.note("match", Refusal::new("missing-id", message));
        }
    }

    /// The text that a value is made of, and what a person calls its place.
    pub(super) fn text<'r>(
        &'r self,
        source: &'r Source,
        row: &'r Row,
        rule: &Rule,
        made: &'r mut String,
        name: &'r str,
    ) -> Result<(&'r str, &'r str), Unwritten<'r>> {
        Ok(match source {
            Source::Column(column) => (
                self.cell(row, *column),
                self.mapping.columns[*column].name.as_str(),
            ),
            Source::Template(template) => {
                self.write(template, row, Some(rule), made)?;
                (made.trim(), name)
            }
            Source::Constant(_) => ("", name),
        })
    }

    fn cell<'r>(&self, row: &'r Row, column: usize) -> &'r str {
        row.cell(self.places[column]).unwrap_or_default()
    }

    /// What a spreadsheet holds in a cell, where that is more than its text.
    fn held<'r>(&self, row: &'r Row, column: usize) -> Option<&'r Held> {
        row.held.of(self.places[column])
    }

    /// The same for a value's source; a text made of several cells is a text.
    pub(super) fn held_by<'r>(&self, source: &Source, row: &'r Row) -> Option<&'r Held> {
        match source {
            Source::Column(column) => self.held(row, *column),
            Source::Template(_) | Source::Constant(_) => None,
        }
    }

    /// Writes a template's text, or nothing where all of its columns are blank.
    fn write(
        &self,
        template: &Template,
        row: &Row,
        rule: Option<&Rule>,
        out: &mut String,
    ) -> Result<(), Unwritten<'_>> {
        out.clear();
        let cleaners = rule.map_or(&[][..], |rule| &rule.clean);
        let lookup = rule.and_then(|rule| rule.lookup.as_ref());
        let mut blank = true;
        for piece in &template.0 {
            match piece {
                Piece::Text(text) => out.push_str(text),
                Piece::Column(column) => {
                    let written = self.cell(row, *column).trim();
                    let cell = clean(written, cleaners);
                    if let Some(word) = sure_error(written) {
                        let listed = |table: &&Lookup| table.lists(word) || table.lists(&cell);
                        match lookup.filter(listed) {
                            None => {
                                return Err((&self.mapping.columns[*column].name, unmended(word)));
                            }
                            Some(table) if !table.is_closed() => continue,
                            // What the whole text means is for the table to say.
                            Some(_) => {}
                        }
                    }
                    blank &= is_blank(&cell);
                    out.push_str(&cell);
                }
            }
        }
        if blank {
            out.clear();
        }
        Ok(())
    }

    /// What a person calls the place a value comes from: the column, or the field where there are several.
    fn place<'s>(&'s self, step: &'s Step) -> &'s str {
        match &step.source {
            Source::Column(column) => &self.mapping.columns[*column].name,
            Source::Template(_) | Source::Constant(_) => &step.name,
        }
    }
}

/// The column that keeps a text from being made, and why.
pub(super) type Unwritten<'a> = (&'a str, Refusal);

fn push(contact: &mut Contact, slot: u16, value: &Coerced<'_>) {
    match value {
        Coerced::Blank => {}
        Coerced::Text(text) => contact.push_text(slot, text),
        Coerced::Json(json) => contact.push_json(slot, json),
    }
}
