//! Exit codes, log levels, breakdowns.

use std::path::Path;

use contact_sync::report::directory::RunDirectory;
use contact_sync::report::exit::Exit;
use contact_sync::report::log::Level;
use contact_sync::report::screen::breakdown;

#[test]
fn the_exit_codes_are_the_documented_ones() {
    assert_eq!(
        Exit::ALL.map(Exit::code),
        [0, 1, 2, 3, 4, 5, 6, 7, 130, 143]
    );
    assert_eq!(
        Exit::table(),
        concat!(
            "Exit codes:\n",
            "    0  every row is fine\n",
            "    1  finished; some rows are invalid, failed or unknown\n",
            "    2  wrong usage of the command line\n",
            "    3  mapping, provider file, settings or credential unusable: nothing was sent\n",
            "    4  input unusable: nothing was sent\n",
            "    5  stopped early (outage, refused credential, guard, quota): the rest is pending\n",
            "    6  local fault: disk, state file\n",
            "    7  another run of the same job is under way\n",
            "  130  interrupted; whole and resumable\n",
            "  143  interrupted; whole and resumable\n",
        )
    );
}

#[test]
fn libraries_never_log_more_than_info() {
    for level in [
        Level::Quiet,
        Level::Normal,
        Level::Verbose(1),
        Level::Verbose(2),
        Level::Verbose(9),
    ] {
        assert!(level.libraries() <= tracing::level_filters::LevelFilter::INFO);
        assert!(level.libraries() <= level.own());
    }
}

#[test]
fn a_breakdown_is_one_line_with_its_causes_before_the_way_out() {
    let error = RunDirectory::create(Path::new("/proc"))
        .map(|_| ())
        .expect_err("refused");
    let line = breakdown(&error, "");
    assert!(
        line.starts_with("error: write into the run directory `/proc`: "),
        "{line}"
    );
    assert!(line.ends_with("; name another one with `--out`"), "{line}");
    let odd = std::io::Error::other("a\nb\u{1b}[2J");
    assert_eq!(
        breakdown(&odd, "do that"),
        "error: a\\nb\\u{1b}[2J; do that"
    );
}
