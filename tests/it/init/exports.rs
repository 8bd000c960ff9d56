//! The usual exports, at every provider, with English and with Hebrew headers.

use std::fs;
use std::sync::Arc;

use contact_sync::contact::Contact;
use contact_sync::mapping::apply::Applied;
use contact_sync::mapping::check::check;
use contact_sync::mapping::reading::read;
use contact_sync::mistake::Written;
use contact_sync::proposal::survey::Survey;

use super::people::{Column, EXPORTS};
use super::{csv, lines, program, proposed, said, survey, written};
use crate::providers::{PROVIDERS, api};

/// Which field of a provider is about what, by hand; `full` stands only where first and last name have no fields.
fn fields(provider: &str) -> &'static [(&'static str, &'static str)] {
    match provider {
        "highlevel" => &[
            ("first", "firstName"),
            ("last", "lastName"),
            ("email", "email"),
            ("phone", "phone"),
            ("street", "address1"),
            ("city", "city"),
            ("state", "state"),
            ("zip", "postalCode"),
            ("country", "country"),
            ("website", "website"),
            ("zone", "timezone"),
            ("source", "source"),
            ("birthday", "dateOfBirth"),
            ("tags", "tags"),
            ("dnd", "dnd"),
        ],
        "99digital" => &[
            ("full", "name"),
            ("email", "email"),
            ("phone", "phone_number"),
            ("external", "identifier"),
            ("city", "additional_attributes.city"),
            ("country", "additional_attributes.country"),
            ("code", "additional_attributes.country_code"),
            ("company", "additional_attributes.company_name"),
            ("photo", "avatar_url"),
            ("tags", "tags"),
        ],
        "zingle" => &[("star", "is_starred"), ("tags", "tags")],
        "insighto" => &[
            ("first", "first_name"),
            ("last", "last_name"),
            ("email", "email"),
            ("phone", "channels.telephone"),
            ("seen", "last_seen"),
        ],
        "acquire" => &[
            ("full", "name"),
            ("email", "email"),
            ("phone", "phone"),
            ("city", "city"),
            ("state", "state"),
        ],
        other => panic!("no table for {other}"),
    }
}

/// The provider's own ids, which most exports lack.
fn ids(provider: &str) -> (&'static str, [&'static str; 5]) {
    match provider {
        "highlevel" => (
            "HighLevel ID",
            [
                "aaAAaaAAaaAAaaAAaa01",
                "aaAAaaAAaaAAaaAAaa02",
                "aaAAaaAAaaAAaaAAaa03",
                "aaAAaaAAaaAAaaAAaa04",
                "aaAAaaAAaaAAaaAAaa05",
            ],
        ),
        "99digital" => ("99digital ID", ["11", "12", "13", "14", "15"]),
        "acquire" => ("Acquire ID", ["11", "12", "13", "14", "15"]),
        own => (
            if own == "zingle" {
                "Zingle UUID"
            } else {
                "Insighto UUID"
            },
            [
                "6cad4a26-8d11-4ece-9738-f7d93d9c1724",
                "1e27a1c0-8a6a-43ec-a4ed-e6a46b4cb242",
                "c6f87718-6d76-407e-881e-d162ae2eb154",
                "faecbd38-9be4-4cfc-89b6-4a0872e6cc3a",
                "98289fcd-59a5-4a7b-b1fe-e08f57124242",
            ],
        ),
    }
}

/// An export with the provider's ids, and for the one that has no fields of its own for people, a mark that it has.
fn table(
    provider: &str,
    export: &[Column],
    hebrew: bool,
) -> (Vec<&'static str>, Vec<Vec<&'static str>>) {
    let (id, ids) = ids(provider);
    let mut header: Vec<&str> = export
        .iter()
        .map(|(english, own, ..)| if hebrew { own } else { english })
        .copied()
        .collect();
    header.extend([id, "VIP"]);
    let rows = (0..5)
        .map(|at| {
            let mut row: Vec<&str> = export.iter().map(|(.., cells)| cells[at]).collect();
            row.extend([ids[at], if at == 2 { "yes" } else { "no" }]);
            row
        })
        .collect();
    (header, rows)
}

/// What should be proposed: the field, and what fills it.
fn wanted(provider: &str, export: &[Column], header: &[&str]) -> Vec<(String, String)> {
    let place = |meaning: &str| export.iter().position(|(_, _, own, _)| *own == meaning);
    let mut wanted = Vec::new();
    for (meaning, field) in fields(provider) {
        let own = match *meaning {
            // Two letters are better than a name where the field takes only two letters.
            "country" if provider == "highlevel" => place("code").or_else(|| place("country")),
            meaning => place(meaning),
        };
        let from = match (*meaning, own) {
            ("star", _) => Some("VIP".to_owned()),
            (_, Some(at)) => match (*meaning, provider, export[at].3) {
                // Two letters go where two letters belong.
                ("country", "99digital", ["IL", ..]) => continue,
                _ => Some(header[at].to_owned()),
            },
            ("full", None) => match (place("first"), place("last")) {
                (Some(first), Some(last)) => {
                    Some(format!("{{{}}} {{{}}}", header[first], header[last]))
                }
                _ => None,
            },
            ("code", None) => place("country")
                .filter(|at| export[*at].3[0] == "IL")
                .map(|at| header[at].to_owned()),
            _ => None,
        };
        wanted.extend(from.map(|from| ((*field).to_owned(), from)));
    }
    // Where a file has only whole names, a provider that has a field for them gets them.
    if provider == "highlevel" && place("first").is_none() {
        wanted.extend(place("full").map(|at| ("name".to_owned(), header[at].to_owned())));
    }
    wanted
}

