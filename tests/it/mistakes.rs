//! How mistakes look: exact texts, long lines, secrets.

use std::ops::Range;
use std::sync::Arc;

use contact_sync::mistake::{Mistake, Written};
use contact_sync::report::mistakes::{SECRET, render};
use contact_sync::report::screen::Paint;

fn written(text: &str) -> Arc<Written> {
    Arc::new(Written {
        name: "my.toml".to_owned(),
        text: text.to_owned(),
    })
}

fn place(file: &Written, what: &str) -> Range<usize> {
    let start = file.text.find(what).expect("it stands in the file");
    start..start + what.len()
}

fn plain(mistakes: &[Mistake]) -> String {
    render(mistakes, "nothing was sent", Paint::Plain)
}

#[test]
fn each_mistake_has_its_line_its_caret_and_its_way_out() {
    let file =
        written("provider = \"one\"\n\n[fields]\nfrstName = \"First Name\"\nemail = \"Emial\"\n");
    let mistakes = [
        Mistake::new(
            "unknown-field",
            &file,
            place(&file, "frstName"),
            "`frstName` is no field of this provider",
        )
        .help("did you mean `firstName`?"),
        Mistake::new(
            "unknown-column",
            &file,
            place(&file, "\"Emial\""),
            "the file has no column `Emial`",
        ),
    ];
    assert_eq!(
        plain(&mistakes),
        concat!(
            "error[unknown-field]: `frstName` is no field of this provider\n",
            " --> my.toml:4:1\n",
            "  |\n",
            "4 | frstName = \"First Name\"\n",
            "  | ^^^^^^^^\n",
            "  |\n",
            "  = help: did you mean `firstName`?\n",
            "\n",
            "error[unknown-column]: the file has no column `Emial`\n",
            " --> my.toml:5:9\n",
            "  |\n",
            "5 | email = \"Emial\"\n",
            "  |         ^^^^^^^\n",
            "\n",
            "2 mistakes in my.toml; nothing was sent\n",
        )
    );
}

#[test]
fn a_mistake_about_the_whole_file_has_no_line() {
    let file = written("a = 1\n");
    let mistakes =
        [Mistake::new("no-fields", &file, 0..0, "no field is mapped")
            .help("add a `[fields]` table")];
    assert_eq!(
        plain(&mistakes),
        concat!(
            "error[no-fields]: no field is mapped\n",
            "--> my.toml\n",
            " = help: add a `[fields]` table\n",
            "\n",
            "1 mistake in my.toml; nothing was sent\n",
        )
    );
}

#[test]
fn a_secret_is_shown_in_no_line_of_any_mistake() {
    let file = written("[account]\ntokn = \"sk-live-0123456789\" # mine\n");
    let mistakes = [
        Mistake::new(
            "unknown-key",
            &file,
            place(&file, "tokn"),
            "`tokn` is no key",
        ),
        Mistake::new(
            SECRET,
            &file,
            place(&file, "\"sk-live-0123456789\""),
            "a secret stands in the mapping",
        )
        .help("write `token = { env = \"TOKEN\" }`"),
    ];
    let text = plain(&mistakes);
    assert!(!text.contains("sk-live"), "{text}");
    assert_eq!(
        text,
        concat!(
            "error[unknown-key]: `tokn` is no key\n",
            " --> my.toml:2:1\n",
            "  |\n",
            "2 | tokn = … # mine\n",
            "  | ^^^^\n",
            "\n",
            "error[secret-in-mapping]: a secret stands in the mapping\n",
            " --> my.toml:2:8\n",
            "  |\n",
            "2 | tokn = … # mine\n",
            "  |        ^\n",
            "  |\n",
            "  = help: write `token = { env = \"TOKEN\" }`\n",
            "\n",
            "2 mistakes in my.toml; nothing was sent\n",
        )
    );
}

#[test]
fn a_secret_of_several_lines_is_not_shown_either() {
    let file = written("token = \"\"\"\nsk-live-1\nsk-live-2\"\"\"\n");
    let whole = place(&file, "\"\"\"\nsk-live-1\nsk-live-2\"\"\"");
    let mistakes = [
        Mistake::new(SECRET, &file, whole, "a secret"),
        Mistake::new(
            "other",
            &file,
            place(&file, "live-2"),
            "another thing there",
        ),
    ];
    let text = plain(&mistakes);
    assert!(!text.contains("live"), "{text}");
}

#[test]
fn an_endless_line_does_not_flood_the_screen() {
    let long = "x".repeat(1 << 20);
    let file = written(&format!("a = \"{long}\" # {long}"));
    for span in [
        0..1,
        4..long.len(),
        long.len() + 4..long.len() + 5,
        1..file.text.len(),
    ] {
        let text = plain(&[Mistake::new("too-long", &file, span, "too long")]);
        assert!(text.len() < 1_000, "{}", text.len());
        assert!(
            text.lines().all(|line| line.chars().count() < 140),
            "{text}"
        );
    }
    let mistake = Mistake::new("wrong-comment", &file, place(&file, "#"), "too long");
    assert_eq!(
        plain(&[mistake]),
        concat!(
            "error[wrong-comment]: too long\n",
            " --> my.toml:1:1048584\n",
            "  |\n",
            "1 | …xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\" # xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx…\n",
            "  |                                          ^\n",
            "\n",
            "1 mistake in my.toml; nothing was sent\n",
        )
    );
}

#[test]
fn no_place_however_odd_is_a_panic() {
    let file = written("שם = \"é\u{1b}[31m\u{202e}\"\r\n\r\n\tb = 2");
    let end = file.text.len();
    for start in 0..end + 3 {
        for stop in 0..end + 3 {
            let text = plain(&[Mistake::new("odd", &file, start..stop, "odd\u{1b}[2J")]);
            assert!(!text.contains('\u{1b}'), "{text}");
            assert!(!text.contains('\u{202e}'), "{text}");
        }
    }
}
