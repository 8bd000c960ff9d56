//! People who are known by their e-mail or phone instead of an id, night after night: what the account has last taken from
//! us is remembered for the contact, whatever led to it.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use contact_sync::provider::api::Api;
use contact_sync::sandbox::{Beside, Sandbox};
use serde_json::{Value, json};
use tempfile::TempDir;

use super::done::Done;
use super::harness::Run;
use super::nights::Nights;
use super::server::{Reaction, Request, answer, taken};
use crate::sandbox::body_of;

/// A mapping whose `[contact]` says this.
fn mapping(provider: &str, contact: &str) -> String {
    let (account, name) = match provider {
        "insighto" => ("", "first_name"),
        _ => ("account_id = 7\n", "name"),
    };
    format!(
        "provider = \"{provider}\"\n[account]\ntoken = {{ env = \"SHOP_TOKEN\" }}\n{account}[contact]\n{contact}\n[fields]\n{name} = \"Name\"\n"
    )
}

const BY_EMAIL: &str = "match = { email = \"Email\" }";
const BY_PHONE: &str = "match = { phone = \"Phone\" }";
const BY_BOTH: &str = "match = { email = \"Email\", phone = \"Phone\" }";
const THE_OTHER_WAY_ROUND: &str = "match = { phone = \"Phone\", email = \"Email\" }";
const BY_ID: &str = "id = \"Id\"";

/// A stand-in with one person in it, and a state that outlives every run.
struct Account {
    provider: &'static str,
    state: TempDir,
    sandbox: Beside,
    /// Dana's id.
    id: String,
}

impl Account {
    /// Dana is there, with an e-mail and a phone.
    fn with_dana(provider: &'static str) -> Self {
        let api: Arc<Api> = Arc::new(crate::providers::api(provider));
        let sandbox = Sandbox::bind(api, 0).expect("a stand-in");
        let sandbox = sandbox.without_limits().beside().expect("a thread");
        let mut account = Self {
            provider,
            state: tempfile::tempdir().expect("a directory"),
            sandbox,
            id: String::new(),
        };
        let fields = match provider {
            "insighto" => "email = \"Email\"\nchannels.telephone = \"Phone\"\n",
            _ => "email = \"Email\"\nphone_number = \"Phone\"\n",
        };
        let contact = format!("mode = \"upsert\"\n{BY_BOTH}");
        let made = account.night_of(
            &(mapping(provider, &contact) + fields),
            &account.dana("Made"),
            &[],
        );
        made.code(0).all("created");
        account.id = made.results()[0].contact_id.clone();
        account
    }

    /// One row about Dana.
    fn dana(&self, name: &str) -> String {
        format!(
            "Id,Name,Email,Phone\n{},{name},dana@example.org,+972501234567\n",
            self.id
        )
    }

    fn night_of(&self, mapping: &str, csv: &str, more: &[&str]) -> Done {
        let url = format!("http://{}", self.sandbox.address());
        Run::of(mapping, csv)
            .args(["--base-url", &url, "--rate", "5000/1s"])
            .args(more.iter().copied())
            .env("XDG_STATE_HOME", self.state.path())
            .go()
    }

    /// A night in which one row gives Dana this name, which is hers afterwards, whatever the row is told.
    #[track_caller]
    fn night(&self, contact: &str, name: &str, outcome: &str) {
        self.night_with(contact, name, outcome, &[]);
    }

    #[track_caller]
    fn night_with(&self, contact: &str, name: &str, outcome: &str, more: &[&str]) {
        let done = self.night_of(&mapping(self.provider, contact), &self.dana(name), more);
        done.code(0).all(outcome);
        assert_eq!(self.name(), name, "{done}");
        assert_eq!(done.results()[0].contact_id, self.id, "{done}");
    }

    /// The name that Dana has in the account.
    fn name(&self) -> String {
        let (line, at) = match self.provider {
            "insighto" => (
                format!("GET /api/v1/contact/{}?api_key=t", self.id),
                "/data/first_name",
            ),
            _ => (
                format!("GET /api/v1/accounts/7/contacts/{}", self.id),
                "/payload/name",
            ),
        };
        let shown = body_of(self.sandbox.address(), &line, "api_access_token: t\r\n");
        let name = shown.pointer(at).and_then(Value::as_str);
        name.unwrap_or_else(|| panic!("{shown}")).to_owned()
    }
}

