//! What is refused, where, and the way out that is named.

use contact_sync::source::{Unreadable, open};
use tempfile::TempDir;

use super::{all, input, sheet};

#[test]
fn what_cannot_be_read_faithfully_is_refused_with_its_place_and_the_way_out() {
    let long = format!("a,b\n1,2\n{}", "x".repeat(3_000_000));
    let cases: &[(&[u8], &str)] = &[
        (
            b"",
            "the file is empty; export it again, with a header and at least one row",
        ),
        (
            b"\xEF\xBB\xBF\r\n\n",
            "the file is empty; export it again, with a header and at least one row",
        ),
        (
            b"sep=;\r\n",
            "the file is empty; export it again, with a header and at least one row",
        ),
        (
            b"a,b\n",
            "no rows: there is a header and nothing below it; check what was exported and export it again",
        ),
        (
            b"a,b\r\n\r\n\n",
            "no rows: there is a header and nothing below it; check what was exported and export it again",
        ),
        (
            b"\n,, \n1,2,3\n",
            "line 2: the header names no column; the first line that is not empty must name the columns",
        ),
        (
            b"sync_row,sync_code\n1,2\n",
            "line 1: the header names no column; the first line that is not empty must name the columns",
        ),
        (
            b"a,\"b\"c\n1,2\n",
            "line 1: the name of column 2 goes on after its closing quote; mend the header",
        ),
        (
            b"a,b\n\"1\n2\",3\n4,\"5\n6,7\n",
            "line 4: the quote opened here is never closed; close it, or write it twice (`\"\"`) in a quoted cell where it is part of the text",
        ),
        (
            b"a,b\n1,\"2\"\"\n",
            "line 2: the quote opened here is never closed; close it, or write it twice (`\"\"`) in a quoted cell where it is part of the text",
        ),
        (
            b"a,b\n\"1\r\n2\",3\r\n4,\0\n",
            "line 4: there is a NUL byte, so the file is damaged or no text; save it as `CSV UTF-8`",
        ),
        (
            b"a\0,\0b\0\n\0",
            "line 1: there is a NUL byte (the file looks like `UTF-16LE`); if that is right, add `--encoding utf-16le`, or save the file as `CSV UTF-8`",
        ),
        (
            "Jos\u{e9},b\n1,\u{5d0}\n"
                .as_bytes()
                .strip_suffix(b"\x90\n")
                .expect("the last byte"),
            "line 2: the byte at offset 10 is not UTF-8; name its encoding with `--encoding`, or save the file as `CSV UTF-8`",
        ),
        (
            b"name,city\n1,2\nx,M\xFCnchen an der Stra\xDFe\n",
            "line 3: the byte at offset 17 is not UTF-8 (the file looks like `windows-1252`); if that is right, add `--encoding windows-1252`, or save the file as `CSV UTF-8`",
        ),
        (
            b"name,city\n\xF9\xEC\xE5\xED \xF2\xE5\xEC\xED,\xFA\xEC \xE0\xE1\xE9\xE1\n",
            "line 2: the byte at offset 10 is not UTF-8 (the file looks like `windows-1255`); if that is right, add `--encoding windows-1255`, or save the file as `CSV UTF-8`",
        ),
        (
            long.as_bytes(),
            "line 3: the record that starts here is longer than 1 MiB; check its line ends and shorten it",
        ),
        (
            "sep=§\na§b\n1§2\n".as_bytes(),
            "line 1: `sep=` names `§`, which cannot separate cells; use one ASCII character that is not a quote",
        ),
        (
            b"sep=\"\na,b\n1,2\n",
            "line 1: `sep=` names `\"`, which cannot separate cells; use one ASCII character that is not a quote",
        ),
        (
            b"\xFF\xFEa\0\n\0b\0\n\0\x3D",
            "line 3: the byte at offset 10 is not `UTF-16LE`, so the file is damaged or in another encoding; save it as `CSV UTF-8`",
        ),
        (
            b"\xFE\xFF\0a\0\n\xD8\0\0x",
            "line 2: the byte at offset 6 is not `UTF-16BE`, so the file is damaged or in another encoding; save it as `CSV UTF-8`",
        ),
        (
            b"\xFF\xFE\0\0a\0\0\0",
            "the file is in `UTF-32LE`, as its first bytes say; save it as `CSV UTF-8`",
        ),
        (
            b"PK\x03\x04rest",
            "the file cannot be read as xlsx, xls or ods (Zip error: invalid Zip archive: Could not find EOCD); open it in a spreadsheet program and save it again, or export it as `CSV UTF-8`",
        ),
        (
            b"\x1F\x8B\x08",
            "the file is cut off: its gzip data end too early; fetch it again, whole",
        ),
        (
            b"\x28\xB5\x2F\xFD\x04",
            "the file is cut off: its zstd data end too early; fetch it again, whole",
        ),
        (
            b"%PDF-1.7\n",
            "the file is a PDF, not a list that can be read; export the list it was made from as `CSV UTF-8`",
        ),
    ];
    for (bytes, message) in cases {
        let why = sheet(bytes).map(|sheet| all(&sheet)).expect_err(message);
        assert_eq!(why.to_string(), *message);
        assert!(!why.is_local_fault(), "{message}");
    }
}

#[test]
fn what_cannot_be_opened_is_told_apart() {
    let folder = TempDir::new().expect("a folder");
    for (path, message) in [
        (
            folder.path().join("none.csv"),
            "there is no such file; check the path and its spelling",
        ),
        (
            folder.path().to_owned(),
            "it is a folder; name the file in it",
        ),
    ] {
        let why = open(&input(&path)).expect_err(message);
        assert_eq!(why.to_string(), message);
        assert!(matches!(why, Unreadable::CannotOpen { .. }) && !why.is_local_fault());
    }
}
