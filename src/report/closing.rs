//! The closing screen: what happened, how many, how fast, what went wrong, where the files are, what to do next.
//!
//! It is read by a tired person at midnight: one screen of at most [`LINES`] lines, most of them at most [`COLUMNS`]
//! wide, plain text, the most important line first and the next step last. A dry run is for finding what is wrong, so
//! that its table of problems is whole, however long. It shows what summary and tally say and
//! counts nothing itself.

use std::path::{Path, PathBuf};
use std::time::Duration;

use crate::contact::Fate;
use crate::report::exit::Exit;
use crate::report::harmless::{cut, escaped};
use crate::report::summary::{Facts, Kind, Summary};
use crate::report::tally::{Problem, Tally};

/// The most lines that it has.
pub const LINES: usize = 24;
/// How wide a line is, unless a path needs more.
pub const COLUMNS: usize = 80;

/// Where the reports of a run stand.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Files {
    /// The run directory.
    pub directory: PathBuf,
    /// `errors.csv`, if a row needed a person.
    pub errors: Option<PathBuf>,
}

/// The whole screen, with a line end at its end.
#[must_use]
pub fn screen(summary: &Summary, tally: &Tally, facts: &Facts, files: &Files) -> String {
    let mut above = headline(tally, facts);
    above.push(String::new());
    above.extend(counts(tally));
    above.push(String::new());
    above.extend(pace(summary, facts));

    let mut below = vec![String::new()];
    below.extend(places(files));
    below.push(String::new());
    below.extend(next(tally, facts, files));

    let room = |above: &[String]| match facts.kind {
        Kind::Sent => LINES.saturating_sub(above.len() + below.len()),
        Kind::Dry => usize::MAX,
    };
    let (problems, others) = (tally.problems(), tally.other_problems());
    above.extend(table("What went wrong:", problems, others, room(&above)));
    let remarks = match facts.kind {
        Kind::Sent => "Sent as it is, but odd:",
        Kind::Dry => "Would be sent as it is, but odd:",
    };
    above.extend(table(remarks, tally.remarks(), 0, room(&above)));
    above.extend(below);
    above.push(String::new());
    above.join("\n")
}

fn headline(tally: &Tally, facts: &Facts) -> Vec<String> {
    let rows = rows(tally.rows());
    let text = match (facts.exit, facts.kind) {
        (Exit::Fine, Kind::Sent) => format!("Done: all is well with {rows}."),
        (Exit::Fine, Kind::Dry) => {
            format!("Dry run: all is well with {rows}. Nothing was sent.")
        }
        (Exit::RowsNeedAPerson, kind) => {
            let need = match tally.for_a_person() {
                1 => format!("1 of {rows} needs a person."),
                some => format!("{} of {rows} need a person.", thousands(some)),
            };
            match kind {
                Kind::Sent => format!("Done, but {need}"),
                Kind::Dry => format!("Dry run: {need} Nothing was sent."),
            }
        }
        (Exit::StoppedEarly, _) => format!("Stopped early{}", because(facts)),
        (Exit::LocalFault, _) => format!("Stopped by a fault of this machine{}", because(facts)),
        (Exit::Interrupted | Exit::Terminated, _) => {
            "Interrupted; what was done is kept.".to_owned()
        }
        (exit, _) => {
            let (code, meaning) = (exit.code(), exit.meaning());
            format!("Ended with code {code}: {meaning}{}", because(facts))
        }
    };
    wrapped(&text, 3)
}

fn because(facts: &Facts) -> String {
    match facts.reason.is_empty() {
        true => ".".to_owned(),
        false => format!(": {}", escaped(&facts.reason)),
    }
}

fn counts(tally: &Tally) -> Vec<String> {
    let all = thousands(tally.rows());
    let width = all.len();
    let mut lines: Vec<String> = Fate::ALL
        .into_iter()
        .filter(|fate| tally.count(*fate) > 0)
        .map(|fate| {
            let count = thousands(tally.count(fate));
            format!("  {:<9}  {count:>width$}{}", fate.word(), gloss(fate))
        })
        .collect();
    lines.push(format!("  {:<9}  {all:>width$}", "rows"));
    lines
}

