//! Parses the command line, runs the verb, hands back its exit code.

use std::process::ExitCode;

use contact_sync::report::exit::Exit;
use contact_sync::report::screen;
use contact_sync::{cli, commands};

fn main() -> ExitCode {
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
