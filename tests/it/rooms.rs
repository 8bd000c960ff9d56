//! The house rules that can be tested: who uses whom, which file names a dependency, no provider's name;
//! in `words`, what may stand in a file and how long it may be.
//!
//! What a room may use is read from the table in `src/lib.rs`, so the map that people read is the law that holds. These
//! tests look at the text of the sources and run nothing.

mod vocabulary;
mod words;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

/// A source file: its path from the root of the project, and its text.
struct Source {
    path: String,
    text: String,
}

impl Source {
    /// The first folder or the file's own name below `src/`.
    fn room(&self) -> &str {
        let below = self.path.strip_prefix("src/").unwrap_or(&self.path);
        below
            .split_once('/')
            .map_or(below, |(room, _)| room)
            .trim_end_matches(".rs")
    }

    /// The lines with their numbers, comments taken away.
    fn code(&self) -> impl Iterator<Item = (usize, &str)> {
        self.text.lines().enumerate().map(|(at, line)| {
            let code = line.split_once("//").map_or(line, |(code, _)| code);
            (at + 1, code)
        })
    }

    /// The same up to the file's own tests, which stand at its end.
    fn own_code(&self) -> impl Iterator<Item = (usize, &str)> {
        self.code()
            .take_while(|(_, line)| line.trim() != "#[cfg(test)]")
    }
}

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn sources(folder: &str) -> Vec<Source> {
    let mut found = Vec::new();
    collect(&root().join(folder), &mut found);
    assert!(!found.is_empty(), "no source below {folder}");
    found
}

fn collect(folder: &Path, found: &mut Vec<Source>) {
    let mut paths: Vec<PathBuf> = fs::read_dir(folder)
        .expect("a folder")
        .map(|entry| entry.expect("an entry").path())
        .collect();
    paths.sort();
    for path in paths {
        if path.is_dir() {
            collect(&path, found);
        } else if path.extension().is_some_and(|ending| ending == "rs") {
            let below = path.strip_prefix(root()).expect("below the root");
            found.push(Source {
                path: below.to_string_lossy().replace('\\', "/"),
                text: fs::read_to_string(&path).expect("text"),
            });
        }
    }
}

/// Nothing may be left over: the message lists every place at once.
#[track_caller]
fn none(rule: &str, offences: &[String]) {
    assert!(offences.is_empty(), "{rule}:\n  {}", offences.join("\n  "));
}

/// Whether `word` stands in `code` and is not a part of a longer name.
fn says(code: &str, word: &str) -> bool {
    code.match_indices(word).any(|(at, _)| {
        !code[..at]
            .chars()
            .next_back()
            .is_some_and(|before| before.is_alphanumeric() || before == '_')
    })
}

/// The rooms that a line of code names after `crate::`, in braces or not.
fn rooms_named(code: &str) -> Vec<&str> {
    let name = |text: &str| text.find(|c: char| !c.is_alphanumeric() && c != '_');
    let mut rooms = Vec::new();
    for (at, start) in code.match_indices("crate::") {
        let rest = &code[at + start.len()..];
        let Some(inside) = rest.strip_prefix('{') else {
            rooms.push(&rest[..name(rest).unwrap_or(rest.len())]);
            continue;
        };
        let mut depth = 0;
        for piece in inside.split_inclusive([',', '{', '}']) {
            let word = piece.trim_start();
            let word = &word[..name(word).unwrap_or(word.len())];
            if depth == 0 && !word.is_empty() {
                rooms.push(word);
            }
            match piece.chars().next_back() {
                Some('{') => depth += 1,
                Some('}') if depth == 0 => break,
                Some('}') => depth -= 1,
                _ => {}
            }
        }
    }
    rooms
}

/// Which rooms every room uses, and where.
fn uses() -> BTreeMap<(String, String), Vec<String>> {
    let mut uses: BTreeMap<_, Vec<String>> = BTreeMap::new();
    for source in sources("src") {
        for (line, code) in source.own_code() {
            for used in rooms_named(code) {
                if used != source.room() {
                    uses.entry((source.room().to_owned(), used.to_owned()))
                        .or_default()
                        .push(format!("{}:{line}", source.path));
                }
            }
        }
    }
    uses
}

