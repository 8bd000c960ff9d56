//! Every encoding, marked or told, gives the requests of the clean file; a byte that does not decode is named.

use std::process::Command;

use serde_json::json;

use super::{Place, people, skipped};

/// Python's name, the label to tell, and names that can be written in it.
const ENCODINGS: &[(&str, &str, &[&str])] = &[
    (
        "cp1252",
        "windows-1252",
        &["Zoë", "Renée", "Günter", "Siân", "Ænne"],
    ),
    (
        "cp1252",
        "latin1",
        &["Zoë", "Renée", "Günter", "Siân", "Ænne"],
    ),
    (
        "cp1255",
        "windows-1255",
        &["נועה", "דנה", "עמית", "טל", "גיל"],
    ),
    (
        "iso8859_8",
        "iso-8859-8",
        &["נועה", "דנה", "עמית", "טל", "גיל"],
    ),
    (
        "cp1251",
        "windows-1251",
        &["Анна", "Юлия", "Пётр", "Олег", "Ира"],
    ),
    ("koi8_r", "koi8-r", &["Анна", "Юлия", "Петр", "Олег", "Ира"]),
    (
        "cp1250",
        "windows-1250",
        &["Łukasz", "Żaneta", "Jiří", "Ľudmila", "Őze"],
    ),
    (
        "cp1253",
        "windows-1253",
        &["Άννα", "Γιώργος", "Ελένη", "Νίκος", "Ζωή"],
    ),
    (
        "cp1254",
        "windows-1254",
        &["Şule", "Çağla", "İpek", "Gül", "Işık"],
    ),
    (
        "cp1256",
        "windows-1256",
        &["محمد", "فاطمة", "علي", "نور", "ليلى"],
    ),
    (
        "cp1257",
        "windows-1257",
        &["Žanete", "Čēzars", "Ģirts", "Ūla", "Ąžuolas"],
    ),
    (
        "cp874",
        "windows-874",
        &["สมชาย", "สมหญิง", "วิชัย", "นภา", "อรุณ"],
    ),
    (
        "iso8859_2",
        "iso-8859-2",
        &["Łukasz", "Żaneta", "Jiří", "Ľudmila", "Őze"],
    ),
    (
        "mac_roman",
        "macintosh",
        &["Zoë", "Renée", "Günter", "Siân", "Ænne"],
    ),
    (
        "cp932",
        "shift_jis",
        &["東京", "ソース表", "山田", "十字", "能力"],
    ),
    (
        "euc_jp",
        "euc-jp",
        &["東京", "花子", "山田", "十字", "能力"],
    ),
    (
        "iso2022_jp",
        "iso-2022-jp",
        &["東京", "花子", "山田", "十字", "能力"],
    ),
    (
        "euc_kr",
        "euc-kr",
        &["김철수", "영희", "민준", "서연", "지우"],
    ),
    ("gbk", "gbk", &["王伟", "李娜", "张敏", "刘洋", "陈静"]),
    (
        "gb18030",
        "gb18030",
        &["王伟", "李娜", "张敏", "刘洋", "𠮷野"],
    ),
    ("big5", "big5", &["王偉", "許功蓋", "張敏", "劉洋", "陳靜"]),
    (
        "utf_16_le",
        "utf-16le",
        &["נועה", "Zoë", "東京", "😀", "Tal"],
    ),
    (
        "utf_16_be",
        "utf-16be",
        &["נועה", "Zoë", "東京", "😀", "Tal"],
    ),
];

#[test]
fn every_encoding_gives_the_requests_of_the_clean_file() {
    let place = Place::new();
    for (python, label, names) in ENCODINGS {
        let rows = people(names);
        let job = json!({"kind": "text", "rows": rows});
        let Some(clean) = place.made("clean.csv", &job) else {
            return;
        };
        let job = json!({"kind": "text", "rows": rows, "encoding": python});
        let other = place.made("other.csv", &job).expect("python3 is there");
        let clean = place.requests(&clean, &[]);
        assert_eq!(clean.lines().count(), 5);
        let ran = place.run(&other, &["--encoding", label]);
        assert_eq!(
            (ran.code, &ran.requests),
            (0, &clean),
            "{label}: {}",
            ran.told
        );
        // Untold it is refused before anything is made of it, and the option that reads it is named.
        let untold = place.run(&other, &[]);
        if *python != "iso2022_jp" {
            assert_eq!((untold.code, untold.requests.as_str()), (4, ""), "{label}");
            assert!(
                untold.told.contains("--encoding"),
                "{label}: {}",
                untold.told
            );
        }
    }
}

