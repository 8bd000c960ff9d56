//! The client on real sockets of this machine: what leaves, what comes back when the other side misbehaves, and that the
//! credential is seen nowhere.

use std::io::{ErrorKind, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use base64::Engine as _;
use bytes::Bytes;
use contact_sync::delivery::Wire;
use contact_sync::delivery::client::Client;
use contact_sync::delivery::departure::Departure;
use contact_sync::delivery::secret::Credential;
use contact_sync::delivery::timeouts::Timeouts;
use contact_sync::provider::api::{Api, Method};
use contact_sync::provider::call::Call;
use contact_sync::provider::reply::{BODY_LIMIT, Lost, Reply};
use secrecy::SecretString;

use crate::delivery::api;
use crate::run::gate::ClosedPort;

mod connections;
mod struck;

/// Found anywhere it should not be, it gives a leak away; half of it needs encoding in a URL.
const TOKEN: &str = "canary/5f2c+9a=71d&e804";

const OK: &str = "HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}";

pub(crate) fn bearer() -> Api {
    api(|text| text)
}

fn by(scheme: &str) -> Api {
    let scheme = scheme.to_owned();
    api(|text| text.replace("scheme = \"bearer\"", &scheme))
}

fn client(api: &Api, base: &str) -> Client {
    client_of(api, base, |_| ())
}

/// One that waits so long for a connection.
pub(crate) fn client_within(api: &Api, base: &str, connect: Duration) -> Client {
    client_of(api, base, |timeouts| timeouts.connect = connect)
}

fn client_of(api: &Api, base: &str, change: impl FnOnce(&mut Timeouts)) -> Client {
    let credential = Credential::new(&api.auth[0], |key| {
        let value = if key == "user" { "jo" } else { TOKEN };
        Ok::<_, String>(SecretString::from(value))
    });
    let mut timeouts = Timeouts {
        connect: Duration::from_secs(5),
        whole: Duration::from_secs(30),
        idle: Duration::from_secs(4),
    };
    change(&mut timeouts);
    let credential = credential.expect("a credential");
    Client::new(api, base, credential, 4, timeouts).expect("a client")
}

pub(crate) fn call(target: &str) -> Call {
    Call {
        method: Method::Put,
        target: target.to_owned(),
        body: Bytes::from_static(b"{\"name\":\"Ada\"}"),
        repeatable: true,
        purpose: contact_sync::provider::call::Purpose::Ask,
    }
}

pub(crate) fn send(client: &Client, call: &Call) -> Result<Reply, Lost> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build();
    runtime
        .expect("a runtime")
        .block_on(client.send(call, Departure::default()))
}

/// Reads one request, to the end of its body.
fn request(stream: &mut TcpStream) -> String {
    let mut seen = Vec::new();
    let mut chunk = [0; 4096];
    loop {
        let text = String::from_utf8_lossy(&seen).into_owned();
        if let Some((head, body)) = text.split_once("\r\n\r\n") {
            let length = head
                .lines()
                .find_map(|line| line.strip_prefix("content-length: "))
                .map_or(0, |length| length.parse().expect("a number"));
            if body.len() >= length {
                return text;
            }
        }
        match stream.read(&mut chunk) {
            Ok(0) | Err(_) => return text,
            Ok(count) => seen.extend_from_slice(&chunk[..count]),
        }
    }
}

/// A server for one connection; what it was asked comes through the channel.
fn serve(
    answer: impl FnOnce(&mut TcpStream) + Send + 'static,
) -> (SocketAddr, mpsc::Receiver<String>) {
    let (tell, told) = mpsc::channel();
    let address = listen(move |stream| {
        let _ = tell.send(request(stream));
        answer(stream);
    });
    (address, told)
}

/// A server for one connection, which has to read for itself.
fn listen(meet: impl FnOnce(&mut TcpStream) + Send + 'static) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = listener.local_addr().expect("an address");
    thread::spawn(move || {
        let (mut stream, _) = listener.accept().expect("a connection");
        meet(&mut stream);
    });
    address
}

fn says(text: impl Into<Vec<u8>>) -> impl FnOnce(&mut TcpStream) + Send + 'static {
    let bytes = text.into();
    move |stream| {
        let _ = stream.write_all(&bytes);
    }
}

/// Sends one call to a server that answers so.
fn ask(api: &Api, answer: impl FnOnce(&mut TcpStream) + Send + 'static) -> Result<Reply, Lost> {
    ask_of(api, |_| (), answer)
}

fn ask_of(
    api: &Api,
    change: impl FnOnce(&mut Timeouts),
    answer: impl FnOnce(&mut TcpStream) + Send + 'static,
) -> Result<Reply, Lost> {
    let (address, _told) = serve(answer);
    let client = client_of(api, &format!("http://{address}"), change);
    let result = send(&client, &call("/contacts/a"));
    assert_unseen(&format!("{client:?} {result:?}"));
    result
}

