//! One cell's text becomes a value for one field, by a rule that the mapping's check built, or is refused.
//!
//! Owns the order (clean, look up, read as the field's kind) and the kinds. It must never guess, and never send
//! a value that differs in meaning from the cell: what cannot be read faithfully is refused with a way out.

use std::borrow::Cow;

use smallvec::SmallVec;

use crate::contact::plain::is_sound;
use crate::mapping::clean::{Cleaner, clean, is_blank, trimmed};
use crate::mapping::date::{DateOut, date, datetime, time};
use crate::mapping::date_format::{DateFormat, DateTimeFormat, TimeFormat};
use crate::mapping::number::{NumberFormat, integer, number};
use crate::mapping::phone::{Region, phone};
use crate::mapping::{country, email, id, list};
use crate::mistake::nearest;

pub use crate::mapping::lookup::Lookup;
pub use crate::mapping::refusal::Refusal;
use crate::mapping::refusal::{
    check_error_word, check_text, check_typed, shown, sure_error, words,
};

/// What is done with the cells of one column for one field.
#[derive(Debug, Clone)]
pub struct Rule {
    /// Cleaners, in their order.
    pub clean: Vec<Cleaner>,
    /// The table that says what the cell's text means, if there is one.
    pub lookup: Option<Lookup>,
    /// What the field takes.
    pub kind: Kind,
}

impl Rule {
    /// Up to how many bytes a cell that is sound, as most are, is sent as it stands; nothing where none is. Of a longer one
    /// [`coerce`] tells more.
    #[must_use]
    pub fn as_it_stands(&self) -> Option<usize> {
        match self.kind {
            Kind::Text { max } if self.clean.is_empty() && self.lookup.is_none() => {
                Some(max.unwrap_or(usize::MAX))
            }
            _ => None,
        }
    }
}

/// What a field takes.
#[derive(Debug, Clone)]
pub enum Kind {
    /// Any text, as it is.
    Text {
        /// The longest it may be, in characters.
        max: Option<usize>,
    },
    /// A whole number.
    Integer {
        /// The declared separators.
        format: Option<NumberFormat>,
    },
    /// A number.
    Number {
        /// The declared separators.
        format: Option<NumberFormat>,
    },
    /// Yes or no, by declared words; `true` and `false` where none are.
    Boolean {
        /// The words for yes.
        yes: Vec<String>,
        /// The words for no.
        no: Vec<String>,
    },
    /// A day.
    Date {
        /// How it is written; ISO where nothing is declared.
        format: Option<DateFormat>,
        /// How it is sent.
        out: DateOut,
    },
    /// A moment.
    DateTime {
        /// How it is written where it is not RFC 3339.
        format: Option<DateTimeFormat>,
        /// How it is sent.
        out: DateOut,
    },
    /// A time of day, sent as `HH:mm`.
    Time {
        /// How it is written; `HH:mm` where nothing is declared.
        format: Option<TimeFormat>,
    },
    /// One e-mail address.
    Email,
    /// One phone number, sent in E.164.
    Phone {
        /// Where national numbers are at home.
        region: Option<Region>,
    },
    /// A web address.
    Url,
    /// A UUID, sent in small letters.
    Uuid,
    /// A country's two letters.
    Country {
        /// The provider's own list, where it has one.
        allowed: Option<Vec<String>>,
    },
    /// An IANA time zone.
    Timezone,
    /// One of some words.
    Enum {
        /// The words.
        values: Vec<String>,
        /// What is sent for each of them, where that is something else.
        codes: Vec<String>,
    },
    /// A list of texts.
    List {
        /// What parts them in the cell; without it the cell is one item.
        split: Option<String>,
        /// The longest an item may be, in characters.
        each: Option<usize>,
        /// The only items it may have, where there are only some.
        among: Vec<String>,
    },
    /// A JSON object.
    Object,
}

/// What a cell became.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Coerced<'a> {
    /// Nothing: the cell is empty or only white space.
    Blank,
    /// Text, not yet escaped.
    Text(Cow<'a, str>),
    /// JSON that is ready to be sent: a number, `true`, a list, an object.
    Json(Cow<'a, str>),
}

impl Coerced<'_> {
    /// The same, on its own.
    #[must_use]
    pub fn into_owned(self) -> Coerced<'static> {
        match self {
            Self::Blank => Coerced::Blank,
            Self::Text(text) => Coerced::Text(Cow::Owned(text.into_owned())),
            Self::Json(json) => Coerced::Json(Cow::Owned(json.into_owned())),
        }
    }
}

