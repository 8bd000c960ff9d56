//! Which connections to a server are free.
//!
//! With HTTP/1 a connection carries one request at a time. With HTTP/2 one carries as many as the server allows, and the
//! others wait here: in the connection's own queue nobody would know when they leave.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::time::Duration;

use bytes::Bytes;
use http_body_util::Full;
use hyper::client::conn::{http1, http2};
use tokio::sync::Notify;
use tokio::time::Instant;

/// So often it is looked for connections that are free for too long.
const SWEPT_EVERY: Duration = Duration::from_secs(1);

/// What a request carries.
pub(super) type Body = Full<Bytes>;
type OneByOne = http1::SendRequest<Body>;
type AllAtOnce = http2::SendRequest<Body>;

/// The connections that a request may be sent over.
#[derive(Default)]
pub(super) struct Pool {
    free: Mutex<Free>,
    /// Rings when there may be room where there was none.
    pub(super) room: Notify,
}

#[derive(Default)]
struct Free {
    /// With HTTP/1: each with when it became free, the one that was used last at the end.
    one_by_one: VecDeque<(OneByOne, Instant)>,
    /// With HTTP/2.
    shared: Option<Shared>,
    /// So many were shared so far.
    count: u64,
}

/// How many requests a connection may carry at once, by what its server has said last.
pub(super) type Most = Arc<dyn Fn() -> usize + Send + Sync>;

/// A connection that all share.
struct Shared {
    sender: AllAtOnce,
    most: Most,
    number: u64,
    /// Requests that it carries.
    streams: usize,
    /// When one of them was answered last.
    since: Instant,
}

/// What is seen of them.
pub(super) enum Seen {
    /// One that may be used.
    Free(Speaks),
    /// One that all share, which carries all that it may.
    Full,
    /// None.
    None,
}

/// A connection, by what is spoken over it.
pub(super) enum Speaks {
    Http1(OneByOne),
    Http2(Stream),
}

/// One request's place on a connection that all share, given up when it is dropped.
pub(super) struct Stream {
    pub(super) sender: AllAtOnce,
    number: u64,
    pool: Weak<Pool>,
}

impl Pool {
    /// One that is free now, and not for so long that the server may be about to close it.
    pub(super) fn take(self: &Arc<Self>, now: Instant, idle: Duration) -> Seen {
        let mut free = self.free();
        let Free {
            one_by_one, shared, ..
        } = &mut *free;
        if let Some(own) = shared {
            if own.is_usable(now, idle) {
                if own.streams >= (own.most)() {
                    return Seen::Full;
                }
                own.streams += 1;
                return Seen::Free(Speaks::Http2(self.stream(own)));
            }
            *shared = None;
        }
        while one_by_one.pop_back_if(|(one, _)| one.is_closed()).is_some() {}
        // One that is still busy with the rest of an answer stays.
        let ready = |(one, _): &(OneByOne, Instant)| one.is_ready();
        let found = one_by_one.iter().rposition(ready);
        match found.and_then(|at| one_by_one.remove(at)) {
            Some((one, since)) if now - since < idle => Seen::Free(Speaks::Http1(one)),
            Some(_) => {
                // The others are free for longer.
                one_by_one.clear();
                Seen::None
            }
            None => Seen::None,
        }
    }

    /// Whether the server is one with which all share a connection, as far as that was seen.
    pub(super) fn is_shared(&self) -> bool {
        self.free().count > 0
    }

    /// Takes back a connection whose request was answered.
    pub(super) fn put(&self, one: OneByOne) {
        self.free().one_by_one.push_back((one, Instant::now()));
    }

    /// Takes a new connection that all may share; gives the first one's place on it.
    pub(super) fn share(self: &Arc<Self>, sender: AllAtOnce, most: Most) -> Stream {
        let mut free = self.free();
        free.count += 1;
        let own = Shared {
            sender,
            most,
            number: free.count,
            streams: 1,
            since: Instant::now(),
        };
        let stream = self.stream(&own);
        // Where several were made at once, the first stays.
        if free
            .shared
            .as_ref()
            .is_none_or(|first| first.sender.is_closed())
        {
            free.shared = Some(own);
        }
        drop(free);
        self.room.notify_waiters();
        stream
    }

    /// Lets the connection go that this one has its place on, if it is still the one that all share: whoever waits for an
    /// answer keeps it, and the next one makes another.
    pub(super) fn forget(&self, stream: &Stream) {
        self.free()
            .shared
            .take_if(|own| own.number == stream.number);
        self.room.notify_waiters();
    }

    fn stream(self: &Arc<Self>, shared: &Shared) -> Stream {
        Stream {
            sender: shared.sender.clone(),
            number: shared.number,
            pool: Arc::downgrade(self),
        }
    }

    fn free(&self) -> MutexGuard<'_, Free> {
        self.free.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Shared {
    fn is_usable(&self, now: Instant, idle: Duration) -> bool {
        !self.sender.is_closed() && (self.streams > 0 || now - self.since < idle)
    }
}

impl Drop for Stream {
    fn drop(&mut self) {
        let Some(pool) = self.pool.upgrade() else {
            return;
        };
        if let Some(own) = &mut pool.free().shared
            && own.number == self.number
        {
            own.streams = own.streams.saturating_sub(1);
            own.since = Instant::now();
        }
        match self.sender.is_closed() {
            // All of them have to look for another one.
            true => pool.room.notify_waiters(),
            false => pool.room.notify_one(),
        }
    }
}

/// Closes connections that were free for too long, as long as anybody has them.
///
/// That something is always about to be done soon has another good: where nothing is, the runtime wakes itself up for every
/// request, by a call to the system, because each is given up at a time that is then the next one.
pub(super) async fn sweep(pool: Weak<Pool>, idle: Duration) {
    loop {
        tokio::time::sleep(SWEPT_EVERY).await;
        let Some(pool) = pool.upgrade() else { return };
        let (mut free, now) = (pool.free(), Instant::now());
        free.one_by_one
            .retain(|(one, since)| !one.is_closed() && now - *since < idle);
        let gone = free.shared.take_if(|own| !own.is_usable(now, idle));
        drop(free);
        // Whoever waits for room on it has to look for another one.
        if gone.is_some() {
            pool.room.notify_waiters();
        }
    }
}
