//! `providers`: which providers there are, and what one of them can and cannot do.

use std::fmt::Write as _;

use super::{Failure, own_fields, provider};
use crate::cli;
use crate::provider::answers::Meaning;
use crate::provider::api::{Api, CallSpec, IdKind, Limit, Sure};
use crate::provider::fields::{Clear, Field, FieldKind};
use crate::provider::shipped;
use crate::report::exit::Exit;
use crate::report::screen;

/// Lists all providers, or tells about one, or about one account of it.
pub(super) fn perform(options: &cli::Providers) -> Result<Exit, Failure> {
    if let Some(mapping) = &options.mapping {
        return own_fields::perform(options, mapping);
    }
    let text = match &options.provider {
        None => all()?,
        Some(name) => {
            let api = provider::named(name)?;
            one(name, &api)
        }
    };
    screen::say(&text);
    Ok(Exit::Fine)
}

fn all() -> Result<String, Failure> {
    let mut text = String::new();
    for name in shipped::names() {
        let api = provider::named(name)?;
        let limits: Vec<String> = api.limits.iter().map(limit).collect();
        let _ = writeln!(
            text,
            "{name:<12} {:<12} {} {}",
            api.name,
            api.calls.update.method.word(),
            api.calls.update.path.as_ref()
        );
        let _ = writeln!(text, "{:<25} account: {}", "", keys(&api));
        let _ = writeln!(text, "{:<25} limits: {}", "", limits.join(", "));
    }
    text.push_str("\n`contact-sync providers NAME` tells all about one; another one is the path of an `api.toml`\n");
    Ok(text)
}

fn one(name: &str, api: &Api) -> String {
    let mut text = format!("{} (`provider = \"{name}\"`)\n", api.name);
    let _ = writeln!(text, "page:       {}", api.page);
    let _ = writeln!(text, "base URL:   {}", api.base_url.as_ref());
    let id = match api.id {
        IdKind::Digits => "digits only",
        IdKind::Uuid => "a UUID",
        IdKind::Opaque => "any text",
    };
    let _ = writeln!(text, "contact id: {id}");
    text.push_str("\ncalls\n");
    let calls = calls(api);
    let width = calls.iter().map(|(about, _)| about.len()).max();
    let width = width.unwrap_or(0);
    for (about, call) in calls {
        let (method, path) = (call.method.word(), call.path.as_ref());
        let needs = match call.needs.as_str() {
            "" => String::new(),
            needs => format!(" — needs {needs}"),
        };
        let _ = writeln!(text, "  {about:<width$}  {method} {path}{needs}");
    }
    text.push_str("\n[account]\n");
    for (key, about) in &api.account {
        let mut facts = Vec::new();
        if about.secret {
            facts.push("secret");
        }
        if about.optional {
            facts.push("optional");
        }
        let facts = if facts.is_empty() {
            String::new()
        } else {
            format!(" ({})", facts.join(", "))
        };
        let _ = writeln!(text, "  {key}{facts}: {}", about.about);
    }
    text.push_str("\nlimits\n");
    for own in &api.limits {
        let _ = writeln!(text, "  {}", limit(own));
    }
    text.push_str("\n[fields]\n");
    let width = api.fields.keys().map(String::len).max().unwrap_or(0);
    for (name, field) in &api.fields {
        let _ = writeln!(text, "  {name:<width$}  {}", described(field));
    }
    if let Some(custom) = &api.custom_fields {
        let into = match custom.into.as_ref().as_str() {
            "" => "beside the other fields".to_owned(),
            into => format!("into `{into}`"),
        };
        let by = match api.definitions.custom_fields.is_some() {
            true => "by the name on the screen, by key or by id",
            false => "by id or key",
        };
        let _ = writeln!(text, "\n[custom_fields] go {into}, {by}");
    }
    text.push_str(&whom(api));
    text.push_str(&effects(api));
    if !api.refused.is_empty() {
        text.push_str("\nnot taken\n");
        for (name, reason) in &api.refused {
            let _ = writeln!(text, "  {name}: {reason}");
        }
    }
    if !api.notes.is_empty() {
        text.push_str("\ngood to know\n");
        for note in &api.notes {
            let _ = writeln!(text, "  - {note}");
        }
    }
    if let Some(hint) = api.hints.get(&Meaning::RefusedCredential) {
        let _ = writeln!(text, "\nwhen the credential is refused: {hint}");
    }
    text
}