fn assert_unseen(text: &str) {
    let encoded: String = url::form_urlencoded::byte_serialize(TOKEN.as_bytes()).collect();
    let in_base64 = base64::engine::general_purpose::STANDARD.encode(format!("jo:{TOKEN}"));
    for form in [TOKEN, encoded.as_str(), in_base64.as_str()] {
        assert!(!text.contains(form), "the credential stands in {text}");
        assert!(!text.to_lowercase().contains(&form.to_lowercase()));
    }
}

fn no_answer(result: Result<Reply, Lost>) -> String {
    match result {
        Err(Lost::NoAnswer(why)) => why,
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_call_leaves_as_it_was_written_and_with_each_kind_of_credential() {
    let in_base64 = base64::engine::general_purpose::STANDARD.encode(format!("jo:{TOKEN}"));
    let basic = api(|text| {
        text.replace("needs = [\"token\"]", "needs = [\"user\", \"token\"]")
            .replace("scheme = \"bearer\"", "scheme = \"basic\"")
    });
    let header = by("scheme = \"header\"\nname = \"api_access_token\"");
    let query = by("scheme = \"query\"\nname = \"api_key\"");
    for (api, target, line, credential) in [
        (
            bearer(),
            "/contacts/a%2Fb",
            "PUT /v1/contacts/a%2Fb HTTP/1.1\r\n",
            Some(format!("authorization: Bearer {TOKEN}\r\n")),
        ),
        (
            basic,
            "/contacts/a",
            "PUT /v1/contacts/a HTTP/1.1\r\n",
            Some(format!("authorization: Basic {in_base64}\r\n")),
        ),
        (
            header,
            "/contacts/a?x=1",
            "PUT /v1/contacts/a?x=1 HTTP/1.1\r\n",
            Some(format!("api_access_token: {TOKEN}\r\n")),
        ),
        (
            query,
            "/contacts/a?x=1",
            "PUT /v1/contacts/a?x=1&api_key=canary%2F5f2c%2B9a%3D71d%26e804 HTTP/1.1\r\n",
            None,
        ),
    ] {
        let (address, told) = serve(says(OK));
        let client = client(&api, &format!("http://{address}/v1/"));
        let reply = send(&client, &call(target)).expect("an answer");
        assert_eq!(
            (reply.status, reply.body.as_slice()),
            (200, b"{}".as_slice())
        );
        let told = told.recv().expect("a request");
        assert!(told.starts_with(line), "{told}");
        match credential {
            Some(header) => assert!(told.contains(&header), "{told}"),
            None => assert!(!told.contains("authorization"), "{told}"),
        }
        assert!(told.contains("accept: application/json\r\n"));
        assert!(told.contains("content-type: application/json\r\n"));
        assert!(told.contains(concat!("contact-sync/", env!("CARGO_PKG_VERSION"))));
        assert!(!told.contains("accept-encoding"), "{told}");
        assert!(told.ends_with("\r\n\r\n{\"name\":\"Ada\"}"));
    }
}

#[test]
fn a_refused_connection_says_so_and_nothing_was_sent() {
    let nobody = ClosedPort::take();
    for api in [bearer(), by("scheme = \"query\"\nname = \"api_key\"")] {
        let client = client(&api, &nobody.url());
        let result = send(&client, &call("/contacts/a"));
        let why = format!("connection refused by {}", nobody.address());
        assert_eq!(result.err(), Some(Lost::NotSent(why)));
    }
}

#[test]
fn a_host_that_does_not_exist_is_named_and_nothing_was_sent() {
    let api = by("scheme = \"query\"\nname = \"api_key\"");
    let client = client(&api, "https://no-such-host.invalid");
    let result = send(&client, &call("/contacts/a"));
    assert_unseen(&format!("{result:?}"));
    let Err(Lost::NotSent(why)) = result else {
        panic!("{result:?}")
    };
    assert!(why.contains("no-such-host.invalid"), "{why}");
}

#[test]
fn an_answer_that_breaks_off_is_no_answer() {
    let api = by("scheme = \"query\"\nname = \"api_key\"");
    for broken in [
        "",
        "HTTP/1.1 200 OK\r\ncontent-le",
        "HTTP/1.1 200 OK\r\ncontent-length: 20\r\n\r\n{\"ok\":",
        "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\n{\"ok\"\r\n",
        "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nzz\r\n",
        "SSH-2.0-OpenSSH_9.2p1\r\n\r\n",
    ] {
        let why = no_answer(ask(&api, says(broken)));
        assert!(why.starts_with("the answer from 127.0.0.1"), "{why}");
    }
}

#[test]
fn a_connection_that_is_reset_in_the_middle_is_no_answer() {
    let address = listen(|stream| {
        let _ = stream.read(&mut [0; 1]);
        let _ = stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\n{");
        thread::sleep(Duration::from_millis(50));
        // Closing with something unread resets the connection.
    });
    let client = client(&bearer(), &format!("http://{address}"));
    let why = no_answer(send(&client, &call("/contacts/a")));
    assert!(why.contains("reset"), "{why}");
}

#[test]
fn a_server_that_is_silent_or_drips_is_left_after_the_whole_time() {
    let hurry = |timeouts: &mut Timeouts| timeouts.whole = Duration::from_millis(700);
    let why = no_answer(ask_of(&bearer(), hurry, |stream| {
        // Until the client has gone.
        let _ = stream.read(&mut [0; 1]);
    }));
    assert!(why.contains("within 0.7 s"), "{why}");
    let why = no_answer(ask_of(&bearer(), hurry, |stream| {
        let _ = stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 900\r\n\r\n");
        while stream.write_all(b" ").is_ok() {
            thread::sleep(Duration::from_millis(20));
        }
    }));
    assert!(why.contains("within 0.7 s"), "{why}");
}

#[test]
fn an_endless_body_is_cut_off() {
    let (address, _told) = serve(|stream| {
        let _ = stream.write_all(b"HTTP/1.1 200 OK\r\n\r\n");
        while stream.write_all(&[b'x'; 65_536]).is_ok() {}
    });
    let client = client(&bearer(), &format!("http://{address}"));
    let reply = send(&client, &call("/contacts/a")).expect("an answer");
    assert_eq!(reply.body.len(), BODY_LIMIT + 1);
}

#[test]
fn monstrous_heads_are_no_answer() {
    let many: String = (0..100_000).map(|n| format!("x-{n}: y\r\n")).collect();
    let long = format!("x-long: {}\r\n", "y".repeat(1 << 20));
    for headers in [many, long] {
        let text = format!("HTTP/1.1 200 OK\r\n{headers}content-length: 2\r\n\r\n{{}}");
        no_answer(ask(&bearer(), says(text)));
    }
}

#[test]
fn a_redirect_is_brought_back_and_not_followed() {
    let elsewhere = TcpListener::bind("127.0.0.1:0").expect("a port");
    elsewhere.set_nonblocking(true).expect("no waiting");
    let there = elsewhere.local_addr().expect("an address");
    for status in [301, 302, 303, 307, 308] {
        let text = format!(
            "HTTP/1.1 {status} Away\r\nlocation: http://{there}/?api_key={TOKEN}\r\ncontent-length: 0\r\n\r\n"
        );
        let reply = ask(&bearer(), says(text)).expect("an answer");
        assert_eq!(reply.status, status);
        let place = reply.headers["location"].to_str().expect("text");
        assert_eq!(place, format!("http://{there}/?api_key=[secret]"));
    }
    let visitor = elsewhere.accept().map_err(|error| error.kind());
    assert_eq!(visitor.err(), Some(ErrorKind::WouldBlock));
}

#[test]
fn a_compressed_answer_stays_as_it_is() {
    let text = "HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\ncontent-length: 5\r\n\r\nBOMB!";
    let reply = ask(&bearer(), says(text)).expect("an answer");
    assert_eq!(reply.body, b"BOMB!");
}

#[test]
fn an_answer_that_says_in_two_ways_how_long_it_is_is_none() {
    let text = "HTTP/1.1 200 OK\r\ncontent-length: 2\r\ntransfer-encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n";
    let why = no_answer(ask(&bearer(), says(text)));
    assert!(why.ends_with("it says in two ways how long it is"), "{why}");
}

#[test]
fn a_call_without_a_body_says_that_it_has_none() {
    for (method, says_so) in [
        (Method::Post, true),
        (Method::Put, true),
        (Method::Get, false),
    ] {
        let (address, told) = serve(says(OK));
        let client = client(&bearer(), &format!("http://{address}"));
        let bare = Call {
            method,
            body: Bytes::new(),
            ..call("/contacts/a/labels/b")
        };
        send(&client, &bare).expect("an answer");
        let told = told.recv().expect("a request");
        assert_eq!(told.contains("content-length: 0\r\n"), says_so, "{told}");
    }
}

#[test]
fn a_path_that_would_change_on_the_way_is_not_sent() {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    listener.set_nonblocking(true).expect("no waiting");
    let address = listener.local_addr().expect("an address");
    let client = client(&bearer(), &format!("http://{address}/v1"));
    for target in ["/contacts/..", "/contacts/.", "/contacts/../x", "contacts"] {
        let result = send(&client, &call(target));
        assert!(matches!(result, Err(Lost::NotTrusted(_))), "{result:?}");
    }
    assert!(listener.accept().is_err());
}

#[test]
fn a_server_without_tls_behind_an_https_address_is_not_trusted() {
    let address = listen(|stream| {
        let _ = stream.write_all(b"HTTP/1.1 400 Bad Request\r\n\r\n");
        let _ = stream.read(&mut [0; 1]);
    });
    let client = client(&bearer(), &format!("https://{address}"));
    let result = send(&client, &call("/contacts/a"));
    assert!(matches!(result, Err(Lost::NotTrusted(_))), "{result:?}");
}
