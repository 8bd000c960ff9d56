//! Questions that are about no row: they keep the account's pace, are counted, and are asked again as the table says, in
//! virtual time with a script instead of a server.

use std::time::Duration;

use contact_sync::delivery::pace::Pace;
use contact_sync::delivery::question::{Heard, Patience, Unheard};
use contact_sync::delivery::retry::Retry;
use contact_sync::delivery::{Delivery, Stop};
use contact_sync::provider::answers::Meaning;
use contact_sync::provider::call::{Account, ping};
use contact_sync::provider::reply::{Lost, Reply};
use tokio::time::Instant;

use super::delivery::{Fake, no_answer, not_sent, plain, status, ten_a_second};

/// Asks once with these answers in turn; the last one is given for ever. What came of it, and how many requests it took.
async fn ask(answers: &[Result<Reply, Lost>], patience: Patience) -> (Result<Heard, Unheard>, u64) {
    let api = plain();
    let fake = Fake::new(|number| answers[number.min(answers.len() - 1)].clone());
    let delivery = Delivery::new(&api, &fake, Pace::new(&[]), Retry::new(1));
    let call = ping(&api, &Account::default()).expect("a call");
    let heard = delivery.ask(&call, patience).await;
    let counts = delivery.counts();
    assert_eq!(counts.requests, fake.sent.borrow().len() as u64);
    assert_eq!(counts.retries, counts.requests - 1);
    (heard, counts.requests)
}

#[tokio::test(start_paused = true)]
async fn a_question_is_asked_as_often_as_a_row_is_tried_or_once() {
    for (answers, often, meaning) in [
        (vec![status(200)], 1, Meaning::Accepted),
        (vec![status(401)], 1, Meaning::RefusedCredential),
        (vec![status(404)], 1, Meaning::NotFound),
        (vec![status(503)], 4, Meaning::Outage),
        (vec![status(502)], 4, Meaning::Gateway),
        (vec![status(409)], 3, Meaning::Busy),
        (vec![status(429)], 8, Meaning::Throttled),
        (
            vec![status(503), no_answer(), status(200)],
            3,
            Meaning::Accepted,
        ),
        (vec![not_sent(), status(200)], 2, Meaning::Accepted),
    ] {
        let (heard, requests) = ask(&answers, Patience::Row).await;
        assert_eq!(heard.expect("an answer").answer.meaning, meaning);
        assert_eq!(requests, often, "{meaning:?}");
        let (_, requests) = ask(&answers, Patience::Once).await;
        assert_eq!(requests, 1, "{meaning:?}");
    }
    let (heard, requests) = ask(&[no_answer()], Patience::Row).await;
    assert!(matches!(heard, Err(Unheard::Lost(Lost::NoAnswer(_)))));
    assert_eq!(requests, 4);
}

#[tokio::test(start_paused = true)]
async fn a_server_that_is_not_there_is_given_up_after_a_minute_or_at_once() {
    let began = Instant::now();
    let (heard, _) = ask(&[not_sent()], Patience::Row).await;
    assert!(matches!(heard, Err(Unheard::Lost(Lost::NotSent(_)))));
    let took = began.elapsed();
    assert!(
        took >= Duration::from_secs(60) && took < Duration::from_secs(100),
        "{took:?}"
    );
    let began = Instant::now();
    let (heard, requests) = ask(&[not_sent()], Patience::Once).await;
    assert!(matches!(heard, Err(Unheard::Lost(Lost::NotSent(_)))));
    assert!(requests == 1 && began.elapsed() < Duration::from_secs(1));
}

#[tokio::test(start_paused = true)]
async fn questions_keep_the_pace_of_the_account() {
    let api = plain();
    let fake = Fake::new(|_| status(200));
    let delivery = Delivery::new(&api, &fake, ten_a_second(), Retry::new(1));
    let call = ping(&api, &Account::default()).expect("a call");
    for _ in 0..25 {
        delivery.ask(&call, Patience::Row).await.expect("an answer");
    }
    let sent = fake.sent.borrow();
    let crowded = sent
        .windows(11)
        .find(|some| some[10] - some[0] < Duration::from_secs(1));
    assert_eq!(crowded, None, "eleven within a second");
}

#[tokio::test(start_paused = true)]
async fn nothing_is_asked_after_a_stop() {
    let api = plain();
    let spent = || super::delivery::reply(429, &[("x-daily", "0")]);
    let fake = Fake::new(|_| spent());
    let delivery = Delivery::new(&api, &fake, Pace::new(&[]), Retry::new(1));
    let call = ping(&api, &Account::default()).expect("a call");
    let first = delivery.ask(&call, Patience::Row).await.expect("an answer");
    assert_eq!(first.answer.meaning, Meaning::QuotaSpent);
    let second = delivery.ask(&call, Patience::Row).await;
    assert!(matches!(
        second,
        Err(Unheard::Stopped(Stop::QuotaSpent { .. }))
    ));
    assert_eq!(fake.sent.borrow().len(), 1);
}
