//! `init`: that the exports people have become mappings that are right and pass a dry run unedited.

mod books;
mod evidence;
mod exports;
mod file;
mod people;
mod systems;
mod whom;

use std::collections::BTreeMap;
use std::convert::Infallible;
use std::path::Path;
use std::process::{Command, Output};
use std::sync::Arc;

use contact_sync::contact::Row;
use contact_sync::mapping::reading::read;
use contact_sync::mapping::written::{AsWritten, FieldText, SourceText};
use contact_sync::mistake::Written;
use contact_sync::proposal::survey::Survey;
use contact_sync::proposal::{Proposal, Request, propose};

use crate::providers::api;

/// A file as the room sees it.
pub(crate) fn survey(header: &[&str], rows: &[Vec<&str>]) -> Survey {
    let header: Vec<String> = header.iter().map(|name| (*name).to_owned()).collect();
    let mut left = rows.iter().zip(1..);
    let next = |row: &mut Row| -> Result<bool, Infallible> {
        let Some((cells, number)) = left.next() else {
            return Ok(false);
        };
        row.reset(number, number + 1);
        cells.iter().for_each(|cell| row.push(cell));
        Ok(true)
    };
    match Survey::of(&header, rows.len() as u64, next) {
        Ok(survey) => survey,
    }
}

/// What is proposed for a file.
pub(crate) fn proposed(provider: &str, survey: &Survey) -> Proposal {
    propose(&Request {
        input: "people.csv",
        provider,
        api: &api(provider),
        survey,
    })
}

/// What is proposed for a table of a few columns, as text.
pub(crate) fn text(provider: &str, columns: &[(&str, &[&str])]) -> String {
    let header: Vec<&str> = columns.iter().map(|(name, _)| *name).collect();
    let most = columns
        .iter()
        .map(|(_, cells)| cells.len())
        .max()
        .unwrap_or(0);
    let rows: Vec<Vec<&str>> = (0..most)
        .map(|at| {
            columns
                .iter()
                .map(|(_, cells)| cells.get(at).copied().unwrap_or(""))
                .collect()
        })
        .collect();
    proposed(provider, &survey(&header, &rows)).text
}

/// A mapping as the program reads it.
pub(crate) fn written(text: &str) -> AsWritten {
    let file = Arc::new(Written {
        name: "my.toml".to_owned(),
        text: text.to_owned(),
    });
    let (written, mistakes) = read(&file);
    assert!(mistakes.is_empty(), "{mistakes:#?}\n{text}");
    written
}

/// Which field is filled from what: a column's header, or a template.
pub(crate) fn lines(written: &AsWritten) -> BTreeMap<String, String> {
    let from = |text: &FieldText| match &text.source {
        SourceText::Column(column) => column.value.clone(),
        SourceText::Template(template) => template.value.clone(),
        constant @ (SourceText::Constant(_) | SourceText::List(_)) => {
            panic!("nobody asked for a constant: {constant:?}")
        }
    };
    let fields = written
        .fields
        .iter()
        .map(|(name, text)| (name.value.join("."), from(text)));
    let tags = written
        .tags
        .iter()
        .map(|(_, text)| ("tags".to_owned(), from(text)));
    fields.chain(tags).collect()
}

/// Runs the program in a folder, with no setting of this machine's.
pub(crate) fn program(folder: &Path, words: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_contact-sync"))
        .args(words)
        .env_clear()
        .current_dir(folder)
        .output()
        .expect("the program starts")
}

pub(crate) fn said(output: &Output) -> (i32, String, String) {
    (
        output.status.code().unwrap_or(-1),
        String::from_utf8_lossy(&output.stdout).into_owned(),
        String::from_utf8_lossy(&output.stderr).into_owned(),
    )
}

/// Cells as a CSV file has them.
pub(crate) fn csv(cells: &[&str]) -> String {
    let quoted: Vec<String> = cells
        .iter()
        .map(|cell| format!("\"{}\"", cell.replace('"', "\"\"")))
        .collect();
    quoted.join(",") + "\r\n"
}
