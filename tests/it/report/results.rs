//! `results.csv`, and text from outside that must do no harm there.

use std::time::Duration;

use contact_sync::contact::{Fate, Outcome, Verdict};
use contact_sync::report::exit::Exit;
use contact_sync::report::summary::Kind;
use contact_sync::report::{Reports, harmless};
use proptest::prelude::*;

use super::{directory, facts, invalid, layout, read, row, somewhere};

#[test]
fn results_hold_every_row_with_what_became_of_it() {
    let place = somewhere();
    let mut reports = Reports::begin(directory(&place), layout(&["Name"])).expect("begun");
    let ann = row(1, 2, &["Ann"]);
    let sent = Outcome {
        verdict: Verdict {
            http_status: Some(200),
            contact_id: "c1".to_owned(),
            request_id: "r-9".to_owned(),
            ..Verdict::plain(Fate::Updated)
        },
        attempts: 2,
        duration: Duration::from_millis(1_234),
        ..Outcome::unsent(&ann, Verdict::plain(Fate::Updated))
    };
    reports.hear(&ann, &sent).expect("heard");
    let bob = row(2, 3, &["=Bob"]);
    let verdict =
        invalid("bad-email", "=cmd|' /C calc'!A0, \u{202e}she said \"no\"\n").about("@Mail");
    reports
        .hear(&bob, &Outcome::unsent(&bob, verdict))
        .expect("heard");
    reports
        .finish(&facts(Kind::Sent, Exit::RowsNeedAPerson))
        .expect("finished");
    assert_eq!(
        read(&place, "results.csv"),
        concat!(
            "row,line,contact_id,outcome,http_status,attempts,duration_ms,code,field,message,request_id\n",
            "1,2,c1,updated,200,2,1234,,,,r-9\n",
            "2,3,,invalid,,0,0,bad-email,'@Mail,\"'=cmd|' /C calc'!A0, \\u{202e}she said \"\"no\"\"\\n\",\n",
        )
    );
}

#[test]
fn more_results_than_are_written_at_a_time_are_all_there_once() {
    let place = somewhere();
    let mut reports = Reports::begin(directory(&place), layout(&["Name"])).expect("begun");
    for number in 1..=20_000 {
        let ann = row(number, number + 1, &["Ann"]);
        let outcome = Outcome::unsent(&ann, Verdict::plain(Fate::Valid));
        reports.hear(&ann, &outcome).expect("heard");
    }
    let end = facts(Kind::Sent, Exit::Fine);
    reports.finish(&end).expect("finished");
    let written = read(&place, "results.csv");
    let (_, written) = written.split_once('\n').expect("a header");
    let lines = (1..=20_000).map(|number| format!("{number},{},,valid,,0,0,,,,\n", number + 1));
    assert!(lines.collect::<String>() == written);
}

#[test]
fn foreign_text_is_cut_to_300_characters_between_characters() {
    let just = "é".repeat(300);
    assert_eq!(harmless::cell(&just), just);
    let over = "é".repeat(301);
    assert_eq!(harmless::cell(&over), format!("{}…", "é".repeat(299)));
    let escapes = format!("{}\u{7}\u{7}", "a".repeat(296));
    assert_eq!(harmless::cell(&escapes), format!("{}…", "a".repeat(296)));
    assert_eq!(harmless::cell("\t=1"), "'\\t=1");
    assert_eq!(harmless::cell("שלום, Zoë"), "שלום, Zoë");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn no_foreign_text_can_do_harm(
        lead in "[=+\\-@\t\r\n ＝]?",
        text in prop_oneof![any::<String>(), "[a-z\u{0}-\u{20}\u{200b}-\u{202e}=@é\u{7f}-\u{9f}]{0,700}"],
    ) {
        let text = lead + &text;
        let cell = harmless::cell(&text);
        prop_assert!(cell.chars().count() <= 300);
        prop_assert!(!cell.starts_with(['=', '+', '-', '@', '\t', '\r']));
        let unseen = ['\u{200b}'..='\u{200f}', '\u{202a}'..='\u{202e}', '\u{2066}'..='\u{2069}'];
        let seen = |c: char| !c.is_control() && !unseen.iter().any(|range| range.contains(&c));
        prop_assert!(cell.chars().all(seen));
        prop_assert_eq!(cell.is_empty(), text.is_empty());
    }
}
