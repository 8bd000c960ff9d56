//! Parses the command line, runs the verb, hands back its exit code.

use std::process::ExitCode;

use contact_sync::report::exit::Exit;
use contact_sync::report::screen;
use contact_sync::{cli, commands};
use mimalloc::MiMalloc;
use rustix::process::{Resource, Rlimit, setrlimit};

/// A row sent takes and gives back many small pieces of memory, in the client above all; with this allocator it costs a tenth
/// less CPU than with the system's.
#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

fn main() -> ExitCode {
    leave_no_core();
    let exit = match cli::parse(std::env::args_os()) {
        Ok(cli) => commands::perform(cli),
        Err((text, true)) => {
            screen::tell(&text);
            Exit::Usage
        }
        Err((text, false)) => {
            screen::say(&text);
            Exit::Fine
        }
    };
    ExitCode::from(exit.code())
}

/// A crash must not leave the credential in a file: the system keeps nothing of this process's memory. That it may not be
/// looked at either (`PR_SET_DUMPABLE`) would take `/dev/stdin` and `<(…)` away from everybody but the administrator.
fn leave_no_core() {
    let none = Rlimit {
        current: Some(0),
        maximum: Some(0),
    };
    // Less is always allowed; and where it were not, there is nothing better to be done.
    let _ = setrlimit(Resource::Core, none);
}
