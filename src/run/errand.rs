//! One row on the road: what is noted before it leaves, how it is sent, and what is noted when it is back.
//!
//! A row counts as done only when its acceptance is kept: until then it holds its place among those under way, so that a
//! run that is killed leaves no more unrecorded rows than may be under way at once.

use super::lanes::Keys;
use super::recall::Mark;
use super::river::Sending;
use crate::contact::{Fate, Row, Verdict};
use crate::delivery::brake::Brake;
use crate::delivery::{Delivered, Wire};
use crate::memory::Fault;
use crate::provider::exchange::Exchange;

/// A row that is ready to be sent.
#[derive(Debug)]
pub(super) struct Errand<'a> {
    pub(super) row: Row,
    pub(super) exchange: Exchange<'a>,
    pub(super) contact: String,
    /// What its contact is known by.
    pub(super) keys: Keys,
    /// Where it is remembered, in a run that remembers.
    pub(super) mark: Option<Mark<'a>>,
}

/// A row that is back.
#[derive(Debug)]
pub(super) struct Done<'a> {
    pub(super) errand: Errand<'a>,
    pub(super) delivered: Delivered,
    /// Why what became of it could not be kept, if it could not.
    pub(super) fault: Option<Fault>,
}

/// Sends a row, unless its time is over; then nobody knows what became of the request that was under way.
pub(super) async fn send<'a, W: Wire>(
    sending: &Sending<'_, W>,
    mut errand: Errand<'a>,
    brake: Brake,
    over: Brake,
) -> Done<'a> {
    let Sending::Wet(delivery, _) = sending else {
        let delivered = Delivered::cut_off(Verdict::plain(Fate::Valid));
        return done(errand, delivered, None);
    };
    if let Some(mark) = errand.mark.as_ref().filter(|_| !brake.is_pulled())
        && let Err(fault) = mark.before().await
    {
        let delivered = Delivered {
            attempts: 0,
            ..Delivered::cut_off(not_tried())
        };
        return done(errand, delivered, Some(fault));
    }
    let delivered = tokio::select! {
        biased;
        delivered = delivery.deliver(&mut errand.exchange, &brake) => delivered,
        () = over.pulled() => {
            let verdict = Verdict::because(Fate::Unknown, "no-answer", "the run was interrupted before the answer came");
            Delivered::cut_off(Verdict { contact_id: errand.contact.clone(), ..verdict })
        }
    };
    let Some(mark) = &errand.mark else {
        return done(errand, delivered, None);
    };
    let fault = mark.after(&delivered).await.err();
    delivery.spent_elsewhere(mark.spent_elsewhere());
    done(errand, delivered, fault)
}

fn done(errand: Errand<'_>, delivered: Delivered, fault: Option<Fault>) -> Done<'_> {
    Done {
        errand,
        delivered,
        fault,
    }
}

/// What becomes of a row that the run does not get to.
pub(super) fn not_tried() -> Verdict {
    Verdict::because(
        Fate::Pending,
        "not-tried",
        "the run stopped before this row",
    )
}
