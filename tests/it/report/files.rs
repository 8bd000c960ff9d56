//! The run directory and the files in it: whole or not at all, for their owner alone, never in another's place.

use std::fs;
use std::os::unix::fs::symlink;
use std::path::Path;
use std::process::Command;

use contact_sync::contact::Outcome;
use contact_sync::report::Reports;
use contact_sync::report::directory::{RunDirectory, Unwritable, WholeFile};
use contact_sync::report::exit::Exit;
use contact_sync::report::requests::{Requests, Shown};
use contact_sync::report::summary::Kind;

use super::{directory, facts, invalid, layout, mode, row, somewhere};

#[test]
fn reports_are_for_their_owner_alone() {
    let place = somewhere();
    let path = place.path().join("runs").join("one");
    let run = RunDirectory::create(&path).expect("a run directory");
    assert_eq!(
        (mode(&path), mode(&place.path().join("runs"))),
        (0o700, 0o700)
    );
    let mut reports = Reports::begin(run, layout(&["Name"])).expect("begun");
    let ann = row(1, 2, &["Ann"]);
    reports
        .hear(&ann, &Outcome::unsent(&ann, invalid("x", "y")))
        .expect("heard");
    for entry in fs::read_dir(&path).expect("readable") {
        assert_eq!(mode(&entry.expect("an entry").path()), 0o600);
    }
    reports
        .finish(&facts(Kind::Sent, Exit::RowsNeedAPerson))
        .expect("finished");
    let mut names: Vec<_> = fs::read_dir(&path)
        .expect("readable")
        .map(|entry| entry.expect("an entry").file_name())
        .collect();
    names.sort();
    assert_eq!(names, ["errors.csv", "results.csv", "summary.json"]);
    for name in names {
        assert_eq!(mode(&path.join(name)), 0o600);
    }
}

#[test]
fn runs_that_begin_in_the_same_second_have_a_directory_each() {
    let place = somewhere();
    let path = place.path().join("runs").join("shop-20261122T010101Z");
    let made = || RunDirectory::make(&path).expect("a run directory");
    let (first, second, third) = (made(), made(), made());
    assert_eq!(first.path(), path);
    assert_eq!(
        [second.name(), third.name()],
        ["shop-20261122T010101Z-2", "shop-20261122T010101Z-3"]
    );
    assert_eq!(mode(second.path()), 0o700);
    second.give_up();
    assert!(!second.path().exists());
    fs::write(third.path().join("note"), "kept").expect("written");
    third.give_up();
    assert!(third.path().join("note").is_file());
    // What stood there before is nobody's to take away.
    let own = RunDirectory::create(first.path()).expect("a run directory");
    own.give_up();
    assert!(first.path().is_dir());
}

/// A umask belongs to the whole process, so this test starts itself again under one that takes nothing away.
#[test]
fn reports_are_for_their_owner_alone_under_any_umask() {
    let own = std::env::current_exe().expect("this test");
    let output = Command::new("sh")
        .args([
            "-c",
            "umask 000; exec \"$0\" --exact report::files::reports_are_for_their_owner_alone",
        ])
        .arg(own)
        .output()
        .expect("a shell");
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stdout)
    );
    assert!(String::from_utf8_lossy(&output.stdout).contains("1 passed"));
}

#[test]
fn an_unfinished_run_leaves_no_report() {
    let place = somewhere();
    let mut reports = Reports::begin(directory(&place), layout(&["Name"])).expect("begun");
    let ann = row(1, 2, &["Ann"]);
    reports
        .hear(&ann, &Outcome::unsent(&ann, invalid("x", "y")))
        .expect("heard");
    drop(reports);
    assert_eq!(
        fs::read_dir(place.path().join("run"))
            .expect("readable")
            .count(),
        0
    );
}

