//! The words every room speaks: a [`Row`] that was read, the [`Contact`] it became, what became of it.
//!
//! This room knows no file format and no provider, touches nothing outside itself and uses no other room.

mod held;
pub mod plain;
mod row;

use std::borrow::Cow;
use std::time::Duration;

pub use held::{Held, HeldCells};
pub use row::{Flaw, Row, Span};

/// What one row says about one person, in the words of the account: an id and the values for its fields.
///
/// Which field a value belongs to is a *slot*: the place of that field in the body's plan. Values live in one
/// string, as rows do; slots are pushed in any order and at most once, and each is found at once by its number. The string
/// begins with the text of the row, where that is not long, so that a cell that is sent as it stands is not copied by itself.
#[derive(Debug, Clone, Default)]
pub struct Contact {
    /// The account's own id of the contact, exactly as it goes into the path; empty where it has to be found.
    pub id: String,
    /// What the contact is known by where there is no id: the key's word and the value, in the order to be tried.
    pub known_by: Vec<(&'static str, String)>,
    /// What becomes of its tags.
    pub tags: TagChange,
    text: String,
    /// Whether the text begins with that of the row.
    has_row: bool,
    /// What each is, and where it stands in the text of all.
    values: Vec<Option<(Kind, Span)>>,
}

/// The longest text of a row that a contact begins with, in bytes; nearly all are shorter.
const SHORT_ROW: usize = 1024;

impl PartialEq for Contact {
    fn eq(&self, other: &Self) -> bool {
        (&self.id, &self.known_by, &self.tags) == (&other.id, &other.known_by, &other.tags)
            && self.values().eq(other.values())
    }
}

impl Eq for Contact {}

/// What becomes of a contact's tags.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TagChange {
    /// Exactly these.
    pub set: Option<Vec<String>>,
    /// These as well.
    pub add: Vec<String>,
    /// These no more.
    pub remove: Vec<String>,
}

impl TagChange {
    /// Whether tags stay as they are.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.set.is_none() && self.add.is_empty() && self.remove.is_empty()
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Text,
    Json,
}

/// A value ready to be sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Value<'a> {
    /// Text, not yet escaped.
    Text(&'a str),
    /// JSON that stands as it is: a number, `true`, `null`, a list, an object.
    Json(&'a str),
}

impl Contact {
    /// Begins a contact, new or [cleared](Self::clear), with the row that it is made of.
    pub fn begin(&mut self, row: &Row) {
        debug_assert!(self.text.is_empty(), "a contact is made of one row");
        // Of a long one only what is sent is to be held twice.
        self.has_row = row.text().len() <= SHORT_ROW;
        if self.has_row {
            self.text.push_str(row.text());
        }
    }

    /// Empties the contact and keeps its memory.
    pub fn clear(&mut self) {
        self.id.clear();
        self.known_by.clear();
        self.tags = TagChange::default();
        self.text.clear();
        self.has_row = false;
        self.values.clear();
    }

    /// What the contact is known by, in one text: its id, or else all that it is looked for by; empty where that is nothing.
    #[must_use]
    pub fn identity(&self) -> Cow<'_, str> {
        if !self.id.is_empty() || self.known_by.is_empty() {
            return Cow::Borrowed(&self.id);
        }
        let known = self.known_by.iter();
        let parts: Vec<String> = known
            .map(|(key, value)| format!("{key}:{}", value.to_lowercase()))
            .collect();
        Cow::Owned(parts.join("\u{1f}"))
    }

    /// Adds the text of a cell for a slot, as it stands in the row that the contact was begun with.
    #[inline]
    pub fn push_cell(&mut self, slot: u16, row: &Row, cell: Span) {
        debug_assert!(!self.has_row || self.text.starts_with(row.text()));
        match self.has_row {
            true => self.put(slot, Kind::Text, cell),
            false => self.push_text(slot, &row.text()[cell.range()]),
        }
    }

    /// Adds text for a slot.
    pub fn push_text(&mut self, slot: u16, text: &str) {
        let start = self.text.len();
        self.text.push_str(text);
        self.put(slot, Kind::Text, Span::of(start..self.text.len()));
    }

    /// Adds a ready piece of JSON for a slot.
    pub fn push_json(&mut self, slot: u16, json: &str) {
        let start = self.text.len();
        self.text.push_str(json);
        self.put(slot, Kind::Json, Span::of(start..self.text.len()));
    }

    #[inline]
    fn put(&mut self, slot: u16, kind: Kind, span: Span) {
        let slot = usize::from(slot);
        if self.values.len() <= slot {
            self.values.resize(slot + 1, None);
        }
        self.values[slot] = Some((kind, span));
    }

    /// The value of a slot, if the row has one.
    #[inline]
    #[must_use]
    pub fn value(&self, slot: u16) -> Option<Value<'_>> {
        let (kind, span) = self.values.get(usize::from(slot))?.as_ref()?;
        let text = &self.text[span.range()];
        Some(match kind {
            Kind::Text => Value::Text(text),
            Kind::Json => Value::Json(text),
        })
    }

    /// All values with their slots, the lowest first.
    pub fn values(&self) -> impl Iterator<Item = (u16, Value<'_>)> {
        (0..=u16::MAX)
            .take(self.values.len())
            .filter_map(|slot| Some((slot, self.value(slot)?)))
    }

    /// The text that it holds, in bytes.
    #[must_use]
    pub fn size(&self) -> usize {
        self.text.len()
    }

    /// Whether there is nothing to send.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.values.is_empty() && self.tags.is_empty()
    }
}

