//! What goes wrong around a run: servers, networks, inputs, settings and disks that do harm. `tests/README.md` lists every
//! fault with its test. Each run is held against what is true of all runs (`run::invariants`), the credential included.

mod answers;
mod http2;
mod inputs;
mod local;
mod network;
mod random;
mod surroundings;
mod tls;
mod waits;

use crate::run::harness::Run;
use crate::run::server::Server;

/// [`Run::of`] at trace level: what is searched for the credential is all that the program can say.
fn run_of(mapping: &str, csv: impl AsRef<[u8]>) -> Run {
    Run::of(mapping, csv).args(["-vvv"])
}

/// [`Run::quick`] at trace level.
fn quick(rows: usize, server: &Server) -> Run {
    Run::quick(rows, server).args(["-vvv"])
}

/// Every test that the list of faults names is there.
#[test]
fn the_list_of_faults_names_tests_that_exist() {
    let here = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests");
    let list = std::fs::read_to_string(here.join("README.md")).expect("the list");
    let (_, list) = list.split_once("## Faults").expect("faults");
    let mut code = String::new();
    for file in crate::run::invariants::files(&here.join("it")) {
        code += &std::fs::read_to_string(file).unwrap_or_default();
    }
    let names = list
        .split('`')
        .filter(|name| name.contains("::") && !name.contains(' '));
    let lost: Vec<&str> = names
        .filter(|name| {
            let last = name
                .trim_end_matches("::")
                .rsplit("::")
                .next()
                .unwrap_or_default();
            !code.contains(&format!("fn {last}(")) && !code.contains(&format!("mod {last};"))
        })
        .collect();
    assert!(lost.is_empty(), "no such test: {lost:?}");
}
