//! What columns and fields are called, by meaning: the words are data (`synonyms.toml`, `countries.toml`).
//!
//! Names are compared without case, blanks, punctuation, accents and Unicode forms. Nothing here looks at values.

use std::collections::HashMap;
use std::sync::LazyLock;

use indexmap::IndexMap;
use serde::Deserialize;
use unicode_normalization::UnicodeNormalization as _;
use unicode_normalization::char::is_combining_mark;

use crate::provider::fields::FieldKind;

/// Meanings that are treated in ways of their own; all others are only words to this room.
pub(super) mod meaning {
    pub(in crate::proposal) const FIRST_NAME: &str = "first name";
    pub(in crate::proposal) const MIDDLE_NAME: &str = "middle name";
    pub(in crate::proposal) const LAST_NAME: &str = "last name";
    pub(in crate::proposal) const FULL_NAME: &str = "full name";
    pub(in crate::proposal) const EMAIL: &str = "email";
    pub(in crate::proposal) const PHONE: &str = "phone";
    pub(in crate::proposal) const TIME_ZONE: &str = "time zone";
    pub(in crate::proposal) const STREET: &str = "street";
    pub(in crate::proposal) const HOUSE: &str = "house number";
    pub(in crate::proposal) const COUNTRY: &str = "country";
    pub(in crate::proposal) const COUNTRY_CODE: &str = "country code";
    pub(in crate::proposal) const TAGS: &str = "tags";
    pub(in crate::proposal) const OPTED_OUT: &str = "opted out";
    pub(in crate::proposal) const CONTACT_ID: &str = "contact id";
    pub(in crate::proposal) const EXTERNAL_ID: &str = "external id";
}

/// All words.
#[derive(Debug)]
pub(super) struct Synonyms {
    meanings: IndexMap<String, Meaning>,
    /// From a folded name to its meaning and its rank among that meaning's names.
    index: HashMap<String, (usize, usize)>,
    around: Vec<String>,
    yes: Vec<String>,
    no: Vec<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Words {
    around: Vec<String>,
    yes: Vec<String>,
    no: Vec<String>,
    meaning: IndexMap<String, Meaning>,
}

/// What a column can be about.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Meaning {
    names: Vec<String>,
    /// The types of a provider's field that can take it.
    #[serde(default = "text")]
    pub(super) types: Vec<FieldKind>,
    /// The meaning whose field takes it where the provider has none for this one.
    #[serde(default)]
    pub(super) instead: Option<String>,
    /// Whether it goes there before the columns that really mean that field: a mobile phone before any other, since
    /// messages are sent to it.
    #[serde(default)]
    pub(super) first: bool,
    /// Whether it is a part of a postal address, whose parts must come from one address.
    #[serde(default)]
    pub(super) address: bool,
}

fn text() -> Vec<FieldKind> {
    vec![FieldKind::Text]
}

/// What a header says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Reading {
    /// The meaning's name.
    pub(super) meaning: &'static str,
    /// The smaller, the better among several columns of one meaning.
    pub(super) rank: usize,
    /// Which one of several it is, as in `Home City`: the folded words around the name.
    pub(super) group: String,
}

/// The words that come with the program.
pub(super) fn synonyms() -> &'static Synonyms {
    static SYNONYMS: LazyLock<Synonyms> = LazyLock::new(Synonyms::shipped);
    &SYNONYMS
}

/// A name without what makes no difference to a person.
pub(super) fn fold(name: &str) -> String {
    name.nfkd()
        .filter(|c| !is_combining_mark(*c))
        .flat_map(char::to_lowercase)
        .filter(|c| c.is_alphanumeric())
        .collect()
}

impl Synonyms {
    fn shipped() -> Self {
        let words: Words = toml::from_str(include_str!("synonyms.toml"))
            .expect("the file is part of the program, and a test reads it");
        let mut index = HashMap::new();
        for (at, meaning) in words.meaning.values().enumerate() {
            for (rank, name) in meaning.names.iter().enumerate() {
                index.entry(fold(name)).or_insert((at, rank));
            }
        }
        let folded = |words: Vec<String>| words.iter().map(|word| fold(word)).collect();
        Self {
            meanings: words.meaning,
            index,
            around: folded(words.around),
            yes: words.yes,
            no: words.no,
        }
    }

    /// A meaning by its name.
    pub(super) fn meaning(&self, name: &str) -> Option<&Meaning> {
        self.meanings.get(name)
    }

    /// What a name means, taken whole.
    pub(super) fn exact(&'static self, name: &str) -> Option<Reading> {
        self.folded(&fold(name), 0, String::new())
    }

