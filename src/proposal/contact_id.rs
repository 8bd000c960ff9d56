//! How the proposal says which contact a row is about.
//!
//! [`decide`] is the one place where that is settled: by a column that surely has the account's own ids; else by what is
//! known about a contact, where the provider can look for it; else by the column that looks most like ids. A wrong id
//! changes somebody else, so whatever is chosen is something to look at first.

use std::collections::HashSet;

use super::choice::best_of;
use super::columns::Column;
use super::phones::{self, Home};
use super::survey::Survey;
use super::synonyms::{fold, meaning, synonyms};
use crate::mapping::email::email;
use crate::mapping::id::check_id;
use crate::provider::api::{Api, IdKind, Looks};
use crate::provider::finding::MatchKey;

/// How a row's contact is found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Identity {
    /// By the id in this column.
    Column {
        /// Its place.
        at: usize,
        /// Whether its header names the provider, so that the id is surely the provider's own.
        sure: bool,
        /// How many of its values have the form of an id.
        fitting: usize,
        /// How many there are.
        values: usize,
    },
    /// By what is known about the person, in this order.
    Match(Vec<Key>),
    /// The file does not tell.
    Unknown,
}

/// One thing by which a contact is looked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Key {
    /// What it is.
    pub(super) key: MatchKey,
    /// The column's place.
    pub(super) at: usize,
    /// With a phone: where its national numbers are at home.
    pub(super) region: Option<String>,
}

impl Identity {
    /// The columns that say it.
    pub(super) fn columns(&self) -> Vec<usize> {
        match self {
            Self::Column { at, .. } => vec![*at],
            Self::Match(keys) => keys.iter().map(|key| key.at).collect(),
            Self::Unknown => Vec::new(),
        }
    }
}

/// Decides how a row's contact is found.
pub(super) fn decide(api: &Api, columns: &[Column], survey: &Survey) -> Identity {
    let found = columns
        .iter()
        .filter(|column| column.trouble.is_none())
        .filter_map(|column| {
            let grade = grade(api, column)?;
            let (fitting, values) = fit(api, survey, column.at, grade)?;
            let rank = column.reading.as_ref().map_or(0, |reading| reading.rank);
            Some((grade, std::cmp::Reverse((rank, column.at)), fitting, values))
        })
        .max_by_key(|(grade, place, ..)| (*grade, *place));
    let surely = found
        .as_ref()
        .is_some_and(|(grade, std::cmp::Reverse((_, at)), ..)| {
            *grade == Grade::OfProvider
                || (*grade == Grade::OfContact && in_the_look(api, survey, *at))
        });
    let keys = match surely {
        true => Vec::new(),
        false => keys(api, columns, survey),
    };
    match found {
        _ if !keys.is_empty() => Identity::Match(keys),
        Some((grade, std::cmp::Reverse((_, at)), fitting, values)) => Identity::Column {
            at,
            sure: grade == Grade::OfProvider,
            fitting,
            values,
        },
        None => Identity::Unknown,
    }
}

/// Whether values can hardly come from another program: they are UUIDs, or look as other ids of this provider do.
fn in_the_look(api: &Api, survey: &Survey, at: usize) -> bool {
    let looks = api.fields.values().filter_map(|field| field.pairs.as_ref());
    let mut looks = looks.flat_map(|pairs| pairs.names.iter().map(|way| way.looks));
    let values = survey.values(at);
    let most = |looks: Looks| {
        values.iter().filter(|value| looks.fits(value)).count() * 10 >= values.len() * 8
    };
    api.id == IdKind::Uuid || looks.any(|looks| looks == Looks::Token20 && most(looks))
}

