//! Who may travel at once: never two rows for one contact, and rows for one contact in file order.
//!
//! A row is known by all that its contact is known by: two rows that share a phone wait for each other although their
//! e-mails differ. By hashes only: should two contacts share one, their rows wait for each other for no need.

use std::collections::{HashSet, VecDeque};
use std::hash::{DefaultHasher, Hash, Hasher};

use smallvec::SmallVec;

/// What a row's contact is known by.
pub type Keys = SmallVec<[u64; 3]>;

/// One thing by which a contact is known.
pub fn key(known: &impl Hash) -> u64 {
    let mut hasher = DefaultHasher::new();
    known.hash(&mut hasher);
    hasher.finish()
}

/// The keys that are on the road, and the jobs that wait for one of them.
#[derive(Debug)]
pub struct Lanes<J> {
    busy: HashSet<u64>,
    waiting: VecDeque<(Keys, J)>,
}

impl<J> Default for Lanes<J> {
    fn default() -> Self {
        Self {
            busy: HashSet::new(),
            waiting: VecDeque::new(),
        }
    }
}

impl<J> Lanes<J> {
    /// Gives the job back if the road is free for its contact, which is then taken; keeps it waiting otherwise.
    pub fn enter(&mut self, keys: Keys, job: J) -> Option<J> {
        let meets = |others: &Keys| others.iter().any(|key| keys.contains(key));
        let blocked = keys.iter().any(|key| self.busy.contains(key))
            || self.waiting.iter().any(|(others, _)| meets(others));
        if blocked {
            self.waiting.push_back((keys, job));
            return None;
        }
        self.busy.extend(keys);
        Some(job)
    }

    /// Frees the road for a contact, and gives the jobs that may travel now, in file order.
    pub fn leave(&mut self, keys: &Keys) -> Vec<J> {
        for key in keys {
            self.busy.remove(key);
        }
        let mut ready = Vec::new();
        let mut still: VecDeque<(Keys, J)> = VecDeque::new();
        for (own, job) in std::mem::take(&mut self.waiting) {
            let free = !own.iter().any(|key| self.busy.contains(key));
            // One that waits longer goes first, also where it still cannot go.
            let behind = still
                .iter()
                .any(|(earlier, _)| earlier.iter().any(|key| own.contains(key)));
            if free && !behind {
                self.busy.extend(own);
                ready.push(job);
            } else {
                still.push_back((own, job));
            }
        }
        self.waiting = still;
        ready
    }

    /// Jobs that wait for another one of their contact.
    #[must_use]
    pub fn waiting(&self) -> usize {
        self.waiting.len()
    }
}
