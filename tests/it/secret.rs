//! Where credentials come from, and that what is wrong with one is said without showing it.

#![cfg(unix)]

use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::time::{Duration, Instant};

use contact_sync::delivery::secret::{NoSecret, Source, fetch, fetch_within};
use secrecy::ExposeSecret;

const CANARY: &str = "canary5f2c9a71";

fn write(folder: &Path, text: &[u8], mode: u32) -> Source {
    let path = folder.join("token.txt");
    std::fs::write(&path, text).expect("written");
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(mode)).expect("set");
    Source::File("token.txt".into())
}

fn command(words: &[&str]) -> Source {
    Source::Command(words.iter().map(|word| (*word).to_owned()).collect())
}

fn value(source: &Source, folder: &Path) -> String {
    let secret = fetch(source, folder).expect("a secret");
    assert!(!format!("{secret:?}").contains(CANARY));
    secret.expose_secret().to_owned()
}

fn refusal(source: &Source, folder: &Path) -> String {
    let error = fetch(source, folder).expect_err("no secret");
    assert!(!format!("{error} {error:?}").contains(CANARY));
    error.to_string()
}

#[test]
fn one_line_end_is_taken_off_and_nothing_else() {
    let folder = tempfile::tempdir().expect("a folder");
    let at = folder.path();
    for text in ["canary5f2c9a71", "canary5f2c9a71\n", "canary5f2c9a71\r\n"] {
        let source = write(at, text.as_bytes(), 0o600);
        assert_eq!(value(&source, at), CANARY);
    }
    let source = write(at, b" a b \n", 0o400);
    assert_eq!(value(&source, at), " a b ");
    let absolute = Source::File(at.join("token.txt"));
    assert_eq!(value(&absolute, Path::new("/nowhere")), " a b ");
}

#[test]
fn what_can_be_no_credential_is_refused_without_showing_it() {
    let folder = tempfile::tempdir().expect("a folder");
    let at = folder.path();
    for (text, what) in [
        (b"".as_slice(), "it is empty"),
        (b"\n", "it is empty"),
        (
            b"canary5f2c9a71\n\n",
            "a line break or another control character",
        ),
        (
            b"canary5f2c9a71\nx",
            "a line break or another control character",
        ),
        (
            b"canary5f2c9a71\0",
            "a line break or another control character",
        ),
        (
            b"canary5f2c9a71\tx",
            "a line break or another control character",
        ),
        ("canary5f2c9a71ü".as_bytes(), "a character outside ASCII"),
        (b"canary5f2c9a71\xff", "a character outside ASCII"),
        (&[b'x'; 70_000], "longer than 64 KiB"),
    ] {
        let source = write(at, text, 0o600);
        let why = refusal(&source, at);
        assert!(why.contains(what), "{why}");
        assert!(why.contains("token.txt"), "{why}");
    }
}

#[test]
fn a_file_that_others_can_read_is_refused_with_the_way_out() {
    let folder = tempfile::tempdir().expect("a folder");
    let at = folder.path();
    for mode in [0o644, 0o640, 0o604, 0o620, 0o601] {
        let source = write(at, CANARY.as_bytes(), mode);
        let path = at.join("token.txt");
        let why = refusal(&source, at);
        let path = path.display();
        assert_eq!(
            why,
            format!("trust the secret file `{path}`: others can read it; run `chmod 600 {path}`")
        );
    }
}

#[test]
fn what_is_no_file_is_refused() {
    let folder = tempfile::tempdir().expect("a folder");
    let at = folder.path();
    let missing = fetch(&Source::File("none".into()), at);
    assert!(matches!(missing, Err(NoSecret::Unreadable { .. })));
    let why = refusal(&Source::File(".".into()), at);
    assert!(why.contains("no regular file"), "{why}");
    let why = refusal(&Source::File("/dev/zero".into()), at);
    assert!(why.contains("no regular file"), "{why}");
}

#[test]
fn a_variable_that_is_not_set_is_named() {
    let source = Source::Env("CONTACT_SYNC_TEST_NOT_SET".into());
    let why = refusal(&source, Path::new("."));
    assert!(
        why.contains("`CONTACT_SYNC_TEST_NOT_SET`: it is not set"),
        "{why}"
    );
    // One that every test run has.
    assert!(!value(&Source::Env("PATH".into()), Path::new(".")).is_empty());
}

#[test]
fn a_commands_output_is_the_secret() {
    let here = Path::new(".");
    assert_eq!(value(&command(&["echo", CANARY]), here), CANARY);
    // No shell reads the words.
    assert_eq!(value(&command(&["echo", "$HOME; ls"]), here), "$HOME; ls");
}

/// Relative paths start where those of secret files do: beside the mapping, wherever the program was started.
#[test]
fn a_command_runs_in_the_mappings_folder() {
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::write(folder.path().join("key.txt"), CANARY).expect("a file");
    assert_eq!(value(&command(&["cat", "key.txt"]), folder.path()), CANARY);
    // Written by somebody else: what this process has open for writing, a program that another test is just starting has
    // open, too, and the system starts nothing that somebody may still write to.
    let words = "printf '#!/bin/sh\\necho %s\\n' \"$0\" > tell && chmod 700 tell";
    let mut writer = std::process::Command::new("sh");
    writer.args(["-c", words, CANARY]).current_dir(&folder);
    assert!(writer.status().expect("a shell").success());
    assert_eq!(value(&command(&["./tell"]), folder.path()), CANARY);
}

#[test]
fn a_command_that_fails_is_named_by_its_first_word() {
    let here = Path::new(".");
    let why = refusal(&command(&[]), here);
    assert!(why.contains("it has no words"), "{why}");
    let why = refusal(&command(&["no-such-program-here", CANARY]), here);
    assert_eq!(why, "run `no-such-program-here` for a secret");
    let script = "echo canary5f2c9a71; echo 'not signed  in' >&2; exit 3";
    let why = refusal(&command(&["sh", "-c", script]), here);
    assert_eq!(
        why,
        "get a secret from `sh`: it ended with exit code 3: not signed in"
    );
    let why = refusal(&command(&["true"]), here);
    assert_eq!(why, "use the secret from `true`: it is empty");
    let endless = command(&["sh", "-c", "head -c 300000 /dev/zero | tr '\\0' x"]);
    let why = refusal(&endless, here);
    assert!(why.contains("longer than 64 KiB"), "{why}");
}

#[test]
fn a_command_that_does_not_end_is_ended() {
    let start = Instant::now();
    let time = Duration::from_millis(100);
    for words in [
        &["sleep", "3"][..],
        &["sh", "-c", "sleep 3 & echo canary5f2c9a71"],
    ] {
        let result = fetch_within(&command(words), Path::new("."), time);
        assert!(matches!(result, Err(NoSecret::TooSlow { .. })));
    }
    assert!(start.elapsed() < Duration::from_secs(30));
}
