//! From what a mapping says about one value to the [`Rule`] by which its cells are read.
//!
//! The provider's type of the field leads; the mapping states only what differs, and what does not fit that type is a
//! mistake, not a silent nothing.

use std::ops::Range;

use super::clean::{Cleaner, is_blank};
use super::coerce::{Kind, Lookup, Rule};
use super::date::DateOut;
use super::date_format::{DateFormat, DateTimeFormat, TimeFormat};
use super::notes::{Notes, listed};
use super::number::NumberFormat;
use super::phone::Region;
use super::written::{Placed, Said};
use crate::mistake::nearest;
use crate::provider::fields::{Field, FieldKind, PairValues};

/// Builds the rule for a field; every mistake is noted, and nothing comes back where there was one.
pub(super) fn build(
    name: &str,
    field: &Field,
    values: PairValues,
    said: &Said,
    notes: &mut Notes<'_>,
) -> Option<Rule> {
    let before = notes.mistakes.len();
    let field_kind = kind_of(name, field, said, notes);
    unfit(name, field_kind, said, notes);
    never_blank(name, said, notes);
    let clean = cleaners(said, notes);
    let kind = kind(field_kind, field, values, said, notes);
    let lookup = said
        .lookup
        .as_ref()
        .map(|table| Lookup::new(table.value.iter().map(|(from, to)| (from, to.as_str()))));
    let kind = kind.filter(|_| notes.mistakes.len() == before)?;
    Some(Rule {
        clean,
        lookup,
        kind,
    })
}

/// Notes words for a blank cell, which would never apply: what a blank means is not for them to say.
fn never_blank(name: &str, said: &Said, notes: &mut Notes<'_>) {
    let blank = |words: &Option<Placed<Vec<String>>>| {
        let words = words.as_ref()?;
        let any = words.value.iter().any(|word| is_blank(word));
        any.then(|| words.span.clone())
    };
    let lookup = said.lookup.as_ref().and_then(|table| {
        let any = table.value.iter().any(|(from, _)| is_blank(from));
        any.then(|| table.span.clone())
    });
    let given = [
        ("lookup", lookup),
        ("true", blank(&said.yes)),
        ("false", blank(&said.no)),
    ];
    for (option, place) in given {
        if let Some(place) = place {
            notes.wrong(
                "wrong-option",
                place,
                format!("the empty word in `{option}` never applies to `{name}`: what a blank cell means is said by `empty`"),
            );
            notes.help("take it out; `empty = \"skip\"` leaves the field as it is, `\"clear\"` erases it, `\"error\"` refuses the row");
        }
    }
}

/// The cleaners named, in their order.
pub(super) fn cleaners(said: &Said, notes: &mut Notes<'_>) -> Vec<Cleaner> {
    let mut cleaners = Vec::new();
    for word in &said.clean {
        match Cleaner::from_word(&word.value) {
            Some(cleaner) => cleaners.push(cleaner),
            None => {
                notes.wrong(
                    "unknown-word",
                    word.span.clone(),
                    format!("no cleaner `{}`", word.value),
                );
                notes.help(match nearest(&word.value, Cleaner::WORDS) {
                    Some(near) => format!("did you mean `{near}`?"),
                    None => format!("there are {}", listed(&Cleaner::WORDS)),
                });
            }
        }
    }
    cleaners
}

/// Whether a mapping may give this type to a field that has none of its own.
pub(super) fn is_a_type(word: &str) -> bool {
    // These two say nothing without a list that only the provider's file has.
    let known = FieldKind::WORDS.iter().any(|(own, _)| *own == word);
    known && !matches!(word, "pairs" | "enum")
}

/// Everything that was said beside `clean` and `required`, with its place.
pub(super) fn beside_clean(said: &Said) -> impl Iterator<Item = (&'static str, Range<usize>)> {
    let given: [(&str, Place); 13] = [
        ("lookup", span(&said.lookup)),
        ("format", span(&said.format)),
        ("zone", span(&said.zone)),
        ("region", span(&said.region)),
        ("true", span(&said.yes)),
        ("false", span(&said.no)),
        ("split", span(&said.split)),
        ("decimal", span(&said.decimal)),
        ("thousands", span(&said.thousands)),
        ("type", span(&said.kind)),
        ("by", span(&said.by)),
        ("accept", span(&said.accept)),
        ("empty", span(&said.empty)),
    ];
    given
        .into_iter()
        .filter_map(|(option, place)| Some((option, place?)))
}

