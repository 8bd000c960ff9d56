//! What the provider's fields are about: their names and types, read with the same words as the file's columns.

use super::synonyms::{Reading, fold, synonyms};
use crate::provider::api::Api;
use crate::provider::fields::{Field, FieldKind};

/// A field that a column can go into.
#[derive(Debug, Clone, Copy)]
pub(super) struct Slot<'a> {
    /// Its name, dots and all.
    pub(super) name: &'a str,
    /// What the provider says about it.
    pub(super) field: &'a Field,
    /// What it is about, if that is known.
    pub(super) meaning: Option<&'static str>,
}

/// The fields that values can be put into, in the provider's order; of several with one meaning only the plainest has it.
pub(super) fn slots(api: &Api) -> Vec<Slot<'_>> {
    let mut slots: Vec<(Slot<'_>, (usize, usize))> = Vec::new();
    let takes = |field: &Field| {
        !matches!(field.kind, FieldKind::Object | FieldKind::Pairs) && field.danger.is_none()
    };
    let tags = api.tags.set.as_ref().map(|way| way.field.as_str());
    let fields = api.fields.iter();
    for (name, field) in fields.filter(|(name, field)| takes(field) && tags != Some(name.as_str()))
    {
        let reading = read(name).filter(|reading| {
            synonyms()
                .meaning(reading.meaning)
                .is_some_and(|meaning| meaning.types.contains(&field.kind))
        });
        let depth = name.matches('.').count();
        let worth = reading
            .as_ref()
            .map_or((depth, 0), |found| (depth, found.rank));
        let mut slot = Slot {
            name,
            field,
            meaning: reading.map(|found| found.meaning),
        };
        if let Some(meaning) = slot.meaning {
            let rival = slots
                .iter_mut()
                .find(|(other, _)| other.meaning == Some(meaning));
            match rival {
                Some((_, own)) if *own <= worth => slot.meaning = None,
                Some((other, _)) => other.meaning = None,
                None => {}
            }
        }
        slots.push((slot, worth));
    }
    slots.into_iter().map(|(slot, _)| slot).collect()
}

/// Why the provider does not take what a column is about, in the words of its file.
pub(super) fn refusal<'a>(api: &'a Api, header: &str, meaning: Option<&str>) -> Option<&'a str> {
    let same = |name: &str| {
        fold(name) == fold(header)
            || (meaning.is_some() && read(name).map(|found| found.meaning) == meaning)
    };
    let names = api.refused.iter().find(|(name, _)| same(name))?;
    Some(names.1)
}

/// The name under which people look for a meaning in vain.
pub(super) fn refused_name<'a>(api: &'a Api, meaning: &str) -> Option<&'a str> {
    let mut names = api.refused.keys().map(String::as_str);
    names.find(|name| read(name).is_some_and(|found| found.meaning == meaning))
}

fn read(name: &str) -> Option<Reading> {
    let last = name.rsplit('.').next().unwrap_or(name);
    synonyms().exact(name).or_else(|| synonyms().exact(last))
}
