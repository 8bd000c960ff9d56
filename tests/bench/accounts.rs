//! What many accounts in one process cost, in virtual time: `cargo bench --bench accounts`.

mod simulation;

use std::time::Duration;

#[expect(clippy::print_stdout, reason = "the figures are what it is run for")]
fn main() {
    let quick = std::env::args().any(|word| word == "quick");
    let span = Duration::from_secs(if quick { 20 } else { 60 });
    let counts: &[usize] = if quick {
        &[1, 10, 100]
    } else {
        &[1, 10, 100, 1_000]
    };
    println!(
        "{} requests a second for each, {} s of virtual time, servers that answer after 50 ms to 2 s; a core's real time.\n",
        simulation::ALLOWED,
        span.as_secs()
    );
    println!(
        "| accounts | requests | a second in all | least ÷ most served | fullest second of any | µs of a core for one | KiB for an account |"
    );
    println!("| --- | ---: | ---: | ---: | ---: | ---: | ---: |");
    for &count in counts {
        let seen = simulation::accounts(count, span);
        let memory = seen.memory.map_or("?".to_owned(), |bytes| {
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
