//! A state file that cannot be relied on: a clear message, exit 6, and nothing is sent.

use std::fs::{self, OpenOptions};
use std::io::{Read as _, Seek as _, SeekFrom, Write as _};
use std::os::unix::fs::{PermissionsExt as _, symlink};
use std::path::{Path, PathBuf};
use std::process::Command;

use super::harness::{QUICK, people, skipped};
use super::nights::Nights;
use super::server::{taken, taken_before_the_gate};

fn calm() -> Nights {
    Nights::with(|_| taken())
}

fn file(nights: &Nights) -> PathBuf {
    nights.state.path().join("contact-sync/state.db")
}

/// Runs, and holds the end against "a clear message, exit 6, nothing sent".
#[track_caller]
fn refused(nights: &Nights, words: &[&str]) {
    let (done, sent) = nights.night(QUICK, &people(3));
    done.code(6).says("state.db").says("nothing was sent");
    for word in words {
        done.says(word);
    }
    assert!(sent.is_empty(), "{done}");
    let looked = nights.run(QUICK, &people(3)).args(["--dry-run"]).go();
    assert_ne!(looked.code, Some(101), "{looked}");
}

#[test]
fn it_is_private_from_the_start_whatever_the_umask() {
    let nights = calm();
    let mut shell = nights
        .run(QUICK, &people(3))
        .inside("sh", ["-c", "umask 000; exec \"$@\"", "sh"]);
    shell.code(0);
    shell.code = None;
    let mode = |path: &Path| fs::metadata(path).expect("there").permissions().mode() & 0o777;
    let folder = nights.state.path().join("contact-sync");
    assert_eq!(mode(&folder), 0o700);
    let files: Vec<PathBuf> = fs::read_dir(&folder)
        .expect("a folder")
        .map(|entry| entry.expect("an entry").path())
        .collect();
    assert_eq!(files.len(), 3, "the state, a lock and the turns: {files:?}");
    for path in files {
        assert_eq!(mode(&path), 0o600, "{}", path.display());
    }
    // One that came back from somewhere with open doors is closed again.
    fs::set_permissions(file(&nights), fs::Permissions::from_mode(0o644)).expect("ours");
    nights.night(QUICK, &people(3)).0.code(0).all("unchanged");
    assert_eq!(mode(&file(&nights)), 0o600);
}

#[test]
fn it_is_private_while_it_is_in_use() {
    let (gate, react) = taken_before_the_gate(2);
    let nights = Nights::with(react);
    let running = nights
        .run(QUICK, &people(4))
        .args(["--concurrency", "1"])
        .start();
    nights.server.wait_for(3);
    for entry in fs::read_dir(nights.state.path().join("contact-sync")).expect("a folder") {
        let path = entry.expect("an entry").path();
        let mode = fs::metadata(&path).expect("there").permissions().mode() & 0o777;
        assert_eq!(mode, 0o600, "{}", path.display());
    }
    gate.open();
    running.end().code(0);
}

#[test]
fn what_is_no_plain_file_is_refused() {
    let nights = calm();
    let state = file(&nights);
    fs::create_dir(nights.state.path().join("contact-sync")).expect("a folder");
    let elsewhere = nights.state.path().join("elsewhere.db");
    symlink(&elsewhere, &state).expect("a link");
    refused(&nights, &["a symbolic link", "--state"]);
    assert!(!elsewhere.exists(), "nothing is made behind a link");
    fs::remove_file(&state).expect("a link");
    fs::create_dir(&state).expect("a folder");
    refused(&nights, &["a directory"]);
    fs::remove_dir(&state).expect("a folder");
    let made = Command::new("mkfifo").arg(&state).status();
    if made.is_ok_and(|made| made.success()) {
        refused(&nights, &["a named pipe"]);
    }
}

#[test]
fn a_place_that_cannot_be_written_to_is_named() {
    let nights = calm();
    let at = |path: &str| {
        let run = nights.run(QUICK, &people(2)).args(["--state", path]);
        let (done, sent) = nights.night_of(run);
        done.code(6).says(path).says("nothing was sent");
        assert!(sent.is_empty());
    };
    // Not even the administrator can make files there.
    at("/sys/state.db");
    at("/proc/self/nothing/state.db");
    at("/dev/null");
    at("/dev/null/state.db");
}

