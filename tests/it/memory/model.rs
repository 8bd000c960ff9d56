//! Nights of one account against a model of its server, with changes, failures and crashes at random, and with what was
//! left of a night fed back: no older value may ever stand in place of a newer one, and what is called unchanged is what the
//! account has.

use std::collections::{HashMap, HashSet};
use std::convert::Infallible;
use std::fs;
use std::path::Path;
use std::sync::Arc;

use contact_sync::contact::{Fate, Outcome, Row};
use contact_sync::delivery::Delivery;
use contact_sync::delivery::pace::Pace;
use contact_sync::delivery::retry::Retry;
use contact_sync::mapping::apply::Bound;
use contact_sync::mapping::check::check;
use contact_sync::mapping::reading;
use contact_sync::memory::StateFile;
use contact_sync::mistake::Written;
use contact_sync::provider::call::{Account, Call};
use contact_sync::provider::script::Script;
use contact_sync::run::ahead;
use contact_sync::run::guard::Guard;
use contact_sync::run::recall::{File, Recall, Which};
use contact_sync::run::river::{self, Course, Ear, Sending};
use contact_sync::run::signals::Signals;
use contact_sync::run::twins::Twins;
use contact_sync::source::{self, Input};
use futures_util::FutureExt as _;
use proptest::prelude::*;

use super::account;
use super::moody::{Mood, Server};
use crate::providers::api;

const MAPPING: &str = r#"provider = "99digital"
[account]
token = { env = "TOKEN" }
account_id = 7
[contact]
id = "Id"
[fields]
name = "Name"
"#;

#[derive(Debug, Clone)]
struct Night {
    /// Contacts and their values, row by row.
    rows: Vec<(u8, u8)>,
    /// How these rows ended before, where they were left.
    ends: Vec<Fate>,
    file: File,
    which: Which,
    concurrency: usize,
    /// By the number of the request; fine after that.
    moods: Vec<Mood>,
}

#[derive(Debug, Default)]
struct Heard(Vec<(Fate, u32)>);

impl Ear for Heard {
    type Broken = Infallible;

    fn hear(&mut self, _: &Row, outcome: &Outcome, _: &[Call]) -> Result<(), Infallible> {
        self.0.push((outcome.verdict.fate, outcome.attempts));
        Ok(())
    }
}

/// One night; nothing where the run was killed in it.
fn night(server: &Server, state: &Path, night: &Night) -> Option<Vec<(Fate, u32)>> {
    let place = tempfile::tempdir().expect("a directory");
    let csv = place.path().join("people.csv");
    let mut ends = night.ends.iter();
    let rows = night.rows.iter().map(|(id, value)| {
        let own = format!("{id},value {value}");
        match ends.next() {
            None => own + "\n",
            Some(end) => format!("{own},1,2,{},,,\n", end.word()),
        }
    });
    let header = match night.ends.is_empty() {
        true => "Id,Name\n".to_owned(),
        false => {
            "Id,Name,sync_row,sync_line,sync_outcome,sync_code,sync_field,sync_message\n".to_owned()
        }
    };
    fs::write(&csv, header + &rows.collect::<String>()).expect("a file");
    let sheet = source::open(&Input::Path(csv)).expect("a sheet");
    let api = api("99digital");
    let file = Arc::new(Written {
        name: "contacts.toml".into(),
        text: MAPPING.into(),
    });
    let (written, mistakes) = reading::read(&file);
    assert!(mistakes.is_empty());
    let checked = check(&written, &file, &api, None).expect("a sound mapping");
    let bound: Bound<'_> = checked
        .mapping
        .bind(sheet.header(), "people.csv", &file)
        .expect("its columns");
    let mut values = Account::default();
    values.set("account_id", "7");
    let base = "https://chat.example";
    let script =
        Script::new(&api, checked.account.auth, &values, base, checked.plan).expect("a script");
    *server.moods.borrow_mut() = night.moods.clone();
    server.sent.set(0);
    // Two deaths in one night are one.
    let _ = server.killed.notified().now_or_never();
    let memory = StateFile::open(state).expect("a state file");
    let memory = memory.remember(account("ours")).expect("a memory");
    let count = sheet.facts().rows;
    let twins = Twins::find(|| sheet.rows(), &bound, count);
    let twins = twins.expect("readable");
    let recall = Recall::new(&memory, None, twins, night.which, night.file);
    let delivery = Delivery::new(&api, server, Pace::new(&[]), Retry::new(1));
    let course = Course {
        mapping: &bound,
        script: &script,
        sending: Sending::Wet(&delivery, night.concurrency),
    };
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .start_paused(true)
        .build()
        .expect("a runtime");
    let mut heard = Heard::default();
    let flow = async |rows| {
        let mut signals = Signals::listen().expect("signals");
        let guard = Guard::new(Some(u64::MAX));
        let run = river::run(&course, rows, Some(recall), guard, &mut signals, &mut heard);
        tokio::select! {
            end = run => {
                let end = end.expect("it can be heard");
                assert!(end.fault.is_none() && end.stop.is_none(), "{end:?}");
                true
            }
            () = server.killed.notified() => false,
        }
    };
    let rows = sheet.rows().expect("rows");
    let whole = ahead::along(rows, &bound, u64::MAX, |rows| runtime.block_on(flow(rows)));
    let whole = whole.expect("a thread");
    if !whole {
        return None;
    }
    memory.finish().expect("on the disk");
    Some(heard.0)
}