#[test]
fn a_person_who_was_changed_under_other_keys_meanwhile_is_not_called_unchanged() {
    for tuesday in [BY_PHONE, BY_BOTH, THE_OTHER_WAY_ROUND, BY_ID] {
        let account = Account::with_dana("99digital");
        account.night(BY_EMAIL, "Monday", "updated");
        account.night(BY_EMAIL, "Monday", "unchanged");
        account.night(tuesday, "Tuesday", "updated");
        account.night(tuesday, "Tuesday", "unchanged");
        account.night(BY_EMAIL, "Monday", "updated");
        account.night(BY_EMAIL, "Monday", "unchanged");
        account.night_with(tuesday, "Tuesday", "updated", &["--force"]);
        account.night(BY_EMAIL, "Monday", "updated");
        account.night(tuesday, "Tuesday", "updated");
    }
}

#[test]
fn so_it_is_where_the_whole_list_of_people_is_read() {
    let account = Account::with_dana("insighto");
    for _ in 0..2 {
        account.night(BY_EMAIL, "Monday", "updated");
        account.night(BY_EMAIL, "Monday", "unchanged");
        account.night(BY_PHONE, "Tuesday", "updated");
        account.night(BY_ID, "Wednesday", "updated");
        account.night(BY_ID, "Wednesday", "unchanged");
    }
}

#[test]
fn a_dry_run_knows_it_too() {
    let account = Account::with_dana("99digital");
    account.night(BY_EMAIL, "Monday", "updated");
    let dry = |name: &str, outcome: &str| {
        let mapping = mapping("99digital", BY_EMAIL);
        let done = account.night_of(&mapping, &account.dana(name), &["--dry-run"]);
        done.code(0).all(outcome);
    };
    dry("Monday", "unchanged");
    account.night(BY_PHONE, "Tuesday", "updated");
    dry("Monday", "valid");
}

#[test]
fn two_rows_that_lead_to_one_person_never_take_turns() {
    let by_email = ",Email row,dana@example.org,\n";
    let by_phone = ",Phone row,,+972501234567\n";
    for (first, second) in [(by_email, by_phone), (by_phone, by_email)] {
        let account = Account::with_dana("99digital");
        let csv = format!("Id,Name,Email,Phone\n{first}{second}");
        let mut names = Vec::new();
        for night in 0..4 {
            let done = account.night_of(
                &mapping("99digital", BY_BOTH),
                &csv,
                &["--concurrency", "1"],
            );
            done.code(1);
            let [one, other] = &done.results()[..] else {
                panic!("{done}")
            };
            let outcome = match night {
                0 => "updated",
                _ => "unchanged",
            };
            assert_eq!(
                (one.outcome.as_str(), other.outcome.as_str()),
                (outcome, "failed"),
                "{done}"
            );
            assert_eq!(other.code, "ambiguous");
            let message = "another row, which says something else of itself, leads to the same contact `1001`; make one row of the two";
            assert_eq!(other.message, message);
            names.push(account.name());
        }
        assert!(
            names.iter().all(|name| first.contains(name.as_str())),
            "{names:?}"
        );
    }
}

/// What finds people: one person, or nobody.
fn hits(id: &str) -> Reaction {
    let people = match id {
        "" => json!([]),
        id => {
            json!([{ "id": id.parse::<u64>().expect("a number"), "email": "dana@example.org", "phone_number": "+972501234567" }])
        }
    };
    answer(200, &json!({ "payload": people }).to_string()).into()
}

fn asks(request: &Request) -> bool {
    request.contact() == "filter"
}

fn row(name: &str) -> String {
    format!("Name,Email,Phone\n{name},dana@example.org,+972501234567\n")
}

#[test]
fn a_run_that_is_killed_as_it_changes_somebody_who_was_found_leaves_no_false_memory() {
    let hangs = Arc::new(AtomicBool::new(false));
    let seen = Arc::clone(&hangs);
    let nights = Nights::with(move |request| match asks(request) {
        true => hits("5"),
        false if seen.load(Ordering::SeqCst) => Reaction::Never,
        false => taken(),
    });
    let by_email = mapping("99digital", BY_EMAIL);
    nights
        .night(&by_email, &row("Monday"))
        .0
        .code(0)
        .all("updated");
    nights
        .night(&by_email, &row("Monday"))
        .0
        .code(0)
        .all("unchanged");
    hangs.store(true, Ordering::SeqCst);
    let before = nights.server.requests().len();
    let running = nights
        .run(&mapping("99digital", BY_PHONE), &row("Tuesday"))
        .start();
    nights.server.wait_for(before + 2);
    running.signal("KILL");
    running.torn();
    hangs.store(false, Ordering::SeqCst);
    let (done, sent) = nights.night(&by_email, &row("Monday"));
    done.code(0).all("updated");
    assert_eq!(sent, ["5"], "whose id is known is not looked for");
    nights
        .night(&by_email, &row("Monday"))
        .0
        .code(0)
        .all("unchanged");
}

