//! One exchange so far: its attempts, what stands if there is no other, and the verdict that comes of it.

use std::borrow::Cow;

use tokio::time::Instant;

use super::retry::Tries;
use super::{Delivered, Stop};
use crate::contact::{Fate, Verdict};
use crate::provider::answers::Meaning;
use crate::provider::exchange::Trouble;

/// A server that changes may pass the same call over so often; one that does it more often has trouble.
const PASSED_OVER: u32 = 3;

/// One exchange so far. What few of them need is kept apart, so that it is short.
#[derive(Debug, Default)]
pub(super) struct Course {
    pub(super) attempts: u32,
    /// Whether the call was made before and came to nothing.
    pub(super) again: bool,
    /// What stands where the calls so far were all there were.
    standing: Option<Box<Verdict>>,
    began: Option<Instant>,
    pub(super) back: Option<Instant>,
    pub(super) tries: Tries,
    /// How the last attempt ended, and what stands if there is no other.
    at_hand: Option<Box<(Trouble, Verdict)>>,
    /// How often the server went away in order before it looked at a call.
    passed_over: u32,
    /// The last attempt that may have done its work without our knowing: no later "not now" takes that back.
    doubt: Option<Box<Verdict>>,
}

impl Course {
    pub(super) fn depart(&mut self, now: Instant) {
        self.attempts += 1;
        self.began.get_or_insert(now);
    }

    /// Another call of the same conversation: its troubles are its own, unless what was in doubt before it still is. Whoever
    /// looks by several keys for a contact that may have been made is not to look for ever.
    pub(super) fn step(&mut self, standing: Verdict) {
        self.again = false;
        if self.doubt.is_none() || standing.fate != Fate::Unknown {
            self.tries = Tries::default();
            self.at_hand = None;
            self.doubt = None;
        }
        self.standing = Some(Box::new(standing));
    }

    pub(super) fn note(&mut self, trouble: Trouble, verdict: &Verdict) {
        self.tries.note(trouble);
        if verdict.fate == Fate::Unknown {
            self.doubt = Some(Box::new(verdict.clone()));
        }
        self.at_hand = Some(Box::new((trouble, verdict.clone())));
    }

    /// The server went away in order before it looked at a call: whether that is no trouble yet, and all it takes is another
    /// turn.
    pub(super) fn passed_over(&mut self, trouble: Trouble, verdict: Verdict) -> bool {
        self.passed_over += 1;
        self.again = true;
        self.at_hand = Some(Box::new((trouble, verdict)));
        self.passed_over <= PASSED_OVER
    }

    /// The end by an answer that says all, or by news after which nothing can be said.
    pub(super) fn settled(mut self, verdict: Verdict, stop: Option<Stop>) -> Delivered {
        let unanswered = verdict.http_status.is_none();
        let verdict = match self.doubt.take() {
            Some(doubt) if unanswered => *doubt,
            _ => verdict,
        };
        self.with(verdict, stop)
    }

    /// The end because the row has no attempt left.
    pub(super) fn given_up(mut self, stop: Option<Stop>) -> Delivered {
        let at_hand = self.at_hand.take().map(|at_hand| at_hand.1);
        let standing = self.standing.take().map(|standing| *standing);
        let doubt = self.doubt.take().map(|doubt| *doubt);
        let verdict = doubt.or(at_hand).or(standing).unwrap_or_else(not_tried);
        self.with(verdict, stop)
    }

    /// The end because the run has: what never began is still to be done.
    pub(super) fn cut_short(mut self, stop: Option<Stop>) -> Delivered {
        let untouched = self.is_untouched();
        if let Some((Trouble::Throttled | Trouble::Unreachable, verdict)) =
            self.at_hand.as_deref_mut()
            && untouched
        {
            verdict.fate = Fate::Pending;
        }
        self.given_up(stop)
    }

    /// What an answer that says all means after the attempts before it.
    pub(super) fn heard(&mut self, meaning: Meaning, verdict: Verdict) -> Verdict {
        match meaning {
            Meaning::QuotaSpent => self.not_today(verdict),
            Meaning::RefusedCredential | Meaning::Forbidden | Meaning::Moved => {
                self.turned_away(verdict)
            }
            _ => verdict,
        }
    }

    /// The end because the account has nothing left: what has not touched the contact yet is still to be done.
    fn not_today(&mut self, mut verdict: Verdict) -> Verdict {
        verdict.code = Cow::Borrowed(Meaning::Throttled.word());
        if self.is_untouched() {
            verdict.fate = Fate::Pending;
        }
        self.doubt.take().map_or(verdict, |doubt| *doubt)
    }

    /// The end because we are not let in, which says nothing about an attempt before that may have done its work.
    fn turned_away(&mut self, mut verdict: Verdict) -> Verdict {
        if let Some(doubt) = self.doubt.take() {
            let before = doubt.message;
            verdict.fate = Fate::Unknown;
            verdict.message += &format!("; an attempt before it may have done its work: {before}");
        }
        verdict
    }

    /// Whether no call so far has changed anything.
    fn is_untouched(&self) -> bool {
        let standing = self.standing.as_ref();
        standing.is_none_or(|standing| standing.fate == Fate::Pending)
    }

    pub(super) fn with(&self, verdict: Verdict, stop: Option<Stop>) -> Delivered {
        let span = self.began.zip(self.back).map(|(from, to)| to - from);
        Delivered {
            verdict,
            attempts: self.attempts,
            duration: span.unwrap_or_default(),
            stop,
            written: false,
        }
    }
}

fn not_tried() -> Verdict {
    Verdict::because(
        Fate::Pending,
        "not-tried",
        "the run stopped before its turn came",
    )
}
