//! Connections: each is used again while it may be, and never after.

use std::io::Write as _;
use std::net::{Shutdown, TcpListener};
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use contact_sync::delivery::Wire as _;
use contact_sync::delivery::departure::Departure;
use contact_sync::delivery::timeouts::Timeouts;

use super::{OK, bearer, call, client_of, request};

/// Sends two calls, one after the other, to a server that closes or keeps each connection after its answer; gives what came
/// over each connection.
fn two_calls(idle: Duration, keeps: bool) -> Vec<usize> {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = listener.local_addr().expect("an address");
    let (tell, told) = mpsc::channel();
    thread::spawn(move || {
        for (place, stream) in listener.incoming().flatten().enumerate() {
            let tell = tell.clone();
            thread::spawn(move || {
                let mut stream = stream;
                while !request(&mut stream).is_empty() {
                    let _ = stream.write_all(OK.as_bytes());
                    if !keeps {
                        let _ = stream.shutdown(Shutdown::Both);
                    }
                    let _ = tell.send(place);
                }
            });
        }
    });
    let client = client_of(&bearer(), &format!("http://{address}"), |timeouts| {
        *timeouts = Timeouts {
            whole: Duration::from_secs(30),
            idle,
            ..*timeouts
        };
    });
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build();
    runtime.expect("a runtime").block_on(async {
        let mut places = Vec::new();
        for _ in 0..2 {
            let call = call("/contacts/a");
            let reply = client.send(&call, Departure::default()).await;
            assert_eq!(reply.map(|reply| reply.status), Ok(200));
            places.push(told.recv().expect("a request"));
            // What the server has done by now is seen.
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
        places
    })
}

#[test]
fn a_connection_that_was_closed_or_idle_for_long_is_not_used_again() {
    assert_eq!(two_calls(Duration::from_secs(60), true), [0, 0]);
    assert_eq!(two_calls(Duration::ZERO, true), [0, 1]);
    assert_eq!(two_calls(Duration::from_secs(60), false), [0, 1]);
}
