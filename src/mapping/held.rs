//! A cell of a spreadsheet that holds more than text, read for one field.
//!
//! A mapping declares how people write their days, numbers and truths. A spreadsheet's own ones are not written at all,
//! so that none of it is about them: a day is that day under any `format`, a number that number under any `decimal`.
//! Where a field wants text, the cell is its text as everywhere.

use crate::contact::Held;
use crate::mapping::clean::clean;
use crate::mapping::coerce::{Coerced, Kind, Refusal, Rule, boolean, coerce};
use crate::mapping::date::{date, held_moment, time};
use crate::mapping::number::{NumberFormat, integer, number};
use crate::mapping::refusal::{SPREADSHEET_DAMAGE, check_error_word, shown};

/// What a cell becomes for a field, by what the spreadsheet holds in it.
///
/// # Errors
///
/// As [`coerce`].
#[inline]
pub fn coerce_held<'a>(
    cell: &'a str,
    held: Option<&'a Held>,
    rule: &'a Rule,
) -> Result<Coerced<'a>, Refusal> {
    // What a person has cleaned or looked up is a text.
    match held {
        Some(held) if rule.lookup.is_none() && clean(cell, &rule.clean) == cell => {
            mean(cell, held, rule)
        }
        _ => coerce(cell, rule),
    }
}

fn mean<'a>(cell: &'a str, held: &'a Held, rule: &'a Rule) -> Result<Coerced<'a>, Refusal> {
    match (held, &rule.kind) {
        (Held::Error, _) => {
            check_error_word(cell)?;
            coerce(cell, rule)
        }
        (Held::Uncounted, _) => Err(Refusal::new(
            SPREADSHEET_DAMAGE,
            "the cell is a formula whose result is not in the file; open the file in a spreadsheet, save it and try again",
        )),
        // The field takes a day, and the cell has one, whatever the clock said.
        (Held::Moment, Kind::Date { out, .. }) => {
            let day = cell.split('T').next().unwrap_or(cell);
            date(day, None, *out).map(Coerced::Text)
        }
        (Held::Day | Held::Time, Kind::Date { out, .. }) => {
            date(cell, None, *out).map(Coerced::Text)
        }
        (Held::Day | Held::Moment, Kind::DateTime { format, out }) => {
            held_moment(cell, format.as_ref(), *out).map(Coerced::Text)
        }
        (Held::Time, Kind::Time { .. }) => time(cell, None).map(Coerced::Text),
        (Held::Truth, Kind::Boolean { .. }) => boolean(cell, &[], &[]),
        (Held::Share, Kind::Integer { .. } | Kind::Number { .. }) => Err(Refusal::new(
            "bad-number",
            format!(
                "{} is a share, and nobody can tell whether `15%` is to be 15 or 0.15; give the column a plain number \
                 format in the spreadsheet",
                shown(cell)
            ),
        )),
        (Held::Number, Kind::Integer { .. }) => whole(cell),
        (Held::Number, Kind::Number { .. }) => plain(cell),
        (Held::Pretty(digits) | Held::Worded(digits), Kind::Integer { .. }) => whole(digits),
        (Held::Pretty(digits) | Held::Worded(digits), Kind::Number { .. }) => plain(digits),
        (_, Kind::Text { .. } | Kind::List { .. }) => coerce(cell, rule),
        (Held::Pretty(digits), _) => coerce(digits, rule),
        _ => coerce(cell, rule),
    }
}

fn whole(digits: &str) -> Result<Coerced<'_>, Refusal> {
    integer(digits, Some(NumberFormat::PLAIN)).map(Coerced::Json)
}

fn plain(digits: &str) -> Result<Coerced<'_>, Refusal> {
    number(digits, Some(NumberFormat::PLAIN)).map(Coerced::Json)
}

/// The text of an id: its plain digits where a format only writes them more prettily.
pub(super) fn id_text<'a>(cell: &'a str, held: Option<&'a Held>) -> &'a str {
    match held {
        Some(Held::Pretty(digits)) => digits,
        _ => cell,
    }
}
