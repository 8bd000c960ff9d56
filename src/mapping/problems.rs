//! What is wrong with the cells of one row, gathered while it is mapped: one verdict for all of it.

use super::refusal::Refusal;
use crate::contact::{Also, Fate, Verdict};

/// What is wrong with a row: the first problem leads, the others follow in its message.
#[derive(Debug, Default)]
pub(super) struct Problems {
    pub(super) first: Option<(String, Refusal)>,
    also: Vec<Also>,
}

impl Problems {
    /// Nothing where the mapping asks for something.
    pub(super) fn blank(&mut self, place: &str, code: &'static str) {
        let message = format!("`{place}` is blank, and the mapping asks for a value");
        self.note(place, Refusal::new(code, message));
    }

    pub(super) fn note(&mut self, place: &str, refusal: Refusal) {
        match &mut self.first {
            None => self.first = Some((place.to_owned(), refusal)),
            Some((_, first)) => {
                first
                    .message
                    .push_str(&format!("; and in `{place}`: {}", refusal.message));
                self.also.push(Also {
                    code: refusal.code,
                    field: place.to_owned(),
                    message: refusal.message,
                });
            }
        }
    }

    pub(super) fn verdict(self, id: &str) -> Option<Verdict> {
        match self.first {
            None => None,
            Some((place, refusal)) => Some(Verdict {
                contact_id: id.to_owned(),
                also: self.also,
                ..Verdict::because(Fate::Invalid, refusal.code, refusal.message).about(place)
            }),
        }
    }
}
