//! Rows that give way to a later one about their contact, which the account has already: an older value never stands in
//! place of a newer one, and nothing is lost that no later row says.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use super::harness::QUICK;
use super::nights::{Nights, rows};
use super::server::{answer, taken};

/// A server that refuses what holds a word, until it is told to take it.
fn refusing(word: &'static str) -> (Nights, Arc<AtomicBool>) {
    let mended = Arc::new(AtomicBool::new(false));
    let seen = Arc::clone(&mended);
    let nights = Nights::with(move |request| {
        match request.body.contains(word) && !seen.load(Ordering::SeqCst) {
            true => answer(422, r#"{"message":"no"}"#).into(),
            false => taken(),
        }
    });
    (nights, mended)
}

#[test]
fn an_earlier_row_that_failed_gives_way_to_the_later_one_that_was_accepted() {
    let (nights, mended) = refusing("first");
    let file = rows(&[("1", "first"), ("2", "B"), ("1", "second")]);
    let (done, _) = nights.night(QUICK, &file);
    done.code(1).row(1, "failed", "refused");
    mended.store(true, Ordering::SeqCst);
    let (done, sent) = nights.night(QUICK, &file);
    done.code(0).row(1, "skipped", "superseded");
    assert!(sent.is_empty());
    // Who wants it all the same has it sent, and the later one after it.
    let (done, sent) = nights.night_of(nights.run(QUICK, &file).args(["--force"]));
    done.code(0).all("updated");
    assert_eq!(sent, ["1", "1", "2"]);
    let last = nights.server.requests().pop().expect("a request");
    assert!(!last.body.contains("first"));
}

#[test]
fn an_earlier_row_that_says_more_than_the_later_ones_is_sent_again_before_them() {
    let (nights, mended) = refusing("first");
    // The second row has no name, so that it does not say what the first one says.
    let file = "Id,Name,Email\n1,first,a@example.org\n1,,b@example.org\n";
    nights.night(QUICK, file).0.code(1);
    mended.store(true, Ordering::SeqCst);
    let (done, sent) = nights.night(QUICK, file);
    done.code(0).all("updated");
    assert_eq!(sent, ["1", "1"]);
    assert!(nights.server.requests()[3].body.contains("b@example.org"));
    assert_eq!(nights.night(QUICK, file).1.len(), 0);
}

#[test]
fn a_later_row_that_says_nothing_or_was_not_accepted_takes_nothing_away() {
    let nights = Nights::with(|_| taken());
    let two = |first: &str, second: &str| format!("Id,Name,Email\n{first}\n{second}\n");
    nights
        .night(QUICK, &two("1,A,a@example.org", "1,,b@example.org"))
        .0
        .code(0);
    let (done, sent) = nights.night(QUICK, &two("1,B,a@example.org", "1,,"));
    done.code(0).row(1, "updated", "");
    assert_eq!(sent, ["1"]);
    // Both are refused: neither of them is there.
    let (nights, mended) = refusing("no");
    let file = rows(&[("1", "no first"), ("1", "no second")]);
    nights.night(QUICK, &file).0.code(1).all("failed");
    nights.night(QUICK, &file).0.code(1).all("failed");
    mended.store(true, Ordering::SeqCst);
    let (done, sent) = nights.night(QUICK, &file);
    done.code(0).all("updated");
    assert_eq!(sent, ["1", "1"]);
}

#[test]
fn an_older_row_that_a_person_mended_is_left_to_them_again() {
    let (nights, mended) = refusing("first");
    let file = rows(&[("1", "first"), ("2", "first too"), ("1", "second")]);
    let (done, _) = nights.night(QUICK, &file);
    done.code(1);
    mended.store(true, Ordering::SeqCst);
    let left = done.report("errors.csv").expect("a report");
    let (done, sent) = nights.night(QUICK, &left);
    done.code(1)
        .row(1, "invalid", "older-row")
        .row(2, "updated", "");
    assert_eq!(sent, ["2"]);
    let left = done.report("errors.csv").expect("a report");
    let (done, sent) = nights.night_of(nights.run(QUICK, &left).args(["--force"]));
    done.code(0).all("updated");
    assert_eq!(sent, ["1"]);
}

#[test]
fn the_newest_row_that_a_person_mended_is_sent() {
    for before in [1, 2, 3] {
        let (nights, mended) = refusing("newest");
        let names = ["a", "b", "c"];
        let mut file: Vec<(&str, &str)> = names[..before].iter().map(|name| ("1", *name)).collect();
        file.push(("1", "newest"));
        file.push(("2", "newest too"));
        let (done, _) = nights.night(QUICK, &rows(&file));
        done.code(1);
        mended.store(true, Ordering::SeqCst);
        let left = done.report("errors.csv").expect("a report");
        let (done, sent) = nights.night(QUICK, &left);
        done.code(0).all("updated");
        assert_eq!(sent, ["1", "2"]);
        let (done, sent) = nights.night(QUICK, &left);
        done.code(0).all("unchanged");
        assert!(sent.is_empty());
        // It has its own place: the whole file has nothing new to say.
        let (done, sent) = nights.night(QUICK, &rows(&file));
        done.code(0).all("unchanged");
        assert!(sent.is_empty());
    }
}

#[test]
fn a_row_that_was_left_does_not_take_the_place_of_one_that_gave_way() {
    let (nights, mended) = refusing("no");
    let before = rows(&[("1", "no first"), ("1", "second")]);
    nights.night(QUICK, &before).0.code(1);
    // The second row was accepted; now it changes, and that is refused.
    let file = rows(&[("1", "no first"), ("1", "no changed")]);
    let (done, sent) = nights.night(QUICK, &file);
    done.code(1)
        .row(1, "skipped", "superseded")
        .row(2, "failed", "refused");
    assert_eq!(sent, ["1"]);
    mended.store(true, Ordering::SeqCst);
    let left = done.report("errors.csv").expect("a report");
    let (done, sent) = nights.night(QUICK, &left);
    done.code(0).all("updated");
    assert_eq!(sent, ["1"]);
    let (done, sent) = nights.night(QUICK, &file);
    done.code(0)
        .row(1, "skipped", "superseded")
        .row(2, "unchanged", "");
    assert!(sent.is_empty());
}

#[test]
fn an_older_row_is_left_to_a_person_again_although_the_newest_was_not_tried() {
    let mended = Arc::new(AtomicBool::new(false));
    let seen = Arc::clone(&mended);
    let nights =
        Nights::with(
            move |request| match (request.body.as_str(), seen.load(Ordering::SeqCst)) {
                (body, false) if body.contains("first") => {
                    answer(422, r#"{"message":"no"}"#).into()
                }
                (body, false) if body.contains("third") => {
                    let later = answer(429, r#"{"message":"later"}"#);
                    later.header("retry-after", "7200").into()
                }
                _ => taken(),
            },
        );
    let file = rows(&[("1", "first"), ("1", "second"), ("1", "third")]);
    let (done, _) = nights.night(QUICK, &file);
    done.row(1, "failed", "refused").row(2, "updated", "");
    mended.store(true, Ordering::SeqCst);
    let left = done.report("errors.csv").expect("a report");
    let (done, sent) = nights.night(QUICK, &left);
    done.code(1).row(1, "invalid", "older-row");
    assert!(sent.is_empty());
}

#[test]
fn of_several_rows_one_that_is_fed_back_alone_is_not_sent_over_a_newer_one() {
    let (nights, mended) = refusing("no");
    let file = rows(&[("1", "no first"), ("1", "second"), ("1", "no third")]);
    let (done, _) = nights.night(QUICK, &file);
    done.code(1);
    mended.store(true, Ordering::SeqCst);
    let left = done.report("errors.csv").expect("a report");
    let first = left
        .lines()
        .take(2)
        .fold(String::new(), |all, line| all + line + "\n");
    let (done, sent) = nights.night(QUICK, &first);
    done.code(1).row(1, "invalid", "older-row");
    assert!(sent.is_empty());
    // Together with the others it is known which is the newest.
    let (done, sent) = nights.night(QUICK, &left);
    done.code(1)
        .row(1, "invalid", "older-row")
        .row(2, "updated", "");
    assert_eq!(sent, ["1"]);
}

#[test]
fn an_older_row_that_was_never_sent_is_not_sent_over_a_newer_one() {
    let nights = Nights::with(|_| taken());
    let file = |first: &str, second: &str| format!("Id,Name,Email\n1,{first}\n1,{second}\n");
    nights
        .night(QUICK, &file("A,p@example.org", "B,p@example.org"))
        .0
        .code(0);
    let (done, _) = nights.night(QUICK, &file("A2,bad", "B2,p@example.org"));
    done.code(1).row(2, "updated", "");
    let left = done.report("errors.csv").expect("a report");
    let (done, sent) = nights.night(QUICK, &left.replace(",bad,", ",p@example.org,"));
    done.code(1).row(1, "invalid", "older-row");
    assert!(sent.is_empty());
}

#[test]
fn a_row_that_was_overwritten_since_is_not_called_unchanged() {
    let nights = Nights::with(|_| taken());
    let mail = "p@example.org";
    let file =
        format!("Id,Name,Email\n1,first,{mail}\n1,second,{mail}\n1,first,bad\n1,fourth,bad\n");
    let (done, _) = nights.night(QUICK, &file);
    done.code(1).row(2, "updated", "");
    let left = done.report("errors.csv").expect("a report");
    let (done, sent) = nights.night(QUICK, &left.replacen("bad", mail, 1));
    done.code(1)
        .row(1, "invalid", "older-row")
        .row(2, "invalid", "bad-email");
    assert!(sent.is_empty());
}

#[test]
fn a_row_that_says_what_an_earlier_one_said_keeps_its_own_place() {
    let (nights, mended) = refusing("second");
    let mail = "p@example.org";
    let file = format!("Id,Name,Email\n1,same,{mail}\n1,second,bad\n1,same,bad\n");
    let (done, _) = nights.night(QUICK, &file);
    done.code(1).row(1, "updated", "");
    let left = done.report("errors.csv").expect("a report");
    let (done, sent) = nights.night(QUICK, &left.replace(",bad,", &format!(",{mail},")));
    done.code(1)
        .row(1, "failed", "refused")
        .row(2, "updated", "");
    assert_eq!(sent, ["1", "1"]);
    mended.store(true, Ordering::SeqCst);
    let left = done.report("errors.csv").expect("a report");
    let (done, sent) = nights.night(QUICK, &left);
    done.code(1).row(1, "invalid", "older-row");
    assert!(sent.is_empty());
}
