//! The types of custom fields while the account, which alone knows them, has not been asked.
//!
//! What a mapping says of a value may be for fields of some types only, such as a `format`. Until the account has told
//! its fields, a custom field is taken to be of a type that this fits and that the account can have: so that nothing that
//! may be right is refused, and so that a dry run, which asks nobody, reads the cells as the mapping means them. A real
//! run holds it all against the account before the first row. It must never decide where the account has been asked.

use std::ops::Range;

use super::check::Check;
use super::date_format::{DateFormat, DateTimeFormat, TimeFormat};
use super::notes::listed;
use super::rule;
use super::written::{FieldText, Said, SourceText};
use crate::provider::fields::{Field, FieldKind};
use crate::provider::names::Found;

impl<'a> Check<'a, '_> {
    /// A custom field, of the type that it is taken to be of where only the account can tell it.
    pub(super) fn untold(&mut self, name: &str, text: &FieldText, found: Found<'a>) -> Found<'a> {
        let api = self.api;
        let (Some(list), None, None) =
            (&api.definitions.custom_fields, self.known, &text.said.kind)
        else {
            return found;
        };
        let Found::Field { field, target } = found else {
            return found;
        };
        let fits = fits(text);
        let can = |kind: &FieldKind| list.kinds.values().any(|own| own == kind);
        let able: Vec<FieldKind> = fits.iter().copied().filter(can).collect();
        let kind = match (able.is_empty(), typed(&text.said).next()) {
            (false, _) => likeliest(&text.said, &able),
            (true, Some((option, place, _))) => {
                self.no_such_type(option, place, &fits);
                likeliest(&text.said, &fits)
            }
            (true, None) => None,
        };
        let Some(kind) = kind else {
            return Found::Field { field, target };
        };
        self.asks_account = true;
        self.assumed
            .push(format!("`{name}` is taken to be of type `{}`", kind.word()));
        Found::Field {
            field: Box::new(Field { kind, ..*field }),
            target,
        }
    }

    /// What was said fits no type that the account knows.
    fn no_such_type(&mut self, option: &str, place: Range<usize>, fits: &[FieldKind]) {
        let words: Vec<&str> = fits.iter().map(|kind| kind.word()).collect();
        let own = self.api.custom_fields.as_ref();
        let types = own.map_or(&[][..], |own| &own.types[..]);
        let taken = fits
            .iter()
            .find(|kind| types.is_empty() || types.contains(kind));
        self.notes.wrong(
            "wrong-option",
            place,
            format!(
                "`{option}` is for fields of type {}, which no custom field of {} is",
                listed(&words),
                self.api.name
            ),
        );
        self.notes.help(match taken {
            Some(kind) => format!(
                "leave it out, or add `type = \"{}\"` to send that to a field of text",
                kind.word()
            ),
            None => "leave it out".to_owned(),
        });
    }
}

/// What was said that makes a difference here: parts of a list may go into a field of text as well.
fn typed(said: &Said) -> impl Iterator<Item = (&'static str, Range<usize>, &'static [FieldKind])> {
    rule::typed(said).filter(|(option, ..)| *option != "split")
}

/// The types that all of it fits, as far as that goes together; none where it says nothing of the type.
fn fits(text: &FieldText) -> Vec<FieldKind> {
    let mut fits: Vec<FieldKind> = Vec::new();
    for (_, _, types) in typed(&text.said) {
        let both: Vec<FieldKind> = match fits.is_empty() {
            true => types.to_vec(),
            false => {
                let both = fits.iter().filter(|kind| types.contains(kind));
                both.copied().collect()
            }
        };
        if !both.is_empty() {
            fits = both;
        }
    }
    match (&text.source, fits.is_empty()) {
        (SourceText::List(_), true) => vec![FieldKind::List],
        _ => fits,
    }
}

/// The one of several types that is meant most likely: by a format, the one of which it tells all; of numbers, the wider one.
fn likeliest(said: &Said, several: &[FieldKind]) -> Option<FieldKind> {
    use FieldKind::{Boolean, Date, Datetime, Integer, List, Number, Phone, Time};
    let order = [Datetime, Date, Time, Number, Integer, Boolean, Phone, List];
    let zone = said.zone.as_ref().map(|said| said.value.as_str());
    let tells = |kind: &FieldKind| match (kind, &said.format) {
        (Datetime, Some(format)) => DateTimeFormat::new(&format.value, zone).is_ok(),
        (Date, Some(format)) => DateFormat::new(&format.value).is_ok(),
        (Time, Some(format)) => TimeFormat::new(&format.value).is_ok(),
        _ => true,
    };
    let among = order.into_iter().filter(|kind| several.contains(kind));
    among.clone().find(tells).or_else(|| among.clone().next())
}