/// What became of a row: exactly one of these for every row of the input.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Fate {
    /// The provider took the change.
    Updated,
    /// The provider made a new contact.
    Created,
    /// Nothing had to be sent, or the provider says that nothing changed.
    Unchanged,
    /// A blank row, or one that a later row for the same contact replaces.
    Skipped,
    /// Refused here, before anything was sent.
    Invalid,
    /// The provider said no.
    Failed,
    /// Sent, and no answer tells what became of it.
    Unknown,
    /// Not tried: the run stopped before.
    Pending,
    /// A dry run found nothing wrong.
    Valid,
}

impl Fate {
    /// All of them, in the order in which people are told.
    pub const ALL: [Self; 9] = [
        Self::Updated,
        Self::Created,
        Self::Valid,
        Self::Unchanged,
        Self::Skipped,
        Self::Invalid,
        Self::Failed,
        Self::Unknown,
        Self::Pending,
    ];

    /// The word that stands in reports.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Updated => "updated",
            Self::Created => "created",
            Self::Unchanged => "unchanged",
            Self::Skipped => "skipped",
            Self::Invalid => "invalid",
            Self::Failed => "failed",
            Self::Unknown => "unknown",
            Self::Pending => "pending",
            Self::Valid => "valid",
        }
    }

    /// Whether a person has to look at the row.
    #[must_use]
    pub fn needs_a_person(self) -> bool {
        matches!(self, Self::Invalid | Self::Failed | Self::Unknown)
    }
}

/// A row's fate and the reason: data about one row, never an error of the program.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verdict {
    /// What became of the row.
    pub fate: Fate,
    /// A short word for machines, such as `bad-email` or `not-found`; empty where all is well.
    pub code: Cow<'static, str>,
    /// The column or field it is about, where there is one.
    pub field: String,
    /// What happened and what to do, for people.
    pub message: String,
    /// The contact's id in the account, where known.
    pub contact_id: String,
    /// The status of the last answer.
    pub http_status: Option<u16>,
    /// The provider's own name for the request, for their support.
    pub request_id: String,
    /// What else is wrong with the row; the message tells it, too.
    pub also: Vec<Also>,
}

/// A further thing that is wrong with a row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Also {
    /// Its code.
    pub code: &'static str,
    /// The column or field it is about.
    pub field: String,
    /// What is wrong and what to do.
    pub message: String,
}

impl Verdict {
    /// A fate with nothing more to say.
    #[must_use]
    pub fn plain(fate: Fate) -> Self {
        Self {
            fate,
            code: Cow::Borrowed(""),
            field: String::new(),
            message: String::new(),
            contact_id: String::new(),
            http_status: None,
            request_id: String::new(),
            also: Vec::new(),
        }
    }

    /// A fate with its reason.
    #[must_use]
    pub fn because(fate: Fate, code: &'static str, message: impl Into<String>) -> Self {
        Self {
            code: Cow::Borrowed(code),
            message: message.into(),
            ..Self::plain(fate)
        }
    }

    /// Whether the trouble was on the way and not in the row: the same row may go through later, with nothing to mend.
    #[must_use]
    pub fn is_passing(&self) -> bool {
        matches!(
            &*self.code,
            "outage" | "gateway" | "no-answer" | "not-the-api" | "throttled" | "busy"
        )
    }

    /// The same, about one column or field.
    #[must_use]
    pub fn about(mut self, field: impl Into<String>) -> Self {
        self.field = field.into();
        self
    }
}

/// A verdict with its row and what it took: one line of `results.csv`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outcome {
    /// The row's number among the data records, from 1.
    pub row: u64,
    /// The physical line on which it starts, from 1.
    pub line: u64,
    /// What became of it.
    pub verdict: Verdict,
    /// Requests sent for it.
    pub attempts: u32,
    /// From its first turn to its last answer.
    pub duration: Duration,
}

impl Outcome {
    /// A row that was settled without a request.
    #[must_use]
    pub fn unsent(row: &Row, verdict: Verdict) -> Self {
        Self {
            row: row.number,
            line: row.line,
            verdict,
            attempts: 0,
            duration: Duration::ZERO,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn contacts_are_the_same_where_their_values_are_whatever_their_rows_say_beside_them() {
        let long = "x".repeat(SHORT_ROW);
        let made = |cells: [&str; 2], copied: bool| {
            let mut row = Row::at(1, 2);
            cells.iter().for_each(|cell| row.push(cell));
            let mut contact = Contact::default();
            contact.begin(&row);
            match copied {
                true => contact.push_text(3, cells[0]),
                false => contact.push_cell(3, &row, row.span(0).expect("a cell")),
            }
            contact
        };
        let dana = made(["Dana", "one"], true);
        assert_eq!(dana.value(3), Some(Value::Text("Dana")));
        for beside in ["", "other", &long] {
            for copied in [false, true] {
                assert_eq!(made(["Dana", beside], copied), dana);
                assert_ne!(made(["Noa", beside], copied), dana);
            }
        }
        assert!(made(["Dana", &long], false).size() < 10);
    }

    #[test]
    fn a_value_is_found_by_its_slot_in_whatever_order_they_were_pushed() {
        let mut random = fastrand::Rng::with_seed(2);
        for _ in 0..500 {
            let mut slots: Vec<u16> = (0..12).filter(|_| random.bool()).collect();
            if random.bool() {
                random.shuffle(&mut slots);
            }
            let mut contact = Contact::default();
            for slot in &slots {
                contact.push_text(*slot, &slot.to_string());
            }
            for slot in 0..14 {
                let expected = slot.to_string();
                let expected = slots.contains(&slot).then_some(Value::Text(&expected));
                assert_eq!(contact.value(slot), expected, "{slot} in {slots:?}");
            }
        }
    }
}