/// What a word means, where it does not say so itself.
fn gloss(fate: Fate) -> &'static str {
    match fate {
        Fate::Skipped => "  blank, or replaced by a later row",
        Fate::Invalid => "  refused here, not sent",
        Fate::Failed => "  the provider said no",
        Fate::Unknown => "  sent, but no answer tells what became of it",
        Fate::Pending => "  not tried yet",
        _ => "",
    }
}

fn pace(summary: &Summary, facts: &Facts) -> Vec<String> {
    let took = lasted(facts.took);
    if summary.requests == 0 {
        return vec![format!("No request was sent. It took {took}.")];
    }
    let allowed = match summary.rate.allowed.as_str() {
        "" => String::new(),
        allowed => format!(" (allowed: {allowed})"),
    };
    let sent = several(summary.requests, "request");
    // One request has no pace.
    let sent = match summary.rate.achieved > 0.0 {
        true => format!(
            "{sent} in {took}, {:.1} a second{allowed}.",
            summary.rate.achieved
        ),
        false => format!("{sent} in {took}{allowed}."),
    };
    let mut lines = vec![cut(&sent, COLUMNS).into_owned()];
    // Words that stay the same for one and many keep this line short and right.
    let more = match (summary.retries, summary.throttled) {
        (0, 0) => return lines,
        (again, 0) => format!("Sent again: {}.", thousands(again)),
        (0, slower) => format!("Told to slow down: {}.", times(slower)),
        (again, slower) => format!(
            "Sent again: {}; told to slow down: {}.",
            thousands(again),
            times(slower)
        ),
    };
    lines.push(more);
    lines
}

/// Kinds of problem in so many lines; `others` rows are of kinds that are not among them.
fn table(heading: &str, problems: &[Problem], others: u64, room: usize) -> Vec<String> {
    // A blank line, a heading, and one line for what does not fit.
    if problems.is_empty() || room < 4 {
        return Vec::new();
    }
    let all_fit = others == 0 && problems.len() + 2 <= room;
    let shown = match all_fit {
        true => problems.len(),
        false => problems.len().min(room - 3),
    };
    let digits = |problem: &Problem| thousands(problem.rows).len();
    let width = problems[..shown].iter().map(digits).max().unwrap_or(0);
    let mut lines = vec![String::new(), heading.to_owned()];
    lines.extend(problems[..shown].iter().map(|problem| {
        let count = thousands(problem.rows);
        let lines: Vec<String> = problem.lines.iter().map(u64::to_string).collect();
        let on = match (problem.rows, problem.lines.len()) {
            (1, _) => format!("on line {}", lines.join(", ")),
            (rows, shown) if rows == shown as u64 => format!("on lines {}", lines.join(", ")),
            _ => format!("first on lines {}", lines.join(", ")),
        };
        let place = match problem.field.as_str() {
            "" => String::new(),
            field => format!(" in {}", cut(&escaped(field), 24)),
        };
        let mut text = format!("  {count:>width$}  {}{place}, {on}", problem.code);
        if !problem.message.is_empty() {
            text += ": ";
            text += &problem.message;
        }
        cut(&text, COLUMNS).into_owned()
    }));
    let rest = others + problems[shown..].iter().map(|p| p.leads).sum::<u64>();
    if rest > 0 {
        let rows = if rest == 1 { "row" } else { "rows" };
        lines.push(format!("  {} more {rows} of other kinds", thousands(rest)));
    }
    lines
}

fn places(files: &Files) -> Vec<String> {
    let names = match files.errors {
        Some(_) => "results.csv (every row), errors.csv (rows to mend), summary.json",
        None => "results.csv (every row), summary.json",
    };
    let place = shown(&files.directory);
    vec![format!("Reports in {place}:"), format!("  {names}")]
}

