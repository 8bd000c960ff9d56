//! The loop of the delivery in virtual time, with a script instead of a server: the retry table row by row, waits that the
//! server names, what is counted.

use std::cell::RefCell;
use std::sync::Arc;
use std::time::Duration;

use contact_sync::contact::{Contact, Fate};
use contact_sync::delivery::brake::Brake;
use contact_sync::delivery::departure::Departure;
use contact_sync::delivery::pace::Pace;
use contact_sync::delivery::retry::Retry;
use contact_sync::delivery::{Delivered, Delivery, Wire};
use contact_sync::mistake::Written;
use contact_sync::provider::api::{Api, Limit, Sure};
use contact_sync::provider::call::{Account, Call};
use contact_sync::provider::exchange::{Exchange, Remembered};
use contact_sync::provider::load::load;
use contact_sync::provider::reply::{Lost, Reply};
use contact_sync::provider::script::{Plan, Script};
use futures_util::future::join_all;
use tokio::time::{Instant, sleep};

const SECOND: Duration = Duration::from_secs(1);

const API: &str = r#"
name = "Plain"
page = "https://plain.example/docs"
base_url = "https://api.plain.example"
id = "opaque"
fields = {}

[account.token]
about = "the key"
secret = true

[account.user]
about = "the user"

[[auth]]
needs = ["token"]
scheme = "bearer"

[limit_headers]
daily_remaining = "x-daily"

[calls.update]
method = "PUT"
path = "/contacts/{id}"
repeatable = true

[calls.ping]
method = "GET"
path = "/me"

[answers]
message = ["message"]

[sandbox]
unknown_key = "keep"
says = []
"#;

/// A small provider, as a mapping author would write it.
pub(crate) fn api(change: impl FnOnce(String) -> String) -> Api {
    let file = Arc::new(Written {
        name: "api.toml".into(),
        text: change(API.to_owned()),
    });
    load(&file).expect("the file is sound")
}

/// The exchange about one contact.
pub(crate) fn exchange<'a>(api: &'a Api, id: &str) -> Exchange<'a> {
    let plan = Plan::default();
    let base = "https://api.plain.example";
    let script = Script::new(api, &api.auth[0], &Account::default(), base, plan);
    let mut contact = Contact::default();
    contact.id.push_str(id);
    contact.push_text(0, "anything");
    Exchange::start(
        Box::leak(Box::new(script.expect("a script"))),
        contact,
        Remembered::default(),
    )
}

pub(crate) fn reply(status: u16, headers: &[(&str, &str)]) -> Result<Reply, Lost> {
    let mut reply = Reply {
        status,
        body: b"{}".to_vec(),
        ..Reply::default()
    };
    for (name, value) in headers {
        let name = http::HeaderName::try_from(*name).expect("a name");
        reply
            .headers
            .append(name, value.parse().expect("a header value"));
    }
    Ok(reply)
}

pub(crate) fn status(status: u16) -> Result<Reply, Lost> {
    reply(status, &[])
}

pub(crate) fn not_sent() -> Result<Reply, Lost> {
    Err(Lost::NotSent("connection refused by here".into()))
}

pub(crate) fn no_answer() -> Result<Reply, Lost> {
    Err(Lost::NoAnswer("the answer broke off".into()))
}

/// Answers by the number of the request, from 0, after a while.
pub(crate) struct Fake<F> {
    answer: F,
    pub(crate) latency: Duration,
    pub(crate) sent: RefCell<Vec<Instant>>,
}

impl<F: Fn(usize) -> Result<Reply, Lost>> Fake<F> {
    pub(crate) fn new(answer: F) -> Self {
        Self {
            answer,
            latency: Duration::from_millis(50),
            sent: RefCell::default(),
        }
    }
}

impl<F: Fn(usize) -> Result<Reply, Lost>> Wire for &Fake<F> {
    async fn send(&self, _: &Call, departure: Departure) -> Result<Reply, Lost> {
        drop(departure);
        let number = self.sent.borrow().len();
        self.sent.borrow_mut().push(Instant::now());
        sleep(self.latency).await;
        (self.answer)(number)
    }
}

pub(crate) fn ten_a_second() -> Pace {
    Pace::new(&[Limit {
        requests: 10,
        per: SECOND,
        sure: Sure::Official,
    }])
}

