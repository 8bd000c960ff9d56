//! How people are made: only who is not there, with what they are found by, and never twice.

use contact_sync::contact::Fate;
use contact_sync::provider::exchange::Remembered;
use serde_json::{Value, json};

use super::api;
use super::talk::{Heard, each, ended, made, recalled, remembered, talk, yes};
use super::words::Words;

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
fn a_lost_answer_to_what_follows_leaves_it_open_and_says_so() {
    let insighto = api("insighto");
    let words = Words {
        provider: "insighto",
        api: &insighto,
    };
    let [dana, _] = words.people();
    let told = |heard| {
        let mut turns = made(&words, &dana);
        turns.last_mut().expect("a completion").1 = heard;
        talk(&words, &words.mapping("create"), &words.row(&dana), turns)
    };
    let lost = told(Heard::Lost);
    ended(&words, &lost, Fate::Unknown, "no-answer", dana.id);
    let refused = told(Heard::Reply(422, json!({"detail": "no such phone"})));
    assert_eq!(refused.fate, Fate::Failed);
    for (verdict, words) in [
        (
            lost,
            "it is not known whether all of its fields were written",
        ),
        (refused, "not all of its fields were written"),
    ] {
        let begins = format!("the contact was created, but {words}: ");
        assert!(verdict.message.starts_with(&begins), "{}", verdict.message);
    }
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

/// What somebody is made with is read as it is for the search, or the next run would make them again.
#[test]
fn a_national_number_is_searched_for_and_given_in_the_same_form() {
    each(|words| {
        let [dana, _] = words.people();
        let mapping = words.mapping("upsert").replace(
            "phone = \"Phone\"",
            "phone = { column = \"Phone\", region = \"IL\" }",
        );
        let row = [
            ("Email", "dana@example.com"),
            ("Phone", "052-345-6781"),
            ("Name", "Dana"),
        ];
        let verdict = talk(words, &mapping, &row, made(words, &dana));
        ended(words, &verdict, Fate::Created, "", dana.id);
    });
}
