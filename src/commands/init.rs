//! `init`: a first mapping for a file and a provider, proposed from the file's header and its first rows.

use std::fs::OpenOptions;
use std::io::Write as _;
use std::path::Path;

use super::provider;
use super::{Failure, reading, start_log};
use crate::cli;
use crate::proposal::closing::closing;
use crate::proposal::survey::Survey;
use crate::proposal::{Request, propose};
use crate::report::exit::Exit;
use crate::report::screen;
use crate::source::{self, Input, Sheet, Unreadable};

/// Looks at the file and writes the proposal.
pub(super) fn perform(options: &cli::Init) -> Result<Exit, Failure> {
    let _hidden = start_log(&options.log);
    if let Some(file) = options
        .output
        .as_deref()
        .filter(|file| file.symlink_metadata().is_ok())
    {
        return Err(there_already(file));
    }
    let api = provider::named(&options.provider)?;
    let told = reading::told(&options.reading).map_err(Failure::usage)?;
    let input = Input::named(&options.input);
    let unreadable = |why: Unreadable| {
        let exit = match &why {
            why if why.is_local_fault() => Exit::LocalFault,
            why if why.is_usage() => Exit::Usage,
            _ => Exit::Input,
        };
        let error = anyhow::Error::new(why).context(format!("failed to read {}", input.name()));
        Failure::new(exit, error, "nothing was written")
    };
    let sheet = source::open_told(&input, &told).map_err(unreadable)?;
    let survey = survey(&sheet).map_err(unreadable)?;
    if let Some((line, names)) = survey.header_below() {
        return Err(header_below(&sheet, line, &names));
    }
    reading::warn_of_a_person(&sheet);
    let proposal = propose(&Request {
        input: &sheet.facts().name,
        provider: &named_from(&options.provider, options.output.as_deref()),
        api: &api,
        survey: &survey,
    });
    match &options.output {
        Some(file) => write(file, &proposal.text)?,
        None => screen::say(&proposal.text),
    }
    if !options.log.quiet {
        let written = options
            .output
            .as_ref()
            .map(|file| file.display().to_string());
        let columns = survey.header().len();
        screen::tell(&closing(
            &proposal,
            &sheet.facts().name,
            columns,
            written.as_deref(),
        ));
    }
    Ok(Exit::Fine)
}

fn survey(sheet: &Sheet) -> Result<Survey, Unreadable> {
    let mut rows = sheet.rows()?;
    Survey::of(sheet.header(), sheet.facts().rows, |row| rows.read(row))
}

/// The provider as the mapping has to name it: a path is relative to the mapping's own folder.
fn named_from(provider: &str, output: Option<&Path>) -> String {
    let folder = output
        .and_then(Path::parent)
        .filter(|folder| !folder.as_os_str().is_empty());
    match folder {
        Some(_) if provider.ends_with(".toml") && Path::new(provider).is_file() => {
            std::path::absolute(provider)
                .map_or_else(|_| provider.to_owned(), |path| path.display().to_string())
        }
        _ => provider.to_owned(),
    }
}

/// Writes a new file, whole or not at all.
fn write(file: &Path, text: &str) -> Result<(), Failure> {
    let mut made = OpenOptions::new()
        .write(true)
        .create_new(true)
        .open(file)
        .map_err(|error| match error.kind() {
            std::io::ErrorKind::AlreadyExists => there_already(file),
            _ => unwritten(file, error, Exit::SetUp),
        })?;
    made.write_all(text.as_bytes())
        .and_then(|()| made.sync_all())
        .map_err(|error| {
            let _ = std::fs::remove_file(file);
            unwritten(file, error, Exit::LocalFault)
        })
}

fn unwritten(file: &Path, error: std::io::Error, exit: Exit) -> Failure {
    let error = anyhow::Error::new(error).context(format!("failed to write `{}`", file.display()));
    Failure::new(exit, error, "name another file with `-o`")
}

fn there_already(file: &Path) -> Failure {
    Failure::new(
        Exit::SetUp,
        anyhow::anyhow!(
            "`{}` is there already, and no mapping is ever overwritten",
            file.display()
        ),
        "name another file with `-o`",
    )
}

fn header_below(sheet: &Sheet, line: u64, names: &[String]) -> Failure {
    let names: Vec<String> = names
        .iter()
        .take(4)
        .map(|name| format!("`{name}`"))
        .collect();
    Failure::new(
        Exit::Input,
        anyhow::anyhow!(
            "the first line of {} names no column that is known, and line {line} looks like the header: {}, …",
            sheet.facts().name,
            names.join(", ")
        ),
        "name it with `--header-row`",
    )
}