/// The provider's type, or the one that the mapping gives to a field that has none of its own.
fn kind_of(name: &str, field: &Field, said: &Said, notes: &mut Notes<'_>) -> FieldKind {
    let Some(word) = &said.kind else {
        return match (field.kind, &said.split) {
            (FieldKind::Text, Some(_)) => FieldKind::List,
            (kind, _) => kind,
        };
    };
    let names: Vec<&str> = FieldKind::WORDS
        .iter()
        .map(|(word, _)| *word)
        .filter(|word| is_a_type(word))
        .collect();
    let kind = FieldKind::WORDS
        .iter()
        .find(|(own, _)| *own == word.value && names.contains(own));
    match kind {
        None => {
            notes.wrong(
                "unknown-word",
                word.span.clone(),
                format!("no type `{}`", word.value),
            );
            notes.help(match nearest(&word.value, names.iter().copied()) {
                Some(near) => format!("did you mean `{near}`?"),
                None => format!("there are {}", listed(&names)),
            });
            field.kind
        }
        Some((_, kind)) if field.kind != FieldKind::Text && *kind != field.kind => {
            notes.wrong(
                "wrong-option",
                word.span.clone(),
                format!(
                    "`{name}` is of type `{}` at this provider",
                    field.kind.word()
                ),
            );
            notes.help("leave `type` out");
            field.kind
        }
        Some((_, kind)) => *kind,
    }
}

/// Everything that was said and is for fields of some types only, with its place and these types.
pub(super) fn typed(
    said: &Said,
) -> impl Iterator<Item = (&'static str, Range<usize>, &'static [FieldKind])> {
    use FieldKind::{Boolean, Date, Datetime, Integer, List, Number, Phone, Time};
    let given: [(&str, Place, &[FieldKind]); 8] = [
        ("format", span(&said.format), &[Date, Datetime, Time]),
        ("zone", span(&said.zone), &[Datetime]),
        ("region", span(&said.region), &[Phone]),
        ("true", span(&said.yes), &[Boolean]),
        ("false", span(&said.no), &[Boolean]),
        ("split", span(&said.split), &[List]),
        ("decimal", span(&said.decimal), &[Integer, Number]),
        ("thousands", span(&said.thousands), &[Integer, Number]),
    ];
    given
        .into_iter()
        .filter_map(|(option, place, fits)| Some((option, place?, fits)))
}

/// Notes everything that was said and means nothing for this type.
fn unfit(name: &str, kind: FieldKind, said: &Said, notes: &mut Notes<'_>) {
    for (option, place, fits) in typed(said) {
        if !fits.contains(&kind) {
            let words: Vec<&str> = fits.iter().map(|kind| kind.word()).collect();
            notes.wrong(
                "wrong-option",
                place,
                format!(
                    "`{option}` means nothing for `{name}`, which is of type `{}`",
                    kind.word()
                ),
            );
            notes.help(format!("it is for fields of type {}", listed(&words)));
        }
    }
}

/// Where something was said, if it was.
type Place = Option<Range<usize>>;

fn span<T>(said: &Option<Placed<T>>) -> Place {
    said.as_ref().map(|said| said.span.clone())
}

fn kind(
    kind: FieldKind,
    field: &Field,
    values: PairValues,
    said: &Said,
    notes: &mut Notes<'_>,
) -> Option<Kind> {
    let out = match values {
        PairValues::Typed => DateOut::Iso,
        PairValues::EpochStrings => DateOut::EpochSeconds,
    };
    Some(match kind {
        FieldKind::Text => Kind::Text { max: field.max },
        FieldKind::Integer => Kind::Integer {
            format: numbers(said, notes),
        },
        FieldKind::Number => Kind::Number {
            format: numbers(said, notes),
        },
        FieldKind::Boolean => boolean(said, notes),
        FieldKind::Date => Kind::Date {
            format: format(said, notes, DateFormat::new),
            out,
        },
        FieldKind::Datetime => Kind::DateTime {
            format: moments(said, notes),
            out,
        },
        FieldKind::Time => Kind::Time {
            format: format(said, notes, TimeFormat::new),
        },
        FieldKind::Email => Kind::Email,
        FieldKind::Phone => Kind::Phone {
            region: region(said, notes),
        },
        FieldKind::Url => Kind::Url,
        FieldKind::Uuid => Kind::Uuid,
        FieldKind::Country => Kind::Country {
            allowed: (!field.values.is_empty()).then(|| sorted(&field.values)),
        },
        FieldKind::Timezone => Kind::Timezone,
        FieldKind::Enum => Kind::Enum {
            values: field.values.clone(),
            codes: field.codes.clone(),
        },
        FieldKind::List => Kind::List {
            split: said.split.as_ref().map(|split| split.value.clone()),
            each: field.max,
            among: field.values.clone(),
        },
        FieldKind::Object => Kind::Object,
        FieldKind::Pairs => return None,
    })
}

