//! `sandbox`: serves a stand-in of a provider's API until stopped.

use super::provider;
use super::{Failure, start_log};
use crate::cli;
use crate::report::closing::several;
use crate::report::exit::Exit;
use crate::report::screen;
use crate::run::signals::Signals;
use crate::sandbox::{self, Sandbox};

/// Serves until a signal comes.
pub(super) fn perform(options: &cli::Sandbox) -> Result<Exit, Failure> {
    let _progress = start_log(&options.log);
    let api = provider::named(&options.provider)?;
    let local =
        |error: std::io::Error| Failure::new(Exit::LocalFault, error, "choose another `--port`");
    let runtime = super::runtime()?;
    runtime.block_on(async {
        let stand_in = Sandbox::bind(std::sync::Arc::clone(&api), options.port).map_err(local)?;
        let watch = stand_in.watch();
        let mut signals = Signals::listen().map_err(local)?;
        let keys: Vec<String> = api
            .account
            .keys()
            .map(|key| format!("{key} = `{}`", sandbox::make_up(&api, key)))
            .collect();
        screen::say(&format!(
            "{} is played on http://{address}\nsend to it with `--base-url http://{address}`; any credential will do, such as {}\nCtrl-C stops it\n",
            api.name,
            keys.join(", "),
            address = stand_in.address(),
        ));
        stand_in.serve(signals.next()).await.map_err(local)?;
        let tally = watch.tally();
        screen::say(&format!(
            "{}: {} made, {}, {}, {} throttled\n",
            several(tally.requests, "request"),
            several(tally.created, "contact"),
            several(tally.changes, "change"),
            match tally.tagged {
                1 => "1 change of tags".to_owned(),
                many => format!("{many} changes of tags"),
            },
            tally.throttled
        ));
        Ok(Exit::Fine)
    })
}
