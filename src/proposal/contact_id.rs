//! How the proposal says which contact a row is about.
//!
//! [`decide`] is the one place where that is settled: by a column with the account's own id, as long as a mapping knows
//! no other way. A wrong id changes somebody else, so whatever is chosen is something to look at first.

use std::collections::HashSet;

use super::columns::Column;
use super::survey::Survey;
use super::synonyms::{fold, meaning};
use crate::mapping::id::check_id;
use crate::provider::api::{Api, IdKind};

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
    /// The file does not tell.
    Unknown,
}

/// Decides by which column a row's contact is found.
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
    match found {
        Some((grade, std::cmp::Reverse((_, at)), fitting, values)) => Identity::Column {
            at,
            sure: grade == Grade::OfProvider,
            fitting,
            values,
        },
        None => Identity::Unknown,
    }
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
