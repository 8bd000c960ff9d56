//! Where one process and one state file end: `cargo bench --bench growth`, or smaller: `… -- quick`.

mod simulation;

use std::cell::Cell;
use std::time::{Duration, Instant};

use contact_sync::memory::{AccountKey, Memory, Request, StateFile};
use futures_util::future::join_all;

/// Requests in flight, as many as a run has without being told.
const LANES: usize = 64;

#[expect(clippy::print_stdout, reason = "the figures are what it is run for")]
fn main() {
    let quick = std::env::args().any(|word| word == "quick");
    println!("### Accounts in one process\n");
    accounts(quick);
    println!("\n### One state file\n");
    state_file(quick);
}

#[expect(clippy::print_stdout, reason = "the figures are what it is run for")]
fn accounts(quick: bool) {
    let span = Duration::from_secs(if quick { 20 } else { 60 });
    let counts: &[usize] = if quick {
        &[1, 10, 100]
    } else {
        &[1, 10, 100, 1_000]
    };
    println!(
        "{} requests a second for each, over {} s of virtual time, to servers that answer after 50 ms to 2 s.\n",
        simulation::ALLOWED,
        span.as_secs()
    );
    println!(
        "| accounts | requests | a second in all | least ÷ most served | fullest second of any | real µs a request | KiB an account |"
    );
    println!("| ---: | ---: | ---: | ---: | ---: | ---: | ---: |");
    for &count in counts {
        let seen = simulation::accounts(count, span);
        let memory = seen.memory.map_or("–".to_owned(), |bytes| {
            format!("{:.1}", bytes as f64 / 1_024.0 / count as f64)
        });
        println!(
            "| {count} | {} | {:.1} | {:.3} | {} | {:.2} | {memory} |",
            seen.total(),
            seen.total() as f64 / span.as_secs_f64(),
            seen.fairness(),
            seen.fullest,
            seen.took.as_secs_f64() * 1e6 / seen.total() as f64,
        );
    }
}

/// What a state file takes when nothing else is to be done: rows accepted, with as many under way as a run has, and rows
/// looked up.
#[expect(clippy::print_stdout, reason = "the figures are what it is run for")]
fn state_file(quick: bool) {
    let steps: &[u64] = if quick {
        &[10_000, 100_000]
    } else {
        &[10_000, 100_000, 1_000_000]
    };
    let place = tempfile::tempdir().expect("a directory");
    let path = place.path().join("state.db");
    let memory = || {
        let file = StateFile::open(&path).expect("a state file");
        file.remember(AccountKey::of(&[b"bench"]))
            .expect("a memory")
    };
    println!("{LANES} rows under way at once, nothing sent.\n");
    println!("| rows known in the end | accepted a second | looked up a second | bytes a row |");
    println!("| ---: | ---: | ---: | ---: |");
    let mut known = 0;
    for &step in steps {
        let began = Instant::now();
        let writing = memory();
        accept(&writing, known, step);
        writing.finish().expect("on the disk");
        let accepted = (step - known) as f64 / began.elapsed().as_secs_f64();
        known = step;
        let reading = memory();
        let began = Instant::now();
        for number in 0..known {
            let place = reading.place(&contact(number), 0);
            let recalled = reading.recall(place).expect("readable");
            assert!(recalled.request.is_some());
        }
        reading.rest().expect("readable");
        let looked_up = known as f64 / began.elapsed().as_secs_f64();
        reading.finish().expect("nothing was written");
        let size = std::fs::metadata(&path).expect("the state file").len();
        println!(
            "| {known} | {accepted:.0} | {looked_up:.0} | {:.1} |",
            size as f64 / known as f64
        );
    }
}

fn contact(number: u64) -> String {
    format!("{number:08x}-0000-4000-8000-000000000000")
}

fn accept(memory: &Memory, from: u64, to: u64) {
    let next = Cell::new(from);
    let lane = async || {
        while next.get() < to {
            let number = next.get();
            next.set(number + 1);
            let place = memory.place(&contact(number), 0);
            let request = Request::of(&[b"what was sent", &number.to_le_bytes()], &[]);
            memory.accept(place, request, 1).await.expect("kept");
        }
    };
    let runtime = tokio::runtime::Builder::new_current_thread().build();
    let lanes = join_all((0..LANES).map(|_| lane()));
    runtime.expect("a runtime").block_on(lanes);
}