/// Delivers one contact with these answers in turn; the last one is given for ever.
pub(crate) async fn deliver(api: &Api, answers: &[Result<Reply, Lost>]) -> Delivered {
    let fake = Fake::new(|number| answers[number.min(answers.len() - 1)].clone());
    let delivery = Delivery::new(api, &fake, Pace::new(&[]), Retry::new(1));
    let delivered = delivery
        .deliver(&mut exchange(api, "a"), &Brake::new())
        .await;
    assert_eq!(delivered.attempts as usize, fake.sent.borrow().len());
    assert_eq!(delivery.counts().requests, u64::from(delivered.attempts));
    delivered
}

pub(crate) fn plain() -> Api {
    api(|text| text)
}

fn only_once() -> Api {
    api(|text| text.replace("repeatable = true", "repeatable = false"))
}

#[tokio::test(start_paused = true)]
async fn what_was_said_is_what_left_and_as_often() {
    let api = plain();
    for (answers, left) in [
        (vec![status(200)], 1),
        (vec![status(503), no_answer(), status(200)], 3),
        (vec![not_sent(), not_sent(), status(200)], 1),
        (vec![not_sent(), status(503), not_sent(), status(200)], 2),
    ] {
        let fake = Fake::new(|number| answers[number].clone());
        let delivery = Delivery::new(&api, &fake, Pace::new(&[]), Retry::new(1));
        let mut exchange = exchange(&api, "a");
        let delivered = delivery.deliver(&mut exchange, &Brake::new()).await;
        assert_eq!(delivered.attempts as usize, answers.len());
        let (said, _) = exchange.into_said();
        assert_eq!(said.len(), left);
        assert!(said.iter().all(|call| *call == said[0]));
    }
    assert_eq!(exchange(&api, "a").into_said().0, [], "nobody sent it");
}

