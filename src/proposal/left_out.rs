//! Why a column goes into no field: every one that stays out has its reason.
//!
//! Only tells; what stays out was decided by [`super::choice`].

use super::choice::Pick;
use super::columns::Column;
use super::fields::{Slot, refusal};
use super::synonyms::{meaning, synonyms};
use super::written::sample;
use crate::provider::api::Api;

/// A column that stays out.
#[derive(Debug, Clone)]
pub(super) struct LeftOut {
    /// Its place.
    pub(super) at: usize,
    /// The reason, for people; empty where it is only that the provider has no field for it.
    pub(super) why: String,
    /// Whether a custom field could hold it.
    pub(super) custom: bool,
}

/// What reasons are made of.
#[derive(Debug, Clone, Copy)]
pub(super) struct Reasons<'r, 'a> {
    pub(super) api: &'r Api,
    pub(super) columns: &'r [Column],
    pub(super) picks: &'r [Pick<'a>],
    pub(super) slots: &'r [Slot<'a>],
    /// Columns of addresses that were not chosen.
    pub(super) other_address: &'r [usize],
    /// The column that says which contact a row is about.
    pub(super) id: Option<usize>,
    /// The column with tags.
    pub(super) tags: Option<usize>,
}

impl Reasons<'_, '_> {
    /// The reason for one column.
    pub(super) fn of(&self, column: &Column) -> LeftOut {
        let Self {
            api,
            columns,
            picks,
            slots,
            id,
            ..
        } = *self;
        let (at, own) = (column.at, column.meaning());
        let left = |why: String, custom: bool| LeftOut { at, why, custom };
        if let Some(trouble) = column.trouble {
            return left(trouble.to_owned(), false);
        }
        if self.other_address.contains(&at) {
            return left(
                "another address of the file is used, which is filled more often".to_owned(),
                false,
            );
        }
        if let (Some(tags), Some(meaning::TAGS)) = (self.tags, own) {
            return left(
                format!("tags are taken from {}", sample(&columns[tags].name)),
                false,
            );
        }
        let taken = |wanted: &str| {
            picks.iter().find(|pick| {
                pick.slot.meaning == Some(wanted)
                    || pick
                        .columns
                        .iter()
                        .any(|at| columns[*at].meaning() == Some(wanted))
            })
        };
        let instead = own.and_then(|own| synonyms().meaning(own)?.instead.as_deref());
        let names = match own {
            Some(meaning::FULL_NAME) => [meaning::FIRST_NAME, meaning::LAST_NAME],
            Some(meaning::FIRST_NAME | meaning::LAST_NAME | meaning::MIDDLE_NAME) => {
                [meaning::FULL_NAME, ""]
            }
            _ => ["", ""],
        };
        let rivals = [own, instead].into_iter().flatten().chain(names);
        let rival = rivals.filter(|name| !name.is_empty()).find_map(taken);
        if let Some(pick) = rival {
            let by: Vec<String> = pick
                .columns
                .iter()
                .map(|at| sample(&columns[*at].name))
                .collect();
            let why = format!("`{}` is filled from {}", pick.slot.name, by.join(" and "));
            return left(why, false);
        }
        if own == Some(meaning::FULL_NAME)
            && slots
                .iter()
                .any(|slot| slot.meaning == Some(meaning::FIRST_NAME))
        {
            return left(
                format!(
                    "{} keeps first and last name apart, and nobody but you can part them",
                    api.name
                ),
                false,
            );
        }
        if let (Some(id), Some(meaning::CONTACT_ID)) = (id, own) {
            let why = format!(
                "{} says which contact a row is about",
                sample(&columns[id].name)
            );
            return left(why, column.filled > 0);
        }
        if let Some(why) = refusal(api, &column.name, own) {
            return left(why.to_owned(), column.filled > 0);
        }
        match column.filled {
            0 => left("it is blank in all rows looked at".to_owned(), false),
            _ => left(String::new(), true),
        }
    }
}
