//! `providers -m MAPPING`: what the account itself has, as its definitions tell it: custom fields, and tags and kinds of
//! channel where they go by their ids.

use std::fmt::Write as _;

use super::account::{self, Purpose};
use super::definitions::{self, Defines};
use super::place::Place;
use super::{Failure, mapping, provider, start_log, way};
use crate::cli;
use crate::delivery::question::Patience;
use crate::mapping::check;
use crate::provider::api::{Api, CallSpec};
use crate::provider::definitions::Definition;
use crate::provider::finding::DefinitionList;
use crate::provider::limit::effective;
use crate::report::exit::Exit;
use crate::report::{harmless, screen};

/// Asks the account of a mapping what it has, and lists it.
pub(super) fn perform(options: &cli::Providers, path: &std::path::Path) -> Result<Exit, Failure> {
    let _progress = start_log(&options.log);
    let opened = mapping::open(path)?;
    let api = &*opened.api;
    if let Some(name) = &options.provider {
        let named = provider::named(name)?;
        if named.name != api.name {
            return Err(Failure::usage(format!(
                "`{}` is for {}, not for {}",
                opened.file.name, api.name, named.name
            )));
        }
    }
    // A mapping that is being written may lack fields; only its account has to be right.
    let mut mistakes = opened.mistakes.clone();
    let plan = match check::account(&opened.written, &opened.file, api) {
        Ok(plan) if mistakes.is_empty() => plan,
        plan => {
            mistakes.extend(plan.err().unwrap_or_default());
            return Err(Failure::mistakes(mistakes));
        }
    };
    let lists: Vec<(Defines, &DefinitionList)> = Defines::ALL
        .into_iter()
        .filter_map(|defines| Some((defines, defines.list(api)?)))
        .collect();
    if lists.is_empty() {
        screen::say(&format!(
            "{} has no known call that tells which custom fields an account has\n",
            api.name
        ));
        return Ok(Exit::Fine);
    }
    let limits = effective(&api.limits, None);
    let stand_in = match options.sandbox {
        true => Some(way::stand_in(&opened.api, &limits)?),
        false => None,
    };
    let base = way::base_url(stand_in.as_ref(), options.place.base_url.as_deref());
    let place = Place {
        base_url: base.as_deref(),
        allowed: &options.place.allow_host,
    };
    let purpose = match options.sandbox {
        true => Purpose::Rehearse,
        false => Purpose::Send,
    };
    let calls: Vec<&CallSpec> = lists.iter().map(|(_, list)| &list.call).collect();
    let account = account::settle(&opened, &plan, &place, &calls, purpose)?;
    let way = way::to(api, &account, &limits, None, 1)?;
    let runtime = super::runtime()?;
    let mut text = String::new();
    for (defines, list) in lists {
        let told = definitions::all(&account.values, &way, list, Patience::Once);
        match runtime.block_on(told) {
            Ok(told) => table(&mut text, api, defines, &told),
            Err(untold) if untold.can_do_without(list) => {
                let _ = writeln!(
                    text,
                    "{}: not told ({}); names go as the mapping writes them",
                    defines.word(),
                    untold.line()
                );
            }
            Err(untold) => return Err(untold.alone(definitions::DOING)),
        }
    }
    screen::say(&text);
    Ok(Exit::Fine)
}

/// One kind of thing, a line for each.
fn table(text: &mut String, api: &Api, defines: Defines, told: &[Definition]) {
    let gap = if text.is_empty() { "" } else { "\n" };
    let count = told.len();
    let _ = writeln!(
        text,
        "{gap}{count} {} in this account of {}",
        defines.word(),
        api.name
    );
    if told.is_empty() {
        return;
    }
    let heads: &[&str] = match defines {
        Defines::CustomFields => &["name", "key", "id", "type", "options"],
        Defines::Tags | Defines::Channels => &["name", "id"],
    };
    let row = |own: &Definition| -> Vec<String> {
        let options: Vec<&str> = own.options.iter().map(|(name, _)| name.as_str()).collect();
        let cells = match defines {
            Defines::CustomFields => vec![
                own.name.clone(),
                own.key.clone(),
                own.id.clone(),
                own.kind.word().to_owned(),
                options.join(", "),
            ],
            Defines::Tags | Defines::Channels => vec![own.name.clone(), own.id.clone()],
        };
        cells
            .iter()
            .map(|cell| harmless::escaped(cell).into_owned())
            .collect()
    };
    let mut rows = vec![heads.iter().map(|head| (*head).to_owned()).collect()];
    rows.extend(told.iter().map(row));
    let width = |at: usize| {
        let lengths = rows.iter().map(|row: &Vec<String>| row[at].chars().count());
        lengths.max().unwrap_or(0)
    };
    let widths: Vec<usize> = (0..heads.len()).map(width).collect();
    for row in &rows {
        let cells = row.iter().zip(&widths);
        let line: Vec<String> = cells
            .map(|(cell, width)| format!("{cell:<width$}"))
            .collect();
        let _ = writeln!(text, "  {}", line.join("  ").trim_end());
    }
}
