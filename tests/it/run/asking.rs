//! What the account is asked before, or without, a run: its own fields, whether the credential may do what the mapping
//! needs, and what a dry run tells of side effects.

use std::time::Duration;

use super::gate::ClosedPort;
use super::harness::{OFFICIAL, QUICK, Run, people};
use super::server::{Answer, Server, answer};

const LOCATION: &str = "ve9EPM428h8vShlRW1KT";

/// A mapping that needs every kind of read that HighLevel has.
const BY_NAME: &str = r#"provider = "highlevel"
[account]
token = { env = "SHOP_TOKEN" }
location_id = "ve9EPM428h8vShlRW1KT"
[contact]
match = { email = "Email" }
[fields]
firstName = "Name"
[custom_fields]
"Loyalty level" = "Level"
"#;

const FIELDS: &str = r#"{"customFields":[{"id":"aaaaaaaaaaaaaaaaaaaa","name":"Loyalty level","fieldKey":"contact.level","dataType":"TEXT"},{"id":"bbbbbbbbbbbbbbbbbbbb","name":"Plan\u001b[2J","fieldKey":"contact.plan","dataType":"SINGLE_OPTIONS","picklistOptions":["gold","silver"]}]}"#;

fn doctor(mapping: &str) -> Run {
    Run::verb("doctor")
        .file("shop/contacts.toml", mapping)
        .args(["-m", "shop/contacts.toml"])
}

fn fields(mapping: &str) -> Run {
    Run::verb("providers")
        .file("shop/contacts.toml", mapping)
        .args(["-m", "shop/contacts.toml"])
}

/// HighLevel, as far as it is asked here; some paths answer as they are told to.
fn highlevel(path: &'static str, other: fn() -> Answer) -> Server {
    Server::start(move |request| {
        let target = request.target.as_str();
        if !path.is_empty() && target.contains(path) {
            return other().into();
        }
        let body = match target {
            _ if target.contains("/customFields") => FIELDS,
            _ if target.contains("/duplicate") => r#"{"contact":null}"#,
            _ => r#"{"location":{"id":"x"}}"#,
        };
        answer(200, body).into()
    })
}

fn targets(server: &Server) -> Vec<String> {
    let requests = server.requests();
    let line = |request: &super::server::Request| format!("{} {}", request.method, request.target);
    requests.iter().map(line).collect()
}