#[test]
fn a_file_of_a_newer_version_or_of_another_program_is_left_alone() {
    let nights = calm();
    nights.night(QUICK, &people(3)).0.code(0);
    let state = file(&nights);
    let good = fs::read(&state).expect("a state file");
    let with = |offset: usize, bytes: &[u8]| {
        let mut other = good.clone();
        other[offset..offset + bytes.len()].copy_from_slice(bytes);
        fs::write(&state, &other).expect("ours");
        other
    };
    // Where the format and the owner stand in the header.
    let newer = with(60, &99_u32.to_be_bytes());
    refused(&nights, &["newer version", "99", "update contact-sync"]);
    assert_eq!(fs::read(&state).expect("there"), newer);
    let another = with(68, &7_u32.to_be_bytes());
    refused(&nights, &["another program", "--state"]);
    assert_eq!(fs::read(&state).expect("there"), another);
    fs::write(&state, &good).expect("ours");
    nights.night(QUICK, &people(3)).0.code(0).all("unchanged");
}

#[test]
fn a_damaged_file_is_never_believed() {
    let nights = calm();
    nights.night(QUICK, &people(300)).0.code(0);
    let state = file(&nights);
    let good = fs::read(&state).expect("a state file");
    fs::write(
        &state,
        "nothing of the kind, but long enough to be read as a header of something ".repeat(20),
    )
    .expect("ours");
    refused(&nights, &["damaged", "move it away"]);
    for kept in [good.len() / 2, good.len() - 4096, 4096, 600] {
        fs::write(&state, &good[..kept]).expect("ours");
        refused(&nights, &["damaged"]);
    }
    // Any page overwritten: refused, or one that was not in use. Nothing of the changed file was ever accepted, so that each
    // row has to go, or none.
    let changed = people(300).replace("Person", "Doctor");
    let mut random = fastrand::Rng::with_seed(11);
    for page in 0..good.len() / 4096 {
        fs::write(&state, &good).expect("ours");
        let mut file = OpenOptions::new().write(true).open(&state).expect("ours");
        file.seek(SeekFrom::Start(page as u64 * 4096))
            .expect("a page");
        let junk: Vec<u8> = (0..4096).map(|_| random.u8(..)).collect();
        file.write_all(&junk).expect("written");
        drop(file);
        let (done, sent) = nights.night(QUICK, &changed);
        match done.code {
            Some(6) => assert!(sent.is_empty(), "page {page}: {done}"),
            Some(0) => assert_eq!(sent.len(), 300, "page {page}: {done}"),
            _ => panic!("page {page} of junk: {done}"),
        }
    }
}

#[test]
fn a_flipped_byte_costs_a_request_and_never_hides_one() {
    let nights = calm();
    let csv = people(40);
    nights.night(QUICK, &csv).0.code(0);
    let state = file(&nights);
    let good = fs::read(&state).expect("a state file");
    let changed = csv.replace("Person", "Doctor");
    let mut random = fastrand::Rng::with_seed(5);
    for _ in 0..40 {
        let at = random.usize(..good.len());
        let mut bad = good.clone();
        bad[at] ^= 1 << random.u32(..8);
        fs::write(&state, &bad).expect("ours");
        // Not one row of the changed file is what was accepted, so that each of them has to go, or none.
        let (done, sent) = nights.night(QUICK, &changed);
        match done.code {
            Some(0) => assert_eq!(sent.len(), 40, "byte {at}: {done}"),
            Some(6) => {}
            _ => panic!("byte {at}: {done}"),
        }
    }
}

