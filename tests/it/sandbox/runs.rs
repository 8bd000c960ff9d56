//! Whole runs through the program itself against the stand-in: from an empty account, again, with ten cells changed, and
//! with answers that are lost.

use std::collections::BTreeSet;
use std::fs;
use std::process::Command;
use std::sync::Arc;

use contact_sync::provider::api::Api;
use contact_sync::sandbox::{Beside, Mischief, Sandbox, Tally};
use serde_json::Value;
use tempfile::TempDir;

use super::account::SIXTH;
use super::api;

/// What a mapping says about the people of [`people`], for the provider that only this folder knows.
pub(super) const MAPPING: &str = r#"[account]
token = { env = "THE_TOKEN" }
space = "7"
[contact]
match = { email = "Email", phone = "Phone" }
mode = "upsert"
[fields]
name = "Name"
"mail.main" = "Email"
phone = "Phone"
[custom_fields]
"Loyalty level" = "Level"
"Score" = "Score"
"Plan" = "Plan"
[tags]
add = ["VIP"]
"#;

/// What a mapping says about them for each provider that comes with the program, and how many rows are quick enough.
pub(super) const FIVE: [(&str, usize, &str); 5] = [
    (
        "highlevel",
        1_000,
        r#"[account]
token = { env = "THE_TOKEN" }
location_id = "ve9EPM428h8vShlRW1KT"
[contact]
match = { email = "Email", phone = "Phone" }
mode = "upsert"
[fields]
firstName = "Name"
email = "Email"
phone = "Phone"
[custom_fields]
"Loyalty level" = "Level"
"Satisfaction" = "Score"
"Plan" = "Plan"
[tags]
add = ["VIP"]
"#,
    ),
    (
        "99digital",
        1_000,
        r#"[account]
token = { env = "THE_TOKEN" }
account_id = "7"
[contact]
match = { email = "Email", phone = "Phone" }
mode = "upsert"
[fields]
name = "Name"
email = "Email"
phone_number = "Phone"
[custom_fields]
"Loyalty level" = "Level"
"Satisfaction" = "Score"
"Plan" = "Plan"
[tags]
add = ["VIP"]
"#,
    ),
    (
        "zingle",
        1_000,
        r#"[account]
token = { env = "THE_TOKEN" }
service_id = "aff7bc93-6e28-4e70-8770-defa35cdfc1b"
[contact]
match = { email = "Email", phone = "Phone" }
mode = "upsert"
[custom_fields]
"First name" = "Name"
"Loyalty level" = "Level"
"Satisfaction" = "Score"
"Plan" = "Plan"
[tags]
add = ["VIP"]
"#,
    ),
    (
        "insighto",
        1_000,
        r#"[account]
token = { env = "THE_TOKEN" }
[contact]
match = { email = "Email", phone = "Phone" }
mode = "upsert"
[fields]
first_name = "Name"
email = "Email"
channels.telephone = "Phone"
[custom_fields]
"Loyalty level" = "Level"
"Satisfaction" = "Score"
"#,
    ),
    (
        "acquire",
        1_000,
        r#"[account]
token = { env = "THE_TOKEN" }
account_id = "acme"
[contact]
match = { email = "Email", phone = "Phone" }
mode = "upsert"
[fields]
name = "Name"
email = "Email"
phone = "Phone"
[custom_fields]
"Loyalty level" = "Level"
"Satisfaction" = "Score"
"Plan" = "Plan"
"#,
    ),
];

/// A provider's file as it comes with the program, but for its limits.
pub(super) fn shipped(name: &str) -> String {
    let path = format!("{}/mappings/{name}/api.toml", env!("CARGO_MANIFEST_DIR"));
    let text = fs::read_to_string(path).expect("a provider's file");
    let mut inside = false;
    let kept = text.lines().filter(|line| {
        inside = line.starts_with("[[limits]]") || (inside && !line.is_empty());
        !inside
    });
    kept.map(|line| format!("{line}\n")).collect()
}

/// An account that is empty at first, and a folder from which it is filled.
pub(super) struct Filled {
    place: TempDir,
    pub(super) sandbox: Beside,
}

impl Filled {
    pub(super) fn new(api_text: &str, mapping: &str, mischief: Option<Mischief>) -> Self {
        let place = tempfile::tempdir().expect("a folder");
        fs::write(place.path().join("api.toml"), api_text).expect("a provider's file");
        let mapping = format!("provider = \"api.toml\"\n{mapping}");
        fs::write(place.path().join("contacts.toml"), mapping).expect("a mapping");
        let api: Arc<Api> = api(api_text);
        let mut sandbox = Sandbox::bind(api, 0).expect("a stand-in").without_limits();
        if let Some(mischief) = mischief {
            sandbox = sandbox.with_mischief(mischief);
        }
        let sandbox = sandbox.beside().expect("a thread");
        Self { place, sandbox }
    }

