//! `summary.json`, the closing screen and the counts in both.

use std::time::Duration;

use contact_sync::contact::{Fate, Outcome, Row, Verdict};
use contact_sync::report::exit::Exit;
use contact_sync::report::summary::{Facts, Kind};
use contact_sync::report::tally::Tally;
use contact_sync::report::{Reports, Told, closing};
use proptest::prelude::*;
use tempfile::TempDir;

use super::{directory, facts, invalid, layout, read, row, somewhere};

fn told(kind: Kind, facts: &Facts, verdicts: &[(u64, Verdict)]) -> (TempDir, Told) {
    let place = somewhere();
    let mut reports = Reports::begin(directory(&place), layout(&["Name"])).expect("begun");
    let mut number = 0;
    for (count, verdict) in verdicts {
        for _ in 0..*count {
            number += 1;
            let row = row(number, number + 1, &["Ann"]);
            reports
                .hear(&row, &Outcome::unsent(&row, verdict.clone()))
                .expect("heard");
        }
    }
    assert_eq!(reports.tally().rows(), number);
    assert_eq!(facts.kind, kind);
    let told = reports.finish(facts).expect("finished");
    (place, told)
}

/// The screen with the run directory's own path taken out.
fn screen(place: &TempDir, told: &Told) -> String {
    told.screen
        .replace(&format!("{}/", place.path().display()), "")
}

#[test]
fn the_summary_has_exactly_its_keys_and_its_counts_add_up() {
    let verdicts = [
        (2, Verdict::plain(Fate::Updated)),
        (1, Verdict::plain(Fate::Skipped)),
        (3, invalid("bad-email", "no")),
    ];
    let mut stopped = facts(Kind::Sent, Exit::StoppedEarly);
    stopped.reason = "the provider's quota is spent until 00:00 UTC".to_owned();
    let (place, told) = told(Kind::Sent, &stopped, &verdicts);
    assert_eq!(
        told.summary.json(),
        concat!(
            r#"{"run":"run","started":"2026-11-03T22:00:00.000Z","finished":"2026-11-03T22:02:03.500Z","#,
            r#""provider":"example","account":"7","mapping":"my.toml","input":"people.csv","input_sha256":"00","read":{"encoding":null,"delimiter":null,"header_line":null,"rows":0,"columns_mapped":[],"columns_unmapped":[]},"#,
            r#""rows":6,"outcomes":{"updated":2,"created":0,"unchanged":0,"skipped":1,"invalid":3,"failed":0,"#,
            r#""unknown":0,"pending":0},"requests":1180,"retries":3,"throttled":1,"#,
            r#""rate":{"allowed":"100/10s","achieved":9.83},"exit":5,"#,
            r#""reason":"the provider's quota is spent until 00:00 UTC"}"#,
        )
    );
    let file: serde_json::Value =
        serde_json::from_str(&read(&place, "summary.json")).expect("JSON");
    assert_eq!(
        file,
        serde_json::from_str::<serde_json::Value>(&told.summary.json()).expect("JSON")
    );
}

#[test]
fn a_dry_summary_says_valid_where_a_real_one_says_updated_and_created() {
    let dry = facts(Kind::Dry, Exit::Fine);
    let (_place, told) = told(Kind::Dry, &dry, &[(2, Verdict::plain(Fate::Valid))]);
    let json: serde_json::Value = serde_json::from_str(&told.summary.json()).expect("JSON");
    let words: Vec<&String> = json["outcomes"]
        .as_object()
        .expect("an object")
        .keys()
        .collect();
    assert_eq!(
        words,
        [
            "valid",
            "unchanged",
            "skipped",
            "invalid",
            "failed",
            "unknown",
            "pending"
        ]
    );
}

#[test]
fn the_screen_after_a_run_with_problems() {
    let verdicts = [
        (1_150, Verdict::plain(Fate::Updated)),
        (40, Verdict::plain(Fate::Unchanged)),
        (
            12,
            invalid(
                "bad-email",
                "`ann@` is no e-mail address; mend the cell in column `Email` of the file",
            ),
        ),
        (
            1,
            Verdict::because(Fate::Failed, "not-found", "no contact has this id"),
        ),
        (1, Verdict::because(Fate::Unknown, "", "")),
    ];
    let run = facts(Kind::Sent, Exit::RowsNeedAPerson);
    let (place, told) = told(Kind::Sent, &run, &verdicts);
    assert_eq!(
        screen(&place, &told),
        concat!(
            "Done, but 14 of 1,204 rows need a person.\n",
            "\n",
            "  updated    1,150\n",
            "  unchanged     40\n",
            "  invalid       12  refused here, not sent\n",
            "  failed         1  the provider said no\n",
            "  unknown        1  sent, but no answer tells what became of it\n",
            "  rows       1,204\n",
            "\n",
            "1,180 requests in 2 min 3 s, 9.8 a second (allowed: 100/10s).\n",
            "Sent again: 3; told to slow down: once.\n",
            "\n",
            "What went wrong:\n",
            "  12  bad-email, first on lines 1192, 1193, 1194: `ann@` is no e-mail address; …\n",
            "   1  not-found, on line 1204: no contact has this id\n",
            "   1  unknown, on line 1205\n",
            "\n",
            "Reports in run:\n",
            "  results.csv (every row), errors.csv (rows to mend), summary.json\n",
            "\n",
            "Unknown rows may have arrived: look at them in the account before sending again.\n",
            "Next: mend the rows in errors.csv, then\n",
            "  contact-sync run run/errors.csv -m my.toml\n",
        )
    );
}

