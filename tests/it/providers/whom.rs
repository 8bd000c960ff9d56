//! Whom a row is about: found, not found, several, gone; the same for every provider, in its own words.

use contact_sync::contact::Fate;
use serde_json::{Value, json};

use super::talk::{Heard, each, ended, made, recalled, remembered, talk};
use super::words::Person;

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