impl Kind {
    /// The code of a value that does not fit.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Text { .. } | Self::List { .. } => "control-character",
            Self::Integer { .. } | Self::Number { .. } => "bad-number",
            Self::Boolean { .. } => "bad-boolean",
            Self::Date { .. } => "bad-date",
            Self::DateTime { .. } => "bad-datetime",
            Self::Time { .. } => "bad-time",
            Self::Email => "bad-email",
            Self::Phone { .. } => "bad-phone",
            Self::Url => "bad-url",
            Self::Uuid => "bad-uuid",
            Self::Country { .. } => "bad-country",
            Self::Timezone => "bad-timezone",
            Self::Enum { .. } => "bad-choice",
            Self::Object => "bad-object",
        }
    }
}

/// What a cell becomes for a field.
///
/// # Errors
///
/// Why the cell cannot be that field's value; nothing may be sent for its row then.
#[inline]
pub fn coerce<'a>(cell: &'a str, rule: &'a Rule) -> Result<Coerced<'a>, Refusal> {
    // Before anything is cleaned, or a word in small letters would pass; what a table lists is the mapping's own decision.
    if let Some(word) = sure_error(cell) {
        match &rule.lookup {
            // As it is written, whatever cleaning would make of it.
            Some(table) if table.lists(word) => return mean(word, rule),
            Some(table) if table.decides(&clean(cell, &rule.clean)) => {}
            _ => check_error_word(word)?,
        }
    }
    if rule.clean.is_empty() {
        return mean(cell, rule);
    }
    match clean(cell, &rule.clean) {
        Cow::Borrowed(text) => mean(text, rule),
        Cow::Owned(text) => mean(&text, rule).map(Coerced::into_owned),
    }
}

/// The same for a cell that is sound, at which nobody has to look for anything odd again.
///
/// # Errors
///
/// As [`coerce`].
#[inline]
pub fn coerce_sound<'a>(cell: &'a str, rule: &'a Rule) -> Result<Coerced<'a>, Refusal> {
    match &rule.kind {
        _ if cell.is_empty() => Ok(Coerced::Blank),
        // A text may be too long, a list is looked at item by item.
        Kind::Text { .. } | Kind::List { .. } => coerce(cell, rule),
        kind if rule.clean.is_empty() && rule.lookup.is_none() => value(trimmed(cell), kind),
        _ => coerce(cell, rule),
    }
}

fn mean<'a>(text: &'a str, rule: &'a Rule) -> Result<Coerced<'a>, Refusal> {
    if is_blank(text) {
        return Ok(Coerced::Blank);
    }
    match (&rule.kind, &rule.lookup) {
        (Kind::List { split, each, among }, lookup) => {
            list_of(text, split.as_deref(), *each, lookup.as_ref(), among)
        }
        (kind, None) => read(text, kind),
        (kind, Some(lookup)) => match lookup.find(text)? {
            None => read(text, kind),
            // How a mapping says that `n/a` is nothing.
            Some(meaning) if is_blank(meaning) => Ok(Coerced::Blank),
            Some(meaning) => read(meaning, kind),
        },
    }
}

fn read<'a>(text: &'a str, kind: &'a Kind) -> Result<Coerced<'a>, Refusal> {
    if let Kind::Text { max } = kind {
        check_text(text, *max)?;
        return Ok(Coerced::Text(Cow::Borrowed(text)));
    }
    let text = trimmed(text);
    match kind {
        _ if is_sound(text) => {}
        Kind::Object => check_error_word(text)?,
        kind => check_typed(text, kind.code())?,
    }
    value(text, kind)
}

