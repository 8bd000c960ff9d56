//! In which region the phone numbers without a country's code are at home, and what in the file says so.
//!
//! A wrong region makes somebody else's number, so it is proposed only where the file agrees with itself.

use super::survey::Survey;
use super::synonyms::country_named;
use super::written::several;
use crate::mapping::phone::{Region, phone};
use crate::mapping::refusal::check_number_damage;

/// How many national numbers are tried.
const TRIED: usize = 300;

/// Regions that are tried where nothing in the file names one.
const USUAL: [&str; 32] = [
    "US", "GB", "IL", "DE", "FR", "ES", "IT", "NL", "BR", "MX", "IN", "AU", "CH", "AT", "BE", "PT",
    "PL", "SE", "NO", "DK", "RU", "UA", "ZA", "AE", "SA", "EG", "TR", "JP", "IE", "NZ", "GR", "AR",
];

/// What the file says about the region of its phone numbers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Home {
    /// No number needs one.
    NotNeeded {
        /// Why, for people.
        why: String,
    },
    /// This one.
    Found {
        /// Its two letters.
        code: String,
        /// The evidence.
        why: String,
    },
    /// The file does not tell.
    Unknown {
        /// What was seen.
        why: String,
        /// Whether more than half of the numbers can do without.
        mostly_international: bool,
    },
}

/// Looks at a column of phone numbers, beside a column of countries if there is one.
pub(super) fn home(survey: &Survey, phones: usize, countries: Option<usize>) -> Home {
    let pairs: Vec<(&str, Option<&str>)> = survey
        .cells([phones, countries.unwrap_or(usize::MAX)])
        .map(|[phone, country]| (phone, code(country)))
        .filter(|(phone, _)| {
            let digits = phone.bytes().filter(u8::is_ascii_digit).count();
            digits > 2 && check_number_damage(phone).is_ok()
        })
        .collect();
    let (abroad, national): (Vec<_>, Vec<_>) = pairs
        .iter()
        .copied()
        .partition(|(phone, _)| phone.starts_with(['+', '\u{ff0b}']));
    if national.is_empty() {
        let why = match abroad.len() {
            0 => "no numbers were seen; ones without a country's code need `region = \"…\"`"
                .to_owned(),
            count => format!(
                "{} with their country's code; others would need `region = \"…\"`",
                several(count, "number")
            ),
        };
        return Home::NotNeeded { why };
    }
    let numbers: Vec<&str> = national
        .iter()
        .map(|(phone, _)| *phone)
        .take(TRIED)
        .collect();
    let count = several(numbers.len(), "number");
    let named = national.iter().filter(|(_, country)| country.is_some());
    let clue = if named.count() * 2 > national.len() {
        said_by_countries(&national)
    } else {
        said_by_neighbours(&abroad).or_else(|| said_by_script(survey))
    };
    let clue = match clue {
        Some((code, why)) => {
            let fit = fitting(&code, &numbers) * 10 >= numbers.len() * 6;
            fit.then_some((code, why))
        }
        None => said_by_form(&numbers, &national),
    };
    match clue {
        Some((code, why)) => Home::Found {
            why: {
                let valid = match (fitting(&code, &numbers), numbers.len()) {
                    (1, 1) => "it is".to_owned(),
                    (1, _) => "1 of them is".to_owned(),
                    (fitting, _) => format!("{fitting} of them are"),
                };
                format!("{count} without a country's code: {why}, and {valid} valid in {code}")
            },
            code,
        },
        None => Home::Unknown {
            why: format!(
                "{count} without a country's code, and nothing in the file tells surely where they are at home"
            ),
            mostly_international: abroad.len() > national.len(),
        },
    }
}

/// The two letters of a country, from a code or a name.
fn code(country: &str) -> Option<&str> {
    match country {
        "" => None,
        two if two.len() == 2 && two.bytes().all(|byte| byte.is_ascii_uppercase()) => Some(two),
        name => country_named(name),
    }
}

