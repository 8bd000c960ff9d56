//! What a test holds back and lets go, so that it decides what comes first and not the speed of the machine.

use std::net::{Ipv4Addr, SocketAddr};
use std::os::fd::OwnedFd;
use std::sync::{Arc, Condvar, Mutex};

use rustix::net::{AddressFamily, SocketFlags, SocketType, bind, getsockname, socket_with};

/// Closed at first; whoever comes waits until it is opened, and nobody does afterwards.
#[derive(Debug, Clone, Default)]
pub(crate) struct Gate(Arc<(Mutex<bool>, Condvar)>);

impl Gate {
    pub(crate) fn open(&self) {
        let (open, news) = &*self.0;
        *open.lock().expect("whole") = true;
        news.notify_all();
    }

    pub(super) fn pass(&self) {
        let (open, news) = &*self.0;
        let closed = |open: &mut bool| !*open;
        drop(
            news.wait_while(open.lock().expect("whole"), closed)
                .expect("whole"),
        );
    }
}

/// A port on which nobody listens, and nobody else can as long as this lives.
#[derive(Debug)]
pub(crate) struct ClosedPort {
    _held: OwnedFd,
    address: SocketAddr,
}

impl ClosedPort {
    pub(crate) fn take() -> Self {
        let held = socket_with(
            AddressFamily::INET,
            SocketType::STREAM,
            SocketFlags::CLOEXEC,
            None,
        );
        let held = held.expect("a socket");
        bind(&held, &SocketAddr::from((Ipv4Addr::LOCALHOST, 0))).expect("a free port");
        let address = getsockname(&held).expect("an address");
        Self {
            _held: held,
            address: address.try_into().expect("an address of the internet"),
        }
    }

    pub(crate) fn address(&self) -> SocketAddr {
        self.address
    }

    pub(crate) fn url(&self) -> String {
        format!("http://{}", self.address)
    }
}