fn moods() -> impl Strategy<Value = Vec<Mood>> {
    let mood = prop_oneof![
        6 => Just(Mood::Fine),
        1 => Just(Mood::Silent),
        1 => Just(Mood::Broken),
        1 => Just(Mood::No),
        1 => Just(Mood::KilledBefore),
        2 => Just(Mood::KilledAfter),
    ];
    prop::collection::vec(mood, 0..5)
}

/// A night with a file of which the rows are still to come.
fn night_of(file: File) -> impl Strategy<Value = Night> {
    let which = match file {
        File::Whole => prop_oneof![4 => Just(Which::Different), 1 => Just(Which::All)].boxed(),
        File::Left => Just(Which::Different).boxed(),
    };
    (which, 1..4_usize, moods()).prop_map(move |(which, concurrency, moods)| Night {
        rows: Vec::new(),
        ends: Vec::new(),
        file,
        which,
        concurrency,
        moods,
    })
}

/// What a person does with the rows that a night has left: they are fed back, with or without another value in each, and all
/// of them or only some.
#[derive(Debug, Clone)]
struct FedBack {
    mended: bool,
    /// Which are left out, by their place among those that were left.
    left_out: Vec<bool>,
    night: Night,
}

impl FedBack {
    /// The rows of a night that it has left to a person and that are fed back, by their places, and how they ended.
    fn rows(&self, rows: &[(u8, u8)], heard: &[(Fate, u32)]) -> Vec<(usize, (u8, u8), Fate)> {
        let left = rows.iter().zip(heard).enumerate();
        let left = left.filter(|(_, (_, end))| end.0.needs_a_person());
        let mut left_out = self.left_out.iter().copied();
        left.filter(|_| !left_out.next().unwrap_or_default())
            .map(|(at, ((contact, value), end))| {
                (at, (*contact, value + 10 * u8::from(self.mended)), end.0)
            })
            .collect()
    }
}

/// Few files that come again, so that a value that was changed is changed back before long.
fn nights() -> impl Strategy<Value = Vec<(Night, Option<FedBack>)>> {
    let file = prop::collection::vec((1..3_u8, 0..3_u8), 1..5);
    let left_out = prop::collection::vec(prop::bool::weighted(0.25), 0..4);
    let fed_back = (any::<bool>(), left_out, night_of(File::Left));
    let fed_back = fed_back.prop_map(|(mended, left_out, night)| FedBack {
        mended,
        left_out,
        night,
    });
    let night = (any::<prop::sample::Index>(), night_of(File::Whole));
    let night = (night, prop::option::of(fed_back));
    let files = prop::collection::vec(file, 1..4);
    (files, prop::collection::vec(night, 2..7)).prop_map(|(files, nights)| {
        let nights = nights.into_iter();
        let of = |file: prop::sample::Index| file.get(&files).clone();
        let whole = |(file, night)| Night {
            rows: of(file),
            ..night
        };
        nights
            .map(|(night, fed_back)| (whole(night), fed_back))
            .collect()
    })
}

/// The value that each contact of a file has in the end: its last one.
fn wanted(rows: &[(u8, u8)]) -> HashMap<String, String> {
    rows.iter()
        .map(|(id, value)| (id.to_string(), format!("value {value}")))
        .collect()
}

fn holds(server: &Server, rows: &[(u8, u8)]) -> Result<(), TestCaseError> {
    let names = server.names.borrow();
    for (contact, name) in wanted(rows) {
        prop_assert_eq!(names.get(&contact), Some(&name), "contact {}", contact);
    }
    Ok(())
}

