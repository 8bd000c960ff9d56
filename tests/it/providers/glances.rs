//! What is seen of an answer at a glance is what the whole answer says.

use contact_sync::contact::{Contact, Fate};
use contact_sync::provider::answers::SoftSign;
use contact_sync::provider::api::Api;
use contact_sync::provider::body::{BodyPlan, Target};
use contact_sync::provider::exchange::{Exchange, Next, Remembered};
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

/// Some of the provider's fields and custom ones, with anything in them or nothing.
fn said(random: &mut Rng, api: &Api, id: &str) -> (Vec<Target>, Contact) {
    let mut contact = contact(id);
    let mut targets = Vec::new();
    let own = api.fields.keys();
    let own = own.map(|name| (names::find(api, &parts(name)), name.as_str()));
    let custom = ["tier", "9d2f"].map(|name| (names::custom(api, name, None), name));
    for (place, name) in own.chain(custom) {
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
        if random.u8(..8) > 0 {
            contact.push_json(slot, any(random, &CELLS));
        }
    }
    (targets, contact)
}

/// A value as an account may show it.
fn shown(random: &mut Rng, sent: &Value) -> Option<Value> {
    Some(match (random.u8(..40), sent) {
        (0, _) => return None,
        (1, _) => serde_json::from_str(any(random, &CELLS)).expect("JSON"),
        (2..8, Value::String(text)) => json!(text.to_uppercase()),
        (2..8, Value::Number(number)) => json!(number.to_string()),
        (8, own) => json!([own]),
        (_, Value::Object(fields)) => Value::Object(all(random, fields)),
        (_, Value::Array(list)) => list.iter().filter_map(|own| shown(random, own)).collect(),
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

/// Puts a value at a path of keys, into what is there.
fn put(answer: &mut Value, path: &str, value: Value) {
    let mut there = answer;
    for key in path.split('.').filter(|key| !key.is_empty()) {
        if !there.is_object() {
            *there = json!({});
        }
        there = &mut there[key];
    }
    match (value, there) {
        (Value::Object(fields), Value::Object(there)) => there.extend(fields),
        (value, there) => *there = value,
    }
}

/// An answer that shows a contact.
fn answer(random: &mut Rng, api: &Api, id: &str, sent: &Value) -> Reply {
    let wrap = api.calls.update.wrap.as_ref();
    let sent = wrap.map_or(sent, |key| &sent[key]);
    let mut answer = json!({});
    for path in &api.answers.contact {
        let contact = match random.u8(..20) {
            0 => json!("none"),
            1 => Value::Null,
            _ => Value::Object(all(random, sent.as_object().expect("an object"))),
        };
        put(&mut answer, path, contact);
    }
    for path in &api.answers.id {
        put(&mut answer, path, json!(any(random, &[id, id, id, "13"])));
    }
    let text = match random.bool() {
        true => serde_json::to_string_pretty(&answer).expect("it is JSON"),
        false => answer.to_string(),
    };
    super::reply(200, &[], &text)
}

/// A provider whose answers may be looked at in part, and whose changes say something of their own.
fn glanced_at(provider: &str) -> Api {
    let mut api = api(provider);
    api.answers.code_starts.clear();
    api.answers.soft.retain(|soft| soft.is != SoftSign::Token);
    let adds = &mut api.calls.update.adds;
    adds.insert("addedByUs".to_owned(), "sheet".to_owned());
    api
}

#[test]
fn a_glance_at_an_answer_says_what_the_whole_of_it_says() {
    let shipped = PROVIDERS.map(|provider| (provider, api(provider)));
    let apis = PROVIDERS.map(|provider| (provider, glanced_at(provider)));
    for (provider, api) in shipped.into_iter().chain(apis) {
        let (mut agreed, mut lost) = (0, 0);
        for seed in 0..600 {
            let mut random = Rng::with_seed(seed);
            let (targets, contact) = said(&mut random, &api, "12");
            let script = script(&api, provider, &targets);
            let exchange = || Exchange::start(&script, contact.clone(), Remembered::default());
            let (mut glance, mut whole) = (exchange(), exchange());
            let sent = serde_json::from_slice(&glance.call().body).expect("the body is JSON");
            let said = answer(&mut random, &api, "12", &sent);
            let text = String::from_utf8_lossy(&said.body);
            let answer = glance.read(&said);
            agreed += usize::from(answer.agrees);
            let seen = glance.hear(&answer);
            let read = whole.hear(&reply::read(&api, &said));
            assert_eq!(seen, read, "{provider}, {seed}: {sent} is shown as {text}");
            lost += usize::from(format!("{read:?}").contains("not-kept"));
        }
        assert!(agreed > 200 && lost > 20, "{provider}: {agreed} and {lost}");
    }
}

#[test]
fn an_answer_that_is_written_in_a_way_of_its_own_is_read_all_the_same() {
    let api = glanced_at("highlevel");
    let named = |name: &str| found(names::find(&api, &parts(name)), name).1;
    let script = script(
        &api,
        "highlevel",
        &["firstName", "lastName", "tags"].map(named),
    );
    let mut contact = contact("12");
    contact.push_text(0, "Dana");
    contact.push_json(2, r#"["a"]"#);
    let deep = |name: &str| {
        let (open, close) = ("[".repeat(124), "]".repeat(124));
        format!(r#""firstName":"{name}","b":{open}{close}"#)
    };
    let (dana, dora) = (deep("Dana"), deep("Dora"));
    // What the contact is shown with, and whether that is as it was sent.
    let table = [
        (r#""firstName":"Dana","tags":["a"]"#, true),
        (r#""firstName":"Dana","tags":["b"]"#, false),
        (r#""firstName":"D\u0061na""#, true),
        (r#""first\u004eame":"Dana""#, true),
        (r#""first\u004eame":"Dora""#, false),
        (r#""firstName":"Dora","firstName":"Dana""#, true),
        (r#""firstName":"Dana","firstName":"Dora""#, false),
        (r#""firstName":null"#, false),
        (r#""lastName":"Bell""#, true),
        (r#""firstName":["Dana"]"#, true),
        (r#""firstName":{"value":"Dana"}"#, true),
        (dana.as_str(), true),
        (dora.as_str(), false),
        // Nobody could hold these; they stand where nobody looks.
        (
            r#""firstName":"Dana","tags":["a"],"bio":"\ud83d","n":1e999"#,
            true,
        ),
        (
            r#""firstName":"Dora","tags":["a"],"bio":"\ud83d","n":1e999"#,
            false,
        ),
    ];
    let ended = |body: &[u8]| {
        let mut said = super::reply(200, &[], "");
        said.body = [br#"{"succeded":true,"contact":{"id":"12","#, body, b"}}"].concat();
        let mut exchange = Exchange::start(&script, contact.clone(), Remembered::default());
        let (Next::Settled(verdict) | Next::Again(_, verdict) | Next::Call(verdict)) =
            exchange.hear(&exchange.read(&said));
        (verdict.fate, verdict.code.to_string())
    };
    for (fields, kept) in table {
        let (fate, code) = match kept {
            true => (Fate::Updated, ""),
            false => (Fate::Failed, "not-kept"),
        };
        let expected = (fate, code.to_owned());
        assert_eq!(ended(fields.as_bytes()), expected, "{fields}");
    }
    // What is looked at and cannot be held, and what is no text at all, is no answer of the API.
    for broken in [&br#""firstName":"\ud83d""#[..], b"\"bio\":\"\xff\""] {
        let (_, code) = ended(broken);
        assert_eq!(code, "not-the-api");
    }
}
