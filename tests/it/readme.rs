//! The README says what is so: its usage block, its exit codes, its commands and the files it names.

use std::fs;
use std::path::PathBuf;

use contact_sync::cli;
use contact_sync::report::exit::Exit;

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn readme() -> String {
    fs::read_to_string(root().join("README.md")).expect("a README")
}

/// The blocks of code between fences, each with the word behind its fence.
fn blocks(text: &str) -> Vec<(&str, &str)> {
    let mut blocks = Vec::new();
    let mut rest = text;
    while let Some((_, after)) = rest.split_once("\n```") {
        let (word, after) = after.split_once('\n').expect("a fence has a line");
        let (block, after) = after.split_once("\n```").expect("a fence is closed");
        blocks.push((word, block));
        rest = after;
    }
    blocks
}

#[test]
fn the_usage_block_is_what_help_prints() {
    let help = cli::help(Some("run"));
    let readme = readme();
    let shown = blocks(&readme)
        .into_iter()
        .find(|(_, block)| block.contains("Usage: contact-sync run"));
    let (_, shown) = shown.expect("a usage block");
    let trimmed = |text: &str| -> Vec<String> {
        text.trim_end()
            .lines()
            .map(|line| line.trim_end().to_owned())
            .collect()
    };
    assert_eq!(
        trimmed(shown),
        trimmed(&help),
        "README.md shows another help; put in what `contact-sync run --help` prints:\n{help}"
    );
}

#[test]
fn the_binary_prints_the_same_help() {
    let output = assert_cmd::Command::cargo_bin("contact-sync")
        .expect("the binary")
        .args(["run", "--help"])
        .env("COLUMNS", "100")
        .env("CONTACT_SYNC_RATE", "a value of the environment")
        .output()
        .expect("it runs");
    assert_eq!(output.status.code(), Some(0));
    assert_eq!(
        String::from_utf8_lossy(&output.stdout),
        cli::help(Some("run"))
    );
}

#[test]
fn every_long_option_of_run_has_its_variable() {
    let help = cli::help(Some("run"));
    let options = help.lines().filter_map(|line| {
        let (_, after) = line.split_once("--")?;
        let starts = line.trim_start().starts_with('-');
        let end = after.find(|c: char| !c.is_ascii_lowercase() && c != '-');
        starts.then(|| &after[..end.unwrap_or(after.len())])
    });
    let options: Vec<&str> = options.filter(|option| *option != "help").collect();
    assert!(options.len() > 10, "{options:?}");
    for option in options {
        let variable = format!(
            "[env: CONTACT_SYNC_{}]",
            option.to_uppercase().replace('-', "_")
        );
        // The text of an option may be wrapped between any two words.
        let words: Vec<&str> = help.split_whitespace().collect();
        assert!(words.join(" ").contains(&variable), "{variable}");
    }
}

#[test]
fn the_exit_codes_are_all_there() {
    let readme = readme();
    for exit in Exit::ALL {
        let row = format!(
            "| {} | {} | {} |",
            exit.code(),
            exit.meaning(),
            exit.advice()
        );
        assert!(readme.contains(&row), "{row}");
    }
}

#[test]
fn the_two_commands_are_named() {
    let readme = readme();
    let shown: Vec<&str> = blocks(&readme)
        .into_iter()
        .flat_map(|(_, block)| block.lines())
        .map(str::trim)
        .collect();
    assert!(shown.contains(&"cargo test"));
    assert!(shown.contains(
        &"cargo run --release -- run samples/contacts.csv -m mappings/highlevel/contacts.toml --sandbox"
    ));
    let ci = fs::read_to_string(root().join(".ci/run")).expect("the continuous checks");
    assert!(ci.lines().any(|line| line == "cargo test"));
}