/// A directory on a file system that syncs at once, where there is one.
fn quick_place() -> tempfile::TempDir {
    let quick = tempfile::tempdir_in("/dev/shm");
    quick.or_else(|_| tempfile::tempdir()).expect("a directory")
}

/// What was left is fed back: of each contact the account has what a row says that was accepted, or a later one.
fn feed_back(
    server: &Server,
    state: &Path,
    rows: &[(u8, u8)],
    heard: &[(Fate, u32)],
    fed_back: &FedBack,
) -> Result<(), TestCaseError> {
    let taken = |(fate, _): &(Fate, u32)| matches!(fate, Fate::Updated | Fate::Unchanged);
    let left = fed_back.rows(rows, heard);
    if left.is_empty() {
        return Ok(());
    }
    let again = Night {
        rows: left.iter().map(|(_, row, _)| *row).collect(),
        ends: left.iter().map(|(_, _, end)| *end).collect(),
        ..fed_back.night.clone()
    };
    let heard_again = night(server, state, &again);
    let ends = rows.iter().zip(heard).enumerate();
    // What is unchanged may have been overtaken in an earlier night.
    let accepted = ends.filter(|(_, (_, end))| end.0 == Fate::Updated);
    let newest: HashMap<u8, usize> = accepted.map(|(at, (row, _))| (row.0, at)).collect();
    for (contact, newest) in newest {
        let left = left.iter().map(|(at, row, _)| (*at, *row));
        let later = rows.iter().copied().enumerate().chain(left);
        let later = later.filter(|(at, row)| *at >= newest && row.0 == contact);
        let mut values = later.map(|(_, (_, value))| format!("value {value}"));
        let name = server.names.borrow()[&contact.to_string()].clone();
        let found = values.any(|value| value == name);
        prop_assert!(found, "contact {} has {}", contact, name);
    }
    // Of two rows that say the same one is enough, and nobody can tell which of them was left.
    let distinct = rows.iter().collect::<HashSet<_>>().len() == rows.len();
    let accepted = heard_again.is_some_and(|ends| ends.iter().all(taken));
    let all = !fed_back.left_out.contains(&true);
    if distinct && all && !fed_back.mended && accepted {
        // Each row has its place among those of the whole file, which has nothing more to say.
        let whole = Night {
            rows: rows.to_vec(),
            ends: Vec::new(),
            file: File::Whole,
            moods: Vec::new(),
            ..again
        };
        night(server, state, &whole).expect("nobody kills it");
        prop_assert_eq!(server.sent.get(), 0);
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 128, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_older_value_ever_stands_in_place_of_a_newer_one(nights in nights()) {
        let place = quick_place();
        let state = place.path().join("state.db");
        let server = Server::default();
        let good = |(fate, _): &(Fate, u32)| matches!(fate, Fate::Updated | Fate::Unchanged | Fate::Skipped);
        for (one, fed_back) in &nights {
            let Some(heard) = night(&server, &state, one) else { continue };
            prop_assert_eq!(heard.len(), one.rows.len());
            // What is not sent gives way to nothing older: its contact has a later row in the file.
            let superseded = heard.iter().zip(&one.rows).enumerate().filter(|(_, (end, _))| end.0 == Fate::Skipped);
            for (at, (end, (contact, _))) in superseded {
                prop_assert_eq!(end.1, 0);
                prop_assert!(one.rows[at + 1..].iter().any(|(other, _)| other == contact));
            }
            if heard.iter().all(good) {
                holds(&server, &one.rows)?;
            }
            if let Some(fed_back) = fed_back {
                feed_back(&server, &state, &one.rows, &heard, fed_back)?;
            }
        }
        // Whatever has happened: the last file, sent in peace, is what the account has in the end.
        let last = Night { moods: Vec::new(), which: Which::Different, ..nights[nights.len() - 1].0.clone() };
        let heard = night(&server, &state, &last).expect("nobody kills it");
        prop_assert!(heard.iter().all(good), "{:?}", heard);
        holds(&server, &last.rows)?;
        // And once more it costs nothing.
        let heard = night(&server, &state, &last).expect("nobody kills it");
        let idle = |end: &(Fate, u32)| matches!(end, (Fate::Unchanged | Fate::Skipped, 0));
        prop_assert!(heard.iter().all(idle), "{:?}", heard);
        prop_assert_eq!(server.sent.get(), 0);
        holds(&server, &last.rows)?;
    }
}
