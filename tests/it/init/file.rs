//! The file that `init` writes: never over another one, never anything but TOML that the program itself reads.

use std::fs;

use proptest::prelude::*;

use super::{csv, program, proposed, said, survey, written};
use crate::providers::PROVIDERS;

const PEOPLE: &str = "HighLevel ID,First Name,Email\na1,Dana,dana@example.com\n";

#[test]
fn a_file_that_is_there_is_never_overwritten() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = |name: &str| folder.path().join(name);
    fs::write(path("people.csv"), PEOPLE).expect("a file");
    fs::write(path("my.toml"), "mine").expect("a file");
    std::os::unix::fs::symlink("nowhere.toml", path("link.toml")).expect("a link");
    for name in ["my.toml", "link.toml"] {
        let (code, out, err) = said(&program(
            folder.path(),
            &["init", "people.csv", "--provider", "highlevel", "-o", name],
        ));
        assert_eq!((code, out.as_str()), (3, ""), "{err}");
        assert_eq!(
            err,
            format!(
                "error: `{name}` is there already, and no mapping is ever overwritten; name another file with `-o`\n"
            )
        );
    }
    assert_eq!(
        fs::read_to_string(path("my.toml")).expect("it is there"),
        "mine"
    );
    assert!(!path("nowhere.toml").exists());
}

#[test]
fn the_proposal_goes_to_standard_output_and_the_news_to_standard_error() {
    let folder = tempfile::tempdir().expect("a folder");
    fs::write(folder.path().join("people.csv"), PEOPLE).expect("a file");
    let (code, out, err) = said(&program(
        folder.path(),
        &["init", "people.csv", "--provider", "highlevel"],
    ));
    assert_eq!(code, 0, "{err}");
    assert!(out.contains("\nfirstName = \"First Name\""), "{out}");
    assert_eq!(written(&out).fields.len(), 2);
    assert_eq!(
        err,
        "3 of 3 columns mapped\nnext: save it, such as in my.toml, then contact-sync run people.csv -m my.toml --dry-run\n"
    );
    let (code, out, err) = said(&program(
        folder.path(),
        &[
            "init",
            "people.csv",
            "-p",
            "leadconnector",
            "-o",
            "it's mine.toml",
        ],
    ));
    assert_eq!((code, out.as_str()), (0, ""), "{err}");
    assert!(
        err.ends_with("next: contact-sync run people.csv -m 'it'\\''s mine.toml' --dry-run\n"),
        "{err}"
    );
    let text = fs::read_to_string(folder.path().join("it's mine.toml")).expect("the mapping");
    assert!(
        text.contains("provider = \"leadconnector\"") && text.contains("LEADCONNECTOR_TOKEN"),
        "{text}"
    );
}

#[test]
fn what_cannot_be_used_is_told_and_writes_nothing() {
    let folder = tempfile::tempdir().expect("a folder");
    fs::write(folder.path().join("people.csv"), PEOPLE).expect("a file");
    fs::write(folder.path().join("empty.csv"), "First Name\n").expect("a file");
    let notes = "Notes:\n\"When exporting, some addresses are missing.\"\n\nFirst Name,Last Name,URL,Email Address,Company\nDana,Levi,,,\n";
    fs::write(folder.path().join("notes.csv"), notes).expect("a file");
    for (words, code, tells) in [
        (
            ["init", "people.csv", "--provider", "nobody"],
            3,
            "no provider `nobody`",
        ),
        (
            ["init", "gone.csv", "--provider", "highlevel"],
            4,
            "there is no such file",
        ),
        (
            ["init", "empty.csv", "--provider", "highlevel"],
            4,
            "no rows",
        ),
        (
            ["init", "notes.csv", "--provider", "highlevel"],
            4,
            "line 4 looks like the header: `First Name`, `Last Name`",
        ),
    ] {
        let words = [&words[..], &["-o", "new.toml"]].concat();
        let (got, _, err) = said(&program(folder.path(), &words));
        assert_eq!(got, code, "{err}");
        assert!(err.contains(tells), "{err}");
        assert!(!folder.path().join("new.toml").exists());
    }
}

