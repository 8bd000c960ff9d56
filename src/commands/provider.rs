//! Finds a provider by the name or path that somebody wrote.

use std::path::Path;
use std::sync::Arc;

use super::Failure;
use crate::mistake::{Mistake, Written, nearest};
use crate::provider::api::Api;
use crate::provider::{load, shipped};
use crate::report::exit::Exit;

/// A file that somebody wrote is at most this long; more is something else by mistake.
const LONGEST: u64 = 1 << 20;

/// Reads a file that somebody wrote.
///
/// # Errors
///
/// Says why it cannot be read, for people.
pub(super) fn read(path: &Path) -> Result<Arc<Written>, String> {
    let name = path.display().to_string();
    let about = |what: &str| format!("`{name}` {what}");
    let facts = std::fs::metadata(path)
        .map_err(|error| format!("cannot read `{name}`: {}", plain(&error)))?;
    if !facts.is_file() {
        return Err(about("is no file"));
    }
    if facts.len() > LONGEST {
        return Err(about("is longer than 1 MiB, which no such file is"));
    }
    let bytes =
        std::fs::read(path).map_err(|error| format!("cannot read `{name}`: {}", plain(&error)))?;
    let text = String::from_utf8(bytes).map_err(|_| about("is not UTF-8 text"))?;
    let text = text
        .strip_prefix('\u{feff}')
        .map_or(text.clone(), str::to_owned);
    Ok(Arc::new(Written { name, text }))
}

/// An I/O error without the system's number for it.
fn plain(error: &std::io::Error) -> String {
    match error.kind() {
        std::io::ErrorKind::NotFound => "there is no such file".to_owned(),
        std::io::ErrorKind::PermissionDenied => "permission denied".to_owned(),
        _ => error.to_string(),
    }
}

/// Finds a provider: shipped ones by name, others by the path of their `api.toml`, relative to a folder.
///
/// # Errors
///
/// What is wrong with the name, or all that is wrong with the file.
pub(super) fn find(name: &str, folder: &Path) -> Result<Arc<Api>, NotFound> {
    if let Some(known) = shipped_name(name) {
        let text = shipped::api(known).unwrap_or_default();
        let file = Arc::new(Written {
            name: format!("mappings/{known}/api.toml"),
            text: text.to_owned(),
        });
        return understood(&file);
    }
    // Only a file of this kind is opened, so that no mapping can make us show another one's text.
    if Path::new(name)
        .extension()
        .is_some_and(|ending| ending == "toml")
    {
        let path = match folder == Path::new(".") {
            true => Path::new(name).to_owned(),
            false => folder.join(name),
        };
        let file = read(&path).map_err(NotFound::Name)?;
        let outside = leads_outside(&path, folder).map_err(NotFound::Name)?;
        return understood(&file).map_err(|why| match why {
            NotFound::File(mistakes) if outside => NotFound::File(without_values(mistakes)),
            why => why,
        });
    }
    let names: Vec<&str> = shipped::names().collect();
    Err(NotFound::Name(match nearest(name, names.iter().copied()) {
        Some(near) => format!("no provider `{name}`; did you mean `{near}`?"),
        None => format!(
            "no provider `{name}`; there are `{}`, or write the path of an `api.toml`",
            names.join("`, `")
        ),
    }))
}

/// Whether a path leads out of a folder, when all links are followed.
fn leads_outside(path: &Path, folder: &Path) -> Result<bool, String> {
    let real = |path: &Path| {
        path.canonicalize()
            .map_err(|error| format!("cannot read `{}`: {}", path.display(), plain(&error)))
    };
    let (file, folder) = (real(path)?, real(folder)?);
    match file.extension().is_some_and(|ending| ending == "toml") {
        true => Ok(!file.starts_with(folder)),
        false => Err(format!(
            "`{}` leads to a file that is no `.toml`",
            path.display()
        )),
    }
}

/// A mapping that somebody else wrote must not make us show what stands in another file of this machine.
fn without_values(mut mistakes: Vec<Mistake>) -> Vec<Mistake> {
    if let Some(first) = mistakes.first_mut() {
        let mut begin = 0;
        for line in first.file.text.split_inclusive('\n') {
            if let Some(sign) = line.find('=') {
                let end = begin + line.trim_end().len();
                let value = line[sign + 1..].trim_start();
                let start = begin + line.len() - value.len();
                first.hides.push(start.min(end)..end);
            }
            begin += line.len();
        }
    }
    mistakes
}

/// The same for a verb that was given the name on the command line.
///
/// # Errors
///
/// What is wrong with the name, or all that is wrong with the file.
pub(super) fn named(name: &str) -> Result<Arc<Api>, Failure> {
    find(name, Path::new(".")).map_err(|why| match why {
        NotFound::File(mistakes) => Failure::mistakes(mistakes),
        NotFound::Name(what) => Failure::new(
            Exit::SetUp,
            anyhow::Error::msg(what),
            "`contact-sync providers` lists them",
        ),
    })
}

/// Why there is no provider.
#[derive(Debug)]
pub(super) enum NotFound {
    /// The name is wrong, or its file cannot be read.
    Name(String),
    /// The file is wrong.
    File(Vec<Mistake>),
}

fn understood(file: &Arc<Written>) -> Result<Arc<Api>, NotFound> {
    load::load(file).map(Arc::new).map_err(NotFound::File)
}

/// The folder's name for a name or one of its other names.
fn shipped_name(name: &str) -> Option<&'static str> {
    let same = |other: &str| other.eq_ignore_ascii_case(name);
    shipped::names().find(|folder| same(folder)).or_else(|| {
        shipped::names().find(|folder| {
            let text = shipped::api(folder).unwrap_or_default();
            // The aliases stand in the file; only one that mentions the name at all is read for them.
            text.contains(&name.to_lowercase())
                && load::load(&Arc::new(Written {
                    name: (*folder).to_owned(),
                    text: text.to_owned(),
                }))
                .is_ok_and(|api| api.aliases.iter().any(|alias| same(alias)))
        })
    })
}