/// The table in `src/lib.rs`: every room with the rooms it may use; nothing where it may use all.
fn law() -> Vec<(String, Option<Vec<String>>)> {
    let map = fs::read_to_string(root().join("src/lib.rs")).expect("as the project has it");
    let mut law: Vec<(String, Option<Vec<String>>)> = Vec::new();
    for line in map.lines() {
        let cells: Vec<&str> = line.trim_start_matches("//!").split('|').collect();
        let [_, rooms, _, may_use, ..] = cells[..] else {
            continue;
        };
        let may_use = match may_use.trim() {
            "–" => Some(Vec::new()),
            "all" => None,
            "all above" => Some(law.iter().map(|(room, _)| room.clone()).collect()),
            names => Some(
                names
                    .split(',')
                    .map(|name| name.trim().to_owned())
                    .collect(),
            ),
        };
        let rooms: Vec<&str> = rooms
            .split(',')
            .filter_map(|room| room.trim().strip_prefix("[`")?.strip_suffix("`]"))
            .collect();
        law.extend(
            rooms
                .iter()
                .map(|room| ((*room).to_owned(), may_use.clone())),
        );
    }
    law
}

#[test]
fn the_map_shows_every_room() {
    let law = law();
    let shown: BTreeSet<&str> = law.iter().map(|(room, _)| room.as_str()).collect();
    let all = sources("src");
    let there: BTreeSet<&str> = all
        .iter()
        .map(Source::room)
        .filter(|room| !matches!(*room, "lib" | "main"))
        .collect();
    assert_eq!(
        shown, there,
        "the table in src/lib.rs and the folders of src"
    );
}

#[test]
fn a_room_uses_only_the_rooms_that_the_map_allows() {
    let law: BTreeMap<_, _> = law().into_iter().collect();
    let mut offences = Vec::new();
    for ((room, used), places) in uses() {
        match law.get(&room) {
            Some(Some(allowed)) if !allowed.contains(&used) => {
                offences.push(format!("{room} uses {used}: {}", places.join(", ")));
            }
            _ => {}
        }
    }
    none(
        "arrows that the table in src/lib.rs does not have",
        &offences,
    );
}

#[test]
fn rooms_do_not_use_each_other_in_a_circle() {
    let mut left: BTreeSet<(String, String)> = uses().into_keys().collect();
    // A room that uses none of the others is no part of a circle, and then neither are those that use only such rooms.
    loop {
        let using: BTreeSet<String> = left.iter().map(|(room, _)| room.clone()).collect();
        let before = left.len();
        left.retain(|(_, used)| using.contains(used));
        if left.len() == before {
            break;
        }
    }
    let circle: Vec<String> = left.iter().map(|(a, b)| format!("{a} uses {b}")).collect();
    none("rooms in a circle", &circle);
}

#[test]
fn no_path_climbs_out_of_its_room_unseen() {
    let mut offences = Vec::new();
    for source in sources("src") {
        for (line, code) in source.own_code() {
            if code.contains("super::super") {
                offences.push(format!("{}:{line}: write `crate::…`", source.path));
            }
        }
    }
    none("`super::super` hides an arrow", &offences);
}

/// Words that are also a provider's name and may stand in the sources as words.
const ORDINARY_WORDS: [&str; 1] = ["acquire"];