/// Every call that the file describes, each with what it does.
fn calls(api: &Api) -> Vec<(String, &CallSpec)> {
    let own = [
        ("update", Some(&api.calls.update)),
        ("check", Some(&api.calls.ping)),
        ("read", api.calls.read.as_ref()),
        ("create", api.calls.create.as_ref()),
        ("upsert", api.upsert.as_ref().map(|own| &own.call)),
    ];
    let tags = [
        ("set tags", &api.tags.set),
        ("add tags", &api.tags.add),
        ("remove tags", &api.tags.remove),
    ];
    let tags = tags.map(|(about, way)| (about, way.as_ref().and_then(|way| way.call.as_ref())));
    let read = [("read tags", api.tags.read.as_ref().map(|read| &read.call))];
    let lists = [
        ("list custom fields", &api.definitions.custom_fields),
        ("list tags", &api.definitions.tags),
        ("list channels", &api.definitions.channels),
    ];
    let lists = lists.map(|(about, list)| (about, list.as_ref().map(|list| &list.call)));
    let named = |(about, call): (&str, Option<_>)| Some((about.to_owned(), call?));
    let mut calls: Vec<(String, &CallSpec)> = own.into_iter().filter_map(named).collect();
    let finds = api.find.iter();
    calls.extend(finds.map(|(key, find)| (format!("find by {}", key.word()), &find.call)));
    calls.extend(read.into_iter().chain(tags).chain(lists).filter_map(named));
    calls
}

/// How contacts are found and made, and what can be done to their tags.
fn whom(api: &Api) -> String {
    let found: Vec<&str> = api.find.keys().map(|key| key.word()).collect();
    let found = match found.is_empty() {
        true => "by the provider's own id only".to_owned(),
        false => format!("by id, or match by {}", found.join(", ")),
    };
    let made = match api.calls.create.is_some() {
        true => "update, upsert, create",
        false => "update only",
    };
    let tags = [
        ("set", &api.tags.set),
        ("add", &api.tags.add),
        ("remove", &api.tags.remove),
    ];
    let tags: Vec<&str> = tags
        .iter()
        .filter(|(_, way)| way.is_some())
        .map(|(verb, _)| *verb)
        .collect();
    let tags = if tags.is_empty() {
        "cannot be changed".to_owned()
    } else {
        tags.join(", ")
    };
    let mut text = format!("\n[contact] {found}; modes: {made}\n[tags]    {tags}\n");
    match (&api.upsert, api.no_upsert.as_str()) {
        (Some(own), _) => {
            let method = own.call.method.word();
            let path = own.call.path.as_ref();
            let _ = writeln!(
                text,
                "\n`upsert = \"native\"` in [contact] takes {method} {path}, one call in place of two, at these risks"
            );
            for risk in &own.risks {
                let _ = writeln!(text, "  - {risk}");
            }
        }
        (None, "") => {}
        (None, why) => {
            let _ = writeln!(text, "\n`upsert = \"native\"` is not taken: {why}");
        }
    }
    text
}

/// What a write may set off in the account.
fn effects(api: &Api) -> String {
    let mut text = String::new();
    for effect in &api.effects {
        let on: Vec<&str> = effect.on.iter().map(|part| part.word()).collect();
        let _ = writeln!(text, "  - {} ({})", effect.may, on.join(", "));
    }
    match text.is_empty() {
        true => text,
        false => format!("\nside effects, as far as they are known\n{text}"),
    }
}

fn keys(api: &Api) -> String {
    let keys: Vec<&str> = api.account.keys().map(String::as_str).collect();
    keys.join(", ")
}

fn limit(limit: &Limit) -> String {
    let sure = match limit.sure {
        Sure::Official => "official",
        Sure::Guess => "our own caution; `--rate` replaces it",
    };
    format!("{limit} ({sure})")
}

fn described(field: &Field) -> String {
    let mut text = field.kind.word().to_owned();
    if field.kind == FieldKind::Enum {
        let _ = write!(text, " ({})", field.values.join(", "));
    }
    if let Some(max) = field.max {
        let _ = write!(text, ", at most {max} characters");
    }
    match field.clear {
        Some(Clear::Null | Clear::EmptyText | Clear::EmptyList) => {
            text.push_str(", can be cleared")
        }
        None => {}
    }
    if !field.about.is_empty() {
        let _ = write!(text, " — {}", field.about);
    }
    if let Some(danger) = &field.danger {
        let _ = write!(
            text,
            " — only with `accept = \"{}\"`: {}",
            danger.accept, danger.because
        );
    }
    text
}
