//! What a dry run shows beside its counts: the first requests as they would be sent, how many calls of which kind a real run
//! makes at most, how long they take at the allowed rate, and what share of a day's quota they are.

use std::time::Duration;

use crate::report::closing::{lasted, several, thousands};
use crate::report::harmless::{cut, escaped};
use crate::report::requests::Shown;

/// So many rows are shown whole.
const FIRST: usize = 3;
/// How much of a body is shown on a line.
const WIDTH: usize = 100;

/// A limit as the estimate needs it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Allowance {
    /// Requests …
    pub requests: u32,
    /// … in this stretch of time.
    pub per: Duration,
}

/// What a dry run collects for people.
#[derive(Debug, Default)]
pub struct Preview {
    /// By row, in order.
    first: Vec<(u64, String)>,
    rows: usize,
    calls: Vec<(&'static str, u64)>,
    /// What the requests may set off in the account, beside what they say.
    effects: Vec<String>,
    /// What is asked before the first row; in how many calls only the account knows.
    before: Vec<&'static str>,
}

impl Preview {
    /// One that tells what the requests may set off in the account, and what is asked before them.
    #[must_use]
    pub fn with(effects: &[String], before: &[&'static str]) -> Self {
        Self {
            effects: effects.to_vec(),
            before: before.to_vec(),
            ..Self::default()
        }
    }

    /// Whether the requests of another row are wanted whole.
    #[must_use]
    pub fn wants(&self, row: u64) -> bool {
        self.rows < FIRST || self.is_last(row)
    }

    /// Keeps a request as it would be sent.
    pub fn show(&mut self, shown: &Shown<'_>) {
        let mut text = format!(
            "  row {} (line {}): {} {}\n",
            shown.row,
            shown.line,
            shown.method,
            escaped(shown.url)
        );
        for part in body(shown.body) {
            text.push_str("    ");
            text.push_str(&cut(&escaped(&part), WIDTH));
            text.push('\n');
        }
        self.rows += usize::from(!self.is_last(shown.row));
        self.first.push((shown.row, text));
    }

    fn is_last(&self, row: u64) -> bool {
        self.first.last().is_some_and(|(last, _)| *last == row)
    }

    /// Counts calls of a kind, named by the word for several of them.
    pub fn count(&mut self, kind: &'static str) {
        match self.calls.iter_mut().find(|(own, _)| *own == kind) {
            Some((_, count)) => *count += 1,
            None => self.calls.push((kind, 1)),
        }
    }

    /// The text above the closing screen.
    #[must_use]
    pub fn text(&self, allowances: &[Allowance]) -> String {
        let mut text = String::new();
        if !self.first.is_empty() {
            text.push_str("The first requests, as they would be sent:\n");
            self.first.iter().for_each(|(_, own)| text.push_str(own));
            text.push('\n');
        }
        let all: u64 = self.calls.iter().map(|(_, count)| count).sum();
        if all == 0 {
            return text;
        }
        if !self.effects.is_empty() {
            text.push_str("Side effects in the account, as far as they are known:\n");
            for effect in &self.effects {
                text.push_str(&format!("  - {}\n", escaped(effect)));
            }
            text.push('\n');
        }
        let kinds: Vec<String> = self
            .calls
            .iter()
            .map(|(kind, count)| match count {
                1 => format!("1 {}", one(kind)),
                _ => format!("{} {kind}", thousands(*count)),
            })
            .collect();
        text.push_str(&format!(
            "A real run makes at most {}: {}.\n",
            several(all, "call"),
            kinds.join(", ")
        ));
        let slowest = allowances
            .iter()
            .filter(|own| !is_quota(own))
            .map(|own| took(all, own))
            .max();
        match slowest {
            Some(time) => text.push_str(&format!(
                "At the allowed rate {} about {}.\n",
                if all == 1 { "it takes" } else { "they take" },
                lasted(time)
            )),
            None => text.push_str(
                "No rate is set: the provider's own speed decides how long that takes.\n",
            ),
        }
        for quota in allowances.iter().filter(|own| is_quota(own)) {
            let tenths = all.saturating_mul(1_000) / u64::from(quota.requests.max(1));
            let share = match tenths {
                0 => "less than 0.1 %".to_owned(),
                _ => format!("{}.{} %", tenths / 10, tenths % 10),
            };
            text.push_str(&format!(
                "{} {share} of the {} that the account may ask for in a day.\n",
                if all == 1 { "It is" } else { "They are" },
                thousands(u64::from(quota.requests))
            ));
        }
        if let Some((last, others)) = self.before.split_last() {
            let and = if others.is_empty() { "" } else { " and " };
            text.push_str(&format!(
                "Before them it asks for all {}{and}{last} of the account, a call for each page.\n",
                others.join(", ")
            ));
        }
        text.push('\n');
        text
    }
}

/// One of a kind of calls.
fn one(kind: &str) -> &str {
    match kind {
        "searches" => "search",
        "changes of tags" => "change of tags",
        kind => kind.strip_suffix('s').unwrap_or(kind),
    }
}

fn is_quota(allowance: &Allowance) -> bool {
    allowance.per >= Duration::from_secs(3_600)
}

fn took(calls: u64, allowance: &Allowance) -> Duration {
    let each = allowance.per / allowance.requests.max(1);
    each.saturating_mul(u32::try_from(calls).unwrap_or(u32::MAX))
}

/// A body with one field on each line, so that it can be read.
fn body(text: &str) -> Vec<String> {
    match serde_json::from_str::<serde_json::Map<String, serde_json::Value>>(text) {
        Ok(fields) => fields
            .into_iter()
            .map(|(key, value)| format!("{key} = {value}"))
            .collect(),
        Err(_) => Vec::new(),
    }
}
