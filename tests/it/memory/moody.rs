//! A server that does with every request what it is told to, and dies with the run where it has to.

use std::cell::{Cell, RefCell};
use std::collections::HashMap;

use contact_sync::delivery::Wire;
use contact_sync::delivery::departure::Departure;
use contact_sync::provider::call::Call;
use contact_sync::provider::reply::{Lost, Reply};
use tokio::sync::Notify;

/// What the server does with one request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Mood {
    /// Takes it and says so.
    Fine,
    /// Takes it, and no answer comes.
    Silent,
    /// Takes it and says that it is in trouble.
    Broken,
    /// Refuses it.
    No,
    /// The run dies before the request arrives.
    KilledBefore,
    /// The run dies before it hears the answer.
    KilledAfter,
}

/// The account: the value that each contact has.
#[derive(Debug, Default)]
pub(super) struct Server {
    pub(super) names: RefCell<HashMap<String, String>>,
    pub(super) moods: RefCell<Vec<Mood>>,
    pub(super) sent: Cell<usize>,
    pub(super) killed: Notify,
}

impl Wire for &Server {
    async fn send(&self, call: &Call, departure: Departure) -> Result<Reply, Lost> {
        drop(departure);
        let mood = match self.moods.borrow_mut() {
            mut moods if !moods.is_empty() => moods.remove(0),
            _ => Mood::Fine,
        };
        self.sent.set(self.sent.get() + 1);
        if mood == Mood::KilledBefore {
            self.killed.notify_one();
            return std::future::pending().await;
        }
        if mood != Mood::No {
            let contact = call.target.rsplit('/').next().unwrap_or_default();
            let body: serde_json::Value = serde_json::from_slice(&call.body).expect("JSON");
            let name = body["name"].as_str().expect("a name");
            self.names
                .borrow_mut()
                .insert(contact.to_owned(), name.to_owned());
        }
        // Others get to go first, as they do on a network.
        tokio::task::yield_now().await;
        let status = match mood {
            Mood::Fine => 200,
            Mood::No => 422,
            Mood::Broken => 500,
            Mood::Silent => return Err(Lost::NoAnswer("gone".into())),
            Mood::KilledBefore | Mood::KilledAfter => {
                self.killed.notify_one();
                return std::future::pending().await;
            }
        };
        Ok(Reply {
            status,
            body: br#"{"payload":{}}"#.to_vec(),
            ..Reply::default()
        })
    }
}
