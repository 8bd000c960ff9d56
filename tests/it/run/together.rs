//! Two runs at the same time on one account stay together under its limit, without a server between them.

use std::time::Duration;

use super::harness::{QUICK, Run, people};
use super::server::{Server, taken};

/// A second as a busy machine sees it: a thread that wakes late notes an arrival late, and so too near the next one.
const SECOND: Duration = Duration::from_millis(880);

#[test]
fn two_runs_on_one_account_share_its_limit() {
    let server = Server::start(|_| taken());
    let state = tempfile::tempdir().expect("a directory");
    let job = |words: &str| {
        // Another mapping is another job; the account is the same.
        let mapping = format!("{QUICK}\n# {words}\n");
        Run::of(&mapping, people(20)).to(&server).args([
            "--rate".into(),
            "20/1s".into(),
            "--force".into(),
            "--state".into(),
            state.path().join("state.db").into_os_string(),
        ])
    };
    let (one, other) = (job("one").start(), job("other").start());
    one.end().code(0).all("updated");
    other.end().code(0).all("updated");
    assert_eq!(server.writes(), 40);
    let most = server.most_within(SECOND);
    assert!(most <= 20, "{most} in a second");
}
