//! The way to the thread that writes: what is to be kept comes together here and leaves in one piece.
//!
//! Waking a thread costs more than keeping a row, so all that comes in while the others go on leaves together, and all who
//! wait for it are told at once.

use std::cell::RefCell;
use std::io;
use std::path::PathBuf;
use std::sync::mpsc::{self, Sender};
use std::thread::{self, JoinHandle};

use futures_util::FutureExt as _;
use futures_util::future::Shared;
use tokio::sync::oneshot;

use super::pack::Entry;
use super::writer::Written;
use super::{Fault, Known, Person, Place};

/// So many do not wait for more: half of what is mostly under way, so that the other half goes on while these are kept.
const ENOUGH: usize = 32;

/// One thing to be kept.
#[derive(Debug, Clone, Default)]
pub(super) struct Note {
    pub(super) entry: Option<Entry>,
    /// A contact that rows know by something else than its id, and the place to which its id leads.
    pub(super) person: Option<(Known, Person, Option<Place>)>,
    /// Requests that it took.
    pub(super) requests: u32,
}

pub(super) type Answer = std::result::Result<(), Fault>;

/// What the thread is asked for.
pub(super) enum Order {
    /// To keep these, and to say whether they are.
    Keep(Vec<Note>, oneshot::Sender<Answer>),
    /// To bring everything to the disk and end.
    Finish(mpsc::Sender<Answer>),
}

/// Notes that leave together, and what all who wait for them will hear.
#[derive(Debug)]
struct Gathered {
    notes: Vec<Note>,
    answer: oneshot::Sender<Answer>,
    heard: Shared<oneshot::Receiver<Answer>>,
}

impl Gathered {
    fn with(note: Note) -> Self {
        let (answer, heard) = oneshot::channel();
        Self {
            notes: vec![note],
            answer,
            heard: heard.shared(),
        }
    }
}

/// The thread, from outside.
#[derive(Debug)]
pub(super) struct Writer {
    orders: Option<Sender<Order>>,
    gathered: RefCell<Option<Gathered>>,
    thread: Option<JoinHandle<()>>,
    path: PathBuf,
}

impl Writer {
    /// Starts the thread.
    pub(super) fn start(written: Written) -> io::Result<Self> {
        let (orders, inbox) = mpsc::channel();
        let path = written.path.clone();
        let thread = thread::Builder::new()
            .name("memory".into())
            .spawn(move || written.work(&inbox))?;
        Ok(Self {
            orders: Some(orders),
            gathered: RefCell::default(),
            thread: Some(thread),
            path,
        })
    }

    /// Keeps one thing; comes back when it is committed.
    ///
    /// Whatever comes in while everybody goes on who can leaves together: the thread is woken, and wakes us, once for all of
    /// it.
    pub(super) async fn write(&self, note: Note) -> Answer {
        let (heard, first) = self.gather(note);
        if first {
            // Dropped in between, it hands over what the others wait for.
            let _sent = HandsOver(self);
            self.others().await;
        }
        heard.await.unwrap_or_else(|_| Err(self.gone()))
    }

    /// Waits for what comes in meanwhile, as long as something does.
    async fn others(&self) {
        let mut before = 1;
        loop {
            tokio::task::yield_now().await;
            let gathered = self.gathered.borrow();
            let now = gathered.as_ref().map_or(0, |own| own.notes.len());
            if now == before || now >= ENOUGH {
                return;
            }
            before = now;
        }
    }

    /// Adds a note to those that leave next; whether it is the first of them.
    fn gather(&self, note: Note) -> (Shared<oneshot::Receiver<Answer>>, bool) {
        let mut gathered = self.gathered.borrow_mut();
        match &mut *gathered {
            Some(others) => {
                others.notes.push(note);
                (others.heard.clone(), false)
            }
            none => {
                let own = none.insert(Gathered::with(note));
                (own.heard.clone(), true)
            }
        }
    }

    /// Gives the thread what has come together.
    fn hand_over(&self) {
        let Some(gathered) = self.gathered.take() else {
            return;
        };
        // With nobody there to take it, it is dropped, and all who wait hear that.
        let _ = self.order(Order::Keep(gathered.notes, gathered.answer));
    }

    /// Brings everything to the disk and ends the thread.
    pub(super) fn finish(self) -> Answer {
        self.hand_over();
        let (answer, heard) = mpsc::channel();
        self.order(Order::Finish(answer))?;
        heard.recv().unwrap_or_else(|_| Err(self.gone()))
    }

    fn order(&self, order: Order) -> Answer {
        let sent = self
            .orders
            .as_ref()
            .and_then(|orders| orders.send(order).ok());
        sent.ok_or_else(|| self.gone())
    }

    fn gone(&self) -> Fault {
        Fault::io(&self.path, io::ErrorKind::BrokenPipe.into())
    }
}

/// Hands over what has come together as soon as it is dropped.
struct HandsOver<'a>(&'a Writer);

impl Drop for HandsOver<'_> {
    fn drop(&mut self) {
        self.0.hand_over();
    }
}

impl Drop for Writer {
    fn drop(&mut self) {
        self.hand_over();
        // With nobody left to ask it, the thread commits what it has and ends: nothing is written later than this.
        drop(self.orders.take());
        if let Some(thread) = self.thread.take() {
            // Had it panicked, whoever asked last was told.
            let _ = thread.join();
        }
    }
}