/// The value that a text says in which nothing is odd, nor around it.
fn value<'a>(text: &'a str, kind: &'a Kind) -> Result<Coerced<'a>, Refusal> {
    let borrowed = |text| Coerced::Text(Cow::Borrowed(text));
    match kind {
        Kind::Text { .. } | Kind::List { .. } => Ok(borrowed(text)),
        Kind::Integer { format } => integer(text, *format).map(Coerced::Json),
        Kind::Number { format } => number(text, *format).map(Coerced::Json),
        Kind::Boolean { yes, no } => boolean(text, yes, no),
        Kind::Date { format, out } => date(text, format.as_ref(), *out).map(Coerced::Text),
        Kind::DateTime { format, out } => datetime(text, format.as_ref(), *out).map(Coerced::Text),
        Kind::Time { format } => time(text, format.as_ref()).map(Coerced::Text),
        Kind::Email => email::email(text).map(borrowed),
        Kind::Phone { region } => phone(text, *region).map(Coerced::Text),
        Kind::Url => email::web_address(text).map(borrowed),
        Kind::Uuid => id::uuid(text).map(Coerced::Text),
        Kind::Country { allowed } => country::country(text, allowed.as_deref()).map(Coerced::Text),
        Kind::Timezone => country::timezone(text).map(borrowed),
        Kind::Enum { values, codes } => {
            choice(text, values).map(|at| borrowed(codes.get(at).unwrap_or(&values[at])))
        }
        Kind::Object => list::object(text).map(Coerced::Json),
    }
}

fn list_of<'a>(
    text: &'a str,
    split: Option<&'a str>,
    each: Option<usize>,
    lookup: Option<&'a Lookup>,
    among: &'a [String],
) -> Result<Coerced<'a>, Refusal> {
    // Most lists are short.
    let mut meant = SmallVec::<[&str; 8]>::new();
    for item in list::items(text, split) {
        let meant_by = lookup.map(|lookup| lookup.find(item)).transpose()?;
        let item = match meant_by.flatten() {
            Some(meaning) if is_blank(meaning) => continue,
            Some(meaning) => meaning.trim(),
            None if is_sound(item) => item,
            None => {
                check_error_word(item)?;
                item
            }
        };
        check_text(item, each)?;
        let item = match among.is_empty() {
            true => item,
            false => &among[choice(item, among)?],
        };
        if !item.is_empty() {
            meant.push(item);
        }
    }
    Ok(match list::array(&meant) {
        Some(json) => Coerced::Json(Cow::Owned(json)),
        None => Coerced::Blank,
    })
}

pub(super) fn boolean(
    text: &str,
    yes: &[String],
    no: &[String],
) -> Result<Coerced<'static>, Refusal> {
    let among = |words: &[String]| words.iter().any(|word| is_same_word(word, text));
    let declared = !yes.is_empty() || !no.is_empty();
    let json = if (declared && among(yes)) || (!declared && is_same_word("true", text)) {
        "true"
    } else if (declared && among(no)) || (!declared && is_same_word("false", text)) {
        "false"
    } else if declared {
        let (yes, no) = (words(yes), words(no));
        let what = match (yes.is_empty(), no.is_empty()) {
            (false, true) => format!("is not yes ({yes}), and no word means no"),
            (true, _) => format!("is not no ({no}), and no word means yes"),
            (false, false) => format!("is neither yes ({yes}) nor no ({no})"),
        };
        return Err(Refusal::new(
            "bad-boolean",
            format!(
                "{} {what}; add the word to `true` or `false` in the mapping",
                shown(text)
            ),
        ));
    } else {
        return Err(Refusal::new(
            "bad-boolean",
            format!(
                "{} is neither `true` nor `false`; declare the column's words, as in `true = [\"yes\"]` and \
                 `false = [\"no\"]`",
                shown(text)
            ),
        ));
    };
    Ok(Coerced::Json(Cow::Borrowed(json)))
}

/// Which of the values is meant, by its place.
fn choice(text: &str, values: &[String]) -> Result<usize, Refusal> {
    let exact = values.iter().position(|value| value == text);
    let near = || values.iter().position(|value| is_same_word(value, text));
    if let Some(at) = exact.or_else(near) {
        return Ok(at);
    }
    let hint = match nearest(text, values.iter().map(String::as_str)) {
        Some(value) => format!("did you mean `{value}`?"),
        None => "say what it means with `lookup`".to_owned(),
    };
    Err(Refusal::new(
        "bad-choice",
        format!("{} is none of {}; {hint}", shown(text), words(values)),
    ))
}

fn is_same_word(word: &str, text: &str) -> bool {
    let small = |text: &'_ str| text.trim().to_lowercase();
    word.trim() == text || small(word) == small(text)
}