fn found_right(hebrew: bool) {
    let (mut all, mut wrong) = (0, Vec::new());
    for provider in PROVIDERS {
        for (name, export) in EXPORTS {
            let (header, rows) = table(provider, export, hebrew);
            let survey = survey(&header, &rows);
            let proposal = proposed(provider, &survey);
            holds(provider, &proposal.text, &survey);
            let mapping = written(&proposal.text);
            let found = lines(&mapping);
            let wanted = wanted(provider, export, &header);
            let (id, _) = ids(provider);
            assert!(
                proposal.text.contains(&format!("\nid = \"{id}\"")),
                "{provider} {name}\n{}",
                proposal.text
            );
            let missed: Vec<_> = wanted
                .iter()
                .filter(|(field, from)| found.get(field) != Some(from))
                .collect();
            let more: Vec<_> = found
                .iter()
                .filter(|(field, _)| !wanted.iter().any(|(own, _)| own == *field))
                .collect();
            all += wanted.len();
            assert!(
                missed.len() * 10 <= wanted.len(),
                "{provider} {name}: missed {missed:#?}\nbeyond {more:#?}\n{}",
                proposal.text
            );
            assert!(
                more.is_empty(),
                "{provider} {name}: beyond {more:#?}\n{}",
                proposal.text
            );
            wrong.extend(
                missed
                    .into_iter()
                    .map(|line| format!("{provider} {name} {line:?}")),
            );
            // Every column is somewhere: used, or left out with a reason.
            assert_eq!(
                proposal.mapped.len() + proposal.left_out.len(),
                header.len(),
                "{provider} {name}\n{}",
                proposal.text
            );
            assert!(proposal.left_out.iter().all(|(_, why)| !why.is_empty()));
        }
    }
    assert!(wrong.is_empty(), "of {all}: {wrong:#?}");
}

#[test]
fn english_headers_find_their_fields() {
    found_right(false);
}

#[test]
fn hebrew_headers_find_their_fields() {
    found_right(true);
}

/// A proposal as a run would use it: checked, bound to the file, every row mapped.
fn holds(provider: &str, text: &str, survey: &Survey) {
    let file = Arc::new(Written {
        name: "my.toml".to_owned(),
        text: text.to_owned(),
    });
    let (written, mistakes) = read(&file);
    assert!(mistakes.is_empty(), "{mistakes:#?}");
    let api = api(provider);
    let checked =
        check(&written, &file, &api, None).unwrap_or_else(|found| panic!("{found:#?}\n{text}"));
    let bound = checked
        .mapping
        .bind(survey.header(), "people.csv", &file)
        .unwrap_or_else(|found| panic!("{found:#?}\n{text}"));
    let mut contact = Contact::default();
    for row in survey.rows() {
        let applied = bound.apply(row, &mut contact);
        assert_eq!(applied, Applied::Ready, "{provider}\n{text}");
    }
}

/// Each export once through the real program, at each provider in turn: what it wrote, unedited, passes a dry run.
#[test]
fn the_proposal_passes_a_dry_run_unedited() {
    for (at, (name, export)) in EXPORTS.into_iter().enumerate() {
        let provider = PROVIDERS[at % PROVIDERS.len()];
        let folder = tempfile::tempdir().expect("a folder");
        let (header, rows) = table(provider, export, at % 2 == 1);
        let mut text = csv(&header);
        rows.iter().for_each(|row| text.push_str(&csv(row)));
        fs::write(folder.path().join("people.csv"), text).expect("a file");
        let init = [
            "init",
            "people.csv",
            "--provider",
            provider,
            "-o",
            "my.toml",
        ];
        let (code, _, err) = said(&program(folder.path(), &init));
        assert_eq!(code, 0, "{provider} {name}: {err}");
        let run = [
            "run",
            "people.csv",
            "-m",
            "my.toml",
            "--dry-run",
            "--out",
            "out",
        ];
        let (code, out, err) = said(&program(folder.path(), &run));
        let mapping = fs::read_to_string(folder.path().join("my.toml")).expect("the mapping");
        assert_eq!(code, 0, "{provider} {name}: {out}\n{err}\n{mapping}");
    }
}