fn next(tally: &Tally, facts: &Facts, files: &Files) -> Vec<String> {
    let mut lines = Vec::new();
    if tally.count(Fate::Unknown) > 0 {
        lines.push(
            "Unknown rows may have arrived: look at them in the account before sending again."
                .to_owned(),
        );
    }
    let same_command = match (facts.exit, &files.errors) {
        (Exit::Fine, _) => {
            lines.push(match facts.kind {
                Kind::Sent => "Next: nothing; there is nothing left to do.".to_owned(),
                Kind::Dry => "Next: the same command without `--dry-run` sends them.".to_owned(),
            });
            facts.kind == Kind::Dry
        }
        // The rows are as good as they were: an edited file would only invite new mistakes.
        (Exit::RowsNeedAPerson, Some(_)) if tally.passing() == tally.for_a_person() => {
            lines.push("Next: run the same command again later; no row needs mending.".to_owned());
            true
        }
        (Exit::RowsNeedAPerson, Some(errors)) => {
            lines.push("Next: mend the rows in errors.csv, then".to_owned());
            let errors = shown(errors);
            let mut words = vec![errors.as_str(), "-m", &facts.mapping];
            words.extend((facts.kind == Kind::Dry).then_some("--dry-run"));
            words.extend(facts.options.iter().map(String::as_str));
            let words: Vec<String> = words.into_iter().map(for_a_shell).collect();
            lines.push(format!("  contact-sync run {}", words.join(" ")));
            false
        }
        (exit, _) => {
            let next = match facts.next.as_str() {
                "" => exit.advice(),
                next => next,
            };
            lines.push(format!("Next: {next}."));
            matches!(
                exit,
                Exit::StoppedEarly | Exit::Interrupted | Exit::Terminated
            )
        }
    };
    if same_command && !facts.taken.is_empty() {
        let taken = facts.taken.join("` and another `");
        lines.push(format!(
            "  Give it another `{taken}`: no report is ever written over."
        ));
    }
    lines
}

fn rows(count: u64) -> String {
    several(count, "row")
}

fn times(count: u64) -> String {
    match count {
        1 => "once".to_owned(),
        _ => several(count, "time"),
    }
}

/// A count with its thing, which takes an `s` where there are more.
pub fn several(count: u64, thing: &str) -> String {
    match count {
        1 => format!("1 {thing}"),
        _ => format!("{} {thing}s", thousands(count)),
    }
}

/// A number with a comma between thousands.
pub fn thousands(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::with_capacity(digits.len() * 4 / 3 + 1);
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// How long it took, in the two largest units that people would say.
pub(super) fn lasted(took: Duration) -> String {
    let seconds = took.as_secs();
    match seconds {
        0 => format!("{} ms", took.as_millis()),
        1..=9 => format!("{:.1} s", took.as_secs_f64()),
        10..=59 => format!("{seconds} s"),
        60..=3_599 => format!("{} min {} s", seconds / 60, seconds % 60),
        _ => format!("{} h {} min", seconds / 3_600, seconds % 3_600 / 60),
    }
}

fn shown(path: &Path) -> String {
    escaped(&path.display().to_string()).into_owned()
}

/// A word that can be copied into a shell.
fn for_a_shell(word: &str) -> String {
    let plain = |c: char| c.is_alphanumeric() || "/._-+=:,@%".contains(c);
    match !word.is_empty() && word.chars().all(plain) {
        true => word.to_owned(),
        false => format!("'{}'", word.replace('\'', r"'\''")),
    }
}

/// Text in lines of at most [`COLUMNS`], broken between words; what does not fit into `most` lines is cut.
fn wrapped(text: &str, most: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in text.split(' ') {
        let full = lines.len() == most;
        match lines.last_mut() {
            Some(line) if line.chars().count() + 1 + word.chars().count() <= COLUMNS => {
                line.push(' ');
                line.push_str(word);
            }
            Some(line) if full => {
                let short: String = line.chars().take(COLUMNS - 1).collect();
                *line = short + "…";
                break;
            }
            _ => lines.push(word.to_owned()),
        }
    }
    lines
}
