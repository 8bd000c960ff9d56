//! The same command, night after night: only what differs is sent, whatever happened the night before.

use std::fs;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use tempfile::TempDir;

use super::done::Done;
use super::harness::{OFFICIAL, QUICK, Run, TOKEN, people};
use super::server::{Reaction, Request, Server, answer, taken, taken_before_the_gate};

/// Many nights of one account: a server, and a state that outlives every run.
pub(crate) struct Nights {
    pub(crate) state: TempDir,
    pub(crate) server: Server,
}

impl Nights {
    pub(crate) fn with(react: impl Fn(&Request) -> Reaction + Send + Sync + 'static) -> Self {
        Self {
            state: tempfile::tempdir().expect("a directory"),
            server: Server::start(react),
        }
    }

    /// A night that is being put together.
    pub(crate) fn run(&self, mapping: &str, csv: &str) -> Run {
        Run::of(mapping, csv)
            .to(&self.server)
            .args(["--rate", "5000/1s"])
            .env("XDG_STATE_HOME", self.state.path())
    }

    /// A whole night, and the contacts that were written in it.
    #[track_caller]
    pub(crate) fn night(&self, mapping: &str, csv: &str) -> (Done, Vec<String>) {
        self.night_of(self.run(mapping, csv))
    }

    #[track_caller]
    pub(crate) fn night_of(&self, run: Run) -> (Done, Vec<String>) {
        let before = self.server.contacts().len();
        let done = run.go();
        let mut sent = self.server.contacts().split_off(before);
        sent.sort();
        (done, sent)
    }
}

fn calm() -> Nights {
    Nights::with(|_| taken())
}

pub(crate) fn rows(rows: &[(&str, &str)]) -> String {
    let rows = rows
        .iter()
        .map(|(id, name)| format!("{id},{name},p@example.org\n"));
    "Id,Name,Email\n".to_owned() + &rows.collect::<String>()
}

/// What stands in a folder, all of it.
fn bytes_below(folder: &Path) -> Vec<u8> {
    let mut all = Vec::new();
    for entry in fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        match path.is_dir() {
            true => all.extend(bytes_below(&path)),
            false => all.extend(fs::read(&path).expect("a file")),
        }
    }
    all
}

#[test]
fn an_unchanged_file_costs_no_call() {
    let nights = calm();
    let (first, sent) = nights.night(QUICK, &people(50));
    first.code(0).all("updated");
    assert_eq!(sent.len(), 50);
    for _ in 0..2 {
        let (again, sent) = nights.night(QUICK, &people(50));
        again.code(0).all("unchanged");
        assert!(sent.is_empty(), "{again}");
        assert_eq!(again.count("unchanged"), 50);
        assert_eq!(again.summary()["requests"], 0);
        for line in again.results() {
            assert_eq!(
                (line.http_status.as_str(), line.attempts),
                ("", 0),
                "{again}"
            );
            assert!(!line.contact_id.is_empty(), "{again}");
        }
        assert!(again.stdout.contains("unchanged  50"), "{again}");
    }
}

#[test]
fn ten_cells_changed_are_ten_calls() {
    let nights = calm();
    nights.night(QUICK, &people(40)).0.code(0);
    let mut csv = people(40);
    for number in 11..=20 {
        csv = csv.replace(&format!("Person {number},"), &format!("Doctor {number},"));
    }
    let (done, sent) = nights.night(QUICK, &csv);
    done.code(0);
    let expected: Vec<String> = (11..=20).map(|number| number.to_string()).collect();
    assert_eq!(sent, expected);
    assert_eq!((done.count("updated"), done.count("unchanged")), (10, 30));
    // Rows in another order, and new columns that nobody maps, are no change.
    let mut lines: Vec<String> = csv.lines().map(|line| format!("{line},x")).collect();
    lines[1..].reverse();
    let (done, sent) = nights.night(QUICK, &(lines.join("\n") + "\n"));
    done.code(0).all("unchanged");
    assert!(sent.is_empty());
}

#[test]
fn one_line_of_the_mapping_changed_sends_only_the_rows_it_touches() {
    let nights = calm();
    let csv = "Id,Name,Email,Phone\n1,A,a@example.org,\n2,B,b@example.org,+972523456781\n3,C,c@example.org,\n";
    nights.night(QUICK, csv).0.code(0);
    let mapping = format!("{QUICK}phone_number = \"Phone\"\n");
    let (done, sent) = nights.night(&mapping, csv);
    assert_eq!(sent, ["2"], "{done}");
    assert_eq!(done.count("unchanged"), 2);
}

