//! Inputs that are read whatever they look like, and inputs that cannot be read faithfully (4): nothing is sent then.

use super::done::Done;
use super::harness::{QUICK, Run, people};
use super::server::{Server, taken};

fn refused(csv: impl AsRef<[u8]>) -> Done {
    let server = Server::start(|_| taken());
    let done = Run::of(QUICK, csv).to(&server).go();
    assert_eq!(done.code, Some(4), "{done}");
    assert_eq!(server.connections(), 0);
    assert_eq!(done.directory(), None, "no run, no directory");
    done
}

#[test]
fn an_unclosed_quote_is_told_with_its_line() {
    let done =
        refused("Id,Name,Email\n1,A,a@example.org\n2,\"B,b@example.org\n3,C,c@example.org\n");
    done.says("line 3").says("quote").says("nothing was sent");
}

#[test]
fn an_address_on_the_web_is_refused_with_the_way_out() {
    let sheet = "https://docs.example.com/spreadsheets/d/e/abc/pub?output=csv";
    for verb in ["run", "init"] {
        let run = Run::verb(verb).args([sheet]);
        let done = match verb {
            "run" => {
                let run = run.file("shop/contacts.toml", QUICK);
                run.args(["-m", "shop/contacts.toml"]).go()
            }
            _ => run.args(["--provider", "highlevel"]).go(),
        };
        done.code(4).says(
            "lists are read from files, not from addresses on the web; download it, as CSV or as a workbook, and name \
             the file",
        );
    }
}

#[test]
fn a_file_without_rows_is_no_success() {
    refused("Id,Name,Email\n").says("people.csv");
    refused("").says("people.csv");
    refused("\n\n").says("people.csv");
}

#[test]
fn a_column_that_is_missing_or_there_twice_is_told_with_the_nearest_name() {
    refused("Id,Name,E-Mail\n1,A,a@example.org\n")
        .says("did you mean `E-Mail`?")
        .says("shop/contacts.toml:9");
    refused("Id,Name,Email,Email\n1,A,a@example.org,b@example.org\n").says("Email");
    refused("Name\nA\n").says("`Id`").says("`Email`");
}

#[test]
fn bytes_that_are_no_text_are_told_with_their_place() {
    refused("Id,Name,Email\n1,A\0B,a@example.org\n")
        .says("line 2")
        .says("NUL");
    let mut hebrew = b"Id,Name,Email\n1,".to_vec();
    hebrew.extend_from_slice(b"\xf9\xec\xe5\xed \xf2\xe5\xec\xed \xee\xe4 \xf9\xec\xe5\xee\xea");
    hebrew.extend_from_slice(b",a@example.org\n");
    refused(hebrew)
        .says("line 2")
        .says("16")
        .says("windows-1255");
    refused(b"PK\x03\x04rest of a workbook").says("xlsx");
    refused(b"\xff\xfeI\0d\0\n\0x").says("UTF-16");
}

#[test]
fn a_missing_file_is_told_with_its_name() {
    let run = Run::verb("run").file("shop/contacts.toml", QUICK);
    run.args(["gone.csv", "-m", "shop/contacts.toml"])
        .go()
        .code(4)
        .says("gone.csv")
        .says("nothing was sent");
    let run = Run::verb("run").file("shop/contacts.toml", QUICK);
    run.args(["shop", "-m", "shop/contacts.toml"])
        .go()
        .code(4)
        .says("shop");
}

#[test]
fn standard_input_is_read_whole_before_anything_is_sent() {
    let server = Server::start(|_| taken());
    let from_stdin = || {
        let run = Run::verb("run")
            .file("shop/contacts.toml", QUICK)
            .to(&server);
        run.args(["-", "-m", "shop/contacts.toml", "--rate", "2000/1s"])
    };
    let done = from_stdin().input(people(5)).go();
    done.code(0).all("updated");
    assert_eq!(done.summary()["input"], "-");
    assert_eq!(done.results()[4].line, 6);
    assert_eq!(server.writes(), 5);
    from_stdin()
        .input("Id,Name,Email\n1,A,a@example.org\n2,\"B\n")
        .go()
        .code(4)
        .says("line 3");
    from_stdin().input("").go().code(4);
    assert_eq!(server.writes(), 5);
}

