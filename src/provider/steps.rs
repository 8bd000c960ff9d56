//! The steps of a conversation, and what a "no" at each of them means for the contact.

use super::next::Touch;
use super::verdicts::Teller;
use crate::contact::{Fate, Verdict};

/// One step of a conversation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Step {
    /// Looking for the contact.
    Look,
    /// Looking whether a contact was made although no answer said so.
    LookAgain,
    /// Reading what must not be lost.
    Read,
    /// Changing.
    Change,
    /// Making.
    Create,
    /// Changing or making, as the provider finds.
    Upsert,
    /// Reading the tags.
    ReadTags,
    /// Changing the tags.
    Tag,
    /// Reading back.
    Verify,
}

impl Step {
    /// What it does to the account.
    pub(super) fn touches(self, id: &str) -> Touch<'_> {
        match self {
            Self::Create => Touch::Creates,
            Self::Upsert => Touch::Upserts,
            Self::Change | Self::Tag => Touch::Changes(id),
            Self::Look | Self::LookAgain | Self::Read | Self::ReadTags | Self::Verify => {
                Touch::Nobody
            }
        }
    }
}

/// What has been done to the account so far.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Done {
    /// Nothing.
    Nothing,
    /// Perhaps the contact was made.
    InDoubt,
    /// The contact was made, and may lack something yet.
    Created,
    /// All fields are written.
    Changed,
    /// Some of the tags are changed, and whatever comes before them is done.
    Tagged,
}

/// A "no" to a later step is about that step: what was done before it is said, and a question that got no answer leaves
/// nothing in doubt. A change that got none may have been made, so nobody is told that it was not.
pub(super) fn in_its_place(step: Step, done: Done, fate: Fate, mut verdict: Verdict) -> Verdict {
    let asks = matches!(
        step,
        Step::Look | Step::Read | Step::ReadTags | Step::Verify
    );
    match done {
        Done::InDoubt => verdict.fate = Fate::Unknown,
        _ if asks => verdict.fate = Fate::Failed,
        _ => {}
    }
    let open = verdict.fate == Fate::Unknown;
    let before = match (step, done, fate) {
        (Step::Look, Done::InDoubt, _) => {
            "an earlier run left it open whether the contact was created, and it could not be looked for"
        }
        (Step::Look, ..) => "the contact could not be looked for, and nothing was changed",
        (Step::LookAgain, ..) => {
            "no answer said whether the contact was created, and it could not be looked for"
        }
        (Step::Read, Done::Nothing, _) => "the contact could not be read, and nothing was changed",
        (Step::Change, Done::Created, _) if open => {
            "the contact was created, but it is not known whether all of its fields were written"
        }
        (Step::Read | Step::Change, Done::Created, _) => {
            "the contact was created, but not all of its fields were written"
        }
        (Step::Tag, Done::Tagged, Fate::Created) if open => {
            "the contact was created, but it is not known whether all of its tags were changed"
        }
        (Step::Tag, Done::Tagged, _) if open => {
            "it is not known whether all of the contact's tags were changed"
        }
        (Step::Tag, Done::Tagged, Fate::Created) => {
            "the contact was created, but not all of its tags were changed"
        }
        (Step::Tag, Done::Tagged, _) => "not all of the contact's tags were changed",
        (Step::Tag, _, Fate::Created) if open => {
            "the contact was created, but it is not known whether its tags were changed"
        }
        (Step::Tag, Done::Nothing, _) if open => {
            "it is not known whether the contact's tags were changed"
        }
        (Step::Tag, ..) if open => {
            "the contact's fields are done, but it is not known whether its tags were changed"
        }
        (Step::Tag | Step::ReadTags, _, Fate::Created) => {
            "the contact was created, but its tags were not changed"
        }
        (Step::Tag | Step::ReadTags, Done::Nothing, _) => "the contact's tags were not changed",
        (Step::Tag | Step::ReadTags, ..) => {
            "the contact's fields are done, but its tags were not changed"
        }
        (Step::Verify, ..) => "the contact was written, but could not be read back",
        _ => return verdict,
    };
    verdict.message = match verdict.message.as_str() {
        "" => before.to_owned(),
        why => format!("{before}: {why}"),
    };
    verdict
}

impl Teller<'_> {
    /// The run stops before a step.
    pub(super) fn cut_short(&self, step: Step, done: Done, fate: Fate) -> Verdict {
        let what = match (done, step, fate) {
            (Done::Nothing, ..) => {
                let why = "the run stopped before this row was changed";
                return self.because(Fate::Pending, "not-tried", why.to_owned());
            }
            (Done::InDoubt, ..) => {
                let why = "no answer said whether the contact was created; the next run looks before it creates anything";
                return self.unknown(None, why);
            }
            (Done::Created, Step::Read | Step::Change, _) => {
                "the contact was created, but the run stopped before all of its fields were written"
            }
            (_, Step::Verify, _) => {
                "the contact was written, but the run stopped before it was read back"
            }
            (Done::Tagged, _, Fate::Created) => {
                "the contact was created, but the run stopped before all of its tags were changed"
            }
            (Done::Tagged, ..) => "the run stopped before all of the contact's tags were changed",
            (_, _, Fate::Created) => {
                "the contact was created, but the run stopped before its tags were changed"
            }
            _ => "the run stopped before the contact's tags were changed",
        };
        self.because(Fate::Failed, "unfinished", format!("{what}; run again"))
    }
}
