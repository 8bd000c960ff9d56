//! Files that are no mapping at all: deep, long, binary, a folder, a pipe. Refused at once, with nothing of them shown.

use std::fs;

use assert_cmd::Command;
use tempfile::TempDir;

use super::{PEOPLE, about_fields, told, told_with};

const DEEP: usize = 10_000;

#[test]
fn no_depth_is_a_crash() {
    let deep = [
        format!("email = {}\"x\"{}\n", "[".repeat(DEEP), "]".repeat(DEEP)),
        format!(
            "email = {}\"x\"{}\n",
            "{ a = ".repeat(DEEP),
            " }".repeat(DEEP)
        ),
        format!("{}b = \"x\"\n", "a.".repeat(DEEP)),
        format!("email = {{ {}b = \"x\" }}\n", "a.".repeat(DEEP)),
        format!("[{}b]\nc = \"x\"\n", "a.".repeat(DEEP)),
        format!("email = {}", "[".repeat(DEEP)),
    ];
    for lines in deep {
        let told = about_fields("highlevel", &lines);
        assert!(
            told.starts_with("error[toml]: this reaches too many levels deep\n"),
            "{told}"
        );
        assert!(!told.contains("missing-key"), "{told}");
    }
    insta::assert_snapshot!(about_fields("highlevel", &format!("\"{}b\" = \"x\"\n", "a.".repeat(20))), @r#"
    error[too-deep]: this reaches more than 16 levels deep
     --> my.toml:5:1
      |
    5 | "a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.b" = "x"
      | ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^

    1 mistake in my.toml; nothing was sent
    "#);
}

#[test]
fn no_number_of_mistakes_floods_the_screen() {
    let many: String = (0..20_000)
        .map(|at| format!("f{at} = \"Phone\"\n"))
        .collect();
    let told = about_fields("highlevel", &many);
    assert!(told.len() < 100_000, "{}", told.len());
    assert!(
        told.ends_with("1001 mistakes, of which 100 are shown, in my.toml; nothing was sent\n")
    );
}

#[test]
fn a_name_as_long_as_the_file_is_cut() {
    let mapping = format!(
        "provider = \"highlevel\"\n[contact]\nid = \"{}\"\n[fields]\ncity = \"Phone\"\n",
        "x".repeat(1_000_000)
    );
    let told = told_with(4, mapping.as_bytes());
    assert!(told.len() < 2_000, "{}", told.len());
}

#[test]
fn what_is_no_text_or_too_long_is_refused() {
    insta::assert_snapshot!(told_with(3, b"provider = \"highlevel\"\n\xff\xfe\x00"), @"error: `my.toml` is not UTF-8 text; `-m` takes the path of a mapping; `mappings/` has one for every provider");
    insta::assert_snapshot!(told_with(3, &vec![b'#'; (1 << 20) + 1]), @"error: `my.toml` is longer than 1 MiB, which no such file is; `-m` takes the path of a mapping; `mappings/` has one for every provider");
    insta::assert_snapshot!(told("provider = \"highlevel\"\n[contact]\nid = \"a\0b\"\n"), @r#"
    error[missing-column]: no column `a\u{0}b` in `people.csv`
     --> my.toml:3:6
      |
    3 | id = "a␀b"
      |      ^^^^^
      |
      = help: it has `Id`, `First Name`, `Last Name`, `E-mail`, `Phone`, `Birthday`, `Tags`, `Tags`

    error[toml]: this text is not closed, or holds a character that cannot stand in it
     --> my.toml:3:8
      |
    3 | id = "a␀b"
      |        ^
      |
      = help: end it with the quote with which it begins; in `"…"` a backslash is written `\\`

    2 mistakes in my.toml; nothing was sent
    "#);
}

#[test]
fn what_is_no_file_is_refused() {
    let folder = TempDir::new().expect("a folder");
    fs::write(folder.path().join("people.csv"), PEOPLE).expect("writable");
    let told = |mapping: &str| {
        let output = Command::cargo_bin("contact-sync")
            .expect("the binary")
            .current_dir(folder.path())
            .args(["run", "people.csv", "--dry-run", "-m", mapping])
            .env_clear()
            .output()
            .expect("it runs");
        assert_eq!(output.status.code(), Some(3));
        String::from_utf8(output.stderr).expect("UTF-8")
    };
    insta::assert_snapshot!(told("nowhere.toml"), @"error: cannot read `nowhere.toml`: there is no such file; `-m` takes the path of a mapping; `mappings/` has one for every provider");
    insta::assert_snapshot!(told("."), @"error: `.` is no file; `-m` takes the path of a mapping; `mappings/` has one for every provider");
}

#[test]
#[cfg(unix)]
fn a_mapping_shows_no_other_file_of_the_machine() {
    let folder = TempDir::new().expect("a folder");
    let other = TempDir::new().expect("another folder");
    fs::write(other.path().join("shadow"), "root:canary\n").expect("writable");
    fs::write(other.path().join("keys.toml"), "token = \"canary\"\n").expect("writable");
    let link = folder.path().join("api.toml");
    std::os::unix::fs::symlink(other.path().join("shadow"), &link).expect("a link");
    fs::write(folder.path().join("my.toml"), "provider = \"api.toml\"\n").expect("writable");
    let told = || {
        let output = super::run_in(folder.path());
        assert_eq!(output.status.code(), Some(3));
        String::from_utf8(output.stderr).expect("UTF-8")
    };
    insta::assert_snapshot!(told(), @r#"
    error[unknown-provider]: `api.toml` leads to a file that is no `.toml`
     --> my.toml:1:12
      |
    1 | provider = "api.toml"
      |            ^^^^^^^^^^

    1 mistake in my.toml; nothing was sent
    "#);
    fs::remove_file(&link).expect("removable");
    std::os::unix::fs::symlink(other.path().join("keys.toml"), &link).expect("a link");
    let told = told();
    assert!(!told.contains("canary"), "{told}");
    assert!(told.contains("\n1 | token = …\n"), "{told}");
}