#[test]
fn every_delimiter_line_end_and_byte_order_mark_gives_the_same_rows() {
    let plain = people(3);
    let shapes = [
        plain.clone(),
        plain.replace(',', ";"),
        plain.replace(',', "\t"),
        plain.replace(',', "|"),
        plain.replace('\n', "\r\n"),
        format!("\u{feff}{plain}"),
        format!("\u{feff}{}", plain.replace(',', ";").replace('\n', "\r\n")),
        format!("sep=;\n{}", plain.replace(',', ";")),
        plain.trim_end().to_owned(),
    ];
    let mut sent = Vec::new();
    for shape in shapes {
        let done = Run::of(QUICK, &shape)
            .args(["--dry-run", "--requests", "-"])
            .go();
        done.code(0).all("valid");
        let first = if shape.starts_with("sep=") { 3 } else { 2 };
        assert_eq!(done.results()[0].line, first, "{done}");
        sent.push(done.stdout.replace("\"line\":3", "\"line\":2"));
    }
    let bodies = |text: &String| -> Vec<String> {
        text.lines()
            .map(|line| {
                line.split("\"method\"")
                    .nth(1)
                    .expect("a method")
                    .to_owned()
            })
            .collect()
    };
    assert!(sent.iter().all(|text| bodies(text) == bodies(&sent[0])));
}

#[test]
fn rows_that_cannot_be_trusted_are_named_and_no_value_moves() {
    let csv = "Id,Name,Email\n1,A,a@example.org\n2,B\n3,C,c@example.org,more\n4,\"Tel\"Aviv,d@example.org\n5,\"quoted\nbreak\",e@example.org\n,,\n6,F,f@example.org\n";
    let server = Server::start(|_| taken());
    let done = Run::of(QUICK, csv)
        .to(&server)
        .args(["--rate", "2000/1s"])
        .go();
    done.code(1);
    let seen: Vec<(u64, String, String)> = done
        .results()
        .into_iter()
        .map(|line| (line.line, line.outcome, line.code))
        .collect();
    let seen: Vec<(u64, &str, &str)> = seen
        .iter()
        .map(|(line, fate, code)| (*line, fate.as_str(), code.as_str()))
        .collect();
    assert_eq!(
        seen,
        [
            (2, "updated", ""),
            (3, "invalid", "too-short"),
            (4, "invalid", "too-many-cells"),
            (5, "invalid", "text-after-quote"),
            (6, "updated", ""),
            (8, "skipped", "blank-row"),
            (9, "updated", ""),
        ]
    );
    let mut contacts = server.contacts();
    contacts.sort();
    assert_eq!(contacts, ["1", "5", "6"]);
    let quoted = server
        .requests()
        .into_iter()
        .find(|own| own.contact() == "5")
        .expect("sent");
    assert_eq!(quoted.json()["name"], "quoted\nbreak");
}

#[test]
fn a_first_line_that_looks_like_a_person_is_told_and_changes_nothing_else() {
    let csv = "Dana,Levi,dana@example.com,5\nNoa,Cohen,noa@example.com,6\n";
    let mapping = QUICK
        .replace("\"Id\"", "\"5\"")
        .replace("\"Name\"", "\"Dana\"")
        .replace("\"Email\"", "\"dana@example.com\"");
    let told = "line 1 of people.csv looks like a person and not like the names of columns, because of `dana@example.com`; if it is one, add `--no-header`, and if the names stand further down, `--header-row N`\n";
    let done = Run::of(&mapping, csv).args(["--dry-run"]).go();
    done.code(0).all("valid").says(told);
    assert_eq!(done.results().len(), 1);
    let proposed = Run::verb("init")
        .file("people.csv", csv)
        .args(["people.csv", "-p", "99digital"])
        .go();
    proposed.code(0).says(told);
    // Where the names are names, or there is nobody in their place, nothing is said.
    let wordless = |mapping: &str, header: &str, args: &[&str]| {
        let csv = format!("{header}\nNoa,Cohen,noa@example.com,6\n");
        let run = Run::of(mapping, csv).args(["--dry-run"]);
        let done = run.args(args.iter().copied()).go();
        assert!(!done.code(0).stderr.contains("looks like"), "{done}");
    };
    for name in [
        "Email",
        "E-mail @ work",
        "@",
        "a@b",
        "mail@.com",
        "@example.com",
    ] {
        let mapping = mapping.replace("dana@example.com", name);
        wordless(&mapping, &format!("Dana,Levi,{name},5"), &[]);
    }
    let numbered = QUICK
        .replace("\"Id\"", "\"#4\"")
        .replace("\"Name\"", "\"#1\"")
        .replace("\"Email\"", "\"#3\"");
    wordless(&numbered, "Dana,Levi,dana@example.com,5", &["--no-header"]);
}