/// The closing screen without what differs from run to run: its time, its speed and its name.
fn still(screen: &str) -> Vec<String> {
    const NAME: &str = "runs/highlevel-";
    let lines = screen.trim_end().lines().map(|line| {
        let line = match (line.split_once(" in "), line.split_once(" a second ")) {
            (Some((requests, _)), Some((_, allowed))) => format!("{requests} {allowed}"),
            _ => line.to_owned(),
        };
        match line.split_once(NAME) {
            Some((before, name)) => {
                let (stamp, after) = name.split_once('Z').expect("a time in UTC");
                assert_eq!(stamp.len(), "20261120T203748".len(), "{stamp}");
                format!("{before}{NAME}{after}")
            }
            None => line,
        }
    });
    lines.collect()
}

#[test]
fn the_sample_ends_as_is_shown() {
    let readme = readme();
    let shown = blocks(&readme)
        .into_iter()
        .find(|(_, block)| block.contains("rows need a person"));
    let (_, shown) = shown.expect("a closing screen");
    let place = tempfile::tempdir().expect("a directory");
    for folder in ["samples", "mappings"] {
        let link = std::os::unix::fs::symlink(root().join(folder), place.path().join(folder));
        link.expect("a link");
    }
    let output = assert_cmd::Command::cargo_bin("contact-sync")
        .expect("the binary")
        .args(["run", "samples/contacts.csv", "--sandbox"])
        .args(["-m", "mappings/highlevel/contacts.toml"])
        .current_dir(&place)
        .output()
        .expect("it runs");
    let screen = String::from_utf8(output.stdout).expect("UTF-8");
    assert_eq!(
        still(shown),
        still(&screen),
        "README.md shows another end; put in what the run prints:\n{screen}"
    );
}

#[test]
fn every_file_that_is_named_exists() {
    let readme = readme();
    let words = readme.split(|c: char| c.is_whitespace() || "`()[],;".contains(c));
    let mut count = 0;
    for word in words {
        let word = word.trim_end_matches(['.', ':']);
        let ours = ["mappings/", "samples/", "tests/", "src/", ".ci/"];
        if !ours.iter().any(|folder| word.starts_with(folder)) || word.contains(['<', '…', '*']) {
            continue;
        }
        count += 1;
        assert!(root().join(word).exists(), "README.md names `{word}`");
    }
    assert!(count >= 5, "{count}");
    for folder in fs::read_dir(root().join("mappings")).expect("mappings") {
        let name = folder.expect("a folder").file_name();
        let path = format!("mappings/{}/contacts.toml", name.to_string_lossy());
        assert!(root().join(&path).exists(), "{path}");
        assert!(readme.contains(&path), "README.md does not name `{path}`");
    }
}

#[test]
fn the_mapping_that_is_shown_is_one() {
    use contact_sync::mapping::{check::check, reading};
    use contact_sync::mistake::Written;
    use contact_sync::provider::{load, shipped};
    use std::sync::Arc;

    let readme = readme();
    let tables = blocks(&readme);
    let mapping = tables
        .iter()
        .find(|(word, block)| *word == "toml" && block.contains("[contact]"));
    let file = |name: &str, text: &str| {
        Arc::new(Written {
            name: name.into(),
            text: text.into(),
        })
    };
    let mapping = file("README.md", mapping.expect("a mapping").1);
    let (written, mistakes) = reading::read(&mapping);
    assert_eq!(mistakes, []);
    let provider = &written.provider.as_ref().expect("a provider").value;
    let api = shipped::api(provider).expect("one that is shipped");
    let api = load::load(&file("api.toml", api)).expect("a provider's file");
    let checked = check(&written, &mapping, &api, None).map_err(|found| format!("{found:#?}"));
    let checked = checked.expect("a mapping without mistakes");
    let sample = fs::read_to_string(root().join("samples/contacts.csv")).expect("the sample");
    let header: Vec<String> = sample
        .lines()
        .next()
        .expect("a header")
        .split(',')
        .map(str::to_owned)
        .collect();
    assert!(
        checked
            .mapping
            .bind(&header, "samples/contacts.csv", &mapping)
            .is_ok()
    );
}
