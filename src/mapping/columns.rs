//! Which column of a file is the one that a mapping names.
//!
//! The exact spelling wins. Headers drift between two exports in case, in blanks and in Unicode form: such a header is
//! taken too, with a warning that names both spellings, where it is the only one. It never takes a near name: those
//! are only suggested.

use std::sync::Arc;

use unicode_normalization::UnicodeNormalization;

use super::refusal::is_unseen;
use super::steps::Column;
use crate::mistake::{Mistake, Written, nearest};

/// Where the columns of a mapping stand.
#[derive(Debug, Default)]
pub(super) struct Places {
    /// The place in the header of every column.
    pub(super) places: Vec<usize>,
    /// The columns that are spelled in another way there, one warning each.
    pub(super) drift: Vec<String>,
}

/// Finds every column in a header; `input` is the file's name, for messages.
pub(super) fn find(
    columns: &[Column],
    header: &[String],
    input: &str,
    file: &Arc<Written>,
) -> Result<Places, Vec<Mistake>> {
    let folded: Vec<String> = header.iter().map(|name| fold(name)).collect();
    let exact = |at: usize| columns.iter().any(|column| column.name == header[at]);
    let mut found = Places::default();
    let mut mistakes = Vec::new();
    for column in columns {
        let same = (0..header.len()).filter(|at| header[*at] == column.name);
        let mut candidates: Vec<usize> = same.collect();
        if candidates.is_empty() {
            let name = fold(&column.name);
            // A header that another column of the mapping names exactly is that one's.
            let alike = (0..header.len()).filter(|at| folded[*at] == name && !exact(*at));
            candidates.extend(alike.filter(|_| !name.is_empty()));
        }
        match candidates[..] {
            [place] if header[place] == column.name => found.places.push(place),
            [place] if !found.places.contains(&place) => {
                found.places.push(place);
                found.drift.push(format!(
                    "the mapping names the column `{}`, `{input}` spells it `{}`; it is taken for the same",
                    spelled(&column.name, &header[place]),
                    spelled(&header[place], &column.name),
                ));
            }
            [] | [_] => mistakes.push(missing(column, header, input, file)),
            _ => mistakes.push(twice(column, &candidates, header, input, file)),
        }
    }
    // A title line in the header's place has none of the names.
    let none = found.places.is_empty() && mistakes.len() > 1;
    if let (true, Some(last)) = (none, mistakes.last_mut()) {
        last.help.push_str(
            "; where no column is found, a title may stand above the header: name its line with `--header-row`",
        );
    }
    match mistakes.is_empty() {
        true => Ok(found),
        false => Err(mistakes),
    }
}

/// A name as it is, with what cannot be seen written out; all of it where only the Unicode form is another.
fn spelled(name: &str, other: &str) -> String {
    let form = name.nfc().eq(other.nfc());
    let written = |c: char| match c {
        ' ' => " ".to_owned(),
        c if c.is_whitespace() || is_unseen(c) || (form && !c.is_ascii()) => {
            c.escape_unicode().to_string()
        }
        c => c.to_string(),
    };
    name.chars().map(written).collect()
}

/// What is left of a name without case, blanks and Unicode form.
fn fold(name: &str) -> String {
    name.nfd()
        .filter(|c| !c.is_whitespace() && !is_unseen(*c))
        .flat_map(char::to_lowercase)
        .nfc()
        .collect()
}

fn twice(
    column: &Column,
    candidates: &[usize],
    header: &[String],
    input: &str,
    file: &Arc<Written>,
) -> Mistake {
    let what = match candidates.iter().all(|at| header[*at] == column.name) {
        true => format!("`{input}` has the column `{}` twice", column.name),
        false => {
            let names: Vec<String> = candidates
                .iter()
                .map(|at| format!("`{}`", header[*at]))
                .collect();
            format!(
                "no column `{}` in `{input}`, but {}, which differ from it only in case, blanks or Unicode form",
                column.name,
                names.join(" and ")
            )
        }
    };
    Mistake::new("column-twice", file, column.span.clone(), what)
        .help("give one of them another header in the file")
}

fn missing(column: &Column, header: &[String], input: &str, file: &Arc<Written>) -> Mistake {
    let near = nearest(&column.name, header.iter().map(String::as_str));
    let help = match near {
        Some(near) => format!("did you mean `{near}`?"),
        None => format!("it has {}", some(header)),
    };
    let what = format!("no column `{}` in `{input}`", column.name);
    Mistake::new("missing-column", file, column.span.clone(), what).help(help)
}

fn some(header: &[String]) -> String {
    let names: Vec<String> = header
        .iter()
        .take(12)
        .map(|name| format!("`{name}`"))
        .collect();
    match header.len().saturating_sub(12) {
        0 => names.join(", "),
        more => format!("{} and {more} more", names.join(", ")),
    }
}
