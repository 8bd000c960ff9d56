//! Opens a mapping and its provider for the verbs that need both.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::Failure;
use super::provider::{self, NotFound};
use crate::mapping::reading;
use crate::mapping::written::AsWritten;
use crate::mistake::{Mistake, Written};
use crate::provider::api::Api;
use crate::report::exit::Exit;

/// A mapping as written, with its provider.
#[derive(Debug)]
pub(super) struct Opened {
    /// The mapping's text.
    pub file: Arc<Written>,
    /// The mapping, table by table.
    pub written: AsWritten,
    /// What was wrong with it so far.
    pub mistakes: Vec<Mistake>,
    /// Whose contacts these are.
    pub api: Arc<Api>,
    /// The folder the mapping stands in.
    pub folder: PathBuf,
}

/// Opens a mapping.
///
/// # Errors
///
/// The file cannot be read, or names no provider that is known.
pub(super) fn open(path: &Path) -> Result<Opened, Failure> {
    let unreadable = |what: String| {
        Failure::new(
            Exit::SetUp,
            anyhow::Error::msg(what),
            "`-m` takes the path of a mapping; `mappings/` has one for every provider",
        )
    };
    let file = provider::read(path).map_err(unreadable)?;
    let (written, mut mistakes) = reading::read(&file);
    let folder = match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder.to_owned(),
        _ => PathBuf::from("."),
    };
    let Some(name) = &written.provider else {
        hide(&written, &mut mistakes);
        return Err(Failure::mistakes(mistakes));
    };
    match provider::find(&name.value, &folder) {
        Ok(api) => Ok(Opened {
            file,
            written,
            mistakes,
            api,
            folder,
        }),
        Err(NotFound::File(found)) => {
            mistakes.extend(found);
            hide(&written, &mut mistakes);
            Err(Failure::mistakes(mistakes))
        }
        Err(NotFound::Name(what)) => {
            mistakes.push(Mistake::new(
                "unknown-provider",
                &file,
                name.span.clone(),
                what,
            ));
            hide(&written, &mut mistakes);
            Err(Failure::mistakes(mistakes))
        }
    }
}

/// As long as nobody says which account keys are secrets, all of them are.
fn hide(written: &AsWritten, mistakes: &mut [Mistake]) {
    if let Some(first) = mistakes.first_mut() {
        first.hides.extend(written.plain_values());
    }
}
