//! The river: rows come in, are sent with many under way at once, and every one of them is heard of, in file order.
//!
//! This is the only place where rows travel at the same time; one consumer, the [`Ear`], hears every outcome, so nothing
//! is shared and nothing locked. The river knows when to take a row, when to wait and when to stop; it prints nothing and
//! knows no HTTP.

use std::collections::VecDeque;
use std::error::Error;
use std::mem;
use std::time::Duration;

use futures_util::StreamExt as _;
use futures_util::stream::FuturesUnordered;
use tokio::time::Instant;

use super::ahead::{Ahead, Home};
use super::errand::{Done, Errand, not_tried, send};
use super::guard::{Guard, Stop, told};
use super::lanes::{Keys, Lanes, key};
use super::lookout::{Lookout, Sight};
use super::order::Order;
use super::recall::Recall;
use super::signals::{Signal, Signals};
use super::traveller::Traveller;
use crate::contact::{Contact, Fate, Outcome, Row, Verdict};
use crate::delivery::brake::Brake;
use crate::delivery::{Delivered, Delivery, Wire};
use crate::mapping::apply::Bound;
use crate::memory::Fault;
use crate::provider::call::Call;
use crate::provider::script::Script;
use crate::source::Unreadable;

/// Hears every outcome, in the order of the input.
pub trait Ear {
    /// Why it can hear no more.
    type Broken: Error + Send + Sync + 'static;

    /// Hears what became of a row, and the request that was, or would be, sent for it.
    ///
    /// # Errors
    ///
    /// The outcome could not be kept; the run ends at once.
    fn hear(&mut self, row: &Row, outcome: &Outcome, calls: &[Call]) -> Result<(), Self::Broken>;
}

/// What happens to a contact that is ready.
#[derive(Debug)]
pub enum Sending<'a, W> {
    /// It is only looked at.
    Dry,
    /// It is sent, at most so many at once.
    Wet(&'a Delivery<'a, W>, usize),
}

/// What a run works by.
#[derive(Debug)]
pub struct Course<'a, W> {
    /// From rows to contacts.
    pub mapping: &'a Bound<'a>,
    /// From contacts to calls.
    pub script: &'a Script<'a>,
    /// What happens to them.
    pub sending: Sending<'a, W>,
}

/// How a run ended.
#[derive(Debug, Default)]
pub struct End {
    /// Why it stopped early, if it did.
    pub stop: Option<Stop>,
    /// Who asked it to, if somebody did.
    pub signal: Option<Signal>,
    /// Whether somebody asked twice: then it was left as it stood.
    pub abandoned: bool,
    /// Why nothing more could be remembered, if that ended it.
    pub fault: Option<Fault>,
}

/// Why a run cannot go on.
#[derive(Debug, thiserror::Error)]
pub enum Broken<E: Error + 'static> {
    /// The input can no longer be read.
    #[error(transparent)]
    Reading(#[from] Unreadable),
    /// An outcome could not be kept.
    #[error(transparent)]
    Keeping(E),
}

/// Rows that end long after later ones hold those back; so many may wait.
const SPAN: usize = 16_384;
/// Where more wait than this, they wait with as little as they can.
const SHORT: usize = 1_024;
/// Rows that wait for another one of their contact; so many may wait.
const WAITING: usize = 1_024;
/// After a signal, requests under way may take so long to end.
const DRAIN: Duration = Duration::from_secs(30);

