//! Connections that are not made, or end at the worst moment: nothing is lost, nothing is made twice, and every row is
//! counted once.

use std::collections::HashMap;
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use contact_sync::provider::reply::Lost;
use rustix::net::listen;
use rustix::net::sockopt::set_socket_linger;
use serde_json::json;

use crate::run::harness::{QUICK, Run, people};
use crate::run::nights::Nights;
use crate::run::server::{Reaction, Request, Server, answer, taken};
use crate::wire::{bearer, call, client_within, send};

/// A listener that takes nobody in any more, so that the system drops whoever knocks, and those who fill it.
fn full() -> (TcpListener, Vec<TcpStream>, SocketAddr) {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    listen(&listener, 0).expect("a short queue");
    let address = listener.local_addr().expect("an address");
    let knock = || TcpStream::connect_timeout(&address, Duration::from_millis(300));
    let guests: Vec<TcpStream> = (0..16).map_while(|_| knock().ok()).collect();
    assert!(guests.len() < 16, "it takes everybody in");
    (listener, guests, address)
}

#[test]
fn a_server_that_drops_whoever_knocks_was_sent_nothing() {
    let (_listener, _guests, address) = full();
    let connect = Duration::from_millis(400);
    let client = client_within(&bearer(), &format!("http://{address}"), connect);
    let lost = send(&client, &call("/v1/contacts/1")).expect_err("nobody is let in");
    let expected = Lost::NotSent(format!("no connection to {address} within 0.4 s"));
    assert_eq!(lost, expected);
}

#[test]
fn connections_that_are_reset_as_they_are_made_are_tried_again() {
    let reset = |before: usize, stream: &TcpStream| {
        if before < 3 {
            set_socket_linger(stream, Some(Duration::ZERO)).expect("a reset at its end");
        }
        before >= 3
    };
    let server = Server::behind(reset, |_| taken());
    let done = Run::quick(6, &server).args(["--concurrency", "1"]).go();
    done.code(0).all("updated");
    assert_eq!(server.writes(), 6, "{done}");
    assert_eq!(done.summary()["retries"], 3, "{done}");
}

#[test]
fn a_connection_that_ends_as_it_is_used_again_loses_and_doubles_nothing() {
    for wait in [0, 1, 2, 5, 20] {
        let wait = Duration::from_millis(wait);
        let server = Server::start(move |_| {
            let taken = answer(200, r#"{"payload":{"id":1}}"#).header("connection", "keep-alive");
            Reaction::Last(taken, wait)
        });
        let done = Run::quick(40, &server).args(["--concurrency", "4"]).go();
        done.code(0).all("updated");
        // What the server has not read cannot have been applied; what it has read was answered, and is not sent again.
        assert_eq!(server.writes(), 40, "{wait:?}: {done}");
        assert_eq!(done.count("updated"), 40);
    }
}

/// People by their e-mails, each with the ids that they were made under.
type Made = Arc<Mutex<HashMap<String, Vec<usize>>>>;

fn plays(request: &Request, made: &Made) -> String {
    let mut made = made.lock().expect("whole");
    let body = request.json();
    let shown = |email: &str, id: &usize| json!({ "id": id, "email": email });
    match request.contact() {
        "filter" => {
            let email = body["payload"][0]["values"][0].as_str().unwrap_or_default();
            let ids = made.get(email).map(Vec::as_slice).unwrap_or_default();
            let people: Vec<_> = ids.iter().map(|id| shown(email, id)).collect();
            json!({ "payload": people }).to_string()
        }
        "contacts" => {
            let email = body["email"].as_str().unwrap_or_default();
            let id = request.before + 1;
            made.entry(email.to_owned()).or_default().push(id);
            json!({ "payload": { "contact": shown(email, &id) } }).to_string()
        }
        id => json!({ "payload": { "id": id } }).to_string(),
    }
}

/// A mapping that looks for people by their e-mail, and makes those who are not there.
fn upserting() -> String {
    let by_email = "match = { email = \"Email\" }\nmode = \"upsert\"";
    QUICK.replace("id = \"Id\"", by_email)
}

#[test]
fn nobody_is_made_twice_on_connections_that_end_as_they_are_used_again() {
    let made = Made::default();
    let (seen, calm) = (Arc::clone(&made), Arc::new(Mutex::new(false)));
    let is_calm = Arc::clone(&calm);
    let nights = Nights::with(move |request| {
        let said = answer(200, &plays(request, &seen));
        match *is_calm.lock().expect("whole") {
            true => said.into(),
            // A few are heard of and never answered, so that it is open whether somebody was made.
            false if request.before % 7 == 6 => Reaction::Drop,
            false => Reaction::Last(said, Duration::from_millis(1)),
        }
    });
    let (mapping, csv) = (upserting(), people(12));
    let (first, _) = nights.night(&mapping, &csv);
    let (mut created, mut open) = (0, 0);
    for line in first.results() {
        let is_made = || {
            let made = made.lock().expect("whole");
            made.contains_key(&format!("p{}@example.org", line.row))
        };
        match (line.outcome.as_str(), line.code.as_str()) {
            ("created", _) => created += 1,
            ("unknown", _) => open += 1,
            // Not even looked for: four times in a row no answer came.
            ("failed", "no-answer") => assert!(!is_made() && line.attempts >= 4, "{first}"),
            _ => panic!("{line:?} {first}"),
        }
    }
    assert!(created > 0, "{first}");
    assert_eq!(first.count("created"), created, "{first}");
    assert_eq!(first.count("unknown"), open, "{first}");
    *calm.lock().expect("whole") = true;
    let (second, _) = nights.night(&mapping, &csv);
    second.code(0);
    let made = made.lock().expect("whole");
    assert_eq!(made.len(), 12, "{second}");
    assert!(made.values().all(|ids| ids.len() == 1), "{made:?}");
}

#[test]
fn somebody_who_is_found_after_all_was_made_also_where_the_first_look_got_no_answer() {
    let made = Made::default();
    let seen = Arc::clone(&made);
    let nights = Nights::with(move |request| {
        let said = plays(request, &seen);
        match request.before {
            // The contact is made, and neither that nor the first look for it is answered.
            1 | 2 => Reaction::Drop,
            _ => answer(200, &said).into(),
        }
    });
    let (done, sent) = nights.night(&upserting(), &people(1));
    done.code(0).all("created");
    assert_eq!(sent, ["contacts", "filter", "filter", "filter"], "{done}");
    let line = &done.results()[0];
    assert_eq!(
        (line.contact_id.as_str(), line.attempts),
        ("2", 4),
        "{done}"
    );
    nights
        .night(&upserting(), &people(1))
        .0
        .code(0)
        .all("unchanged");
}

#[test]
fn somebody_who_may_have_been_made_is_not_looked_for_by_several_keys_for_ever() {
    let nights = Nights::with(|request| match request.contact() {
        "contacts" => Reaction::Drop,
        _ => answer(200, r#"{"payload":[]}"#).into(),
    });
    let by_two = "match = { email = \"Email\", external_id = \"Id\" }\nmode = \"upsert\"";
    let mapping = QUICK.replace("id = \"Id\"", by_two);
    let (done, sent) = nights.night(&mapping, &people(1));
    done.code(1).all("unknown");
    let looks = sent.iter().filter(|call| *call == "filter").count();
    // Twice before it was to be made, and as often as a row is tried after that.
    assert_eq!((looks, sent.len()), (2 + 4 * 2, 1 + 10), "{done}");
}
