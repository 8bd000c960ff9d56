//! Who may travel at once: never two rows for one contact, and rows for one contact in file order.

use std::collections::{HashMap, VecDeque};

/// One lane for every contact that has a row on the road; what else comes for that contact waits in it.
#[derive(Debug)]
pub struct Lanes<J> {
    lanes: HashMap<String, VecDeque<J>>,
    waiting: usize,
}

impl<J> Default for Lanes<J> {
    fn default() -> Self {
        Self {
            lanes: HashMap::new(),
            waiting: 0,
        }
    }
}

impl<J> Lanes<J> {
    /// Gives the job back if the road is free for its contact, which is then taken; keeps it waiting otherwise.
    pub fn enter(&mut self, contact: &str, job: J) -> Option<J> {
        match self.lanes.get_mut(contact) {
            Some(lane) => {
                lane.push_back(job);
                self.waiting += 1;
                None
            }
            None => {
                self.lanes.insert(contact.to_owned(), VecDeque::new());
                Some(job)
            }
        }
    }

    /// Frees the road for a contact, or gives the next job that has waited for it.
    pub fn leave(&mut self, contact: &str) -> Option<J> {
        let next = self.lanes.get_mut(contact).and_then(VecDeque::pop_front);
        match next {
            Some(job) => {
                self.waiting -= 1;
                Some(job)
            }
            None => {
                self.lanes.remove(contact);
                None
            }
        }
    }

    /// Jobs that wait for another one of their contact.
    #[must_use]
    pub fn waiting(&self) -> usize {
        self.waiting
    }
}
