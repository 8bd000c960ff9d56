//! Values that are the same for every row: read once, when the mapping is checked, by the rule that would read a cell.

use std::ops::Range;

use super::check::Check;
use super::coerce::{Coerced, Kind, Refusal, Rule, boolean, coerce};
use super::list;
use super::steps::Source;
use super::written::{FieldText, Placed, SourceText};
use crate::provider::fields::Clear;

impl Check<'_, '_> {
    /// The value that stands in a mapping for all rows; `clear` is what erases the field.
    pub(super) fn constant(
        &mut self,
        name: &str,
        text: &FieldText,
        rule: &Rule,
        clear: Option<Clear>,
    ) -> Option<Source> {
        if matches!(rule.kind, Kind::List { .. }) {
            let items = self.items(name, text, rule, clear)?;
            let items: Vec<&str> = items.iter().map(String::as_str).collect();
            let json = match list::array(&items) {
                Some(json) => json,
                None => clear?.json().to_owned(),
            };
            return Some(Source::Constant(Coerced::Json(json.into())));
        }
        let value = match &text.source {
            SourceText::Constant(value) => value,
            SourceText::List(values) => {
                self.one_value(name, text, values);
                return None;
            }
            SourceText::Column(_) | SourceText::Template(_) => return None,
        };
        let read = coerce(&value.value, rule).or_else(|refusal| match &rule.kind {
            // Whatever words are declared, `value = true` is TOML's own way to say it.
            Kind::Boolean { .. } => boolean(&value.value, &[], &[]).map_err(|_| refusal),
            _ => Err(refusal),
        });
        match read {
            Ok(coerced) => Some(Source::Constant(coerced.into_owned())),
            Err(refusal) => {
                self.wrong_constant(name, &value.span, &refusal);
                None
            }
        }
    }

    /// The items of a constant list, read as those of a cell are. There are none only where the mapping says `[]` and the
    /// provider can erase the list.
    pub(super) fn items(
        &mut self,
        name: &str,
        text: &FieldText,
        rule: &Rule,
        clear: Option<Clear>,
    ) -> Option<Vec<String>> {
        let (texts, place) = match &text.source {
            SourceText::Constant(one) => (std::slice::from_ref(&one.value), &one.span),
            SourceText::List(many) => (&many.value[..], &many.span),
            SourceText::Column(_) | SourceText::Template(_) => return None,
        };
        let before = self.notes.mistakes.len();
        let mut items: Vec<String> = Vec::new();
        for text in texts {
            match coerce(text, rule) {
                Ok(Coerced::Json(list)) => {
                    let read: Vec<String> = serde_json::from_str(&list).unwrap_or_default();
                    for item in read {
                        if !items.contains(&item) {
                            items.push(item);
                        }
                    }
                }
                Ok(_) => {}
                Err(refusal) => self.wrong_constant(name, place, &refusal),
            }
        }
        if self.notes.mistakes.len() > before {
            return None;
        }
        if items.is_empty() && (clear.is_none() || !texts.is_empty()) {
            self.notes.wrong(
                "wrong-constant",
                place.clone(),
                format!("`{name}` has nothing in its list"),
            );
            self.notes.help(match clear {
                Some(_) => "write what it should hold, or `[]` to take everything away",
                None => "write what it should hold, or leave the line out",
            });
            return None;
        }
        Some(items)
    }

    /// A list where the field takes one value.
    fn one_value(&mut self, name: &str, text: &FieldText, values: &Placed<Vec<String>>) {
        self.notes.wrong(
            "wrong-constant",
            values.span.clone(),
            format!("`{name}` takes one value, not a list"),
        );
        let plain = |text: &String| !text.contains(['"', '\\']) && !text.contains(char::is_control);
        let only = match &values.value[..] {
            [only] if plain(only) => only,
            _ => "…",
        };
        self.notes.help(match text.span == values.span {
            true => format!(
                "write `\"{only}\"` for the column of that name, or `{{ value = \"{only}\" }}` for the same in every row"
            ),
            false => format!("write `value = \"{only}\"`"),
        });
    }

    fn wrong_constant(&mut self, name: &str, place: &Range<usize>, refusal: &Refusal) {
        self.notes.wrong(
            "wrong-constant",
            place.clone(),
            format!("`{name}`: {}", refusal.message),
        );
    }
}
