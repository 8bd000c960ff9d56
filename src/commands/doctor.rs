//! `doctor`: checks mapping, credential and account with one cheap read.

use crate::cli;
use crate::delivery::Wire as _;
use crate::delivery::client::{Client, Timeouts};
use crate::mapping::check::check;
use crate::provider::answers::Meaning;
use crate::provider::api::Api;
use crate::provider::call::{Call, ping};
use crate::provider::reply;
use crate::report::exit::Exit;
use crate::report::screen;

use super::account::{self, Place, Purpose};
use super::{FailedTo, Failure, mapping, start_log};

/// Checks, and says what was found.
pub(super) fn perform(options: &cli::Doctor) -> Result<Exit, Failure> {
    let _progress = start_log(&options.log);
    let opened = mapping::open(&options.mapping)?;
    let api = &*opened.api;
    let checked = check(&opened.written, &opened.file, api, None);
    let mut mistakes = opened.mistakes.clone();
    let checked = match checked {
        Ok(checked) if mistakes.is_empty() => checked,
        checked => {
            mistakes.extend(checked.err().unwrap_or_default());
            return Err(Failure::mistakes(mistakes));
        }
    };
    let fields = checked.mapping.steps.len();
    screen::say(&format!(
        "mapping     fine: {fields} fields of {}\n",
        api.name
    ));
    let place = Place {
        base_url: options.base_url.as_deref(),
        allowed: &options.allow_host,
    };
    let calls = [&api.calls.update, &api.calls.ping];
    let account = account::settle(&opened, &checked.account, &place, &calls, Purpose::Send)?;
    screen::say("credential  found\n");
    let set_up =
        |what: String| Failure::new(Exit::SetUp, anyhow::Error::msg(what), "nothing was changed");
    let call = ping(api, &account.values).map_err(set_up)?;
    let client = Client::new(
        api,
        account.base.as_str(),
        account.credential,
        1,
        Timeouts::default(),
    )
    .map_err(|error| Failure::new(Exit::SetUp, FailedTo(error), "nothing was changed"))?;
    let runtime = super::runtime()
        .map_err(|error| Failure::new(Exit::LocalFault, error, "run the same command again"))?;
    runtime.block_on(read(api, &client, &call))
}

async fn read(api: &Api, client: &Client, call: &Call) -> Result<Exit, Failure> {
    let about = format!("{} {}", call.method.word(), call.target);
    let reply = match client.send(call).await {
        Ok(reply) => reply,
        Err(lost) => {
            let error = anyhow::anyhow!("no answer to {about}: {}", lost.why());
            let exit = match lost {
                reply::Lost::NotTrusted(_) => Exit::SetUp,
                _ => Exit::StoppedEarly,
            };
            return Err(Failure::new(
                exit,
                error,
                "check the base URL and the network",
            ));
        }
    };
    let answer = reply::read(api, &reply);
    match answer.meaning {
        Meaning::Accepted => {
            screen::say(&format!(
                "account     answers: {about} gave {}\n",
                answer.status
            ));
            screen::say("everything is ready; try `run --dry-run` next\n");
            Ok(Exit::Fine)
        }
        meaning => {
            let hint = api.hints.get(&meaning).map_or("", String::as_str);
            let error = anyhow::anyhow!(
                "{about} gave {} ({}): {}",
                answer.status,
                meaning.word(),
                answer.reason
            );
            let exit = match meaning {
                Meaning::Throttled
                | Meaning::QuotaSpent
                | Meaning::Outage
                | Meaning::Gateway
                | Meaning::Busy => Exit::StoppedEarly,
                _ => Exit::SetUp,
            };
            let error = if hint.is_empty() {
                error
            } else {
                anyhow::anyhow!("{error} — {hint}")
            };
            Err(Failure::new(exit, error, "nothing was changed"))
        }
    }
}
