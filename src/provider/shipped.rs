//! The providers that come inside the program: the folders of `mappings/`, so that an installed program needs no checkout.

use include_dir::{Dir, include_dir};

static MAPPINGS: Dir<'static> = include_dir!("$CARGO_MANIFEST_DIR/mappings");

/// The folders' names, in alphabetical order.
pub fn names() -> impl Iterator<Item = &'static str> {
    MAPPINGS.dirs().filter_map(|folder| folder.path().to_str())
}

/// The text of a folder's `api.toml`.
#[must_use]
pub fn api(name: &str) -> Option<&'static str> {
    MAPPINGS
        .get_file(format!("{name}/api.toml"))?
        .contents_utf8()
}

/// The text of a folder's `contacts.toml`, the mapping that people copy.
#[must_use]
pub fn mapping(name: &str) -> Option<&'static str> {
    MAPPINGS
        .get_file(format!("{name}/contacts.toml"))?
        .contents_utf8()
}