/// What the provider can look for and the file has.
fn keys(api: &Api, columns: &[Column], survey: &Survey) -> Vec<Key> {
    let column = |wanted: &'static str| {
        let means = |column: &&Column| {
            let own = column.meaning();
            let instead = own.and_then(|own| synonyms().meaning(own)?.instead.as_deref());
            column.filled > 0 && (own == Some(wanted) || instead == Some(wanted))
        };
        best_of(columns.iter().filter(means), wanted).map(|column| column.at)
    };
    let mut keys = Vec::new();
    if let (Some(at), true) = (
        column(meaning::EMAIL),
        api.find.contains_key(&MatchKey::Email),
    ) {
        let values = survey.values(at);
        if values.iter().filter(|value| email(value).is_ok()).count() * 2 >= values.len() {
            keys.push(Key {
                key: MatchKey::Email,
                at,
                region: None,
            });
        }
    }
    if let (Some(at), true) = (
        column(meaning::PHONE),
        api.find.contains_key(&MatchKey::Phone),
    ) {
        let countries = super::columns::countries(columns);
        let region = match phones::home(survey, at, countries) {
            Home::Found { code, .. } => Some(Some(code)),
            Home::NotNeeded { .. }
            | Home::Unknown {
                mostly_international: true,
                ..
            } => Some(None),
            Home::Unknown { .. } => None,
        };
        keys.extend(region.map(|region| Key {
            key: MatchKey::Phone,
            at,
            region,
        }));
    }
    keys
}

/// What speaks for a column, from little to much.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Grade {
    /// Its values look like ids.
    ByValues,
    /// Its header says that it is some id.
    SomeId,
    /// Its header says that it is the contact's id.
    OfContact,
    /// Its header names the provider, too.
    OfProvider,
}

fn grade(api: &Api, column: &Column) -> Option<Grade> {
    let name = fold(&column.name);
    let provider = std::iter::once(&api.name)
        .chain(&api.aliases)
        .any(|own| name.contains(&fold(own)));
    match column.meaning() {
        Some(meaning::CONTACT_ID | meaning::EXTERNAL_ID) if provider => Some(Grade::OfProvider),
        Some(meaning::CONTACT_ID) => Some(Grade::OfContact),
        Some(meaning::EXTERNAL_ID) => Some(Grade::SomeId),
        Some(_) => None,
        None if says_id(&column.name) && provider => Some(Grade::OfProvider),
        None if says_id(&column.name) && !of_something_else(&column.name) => Some(Grade::SomeId),
        None if api.id == IdKind::Uuid => Some(Grade::ByValues),
        None => None,
    }
}

fn words(name: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut before = ' ';
    for c in name.chars() {
        let starts = c.is_uppercase() && before.is_lowercase();
        if (starts || !c.is_alphanumeric()) && words.last().is_some_and(|word| !word.is_empty()) {
            words.push(String::new());
        }
        if let (true, Some(word)) = (c.is_alphanumeric(), words.last_mut()) {
            word.extend(c.to_lowercase());
        }
        before = c;
    }
    words
}

fn says_id(name: &str) -> bool {
    let id = |word: &String| matches!(word.as_str(), "id" | "uuid" | "guid" | "מזהה");
    words(name).iter().any(id)
}

/// `Owner ID` and its like are about another thing than the row.
fn of_something_else(name: &str) -> bool {
    const OTHERS: [&str; 15] = [
        "owner",
        "account",
        "company",
        "list",
        "campaign",
        "assigned",
        "parent",
        "deal",
        "location",
        "user",
        "business",
        "household",
        "tax",
        "national",
        "device",
    ];
    words(name)
        .iter()
        .any(|word| OTHERS.contains(&word.as_str()))
}

/// How many values have the form of this provider's ids, where most do and hardly any stands there twice.
fn fit(api: &Api, survey: &Survey, at: usize, grade: Grade) -> Option<(usize, usize)> {
    let values = survey.values(at);
    let fitting = values
        .iter()
        .filter(|value| !value.contains('@') && check_id(value, api.id).is_ok())
        .count();
    let different: HashSet<&&str> = values.iter().collect();
    let most = match grade {
        Grade::ByValues => fitting == values.len(),
        _ => fitting * 10 >= values.len() * 8,
    };
    (fitting > 0 && most && different.len() * 10 >= values.len() * 9)
        .then_some((fitting, values.len()))
}
