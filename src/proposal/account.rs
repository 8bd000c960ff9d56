//! The proposal's `[account]`: secrets by the name of an environment variable, everything else as a placeholder.

use super::page::{Page, Request};
use super::written::{key, text};
use crate::provider::api::{Api, Looks};

impl Page<'_> {
    /// `[account]`, with the first way to show a credential.
    pub(super) fn account(&mut self) {
        let Request { provider, api, .. } = *self.request;
        let shown: &[String] = api.auth.first().map_or(&[], |auth| &auth.needs);
        self.line("[account]");
        for (name, own) in &api.account {
            let needed = shown.contains(name) || !own.optional;
            let value = match own.secret {
                true => format!("{{ env = {} }}", text(&variable(provider, api, name))),
                false => text(placeholder(own.looks)),
            };
            let line = format!("{} = {value}", key(name));
            let about = match own.secret {
                true => format!("{}; never the text itself", own.about),
                false => format!("put yours here: {}", own.about),
            };
            match needed {
                true => self.beside(&line, &about),
                false => self.beside(&format!("# {line}"), &about),
            }
            if needed && !own.secret {
                self.proposal
                    .missing
                    .push(format!("`{name}` in [account]: {}", own.about));
            }
        }
        self.line("");
    }
}

/// What stands for an account value that nobody but the user knows.
fn placeholder(looks: Looks) -> &'static str {
    match looks {
        Looks::Any => "put-yours-here",
        Looks::Key => "put_yours_here",
        Looks::Digits => "1",
        Looks::Uuid => "00000000-0000-0000-0000-000000000000",
        Looks::HostLabel => "example",
        Looks::Token20 => "Example0000000000000",
    }
}

/// The environment variable for a secret: `<PROVIDER>_<KEY>`, by a name of the provider that can begin a variable's.
fn variable(provider: &str, api: &Api, name: &str) -> String {
    let capitals = |text: &str| -> String {
        let letter = |c: char| {
            if c.is_ascii_alphanumeric() {
                c.to_ascii_uppercase()
            } else {
                '_'
            }
        };
        text.chars()
            .map(letter)
            .collect::<String>()
            .trim_matches('_')
            .to_owned()
    };
    let typed = (!provider.ends_with(".toml")).then_some(provider);
    let owner = typed
        .into_iter()
        .chain([api.name.as_str()])
        .chain(api.aliases.iter().map(String::as_str))
        .map(capitals)
        .find(|name| name.starts_with(|c: char| c.is_ascii_alphabetic()))
        .unwrap_or_else(|| "ACCOUNT".to_owned());
    format!("{owner}_{}", capitals(name))
}