/// Lets all rows pass.
///
/// # Errors
///
/// See [`Broken`]; whatever was heard until then stays true.
pub async fn run<'a, W: Wire, E: Ear>(
    course: &Course<'a, W>,
    rows: Ahead,
    recall: Option<Recall<'a>>,
    mut guard: Guard,
    signals: &mut Signals,
    ear: &mut E,
) -> Result<End, Broken<E::Broken>> {
    let brake = Brake::new();
    let mut flow = Flow {
        course,
        lookout: Lookout::new(course, recall),
        ear,
        home: rows.home,
        brake: brake.clone(),
        order: Order::from(1),
        lanes: Lanes::default(),
        ready: VecDeque::new(),
        end: End::default(),
    };
    let mut rows = rows.batches;
    let mut batch = Vec::new().into_iter();
    let mut more = true;
    let mut broken = None;
    let mut under_way = FuturesUnordered::new();
    // The first request goes alone: when it shows that the set-up is wrong, it was the only one.
    let mut first = true;
    let over = Brake::new();
    let mut deadline = None;
    loop {
        let room = match (&course.sending, first) {
            (Sending::Dry, _) => usize::MAX,
            (Sending::Wet(..), true) => 1,
            (Sending::Wet(_, most), false) => *most,
        };
        while under_way.len() < room {
            let errand = match flow.ready.pop_front() {
                Some(errand) => Some(errand),
                None if flow.order.span() >= SPAN || flow.lanes.waiting() >= WAITING => break,
                None => match flow.lookout.next(&mut batch, &brake) {
                    Some(seen) => flow.take(seen, &mut guard)?,
                    None => break,
                },
            };
            under_way
                .extend(errand.map(|errand| send(course, errand, brake.clone(), over.clone())));
        }
        if let Err(fault) = flow.lookout.rest() {
            flow.fail(fault);
        }
        let hungry = more && batch.len() == 0;
        if !hungry && under_way.is_empty() && batch.len() == 0 && flow.lookout.is_empty() {
            return match broken {
                Some(broken) => Err(Broken::Reading(broken)),
                None => Ok(flow.end),
            };
        }
        tokio::select! {
            biased;
            // First, because it is soon over; signals are asked for before the next batch of rows at the latest.
            Some(done) = under_way.next(), if !under_way.is_empty() => {
                first &= done.delivered.attempts == 0;
                flow.settle(done, &mut guard)?;
            }
            signal = signals.next() => {
                flow.end.abandoned = flow.end.signal.is_some();
                if flow.end.abandoned {
                    return Ok(flow.end);
                }
                flow.end.signal = Some(signal);
                if !under_way.is_empty() {
                    tracing::warn!(
                        "ending: the answers to what is under way are waited for, at most {} s; ask once more to leave at once, without reports",
                        DRAIN.as_secs()
                    );
                }
                deadline = Some(Instant::now() + DRAIN);
                brake.pull();
            }
            next = rows.recv(), if hungry => match next {
                Some(next) => {
                    more = next.broken.is_none() && !next.travellers.is_empty();
                    batch = next.travellers.into_iter();
                    // What was read before is still true, and ends as it would have.
                    broken = next.broken;
                    if !under_way.is_empty() {
                        // Or whoever may have thousands under way would take them all in before anything leaves.
                        tokio::task::yield_now().await;
                    }
                }
                None => more = false,
            },
            () = until(deadline), if deadline.is_some() => {
                deadline = None;
                over.pull();
            }
        }
    }
}

async fn until(deadline: Option<Instant>) {
    match deadline {
        Some(deadline) => tokio::time::sleep_until(deadline).await,
        None => std::future::pending().await,
    }
}

/// What no two rows on the road may share: the contact's id, or whatever it is known by.
fn keys(contact: &Contact) -> Keys {
    match contact.id.is_empty() {
        false => Keys::from_iter([key(&contact.id)]),
        true => {
            let known = contact.known_by.iter();
            known
                .map(|(word, value)| key(&(word, value.to_lowercase())))
                .collect()
        }
    }
}

struct Flow<'c, 'a, W, E> {
    course: &'c Course<'a, W>,
    lookout: Lookout<'c, 'a, W>,
    ear: &'c mut E,
    home: Home,
    brake: Brake,
    order: Order<(Box<Traveller>, Outcome, Vec<Call>)>,
    lanes: Lanes<Errand<'a>>,
    /// Errands that have waited for another one of their contact and may travel now.
    ready: VecDeque<Errand<'a>>,
    end: End,
}