#[test]
fn the_screen_after_a_run_without_problems() {
    let run = facts(Kind::Sent, Exit::Fine);
    let (place, told) = told(Kind::Sent, &run, &[(1, Verdict::plain(Fate::Updated))]);
    assert_eq!(
        screen(&place, &told),
        concat!(
            "Done: all is well with 1 row.\n",
            "\n",
            "  updated    1\n",
            "  rows       1\n",
            "\n",
            "1,180 requests in 2 min 3 s, 9.8 a second (allowed: 100/10s).\n",
            "Sent again: 3; told to slow down: once.\n",
            "\n",
            "Reports in run:\n",
            "  results.csv (every row), summary.json\n",
            "\n",
            "Next: nothing; there is nothing left to do.\n",
        )
    );
}

#[test]
fn the_screen_after_a_stop() {
    let mut run = facts(Kind::Sent, Exit::StoppedEarly);
    run.reason =
        "the account's quota of 200,000 requests a day is spent; go on after 2026-11-04 00:00 UTC"
            .to_owned();
    let verdicts = [
        (3, Verdict::plain(Fate::Updated)),
        (2, Verdict::plain(Fate::Pending)),
    ];
    let (place, told) = told(Kind::Sent, &run, &verdicts);
    assert_eq!(
        screen(&place, &told),
        concat!(
            "Stopped early: the account's quota of 200,000 requests a day is spent; go on\n",
            "after 2026-11-04 00:00 UTC\n",
            "\n",
            "  updated    3\n",
            "  pending    2  not tried yet\n",
            "  rows       5\n",
            "\n",
            "1,180 requests in 2 min 3 s, 9.8 a second (allowed: 100/10s).\n",
            "Sent again: 3; told to slow down: once.\n",
            "\n",
            "Reports in run:\n",
            "  results.csv (every row), summary.json\n",
            "\n",
            "Next: run the same command again, after the time named.\n",
        )
    );
}

#[test]
fn the_screen_after_a_dry_run() {
    let mut run = facts(Kind::Dry, Exit::RowsNeedAPerson);
    (run.requests, run.retries, run.throttled, run.mapping) =
        (0, 0, 0, "my maps/it's.toml".to_owned());
    run.took = Duration::from_millis(412);
    run.options = vec!["--sandbox".to_owned()];
    let verdicts = [
        (1, Verdict::plain(Fate::Valid)),
        (1, invalid("bad-phone", "too short")),
    ];
    let (place, told) = told(Kind::Dry, &run, &verdicts);
    assert_eq!(
        screen(&place, &told),
        concat!(
            "Dry run: 1 of 2 rows needs a person. Nothing was sent.\n",
            "\n",
            "  valid      1\n",
            "  invalid    1  refused here, not sent\n",
            "  rows       2\n",
            "\n",
            "No request was sent. It took 412 ms.\n",
            "\n",
            "What went wrong:\n",
            "  1  bad-phone, on line 3: too short\n",
            "\n",
            "Reports in run:\n",
            "  results.csv (every row), errors.csv (rows to mend), summary.json\n",
            "\n",
            "Next: mend the rows in errors.csv, then\n",
            "  contact-sync run run/errors.csv -m 'my maps/it'\\''s.toml' --dry-run --sandbox\n",
        )
    );
}

#[test]
fn the_screen_is_never_longer_than_one_screen() {
    let mut verdicts: Vec<(u64, Verdict)> =
        Fate::ALL.map(|fate| (1, Verdict::plain(fate))).to_vec();
    for code in ["a", "b", "c", "d", "e", "f", "g", "h", "i", "j"] {
        verdicts.push((2, invalid(code, &"long ".repeat(100))));
    }
    for exit in Exit::ALL {
        let mut run = facts(Kind::Sent, exit);
        run.reason = "because ".repeat(80);
        let (_place, told) = told(Kind::Sent, &run, &verdicts);
        let lines: Vec<&str> = told.screen.lines().collect();
        assert!(lines.len() <= closing::LINES, "{}", told.screen);
        for line in lines {
            let long = line.chars().count() > closing::COLUMNS;
            assert!(!long || line.contains("/run"), "{line}");
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn counts_always_add_up(fates in prop::collection::vec((0..9_usize, 0..12_u8), 0..200)) {
        let codes = ["a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "k", ""];
        let mut tally = Tally::default();
        for (fate, code) in &fates {
            let verdict = Verdict::because(Fate::ALL[*fate], codes[usize::from(*code)], "no");
            tally.hear(&Outcome::unsent(&Row::at(1, 2), verdict));
        }
        let all: u64 = Fate::ALL.iter().map(|fate| tally.count(*fate)).sum();
        prop_assert_eq!(all, fates.len() as u64);
        prop_assert_eq!(tally.rows(), all);
        let grouped: u64 = tally.problems().iter().map(|problem| problem.rows).sum();
        prop_assert_eq!(grouped + tally.other_problems(), tally.for_a_person());
        prop_assert!(tally.problems().len() <= 24);
    }
}
