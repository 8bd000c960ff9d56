//! What a mapping has to say about a column's values beside their field: words, formats, regions, tables, separators.
//!
//! All of it comes from the values, with the evidence; what they do not show is asked for.

use super::dates::{self, Way};
use super::fields::Slot;
use super::phones::{self, Home};
use super::survey::Survey;
use super::synonyms::{country_named, meaning, synonyms};
use super::written::{list, of, sample, table, text};
use crate::mapping::country::{CODES, country};
use crate::mapping::date::{DateOut, datetime};
use crate::provider::fields::FieldKind;

/// What is said about one column.
#[derive(Debug, Clone, Default)]
pub(super) struct Options {
    /// Keys and values, as TOML.
    pub(super) said: Vec<(String, String)>,
    /// What speaks for them, and what to know.
    pub(super) notes: Vec<String>,
    /// Why the line must wait for a person, if it must.
    pub(super) ask: Option<String>,
    /// What to look at before anything is sent.
    pub(super) look: Option<String>,
}

impl Options {
    fn say(&mut self, key: &str, value: String) {
        self.said.push((key.to_owned(), value));
    }
}

/// Finds out what to say about the column that goes into a field.
pub(super) fn options(
    slot: &Slot<'_>,
    survey: &Survey,
    column: usize,
    countries: Option<usize>,
) -> Options {
    let mut options = Options::default();
    match slot.field.kind {
        FieldKind::Boolean => booleans(&mut options, slot, survey, column),
        FieldKind::Date => days(&mut options, survey, column),
        FieldKind::Datetime => moments(&mut options, survey, column),
        FieldKind::Phone => numbers(&mut options, survey, column, countries),
        FieldKind::Country => codes(&mut options, slot, survey, column),
        FieldKind::List => options = items(survey, column),
        _ => {}
    }
    options
}

fn booleans(options: &mut Options, slot: &Slot<'_>, survey: &Survey, column: usize) {
    let different = survey.different(column);
    let plain = |word: &str| matches!(word.to_lowercase().as_str(), "true" | "false");
    if !different.iter().all(|(word, _)| plain(word)) {
        let mut words: [Vec<&str>; 2] = [Vec::new(), Vec::new()];
        let mut strange = Vec::new();
        for (word, _) in &different {
            match synonyms().is_yes(word) {
                Some(yes) => words[usize::from(!yes)].push(word),
                None => strange.push(*word),
            }
        }
        let [yes, no] = words;
        if yes.is_empty() && no.is_empty() {
            options.ask = Some("say which words mean yes and which no".to_owned());
        }
        options.say("true", list(yes));
        options.say("false", list(no));
        if !strange.is_empty() {
            let shown: Vec<String> = strange.iter().take(5).map(|word| sample(word)).collect();
            options.notes.push(format!(
                "neither yes nor no by any word known here: {}; add them to `true` or `false`",
                shown.join(", ")
            ));
        }
    }
    if slot.meaning == Some(meaning::OPTED_OUT) {
        let careful =
            "a `no` here lifts the stop of people who asked for it in the account".to_owned();
        options.notes.push(careful.clone());
        options.look = Some(format!("`{}`: {careful}", slot.name));
    }
}

fn days(options: &mut Options, survey: &Survey, column: usize) {
    match dates::way(&survey.values(column)) {
        Way::Iso => {}
        Way::Format { format, why } => {
            options.say("format", text(format));
            options.look = Some(format!("dates are read by `{format}`: {why}"));
            options.notes.push(why);
        }
        Way::Either {
            formats: [one, other],
            why,
        } => {
            options.say("format", text(one));
            options.notes.push(why);
            options.ask = Some(format!("say whether dates are `{one}` or `{other}`"));
        }
        Way::Unknown => {
            options.say("format", text("%d/%m/%Y"));
            options.ask = Some("say how dates are written; no format known here fits".to_owned());
        }
    }
}

fn moments(options: &mut Options, survey: &Survey, column: usize) {
    let values = survey.values(column);
    let good = |value: &&&str| datetime(value, None, DateOut::Iso).is_ok();
    if values.iter().filter(good).count() * 2 < values.len() {
        options.say("format", text("%Y-%m-%d %H:%M"));
        options.say("zone", text("Europe/London"));
        options.ask = Some("say how moments are written and in which time zone".to_owned());
    }
}

fn numbers(options: &mut Options, survey: &Survey, column: usize, countries: Option<usize>) {
    match phones::home(survey, column, countries) {
        Home::NotNeeded { why } => options.notes.push(why),
        Home::Found { code, why } => {
            options.say("region", text(&code));
            options.look = Some(format!(
                "phone numbers without a country's code are read as of `{code}`: {why}"
            ));
            options.notes.push(why);
        }
        Home::Unknown {
            why,
            mostly_international: true,
        } => {
            let look = format!("{why}; they are refused until `region = \"…\"` says it");
            options.look = Some(format!("phone numbers: {look}"));
            options.notes.push(look);
        }
        Home::Unknown {
            why,
            mostly_international: false,
        } => {
            options.say("region", text("US"));
            options.notes.push(why);
            options.ask = Some("put the two letters of the right country for `US`".to_owned());
        }
    }
}

fn codes(options: &mut Options, slot: &Slot<'_>, survey: &Survey, column: usize) {
    let own = &slot.field.values;
    let allowed = (!own.is_empty()).then_some(own.as_slice());
    let different = survey.different(column);
    let is_code = |value: &str| country(value, allowed).is_ok();
    if different.iter().all(|(value, _)| is_code(value)) {
        return;
    }
    let code = |value: &str| match country(value, allowed) {
        Ok(code) => Some(code.into_owned()),
        Err(_) => country_named(value)
            .filter(|code| CODES.contains(code) && is_code(code))
            .map(str::to_owned),
    };
    let mut pairs = Vec::new();
    let mut strange = Vec::new();
    for (value, _) in &different {
        match code(value) {
            Some(code) => pairs.push((text(value), text(&code))),
            None => strange.push(*value),
        }
    }
    if pairs.is_empty() {
        pairs.push((text("Israel"), text("IL")));
        options.ask = Some("say which country's two letters each value means".to_owned());
    } else {
        let named = match pairs.len() {
            1 => "a country name of the file and what it means".to_owned(),
            many => format!("{many} country names of the file and what they mean"),
        };
        options
            .notes
            .push(format!("{named}; others are refused until they stand here"));
    }
    options.say("lookup", table(&pairs));
    if !strange.is_empty() {
        let shown: Vec<String> = strange.iter().take(5).map(|value| sample(value)).collect();
        options
            .notes
            .push(format!("no country known here: {}", shown.join(", ")));
    }
}

/// What parts the items of a list.
pub(super) fn items(survey: &Survey, column: usize) -> Options {
    let mut options = Options::default();
    let values = survey.values(column);
    let having = |separator: &str| {
        values
            .iter()
            .filter(|value| value.contains(separator))
            .count()
    };
    let found = [":::", ";", "|", ",", "\n"]
        .into_iter()
        .map(|separator| (separator, having(separator)))
        .find(|(_, count)| *count > 0);
    match found {
        Some((separator, count)) => {
            options.say("split", text(separator));
            let verbs = ["holds more than one", "hold more than one"];
            options.notes.push(of(count, values.len(), "cell", verbs));
        }
        None if values.is_empty() => {}
        None => options
            .notes
            .push("no cell holds more than one; else add `split = \";\"`".to_owned()),
    }
    options
}
