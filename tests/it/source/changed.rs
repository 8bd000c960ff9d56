//! Two passes over one file: what changes in between is noticed.

use std::fs;
use std::io::Write;
use std::path::Path;

use contact_sync::contact::Row;
use contact_sync::source::{Unreadable, open};
use tempfile::TempDir;

use super::{all, cells, file, input};

#[test]
fn a_file_that_changes_after_it_was_checked_is_noticed() {
    type Change = fn(&Path);
    let changes: [Change; 4] = [
        |path| {
            fs::OpenOptions::new()
                .append(true)
                .open(path)
                .expect("a file")
                .write_all(b"7")
                .expect("room")
        },
        |path| fs::write(path, "a,b\n1,2\n").expect("room"),
        |path| fs::write(path, "a,b\n1,2\n3,5").expect("room"),
        |path| fs::write(path, "").expect("room"),
    ];
    for change in changes {
        let file = file(b"a,b\n1,2\n3,4");
        let sheet = open(&input(file.path())).expect("a good file");
        // So that the change has another time, however coarse the clock of the file system.
        let past = std::time::SystemTime::now() - std::time::Duration::from_secs(100);
        file.as_file()
            .set_modified(past)
            .expect("the time of an own file");
        let sheet_of_the_past = open(&input(file.path())).expect("a good file");
        assert!(matches!(
            sheet.rows().expect_err("another time"),
            Unreadable::Changed
        ));
        change(file.path());
        let why = sheet_of_the_past.rows().expect_err("another content");
        assert!(matches!(why, Unreadable::Changed) && !why.is_local_fault());
    }
}

#[test]
fn a_file_that_grows_while_its_rows_are_read_is_noticed_before_a_wrong_row() {
    let mut file = file(b"a,b\n");
    let line = format!("{},2\n", "x".repeat(1000));
    for _ in 0..2000 {
        file.write_all(line.as_bytes()).expect("room");
    }
    file.write_all(b"1,2").expect("room");
    let sheet = open(&input(file.path())).expect("a good file");
    let mut rows = sheet.rows().expect("a second pass");
    let mut row = Row::default();
    assert!(rows.read(&mut row).expect("a row"));
    file.write_all(b"3\n4,5\n").expect("room");
    let mut read = 1;
    let why = loop {
        match rows.read(&mut row) {
            Ok(true) => read += 1,
            Ok(false) => panic!("the end was reached"),
            Err(why) => break why,
        }
        assert_eq!(row.cell(1), Some("2"));
    };
    assert!(matches!(why, Unreadable::Changed) && read < 2000);
}

#[test]
fn a_file_put_in_its_place_changes_nothing() {
    let folder = TempDir::new().expect("a folder");
    let (path, other) = (folder.path().join("a.csv"), folder.path().join("b.csv"));
    fs::write(&path, "a\n1\n").expect("room");
    fs::write(&other, "a\n2\n3\n").expect("room");
    let sheet = open(&input(&path)).expect("a good file");
    fs::rename(&other, &path).expect("a rename");
    assert_eq!(all(&sheet).len(), 1);
}

#[test]
#[cfg(unix)]
fn a_pipe_can_be_read_twice() {
    let folder = TempDir::new().expect("a folder");
    let path = folder.path().join("pipe");
    let made = std::process::Command::new("mkfifo").arg(&path).status();
    assert!(made.expect("mkfifo").success());
    let writer = std::thread::spawn({
        let path = path.clone();
        move || {
            let mut pipe = fs::OpenOptions::new()
                .write(true)
                .open(path)
                .expect("a pipe");
            for byte in "a;b\n\u{5d0};\"2\r\n\"\n".as_bytes() {
                pipe.write_all(&[*byte]).expect("a reader");
            }
        }
    });
    let sheet = open(&input(&path)).expect("a good file");
    writer.join().expect("a writer that ends");
    for _ in 0..2 {
        assert_eq!(cells(&all(&sheet)[0]), ["\u{5d0}", "2\r\n"]);
    }
}
