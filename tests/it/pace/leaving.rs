//! A turn is no departure: what waits for a connection holds its place, and the window runs from when it leaves.

use std::cell::RefCell;
use std::io::{Read as _, Write as _};
use std::net::TcpListener;
use std::sync::mpsc::{Receiver, channel};
use std::thread;
use std::time::Duration;

use contact_sync::delivery::Wire as _;
use contact_sync::delivery::client::Client;
use contact_sync::delivery::departure::Departure;
use contact_sync::delivery::pace::Pace;
use contact_sync::provider::reply::Lost;
use futures_util::future::join_all;
use tokio::time::{Instant, sleep, timeout};

use super::{SECOND, assert_keeps, fullest, limit};
use crate::wire::{bearer, call, client_within};

#[tokio::test(start_paused = true)]
async fn requests_over_ready_connections_do_not_overtake_those_that_still_connect() {
    for (waiting, connect) in [(20, 150), (64, 700), (64, 2_500), (1, 5_000)] {
        let connect = Duration::from_millis(connect);
        let of = limit(100, SECOND);
        let pace = Pace::new(std::slice::from_ref(&of));
        let gone = RefCell::new(Vec::new());
        let requests = (0..1_000).map(async |number| {
            let departure = pace.turn().await.expect("nothing stops the pace");
            if number < waiting {
                sleep(connect).await;
            }
            gone.borrow_mut().push(Instant::now());
            drop(departure);
        });
        join_all(requests).await;
        let gone = gone.into_inner();
        let most = fullest(&gone, SECOND);
        assert!(most <= 100, "{most} with {waiting} that take {connect:?}");
        // When all connections are there, it is one even stream again.
        assert_keeps(&gone[400..], std::slice::from_ref(&of));
    }
}

#[tokio::test(start_paused = true)]
async fn a_window_that_is_full_of_those_about_to_leave_waits_for_them() {
    let pace = Pace::new(&[limit(2, SECOND)]);
    let one = pace.turn().await.expect("a turn");
    let other = pace.turn().await.expect("a turn");
    assert!(timeout(60 * SECOND, pace.turn()).await.is_err());
    drop(one);
    let start = Instant::now();
    drop(pace.turn().await.expect("a turn"));
    assert!(start.elapsed() >= SECOND);
    // The other one still holds its place.
    let start = Instant::now();
    drop(pace.turn().await.expect("a turn"));
    assert!(start.elapsed() >= SECOND);
    drop(other);
}

/// A server that takes one connection, reads, and says this when it is told to.
fn one(says: &'static str) -> (u16, impl FnOnce(), Receiver<()>) {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = listener.local_addr().expect("an address").port();
    let (go, wait) = channel::<()>();
    let (asked, hear) = channel();
    thread::spawn(move || {
        let (mut stream, _) = listener.accept().expect("a connection");
        let _ = stream.read(&mut [0; 4096]);
        let _ = asked.send(());
        let _ = wait.recv();
        let _ = stream.write_all(says.as_bytes());
    });
    (port, move || drop(go), hear)
}

/// A client, and the first turn of a pace that has place for one in ten milliseconds.
async fn about_to_leave(base: &str) -> (Client, Pace, Departure) {
    let client = client_within(&bearer(), base, 30 * SECOND);
    let pace = Pace::new(&[limit(1, SECOND / 100)]);
    let departure = pace.turn().await.expect("a turn");
    (client, pace, departure)
}

#[tokio::test]
async fn a_request_has_not_left_while_its_connection_is_made() {
    let (port, go, _) = one("");
    let (client, pace, departure) = about_to_leave(&format!("https://127.0.0.1:{port}")).await;
    let call = call("/contacts/a");
    let (sent, ()) = tokio::join!(client.send(&call, departure), async {
        // The server holds back its part of the handshake.
        let early = timeout(SECOND / 5, pace.turn()).await;
        assert!(early.is_err(), "the place was free");
        go();
        pace.turn().await.map(drop).expect("a turn in the end");
    });
    assert!(
        matches!(
            sent,
            Err(Lost::NotSent(_) | Lost::NotTrusted(_) | Lost::NoAnswer(_))
        ),
        "{sent:?}"
    );
}

#[tokio::test]
async fn a_request_has_left_before_it_is_answered() {
    let (port, go, asked) = one("HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}");
    let (client, pace, departure) = about_to_leave(&format!("http://127.0.0.1:{port}")).await;
    let call = call("/contacts/a");
    let (sent, ()) = tokio::join!(client.send(&call, departure), async {
        pace.turn().await.map(drop).expect("a turn beside it");
        asked.recv().expect("the request");
        go();
    });
    assert_eq!(sent.map(|reply| reply.status), Ok(200));
}
