//! Conversations with scripted answers: a mapping and a row open one, each call is held against what is expected, and
//! answers are given one after the other.

use std::sync::Arc;

use contact_sync::contact::{Contact, Fate, Row, Verdict};
use contact_sync::mapping::apply::Applied;
use contact_sync::mapping::{check::check, reading};
use contact_sync::mistake::{Mistake, Written};
use contact_sync::provider::api::Api;
use contact_sync::provider::definitions::Known;
use contact_sync::provider::exchange::{Exchange, Next, Remembered};
use contact_sync::provider::reply::Lost;
use contact_sync::provider::script::Script;
use serde_json::Value;

use super::words::{Person, Words};
use super::{PROVIDERS, account, api};

/// A call that is expected: method and target, and the body where it has one.
pub(super) struct Said(pub(super) String, pub(super) Value);

/// What comes back.
#[derive(Clone)]
pub(super) enum Heard {
    Reply(u16, Value),
    /// The connection broke after the request was sent.
    Lost,
}

pub(super) fn yes(body: Value) -> Heard {
    Heard::Reply(200, body)
}

/// A row of a file: columns and cells.
pub(super) type Cells<'t> = &'t [(&'t str, &'t str)];

/// A mapping as a run would have it, held against what is known about the account.
pub(super) fn mistakes(api: &Api, mapping: &str, known: Option<&Known>) -> Vec<Mistake> {
    let file = Arc::new(Written {
        name: "my.toml".to_owned(),
        text: mapping.to_owned(),
    });
    let (written, mut mistakes) = reading::read(&file);
    mistakes.extend(check(&written, &file, api, known).err().unwrap_or_default());
    mistakes
}

fn row_of(cells: Cells<'_>) -> Row {
    let mut row = Row::at(1, 2);
    cells.iter().for_each(|(_, cell)| row.push(cell));
    row
}

/// Why a row is not sent at all.
#[track_caller]
pub(super) fn unsent(api: &Api, mapping: &str, known: &Known, cells: Cells<'_>) -> Verdict {
    let file = Arc::new(Written {
        name: "my.toml".to_owned(),
        text: mapping.to_owned(),
    });
    let (written, _) = reading::read(&file);
    let checked = check(&written, &file, api, Some(known)).unwrap_or_else(|all| panic!("{all:#?}"));
    let header: Vec<String> = cells.iter().map(|(name, _)| (*name).to_owned()).collect();
    let bound = checked.mapping.bind(&header, "people.csv", &file);
    let bound = bound.unwrap_or_else(|all| panic!("{all:#?}"));
    match bound.apply(&row_of(cells), &mut Contact::default()) {
        Applied::Settled(verdict) => verdict,
        Applied::Ready => panic!("the row would be sent"),
    }
}

/// Opens a conversation about a row and hands it over.
#[track_caller]
pub(super) fn with<T>(
    (provider, api): (&str, &Api),
    mapping: &str,
    known: Option<&Known>,
    cells: Cells<'_>,
    use_it: impl FnOnce(&Script<'_>, &Contact) -> T,
) -> T {
    let file = Arc::new(Written {
        name: "my.toml".to_owned(),
        text: mapping.to_owned(),
    });
    let (written, mistakes) = reading::read(&file);
    assert!(mistakes.is_empty(), "{mistakes:#?}");
    let checked = check(&written, &file, api, known).unwrap_or_else(|all| panic!("{all:#?}"));
    let header: Vec<String> = cells.iter().map(|(name, _)| (*name).to_owned()).collect();
    let bound = checked.mapping.bind(&header, "people.csv", &file);
    let bound = bound.unwrap_or_else(|all| panic!("{all:#?}"));
    let mut contact = Contact::default();
    let applied = bound.apply(&row_of(cells), &mut contact);
    if let Applied::Settled(verdict) = applied {
        panic!("{verdict:?}");
    }
    let account = account(provider);
    let script = Script::new(
        api,
        checked.account.auth,
        &account,
        "https://x",
        checked.plan,
    );
    use_it(&script.expect("the paths are whole"), &contact)
}

/// Plays a conversation to its end; what is left open at the end is the verdict that would stand.
#[track_caller]
pub(super) fn play(
    mut exchange: Exchange<'_>,
    turns: impl IntoIterator<Item = (Said, Heard)>,
) -> Verdict {
    let mut standing = exchange.over().cloned();
    let mut over = standing.is_some();
    for (at, (Said(line, body), heard)) in turns.into_iter().enumerate() {
        assert!(!over, "{line} is not said any more: {standing:?}");
        let call = exchange.call();
        let said = format!("{} {}", call.method.word(), call.target);
        assert_eq!(said, line, "turn {at}");
        let own: Value = match call.body.is_empty() {
            true => Value::Null,
            false => serde_json::from_slice(&call.body).expect("JSON"),
        };
        assert_eq!(own, body, "turn {at}: {line}");
        let next = match heard {
            Heard::Reply(status, body) => {
                let said = super::reply(status, &[], &body.to_string());
                exchange.hear(&exchange.read(&said))
            }
            Heard::Lost => exchange.lost(&Lost::NoAnswer("the connection broke".to_owned())),
        };
        over = matches!(next, Next::Settled(_));
        standing = Some(match next {
            Next::Call(verdict) | Next::Again(_, verdict) | Next::Settled(verdict) => verdict,
        });
    }
    standing.expect("something was said")
}

/// The whole conversation about a row that nothing is remembered of.
#[track_caller]
pub(super) fn talk(
    words: &Words<'_>,
    mapping: &str,
    cells: Cells<'_>,
    turns: impl IntoIterator<Item = (Said, Heard)>,
) -> Verdict {
    let known = words.known();
    with(
        (words.provider, words.api),
        mapping,
        Some(&known),
        cells,
        |script, contact| {
            let exchange = Exchange::start(script, contact.clone(), Remembered::default());
            play(exchange, turns)
        },
    )
}

/// Runs a test with the words of every provider.
pub(super) fn each(test: impl Fn(&Words<'_>)) {
    for provider in PROVIDERS {
        let api = api(provider);
        let api = &api;
        test(&Words { provider, api });
    }
}

#[track_caller]
pub(super) fn ended(words: &Words<'_>, verdict: &Verdict, fate: Fate, code: &str, id: &str) {
    let got = (
        verdict.fate,
        verdict.code.as_ref(),
        verdict.contact_id.as_str(),
    );
    assert_eq!(
        got,
        (fate, code, id),
        "{}: {}",
        words.provider,
        verdict.message
    );
}

pub(super) fn remembered(id: &str, in_doubt: bool) -> Remembered {
    Remembered {
        id: id.to_owned(),
        in_doubt,
        ..Remembered::default()
    }
}

/// A conversation that begins with what an earlier run found out.
#[track_caller]
pub(super) fn recalled(
    words: &Words<'_>,
    mode: &str,
    person: &Person,
    known: &Remembered,
    turns: Vec<(Said, Heard)>,
) -> Verdict {
    let about = words.known();
    let place = (words.provider, words.api);
    let row = words.row(person);
    with(
        place,
        &words.mapping(mode),
        Some(&about),
        &row,
        |script, contact| {
            play(
                Exchange::start(script, contact.clone(), known.clone()),
                turns,
            )
        },
    )
}

pub(super) fn made(words: &Words<'_>, dana: &Person) -> Vec<(Said, Heard)> {
    let mut turns = vec![
        (words.by_email(dana), words.hits(&[])),
        (words.by_phone(dana), words.hits(&[])),
        (words.create(dana), words.done(dana)),
    ];
    turns.extend(words.completion(dana));
    turns
}
