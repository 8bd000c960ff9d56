//! What is said when the proposal is written: how much of the file it takes, what to look at first, what to do next.

use super::page::Proposal;
use super::written::{plain, sample, several};

/// How many things of a kind are named on the screen; the rest stands in the file.
const NAMED: usize = 6;

/// The closing words, of at most one screen; `written` is the proposal's file, if it went into one.
#[must_use]
pub fn closing(proposal: &Proposal, input: &str, columns: usize, written: Option<&str>) -> String {
    let mut lines = vec![format!(
        "{} of {} mapped{}",
        proposal.mapped.len(),
        several(columns, "column"),
        written.map_or_else(String::new, |file| format!(" in {}", plain(file)))
    )];
    section(&mut lines, "still missing:", &proposal.missing);
    section(&mut lines, "look at first:", &proposal.look);
    if !proposal.left_out.is_empty() {
        let names: Vec<String> = proposal
            .left_out
            .iter()
            .take(NAMED)
            .map(|(name, _)| sample(name))
            .collect();
        let more = proposal.left_out.len().saturating_sub(NAMED);
        let more = if more > 0 {
            format!(" and {more} more")
        } else {
            String::new()
        };
        lines.push(format!(
            "left out: {}{more}; the reasons stand at the file's end",
            names.join(", ")
        ));
    }
    let command = |mapping: &str| {
        format!(
            "contact-sync run {} -m {mapping} --dry-run",
            for_a_shell(input)
        )
    };
    let run = match written {
        Some(file) => command(&for_a_shell(file)),
        None => command("my.toml"),
    };
    let save = written.is_none().then_some("save it, such as in my.toml");
    // Nobody is sent into a refusal that can be seen from here.
    let mend = (!proposal.refused.is_empty()).then(|| {
        let why = plain(&proposal.refused.join("; "));
        format!("mend it, for a run refuses it as it is ({why})")
    });
    let before: Vec<&str> = save.into_iter().chain(mend.as_deref()).collect();
    lines.push(match before.is_empty() {
        true => format!("next: {run}"),
        false => format!("next: {}, then {run}", before.join(", ")),
    });
    lines.join("\n")
}

fn section(lines: &mut Vec<String>, title: &str, things: &[String]) {
    if things.is_empty() {
        return;
    }
    lines.push(title.to_owned());
    lines.extend(
        things
            .iter()
            .take(NAMED)
            .map(|thing| format!("  - {}", plain(thing))),
    );
    if things.len() > NAMED {
        lines.push(format!(
            "  - and {} more, in the file",
            things.len() - NAMED
        ));
    }
}

/// A word that can be copied into a shell.
fn for_a_shell(word: &str) -> String {
    let safe = |c: char| c.is_alphanumeric() || "/._-+=:,@%".contains(c);
    match !word.is_empty() && word.chars().all(safe) {
        true => word.to_owned(),
        false => format!("'{}'", word.replace('\'', r"'\''")),
    }
}
