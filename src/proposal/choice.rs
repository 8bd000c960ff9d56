//! Which column goes into which field, and why the others stay out.
//!
//! One column at most for a field; parts of an address come from one address; first and last name stay apart where the
//! provider keeps them apart, and are put together, never parted, where it does not.

use super::columns::Column;
use super::contact_id::Identity;
use super::fields::{Slot, refused_name, slots};
use super::left_out::{LeftOut, Reasons};
use super::survey::Survey;
use super::synonyms::{fold, meaning, synonyms};
use crate::mapping::country::CODES;
use crate::provider::api::Api;

/// A field with what goes there.
#[derive(Debug, Clone)]
pub(super) struct Pick<'a> {
    /// The field.
    pub(super) slot: Slot<'a>,
    /// One column, or the columns of a template.
    pub(super) columns: Vec<usize>,
}

/// What was chosen.
#[derive(Debug)]
pub(super) struct Choice<'a> {
    /// Fields in the provider's order.
    pub(super) picks: Vec<Pick<'a>>,
    /// The column with tags, where the provider has a way to change them.
    pub(super) tags: Option<usize>,
    /// Names that the provider keeps as custom fields, by their codes.
    pub(super) names: Vec<(&'a str, usize)>,
    /// All columns that are in no field, in their order; those that say which contact a row is about are not
    /// among them.
    pub(super) left_out: Vec<LeftOut>,
}

/// Chooses, where `identity` says which contact a row is about.
pub(super) fn choose<'a>(
    api: &'a Api,
    survey: &Survey,
    columns: &[Column],
    identity: &Identity,
) -> Choice<'a> {
    let slots = slots(api);
    let id = match identity {
        Identity::Column { at, .. } => Some(*at),
        Identity::Match(_) | Identity::Unknown => None,
    };
    let mut table = Table {
        slots: &slots,
        survey,
        columns,
        free: columns
            .iter()
            .map(|column| column.trouble.is_none() && Some(column.at) != id)
            .collect(),
        picks: Vec::new(),
    };
    let other_address = table.other_addresses();
    table.names();
    for slot in &slots {
        table.fill(slot, &other_address);
    }
    let names = table.custom_names(api);
    let tags = table.tags(api);
    let Table { mut picks, .. } = table;
    let place = |pick: &Pick<'_>| slots.iter().position(|slot| slot.name == pick.slot.name);
    picks.sort_by_key(|pick| place(pick));
    let used = |at: usize| {
        let named = names.iter().any(|(_, own)| *own == at);
        let picked = picks.iter().any(|pick| pick.columns.contains(&at));
        named || picked || tags == Some(at) || identity.columns().contains(&at)
    };
    let reasons = Reasons {
        api,
        columns,
        picks: &picks,
        slots: &slots,
        other_address: &other_address,
        id,
        tags,
    };
    let left_out = columns
        .iter()
        .filter(|column| !used(column.at))
        .map(|column| reasons.of(column))
        .collect();
    Choice {
        picks,
        tags,
        names,
        left_out,
    }
}

/// The best of some columns for the field of a meaning, which some of them only take instead of one of their own.
pub(super) fn best_of<'c>(
    columns: impl Iterator<Item = &'c Column>,
    wanted: &str,
) -> Option<&'c Column> {
    let worth = |column: &Column| {
        let own = column.meaning().unwrap_or_default();
        let first = synonyms().meaning(own).is_some_and(|meaning| meaning.first);
        let order = match (own == wanted, first) {
            (false, true) => 0,
            (true, _) => 1,
            (false, false) => 2,
        };
        let rank = column
            .reading
            .as_ref()
            .map_or(usize::MAX, |reading| reading.rank);
        (order, rank)
    };
    let mut found: Vec<&Column> = columns.collect();
    found.sort_by_key(|column| worth(column));
    let first = *found.first()?;
    let fullest = *found.iter().rev().max_by_key(|column| column.filled)?;
    Some(if fullest.filled > first.filled * 2 {
        fullest
    } else {
        first
    })
}