    /// What a header means, with words around it that tell several of a kind apart.
    pub(super) fn read(&'static self, header: &str) -> Option<Reading> {
        let name = fold(header);
        if let Some(whole) = self.folded(&name, 0, String::new()) {
            return Some(whole);
        }
        let ends = || std::iter::once("").chain(self.around.iter().map(String::as_str));
        for before in ends() {
            let Some(rest) = name.strip_prefix(before) else {
                continue;
            };
            for after in ends() {
                let Some(core) = rest.strip_suffix(after) else {
                    continue;
                };
                let found = self.folded(core, 100, format!("{before} {after}"));
                // `Personal ID` is a number of the state, not of an account.
                if let Some(found) = found.filter(|found| !is_id(found.meaning)) {
                    return Some(found);
                }
            }
        }
        None
    }

    fn folded(&'static self, name: &str, penalty: usize, group: String) -> Option<Reading> {
        let (at, rank) = self.index.get(name)?;
        let (meaning, _) = self.meanings.get_index(*at)?;
        Some(Reading {
            meaning,
            rank: rank + penalty,
            group,
        })
    }

    /// Whether a word says yes or no; nothing for any other word.
    pub(super) fn is_yes(&self, word: &str) -> Option<bool> {
        let small = word.trim().to_lowercase();
        if self.yes.contains(&small) {
            return Some(true);
        }
        self.no.contains(&small).then_some(false)
    }
}

fn is_id(name: &str) -> bool {
    matches!(name, meaning::CONTACT_ID | meaning::EXTERNAL_ID)
}

/// The two letters of a country that goes by this name.
pub(super) fn country_named(name: &str) -> Option<&'static str> {
    static COUNTRIES: LazyLock<HashMap<String, String>> = LazyLock::new(|| {
        let written: IndexMap<String, Vec<String>> = toml::from_str(include_str!("countries.toml"))
            .expect("the file is part of the program, and a test reads it");
        let pairs = written.into_iter().flat_map(|(code, names)| {
            names
                .into_iter()
                .map(move |name| (fold(&name), code.clone()))
        });
        pairs.collect()
    });
    COUNTRIES.get(&fold(name)).map(String::as_str)
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use super::*;
    use crate::mapping::country::CODES;

    #[test]
    fn no_name_has_two_meanings() {
        let words: Words = toml::from_str(include_str!("synonyms.toml")).expect("TOML");
        let mut seen: HashMap<String, String> = HashMap::new();
        for (meaning, own) in &words.meaning {
            for name in &own.names {
                let other = seen.insert(fold(name), meaning.clone());
                assert!(other.is_none_or(|other| other == *meaning), "{name}");
            }
            if let Some(instead) = &own.instead {
                assert!(words.meaning.contains_key(instead), "{instead}");
            }
        }
        assert!(words.yes.iter().all(|word| !words.no.contains(word)));
    }

    #[test]
    fn countries_are_known_codes() {
        let written: IndexMap<String, Vec<String>> =
            toml::from_str(include_str!("countries.toml")).expect("TOML");
        let mut seen = HashMap::new();
        for (code, names) in &written {
            assert!(CODES.contains(&code.as_str()), "{code}");
            for name in names {
                let other = seen.insert(fold(name), code);
                assert!(other.is_none_or(|other| other == code), "{name}");
            }
        }
        assert_eq!(country_named("ארה״ב"), Some("US"));
        assert_eq!(country_named("espana"), Some("ES"));
    }

    #[test]
    fn headers_are_read_as_people_write_them() {
        let read = |header: &str| synonyms().read(header).map(|found| found.meaning);
        for (header, meaning) in [
            ("First Name", "first name"),
            ("first_name", "first name"),
            ("FirstName", "first name"),
            ("  FIRST-NAME ", "first name"),
            ("Prénom", "first name"),
            ("PRENOM", "first name"),
            ("שם פרטי", "first name"),
            ("דוא״ל", "email"),
            ("E-mail 1 - Value", "email"),
            ("E-mail 2 - Value", "email"),
            ("Address 1 - City", "city"),
            ("MailingPostalCode", "postal code"),
            ("Mailing Zip/Postal Code", "postal code"),
            ("Business Country/Region", "country"),
            ("Home Phone 2", "phone"),
            ("MobilePhone", "mobile"),
            ("Record ID - Contact", "external id"),
        ] {
            assert_eq!(read(header), Some(meaning), "{header}");
        }
        for header in [
            "",
            "--",
            "Personal ID",
            "Company City",
            "Created",
            "Fax",
            "Contact Owner",
        ] {
            assert_eq!(read(header), None, "{header}");
        }
    }
}