#[tokio::test(start_paused = true)]
async fn each_trouble_is_tried_as_often_as_the_table_says() {
    use Fate::{Failed, Unknown, Updated};
    let (api, once) = (plain(), only_once());
    for (api, answers, attempts, fate, code) in [
        (&api, vec![status(200)], 1, Updated, ""),
        (&api, vec![status(422)], 1, Failed, "refused"),
        (&api, vec![status(404)], 1, Failed, "not-found"),
        (&api, vec![status(401)], 1, Failed, "refused-credential"),
        (&api, vec![status(302)], 1, Failed, "moved"),
        (&api, vec![status(202)], 1, Unknown, "queued"),
        (&api, vec![status(500)], 4, Failed, "outage"),
        (&api, vec![status(503)], 4, Failed, "outage"),
        (&api, vec![status(408)], 4, Failed, "outage"),
        (&api, vec![status(425)], 4, Failed, "outage"),
        (&api, vec![status(502)], 4, Unknown, "gateway"),
        (&api, vec![status(504)], 4, Unknown, "gateway"),
        (&api, vec![no_answer()], 4, Unknown, "no-answer"),
        (&api, vec![status(409)], 3, Failed, "busy"),
        (&api, vec![status(423)], 3, Failed, "busy"),
        (&api, vec![status(429)], 8, Failed, "throttled"),
        (
            &api,
            vec![status(502), status(502), status(200)],
            3,
            Updated,
            "",
        ),
        (
            &api,
            vec![status(409), status(409), status(200)],
            3,
            Updated,
            "",
        ),
        (&api, vec![no_answer(), status(422)], 2, Failed, "refused"),
        // What may have been done stays unknown, whatever "not now" comes after it.
        (
            &api,
            vec![no_answer(), status(503)],
            4,
            Unknown,
            "no-answer",
        ),
        (&api, vec![status(502), status(409)], 3, Unknown, "gateway"),
        (
            &api,
            vec![no_answer(), Err(Lost::NotTrusted("no".into()))],
            2,
            Unknown,
            "no-answer",
        ),
        (
            &api,
            vec![Err(Lost::NotTrusted("no".into()))],
            1,
            Failed,
            "not-trusted",
        ),
        (&once, vec![no_answer()], 1, Unknown, "no-answer"),
        (&once, vec![status(502)], 1, Unknown, "gateway"),
        (&once, vec![status(500)], 1, Failed, "outage"),
        (&once, vec![not_sent(), status(200)], 2, Updated, ""),
        (&once, vec![status(429), status(200)], 2, Updated, ""),
        (&once, vec![status(409), status(200)], 2, Updated, ""),
    ] {
        let delivered = deliver(api, &answers).await;
        assert_eq!(delivered.attempts, attempts, "{answers:?}");
        assert_eq!(delivered.verdict.fate, fate, "{answers:?}");
        assert_eq!(delivered.verdict.code, code, "{answers:?}");
        assert_eq!(delivered.stop, None, "{answers:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_time_that_the_server_names_is_waited_by_everybody() {
    let api = plain();
    for (named, least, most) in [
        (vec![("retry-after", "7")], 7.0, 7.2),
        (
            vec![
                ("date", "Sun, 06 Nov 1994 08:49:37 GMT"),
                ("retry-after", "Sun, 06 Nov 1994 08:49:57 GMT"),
            ],
            20.0,
            20.2,
        ),
        (
            vec![("retry-after", "3"), ("retry-after", "soon")],
            3.0,
            3.2,
        ),
        (vec![("ratelimit", "\"default\";r=0;t=5")], 5.0, 5.2),
        // Nothing that is a time: the schedule's half a second at most.
        (vec![("retry-after", "soon")], 0.0, 0.7),
        (vec![("retry-after", "-1")], 0.0, 0.7),
        (vec![("retry-after", "0")], 0.0, 0.7),
        (vec![("retry-after", "1e9")], 0.0, 0.7),
        (vec![("ratelimit", "r=;t=x;;")], 0.0, 0.7),
        (vec![], 0.0, 0.7),
    ] {
        let fake = Fake::new(|number| match number {
            20 => reply(429, &named),
            _ => status(200),
        });
        let delivery = Delivery::new(&api, &fake, ten_a_second(), Retry::new(2));
        let brake = Brake::new();
        let rows = (0..60).map(async |id| {
            let mut exchange = exchange(&api, &id.to_string());
            delivery.deliver(&mut exchange, &brake).await
        });
        let delivered = join_all(rows).await;
        assert!(
            delivered
                .iter()
                .all(|one| one.verdict.fate == Fate::Updated),
        );
        assert_eq!(delivery.counts().requests, 61);
        assert_eq!(delivery.counts().retries, 1);
        assert_eq!(delivery.counts().throttled, 1);
        let sent = fake.sent.borrow();
        let told = sent[20] + fake.latency;
        let next = sent.iter().find(|at| **at > told).expect("more were sent");
        let waited = (*next - told).as_secs_f64();
        assert!(
            (least..=most).contains(&waited),
            "{waited} s with {named:?}"
        );
    }
}

#[tokio::test(start_paused = true)]
async fn three_in_ten_failing_at_random_use_up_neither_rows_nor_budget() {
    let api = plain();
    let dice = RefCell::new(fastrand::Rng::with_seed(5));
    let fake = Fake::new(|_| match dice.borrow_mut().u8(0..10) {
        0..3 => status(503),
        _ => status(200),
    });
    let delivery = Delivery::new(&api, &fake, Pace::new(&[]), Retry::new(5));
    let brake = Brake::new();
    let rows = (0..2_000).map(async |id| {
        let mut exchange = exchange(&api, &id.to_string());
        delivery.deliver(&mut exchange, &brake).await
    });
    // As a run does it: some on the road at a time.
    let mut rows: Vec<_> = rows.collect();
    let mut delivered = Vec::new();
    while !rows.is_empty() {
        let some: Vec<_> = rows.drain(..rows.len().min(64)).collect();
        delivered.extend(join_all(some).await);
    }
    assert!(delivered.iter().all(|one| one.stop.is_none()));
    let failed = delivered
        .iter()
        .filter(|one| one.verdict.fate == Fate::Failed);
    // 0.3⁴ of the rows fail four times in a row.
    assert!(failed.count() < 40);
    assert!(fake.sent.borrow().len() <= 3_200);
}

#[tokio::test(start_paused = true)]
async fn the_pace_is_counted_from_the_first_send_to_the_last() {
    let api = plain();
    let fake = Fake::new(|_| status(200));
    let delivery = Delivery::new(&api, &fake, ten_a_second(), Retry::new(8));
    let brake = Brake::new();
    assert_eq!(delivery.counts().per_second(), None);
    for _ in 0..100 {
        let mut exchange = exchange(&api, "a");
        let delivered = delivery.deliver(&mut exchange, &brake).await;
        assert_eq!(delivered.duration, fake.latency);
    }
    let rate = delivery.counts().per_second().expect("a rate");
    assert!(rate > 9.8 && rate <= 10.0, "{rate} a second");
}
