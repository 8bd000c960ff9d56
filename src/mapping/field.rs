//! One field of a mapping, checked: what it is at the provider, where its value comes from, what a blank means.

use std::ops::Range;

use super::check::Check;
use super::coerce::Coerced;
use super::rule;
use super::steps::{Column, Empty, Source, Step};
use super::template::Template;
use super::written::{FieldText, Placed, SourceText};
use crate::mistake::nearest;
use crate::provider::fields::{Field, FieldKind, PairValues};
use crate::provider::names::Found;

impl Check<'_, '_> {
    pub(super) fn field(
        &mut self,
        name: &str,
        place: &Range<usize>,
        text: &FieldText,
        found: Found<'_>,
    ) {
        let (field, target) = match found {
            Found::Field { field, target } => (field, target),
            Found::Refused(reason) => {
                self.notes.wrong(
                    "refused-field",
                    place.clone(),
                    format!("{} does not take `{name}` here", self.api.name),
                );
                return self.notes.help(reason);
            }
            Found::BadName(wanted) => {
                self.notes.wrong(
                    "wrong-name",
                    place.clone(),
                    format!(
                        "`{name}` does not name an entry in the way {} does",
                        self.api.name
                    ),
                );
                return self.notes.help(format!("write {wanted}"));
            }
            Found::Unknown(near) => return self.unknown(name, place, near),
        };
        if field.kind == FieldKind::Pairs {
            self.notes.wrong(
                "wrong-name",
                place.clone(),
                format!("`{name}` is a list; say which entry"),
            );
            let custom = self.api.custom_fields.as_ref();
            let own = custom.is_some_and(|own| own.into.as_ref() == name);
            return self.notes.help(match own {
                true => "write its entries under `[custom_fields]`".to_owned(),
                false => format!("write `\"{name}.…\"` with the entry's id"),
            });
        }
        if target.entry.is_none() {
            self.no_entry(name, text);
        }
        self.danger(name, place, &field, text);
        let values = target
            .entry
            .as_ref()
            .map_or(PairValues::Typed, |entry| entry.values);
        let rule = rule::build(name, &field, values, &text.said, &mut self.notes);
        let empty = self.empty(name, &field, text);
        let source = self.source(&text.source);
        if let (Some(rule), Some(source), Some(empty)) = (rule, source, empty) {
            let constant = matches!(source, Source::Constant(_));
            let source = match constant {
                true => self.constant(name, text, &rule, field.clear),
                false => Some(source),
            };
            if let Some(source) = source {
                self.mapping.steps.push(Step {
                    slot: u16::try_from(self.targets.len()).unwrap_or(u16::MAX),
                    name: name.to_owned(),
                    source,
                    rule,
                    empty,
                });
                self.targets.push(target);
                self.spans.push(place.clone());
            }
        }
    }

    fn unknown(&mut self, name: &str, place: &Range<usize>, near: Option<&str>) {
        // `email = { colum = "E-mail" }` looks like a key inside an object, and was meant otherwise.
        let above = name
            .rsplit_once('.')
            .filter(|(above, _)| self.api.fields.contains_key(*above));
        if let Some((above, key)) = above {
            self.notes.wrong(
                "unknown-key",
                place.clone(),
                format!("no key `{key}` for `{above}`"),
            );
            let near = nearest(
                key,
                [
                    "column", "template", "value", "clean", "required", "empty", "format", "region",
                ],
            );
            return self.notes.help(match near {
                Some(near) => format!("did you mean `{near}`?"),
                None => format!("write `{above} = \"…\"` with the column's header"),
            });
        }
        self.notes.wrong(
            "unknown-field",
            place.clone(),
            format!("{} has no field `{name}`", self.api.name),
        );
        self.notes.help(match near {
            Some(near) => format!("did you mean `{near}`?"),
            None => "`contact-sync providers NAME` lists its fields; what the account made itself goes under `[custom_fields]`".to_owned(),
        });
    }

    /// What names an entry in a list means nothing elsewhere.
    pub(super) fn no_entry(&mut self, name: &str, text: &FieldText) {
        if let Some(by) = &text.said.by {
            self.notes.wrong(
                "wrong-option",
                by.span.clone(),
                format!("`by` means nothing for `{name}`"),
            );
        }
    }

    pub(super) fn danger(
        &mut self,
        name: &str,
        place: &Range<usize>,
        field: &Field,
        text: &FieldText,
    ) {
        match (&field.danger, &text.said.accept) {
            (Some(danger), Some(said)) if said.value == danger.accept => {
                self.accepted.push(format!("`{name}`: {}", danger.because));
            }
            (Some(danger), said) => {
                let place = said.as_ref().map_or(place, |said| &said.span);
                self.notes.wrong(
                    "danger",
                    place.clone(),
                    format!("`{name}` can do harm: {}", danger.because),
                );
                self.notes.help(format!(
                    "if that is what you want, add `accept = \"{}\"`",
                    danger.accept
                ));
            }
            (None, Some(said)) => {
                self.notes.wrong(
                    "wrong-option",
                    said.span.clone(),
                    format!("`{name}` has nothing to accept"),
                );
            }
            (None, None) => {}
        }
    }

    pub(super) fn empty(&mut self, name: &str, field: &Field, text: &FieldText) -> Option<Empty> {
        let required = text.said.required.as_ref().is_some_and(|said| said.value);
        let Some(word) = &text.said.empty else {
            return Some(if required {
                Empty::Refuse("required")
            } else {
                Empty::Skip
            });
        };
        match (word.value.as_str(), field.clear) {
            ("skip", _) if required => Some(Empty::Refuse("required")),
            ("skip", _) => Some(Empty::Skip),
            ("error", _) => Some(Empty::Refuse("blank")),
            ("clear", _) if required => {
                self.notes.wrong(
                    "wrong-option",
                    word.span.clone(),
                    format!("`{name}` cannot be both required and cleared"),
                );
                None
            }
            ("clear", Some(clear)) => Some(Empty::Clear(clear.json())),
            ("clear", None) => {
                self.notes.wrong(
                    "cannot",
                    word.span.clone(),
                    format!("{} has no known way to erase `{name}`", self.api.name),
                );
                self.notes.help(
                    "use `empty = \"skip\"` to leave it as it is, or `\"error\"` to refuse the row",
                );
                None
            }
            (other, _) => {
                self.notes.wrong(
                    "unknown-word",
                    word.span.clone(),
                    format!("`empty` cannot be `{other}`"),
                );
                self.notes.help("there are `skip`, `clear` and `error`");
                None
            }
        }
    }

    pub(super) fn source(&mut self, text: &SourceText) -> Option<Source> {
        match text {
            SourceText::Column(column) => Some(Source::Column(self.column(column))),
            SourceText::Constant(_) | SourceText::List(_) => Some(Source::Constant(Coerced::Blank)),
            SourceText::Template(template) => match Template::parse(&template.value) {
                Ok(parsed) => {
                    let place = template.span.clone();
                    Some(Source::Template(parsed.with(|name| {
                        self.column(&Placed {
                            value: name.to_owned(),
                            span: place.clone(),
                        })
                    })))
                }
                Err(what) => {
                    self.notes
                        .wrong("wrong-template", template.span.clone(), what);
                    None
                }
            },
        }
    }

    fn column(&mut self, column: &Placed<String>) -> usize {
        let known = self
            .mapping
            .columns
            .iter()
            .position(|own| own.name == column.value);
        known.unwrap_or_else(|| {
            self.mapping.columns.push(Column {
                name: column.value.clone(),
                span: column.span.clone(),
            });
            self.mapping.columns.len() - 1
        })
    }
}
