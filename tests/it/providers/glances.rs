//! What is seen of an answer at a glance is what the whole answer says.

use contact_sync::contact::Contact;
use contact_sync::provider::api::Api;
use contact_sync::provider::body::{BodyPlan, Target};
use contact_sync::provider::exchange::{Exchange, Remembered};
use contact_sync::provider::names::{self, Found};
use contact_sync::provider::reply::{self, Reply};
use fastrand::Rng;
use serde_json::{Map, Value, json};

use super::{PROVIDERS, api, contact, found, parts, script};

const CELLS: [&str; 9] = [
    r#""Dana""#,
    r#""+972523456781""#,
    r#""a\"é""#,
    r#""007""#,
    "7",
    "true",
    "null",
    r#"["a","B"]"#,
    r#"{"a":{"b":"c"}}"#,
];

fn any<T: Copy>(random: &mut Rng, of: &[T]) -> T {
    of[random.usize(..of.len())]
}

/// Some of the provider's fields, with anything in them.
fn said(random: &mut Rng, api: &Api, id: &str) -> (Vec<Target>, Contact) {
    let mut contact = contact(id);
    let mut targets = Vec::new();
    for name in api.fields.keys() {
        let place = names::find(api, &parts(name));
        if random.bool() || !matches!(place, Found::Field { .. }) {
            continue;
        }
        targets.push(found(place, name).1);
        // Two may want the same place.
        if BodyPlan::new(&targets).is_err() {
            targets.pop();
            continue;
        }
        let slot = u16::try_from(targets.len() - 1).expect("few fields");
        contact.push_json(slot, any(random, &CELLS));
    }
    (targets, contact)
}

/// A value as an account may show it.
fn shown(random: &mut Rng, sent: &Value) -> Option<Value> {
    Some(match (random.u8(..10), sent) {
        (0, _) => return None,
        (1, _) => serde_json::from_str(any(random, &CELLS)).expect("JSON"),
        (2, Value::String(text)) => json!(text.to_uppercase()),
        (3, Value::Number(number)) => json!(number.to_string()),
        (4, own) => json!([own]),
        (_, Value::Object(fields)) => Value::Object(all(random, fields)),
        (_, own) => own.clone(),
    })
}

fn all(random: &mut Rng, fields: &Map<String, Value>) -> Map<String, Value> {
    let fields = fields.iter();
    let mut shown: Map<String, Value> = fields
        .filter_map(|(key, value)| Some((key.clone(), shown(random, value)?)))
        .collect();
    if random.bool() {
        shown.insert("more".to_owned(), json!({"a": [1, "b"]}));
    }
    shown
}

/// An answer that shows a contact.
fn answer(random: &mut Rng, api: &Api, id: &str, sent: &Value) -> Reply {
    let sent = api
        .calls
        .update
        .wrap
        .as_ref()
        .map_or(sent, |key| &sent[key]);
    let mut answer = json!({});
    for path in &api.answers.contact {
        let mut contact = all(random, sent.as_object().expect("an object"));
        contact.insert("id".to_owned(), json!(any(random, &[id, id, id, "13"])));
        let contact = match random.u8(..10) {
            0 => json!("none"),
            _ => Value::Object(contact),
        };
        let mut there = &mut answer;
        for key in path.split('.').filter(|key| !key.is_empty()) {
            there = &mut there[key];
        }
        match (contact, there) {
            (Value::Object(contact), Value::Object(there)) => there.extend(contact),
            (contact, there) => *there = contact,
        }
    }
    let text = match random.bool() {
        true => serde_json::to_string_pretty(&answer).expect("it is JSON"),
        false => answer.to_string(),
    };
    super::reply(200, &[], &text)
}

#[test]
fn a_glance_at_an_answer_says_what_the_whole_of_it_says() {
    let mut lost = 0;
    for provider in PROVIDERS {
        let api = api(provider);
        for seed in 0..600 {
            let mut random = Rng::with_seed(seed);
            let (targets, contact) = said(&mut random, &api, "12");
            let script = script(&api, provider, &targets);
            let exchange = || Exchange::start(&script, contact.clone(), Remembered::default());
            let (mut glance, mut whole) = (exchange(), exchange());
            let sent = serde_json::from_slice(&glance.call().body).expect("the body is JSON");
            let said = answer(&mut random, &api, "12", &sent);
            let text = String::from_utf8_lossy(&said.body);
            let seen = glance.hear(&glance.read(&said));
            let read = whole.hear(&reply::read(&api, &said));
            assert_eq!(seen, read, "{provider}, {seed}: {sent} is shown as {text}");
            lost += usize::from(format!("{read:?}").contains("not-kept"));
        }
    }
    assert!((300..2_700).contains(&lost), "{lost} of 3,000 not kept");
}
