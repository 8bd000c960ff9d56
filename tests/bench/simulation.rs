//! Many accounts in one process, in virtual time: every one has a pace and a delivery of its own, as a run has, and a server
//! that answers after a while. What is real is everything of ours; only the wire and the clock are not.

use std::cell::{Cell, RefCell};
use std::sync::Arc;
use std::time::Duration;

use contact_sync::contact::{Contact, Fate};
use contact_sync::delivery::brake::Brake;
use contact_sync::delivery::departure::Departure;
use contact_sync::delivery::pace::Pace;
use contact_sync::delivery::retry::Retry;
use contact_sync::delivery::{Delivery, Wire};
use contact_sync::mistake::Written;
use contact_sync::provider::api::{Api, Limit, Sure};
use contact_sync::provider::call::{Account, Call};
use contact_sync::provider::exchange::{Exchange, Remembered};
use contact_sync::provider::load::load;
use contact_sync::provider::reply::{Lost, Reply};
use contact_sync::provider::script::{Plan, Script};
use futures_util::future::join_all;
use tokio::time::{Instant, sleep};

const SECOND: Duration = Duration::from_secs(1);
/// What every account allows in a second.
pub(crate) const ALLOWED: u32 = 10;
/// Servers are fast and slow, account by account.
const LATENCIES: [u64; 4] = [50, 200, 1_000, 2_000];
const BASE: &str = "https://target.example";

/// What was seen of all accounts.
pub(crate) struct Seen {
    /// Requests that arrived, for each account.
    pub(crate) served: Vec<usize>,
    /// Most arrivals of any account in any second.
    pub(crate) fullest: usize,
    /// What it took of the real clock.
    pub(crate) took: Duration,
    /// Resident memory that came with them, in bytes, where the system tells.
    pub(crate) memory: Option<usize>,
}

impl Seen {
    /// How the account that got least stands to the one that got most.
    pub(crate) fn fairness(&self) -> f64 {
        let least = self.served.iter().min().copied().unwrap_or_default();
        let most = self.served.iter().max().copied().unwrap_or_default();
        least as f64 / most.max(1) as f64
    }

    /// Requests of all accounts.
    pub(crate) fn total(&self) -> usize {
        self.served.iter().sum()
    }
}

/// A server that takes everything, and knows when it came.
struct Server {
    latency: Duration,
    until: Instant,
    arrivals: RefCell<Vec<Instant>>,
}

impl Wire for &Server {
    async fn send(&self, _: &Call, departure: Departure) -> Result<Reply, Lost> {
        drop(departure);
        let now = Instant::now();
        // Who stood in line when the time was over is heard out and not counted.
        if now < self.until {
            self.arrivals.borrow_mut().push(now);
        }
        sleep(self.latency).await;
        Ok(Reply {
            status: 200,
            body: br#"{"ok":true}"#.to_vec(),
            ..Reply::default()
        })
    }
}

fn api() -> Api {
    let file = Arc::new(Written {
        name: "api.toml".to_owned(),
        text: include_str!("provider/api.toml").to_owned(),
    });
    load(&file).expect("the provider's file is sound")
}

/// Lets so many accounts work for so long of the virtual clock.
pub(crate) fn accounts(count: usize, span: Duration) -> Seen {
    let api = api();
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_time()
        .start_paused(true)
        .build()
        .expect("a runtime");
    let began = std::time::Instant::now();
    let before = resident();
    let (arrivals, memory) = runtime.block_on(async {
        let until = Instant::now() + span;
        let server = |number: usize| Server {
            latency: Duration::from_millis(LATENCIES[number % LATENCIES.len()]),
            until,
            arrivals: RefCell::default(),
        };
        let servers: Vec<Server> = (0..count).map(server).collect();
        let all = servers.iter().enumerate();
        let all = all.map(|(number, server)| account(&api, number, server));
        let memory = async {
            sleep(span).await;
            resident().zip(before)
        };
        let (_, memory) = tokio::join!(join_all(all), memory);
        let arrivals = servers.into_iter().map(|own| own.arrivals.into_inner());
        (arrivals.collect::<Vec<_>>(), memory)
    });
    Seen {
        served: arrivals.iter().map(Vec::len).collect(),
        fullest: arrivals
            .iter()
            .map(|own| fullest(own))
            .max()
            .unwrap_or_default(),
        took: began.elapsed(),
        memory: memory.map(|(now, then)| now.saturating_sub(then)),
    }
}

/// One account: as many requests in flight as its server's latency needs, until the time is over.
async fn account(api: &Api, number: usize, server: &Server) {
    let limit = Limit {
        requests: ALLOWED,
        per: SECOND,
        sure: Sure::Official,
    };
    let script = Script::new(
        api,
        &api.auth[0],
        &Account::default(),
        BASE,
        Plan::default(),
    );
    let script = script.expect("a script");
    let pace = Pace::new(&[limit]);
    let delivery = Delivery::new(api, server, pace, Retry::new(number as u64));
    let brake = Brake::new();
    let row = Cell::new(0_u64);
    let lane = async || {
        let mut contact = Contact::default();
        while Instant::now() < server.until {
            row.set(row.get() + 1);
            contact.clear();
            contact.id = format!("{number:08x}-0000-4000-8000-{:012x}", row.get());
            contact.push_text(0, "anything");
            let mut exchange = Exchange::start(&script, contact.clone(), Remembered::default());
            let delivered = delivery.deliver(&mut exchange, &brake).await;
            assert_eq!(delivered.verdict.fate, Fate::Updated);
        }
    };
    let in_flight = server.latency.as_millis() as usize * ALLOWED as usize / 1_000 + 4;
    join_all((0..in_flight).map(|_| lane())).await;
}

fn fullest(arrivals: &[Instant]) -> usize {
    let (mut first, mut most) = (0, 0);
    for (last, at) in arrivals.iter().enumerate() {
        while *at - arrivals[first] >= SECOND {
            first += 1;
        }
        most = most.max(last + 1 - first);
    }
    most
}

/// The process's memory as Linux tells it.
fn resident() -> Option<usize> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status
        .lines()
        .find_map(|line| line.strip_prefix("VmRSS:"))?;
    let kilobytes: usize = line.trim().strip_suffix(" kB")?.parse().ok()?;
    Some(kilobytes * 1_024)
}