#[test]
fn a_provider_of_ones_own_is_named_so_that_the_mapping_finds_it() {
    let folder = tempfile::tempdir().expect("a folder");
    let sixth = fs::read_to_string(crate::providers::checkout().join("mappings/acquire/api.toml"))
        .expect("a provider");
    fs::write(
        folder.path().join("sixth.toml"),
        sixth.replace("Acquire", "Sixth"),
    )
    .expect("a file");
    fs::write(
        folder.path().join("people.csv"),
        csv(&["Sixth ID", "Name"]) + &csv(&["7", "Dana"]),
    )
    .expect("a file");
    fs::create_dir(folder.path().join("deep")).expect("a folder");
    for mapping in ["my.toml", "deep/my.toml"] {
        let (code, _, err) = said(&program(
            folder.path(),
            &["init", "people.csv", "-p", "sixth.toml", "-o", mapping],
        ));
        assert_eq!(code, 0, "{err}");
        let (code, _, err) = said(&program(
            folder.path(),
            &["run", "people.csv", "-m", mapping, "--dry-run"],
        ));
        assert_eq!(code, 0, "{err}");
        let text = fs::read_to_string(folder.path().join(mapping)).expect("the mapping");
        assert!(text.contains("{ env = \"SIXTH_TOKEN\" }"), "{text}");
    }
}

#[test]
fn what_is_proposed_is_taken_by_the_dry_run_that_is_named_next_or_said_to_be_refused() {
    let folder = tempfile::tempdir().expect("a folder");
    let person = [
        ("Email", "dana@example.com"),
        ("Phone", "+972523456781"),
        ("Full name", "Dana Levi"),
        ("Tags", "vip"),
        ("Contact Id", "12"),
        ("Colour", "red"),
    ];
    let mut refused = 0;
    for provider in PROVIDERS {
        for some in 1_u32..1 << person.len() {
            // One or two columns, or all: what is in between has more to go by.
            if some.count_ones() > 2 && some.count_ones() < 6 {
                continue;
            }
            let own = || (0..person.len()).filter(|at| some & (1 << at) != 0);
            let header: Vec<&str> = own().map(|at| person[at].0).collect();
            let cells: Vec<&str> = own().map(|at| person[at].1).collect();
            let text = csv(&header) + &csv(&cells);
            fs::write(folder.path().join("people.csv"), text).expect("a file");
            let _ = fs::remove_file(folder.path().join("my.toml"));
            let words = ["init", "people.csv", "-p", provider, "-o", "my.toml"];
            let (code, _, told) = said(&program(folder.path(), &words));
            assert_eq!(code, 0, "{told}");
            let words = ["run", "people.csv", "-m", "my.toml", "--dry-run"];
            let (code, _, err) = said(&program(folder.path(), &words));
            let warned = told.contains("\nnext: mend it, for a run refuses it as it is (");
            refused += u32::from(warned);
            match warned {
                true => assert_eq!(code, 3, "{provider} {header:?}: {told}{err}"),
                // A made-up id may be none of this provider's, which is said of the row.
                false => assert!([0, 1].contains(&code), "{provider} {header:?}: {told}{err}"),
            }
            let _ = fs::remove_dir_all(folder.path().join("runs"));
        }
    }
    assert!(refused > 0, "a colour alone says nothing about anybody");
}

