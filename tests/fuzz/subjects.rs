//! What is tried with random bytes, and what must be true whatever they are. `cargo fuzz` drives it by what it covers,
//! `tests/it/faults/random.rs` by dice, so that both try the same.

use std::fs;
use std::sync::{Arc, LazyLock};

use contact_sync::contact::Row;
use contact_sync::mapping::check::check;
use contact_sync::mapping::reading;
use contact_sync::mistake::Written;
use contact_sync::provider::answers::Meaning;
use contact_sync::provider::api::Api;
use contact_sync::provider::load::load;
use contact_sync::provider::reply::{Hold, Reply, read, timing};
use contact_sync::provider::shipped;
use contact_sync::provider::template::{Filling, Template};
use contact_sync::report::harmless;
use contact_sync::source::{Input, open};
use tempfile::{NamedTempFile, TempPath};

/// A subject by its name.
type Subject = (&'static str, fn(&[u8]));

const ALL: [Subject; 6] = [
    ("reader", reader),
    ("mapping", mapping),
    ("limits", limits),
    ("reply", reply),
    ("path", path),
    ("redaction", redaction),
];

/// Tries one of them.
pub(crate) fn one(name: &str, data: &[u8]) {
    let known = ALL.iter().find(|(own, _)| *own == name);
    let (_, subject) = known.expect("a subject");
    subject(data);
}

static APIS: LazyLock<Vec<Api>> = LazyLock::new(|| {
    let api = |name| {
        let text = shipped::api(name).expect("a provider's file");
        load(&written(name, text)).expect("a sound file")
    };
    shipped::names().map(api).collect()
});

thread_local! {
    /// Written over for every input: making a file costs more than reading a small one.
    static FILE: TempPath = NamedTempFile::new()
        .expect("a temporary file")
        .into_temp_path();
}

fn written(name: &str, text: &str) -> Arc<Written> {
    Arc::new(Written {
        name: name.to_owned(),
        text: text.to_owned(),
    })
}

/// A file that was found sound is read to its end, with as many rows as were found.
fn reader(data: &[u8]) {
    let written = FILE.with(|file| fs::write(file, data));
    written.expect("room for it");
    let Ok(sheet) = open(&Input::Path(FILE.with(|file| file.to_path_buf()))) else {
        return;
    };
    let mut rows = sheet.rows().expect("a second pass");
    let mut row = Row::default();
    let (mut count, mut line) = (0, 0);
    while rows.read(&mut row).expect("what was checked") {
        count += 1;
        assert_eq!(row.number, count);
        assert!(row.line > line, "lines only go up");
        line = row.line;
        assert!(row.cells().count() <= data.len() + sheet.header().len());
    }
    assert_eq!(count, sheet.facts().rows);
}

/// Any text is a mapping or has mistakes that stand inside it.
fn mapping(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    let file = written("contacts.toml", &text);
    let (read, mut mistakes) = reading::read(&file);
    // One provider an input, as in life; the same text one byte longer meets the next.
    let api = &APIS[data.len() % APIS.len()];
    if let Err(more) = check(&read, &file, api, None) {
        mistakes.extend(more);
    }
    if let Err(more) = load(&file) {
        mistakes.extend(more);
    }
    for mistake in mistakes {
        assert!(mistake.span.start <= mistake.span.end);
        assert!(mistake.span.end <= text.len(), "{mistake:?}");
    }
}

/// An answer as the bytes describe it: a status, headers by line, an empty line, a body.
fn told(data: &[u8]) -> Reply {
    let (first, rest) = data.split_first().unwrap_or((&200, &[]));
    let status = match first % 8 {
        0..3 => 200,
        3 => 202,
        4 => 422,
        5 => 429,
        6 => 503,
        _ => 100 + u16::from(*first) * 2,
    };
    let cut = memchr::memmem::find(rest, b"\n\n").unwrap_or(rest.len());
    let mut reply = Reply {
        status,
        body: rest.get(cut + 2..).unwrap_or_default().to_vec(),
        ..Reply::default()
    };
    for line in rest[..cut].split(|byte| *byte == b'\n') {
        let mut parts = line.splitn(2, |byte| *byte == b':');
        let name = parts
            .next()
            .and_then(|name| http::HeaderName::from_bytes(name).ok());
        let value = parts
            .next()
            .and_then(|value| http::HeaderValue::from_bytes(value).ok());
        if let (Some(name), Some(value)) = (name, value) {
            reply.headers.append(name, value);
        }
    }
    reply
}

/// Whatever a server says about limits has a meaning with sane numbers or none.
fn limits(data: &[u8]) {
    let reply = told(data);
    for api in APIS.iter() {
        for meaning in [Meaning::Accepted, Meaning::Throttled, Meaning::Outage] {
            let timing = timing(api, &reply, meaning);
            if let Some((requests, per)) = timing.window {
                assert!(requests > 0 && !per.is_zero());
            }
            if let Some(Hold::For(wait)) = timing.hold {
                // It is turned into a moment later, where it is not beyond reason.
                let _ = std::time::Instant::now().checked_add(wait);
            }
        }
    }
}

/// A "no" is never read as a yes, and neither is what is no JSON object.
fn reply(data: &[u8]) {
    let reply = told(data);
    for api in APIS.iter() {
        let answer = read(api, &reply);
        if answer.meaning == Meaning::Accepted {
            assert!((200..300).contains(&reply.status), "{}", reply.status);
            assert!(answer.body.is_object() || reply.body.is_empty());
        } else {
            assert!(!answer.reason.is_empty() || answer.meaning == Meaning::Queued);
        }
    }
}

/// An id is one segment of a path and comes out as it went in.
fn path(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    let _ = Template::parse(&text);
    if text.is_empty() {
        return;
    }
    let template = Template::parse("/contacts/{id}/notes").expect("a path");
    let filled = template.fill(&Filling {
        id: &text,
        ..Filling::default()
    });
    let id = template.id_in(&filled).expect("its own form");
    assert_eq!(
        percent_encoding::percent_decode_str(id)
            .decode_utf8()
            .expect("UTF-8"),
        text
    );
    assert_eq!(filled.matches('/').count(), 3);
    let url = url::Url::parse(&format!("http://127.0.0.1:80/v1{filled}")).expect("a URL");
    assert_eq!((url.query(), url.fragment()), (None, None));
    assert_eq!(url.host_str(), Some("127.0.0.1"));
    // The mapping refuses these two, and the client looks once more.
    if ![".", ".."].contains(&text.as_ref()) {
        assert_eq!(url.path(), format!("/v1{filled}"));
    }
}

/// What is shown runs in no spreadsheet and moves nothing on a screen.
fn redaction(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    let bidi = |c: char| matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    let seen = |c: char| !c.is_control() && !bidi(c);
    for shown in [harmless::line(&text), harmless::escaped(&text)] {
        assert!(shown.chars().all(seen), "{shown:?}");
    }
    let cell = harmless::cell(&text);
    assert!(
        !cell.starts_with(['=', '+', '-', '@', '\t', '\r']),
        "{cell:?}"
    );
    assert!(cell.chars().all(seen), "{cell:?}");
    for most in [1, 7, 300] {
        assert!(harmless::cut(&text, most).chars().count() <= most);
    }
}
