//! Lists as people really have them, made by other programs, through the whole program: the same requests come out as
//! from a clean file.
//!
//! The files are made by Python (its csv and codecs; openpyxl, xlwt, odfpy where they are installed) and by `iconv`,
//! never by this program's own libraries. Where one is missing its test is skipped with a clear word;
//! `CONTACT_SYNC_TEST_PYTHON` names another interpreter.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde_json::{Value, json};
use tempfile::TempDir;

mod again;
mod big;
mod dialects;
mod drift;
mod encodings;
mod office;
mod packed;
mod texts;
mod workbooks;

const MAPPING: &str = r#"
provider = "highlevel"
[account]
token = { env = "NOT_NEEDED" }
[contact]
id = "Id"
[fields]
firstName = "First"
lastName = "Last"
email = "Mail"
city = "Phone"
dateOfBirth = { column = "Born", format = "%d/%m/%Y" }
source = "Note"
"#;

/// A place for one test: its list, its mapping and its runs.
struct Place(TempDir);

/// How a run ended.
#[derive(Debug)]
struct Ran {
    code: i32,
    /// The requests, one JSON object a line.
    requests: String,
    told: String,
    summary: Value,
    errors: Option<PathBuf>,
}

impl Place {
    fn new() -> Self {
        let place = Self(TempDir::new().expect("a folder"));
        fs::write(place.at("mapping.toml"), MAPPING).expect("room");
        place
    }

    fn at(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn write(&self, name: &str, bytes: impl AsRef<[u8]>) -> PathBuf {
        fs::write(self.at(name), bytes).expect("room");
        self.at(name)
    }

    /// Lets Python write a file; nothing where it cannot.
    fn made(&self, name: &str, job: &Value) -> Option<PathBuf> {
        made(&self.at(name), job)
    }

    /// A dry run over a list.
    fn run(&self, list: &Path, options: &[&str]) -> Ran {
        let out = self.at(&format!(
            "run-{}",
            fs::read_dir(&self.0).expect("a folder").count()
        ));
        let ran = Command::new(env!("CARGO_BIN_EXE_contact-sync"))
            .arg("run")
            .arg(list)
            .arg("-m")
            .arg(self.at("mapping.toml"))
            .args(["--dry-run", "--requests", "-", "--out"])
            .arg(&out)
            .args(options)
            .output()
            .expect("the program runs");
        let summary = fs::read(out.join("summary.json")).unwrap_or_default();
        Ran {
            code: ran.status.code().expect("an end of its own"),
            requests: String::from_utf8(ran.stdout).expect("text"),
            told: String::from_utf8(ran.stderr).expect("text"),
            summary: serde_json::from_slice(&summary).unwrap_or_default(),
            errors: Some(out.join("errors.csv")).filter(|path| path.exists()),
        }
    }

    /// The requests of a list that must be sound.
    fn requests(&self, list: &Path, options: &[&str]) -> String {
        let ran = self.run(list, options);
        assert_eq!(ran.code, 0, "{}", ran.told);
        ran.requests
    }
}

fn made(path: &Path, job: &Value) -> Option<PathBuf> {
    let python = std::env::var("CONTACT_SYNC_TEST_PYTHON").unwrap_or_else(|_| "python3".to_owned());
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/formats/make.py");
    let child = Command::new(python)
        .arg(script)
        .arg(path)
        .stdin(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn();
    let Ok(mut child) = child else {
        skipped("there is no python3");
        return None;
    };
    let mut stdin = child.stdin.take().expect("it listens");
    stdin
        .write_all(job.to_string().as_bytes())
        .expect("it reads");
    drop(stdin);
    let ended = child.wait_with_output().expect("it ends");
    match ended.status.code() {
        Some(0) => Some(path.to_owned()),
        Some(77) => {
            skipped(&String::from_utf8_lossy(&ended.stderr));
            None
        }
        _ => panic!("{}", String::from_utf8_lossy(&ended.stderr)),
    }
}

#[expect(
    clippy::print_stderr,
    reason = "who runs the tests must see what was not tried"
)]
fn skipped(why: &str) {
    eprintln!("skipped: {}", why.trim());
}

fn header() -> Value {
    json!(["Id", "First", "Last", "Mail", "Phone", "Born", "Note"])
}

/// People with these first names, and notes with everything that dialects trip over.
fn people(names: &[&str]) -> Value {
    let notes = [
        "plain",
        "a,b;c|d",
        "two\nlines, \"quoted\"",
        "'single' \"double\"",
        "# no comment",
    ];
    let mut rows = vec![header()];
    for (at, name) in names.iter().enumerate() {
        rows.push(json!([
            format!("id{at}"),
            name,
            format!("{name} {name}"),
            format!("p{at}@example.com"),
            format!("052-345678{at}"),
            format!("0{}/11/1990", at + 1),
            notes[at % notes.len()],
        ]));
    }
    json!(rows)
}

const PLAIN: [&str; 5] = ["Dana", "Noa", "Amit", "Tal", "Gil"];

/// The requests without the lines on which their rows start, and those lines.
fn without_lines(requests: &str) -> (Vec<Value>, Vec<u64>) {
    let all = requests.lines().map(|line| {
        let mut request: Value = serde_json::from_str(line).expect("JSON");
        let line = request
            .as_object_mut()
            .and_then(|request| request.remove("line"))
            .and_then(|line| line.as_u64());
        (request, line.expect("a line"))
    });
    all.unzip()
}
