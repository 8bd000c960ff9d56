//! How a column of dates is written, and what in it proves that.
//!
//! `03/04/2021` is two days. A format is found only where enough values can be read in no other way; else both readings
//! are named and a person decides.

use super::written::{of, sample, several};
use crate::mapping::date::{DateOut, date};
use crate::mapping::date_format::DateFormat;

/// Formats that are tried, each with the one that swaps day and month.
const FORMATS: [(&str, &str); 22] = [
    ("%d/%m/%Y", "%m/%d/%Y"),
    ("%m/%d/%Y", "%d/%m/%Y"),
    ("%d.%m.%Y", "%m.%d.%Y"),
    ("%m.%d.%Y", "%d.%m.%Y"),
    ("%d-%m-%Y", "%m-%d-%Y"),
    ("%m-%d-%Y", "%d-%m-%Y"),
    ("%d/%m/%y", "%m/%d/%y"),
    ("%m/%d/%y", "%d/%m/%y"),
    ("%d.%m.%y", "%m.%d.%y"),
    ("%m.%d.%y", "%d.%m.%y"),
    ("%Y/%m/%d", ""),
    ("%Y.%m.%d", ""),
    ("%Y%m%d", ""),
    ("%d %b %Y", ""),
    ("%b %d, %Y", ""),
    ("%d %B %Y", ""),
    ("%B %d, %Y", ""),
    ("%d-%b-%Y", ""),
    ("%Y-%m-%d %H:%M:%S", ""),
    ("%Y-%m-%d %H:%M", ""),
    ("%d/%m/%Y %H:%M", "%m/%d/%Y %H:%M"),
    ("%m/%d/%Y %H:%M", "%d/%m/%Y %H:%M"),
];

/// How many values are tried.
const TRIED: usize = 2000;

/// How dates are written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Way {
    /// As `2024-11-25`, or there is no value: nothing has to be said.
    Iso,
    /// By this format.
    Format {
        /// The format.
        format: &'static str,
        /// The evidence.
        why: String,
    },
    /// Two formats read the column and nothing tells them apart.
    Either {
        /// The two.
        formats: [&'static str; 2],
        /// What was seen.
        why: String,
    },
    /// No format that is known.
    Unknown,
}

/// Looks at the values of a column.
pub(super) fn way(values: &[&str]) -> Way {
    let values = &values[..values.len().min(TRIED)];
    let read = |format: &str| -> Vec<bool> {
        let format = DateFormat::new(format).ok();
        let good =
            |value: &&str| format.is_some() && date(value, format.as_ref(), DateOut::Iso).is_ok();
        values.iter().map(good).collect()
    };
    let count = |read: &[bool]| read.iter().filter(|good| **good).count();
    let iso = values
        .iter()
        .filter(|value| date(value, None, DateOut::Iso).is_ok())
        .count();
    let found = FORMATS
        .iter()
        .map(|(format, twin)| (*format, *twin, read(format)))
        .rev()
        .max_by_key(|(_, _, read)| count(read));
    let Some((format, twin, best)) = found.filter(|(_, _, best)| count(best) > iso) else {
        return Way::Iso;
    };
    let all = several(values.len(), "value");
    let good = count(&best);
    let other = match twin {
        "" => vec![false; values.len()],
        twin => read(twin),
    };
    let any = (0..values.len()).filter(|at| best[*at] || other[*at]);
    if any.count() * 2 <= values.len() {
        return Way::Unknown;
    }
    if twin.is_empty() {
        let why = of(
            good,
            values.len(),
            "value",
            ["is written so", "are written so"],
        );
        return Way::Format { format, why };
    }
    let proof = (0..values.len()).filter(|at| best[*at] && !other[*at]);
    let against = (0..values.len())
        .filter(|at| !best[*at] && other[*at])
        .count();
    let proofs = proof.clone().count();
    let example = proof.clone().next().map_or("", |at| values[at]);
    let formats = [format, twin];
    if against > 0 {
        let why = format!(
            "{proofs} of {all} can only be `{format}` and {against} only `{twin}`: the column is mixed, so mend it first"
        );
        return Way::Either { formats, why };
    }
    // One day over 12 among many values may be a slip of the pen.
    if proofs * 5 < values.len() {
        let why = match proofs {
            0 => format!("{all} can be read both ways, as {} can", sample(values[0])),
            _ => format!(
                "only {proofs} of {all} can be read in one way alone, such as {}",
                sample(example)
            ),
        };
        return Way::Either { formats, why };
    }
    let part = if format.starts_with("%d") {
        "first"
    } else {
        "second"
    };
    let why = format!(
        "{} a day over 12 in the {part} place, such as {}",
        of(proofs, values.len(), "value", ["has", "have"]),
        sample(example)
    );
    Way::Format { format, why }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_format_needs_its_proof() {
        let found = |values: &[&str]| match way(values) {
            Way::Format { format, .. } => format,
            Way::Iso => "iso",
            Way::Either { .. } => "either",
            Way::Unknown => "unknown",
        };
        assert_eq!(
            found(&["04/07/1988", "21/11/1992", "30/01/1979"]),
            "%d/%m/%Y"
        );
        assert_eq!(found(&["7/4/1988", "11/21/1992", "1/30/1979"]), "%m/%d/%Y");
        assert_eq!(found(&["04/07/1988", "05/06/1990"]), "either");
        assert_eq!(found(&["13/01/1988", "01/13/1990"]), "either");
        assert_eq!(found(&["04.07.1988", "21.11.1992"]), "%d.%m.%Y");
        assert_eq!(found(&["1988-07-04", "1992-11-21"]), "iso");
        assert_eq!(found(&["4 Jul 1988", "21 Nov 1992"]), "%d %b %Y");
        assert_eq!(found(&["July 4, 1988"]), "%B %d, %Y");
        assert_eq!(found(&["1988-07-04 00:00:00"]), "%Y-%m-%d %H:%M:%S");
        assert_eq!(found(&["07/04", "11/21"]), "iso");
        assert_eq!(found(&[]), "iso");
        let mut many = vec!["04/07/1988"; 50];
        many.push("21/11/1992");
        assert_eq!(found(&many), "either", "one slip is no proof");
    }
}
