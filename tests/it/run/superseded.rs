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
fn a_row_that_a_person_mended_does_not_overwrite_a_later_one() {
    let (nights, mended) = refusing("first");
    let file = rows(&[("1", "first"), ("2", "first too"), ("1", "second")]);
    let (done, _) = nights.night(QUICK, &file);
    done.code(1);
    mended.store(true, Ordering::SeqCst);
    let left = done.report("errors.csv").expect("a report");
    let (done, sent) = nights.night(QUICK, &left);
    done.code(0)
        .row(1, "skipped", "superseded")
        .row(2, "updated", "");
    assert_eq!(sent, ["2"]);
    let (done, sent) = nights.night_of(nights.run(QUICK, &left).args(["--force"]));
    done.code(0).all("updated");
    assert_eq!(sent, ["1", "2"]);
}
