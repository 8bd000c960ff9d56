//! A library's panic over a damaged workbook, made a refusal.
//!
//! The formats of old workbooks are full of lengths and offsets, and the library that reads them trusts some of them:
//! a damaged file can make it panic. That is the file's fault, not the run's, and nothing half read is kept. It must
//! contain nothing else: a panic anywhere else is a bug and shall look like one.

use std::cell::Cell;
use std::panic::{AssertUnwindSafe, catch_unwind, set_hook, take_hook};
use std::sync::Once;

use super::Unreadable;

thread_local! {
    static CONTAINED: Cell<bool> = const { Cell::new(false) };
}

/// Does the work, and refuses the file where the work panics.
pub(super) fn contained<T>(work: impl FnOnce() -> Result<T, Unreadable>) -> Result<T, Unreadable> {
    static QUIET: Once = Once::new();
    QUIET.call_once(|| {
        let before = take_hook();
        set_hook(Box::new(move |panic| {
            if !CONTAINED.get() {
                before(panic);
            }
        }));
    });
    let before = CONTAINED.replace(true);
    let done = tried(work);
    CONTAINED.set(before);
    done.unwrap_or_else(|| {
        Err(Unreadable::Workbook {
            why: "it is damaged".to_owned(),
        })
    })
}

/// Does the work; nothing where it panics, for which there must be another way. Inside [`contained`] it does so quietly.
pub(super) fn tried<T>(work: impl FnOnce() -> T) -> Option<T> {
    // Whatever the work has touched is dropped with it.
    catch_unwind(AssertUnwindSafe(work)).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_is_a_refusal() {
        let bytes: Vec<u8> = Vec::new();
        let why = contained(|| Ok(bytes[3])).expect_err("there are no bytes");
        assert!(matches!(why, Unreadable::Workbook { .. }));
        assert_eq!(contained(|| Ok(7)).expect("all is well"), 7);
    }
}
