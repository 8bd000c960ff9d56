//! How the list is read: what was said on the command line on the way in, what was decided on the way out.

use crate::cli;
use crate::mapping::apply::Bound;
use crate::mapping::email::email;
use crate::report::harmless;
use crate::report::progress::Progress;
use crate::report::summary::Read;
use crate::source::{Found, Known, Sheet, Told};

/// How many names of columns the line names.
const NAMED: usize = 12;

/// The options as the source room takes them.
pub(super) fn told(reading: &cli::Reading) -> Result<Told, String> {
    let mut told = Told::default();
    if let Some(label) = &reading.encoding {
        told = told.encoding(label)?;
    }
    if let Some(said) = &reading.delimiter {
        told = told.delimiter(said)?;
    }
    if let Some(said) = &reading.quote {
        told = told.quote(said)?;
    }
    if let Some(said) = &reading.comment {
        told = told.comment(said)?;
    }
    if let Some(said) = &reading.sheet {
        told = told.sheet(said);
    }
    told = match (reading.header_row, reading.no_header) {
        (Some(_), true) => {
            return Err("`--header-row` and `--no-header` cannot both be true".to_owned());
        }
        (Some(line), false) => told.header_row(line),
        (None, true) => told.no_header(),
        (None, false) => told,
    };
    told.checked()
}

/// The options as a person types them again.
pub(super) fn again(reading: &cli::Reading) -> Vec<String> {
    let header_row = reading.header_row.map(|line| line.to_string());
    let valued = [
        ("--encoding", &reading.encoding),
        ("--delimiter", &reading.delimiter),
        ("--quote", &reading.quote),
        ("--header-row", &header_row),
        ("--comment", &reading.comment),
        ("--sheet", &reading.sheet),
    ];
    let mut options: Vec<String> = valued
        .into_iter()
        .filter_map(|(option, value)| value.as_ref().map(|value| (option, value)))
        .map(|(option, value)| format!("{option}={value}"))
        .collect();
    if reading.no_header {
        options.push("--no-header".to_owned());
    }
    options
}

/// Tells what was decided about the input, in one line, and what its header spells in another way than the mapping;
/// hands back what stands about it in `summary.json`.
pub(super) fn tell(
    sheet: &Sheet,
    bound: &Bound<'_>,
    options: &cli::Run,
    progress: &Progress,
) -> Read {
    let read = read(sheet, bound);
    let line = line(sheet, &read, &options.reading);
    let line = harmless::escaped(&line);
    match options.log.log_format {
        _ if options.log.quiet => {}
        cli::Format::Text => progress.tell(&line),
        cli::Format::Json => tracing::info!("{line}"),
    }
    for note in sheet.facts().notes.iter().chain(bound.drift()) {
        tracing::warn!("{}", harmless::escaped(note));
    }
    warn_of_a_person(sheet);
    read
}

/// Says so where the names of the columns look like somebody's data: a file without a header loses its first person.
pub(super) fn warn_of_a_person(sheet: &Sheet) {
    let facts = sheet.facts();
    let Some(line) = facts.header_line else {
        return;
    };
    // No column is called like that.
    let is_address = |name: &&String| email(name.trim()).is_ok();
    let Some(address) = sheet.header().iter().find(is_address) else {
        return;
    };
    let place = match &facts.sheet {
        Some(_) => "row",
        None => "line",
    };
    let note = format!(
        "{place} {line} of {} looks like a person and not like the names of columns, because of `{}`; if it is one, add \
         `--no-header`, and if the names stand further down, `--header-row N`",
        facts.name,
        address.trim()
    );
    tracing::warn!("{}", harmless::escaped(&note));
}

fn read(sheet: &Sheet, bound: &Bound<'_>) -> Read {
    let facts = sheet.facts();
    let header = sheet.header();
    let places = bound.places();
    let named = |wanted: bool| -> Vec<String> {
        let names = header.iter().enumerate();
        names
            .filter(|(at, name)| places.contains(at) == wanted && !name.trim().is_empty())
            .map(|(_, name)| name.clone())
            .collect()
    };
    let text = facts.encoding.is_some();
    Read {
        encoding: facts.encoding.map(str::to_owned),
        packed: facts.packed.map(str::to_owned),
        delimiter: text.then(|| char::from(facts.delimiter).to_string()),
        sheet: facts.sheet.clone(),
        header_line: facts.header_line,
        rows: facts.rows,
        columns_mapped: named(true),
        columns_unmapped: named(false),
    }
}

fn line(sheet: &Sheet, read: &Read, reading: &cli::Reading) -> String {
    let facts = sheet.facts();
    let mut parts = Vec::new();
    parts.extend(read.packed.clone());
    match &read.sheet {
        Some(sheet) => parts.push(format!("sheet `{sheet}`")),
        None => parts.extend(read.encoding.clone()),
    }
    parts.extend(read.delimiter.as_deref().map(|delimiter| match delimiter {
        "\t" => "delimiter tab".to_owned(),
        other => format!("delimiter `{other}`"),
    }));
    parts.push(match (read.header_line, facts.sheet.is_some()) {
        (None, _) => "no header".to_owned(),
        (Some(line), false) => format!("header on line {line}"),
        (Some(row), true) => format!("header in row {row}"),
    });
    parts.push(match read.rows {
        1 => "1 row".to_owned(),
        rows => format!("{rows} rows"),
    });
    let mapped = read.columns_mapped.len();
    let unmapped = &read.columns_unmapped;
    let columns = match (mapped + unmapped.len(), unmapped.len()) {
        (1, 0) => "its one column mapped".to_owned(),
        (all, 0) => format!("all {all} columns mapped"),
        (all, _) => {
            let mut names: Vec<String> = unmapped
                .iter()
                .take(NAMED)
                .map(|name| format!("`{name}`"))
                .collect();
            if unmapped.len() > NAMED {
                names.push(format!("{} more", unmapped.len() - NAMED));
            }
            format!(
                "{mapped} of {all} columns mapped, not mapped: {}",
                names.join(", ")
            )
        }
    };
    let mut line = format!("{}: {}; {columns}", facts.name, parts.join(", "));
    if facts.found == Found::Report {
        line.push_str("; a report fed back: its `sync_` columns are left out");
        if !again(reading).is_empty() {
            line.push_str(", and what the options say about the first input is not used");
        }
    } else if facts.known == Known::Marked && reading.encoding.is_some() {
        line.push_str("; its byte order mark wins over `--encoding`");
    }
    line
}
