//! One row on the road: what is noted before it leaves, how it is sent, and what is noted when it is back.
//!
//! A row counts as done only when its acceptance is kept: until then it holds its place among those under way, so that a
//! run that is killed leaves no more unrecorded rows than may be under way at once.

use futures_util::future::LocalBoxFuture;

use super::lanes::Keys;
use super::mark::Mark;
use super::river::{Course, Sending};
use super::traveller::Traveller;
use crate::contact::{Fate, Verdict};
use crate::delivery::brake::Brake;
use crate::delivery::{Delivered, Delivery, Wire};
use crate::memory::Fault;
use crate::provider::call::Call;
use crate::provider::exchange::Exchange;

/// A row that is ready to be sent.
#[derive(Debug)]
pub(super) struct Errand<'a> {
    pub(super) traveller: Box<Traveller>,
    /// The calls that were made for it.
    pub(super) said: Vec<Call>,
    /// What its contact is known by.
    pub(super) keys: Keys,
    /// Where it is remembered, in a run that remembers.
    pub(super) mark: Option<Box<Mark<'a>>>,
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
///
/// In a box from the start: it is some kilobytes long, and would be moved on its way to those under way.
pub(super) fn send<'c, 'a, W: Wire>(
    course: &'c Course<'a, W>,
    errand: Errand<'a>,
    brake: Brake,
    over: Brake,
) -> LocalBoxFuture<'c, Done<'a>>
where
    'a: 'c,
{
    // The box first, so that nothing has to be moved into it.
    let there = Box::new_uninit();
    let travel = Box::write(there, travel(course, errand, brake, over));
    Box::into_pin(travel)
}

async fn travel<'a, W: Wire>(
    course: &Course<'a, W>,
    mut errand: Errand<'a>,
    brake: Brake,
    over: Brake,
) -> Done<'a> {
    let Sending::Wet(delivery, _) = &course.sending else {
        let delivered = Delivered::cut_off(Verdict::plain(Fate::Valid));
        return done(errand, delivered, None);
    };
    // Only now, because a row that waited for another one of its contact has to know what became of that.
    let remembered = match errand.mark.as_deref().map(Mark::remembered).transpose() {
        Ok(remembered) => remembered.unwrap_or_default(),
        Err(fault) => {
            let delivered = Delivered {
                attempts: 0,
                ..Delivered::cut_off(not_tried())
            };
            return done(errand, delivered, Some(fault));
        }
    };
    let named = !errand.traveller.contact.id.is_empty();
    let contact = std::mem::take(&mut errand.traveller.contact);
    let mut exchange = Exchange::start(course.script, contact, remembered);
    let delivered = tokio::select! {
        biased;
        delivered = deliver(delivery, &mut exchange, &brake, errand.mark.as_deref()) => Some(delivered),
        () = over.pulled() => None,
    };
    let mut delivered = delivered.unwrap_or_else(|| {
        let why = "the run was interrupted before the answer came";
        Delivered::cut_off(Verdict::because(Fate::Unknown, "no-answer", why))
    });
    // Whoever was to be asked about is known where the row says so, also where nobody was asked.
    let nameless = delivered.verdict.contact_id.is_empty();
    if named && nameless {
        exchange
            .contact_id()
            .clone_into(&mut delivered.verdict.contact_id);
    }
    delivered.written = exchange.has_written();
    (errand.said, errand.traveller.contact) = exchange.into_said();
    let Some(mark) = &errand.mark else {
        return done(errand, delivered, None);
    };
    let fault = mark.after(&delivered).await.err();
    delivery.spent_elsewhere(mark.spent_elsewhere());
    done(errand, delivered, fault)
}

async fn deliver<W: Wire>(
    delivery: &Delivery<'_, W>,
    exchange: &mut Exchange<'_>,
    brake: &Brake,
    mark: Option<&Mark<'_>>,
) -> Delivered {
    match mark {
        Some(mark) => delivery.deliver_before(exchange, brake, mark).await,
        None => delivery.deliver(exchange, brake).await,
    }
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
