//! What each column of the file is about: by its header, or else by what its values look like.

use super::survey::Survey;
use super::synonyms::{Reading, fold, meaning, synonyms};
use crate::mapping::country::timezone;
use crate::mapping::email::email;
use crate::mapping::phone::phone;

/// How many values are enough to tell what they are.
const LOOKED_AT: usize = 200;

/// A column of the file.
#[derive(Debug, Clone)]
pub(super) struct Column {
    /// Its place, from 0.
    pub(super) at: usize,
    /// Its header as written.
    pub(super) name: String,
    /// What it is about, if that is known.
    pub(super) reading: Option<Reading>,
    /// Cells that are not blank, among the rows looked at.
    pub(super) filled: usize,
    /// Why no mapping can name it.
    pub(super) trouble: Option<&'static str>,
    /// Whether its values told what it is about, not its header.
    pub(super) by_values: bool,
}

impl Column {
    /// The name of what it is about.
    pub(super) fn meaning(&self) -> Option<&'static str> {
        self.reading.as_ref().map(|reading| reading.meaning)
    }
}

/// All columns of a file.
pub(super) fn columns(survey: &Survey) -> Vec<Column> {
    let header = survey.header();
    let mut columns: Vec<Column> = (0..header.len())
        .map(|at| {
            let name = header[at].clone();
            let twice = header.iter().filter(|other| **other == name).count() > 1;
            let trouble = match (name.trim().is_empty(), twice) {
                (true, _) => Some("it has no name in the header"),
                (_, true) => Some("the header has this name twice; give one of them another name"),
                _ => None,
            };
            Column {
                at,
                reading: synonyms().read(&name).filter(|_| trouble.is_none()),
                filled: survey.values(at).len(),
                name,
                trouble,
                by_values: false,
            }
        })
        .collect();
    settle_numbers(&mut columns, survey);
    settle_names(&mut columns, survey);
    read_values(&mut columns, survey);
    columns
}

/// The column that says in which country people are.
pub(super) fn countries(columns: &[Column]) -> Option<usize> {
    let country = |column: &&Column| {
        matches!(
            column.meaning(),
            Some(meaning::COUNTRY | meaning::COUNTRY_CODE)
        )
    };
    let found = columns.iter().filter(country);
    found
        .max_by_key(|column| column.filled)
        .map(|column| column.at)
}

/// `Contact Number` is a phone to some and an id to others; phones are longer, or have punctuation.
fn settle_numbers(columns: &mut [Column], survey: &Survey) {
    for column in columns {
        if column.meaning() != Some(meaning::PHONE) || !fold(&column.name).starts_with("contactn") {
            continue;
        }
        let values = survey.values(column.at);
        let short =
            |value: &&&str| value.len() < 9 && value.bytes().all(|byte| byte.is_ascii_digit());
        let ids = values.iter().filter(short).count();
        if let (Some(reading), true) = (&mut column.reading, ids * 2 > values.len()) {
            reading.meaning = meaning::CONTACT_ID;
        }
    }
}

/// `Name` beside `Vorname` is the last name, `Nombre` beside `Apellidos` the first; only the values tell.
fn settle_names(columns: &mut [Column], survey: &Survey) {
    let place = |columns: &[Column], wanted: &str| {
        columns
            .iter()
            .position(|column| column.meaning() == Some(wanted))
    };
    let first = place(columns, meaning::FIRST_NAME);
    let last = place(columns, meaning::LAST_NAME);
    let Some(full) = place(columns, meaning::FULL_NAME) else {
        return;
    };
    let (part, other) = match (first, last) {
        (Some(first), None) => (first, meaning::LAST_NAME),
        (None, Some(last)) => (last, meaning::FIRST_NAME),
        _ => return,
    };
    let both = survey
        .cells([full, part])
        .filter(|[full, part]| !full.is_empty() && !part.is_empty());
    let (mut all, mut holding) = (0, 0);
    for [full, part] in both {
        all += 1;
        holding += usize::from(fold(full).contains(&fold(part)));
    }
    if let (Some(reading), true) = (&mut columns[full].reading, all > 0 && holding * 2 < all) {
        reading.meaning = other;
    }
}

/// Whether a value looks like something.
type Check = fn(&str) -> bool;

/// What no header tells, values may, where they can mean only one thing and no header claims it.
fn read_values(columns: &mut [Column], survey: &Survey) {
    let checks: [(&'static str, Check); 3] = [
        (meaning::EMAIL, |value| email(value).is_ok()),
        (meaning::PHONE, |value| {
            value.starts_with('+') && phone(value, None).is_ok()
        }),
        // Asking in vain is dear: the nearest of all zones is looked for.
        (meaning::TIME_ZONE, |value| {
            value.contains('/') && timezone(value).is_ok()
        }),
    ];
    for (wanted, fits) in checks {
        let claims = |column: &Column| {
            let found = column.meaning();
            found == Some(wanted)
                || found
                    .and_then(|name| synonyms().meaning(name)?.instead.as_deref())
                    .is_some_and(|instead| instead == wanted)
        };
        if columns
            .iter()
            .any(|column| claims(column) && column.filled > 0)
        {
            continue;
        }
        let found = columns.iter().position(|column| {
            let unknown = column.reading.is_none() && column.trouble.is_none();
            unknown && column.filled > 0 && {
                let values = survey.values(column.at);
                let values = &values[..values.len().min(LOOKED_AT)];
                values.iter().filter(|value| fits(value)).count() * 10 >= values.len() * 9
            }
        });
        if let Some(at) = found {
            columns[at].reading = Some(Reading {
                meaning: wanted,
                rank: 1000,
                group: String::new(),
            });
            columns[at].by_values = true;
        }
    }
}