struct Table<'t, 'a> {
    slots: &'t [Slot<'a>],
    survey: &'t Survey,
    columns: &'t [Column],
    free: Vec<bool>,
    picks: Vec<Pick<'a>>,
}

impl<'a> Table<'_, 'a> {
    fn slot(&self, meaning: &str) -> Option<Slot<'a>> {
        self.slots
            .iter()
            .find(|slot| slot.meaning == Some(meaning))
            .copied()
    }

    fn take(&mut self, slot: Slot<'a>, columns: Vec<usize>) {
        for at in &columns {
            self.free[*at] = false;
        }
        self.picks.push(Pick { slot, columns });
    }

    /// The meaning whose field a column wants.
    fn goal(&self, column: &Column) -> Option<&'static str> {
        let own = column.meaning()?;
        if own == meaning::COUNTRY
            && self.slot(meaning::COUNTRY_CODE).is_some()
            && self.holds_codes(column.at)
        {
            return Some(meaning::COUNTRY_CODE);
        }
        if self.slot(own).is_some() {
            return Some(own);
        }
        let instead = synonyms().meaning(own)?.instead.as_deref()?;
        self.slot(instead).map(|_| instead)
    }

    fn holds_codes(&self, at: usize) -> bool {
        let values = self.survey.values(at);
        let codes = values
            .iter()
            .filter(|value| CODES.contains(&value.to_uppercase().as_str()));
        !values.is_empty() && codes.count() * 10 >= values.len() * 8
    }

    /// The best column among those that want a meaning's field.
    fn best(&self, wanted: &str, fits: impl Fn(&Column) -> bool) -> Option<usize> {
        let wanting = self.columns.iter().filter(|column| {
            self.free[column.at] && self.goal(column) == Some(wanted) && fits(column)
        });
        best_of(wanting, wanted).map(|column| column.at)
    }

    /// First and last name, where the provider keeps names as custom fields and its account can be asked for them.
    fn custom_names(&mut self, api: &'a Api) -> Vec<(&'a str, usize)> {
        let parts = [meaning::FIRST_NAME, meaning::LAST_NAME];
        let kept = parts
            .iter()
            .chain([&meaning::FULL_NAME])
            .any(|name| self.slot(name).is_some());
        if kept || api.definitions.custom_fields.is_none() {
            return Vec::new();
        }
        let mut names = Vec::new();
        for part in parts {
            let own = self
                .columns
                .iter()
                .filter(|column| column.meaning() == Some(part) && self.free[column.at]);
            if let (Some(code), Some(column)) = (refused_name(api, part), best_of(own, part)) {
                names.push((code, column.at));
                self.free[column.at] = false;
            }
        }
        names
    }

    fn tags(&mut self, api: &Api) -> Option<usize> {
        api.tags.add.as_ref().or(api.tags.set.as_ref())?;
        let tags = self
            .columns
            .iter()
            .filter(|column| column.meaning() == Some(meaning::TAGS) && self.free[column.at]);
        best_of(tags, meaning::TAGS).map(|column| column.at)
    }

    fn names(&mut self) {
        let filled = |at: Option<usize>| at.map_or(0, |at| self.columns[at].filled);
        let of = |wanted: &'static str| {
            let own = |column: &&Column| column.meaning() == Some(wanted) && self.free[column.at];
            let found = self.columns.iter().filter(own);
            found.max_by_key(|column| {
                let rank = column
                    .reading
                    .as_ref()
                    .map_or(usize::MAX, |reading| reading.rank);
                (column.filled.min(1), std::cmp::Reverse(rank))
            })
        };
        let place = |wanted| of(wanted).map(|column| column.at);
        let (first, last, full) = (
            place(meaning::FIRST_NAME),
            place(meaning::LAST_NAME),
            place(meaning::FULL_NAME),
        );
        let middle = place(meaning::MIDDLE_NAME).filter(|at| self.columns[*at].filled > 0);
        let parts = filled(first).max(filled(last));
        let apart =
            self.slot(meaning::FIRST_NAME).is_some() || self.slot(meaning::LAST_NAME).is_some();
        let Some(whole) = self.slot(meaning::FULL_NAME) else {
            return;
        };
        match (apart, full) {
            // Where both are kept it is seldom known which one wins: only one is sent.
            (true, Some(full)) if parts == 0 => {
                for part in [first, last].into_iter().flatten() {
                    self.free[part] = false;
                }
                self.take(whole, vec![full]);
            }
            (true, Some(full)) => self.free[full] = false,
            (true, None) => {}
            (false, Some(full)) if filled(Some(full)) * 2 >= parts => self.take(whole, vec![full]),
            (false, _) => {
                let parts: Vec<usize> = [first, middle, last].into_iter().flatten().collect();
                let named = parts.iter().all(|at| in_template(&self.columns[*at].name));
                if !parts.is_empty() && named {
                    self.take(whole, parts);
                }
            }
        }
    }

    /// The columns of addresses beside the one that is most filled.
    fn other_addresses(&self) -> Vec<usize> {
        let part = |column: &Column| {
            let reading = column.reading.as_ref()?;
            let meaning = synonyms().meaning(reading.meaning)?;
            (meaning.address && self.free[column.at])
                .then(|| (reading.group.clone(), reading.meaning))
        };
        let parts: Vec<(usize, String, &str, usize)> = self
            .columns
            .iter()
            .filter_map(|column| {
                part(column).map(|(group, meaning)| (column.at, group, meaning, column.filled))
            })
            .collect();
        let mut groups: Vec<(&String, usize)> = Vec::new();
        for (_, group, _, filled) in &parts {
            match groups.iter_mut().find(|(own, _)| *own == group) {
                Some((_, sum)) => *sum += filled,
                None => groups.push((group, *filled)),
            }
        }
        let Some((best, _)) = groups.iter().rev().max_by_key(|(_, filled)| *filled) else {
            return Vec::new();
        };
        let has = |meaning: &str| {
            parts
                .iter()
                .any(|(_, group, own, _)| group == *best && *own == meaning)
        };
        // `Home Address, City, Zip` is one address: a group that repeats no part of the best one completes it.
        let rival = |group: &String| {
            parts
                .iter()
                .any(|(_, own, meaning, _)| own == group && has(meaning))
        };
        parts
            .iter()
            .filter(|(_, group, ..)| group != *best && rival(group))
            .map(|(at, ..)| *at)
            .collect()
    }

    fn fill(&mut self, slot: &Slot<'a>, other_address: &[usize]) {
        if self.picks.iter().any(|pick| pick.slot.name == slot.name) {
            return;
        }
        let usable = |column: &Column| !other_address.contains(&column.at);
        let Some(wanted) = slot.meaning else {
            let same = |column: &&Column| {
                self.free[column.at]
                    && self.goal(column).is_none()
                    && fold(&column.name) == fold(slot.name)
            };
            if let Some(at) = self.columns.iter().find(same).map(|column| column.at) {
                self.take(*slot, vec![at]);
            }
            return;
        };
        if wanted == meaning::FULL_NAME {
            return;
        }
        let Some(at) = self.best(wanted, usable) else {
            return;
        };
        let mut columns = vec![at];
        if wanted == meaning::STREET && self.slot(meaning::HOUSE).is_none() {
            let house = self.columns.iter().find(|column| {
                column.meaning() == Some(meaning::HOUSE) && self.free[column.at] && usable(column)
            });
            let house = house
                .filter(|house| in_template(&house.name) && in_template(&self.columns[at].name));
            columns.extend(house.map(|house| house.at));
        }
        self.take(*slot, columns);
    }
}

/// Whether a template can hold a column of this name between its braces.
fn in_template(name: &str) -> bool {
    !name.contains(['{', '}'])
}