#[test]
fn a_byte_order_mark_is_enough_and_wins() {
    let place = Place::new();
    let rows = people(&["נועה", "Zoë", "東京", "😀", "Tal"]);
    let job = json!({"kind": "text", "rows": rows});
    let Some(clean) = place.made("clean.csv", &job) else {
        return;
    };
    let clean = place.requests(&clean, &[]);
    for (python, name) in [
        ("utf_8", "UTF-8"),
        ("utf_16_le", "UTF-16LE"),
        ("utf_16_be", "UTF-16BE"),
    ] {
        for delimiter in [",", "\t", ";"] {
            let job = json!({"kind": "text", "rows": rows, "encoding": python, "mark": true, "delimiter": delimiter});
            let marked = place.made("marked.csv", &job).expect("python3 is there");
            assert_eq!(place.requests(&marked, &[]), clean, "{name}");
            let told = place.run(&marked, &["--encoding", "windows-1255"]);
            assert_eq!((told.code, &told.requests), (0, &clean), "{name}");
            assert!(
                told.told
                    .contains("its byte order mark wins over `--encoding`")
            );
            assert_eq!(told.summary["read"]["encoding"], name);
            assert_eq!(told.summary["read"]["delimiter"], delimiter);
        }
    }
}

#[test]
fn iconv_agrees() {
    let place = Place::new();
    let text = "Id,First,Last,Mail,Phone,Born,Note\nid0,נועה,כהן,a@example.com,0523456780,01/11/1990,שלום\n";
    let clean = place.write("clean.csv", text);
    for (name, label) in [
        ("WINDOWS-1255", "windows-1255"),
        ("UTF-16LE", "utf-16le"),
        ("UTF-16", "utf-8"),
    ] {
        let Ok(made) = Command::new("iconv")
            .args(["-f", "UTF-8", "-t", name])
            .arg(&clean)
            .output()
        else {
            return skipped("there is no iconv");
        };
        let other = place.write("other.csv", &made.stdout);
        let requests = place.requests(&other, &["--encoding", label]);
        assert_eq!(requests, place.requests(&clean, &[]), "{name}");
    }
}

#[test]
fn a_byte_that_does_not_decode_is_named_with_its_line() {
    let place = Place::new();
    let cases: &[(&[u8], &[&str], &str)] = &[
        (
            b"Id,First\nid0,Zo\xEB\n",
            &[],
            "line 2: the byte at offset 15 is not UTF-8 (the file looks like `windows-1252`)",
        ),
        (
            b"Id,First\nid0,Zo\xEB\nid1,\x81\n",
            &["--encoding", "windows-1252"],
            "line 3: the byte at offset 21 is not `windows-1252`",
        ),
        (
            b"Id,First\nid0,\xD9\n",
            &["--encoding", "windows-1255"],
            "line 2: the byte at offset 13 is not `windows-1255`",
        ),
        (
            b"Id,First\nid0,\x93\n",
            &["--encoding", "shift_jis"],
            "line 2: the byte at offset 13 is not `Shift_JIS`",
        ),
        (
            "Id,First\nid0,נועה\n".as_bytes(),
            &["--encoding", "windows-1255"],
            "the file is in UTF-8, not in `windows-1255`, as each of its letters shows; leave `--encoding` out",
        ),
        (
            b"\xFF\xFEI\0d\0\n\0x\0y",
            &[],
            "line 2: the byte at offset 10 is not `UTF-16LE`",
        ),
    ];
    for (bytes, options, message) in cases {
        let ran = place.run(&place.write("list.csv", bytes), options);
        assert_eq!((ran.code, ran.requests.as_str()), (4, ""), "{message}");
        assert!(ran.told.contains(message), "{}\n{message}", ran.told);
    }
    for label in ["utf-7", "hz-gb-2312", "klingon"] {
        let ran = place.run(&place.at("list.csv"), &["--encoding", label]);
        assert_eq!(ran.code, 2, "{}", ran.told);
    }
}