#[test]
fn no_provider_is_named_in_the_sources() {
    let mut names: BTreeSet<String> = ["chatwoot", "leadconnector", "99digital"]
        .map(str::to_owned)
        .into();
    for entry in fs::read_dir(root().join("mappings")).expect("as the project has it") {
        let folder = entry.expect("an entry").path();
        names.insert(
            folder
                .file_name()
                .expect("as the project has it")
                .to_string_lossy()
                .to_lowercase(),
        );
        let text = fs::read_to_string(folder.join("api.toml")).expect("as the project has it");
        let api: toml::Table = text.parse().expect("as the project has it");
        let aliases = api.get("aliases").and_then(|own| own.as_array());
        for name in aliases.into_iter().flatten().chain(api.get("name")) {
            names.insert(name.as_str().expect("as the project has it").to_lowercase());
        }
        // The host without what stands for the account: `{account.x}.example.com`.
        let base = api["base_url"].as_str().expect("as the project has it");
        let host = base.trim_start_matches("https://").split('}').next_back();
        names.insert(
            host.expect("as the project has it")
                .trim_start_matches('.')
                .to_lowercase(),
        );
    }
    assert!(names.len() > 10, "{names:?}");
    names.retain(|name| !ORDINARY_WORDS.contains(&name.as_str()));
    let mut offences = Vec::new();
    for source in sources("src") {
        for (at, line) in source.text.lines().enumerate() {
            let line = line.to_lowercase();
            for name in names.iter().filter(|name| line.contains(name.as_str())) {
                offences.push(format!("{}:{}: `{name}`", source.path, at + 1));
            }
        }
    }
    none("providers are data", &offences);
}

/// A dependency, and the files or folders below `src/` that may name it.
const FENCES: [(&str, &[&str]); 19] = [
    ("annotate_snippets", &["report/mistakes.rs"]),
    ("anyhow", &["commands/"]),
    ("backon", &["delivery/retry.rs"]),
    ("calamine", &["source/"]),
    ("clap", &["cli.rs"]),
    (
        "csv",
        &[
            "source/",
            "report/errors.rs",
            "report/results.rs",
            "report/closing.rs",
        ],
    ),
    ("encoding_rs_io", &["source/"]),
    ("governor", &["delivery/pace.rs"]),
    ("h2", &["delivery/broken.rs"]),
    (
        "hyper",
        &[
            "sandbox/",
            "delivery/broken.rs",
            "delivery/connections.rs",
            "delivery/pool.rs",
        ],
    ),
    ("hyper_rustls", &["delivery/connections.rs"]),
    (
        "hyper_util",
        &["sandbox/", "delivery/connections.rs", "delivery/proxy.rs"],
    ),
    ("include_dir", &["provider/shipped.rs"]),
    ("indicatif", &["report/progress.rs"]),
    ("phonenumber", &["mapping/"]),
    ("reqwest", &["delivery/client.rs"]),
    ("rusqlite", &["memory/"]),
    ("strsim", &["mistake.rs"]),
    ("tracing_subscriber", &["report/"]),
];

#[test]
fn a_dependency_is_named_in_its_own_place_only() {
    let mut offences = Vec::new();
    for source in sources("src") {
        let below = source
            .path
            .strip_prefix("src/")
            .expect("as the project has it");
        for (line, code) in source.code() {
            for (name, homes) in FENCES {
                let named = says(code, &format!("{name}::")) || says(code, &format!("use {name};"));
                if named && !homes.iter().any(|home| below.starts_with(home)) {
                    offences.push(format!("{}:{line}: `{name}`", source.path));
                }
            }
        }
    }
    none("dependencies outside their fence", &offences);
}

#[test]
fn rooms_that_are_pure_touch_nothing_outside() {
    let outside = [
        "std::fs",
        "std::net",
        "std::env",
        "std::process",
        "std::thread",
        "io::stdin",
        "SystemTime",
        "Instant",
        "Timestamp::now",
        "Zoned::now",
        "tokio",
        "tracing",
    ];
    let mut offences = Vec::new();
    for source in sources("src") {
        if !matches!(
            source.room(),
            "contact" | "mistake" | "mapping" | "provider"
        ) {
            continue;
        }
        for (line, code) in source.own_code() {
            for word in outside.iter().filter(|word| says(code, word)) {
                offences.push(format!("{}:{line}: `{word}`", source.path));
            }
            if code
                .split(|c: char| !c.is_alphanumeric())
                .any(|word| word == "async")
            {
                offences.push(format!("{}:{line}: `async`", source.path));
            }
        }
    }
    none("pure rooms", &offences);
}
