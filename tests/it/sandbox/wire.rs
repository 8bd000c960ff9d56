//! The stand-in as a server: many clients, bad clients, the end.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::sync::{Arc, Mutex};

use contact_sync::provider::api::parse_rate;
use contact_sync::provider::limit::effective;
use contact_sync::sandbox::{Sandbox, Tally, beside};

use super::{AUTH, Got, LENIENT, STRICT, api, ask, change, parse, raw};

#[test]
fn sixty_four_clients_at_once_get_exactly_what_the_limits_allow() {
    let sandbox = beside(api(STRICT)).expect("a stand-in");
    let at = sandbox.address();
    let clients: Vec<_> = (0..64)
        .map(|number| {
            std::thread::spawn(move || {
                let line = format!("PUT /v1/here/contacts/{number}");
                ask(at, &line, AUTH, r#"{"name":"Noa"}"#)
            })
        })
        .collect();
    let got: Vec<Got> = clients
        .into_iter()
        .map(|one| one.join().expect("an answer"))
        .collect();
    let mut left: Vec<&String> = got
        .iter()
        .filter(|got| got.0 == 200)
        .filter_map(|got| got.1.iter().find(|header| header.starts_with("x-left")))
        .collect();
    left.sort();
    left.dedup();
    assert_eq!(left.len(), 40, "each of them saw another number");
    let late: Vec<&Got> = got.iter().filter(|got| got.0 == 429).collect();
    assert_eq!(late.len(), 24);
    let zero = |got: &&Got| {
        got.1.contains(&"x-left: 0".to_owned()) && got.1.contains(&"x-day-left: 20".to_owned())
    };
    assert!(late.iter().all(zero));
    let tally = Tally {
        requests: 64,
        changes: 40,
        contacts: 40,
        throttled: 24,
        ..Tally::default()
    };
    assert_eq!(sandbox.watch().tally(), tally);
}

#[test]
fn a_clients_rate_comes_on_top_of_official_limits_and_in_place_of_a_guess() {
    let tally = |text: &str, rate: &str| {
        let own = api(text);
        let limits = effective(&own.limits, Some(parse_rate(rate).expect("a rate")));
        let sandbox = Sandbox::bind(own, 0).expect("a stand-in");
        let sandbox = sandbox.with_limits(&limits).beside().expect("a thread");
        let ask = |number: u32| {
            let line = format!("PUT /v1/here/contacts/{number}");
            ask(sandbox.address(), &line, AUTH, r#"{"name":"Noa"}"#)
        };
        let got: Vec<Got> = (0..45).map(ask).collect();
        let max = got[44].1.iter().find(|header| header.starts_with("x-max"));
        (sandbox.watch().tally().changes, max.cloned())
    };
    let max = |number: &str| Some(format!("x-max: {number}"));
    assert_eq!(tally(STRICT, "3/1m"), (3, max("40")));
    assert_eq!(tally(STRICT, "1000/1s"), (40, max("40")));
    let guess = STRICT.replace("\"official\"", "\"guess\"");
    assert_eq!(tally(&guess, "3/1m"), (3, max("3")));
    assert_eq!(tally(&guess, "1000/1s"), (45, max("1000")));
}

#[test]
fn bad_clients_do_not_harm_the_others() {
    let sandbox = beside(api(STRICT)).expect("a stand-in");
    let at = sandbox.address();
    let mut silent = TcpStream::connect(at).expect("a connection");
    silent.write_all(b"PUT /v1/he").expect("half a request");
    let mut slow = TcpStream::connect(at).expect("a connection");
    let head = format!(
        "PUT /v1/here/contacts/a HTTP/1.1\r\nHost: x\r\nConnection: close\r\n{AUTH}Content-Length: 14\r\n\r\n"
    );
    slow.write_all(head.as_bytes()).expect("a head");
    assert_eq!(parse(&raw(at, b"\x16\x03\x01 what\r\n\r\n")).0, 400);
    drop(TcpStream::connect(at).expect("a connection"));
    let huge = format!(r#"{{"name":"{}"}}"#, "a".repeat(1 << 20));
    assert_eq!(change(at, "a", &huge).0, 400);
    let endless = format!("{}{}", head.replace("14", "99999999"), "a".repeat(20 << 20));
    raw(at, endless.as_bytes());
    let many = format!("PUT / HTTP/1.1\r\n{}\r\n", "X: y\r\n".repeat(5_000));
    assert!(parse(&raw(at, many.as_bytes())).0 >= 400);
    assert_eq!(change(at, "a", r#"{"name":"Noa"}"#).0, 200);
    slow.write_all(br#"{"name":"Dan"}"#)
        .expect("the body, late");
    let mut answer = Vec::new();
    slow.read_to_end(&mut answer).expect("an answer");
    assert!(parse(&answer).2.contains(r#""name":"Dan""#));
}

#[test]
fn it_stops_when_dropped_and_refuses_a_taken_port() {
    let sandbox = beside(api(STRICT)).expect("a stand-in");
    let at = sandbox.address();
    assert!(at.ip().is_loopback());
    let open = TcpStream::connect(at).expect("a connection");
    let taken = Sandbox::bind(api(LENIENT), at.port()).map(|own| own.address());
    assert_eq!(
        taken.map_err(|error| error.kind()),
        Err(std::io::ErrorKind::AddrInUse)
    );
    drop(sandbox);
    let mut open = open;
    assert_eq!(
        open.read(&mut [0; 1]).unwrap_or(0),
        0,
        "the connection is closed"
    );
}

/// What was logged, for looking at.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl std::io::Write for Log {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().expect("the log").extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

#[test]
fn serving_ends_with_what_it_waits_for_and_the_log_holds_no_credential() {
    let log = Log::default();
    let writer = log.clone();
    let subscriber = tracing_subscriber::fmt()
        .with_max_level(tracing::Level::TRACE)
        .with_writer(move || writer.clone())
        .with_ansi(false)
        .finish();
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .expect("a runtime");
    let sandbox = Sandbox::bind(api(LENIENT), 0).expect("a stand-in");
    let (at, watch) = (sandbox.address(), sandbox.watch());
    let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
    let client = std::thread::spawn(move || {
        let header = "Authorization: Bearer hush-hush\r\n";
        let got = ask(at, "GET /a/1?api_key=hush-hush", header, "");
        drop(stop);
        got.0
    });
    let served =
        tracing::subscriber::with_default(subscriber, || runtime.block_on(sandbox.serve(stopped)));
    served.expect("it serves");
    assert_eq!(client.join().expect("an answer"), 200);
    assert_eq!(watch.tally().requests, 1);
    let text = String::from_utf8(log.0.lock().expect("the log").clone()).expect("text");
    // Whether a line appears at all depends on which test met it first, as the log's state is one for all threads;
    // where it does, this is what it says.
    for line in text.lines().filter(|line| line.contains("method=")) {
        let said = r#"answered method=GET path="/a/1" status=200"#;
        assert!(line.ends_with(said), "{line}");
    }
    assert!(!text.contains("hush"), "{text}");
}