#[test]
fn a_full_disk_stops_the_run_before_or_as_it_happens_and_the_rest_follows_with_room() {
    let nights = calm();
    let place = nights.state.path().join("small");
    fs::create_dir(&place).expect("a folder");
    for kibibytes in [8, 40, 160, 400] {
        let mount = format!(
            "mount -t tmpfs -o size={kibibytes}k none {0} && {{ \"$@\"; code=$?; cp {0}/state.db* {0}/../kept/ 2>/dev/null; exit $code; }}",
            place.display()
        );
        let kept = nights.state.path().join("kept");
        let _ = fs::remove_dir_all(&kept);
        fs::create_dir(&kept).expect("a folder");
        let probe = Command::new("unshare")
            .args(["-m", "sh", "-c", &mount, "sh", "true"])
            .status();
        if !probe.is_ok_and(|probe| probe.success()) {
            return skipped("no file system can be mounted here");
        }
        let before = nights.server.requests().len();
        let csv = people(3_000).replace("Person", &format!("Size {kibibytes}"));
        let run = nights
            .run(QUICK, &csv)
            .args(["--state".into(), place.join("state.db")]);
        let done = run.inside("unshare", ["-m", "sh", "-c", &mount, "sh"]);
        let sent = nights.server.requests().len() - before;
        assert_eq!(done.code, Some(6), "{kibibytes} KiB: {done}");
        if done.directory().is_none() {
            assert_eq!(sent, 0, "{done}");
            continue;
        }
        // Told as it happened: what was accepted is reported so, and the rest is still to be done.
        let updated = usize::try_from(done.count("updated")).expect("few");
        assert_eq!(updated, sent, "{done}");
        assert_eq!(done.count("pending"), 3_000 - updated as u64);
        assert!(
            done.summary()["reason"].to_string().contains("state.db"),
            "{done}"
        );
        // With room, the same command does the rest, and at most what was under way once more.
        let before = nights.server.requests().len();
        let again = nights
            .run(QUICK, &csv)
            .args(["--state".into(), kept.join("state.db")])
            .go();
        again.code(0);
        let again = nights.server.requests().len() - before;
        assert!(again <= 3_000 - updated + 64, "{again} after {updated}");
    }
}

#[test]
fn a_disk_that_fails_at_the_nth_call_never_makes_a_false_word() {
    if Command::new("strace").arg("-V").output().is_err() {
        return skipped("strace is not here");
    }
    for (call, error) in [
        ("fsync", "EIO"),
        ("fdatasync", "EIO"),
        ("pwrite64", "ENOSPC"),
        ("pwrite64", "EIO"),
    ] {
        for nth in [1, 2, 3, 4, 6, 9, 14, 20] {
            let nights = calm();
            let inject = format!("inject={call}:error={error}:when={nth}+");
            let trace = nights.state.path().join("trace");
            let trace = trace.to_str().expect("UTF-8");
            let run = nights.run(QUICK, &people(20)).args(["--concurrency", "4"]);
            let done = run.inside(
                "strace",
                ["-f", "-qq", "-o", trace, "-e", &inject, "-e", "trace=none"],
            );
            let what = format!("{call} fails from the {nth}th on with {error}: {done}");
            assert!(matches!(done.code, Some(0 | 3 | 6)), "{what}");
            let sent = nights.server.requests().len();
            if done.code == Some(0) {
                continue;
            }
            if done.report("results.csv").is_some() {
                assert_eq!(done.count("updated"), sent as u64, "{what}");
            }
            let (again, _) = nights.night(QUICK, &people(20));
            again.code(0);
            assert!(nights.server.requests().len() <= 20 + 4, "{what}{again}");
        }
    }
}

#[test]
fn the_lock_says_who_holds_it_and_nothing_else() {
    let nights = calm();
    nights.night(QUICK, &people(1)).0.code(0);
    let lock = fs::read_dir(nights.state.path().join("contact-sync"))
        .expect("a folder")
        .map(|entry| entry.expect("an entry").path())
        .find(|path| path.extension().is_some_and(|end| end == "lock"))
        .expect("a lock file");
    let mut words = String::new();
    fs::File::open(lock)
        .expect("ours")
        .read_to_string(&mut words)
        .expect("text");
    assert!(
        words.starts_with("process ") && words.contains(", since 20"),
        "{words}"
    );
}
