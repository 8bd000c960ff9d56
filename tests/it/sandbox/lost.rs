//! Whole runs against accounts that do as they are asked and then lose the answer, with the provider's own upsert, and with
//! a provider that only README.md knows.

use std::fs;

use contact_sync::provider::stand_in::When;
use contact_sync::sandbox::Mischief;

use super::account::SIXTH;
use super::runs::{FIVE, Filled, MAPPING, fills, ids, people, shipped};

/// Every third create is done and not answered: nobody is there twice, and no row says more than is known.
#[test]
fn a_contact_whose_answer_is_lost_is_made_once() {
    let five = FIVE.map(|(name, _, mapping)| (name, shipped(name), mapping));
    for (name, text, mapping) in five.into_iter().chain([("sixth", SIXTH.into(), MAPPING)]) {
        let mischief = Mischief {
            lost: When::Created,
            each: 3,
        };
        let account = Filled::new(&text, mapping, Some(mischief));
        let (code, summary, tally) = account.run(&people(300, 0), &[]);
        let told = format!("{name}: {summary}\n{:.2000}", account.results());
        assert_eq!((tally.created, tally.contacts), (300, 300), "{told}");
        let outcomes = &summary["outcomes"];
        let created = outcomes["created"].as_u64().unwrap_or(0);
        let unknown = outcomes["unknown"].as_u64().unwrap_or(0);
        // Where somebody can be asked for, everybody is known at once; a list that was read before shows them next time.
        let listed = text.contains("\npages = ");
        let wanted = if listed { (200, 100) } else { (300, 0) };
        assert_eq!((created, unknown), wanted, "{told}");
        assert_eq!(code, Some(if listed { 1 } else { 0 }), "{told}");

        let (code, summary, again) = account.run(&people(300, 0), &[]);
        let told = format!("{name}: {summary}\n{:.2000}", account.results());
        assert_eq!(code, Some(0), "{told}");
        assert_eq!((again.created, again.contacts), (300, 300), "{told}");
        assert_eq!(ids(&account.results()).len(), 300, "{told}");
    }
}

/// HighLevel's mapping with its own upsert.
fn native() -> String {
    let (_, _, mapping) = FIVE[0];
    mapping.replace(
        "mode = \"upsert\"",
        "mode = \"upsert\"\nupsert = \"native\"",
    )
}

#[test]
fn the_providers_own_upsert_takes_one_call_for_each_and_makes_nobody_twice() {
    let account = fills(&shipped("highlevel"), &native(), 1_000);
    let tally = account.sandbox.watch().tally();
    assert_eq!(
        (tally.created, tally.changes, tally.tagged),
        (1_000, 0, 1_000)
    );
    let (code, summary, changed) = account.run(&people(1_000, 10), &[]);
    assert_eq!(code, Some(0), "{summary}");
    assert_eq!(summary["outcomes"]["updated"], 10, "{summary}");
    assert_eq!((changed.created, changed.changes), (1_000, 10));
    // Without a memory everybody is changed by it, and their tags are still only added to.
    let (code, summary, forgotten) = account.run(&people(1_000, 10), &["--state", "other.db"]);
    assert_eq!(code, Some(0), "{summary}");
    assert_eq!(summary["outcomes"]["updated"], 1_000, "{summary}");
    assert_eq!((forgotten.created, forgotten.contacts), (1_000, 1_000));
}

#[test]
fn an_upsert_whose_answer_is_lost_makes_nobody_twice() {
    let mischief = Mischief {
        lost: When::Upserted,
        each: 3,
    };
    let account = Filled::new(&shipped("highlevel"), &native(), Some(mischief));
    let (code, summary, tally) = account.run(&people(300, 0), &[]);
    assert_eq!(code, Some(0), "{summary}\n{:.2000}", account.results());
    assert_eq!((tally.created, tally.contacts), (300, 300), "{summary}");
    assert_eq!(ids(&account.results()).len(), 300);
}

/// The blocks of TOML in README.md's page about writing a provider.
fn page() -> Vec<String> {
    let path = format!("{}/README.md", env!("CARGO_MANIFEST_DIR"));
    let readme = fs::read_to_string(path).expect("README.md");
    let (_, page) = readme.split_once("## Adding a provider").expect("a page");
    let (page, _) = page.split_once("\n## ").expect("an end");
    let blocks = page.split("```toml\n").skip(1);
    let blocks = blocks.filter_map(|block| Some(block.split_once("```")?.0.to_owned()));
    blocks.collect()
}

#[test]
fn the_provider_that_the_readme_writes_down_works_as_it_stands() {
    let [api_text, mapping] = page().try_into().expect("an api.toml and a contacts.toml");
    let mapping = mapping
        .replace("provider = \"api.toml\"\n", "")
        .replace("SIXTH_KEY", "THE_TOKEN");
    let account = fills(&api_text, &mapping, 1_000);
    let before = account.sandbox.watch().tally();
    let (code, summary, again) = account.run(&people(1_000, 10), &[]);
    assert_eq!(code, Some(0), "{summary}");
    assert_eq!(summary["outcomes"]["updated"], 10, "{summary}");
    assert_eq!(summary["outcomes"]["unchanged"], 990, "{summary}");
    assert_eq!(again.changes, before.changes + 10);
    assert_eq!(
        (again.created, again.tagged),
        (before.created, before.tagged)
    );
    assert_eq!(before.tagged, 1_000);
}
