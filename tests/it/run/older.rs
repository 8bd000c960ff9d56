//! A state file that an earlier version wrote is brought forward: what it remembers for sure costs no call, and what it
//! cannot know is sent once more.

use std::fs;
use std::path::{Path, PathBuf};

use rusqlite::Connection;
use serde_json::json;

use super::nights::Nights;
use super::server::{answer, taken};

const BY_EMAIL: &str = r#"provider = "99digital"
[account]
token = { env = "SHOP_TOKEN" }
account_id = 7
[contact]
match = { email = "Email" }
[fields]
name = "Name"
"#;

/// One row for each of the first two, and two rows for the third.
const FOUR: &str = "Name,Email,Phone
Ann,p1@example.org,+972501230001
Ben,p2@example.org,+972501230002
Cleo,p3@example.org,+972501230003
Clio,p3@example.org,+972501230003
";

/// Everybody is there: by the number in their e-mail or at the end of their phone.
fn account() -> Nights {
    Nights::with(|request| {
        if request.contact() != "filter" {
            return taken();
        }
        let asked = request.json();
        let value = asked["payload"][0]["values"][0]
            .as_str()
            .unwrap_or_default();
        let number = value
            .bytes()
            .find(|byte| matches!(byte, b'1'..=b'3') && !value.starts_with("97"));
        let number = number
            .or(value.bytes().last())
            .map_or(0, |byte| byte - b'0');
        let person = json!({ "id": number, "email": format!("p{number}@example.org"), "phone_number": format!("+97250123000{number}") });
        answer(200, &json!({ "payload": [person] }).to_string()).into()
    })
}

fn file(nights: &Nights) -> PathBuf {
    nights.state.path().join("contact-sync/state.db")
}

fn open(path: &Path) -> Connection {
    Connection::open(path).expect("a state file")
}

fn format(path: &Path) -> i64 {
    let number = open(path).query_row("PRAGMA user_version", [], |row| row.get(0));
    number.expect("a number")
}

/// Writes a file of today as the first version did: what was accepted stands under what rows know the contact by.
fn as_the_first_version(path: &Path) {
    let words = "
        BEGIN;
        CREATE TEMP TABLE first AS SELECT person.contact, accepted.account, request
            FROM person JOIN accepted ON accepted.contact = leads;
        CREATE TEMP TABLE later AS SELECT person.contact, ordinal, twin.account, request
            FROM person JOIN twin ON twin.contact = leads;
        DELETE FROM accepted WHERE contact IN (SELECT leads FROM person);
        DELETE FROM twin WHERE contact IN (SELECT leads FROM person);
        INSERT INTO accepted SELECT contact, account, request FROM first;
        INSERT INTO twin SELECT contact, ordinal, account, request FROM later;
        ALTER TABLE person DROP COLUMN leads;
        DROP TABLE fresh;
        CREATE TABLE fresh (number INTEGER PRIMARY KEY, contact INTEGER NOT NULL, ordinal INTEGER NOT NULL,
            account INTEGER NOT NULL, request BLOB NOT NULL) STRICT;
        PRAGMA user_version = 1;
        COMMIT;";
    open(path).execute_batch(words).expect("the first format");
}

#[test]
fn what_it_knows_is_known_and_a_dry_run_leaves_it_as_it_is() {
    let nights = account();
    let (first, sent) = nights.night(BY_EMAIL, FOUR);
    first.code(0).all("updated");
    assert_eq!(sent, ["1", "2", "3", "3", "filter", "filter", "filter"]);
    let state = file(&nights);
    assert_eq!(format(&state), 3);
    as_the_first_version(&state);
    let before = fs::read(&state).expect("there");
    let looked = nights.run(BY_EMAIL, FOUR).args(["--dry-run"]).go();
    looked.code(0).all("unchanged");
    assert_eq!(fs::read(&state).expect("there"), before);
    for _ in 0..2 {
        let (done, sent) = nights.night(BY_EMAIL, FOUR);
        done.code(0).all("unchanged");
        assert!(sent.is_empty(), "{done}");
        let ids: Vec<String> = done
            .results()
            .into_iter()
            .map(|line| line.contact_id)
            .collect();
        assert_eq!(ids, ["1", "2", "3", "3"]);
        assert_eq!(format(&state), 3);
    }
    // The account has the second row about her, which says as much.
    let (done, sent) = nights.night(BY_EMAIL, &FOUR.replace("Cleo", "Klio"));
    done.code(0).row(3, "skipped", "superseded");
    assert!(sent.is_empty(), "{done}");
}

#[test]
fn what_it_cannot_know_is_sent_once_more() {
    let nights = account();
    let state = file(&nights);
    nights.night(BY_EMAIL, FOUR).0.code(0).all("updated");
    let monday = "SELECT person.contact, request FROM person JOIN accepted ON accepted.contact = leads WHERE id = '1'";
    let (email, request): (i64, Vec<u8>) = open(&state)
        .query_row(monday, [], |row| Ok((row.get(0)?, row.get(1)?)))
        .expect("remembered");
    // Ann's name is changed by another key, which the first version kept apart.
    let by_phone = BY_EMAIL.replace("email = \"Email\"", "phone = \"Phone\"");
    let ann = "Name,Email,Phone\nAnna,p1@example.org,+972501230001\n";
    nights.night(&by_phone, ann).0.code(0).all("updated");
    as_the_first_version(&state);
    open(&state)
        .execute(
            "UPDATE accepted SET request = ?2 WHERE contact = ?1",
            (email, request),
        )
        .expect("as it was on Monday");
    let (done, sent) = nights.night(BY_EMAIL, FOUR);
    done.code(0);
    assert_eq!(sent, ["1"], "{done}");
    assert_eq!((done.count("updated"), done.count("unchanged")), (1, 3));
    nights.night(BY_EMAIL, FOUR).0.code(0).all("unchanged");
}

/// Writes a file of today as the second version did: rows that are not sorted in yet, each for itself; these are new, and
/// the file does not know them elsewhere.
fn as_the_second_version_was_killed(path: &Path) {
    let words = "
        BEGIN;
        DROP TABLE fresh;
        CREATE TABLE fresh (number INTEGER PRIMARY KEY, contact INTEGER NOT NULL, ordinal INTEGER NOT NULL,
            account INTEGER NOT NULL, request BLOB NOT NULL) STRICT;
        INSERT INTO fresh (contact, ordinal, account, request) SELECT contact, 0, account, x'' FROM accepted;
        INSERT INTO fresh (contact, ordinal, account, request) SELECT contact, 0, account, request FROM accepted;
        INSERT INTO fresh (contact, ordinal, account, request) SELECT contact, ordinal, account, request FROM twin;
        DELETE FROM accepted;
        DELETE FROM twin;
        PRAGMA user_version = 2;
        COMMIT;";
    open(path).execute_batch(words).expect("the second format");
}

#[test]
fn rows_that_waited_in_the_second_version_are_known_and_a_dry_run_leaves_them_as_they_are() {
    let nights = account();
    nights.night(BY_EMAIL, FOUR).0.code(0).all("updated");
    let state = file(&nights);
    as_the_second_version_was_killed(&state);
    let before = fs::read(&state).expect("there");
    let looked = nights.run(BY_EMAIL, FOUR).args(["--dry-run"]).go();
    looked.code(0).all("unchanged");
    assert_eq!(fs::read(&state).expect("there"), before);
    assert_eq!(format(&state), 2);
    let (done, sent) = nights.night(BY_EMAIL, FOUR);
    done.code(0).all("unchanged");
    assert!(sent.is_empty(), "{done}");
    assert_eq!(format(&state), 3);
}
