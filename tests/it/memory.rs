//! The state file: what is kept, what a crash leaves, what two runs see of each other.

mod model;
mod moody;

use std::fs;
use std::path::{Path, PathBuf};

use contact_sync::memory::{AccountKey, FRESH_ROWS, Memory, NoLock, Recalled, Request, StateFile};
use contact_sync::memory::{Fault, JobKey};
use futures_util::future::join_all;
use proptest::prelude::*;
use tempfile::TempDir;

fn somewhere() -> (TempDir, PathBuf) {
    let place = tempfile::tempdir().expect("a directory");
    let path = place.path().join("below/state.db");
    (place, path)
}

fn account(name: &str) -> AccountKey {
    AccountKey::of(&[name.as_bytes()])
}

fn open(path: &Path) -> Memory {
    let file = StateFile::open(path).expect("a state file");
    file.remember(account("ours")).expect("a memory")
}

fn look(path: &Path) -> Memory {
    let file = StateFile::look(path).expect("readable").expect("there");
    file.remember(account("ours")).expect("a memory")
}

fn request(text: &str) -> Request {
    Request::of(&[text.as_bytes()], &[])
}

fn now<F: Future>(work: F) -> F::Output {
    let runtime = tokio::runtime::Builder::new_current_thread().build();
    runtime.expect("a runtime").block_on(work)
}

fn recall(memory: &Memory, contact: &str, ordinal: u32) -> Recalled {
    memory
        .recall(memory.place(contact, ordinal))
        .expect("readable")
}

fn accept(memory: &Memory, contact: &str, ordinal: u32, text: &str) {
    let place = memory.place(contact, ordinal);
    now(memory.accept(place, request(text), 1)).expect("kept");
}

fn known(text: &str) -> Recalled {
    Recalled {
        request: Some(request(text)),
        anything: true,
        later: false,
        newer: false,
    }
}

#[test]
fn what_was_accepted_is_known_next_time_whether_the_run_ended_well_or_not() {
    let (_place, path) = somewhere();
    let memory = open(&path);
    assert_eq!(recall(&memory, "a", 0), Recalled::default());
    accept(&memory, "a", 0, "one");
    memory.finish().expect("on the disk");
    let names: Vec<_> = fs::read_dir(path.parent().expect("a folder"))
        .expect("a folder")
        .map(|entry| entry.expect("an entry").file_name())
        .collect();
    assert_eq!(names, ["state.db"], "a run that ends well leaves one file");
    let memory = open(&path);
    assert_eq!(recall(&memory, "a", 0), known("one"));
    accept(&memory, "a", 0, "two");
    // Left without a word, as by a crash.
    drop(memory);
    assert_eq!(recall(&look(&path), "a", 0), known("two"));
    assert_eq!(recall(&open(&path), "a", 0), known("two"));
}

#[test]
fn a_doubt_is_no_request_and_still_something() {
    let (_place, path) = somewhere();
    let memory = open(&path);
    accept(&memory, "a", 0, "one");
    now(memory.doubt(memory.place("a", 0))).expect("kept");
    memory.finish().expect("on the disk");
    let doubt = Recalled {
        request: None,
        anything: true,
        later: false,
        newer: false,
    };
    assert_eq!(recall(&open(&path), "a", 0), doubt);
}

#[test]
fn an_earlier_row_that_is_accepted_makes_the_later_ones_of_its_contact_unknown() {
    let (_place, path) = somewhere();
    let memory = open(&path);
    for (ordinal, text) in [(0, "a"), (1, "b"), (2, "c")] {
        accept(&memory, "x", ordinal, text);
    }
    accept(&memory, "y", 0, "other");
    memory.finish().expect("on the disk");
    let memory = open(&path);
    let with_later = |text| Recalled {
        later: true,
        newer: true,
        ..known(text)
    };
    assert_eq!(recall(&memory, "x", 0), with_later("a"));
    assert_eq!(recall(&memory, "x", 1), with_later("b"));
    assert_eq!(recall(&memory, "x", 2), known("c"));
    accept(&memory, "x", 1, "b new");
    drop(memory);
    let memory = open(&path);
    assert_eq!(recall(&memory, "x", 0), with_later("a"));
    assert_eq!(recall(&memory, "x", 1), known("b new"));
    assert_eq!(recall(&memory, "x", 2), Recalled::default());
    assert_eq!(recall(&memory, "y", 0), known("other"));
}

#[test]
fn accounts_know_nothing_of_each_other_and_what_they_spent_is_counted_for_each() {
    let (_place, path) = somewhere();
    let ours = open(&path);
    accept(&ours, "a", 0, "one");
    let file = StateFile::open(&path).expect("a state file");
    let theirs = file.remember(account("theirs")).expect("a memory");
    assert_eq!(recall(&theirs, "a", 0), Recalled::default());
    assert_eq!((theirs.spent_before(), ours.spent_before()), (0, 0));
    let again = open(&path);
    assert_eq!(again.spent_before(), 1);
    now(again.spend(5)).expect("kept");
    now(ours.spend(2)).expect("kept");
    assert_eq!(ours.spent_elsewhere(), 5);
    now(again.spend(1)).expect("kept");
    assert_eq!(again.spent_elsewhere(), 3);
    now(theirs.spend(1)).expect("kept");
    assert_eq!(theirs.spent_elsewhere(), 0);
}

#[test]
fn a_whole_migration_is_sorted_in_as_it_goes() {
    let (_place, path) = somewhere();
    let memory = open(&path);
    let rows = FRESH_ROWS + 5_000;
    let name = |number: u64| format!("contact {number}");
    for from in (0..rows).step_by(1_000) {
        let keep = (from..from + 1_000).map(|number| {
            let place = memory.place(&name(number), 0);
            memory.accept(place, request(&name(number)), 1)
        });
        let kept = now(join_all(keep));
        assert!(kept.iter().all(Result::is_ok));
    }
    drop(memory);
    let memory = open(&path);
    for number in (0..rows).step_by(97) {
        let name = name(number);
        assert_eq!(recall(&memory, &name, 0), known(&name));
    }
    assert_eq!(memory.spent_before(), rows);
}

