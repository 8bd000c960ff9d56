//! Puts outcomes back into the order of the input: rows end as they end, reports are in file order.
//!
//! What waits here is bounded by the river, which takes no new row while too many wait for an earlier one.

use std::collections::VecDeque;

/// Things that arrive by their number and leave in order, without a gap.
#[derive(Debug)]
pub struct Order<T> {
    next: u64,
    waiting: VecDeque<Option<T>>,
}

impl<T> Order<T> {
    /// Starts with the row of this number.
    #[must_use]
    pub fn from(first: u64) -> Self {
        Self {
            next: first,
            waiting: VecDeque::new(),
        }
    }

    /// Lets the next in order through at once, where nothing waits before or behind it; false where it has to wait.
    pub fn pass(&mut self, number: u64) -> bool {
        let passes = number == self.next && self.waiting.is_empty();
        self.next += u64::from(passes);
        passes
    }

    /// Takes what became of a row.
    pub fn put(&mut self, number: u64, what: T) {
        let at = usize::try_from(number.saturating_sub(self.next)).unwrap_or(usize::MAX);
        if at >= self.waiting.len() {
            self.waiting.resize_with(at + 1, || None);
        }
        self.waiting[at] = Some(what);
    }

    /// Gives the next in order, if it is there.
    pub fn take(&mut self) -> Option<T> {
        let ready = self.waiting.front_mut()?.take()?;
        self.waiting.pop_front();
        self.next += 1;
        Some(ready)
    }

    /// From the first that is missing to the last that is there.
    #[must_use]
    pub fn span(&self) -> usize {
        self.waiting.len()
    }
}