impl<'a, W: Wire, E: Ear> Flow<'_, 'a, W, E> {
    /// Takes a row in: it is settled at once, kept waiting in its lane, or ready to be sent.
    fn take(
        &mut self,
        (mut traveller, sight): (Box<Traveller>, Sight<'a>),
        guard: &mut Guard,
    ) -> Result<Option<Errand<'a>>, Broken<E::Broken>> {
        let mark = match sight {
            _ if self.brake.is_pulled() => return self.untried(traveller, guard),
            Sight::Unseen => return self.untried(traveller, guard),
            Sight::Settled(verdict) => return self.unsent(traveller, verdict, Vec::new(), guard),
            Sight::Ready(mark) => mark,
            Sight::Nothing(fault) => {
                self.fail(fault);
                return self.untried(traveller, guard);
            }
        };
        match self.course.sending {
            Sending::Dry => {
                let verdict = Verdict {
                    contact_id: traveller.contact.id.clone(),
                    ..Verdict::plain(Fate::Valid)
                };
                let calls = self.course.script.preview(&traveller.contact);
                self.unsent(traveller, verdict, calls, guard)
            }
            Sending::Wet(..) => {
                let keys = keys(&traveller.contact);
                if let Some(mark) = &mark {
                    traveller.contact = mark.left_of(mem::take(&mut traveller.contact));
                }
                let errand = Errand {
                    traveller,
                    said: Vec::new(),
                    keys: keys.clone(),
                    mark,
                };
                Ok(self.lanes.enter(keys, errand))
            }
        }
    }

    /// Notes a row that the run does not get to, with whom it is about where the row says so.
    fn untried(
        &mut self,
        mut traveller: Box<Traveller>,
        guard: &mut Guard,
    ) -> Result<Option<Errand<'a>>, Broken<E::Broken>> {
        let verdict = Verdict {
            contact_id: traveller.about(self.course.mapping).to_owned(),
            ..not_tried()
        };
        self.unsent(traveller, verdict, Vec::new(), guard)
    }

    fn unsent(
        &mut self,
        traveller: Box<Traveller>,
        verdict: Verdict,
        calls: Vec<Call>,
        guard: &mut Guard,
    ) -> Result<Option<Errand<'a>>, Broken<E::Broken>> {
        let stop = guard.hear_unsent(&verdict);
        let outcome = Outcome::unsent(&traveller.row, verdict);
        self.keep(traveller, outcome, calls)?;
        self.stop(stop);
        Ok(None)
    }

    /// Notes what became of a row that was sent, and lets the next one of its contact go.
    fn settle(&mut self, done: Done<'a>, guard: &mut Guard) -> Result<(), Broken<E::Broken>> {
        let Done {
            mut errand,
            mut delivered,
            fault,
        } = done;
        let stop = match delivered.attempts {
            0 => delivered.stop.map(told),
            _ => guard.hear_sent(&mut delivered),
        };
        let Delivered {
            verdict,
            attempts,
            duration,
            ..
        } = delivered;
        let outcome = Outcome {
            row: errand.traveller.row.number,
            line: errand.traveller.row.line,
            verdict,
            attempts,
            duration,
        };
        let calls = match attempts {
            0 => Vec::new(),
            _ => mem::take(&mut errand.said),
        };
        self.keep(errand.traveller, outcome, calls)?;
        self.stop(stop);
        if let Some(fault) = fault {
            self.fail(fault);
        }
        self.ready.extend(self.lanes.leave(&errand.keys));
        Ok(())
    }

    fn stop(&mut self, stop: Option<Stop>) {
        if let (Some(stop), None) = (stop, &self.end.stop) {
            self.end.stop = Some(stop);
            self.brake.pull();
        }
    }

    /// Ends the run because nothing more can be remembered; what is on the road comes home.
    fn fail(&mut self, fault: Fault) {
        self.end.fault.get_or_insert(fault);
        self.brake.pull();
    }

    fn keep(
        &mut self,
        mut traveller: Box<Traveller>,
        outcome: Outcome,
        calls: Vec<Call>,
    ) -> Result<(), Broken<E::Broken>> {
        let number = traveller.row.number;
        if self.order.pass(number) {
            return self.tell(traveller, &outcome, &calls);
        }
        if self.order.span() > SHORT {
            // Many wait: what nobody needs any more is not kept for the next row.
            traveller.contact = Contact::default();
        }
        self.order.put(number, (traveller, outcome, calls));
        while let Some((traveller, outcome, calls)) = self.order.take() {
            self.tell(traveller, &outcome, &calls)?;
        }
        Ok(())
    }

    fn tell(
        &mut self,
        traveller: Box<Traveller>,
        outcome: &Outcome,
        calls: &[Call],
    ) -> Result<(), Broken<E::Broken>> {
        let heard = self.ear.hear(&traveller.row, outcome, calls);
        self.home.come(traveller);
        heard.map_err(Broken::Keeping)
    }
}
