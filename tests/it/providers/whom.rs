//! Whom a row is about: found, not found, made, several, gone; the same for every provider, in its own words.

use contact_sync::contact::{Fate, Verdict};
use contact_sync::provider::exchange::{Exchange, Remembered};
use serde_json::{Value, json};

use super::talk::{Heard, Said, play, talk, with, yes};
use super::words::{Person, Words};
use super::{PROVIDERS, api};

/// Runs a test with the words of every provider.
fn each(test: impl Fn(&Words<'_>)) {
    for provider in PROVIDERS {
        let api = api(provider);
        let api = &api;
        test(&Words { provider, api });
    }
}

#[track_caller]
fn ended(words: &Words<'_>, verdict: &Verdict, fate: Fate, code: &str, id: &str) {
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

fn remembered(id: &str, in_doubt: bool) -> Remembered {
    Remembered {
        id: id.to_owned(),
        in_doubt,
        listed: None,
    }
}

/// A conversation that begins with what an earlier run found out.
#[track_caller]
fn recalled(
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
        |script, contact| play(words.api, Exchange::start(script, contact, known), turns),
    )
}

#[test]
fn who_is_found_is_changed_and_asked_for_once() {
    each(|words| {
        let [dana, _] = words.people();
        for mode in ["update", "upsert"] {
            let turns = [
                (words.by_email(&dana), words.hits(&[dana])),
                // The one who was found shows the row's phone as well.
                (words.change(&dana), words.done(&dana)),
            ];
            let verdict = talk(words, &words.mapping(mode), &words.row(&dana), turns);
            ended(words, &verdict, Fate::Updated, "", dana.id);
        }
    });
}

#[test]
fn who_is_not_found_is_not_made_unless_that_is_asked_for() {
    each(|words| {
        let [dana, _] = words.people();
        let turns = [
            (words.by_email(&dana), words.hits(&[])),
            (words.by_phone(&dana), words.hits(&[])),
        ];
        let verdict = talk(words, &words.mapping("update"), &words.row(&dana), turns);
        ended(words, &verdict, Fate::Failed, "not-found", "");
        assert!(
            verdict.message.contains("dana@example.com"),
            "{}",
            verdict.message
        );
    });
}

fn made(words: &Words<'_>, dana: &Person) -> Vec<(Said, Heard)> {
    let mut turns = vec![
        (words.by_email(dana), words.hits(&[])),
        (words.by_phone(dana), words.hits(&[])),
        (words.create(dana), words.done(dana)),
    ];
    turns.extend(words.completion(dana));
    turns
}

#[test]
fn who_is_not_found_is_made_with_what_they_are_found_by() {
    each(|words| {
        let [dana, _] = words.people();
        for mode in ["upsert", "create"] {
            let verdict = talk(
                words,
                &words.mapping(mode),
                &words.row(&dana),
                made(words, &dana),
            );
            ended(words, &verdict, Fate::Created, "", dana.id);
        }
    });
}

#[test]
fn who_is_there_is_not_made() {
    each(|words| {
        let [dana, _] = words.people();
        let turns = [(words.by_email(&dana), words.hits(&[dana]))];
        let verdict = talk(words, &words.mapping("create"), &words.row(&dana), turns);
        ended(words, &verdict, Fate::Failed, "duplicate", dana.id);
        // An earlier run knew them: nothing has to be asked, and nothing is changed.
        let known = remembered(dana.id, false);
        let verdict = recalled(words, "create", &dana, &known, Vec::new());
        ended(words, &verdict, Fate::Failed, "duplicate", dana.id);
    });
}

#[test]
fn two_people_for_one_row_are_too_many() {
    each(|words| {
        let [dana, noa] = words.people();
        // The row has the e-mail of one and the phone of the other.
        let mixed = Person {
            phone: noa.phone,
            ..dana
        };
        let mut turns = vec![
            (words.by_email(&mixed), words.hits(&[dana])),
            (words.by_phone(&mixed), words.hits(&[noa])),
        ];
        let verdict = talk(words, &words.mapping("upsert"), &words.row(&mixed), turns);
        ended(words, &verdict, Fate::Failed, "ambiguous", "");
        for id in [dana.id, noa.id, "email", "phone"] {
            assert!(verdict.message.contains(id), "{}", verdict.message);
        }
        if words.provider == "highlevel" {
            return; // It shows one at a time.
        }
        let twin = Person {
            email: dana.email,
            ..noa
        };
        turns = vec![(words.by_email(&dana), words.hits(&[dana, twin]))];
        let verdict = talk(words, &words.mapping("update"), &words.row(&dana), turns);
        ended(words, &verdict, Fate::Failed, "ambiguous", "");
        assert!(verdict.message.contains(dana.id) && verdict.message.contains(noa.id));
    });
}

#[test]
fn who_is_like_them_is_not_them() {
    each(|words| {
        let [dana, noa] = words.people();
        let near = Person {
            email: "xdana@example.com",
            phone: "+9725234567810",
            ..noa
        };
        let turns = [
            (words.by_email(&dana), words.hits(&[near])),
            (words.by_phone(&dana), words.hits(&[near])),
        ];
        let verdict = talk(words, &words.mapping("update"), &words.row(&dana), turns);
        ended(words, &verdict, Fate::Failed, "not-found", "");
        // Capitals and what stands between digits make nobody another.
        let same = Person {
            email: "Dana@Example.COM",
            phone: "972 52-345 6781",
            ..dana
        };
        let turns = [
            (
                words.by_email(&dana),
                words.hits(
                    &[near, same][if words.provider == "highlevel" {
                        1..
                    } else {
                        0..
                    }],
                ),
            ),
            (words.change(&dana), words.done(&dana)),
        ];
        let verdict = talk(words, &words.mapping("update"), &words.row(&dana), turns);
        ended(words, &verdict, Fate::Updated, "", dana.id);
    });
}

#[test]
fn somebody_found_by_the_second_key_is_found() {
    each(|words| {
        let [dana, _] = words.people();
        let moved = Person {
            email: "dana@old.example",
            ..dana
        };
        let turns = [
            (words.by_email(&dana), words.hits(&[])),
            (words.by_phone(&dana), words.hits(&[moved])),
            (words.change(&dana), words.done(&dana)),
        ];
        let verdict = talk(words, &words.mapping("upsert"), &words.row(&dana), turns);
        ended(words, &verdict, Fate::Updated, "", dana.id);
    });
}

#[test]
fn a_create_whose_answer_is_lost_is_looked_for_and_not_repeated() {
    each(|words| {
        let [dana, _] = words.people();
        let page = || Heard::Reply(502, json!("bad gateway"));
        for gone in [
            Heard::Lost,
            page(),
            Heard::Reply(503, Value::Null),
            yes(json!("cut")),
        ] {
            let begin = || {
                vec![
                    (words.by_email(&dana), words.hits(&[])),
                    (words.by_phone(&dana), words.hits(&[])),
                    (words.create(&dana), gone.clone()),
                ]
            };
            let mut found = begin();
            // Search may lag behind what was written.
            found.push((words.by_email(&dana), words.hits(&[])));
            found.push((words.by_phone(&dana), words.hits(&[])));
            found.push((words.by_email(&dana), words.hits(&[dana])));
            found.extend(words.completion(&dana));
            let verdict = talk(words, &words.mapping("upsert"), &words.row(&dana), found);
            ended(words, &verdict, Fate::Created, "", dana.id);

            let mut never = begin();
            never.push((words.by_email(&dana), words.hits(&[])));
            never.push((words.by_phone(&dana), words.hits(&[])));
            let verdict = talk(words, &words.mapping("upsert"), &words.row(&dana), never);
            ended(words, &verdict, Fate::Unknown, "no-answer", "");

            // Whatever stops it in the middle, nobody says that nothing was done.
            let verdict = talk(words, &words.mapping("upsert"), &words.row(&dana), begin());
            ended(words, &verdict, Fate::Unknown, "no-answer", "");
            let mut outage = begin();
            outage.push((words.by_email(&dana), Heard::Reply(503, Value::Null)));
            let verdict = talk(words, &words.mapping("upsert"), &words.row(&dana), outage);
            assert_eq!(verdict.fate, Fate::Unknown, "{}", verdict.message);
        }
    });
}

#[test]
fn the_next_run_looks_before_it_makes_anybody() {
    each(|words| {
        let [dana, _] = words.people();
        let doubt = remembered("", true);
        for mode in ["upsert", "create"] {
            let turns = vec![
                (words.by_email(&dana), words.hits(&[dana])),
                (words.change(&dana), words.done(&dana)),
            ];
            let verdict = recalled(words, mode, &dana, &doubt, turns);
            ended(words, &verdict, Fate::Updated, "", dana.id);
            let verdict = recalled(words, mode, &dana, &doubt, made(words, &dana));
            ended(words, &verdict, Fate::Created, "", dana.id);
            let turns = vec![(words.by_email(&dana), Heard::Reply(503, Value::Null))];
            let verdict = recalled(words, mode, &dana, &doubt, turns);
            assert_eq!(verdict.fate, Fate::Unknown, "it is as open as before");
        }
    });
}

#[test]
fn a_question_without_an_answer_leaves_nothing_in_doubt() {
    each(|words| {
        let [dana, _] = words.people();
        for gone in [Heard::Lost, Heard::Reply(502, Value::Null)] {
            let turns = [(words.by_email(&dana), gone)];
            let verdict = talk(words, &words.mapping("upsert"), &words.row(&dana), turns);
            assert_eq!(verdict.fate, Fate::Failed, "{}", verdict.message);
            assert!(
                verdict.message.contains("nothing was changed"),
                "{}",
                verdict.message
            );
        }
    });
}

/// A path that is not there must not be taken for an account without people.
#[test]
fn nobody_is_made_because_a_search_is_not_there() {
    each(|words| {
        let [dana, _] = words.people();
        let turns = [(
            words.by_email(&dana),
            Heard::Reply(404, json!({"error": "?"})),
        )];
        let verdict = talk(words, &words.mapping("upsert"), &words.row(&dana), turns);
        ended(words, &verdict, Fate::Failed, "not-found", "");
        assert!(
            verdict.message.contains("nothing was changed"),
            "{}",
            verdict.message
        );
    });
}

#[test]
fn a_duplicate_that_the_account_refuses_is_told() {
    let refusals = [
        (
            "highlevel",
            400,
            json!({"statusCode": 400, "message": "This location does not allow duplicated contacts.", "meta": {"contactId": "aaAAaaAAaaAAaaAAaa02", "matchingField": "email"}}),
        ),
        (
            "99digital",
            422,
            json!({"message": "Identifier has already been taken", "attributes": ["identifier"]}),
        ),
        (
            "zingle",
            400,
            json!({"status": {"status_code": 400, "description": "Channel is assigned", "error_code": 3104}}),
        ),
        ("insighto", 400, json!({"detail": "Contact already exists"})),
        (
            "acquire",
            400,
            json!({"error": {"type": "ERROR_DUPLICATE_RECORD_FOUND"}}),
        ),
    ];
    for (provider, status, body) in refusals {
        let api = api(provider);
        let words = Words {
            provider,
            api: &api,
        };
        let [dana, _] = words.people();
        let turns = [
            (words.by_email(&dana), words.hits(&[])),
            (words.by_phone(&dana), words.hits(&[])),
            (words.create(&dana), Heard::Reply(status, body)),
        ];
        let verdict = talk(&words, &words.mapping("upsert"), &words.row(&dana), turns);
        ended(&words, &verdict, Fate::Failed, "duplicate", "");
    }
}

/// What a provider says when it has no contact with this id.
fn gone(provider: &str) -> Heard {
    match provider {
        "highlevel" => Heard::Reply(
            400,
            json!({"statusCode": 400, "message": "Contact with id x not found"}),
        ),
        "acquire" => Heard::Reply(400, json!({"error": {"type": "ERROR_RECORD_NOT_FOUND"}})),
        "zingle" => Heard::Reply(
            404,
            json!({"status": {"status_code": 404, "error_code": 3000}}),
        ),
        _ => Heard::Reply(404, json!({"detail": "Contact not found"})),
    }
}

#[test]
fn an_id_of_an_earlier_run_saves_the_search_and_is_found_again_when_it_is_gone() {
    each(|words| {
        let [dana, noa] = words.people();
        let old = Person { id: noa.id, ..dana };
        let known = remembered(old.id, false);
        let turns = vec![(words.change(&old), words.done(&old))];
        let verdict = recalled(words, "upsert", &dana, &known, turns);
        ended(words, &verdict, Fate::Updated, "", old.id);

        let turns = vec![
            (words.change(&old), gone(words.provider)),
            (words.by_email(&dana), words.hits(&[dana])),
            (words.change(&dana), words.done(&dana)),
        ];
        let verdict = recalled(words, "upsert", &dana, &known, turns);
        ended(words, &verdict, Fate::Updated, "", dana.id);

        let mut turns = vec![(words.change(&old), gone(words.provider))];
        turns.extend(made(words, &dana));
        let verdict = recalled(words, "upsert", &dana, &known, turns);
        ended(words, &verdict, Fate::Created, "", dana.id);

        // Once is enough.
        let turns = vec![
            (words.change(&old), gone(words.provider)),
            (words.by_email(&dana), words.hits(&[dana])),
            (words.change(&dana), gone(words.provider)),
        ];
        let verdict = recalled(words, "upsert", &dana, &known, turns);
        ended(words, &verdict, Fate::Failed, "not-found", dana.id);
    });
}

/// Where a provider cannot be asked for one person, the whole list was read before.
#[test]
fn a_list_that_was_read_before_answers_without_a_call() {
    let api = api("insighto");
    let words = Words {
        provider: "insighto",
        api: &api,
    };
    let [dana, noa] = words.people();
    let listed = |ids: &[&str]| Remembered {
        listed: Some(ids.iter().map(|id| (*id).to_owned()).collect()),
        ..Remembered::default()
    };
    let turns = vec![(words.change(&dana), words.done(&dana))];
    let verdict = recalled(&words, "upsert", &dana, &listed(&[dana.id]), turns);
    ended(&words, &verdict, Fate::Updated, "", dana.id);
    let verdict = recalled(
        &words,
        "upsert",
        &dana,
        &listed(&[dana.id, noa.id]),
        Vec::new(),
    );
    ended(&words, &verdict, Fate::Failed, "ambiguous", "");
    let verdict = recalled(&words, "update", &dana, &listed(&[]), Vec::new());
    ended(&words, &verdict, Fate::Failed, "not-found", "");
    let mut turns = vec![(words.create(&dana), words.done(&dana))];
    turns.extend(words.completion(&dana));
    let verdict = recalled(&words, "upsert", &dana, &listed(&[]), turns);
    ended(&words, &verdict, Fate::Created, "", dana.id);
    // The list is older than the create, so it says nothing about it.
    let turns = vec![(words.create(&dana), Heard::Lost)];
    let verdict = recalled(&words, "upsert", &dana, &listed(&[]), turns);
    ended(&words, &verdict, Fate::Unknown, "no-answer", "");
}