#[test]
fn what_a_proposal_lacks_is_said_in_the_words_of_the_run_that_would_refuse_it() {
    let folder = tempfile::tempdir().expect("a folder");
    let text = csv(&["Email", "Colour"]) + &csv(&["dana@example.com", "red"]);
    fs::write(folder.path().join("people.csv"), text).expect("a file");
    let words = ["init", "people.csv", "-p", "zingle"];
    let (code, out, err) = said(&program(folder.path(), &words));
    assert_eq!(code, 0, "{err}");
    let expected = r#"1 of 2 columns mapped
still missing:
  - `service_id` in [account]: the UUID of the service, as it stands in the address bar
  - no field: nothing of the file goes into a field that is known here
look at first:
  - contacts are looked for by email, so what is wrong there finds somebody else
left out: `Colour`; the reasons stand at the file's end
next: save it, such as in my.toml, mend it, for a run refuses it as it is (no field is mapped), then contact-sync run people.csv -m my.toml --dry-run
"#;
    assert_eq!(err, expected);
    let note = "\n# No field: nothing of the file goes into a field that is known here. Without a line under [fields], ";
    assert!(out.contains(note), "{out}");
    let words = ["init", "people.csv", "-p", "zingle", "-o", "my.toml"];
    let (_, _, err) = said(&program(folder.path(), &words));
    let next = "\nnext: mend it, for a run refuses it as it is (no field is mapped), then contact-sync run people.csv -m my.toml --dry-run\n";
    assert!(err.ends_with(next), "{err}");
}

/// Headers that are hard to write down, among the usual ones.
fn header() -> impl Strategy<Value = Vec<String>> {
    let usual = prop::sample::select(vec![
        "First Name",
        "Last Name",
        "Name",
        "Email",
        "Phone",
        "Street",
        "House",
        "City",
        "Country",
        "Birthday",
        "Tags",
        "DND",
        "Contact Id",
        "Identifier",
        "Starred",
        "Last Seen",
        "Website",
        "Time Zone",
        "Avatar",
        "Notes",
    ]);
    let around = prop::sample::select(vec![
        "", " ", "\"", "\\", "\n", "\r\n", "#", "'''", "{", "}", "\u{202e}", "\u{85}", "\u{0}",
        "\u{7f}", "]", "=",
    ]);
    let name = prop_oneof![
        3 => usual.clone().prop_map(str::to_owned),
        2 => (around.clone(), usual, around).prop_map(|(before, name, after)| format!("{before}{name}{after}")),
        1 => any::<String>(),
    ];
    prop::collection::vec(name, 1..12)
}

fn cell() -> impl Strategy<Value = String> {
    let usual = prop::sample::select(vec![
        "",
        "a@example.com",
        "+972523456781",
        "052-345-6781",
        "04/07/1988",
        "21/11/1990",
        "yes",
        "no",
        "IL",
        "Israel",
        "a;b",
        "\"\n#",
        "7",
        "6cad4a26-8d11-4ece-9738-f7d93d9c1724",
        "2026-01-12T08:30:00Z",
        "https://example.com",
        "Europe/Berlin",
        "}}{{",
    ]);
    prop_oneof![4 => usual.prop_map(str::to_owned), 1 => any::<String>()]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 128, ..ProptestConfig::default() })]

    /// Whatever stands in a file, the proposal is a mapping that the program reads, and every column is accounted for.
    #[test]
    fn any_file_gives_a_mapping_that_is_read(header in header(), cells in prop::collection::vec(cell(), 0..48), provider in 0..PROVIDERS.len()) {
        let names: Vec<&str> = header.iter().map(String::as_str).collect();
        let rows: Vec<Vec<&str>> = cells.chunks(names.len()).map(|row| row.iter().map(String::as_str).collect()).collect();
        let proposal = proposed(PROVIDERS[provider], &survey(&names, &rows));
        let mapping = written(&proposal.text);
        prop_assert_eq!(mapping.provider.map(|own| own.value), Some(PROVIDERS[provider].to_owned()));
        // One that people are found by may stand among the fields as well.
        prop_assert!(proposal.mapped.len() + proposal.left_out.len() >= names.len());
        // Nothing that stands behind a `#` gets out of its comment: every line is one of ours.
        for line in proposal.text.lines() {
            let ours = line.is_empty() || line.starts_with(['#', '[']) || line.contains(" = ");
            prop_assert!(ours, "{}", line);
        }
    }
}
