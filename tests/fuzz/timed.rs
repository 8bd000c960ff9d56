//! One input by the clock of this thread's own work, which stands still while others have the machine: `-timeout=1` would
//! take an input for slow that only had to wait.

use std::cell::Cell;
use std::time::Duration;

use rustix::time::{ClockId, clock_gettime};

#[path = "subjects.rs"]
mod subjects;

const LONGEST: Duration = Duration::from_secs(1);
/// Less than this is not worth a word.
const WORTH_A_WORD: Duration = Duration::from_millis(2);

thread_local! {
    static SLOWEST: Cell<Duration> = const { Cell::new(WORTH_A_WORD) };
}

fn worked() -> Duration {
    let spent = clock_gettime(ClockId::ThreadCPUTime);
    Duration::new(spent.tv_sec.unsigned_abs(), spent.tv_nsec.unsigned_abs() as u32)
}

/// Tries a subject with an input, says so where it is the slowest yet, and fails where it takes too long.
pub fn one(name: &str, data: &[u8]) {
    let begun = worked();
    subjects::one(name, data);
    let spent = worked() - begun;
    if spent > SLOWEST.get() {
        SLOWEST.set(spent);
        eprintln!("slowest yet: {spent:?} for {} bytes", data.len());
    }
    assert!(spent < LONGEST, "{spent:?}");
}