#[test]
fn somebody_who_turned_out_gone_is_not_called_unchanged() {
    let gone = Arc::new(AtomicBool::new(false));
    let seen = Arc::clone(&gone);
    let nights = Nights::with(
        move |request| match (seen.load(Ordering::SeqCst), asks(request)) {
            (false, true) => hits("5"),
            (false, false) => taken(),
            (true, true) => hits(""),
            (true, false) => answer(404, r#"{"error":"Resource could not be found"}"#).into(),
        },
    );
    let by_email = mapping("99digital", BY_EMAIL);
    nights
        .night(&by_email, &row("Monday"))
        .0
        .code(0)
        .all("updated");
    gone.store(true, Ordering::SeqCst);
    nights
        .night(&by_email, &row("Tuesday"))
        .0
        .code(1)
        .all("failed");
    for _ in 0..2 {
        let (done, sent) = nights.night(&by_email, &row("Monday"));
        done.code(1).all("failed");
        assert_eq!(sent, ["filter"], "an id that is gone is forgotten: {done}");
    }
}

#[test]
fn who_comes_in_place_of_somebody_gone_gets_the_tags_as_well() {
    let moved = Arc::new(AtomicBool::new(false));
    let seen = Arc::clone(&moved);
    let nights = Nights::with(move |request| {
        let moved = seen.load(Ordering::SeqCst);
        match asks(request) {
            true => hits(if moved { "6" } else { "5" }),
            false if moved && request.target.contains("/5") => {
                answer(404, r#"{"error":"Resource could not be found"}"#).into()
            }
            false if request.contact() == "labels" => answer(200, r#"{"payload":[]}"#).into(),
            false => taken(),
        }
    });
    let tagged = mapping("99digital", BY_EMAIL) + "[tags]\nadd = [\"vip\"]\n";
    nights
        .night(&tagged, &row("Monday"))
        .0
        .code(0)
        .all("updated");
    // The account has the tags, so that nothing more is said of them.
    let (_, sent) = nights.night(&tagged, &row("Tuesday"));
    assert_eq!(sent, ["5"]);
    moved.store(true, Ordering::SeqCst);
    let before = nights.server.requests().len();
    nights
        .night(&tagged, &row("Wednesday"))
        .0
        .code(0)
        .all("updated");
    let requests = nights.server.requests().split_off(before);
    let said: Vec<String> = requests
        .iter()
        .map(|own| format!("{} {}", own.method, own.target))
        .collect();
    let contacts = "/api/v1/accounts/7/contacts";
    let expected = [
        format!("PATCH {contacts}/5"),
        format!("POST {contacts}/filter"),
        format!("PATCH {contacts}/6"),
        format!("GET {contacts}/6/labels"),
        format!("POST {contacts}/6/labels"),
    ];
    assert_eq!(said, expected);
    nights
        .night(&tagged, &row("Wednesday"))
        .0
        .code(0)
        .all("unchanged");
}

#[test]
fn somebody_who_was_made_and_whose_id_nobody_said_is_looked_for_before_anything_else() {
    let made = Arc::new(AtomicBool::new(false));
    let seen = Arc::clone(&made);
    let nights = Nights::with(move |request| {
        let made = seen.load(Ordering::SeqCst);
        match (request.contact(), request.method.as_str()) {
            ("filter", _) => hits(if made { "5" } else { "" }),
            (_, "POST") => {
                seen.store(true, Ordering::SeqCst);
                answer(200, r#"{"payload":{}}"#).into()
            }
            _ => taken(),
        }
    });
    let contact = format!("mode = \"create\"\n{BY_EMAIL}");
    let create = mapping("99digital", &contact);
    nights.night(&create, &row("Dana")).0.code(0).all("created");
    assert!(made.load(Ordering::SeqCst));
    let (done, sent) = nights.night(&create, &row("Dana"));
    assert_eq!(done.results()[0].contact_id, "5", "{done}");
    assert_eq!(
        sent.iter().filter(|own| *own == "contacts").count(),
        0,
        "nobody is made twice"
    );
    nights
        .night(&create, &row("Dana"))
        .0
        .code(0)
        .all("unchanged");
}
