//! `[tags]`: what becomes of a contact's tags, in the same words for every provider; checked here, and done row by row.
//!
//! Tags that travel with the fields are one of them; all others are read as a list would be, by the same options.

use super::apply::Bound;
use super::check::Check;
use super::coerce::{Coerced, Kind, Rule};
use super::held::coerce_held;
use super::problems::Problems;
use super::rule;
use super::steps::{Empty, Source, TagSource, TagStep};
use super::written::{FieldText, Placed};
use crate::contact::{Contact, Row};
use crate::mistake::nearest;
use crate::provider::fields::{Clear, Field, FieldKind, PairValues};
use crate::provider::finding::Way;
use crate::provider::names;
use crate::provider::script::TagVerb;

/// No tag is longer.
const LONGEST: usize = 255;

impl Check<'_, '_> {
    /// Checks `[tags]`.
    pub(super) fn tags(&mut self, tags: &[(Placed<String>, FieldText)]) {
        let of = |verb: &str| tags.iter().find(|(place, _)| place.value == verb);
        if let (Some((set, _)), Some((other, _))) = (of("set"), of("add").or(of("remove"))) {
            self.notes.wrong(
                "set-twice",
                set.span.clone(),
                format!("`[tags]` has both `set` and `{}`", other.value),
            );
            self.notes.help(
                "keep `set` to replace all tags of a contact, or `add` and `remove` to leave the others alone",
            );
        }
        for (place, text) in tags {
            self.tag_line(place, text);
        }
    }

    fn tag_line(&mut self, place: &Placed<String>, text: &FieldText) {
        let (verb, way) = match place.value.as_str() {
            "set" => (TagVerb::Set, &self.api.tags.set),
            "add" => (TagVerb::Add, &self.api.tags.add),
            _ => (TagVerb::Remove, &self.api.tags.remove),
        };
        let Some(way) = way else {
            self.notes.wrong(
                "cannot",
                place.span.clone(),
                format!(
                    "{} has no known way to {} a contact's tags",
                    self.api.name, place.value
                ),
            );
            return self.notes.help("leave it out");
        };
        if way.way == Way::Field {
            let parts: Vec<String> = way.field.split('.').map(str::to_owned).collect();
            let found = names::find(self.api, &parts);
            return self.field(&way.field, &place.span, text, found);
        }
        let told = self.api.definitions.tags.is_some();
        self.asks_account |= way.way == Way::Each && told;
        if way.way == Way::Each && told && self.known.is_some_and(|known| known.tags.is_empty()) {
            self.notes.wrong(
                "unknown-tag",
                place.span.clone(),
                "the account has no tags at all",
            );
            return self.notes.help("create them in the account first");
        }
        // One call for each can take away only what the account has told.
        let clears = match way.way {
            Way::Each => told && self.api.tags.remove.is_some(),
            Way::Field | Way::Together | Way::Merge => true,
        };
        let field = Field {
            clear: (verb == TagVerb::Set && clears).then_some(Clear::EmptyList),
            max: Some(LONGEST),
            ..Field::plain(FieldKind::List)
        };
        self.tag_step(place, text, (verb, way.way), &field);
    }

    fn tag_step(
        &mut self,
        place: &Placed<String>,
        text: &FieldText,
        (verb, way): (TagVerb, Way),
        field: &Field,
    ) {
        let name = place.value.as_str();
        self.no_entry(name, text);
        self.danger(name, &place.span, field, text);
        let rule = rule::build(name, field, PairValues::Typed, &text.said, &mut self.notes);
        let empty = self.no_tags(name, field, text, verb);
        let source = self.source(&text.source);
        let (Some(mut rule), Some(source), Some(empty)) = (rule, source, empty) else {
            return;
        };
        let source = match source {
            Source::Constant(_) => {
                let Some(tags) = self.items(name, text, &rule, field.clear) else {
                    return;
                };
                self.known_tags(place, &tags, way);
                TagSource::Constant(tags)
            }
            source @ (Source::Column(_) | Source::Template(_)) => {
                if let (Kind::List { among, .. }, Some(known), Way::Each) =
                    (&mut rule.kind, self.known, way)
                {
                    among.clone_from(&known.tag_names);
                }
                TagSource::Cell(source, Box::new(rule))
            }
        };
        self.mapping.tags.push(TagStep {
            verb,
            source,
            empty,
        });
    }

    /// What a blank cell means for tags.
    fn no_tags(
        &mut self,
        name: &str,
        field: &Field,
        text: &FieldText,
        verb: TagVerb,
    ) -> Option<Empty> {
        match &text.said.empty {
            Some(word) if word.value == "clear" && verb != TagVerb::Set => {
                self.notes.wrong(
                    "cannot",
                    word.span.clone(),
                    format!("a blank cell under `{name}` cannot take all tags away"),
                );
                self.notes
                    .help("only `set` can, as it replaces all tags of a contact");
                None
            }
            _ => self.empty(name, field, text),
        }
    }

    /// Tags that go by their ids have to be there.
    fn known_tags(&mut self, place: &Placed<String>, tags: &[String], way: Way) {
        let (Some(known), Way::Each) = (self.known, way) else {
            return;
        };
        for tag in tags {
            if !known.tags.contains_key(&tag.to_lowercase()) {
                self.notes.wrong(
                    "unknown-tag",
                    place.span.clone(),
                    format!("the account has no tag `{tag}`"),
                );
                self.notes.help(
                    match nearest(tag, known.tag_names.iter().map(String::as_str)) {
                        Some(near) => format!("did you mean `{near}`?"),
                        None => "create it in the account first".to_owned(),
                    },
                );
            }
        }
    }
}

impl Bound<'_> {
    /// What becomes of the tags of a row's contact.
    pub(super) fn tags(&self, row: &Row, contact: &mut Contact, problems: &mut Problems) {
        for step in &self.mapping.tags {
            let tags = match &step.source {
                TagSource::Constant(tags) => tags.clone(),
                TagSource::Cell(source, rule) => {
                    match self.tags_of(source, rule, step.empty, row, problems) {
                        Some(tags) => tags,
                        None => continue,
                    }
                }
            };
            match step.verb {
                TagVerb::Set => contact.tags.set = Some(tags),
                TagVerb::Add => contact.tags.add.extend(tags),
                TagVerb::Remove => contact.tags.remove.extend(tags),
            }
        }
    }

    /// The tags that a cell names; nothing where they stay as they are, as they do with a blank cell unless the mapping
    /// says otherwise.
    fn tags_of(
        &self,
        source: &Source,
        rule: &Rule,
        empty: Empty,
        row: &Row,
        problems: &mut Problems,
    ) -> Option<Vec<String>> {
        let mut made = String::new();
        let (cell, name) = match self.text(source, row, rule, &mut made, "tags") {
            Ok(text) => text,
            Err((column, refusal)) => {
                problems.note(column, refusal);
                return None;
            }
        };
        match coerce_held(cell, self.held_by(source, row), rule) {
            Ok(Coerced::Json(list)) => Some(serde_json::from_str(&list).unwrap_or_default()),
            Ok(_) => match empty {
                Empty::Skip => None,
                Empty::Clear(_) => Some(Vec::new()),
                Empty::Refuse(code) => {
                    problems.blank(name, code);
                    None
                }
            },
            Err(refusal) => {
                problems.note(name, refusal);
                None
            }
        }
    }
}