fn sorted(values: &[String]) -> Vec<String> {
    let mut sorted = values.to_vec();
    sorted.sort_unstable();
    sorted
}

fn boolean(said: &Said, notes: &mut Notes<'_>) -> Kind {
    let words = |words: &Option<Placed<Vec<String>>>| {
        words
            .as_ref()
            .map_or_else(Vec::new, |words| words.value.clone())
    };
    let (yes, no) = (words(&said.yes), words(&said.no));
    let fold = |word: &String| word.trim().to_lowercase();
    let both = yes
        .iter()
        .find(|word| !is_blank(word) && no.iter().any(|other| fold(other) == fold(word)));
    if let (Some(word), Some(place)) = (both, &said.no) {
        notes.wrong(
            "wrong-option",
            place.span.clone(),
            format!("`{word}` cannot mean both true and false"),
        );
    }
    Kind::Boolean { yes, no }
}

fn format<T>(
    said: &Said,
    notes: &mut Notes<'_>,
    make: impl FnOnce(&str) -> Result<T, String>,
) -> Option<T> {
    let format = said.format.as_ref()?;
    match make(&format.value) {
        Ok(made) => Some(made),
        Err(what) => {
            notes.wrong("wrong-format", format.span.clone(), what);
            None
        }
    }
}

fn moments(said: &Said, notes: &mut Notes<'_>) -> Option<DateTimeFormat> {
    let Some(zone) = &said.zone else {
        return format(said, notes, |format| DateTimeFormat::new(format, None));
    };
    if said.format.is_none() {
        notes.wrong(
            "wrong-option",
            zone.span.clone(),
            "`zone` means nothing without `format`",
        );
        notes.help("a moment without a declared format brings its own offset, as in `2026-01-12T08:30:00Z`");
        return None;
    }
    let before = notes.mistakes.len();
    let made = format(said, notes, |format| {
        DateTimeFormat::new(format, Some(&zone.value))
    });
    // What is wrong with the zone is shown where the zone stands.
    let named = format!("`{}`", zone.value);
    for mistake in &mut notes.mistakes[before..] {
        if mistake.what.starts_with(&named) {
            mistake.span = zone.span.clone();
        }
    }
    made
}

pub(super) fn region(said: &Said, notes: &mut Notes<'_>) -> Option<Region> {
    let region = said.region.as_ref()?;
    let found = Region::from_code(&region.value);
    if found.is_none() {
        notes.wrong(
            "unknown-word",
            region.span.clone(),
            format!("no region `{}`", region.value),
        );
        notes.help("write the two letters of a country, such as `IL`, `GB` or `US`");
    }
    found
}

fn numbers(said: &Said, notes: &mut Notes<'_>) -> Option<NumberFormat> {
    let one = |text: &Placed<String>| {
        let mut chars = text.value.chars();
        chars.next().filter(|_| chars.next().is_none())
    };
    let place = said.decimal.as_ref().or(said.thousands.as_ref())?;
    let decimal = said.decimal.as_ref().map_or(Some('.'), one);
    let thousands = said.thousands.as_ref().map(one);
    match (decimal, thousands) {
        (Some(decimal), None | Some(Some(_))) => {
            match NumberFormat::new(decimal, thousands.flatten()) {
                Ok(format) => Some(format),
                Err(what) => {
                    notes.wrong("wrong-format", place.span.clone(), what);
                    None
                }
            }
        }
        _ => {
            notes.wrong(
                "wrong-format",
                place.span.clone(),
                "a separator of numbers is one character",
            );
            None
        }
    }
}