#[test]
fn what_failed_is_tried_again_and_nothing_else() {
    let mended = Arc::new(AtomicBool::new(false));
    let seen = Arc::clone(&mended);
    let nights = Nights::with(move |request| match request.contact() {
        "3" | "7" if !seen.load(Ordering::SeqCst) => answer(422, r#"{"message":"no"}"#).into(),
        _ => taken(),
    });
    let (first, _) = nights.night(QUICK, &people(10));
    first.code(1);
    assert_eq!((first.count("updated"), first.count("failed")), (8, 2));
    let (second, sent) = nights.night(QUICK, &people(10));
    second.code(1);
    assert_eq!(sent, ["3", "7"]);
    mended.store(true, Ordering::SeqCst);
    let (third, sent) = nights.night(QUICK, &people(10));
    third.code(0);
    assert_eq!(sent, ["3", "7"]);
    let (fourth, sent) = nights.night(QUICK, &people(10));
    fourth.code(0).all("unchanged");
    assert!(sent.is_empty());
}

#[test]
fn force_sends_everything_and_is_remembered() {
    let nights = calm();
    nights.night(QUICK, &people(5)).0.code(0);
    let forced = nights.run(QUICK, &people(5)).args(["--force"]);
    let (done, sent) = nights.night_of(forced);
    done.code(0).all("updated");
    assert_eq!(sent.len(), 5);
    let by_environment = nights.run(QUICK, &people(5)).env("CONTACT_SYNC_FORCE", "1");
    assert_eq!(nights.night_of(by_environment).1.len(), 5);
    assert_eq!(nights.night(QUICK, &people(5)).1.len(), 0);
}

#[test]
fn rows_for_one_contact_settle_and_a_change_in_one_sends_the_later_ones_too() {
    let nights = calm();
    let file = [
        ("1", "A1"),
        ("2", "B"),
        ("1", "A2"),
        ("3", "C"),
        ("1", "A3"),
    ];
    let names = |from: usize| -> Vec<String> {
        let requests = nights.server.requests().split_off(from);
        let name = |request: &Request| request.json()["name"].as_str().map(ToOwned::to_owned);
        requests.iter().filter_map(name).collect()
    };
    nights.night(QUICK, &rows(&file)).0.code(0);
    let for_one: Vec<String> = names(0)
        .into_iter()
        .filter(|name| name.starts_with('A'))
        .collect();
    assert_eq!(for_one, ["A1", "A2", "A3"]);
    let (second, sent) = nights.night(QUICK, &rows(&file));
    second.code(0).all("unchanged");
    assert!(sent.is_empty());
    // The second of three is changed: the account has the third, which says as much and is newer.
    let mut changed = file;
    changed[2].1 = "A2 new";
    let (done, sent) = nights.night(QUICK, &rows(&changed));
    done.code(0).row(3, "skipped", "superseded");
    assert!(sent.is_empty());
    // The third is changed as well: it alone goes.
    changed[4].1 = "A3 new";
    let (done, _) = nights.night(QUICK, &rows(&changed));
    done.code(0).row(3, "skipped", "superseded");
    assert_eq!(names(5), ["A3 new"]);
    // The last one is gone: what is the last now has to stand.
    nights.night(QUICK, &rows(&changed[..4])).0.code(0);
    assert_eq!(names(6), ["A2 new"]);
    assert_eq!(nights.night(QUICK, &rows(&changed[..4])).1.len(), 0);
    // The first rows alone are no other file.
    let (done, sent) = nights.night_of(
        nights
            .run(QUICK, &rows(&changed[..4]))
            .args(["--limit", "1"]),
    );
    done.code(0).all("unchanged");
    assert!(sent.is_empty());
}

#[test]
fn another_account_knows_nothing_of_this_one() {
    let nights = calm();
    nights.night(QUICK, &people(3)).0.code(0);
    // The account stands in the address, so that another key to it is the same account.
    let other_key = nights
        .run(QUICK, &people(3))
        .env("SHOP_TOKEN", "another-key");
    assert_eq!(nights.night_of(other_key).1.len(), 0);
    let other = QUICK.replace("account_id = 7", "account_id = 8");
    assert_eq!(nights.night(&other, &people(3)).1.len(), 3);
    // Where nothing but the key says which account it is, another key is another account.
    let taken = Nights::with(|_| answer(200, r#"{"succeded":true,"contact":{"id":"1"}}"#).into());
    let with = |key: &str| {
        let run = taken.run(OFFICIAL, &people(3)).env("SHOP_TOKEN", key);
        taken.night_of(run).1.len()
    };
    assert_eq!(with(TOKEN), 3);
    assert_eq!(with(TOKEN), 0);
    assert_eq!(with("another-key"), 3);
    assert_eq!(with(TOKEN), 0);
    for state in [&nights.state, &taken.state] {
        let bytes = bytes_below(state.path());
        assert!(!bytes.is_empty());
        for word in [TOKEN, "another-key", "Person 1", "p1@example.org"] {
            let found = memchr::memmem::find(&bytes, word.as_bytes());
            assert_eq!(found, None, "`{word}` stands in the state");
        }
    }
}

#[test]
fn an_account_that_the_mapping_names_is_known_by_that_name_and_not_by_its_credential() {
    let nights = Nights::with(|_| answer(200, r#"{"succeded":true,"contact":{"id":"1"}}"#).into());
    let named = |location: &str| {
        let named = format!("location_id = \"{location}\"\n[contact]");
        OFFICIAL.replace("[contact]", &named)
    };
    let with = |location: &str, key: &str| {
        let run = nights.run(&named(location), &people(3));
        let (done, sent) = nights.night_of(run.env("SHOP_TOKEN", key));
        done.code(0);
        sent.len()
    };
    assert_eq!(with("here", TOKEN), 3);
    assert_eq!(with("here", "a-new-key"), 0, "it is the same account");
    assert_eq!(with("there", TOKEN), 3, "one key may open several accounts");
    assert_eq!(with("here", TOKEN), 0);
    // Which account it is can be told without the credential now.
    let dry = nights
        .run(&named("here"), &people(3))
        .args(["--dry-run"])
        .without_env("SHOP_TOKEN");
    nights.night_of(dry).0.code(0).all("unchanged");
}

#[test]
fn what_a_mapping_may_leave_out_of_an_account_makes_no_second_limit() {
    let nights = Nights::with(|_| answer(200, r#"{"succeded":true,"contact":{"id":"1"}}"#).into());
    let named = OFFICIAL.replace("[contact]", "location_id = \"here\"\n[contact]");
    for mapping in [OFFICIAL, &named] {
        nights.night(mapping, &people(1)).0.code(0).all("updated");
    }
    let folder = nights.state.path().join("contact-sync");
    let files = fs::read_dir(folder).expect("a folder");
    let names = files.map(|file| file.expect("a file").file_name());
    let turns = names.filter(|name| name.to_string_lossy().ends_with(".turns"));
    assert_eq!(turns.count(), 1);
}

#[test]
fn who_was_found_in_one_account_is_looked_for_again_in_another_that_the_same_credential_opens() {
    let nights = Nights::with(|request| {
        let id = match request.target.contains("locationId=here") {
            true => "id-here",
            false => "id-there",
        };
        let contact =
            format!(r#"{{"succeded":true,"contact":{{"id":"{id}","email":"p1@example.org"}}}}"#);
        answer(200, &contact).into()
    });
    let night = |location: &str, name: &str| {
        let contact = format!("location_id = \"{location}\"\n[contact]");
        let mapping = OFFICIAL
            .replace("[contact]", &contact)
            .replace("id = \"Id\"", "match = { email = \"Email\" }");
        let before = nights.server.requests().len();
        let (done, _) = nights.night(&mapping, &people(1).replace("Person", name));
        done.code(0).all("updated");
        let requests = nights.server.requests().split_off(before);
        let changes = requests.iter().filter(|own| own.method == "PUT");
        let changed: Vec<String> = changes.map(|own| own.contact().to_owned()).collect();
        changed
    };
    assert_eq!(night("here", "Monday"), ["id-here"]);
    assert_eq!(night("there", "Tuesday"), ["id-there"]);
    assert_eq!(night("here", "Wednesday"), ["id-here"]);
}

#[test]
fn a_dry_run_tells_what_would_be_sent_and_writes_nothing() {
    let nights = calm();
    let dry = |csv: &str| nights.run(QUICK, csv).args(["--dry-run"]);
    nights.night_of(dry(&people(3))).0.code(0).all("valid");
    assert_eq!(
        fs::read_dir(nights.state.path()).expect("a folder").count(),
        0
    );
    nights.night(QUICK, &people(3)).0.code(0);
    let before = bytes_below(nights.state.path());
    let (done, sent) = nights.night_of(dry(&people(4)));
    assert_eq!(
        (done.count("unchanged"), done.count("valid")),
        (3, 1),
        "{done}"
    );
    assert!(sent.is_empty());
    let (done, _) = nights.night_of(dry(&people(4)).args(["--force"]));
    assert_eq!(done.count("valid"), 4, "{done}");
    assert_eq!(bytes_below(nights.state.path()), before);
}

#[test]
fn a_rehearsal_is_forgotten_unless_a_state_file_is_named() {
    let nights = calm();
    let rehearse = || {
        Run::of(QUICK, people(3))
            .args(["--sandbox", "--rate", "1000/1s"])
            .env("XDG_STATE_HOME", nights.state.path())
    };
    for _ in 0..2 {
        rehearse().go().code(0).all("updated");
    }
    assert_eq!(
        fs::read_dir(nights.state.path()).expect("a folder").count(),
        0
    );
    let named = nights.state.path().join("named.db");
    let named = || rehearse().args(["--state"]).args([named.as_os_str()]);
    named().go().code(0).all("updated");
    named().go().code(0).all("unchanged");
}

#[test]
fn after_an_interruption_only_the_rest_is_sent() {
    let (gate, react) = taken_before_the_gate(12);
    let nights = Nights::with(react);
    let running = nights
        .run(QUICK, &people(60))
        .args(["--concurrency", "4"])
        .start();
    nights.server.wait_for(13);
    running.signal("INT");
    running.wait_until_it_says("ask once more to leave at once");
    gate.open();
    let done = running.end();
    done.code(130);
    let first = done.count("updated");
    assert_eq!(done.count("pending"), 60 - first, "{done}");
    let (done, sent) = nights.night(QUICK, &people(60));
    done.code(0);
    assert_eq!(
        (done.count("unchanged"), sent.len() as u64),
        (first, 60 - first)
    );
}