#[test]
fn what_another_run_was_told_is_known_to_one_that_began_with_nothing() {
    let (_place, path) = somewhere();
    let first = open(&path);
    assert_eq!(recall(&first, "a", 0), Recalled::default());
    let other = open(&path);
    accept(&other, "a", 0, "theirs");
    other.finish().expect("on the disk");
    // It hears of the other one with its own next note.
    accept(&first, "b", 0, "ours");
    assert_eq!(recall(&first, "a", 0), known("theirs"));
}

#[test]
fn a_file_that_several_make_at_the_same_moment_is_made_once() {
    for _ in 0..40 {
        let (_place, path) = somewhere();
        let start = std::sync::Barrier::new(4);
        let open = || {
            start.wait();
            let file = StateFile::open(&path).map_err(|fault| fault.to_string())?;
            Ok::<_, String>(file.salt().to_vec())
        };
        let salts = std::thread::scope(|scope| {
            let threads: Vec<_> = (0..4).map(|_| scope.spawn(open)).collect();
            let ends = threads.into_iter().map(|own| own.join().expect("no panic"));
            ends.collect::<Result<Vec<_>, _>>().expect("opened")
        });
        assert!(salts.iter().all(|salt| *salt == salts[0]));
    }
}

#[test]
fn a_job_is_run_by_one_at_a_time() {
    let (_place, path) = somewhere();
    let one = StateFile::open(&path).expect("a state file");
    let two = StateFile::open(&path).expect("a state file");
    let job = JobKey::of(&account("ours"), "the mapping");
    let other = JobKey::of(&account("ours"), "another mapping");
    let held = one.lock(&job, "noon").expect("free");
    let refused = two.lock(&job, "one o'clock").expect_err("held");
    assert!(matches!(refused, NoLock::Held(_)), "{refused}");
    let holder = format!("process {}, since noon", std::process::id());
    assert!(refused.to_string().contains(&holder), "{refused}");
    two.lock(&other, "one o'clock").expect("free");
    drop(held);
    // A program that another test is just starting has all that is open here for a moment.
    let start = std::time::Instant::now();
    let mut free = two.lock(&job, "two o'clock");
    while free.is_err() && start.elapsed().as_secs() < 10 {
        free = two.lock(&job, "two o'clock");
    }
    free.expect("free again");
}

#[test]
fn looking_makes_no_file_and_needs_none() {
    let (place, path) = somewhere();
    assert!(StateFile::look(&path).expect("no fault").is_none());
    assert_eq!(fs::read_dir(place.path()).expect("a folder").count(), 0);
    open(&path).finish().expect("on the disk");
    let memory = look(&path);
    assert_eq!(recall(&memory, "a", 0), Recalled::default());
    accept(&memory, "a", 0, "one");
    drop(memory);
    let folder = path.parent().expect("a folder");
    assert_eq!(fs::read_dir(folder).expect("a folder").count(), 1);
    assert_eq!(recall(&look(&path), "a", 0), Recalled::default());
}

#[test]
fn a_path_with_odd_characters_is_a_path() {
    let place = tempfile::tempdir().expect("a directory");
    let path = place.path().join("50% of #1? & more/státe file.db");
    let memory = open(&path);
    accept(&memory, "a", 0, "one");
    memory.finish().expect("on the disk");
    assert_eq!(recall(&look(&path), "a", 0), known("one"));
    assert_eq!(recall(&open(&path), "a", 0), known("one"));
}

#[test]
fn an_empty_file_is_a_new_one_and_a_folder_is_none() {
    let place = tempfile::tempdir().expect("a directory");
    let path = place.path().join("state.db");
    fs::write(&path, "").expect("a file");
    assert!(StateFile::look(&path).expect("no fault").is_none());
    open(&path).finish().expect("on the disk");
    let refused = StateFile::open(place.path()).expect_err("a folder");
    assert!(matches!(refused, Fault::NoFile { .. }), "{refused}");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() })]

    /// What a crash leaves unsorted says the same to one who may only look as it says once it is sorted in.
    #[test]
    fn what_waits_to_be_sorted_in_is_read_as_if_it_were(
        notes in prop::collection::vec((0..3_u8, 0..4_u32, prop::option::weighted(0.8, 0..5_u8)), 0..40),
        early in 0..40_usize,
    ) {
        let (_place, path) = somewhere();
        let write = |memory: &Memory, notes: &[(u8, u32, Option<u8>)]| {
            for (contact, ordinal, text) in notes {
                let place = memory.place(&contact.to_string(), *ordinal);
                now(async {
                    match text {
                        Some(text) => memory.accept(place, request(&text.to_string()), 1).await,
                        None => memory.doubt(place).await,
                    }
                }).expect("kept");
            }
        };
        let (before, after) = notes.split_at(early.min(notes.len()));
        let memory = open(&path);
        write(&memory, before);
        memory.finish().expect("on the disk");
        let memory = open(&path);
        write(&memory, after);
        drop(memory);
        let all = |memory: &Memory| -> Vec<Recalled> {
            let places = (0..3_u8).flat_map(|contact| (0..5).map(move |ordinal| (contact, ordinal)));
            places.map(|(contact, ordinal)| recall(memory, &contact.to_string(), ordinal)).collect()
        };
        let looked = all(&look(&path));
        prop_assert_eq!(looked, all(&open(&path)));
    }
}
