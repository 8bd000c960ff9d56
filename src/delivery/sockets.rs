//! Room for the sockets of requests under way: a system often lets a program have fewer files open than it would give to
//! one that asks.

use std::fs::File;

use rustix::io::fcntl_dupfd_cloexec;
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

/// Files that are open beside the sockets: input, reports, state file, and what the runtime needs.
const OTHERS: u64 = 64;

/// Asks for room for so many sockets at once. Where less is given, those that find none are tried again later, as where a
/// server cannot be reached.
///
/// The kernel doubles its table of open files whenever it is full, and each time a program that has several threads stands
/// still for 10 to 20 ms: before the first of them that costs nothing.
pub fn make_room(sockets: usize) {
    let wanted = sockets as u64 + OTHERS;
    let own = getrlimit(Resource::Nofile);
    let room = own.maximum.map_or(wanted, |most| most.min(wanted));
    if own.current.is_some_and(|current| current < room) {
        let more = Rlimit {
            current: Some(room),
            ..own
        };
        let _ = setrlimit(Resource::Nofile, more);
    }
    let last = i32::try_from(room).unwrap_or(i32::MAX).saturating_sub(1);
    if let Ok(any) = File::open("/dev/null") {
        // It is closed again at once; the table stays as large as it had to be.
        let _ = fcntl_dupfd_cloexec(&any, last);
    }
}