/// How many numbers are valid in a region.
fn fitting(code: &str, numbers: &[&str]) -> usize {
    let region = Region::from_code(code);
    let fits = |number: &&&str| region.is_some() && phone(number, region).is_ok();
    numbers.iter().filter(fits).count()
}

/// The country beside nearly all numbers that have none of their own.
fn said_by_countries(national: &[(&str, Option<&str>)]) -> Option<(String, String)> {
    let named: Vec<&str> = national
        .iter()
        .filter_map(|(_, country)| *country)
        .collect();
    let (most, times) = most(&named)?;
    (times * 10 >= named.len() * 9).then(|| {
        let why = match times == national.len() {
            true if times == 1 => format!("it stands beside the country {most}"),
            true => format!("all stand beside the country {most}"),
            false => format!(
                "{times} {} beside the country {most}",
                if times == 1 { "stands" } else { "stand" }
            ),
        };
        (most.to_owned(), why)
    })
}

/// The region of nearly all numbers that do have a country's code.
fn said_by_neighbours(abroad: &[(&str, Option<&str>)]) -> Option<(String, String)> {
    // Read in its own country, a number that lost its plus is the same number again.
    let of = |number: &str| {
        let number = phone(number, None).ok()?;
        let bare = number.trim_start_matches('+');
        USUAL
            .into_iter()
            .find(|code| phone(bare, Region::from_code(code)).is_ok_and(|again| again == number))
    };
    let regions: Vec<&str> = abroad.iter().filter_map(|(number, _)| of(number)).collect();
    let (most, times) = most(&regions)?;
    (times > 2 && times * 10 >= abroad.len() * 9).then(|| {
        let why = format!(
            "{times} of {} with one are from {most}",
            several(abroad.len(), "number")
        );
        (most.to_owned(), why)
    })
}

/// Hebrew is written in one country.
fn said_by_script(survey: &Survey) -> Option<(String, String)> {
    let hebrew = |text: &str| text.chars().any(|c| ('\u{5d0}'..='\u{5ea}').contains(&c));
    let header = survey.header().iter().filter(|name| hebrew(name)).count();
    let rows = survey
        .rows()
        .iter()
        .filter(|row| row.cells().any(hebrew))
        .count();
    (header > 1 || rows * 2 > survey.rows().len())
        .then(|| ("IL".to_owned(), "the file is in Hebrew".to_owned()))
}

/// The one region of those that are often met in which nearly all numbers are valid; others that would read them as
/// other numbers make it no evidence.
fn said_by_form(numbers: &[&str], national: &[(&str, Option<&str>)]) -> Option<(String, String)> {
    // Countries that contradict each other are no leave to look elsewhere.
    if numbers.len() < 3 || national.iter().any(|(_, country)| country.is_some()) {
        return None;
    }
    let reads = |code: &str| -> Vec<Option<String>> {
        let region = Region::from_code(code);
        numbers
            .iter()
            .map(|number| phone(number, region).ok().map(|number| number.into_owned()))
            .collect()
    };
    let good = |read: &[Option<String>]| read.iter().flatten().count();
    let mut found: Vec<(&str, Vec<Option<String>>)> = USUAL
        .into_iter()
        .map(|code| (code, reads(code)))
        .filter(|(_, read)| good(read) * 10 >= numbers.len() * 3)
        .collect();
    found.sort_by_key(|(_, read)| std::cmp::Reverse(good(read)));
    let (code, best) = found.first()?;
    let alone = found.iter().skip(1).all(|(_, read)| read == best);
    (alone && good(best) * 10 >= numbers.len() * 9).then(|| {
        (
            (*code).to_owned(),
            "of the usual regions only one fits".to_owned(),
        )
    })
}

/// The most frequent of some words, with how often it is there.
fn most<'a>(words: &[&'a str]) -> Option<(&'a str, usize)> {
    let times = |word: &str| words.iter().filter(|other| **other == word).count();
    let mut seen: Vec<&str> = words.to_vec();
    seen.sort_unstable();
    seen.dedup();
    seen.into_iter()
        .map(|word| (word, times(word)))
        .max_by_key(|(_, times)| *times)
}
