//! How much is said: what is typed, what the environment says, and which of the two counts.

use super::done::Done;
use super::harness::{QUICK, Run, people};

/// What only `-v` says, and what all but `-q` say.
const MORE: &str = "at most 5/s to";
const NOTE: &str = "the environment variable `SHOP_TOKEN` is not set";

fn dry(quiet: Option<&str>, verbose: Option<&str>, typed: &[&str]) -> Done {
    let mut run = Run::of(QUICK, people(1))
        .args(["--dry-run"])
        .args(typed.iter().copied())
        .without_env("SHOP_TOKEN");
    for (name, value) in [
        ("CONTACT_SYNC_QUIET", quiet),
        ("CONTACT_SYNC_VERBOSE", verbose),
    ] {
        if let Some(value) = value {
            run = run.env(name, value);
        }
    }
    run.go()
}

#[track_caller]
fn says(done: &Done, note: Option<&str>, more: Option<&str>) {
    done.code(0);
    for (words, wanted) in [(NOTE, note), (MORE, more)] {
        assert_eq!(done.stderr.contains(words), wanted.is_some(), "{done}");
    }
}

#[test]
fn a_switch_that_the_environment_turns_off_is_not_given() {
    for off in ["false", "no", "0", "off"] {
        says(&dry(Some(off), None, &["-v"]), Some(NOTE), Some(MORE));
        says(&dry(None, Some(off), &["-q"]), None, None);
        says(&dry(Some(off), Some(off), &[]), Some(NOTE), None);
        says(&dry(Some(off), Some("1"), &[]), Some(NOTE), Some(MORE));
        says(&dry(Some("true"), Some(off), &[]), None, None);
    }
}

#[test]
fn what_is_typed_wins_over_how_much_the_environment_wants() {
    says(&dry(None, Some("1"), &["-q"]), None, None);
    says(&dry(Some("true"), None, &["-v"]), Some(NOTE), Some(MORE));
    says(
        &dry(Some("true"), Some("2"), &["-v"]),
        Some(NOTE),
        Some(MORE),
    );
    says(&dry(Some("true"), Some("2"), &["-q"]), None, None);
}

#[test]
fn quiet_and_verbose_at_once_are_wrong_usage() {
    for (quiet, verbose, typed) in [
        (None, None, &["-q", "-v"][..]),
        (None, None, &["-vv", "--quiet"]),
        (Some("false"), Some("0"), &["-q", "-v"]),
        (Some("true"), Some("1"), &[]),
    ] {
        let done = dry(quiet, verbose, typed);
        done.code(2)
            .says("error: the argument '--quiet' cannot be used with '--verbose...'")
            .says("Usage: contact-sync run");
    }
}