#[test]
fn the_accounts_own_fields_are_listed() {
    let server = highlevel("", || answer(200, "{}"));
    let done = fields(BY_NAME).to(&server).go();
    assert_eq!(
        done.code(0).stdout,
        "2 custom fields in this account of HighLevel
  name           key            id                    type  options
  Loyalty level  contact.level  aaaaaaaaaaaaaaaaaaaa  text
  Plan\\u{1b}[2J  contact.plan   bbbbbbbbbbbbbbbbbbbb  enum  gold, silver
"
    );
    let list = format!("GET /locations/{LOCATION}/customFields?model=contact");
    assert_eq!(targets(&server), [list]);
}

/// Whoever writes a mapping needs the names before there is a field in it.
#[test]
fn a_mapping_that_is_not_finished_is_enough_to_list_them() {
    let server = highlevel("", || answer(200, "{}"));
    let (account, _) = BY_NAME.split_once("[contact]").expect("an account");
    fields(account).to(&server).go().code(0);
    let named = fields(account).args(["HighLevel"]).to(&server).go();
    named.code(0);
    let other = fields(account).args(["zingle"]).to(&server).go();
    other
        .code(2)
        .says("`shop/contacts.toml` is for HighLevel, not for Zingle");
    let lacks = account.replace("location_id", "# location_id");
    fields(&lacks)
        .to(&server)
        .go()
        .code(3)
        .says("`[account]` gives no `location_id`");
    assert_eq!(server.requests().len(), 2);
}

#[test]
fn the_stand_in_has_fields_of_its_own_for_every_provider() {
    for (provider, key) in [
        ("highlevel", "location_id = \"ve9EPM428h8vShlRW1KT\""),
        ("99digital", "account_id = 7"),
        (
            "zingle",
            "service_id = \"aff7bc93-6e28-4e70-8770-defa35cdfc1b\"",
        ),
        ("insighto", ""),
        ("acquire", "account_id = \"acme\""),
    ] {
        let mapping = format!(
            "provider = \"{provider}\"\n[account]\ntoken = {{ env = \"NOT_SET\" }}\n{key}\n"
        );
        let done = fields(&mapping).args(["--sandbox"]).go();
        let line = done.code(0).stdout.lines();
        let mut line = line.filter(|line| line.contains("Loyalty level"));
        assert!(
            line.next().is_some_and(|line| line.contains("text")),
            "{done}"
        );
    }
}

#[test]
fn an_account_that_does_not_tell_says_why() {
    for (status, body, code, words) in [
        (
            401,
            r#"{"message":"Invalid JWT"}"#,
            3,
            "make a new Private Integration Token",
        ),
        (
            403,
            r#"{"message":"no"}"#,
            3,
            "it needs the scope locations/customFields.readonly",
        ),
        (
            404,
            r#"{"message":"none"}"#,
            3,
            "check `location_id` and `base_url`",
        ),
        (503, "down", 5, "run the same command again later"),
        (429, "{}", 5, "run the same command again later"),
    ] {
        let server = Server::start(move |_| answer(status, body).into());
        let done = fields(BY_NAME).to(&server).go();
        let line = format!(
            "failed to ask the account what it has: GET /locations/{LOCATION}/customFields?model=contact gave {status}"
        );
        done.code(code).says(&line).says(words);
        assert_eq!(server.requests().len(), 1);
    }
    let nobody = ClosedPort::take();
    let done = fields(BY_NAME).args(["--base-url", &nobody.url()]).go();
    done.code(5)
        .says(&format!("connection refused by {}", nobody.address()));
}

/// A run asks before its first row, so that there is no report yet in which the time could stand.
#[test]
fn a_question_that_has_to_wait_too_long_ends_the_run_with_the_time() {
    for (name, value) in [
        ("retry-after", "3600"),
        ("x-ratelimit-daily-remaining", "0"),
    ] {
        let server = Server::start(move |_| answer(429, "{}").header(name, value).into());
        let done = Run::of(BY_NAME, "Email,Name,Level\np@example.org,P,1\n")
            .to(&server)
            .go();
        done.code(5)
            .says("failed to ask the account what it has: GET /locations/")
            .says("; run the same command again after 2")
            .says(" UTC; nothing was changed\n");
        assert_eq!(server.requests().len(), 1);
    }
}

#[test]
fn a_question_that_waits_can_be_interrupted() {
    for (signal, code) in [("INT", 130), ("TERM", 143)] {
        let server = Server::start(|_| answer(429, "{}").header("retry-after", "600").into());
        let running = Run::of(BY_NAME, "Email,Name,Level\np@example.org,P,1\n")
            .to(&server)
            .start();
        server.wait_for(1);
        running.signal(signal);
        running.end_within(Duration::from_secs(20)).code(code).says(
            "error: interrupted before the first row; nothing was changed; run the same command again\n",
        );
        assert_eq!(server.requests().len(), 1);
    }
}

#[test]
fn doctor_makes_each_kind_of_read_that_the_mapping_needs_once() {
    let server = highlevel("", || answer(200, "{}"));
    let done = doctor(BY_NAME).to(&server).go();
    assert_eq!(
        done.code(0).stdout,
        format!(
            "mapping     fine: 2 fields of HighLevel
credential  found
fields      ok: GET /locations/{LOCATION}/customFields?model=contact tells 2 custom fields
search      ok: GET /contacts/search/duplicate?locationId={LOCATION}&email=nobody%40contact-sync.invalid gave 200
account     ok: GET /locations/{LOCATION} gave 200
writing     not checked: reading cannot show whether the credential may write; `run --limit 1` sends one row
everything is ready; try `run --dry-run` next
"
        )
    );
    assert_eq!(server.requests().len(), 3);
}

#[test]
fn doctor_says_which_read_is_refused_and_tries_the_others() {
    let server = highlevel("/customFields", || {
        answer(
            401,
            r#"{"message":"The token is not authorized for this scope."}"#,
        )
    });
    let done = doctor(BY_NAME).to(&server).go();
    done.code(3)
        .says("it needs the scope locations/customFields.readonly");
    let lines: Vec<&str> = done.stdout.lines().collect();
    assert!(
        lines[2].starts_with("fields      refused: GET /locations/"),
        "{done}"
    );
    assert!(lines[3].starts_with("search      ok: "), "{done}");
    assert!(lines[4].starts_with("account     ok: "), "{done}");
    assert!(!done.stdout.contains("ready"), "{done}");

    let server = highlevel("/duplicate", || answer(404, r#"{"message":"Cannot GET"}"#));
    let done = doctor(BY_NAME).to(&server).go();
    done.code(3).says("gave 404");
    assert!(done.stdout.contains("search      not known: "), "{done}");
}

#[test]
fn doctor_holds_names_against_the_account() {
    let server = highlevel("", || answer(200, "{}"));
    let mapping = BY_NAME.replace("Loyalty level", "Loyalty levle");
    doctor(&mapping)
        .to(&server)
        .go()
        .code(3)
        .says("the account has no custom field `Loyalty levle`")
        .says("did you mean `Loyalty level`?");
}

/// A place that is not there is no contact that is not there.
#[test]
fn doctor_does_not_speak_of_contacts_where_the_account_is_not_there() {
    let server = Server::start(|_| answer(404, r#"{"message":"nothing here"}"#).into());
    let mapping = OFFICIAL.replace(
        "[contact]",
        "location_id = \"ve9EPM428h8vShlRW1KT\"\n[contact]",
    );
    let done = doctor(&mapping).to(&server).go();
    done.code(3).says("check `location_id` and `base_url`");
    assert!(!done.stderr.contains("contact was not deleted"), "{done}");
    // What the account lacks is told before anything is called fine.
    let done = doctor(OFFICIAL).go();
    assert_eq!(done.code(3).stdout, "");
}

#[test]
fn doctor_tries_reads_of_a_contact_with_nobodys_id() {
    let server = Server::start(|request| match request.target.ends_with("/labels") {
        true => answer(404, r#"{"error":"Resource could not be found"}"#).into(),
        false => answer(200, r#"{"id":1}"#).into(),
    });
    let mapping = format!("{QUICK}[tags]\nadd = [\"vip\"]\n");
    let done = doctor(&mapping).to(&server).go();
    done.code(0);
    assert_eq!(
        targets(&server),
        [
            "GET /api/v1/accounts/7/contacts/0/labels",
            "GET /api/v1/profile"
        ]
    );
    assert!(
        done.stdout.contains("tags        not known: GET /api/v1/accounts/7/contacts/0/labels gave 404 (not-found): Resource could not be found; there is nobody with a made-up id, which is all that can be tried without a contact\n"),
        "{done}"
    );
    assert!(done.stdout.contains("nothing was refused"), "{done}");
}

#[test]
fn a_dry_run_tells_the_side_effects_that_the_mapping_touches() {
    let dry = |mapping: &str| Run::of(mapping, people(1)).args(["--dry-run"]).go();
    let started = "Side effects in the account, as far as they are known:\n";
    let plain = dry(OFFICIAL);
    assert!(
        plain.code(0).stdout.contains(&format!(
            "{started}  - workflows of the account may start when a contact is made or changed, and may send messages: try `--limit 1` first\n\nA real run"
        )),
        "{plain}"
    );
    let tags = dry(&format!("{OFFICIAL}tags = {{ value = [\"vip\"] }}\n"));
    assert!(
        tags.code(0).stdout.contains("when a tag comes or goes"),
        "{tags}"
    );
    let native = dry(&OFFICIAL
        .replace(
            "[contact]",
            "location_id = \"ve9EPM428h8vShlRW1KT\"\n[contact]",
        )
        .replace(
            "id = \"Id\"",
            "match = { email = \"Email\" }\nmode = \"upsert\"\nupsert = \"native\"",
        ));
    assert!(
        native
            .code(0)
            .stdout
            .contains("put another e-mail in place of the contact's main one"),
        "{native}"
    );
    assert!(
        native.stdout.contains("at most 1 call: 1 upsert."),
        "{native}"
    );
}

/// A change of e-mail addresses has two columns on purpose.
#[test]
fn people_who_are_found_by_one_column_and_given_another_are_told_of() {
    let mapping = r#"provider = "99digital"
[account]
token = { env = "SHOP_TOKEN" }
account_id = 7
[contact]
match = { email = "Old" }
[fields]
email = "New"
"#;
    let rows = "Old,New\na@example.org,b@example.org\n";
    let done = Run::of(mapping, rows).args(["--dry-run"]).go();
    done.code(0).says("people are found by column `Old` and then given column `New` as their `email`; with `match` and `email` from one column nobody's changes");
    let same = mapping.replace("\"New\"", "\"Old\"");
    let done = Run::of(&same, rows).args(["--dry-run"]).go();
    assert!(
        !done.code(0).stderr.contains("people are found by"),
        "{done}"
    );
}

/// Questions before the first row are requests like all others: at the account's pace, counted and tried again.
#[test]
fn questions_are_counted_and_asked_again() {
    let server = Server::start(|request| {
        let first = request.before == 0;
        match request.target.contains("/customFields") {
            true if first => answer(503, "down").into(),
            true => answer(200, FIELDS).into(),
            false => answer(200, r#"{"contact":{"id":"x"}}"#).into(),
        }
    });
    let mapping = BY_NAME.replace("match = { email = \"Email\" }", "id = \"Id\"");
    let rows = "Id,Name,Email,Level\n1,Dana,d@example.org,gold\n";
    let done = Run::of(&mapping, rows).to(&server).go();
    done.code(0).all("updated");
    assert_eq!(server.requests().len(), 3);
    let summary = done.summary();
    assert_eq!(
        (&summary["requests"], &summary["retries"]),
        (&3.into(), &1.into())
    );
}