    /// Runs the rows and hands back how it ended, its summary and what the account has seen so far.
    pub(super) fn run(&self, rows: &str, more: &[&str]) -> (Option<i32>, Value, Tally) {
        fs::write(self.place.path().join("people.csv"), rows).expect("rows");
        let out = self.place.path().join("out");
        let _ = fs::remove_dir_all(&out);
        let done = Command::new(env!("CARGO_BIN_EXE_contact-sync"))
            .args(["run", "people.csv", "-m", "contacts.toml", "--no-progress"])
            .args(["--out", "out", "--format", "json", "--rate", "100000/1s"])
            .arg("--base-url")
            .arg(format!("http://{}", self.sandbox.address()))
            .args(more)
            .current_dir(self.place.path())
            .env_clear()
            .env("THE_TOKEN", "t")
            .env("XDG_STATE_HOME", self.place.path().join("state"))
            .output()
            .expect("the program");
        let told = String::from_utf8_lossy(&done.stderr).into_owned();
        let summary =
            serde_json::from_slice(&done.stdout).unwrap_or_else(|error| panic!("{error}: {told}"));
        (done.status.code(), summary, self.sandbox.watch().tally())
    }

    pub(super) fn results(&self) -> String {
        fs::read_to_string(self.place.path().join("out/results.csv")).expect("results")
    }
}

/// Rows that nobody could object to; the cells of the first `changed` differ.
pub(super) fn people(count: usize, changed: usize) -> String {
    let mut text = "Name,Email,Phone,Level,Score,Plan\n".to_owned();
    for number in 1..=count {
        let name = if number <= changed { "Other" } else { "Person" };
        let plan = if number % 2 == 0 { "gold" } else { "silver" };
        text += &format!(
            "{name} {number},p{number}@example.org,+97250{:07},level {number},{number},{plan}\n",
            1_000_000 + number
        );
    }
    text
}

fn writes(tally: Tally) -> u64 {
    tally.created + tally.changes + tally.tagged
}

/// The ids of the contacts that the rows became.
pub(super) fn ids(results: &str) -> BTreeSet<String> {
    let id = |line: &str| line.split(',').nth(2).map(str::to_owned);
    results.lines().skip(1).filter_map(id).collect()
}

/// Fills an empty account and goes over it again: everybody is found, nobody is made twice.
pub(super) fn fills(api_text: &str, mapping: &str, rows: usize) -> Filled {
    let count = rows as u64;
    let account = Filled::new(api_text, mapping, None);
    let (code, summary, first) = account.run(&people(rows, 0), &[]);
    let results = account.results();
    assert_eq!(code, Some(0), "{summary}\n{results:.2000}");
    assert_eq!(summary["outcomes"]["created"], count, "{summary}");
    assert_eq!((first.created, first.contacts), (count, count));
    let made = ids(&results);
    assert_eq!(made.len(), rows);

    let (code, summary, second) = account.run(&people(rows, 0), &[]);
    assert_eq!(code, Some(0), "{summary}\n{:.2000}", account.results());
    assert_eq!(second.contacts, count, "{summary}");
    assert_eq!(ids(&account.results()), made);
    account
}

#[test]
fn a_provider_of_ones_own_is_filled() {
    let account = fills(SIXTH, MAPPING, 1_000);
    assert_eq!(
        account.sandbox.watch().tally().tagged,
        1_000,
        "each tag once"
    );
}

#[test]
fn an_empty_account_is_filled_then_nothing_is_written_and_ten_cells_cost_ten() {
    let five = FIVE.map(|(name, rows, mapping)| (shipped(name), rows, mapping));
    for (api_text, rows, mapping) in five.into_iter().chain([(SIXTH.into(), 1_000, MAPPING)]) {
        let account = fills(&api_text, mapping, rows);
        let tagged = account.sandbox.watch().tally().tagged;
        let wanted = mapping.contains("[tags]").then_some(rows as u64);
        assert_eq!(tagged, wanted.unwrap_or(0), "each tag once");
        let before = writes(account.sandbox.watch().tally());
        let (code, summary, again) = account.run(&people(rows, 0), &[]);
        assert_eq!(code, Some(0), "{summary}");
        assert_eq!(summary["outcomes"]["unchanged"], rows, "{summary}");
        assert_eq!(writes(again), before);
        let (code, summary, changed) = account.run(&people(rows, 10), &[]);
        assert_eq!(code, Some(0), "{summary}");
        assert_eq!(summary["outcomes"]["updated"], 10, "{summary}");
        assert_eq!(writes(changed), before + 10);
    }
}
