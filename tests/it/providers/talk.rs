//! Conversations with scripted answers: a mapping and a row open one, each call is held against what is expected, and
//! answers are given one after the other.

use std::sync::Arc;

use contact_sync::contact::{Contact, Row, Verdict};
use contact_sync::mapping::apply::Applied;
use contact_sync::mapping::{check::check, reading};
use contact_sync::mistake::{Mistake, Written};
use contact_sync::provider::api::Api;
use contact_sync::provider::definitions::Known;
use contact_sync::provider::exchange::{Exchange, Next, Remembered};
use contact_sync::provider::reply::{self, Lost};
use contact_sync::provider::script::Script;
use serde_json::Value;

use super::account;
use super::words::Words;

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
    let mut row = Row::at(1, 2);
    cells.iter().for_each(|(_, cell)| row.push(cell));
    let mut contact = Contact::default();
    assert_eq!(bound.apply(&row, &mut contact), Applied::Ready);
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
    api: &Api,
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
                exchange.hear(&reply::read(api, &said))
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
            let exchange = Exchange::start(script, contact, &Remembered::default());
            play(words.api, exchange, turns)
        },
    )
}