#[test]
fn a_run_never_takes_over_what_stands_there() {
    let place = somewhere();
    let refused = |path: &Path| match RunDirectory::create(path) {
        Ok(_) => panic!("{} was taken", path.display()),
        Err(error) => error
            .to_string()
            .replace(&format!("{}/", place.path().display()), ""),
    };
    for name in ["results.csv", "errors.csv", "summary.json"] {
        let path = place.path().join(name.split_once('.').expect("a dot").0);
        fs::create_dir(&path).expect("made");
        fs::write(path.join(name), "old").expect("written");
        assert!(refused(&path).ends_with("a file is there already, and no report is ever written over; name another place (without `--out` every run makes one of its own)"));
        assert_eq!(
            fs::read_to_string(path.join(name)).expect("still there"),
            "old"
        );
    }
    let linked = place.path().join("linked");
    fs::create_dir(&linked).expect("made");
    symlink("/nowhere", linked.join("errors.csv")).expect("linked");
    assert_eq!(
        refused(&linked),
        "write `linked/errors.csv`: a symbolic link is there already, and no report is ever written over; name another place (without `--out` every run makes one of its own)"
    );

    let pipe = place.path().join("pipe");
    let made = Command::new("mkfifo").arg(&pipe).status().expect("mkfifo");
    assert!(made.success());
    assert_eq!(
        refused(&pipe),
        "use `pipe` as the run directory: it is a named pipe; name a directory with `--out`"
    );

    symlink(place.path(), place.path().join("link")).expect("linked");
    for name in ["link", "link/", "link/."] {
        assert!(
            refused(&place.path().join(name)).contains("it is a symbolic link"),
            "{name}"
        );
    }
    fs::write(place.path().join("file"), "").expect("written");
    assert!(refused(&place.path().join("file")).contains("it is a file"));
    assert!(
        refused(&place.path().join("file/below"))
            .starts_with("write into the run directory `file/below`")
    );
    assert!(RunDirectory::create(Path::new("")).is_err());
}

#[test]
fn a_directory_that_cannot_be_written_to_is_refused() {
    // Even root cannot make files there.
    let error = RunDirectory::create(Path::new("/proc/self"))
        .map(|_| ())
        .expect_err("refused");
    assert!(matches!(
        error,
        Unwritable::NoDirectory { .. } | Unwritable::Directory { .. }
    ));
    let error = RunDirectory::create(Path::new("/proc"))
        .map(|_| ())
        .expect_err("refused");
    assert_eq!(
        error.to_string(),
        "write into the run directory `/proc`; name another one with `--out`"
    );
}

#[test]
fn a_file_that_appeared_meanwhile_is_not_replaced() {
    let place = somewhere();
    let path = place.path().join("results.csv");
    let file = WholeFile::create(&path).expect("begun");
    fs::write(&path, "theirs").expect("written");
    let error = file.finish().expect_err("taken");
    assert!(matches!(error, Unwritable::Taken { .. }), "{error}");
    assert_eq!(fs::read_to_string(&path).expect("still there"), "theirs");
    assert_eq!(fs::read_dir(place.path()).expect("readable").count(), 1);
}

#[test]
fn requests_are_one_json_object_a_line_in_the_order_of_their_keys() {
    let place = somewhere();
    let path = place.path().join("requests.jsonl");
    let mut requests = Requests::create(&path).expect("begun");
    let headers = [
        ("authorization".to_owned(), "[secret]".to_owned()),
        ("accept".to_owned(), "a\"b".to_owned()),
    ];
    let mut shown = Shown {
        row: 1,
        line: 2,
        method: "PUT",
        url: "https://example.com/1",
        headers: &headers,
        body: "{\"name\":\n 1.10}",
    };
    requests.hear(&shown).expect("heard");
    shown.body = "";
    shown.headers = &[];
    requests.hear(&shown).expect("heard");
    shown.body = "a=1&b=2";
    requests.hear(&shown).expect("heard");
    requests.finish().expect("finished");
    assert_eq!(
        fs::read_to_string(&path).expect("readable"),
        concat!(
            r#"{"row":1,"line":2,"method":"PUT","url":"https://example.com/1","headers":{"authorization":"[secret]","accept":"a\"b"},"body":{"name":  1.10}}"#,
            "\n",
            r#"{"row":1,"line":2,"method":"PUT","url":"https://example.com/1","headers":{},"body":null}"#,
            "\n",
            r#"{"row":1,"line":2,"method":"PUT","url":"https://example.com/1","headers":{},"body":"a=1&b=2"}"#,
            "\n",
        )
    );
    assert_eq!(mode(&path), 0o600);
    assert!(matches!(
        Requests::create(&path).map(|_| ()),
        Err(Unwritable::Taken { .. })
    ));
}
