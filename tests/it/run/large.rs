//! A file of a million rows: memory does not grow with it.

use std::fmt::Write as _;

use super::harness::{QUICK, Run};

#[test]
#[expect(
    clippy::print_stderr,
    reason = "the figure is what the test is run for"
)]
#[ignore = "writes 60 MB and takes long in a debug build"]
fn a_million_rows_are_looked_at_in_less_than_64_mib() {
    let mut csv = "Id,Name,Email,Notes\n".to_owned();
    for number in 1..=1_000_000_u32 {
        let email = if number % 1_000 == 0 {
            "none"
        } else {
            "someone@example.org"
        };
        let _ = writeln!(
            csv,
            "{number},Person {number},{email},\"some notes, a line\nor two\""
        );
    }
    let running = Run::of(QUICK, csv).args(["--dry-run"]).start();
    let status = format!("/proc/{}/status", running.id());
    let watch = std::thread::spawn(move || {
        let mut peak = 0_u64;
        // The file goes when the process is waited for; what stood there last was its highest.
        while let Ok(text) = std::fs::read_to_string(&status) {
            let line = text.lines().find_map(|line| line.strip_prefix("VmHWM:"));
            let now = line.and_then(|line| line.trim().strip_suffix(" kB")?.parse().ok());
            peak = peak.max(now.unwrap_or(0));
            std::thread::sleep(std::time::Duration::from_millis(5));
        }
        peak
    });
    let done = running.end_within(std::time::Duration::from_secs(600));
    let peak = watch.join().expect("watched");
    done.code(1);
    assert_eq!(
        (done.count("valid"), done.count("invalid")),
        (999_000, 1_000)
    );
    eprintln!("peak memory: {peak} kB");
    assert!(peak > 0 && peak < 64 * 1024, "{peak} kB");
}
