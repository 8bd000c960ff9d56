//! The one consumer that hears every outcome: reports first, then the requests, then the bar.

use crate::contact::{Fate, Outcome, Row};
use crate::mapping::apply::Bound;
use crate::mapping::remark::Remark;
use crate::provider::call::{self, Call, Purpose};
use crate::provider::script::Script;
use crate::report::Reports;
use crate::report::directory::Unwritable;
use crate::report::harmless;
use crate::report::preview::Preview;
use crate::report::progress::Progress;
use crate::report::requests::{Requests, Shown};
use crate::run::river::Ear;

/// The one consumer that hears every outcome: reports first, then the requests, then the bar.
pub(super) struct Listener<'a> {
    pub(super) reports: Reports,
    pub(super) requests: Option<Requests>,
    pub(super) script: &'a Script<'a>,
    pub(super) bound: &'a Bound<'a>,
    pub(super) progress: Progress,
    /// With a dry run: what people are shown of the requests.
    pub(super) preview: Option<Preview>,
}

impl Listener<'_> {
    fn look(&mut self, call: &Call, outcome: &Outcome) {
        let Some(preview) = &mut self.preview else {
            return;
        };
        let word = Purpose::WORDS.iter().find(|(_, own)| *own == call.purpose);
        preview.count(word.map_or("calls", |(word, _)| word));
        if preview.wants(outcome.row) {
            let shown = self.script.show(call);
            preview.show(&written(&shown, outcome));
        }
    }
}

impl Ear for Listener<'_> {
    type Broken = Unwritable;

    fn hear(&mut self, row: &Row, outcome: &Outcome, calls: &[Call]) -> Result<(), Unwritable> {
        // A report is text, whatever the input was.
        let rewritten = match outcome.verdict.fate.needs_a_person() {
            true => self.bound.rewritten(row),
            false => None,
        };
        self.reports
            .hear(rewritten.as_ref().unwrap_or(row), outcome)?;
        if matches!(
            outcome.verdict.fate,
            Fate::Valid | Fate::Updated | Fate::Created
        ) {
            for remark in self.bound.remarks(row) {
                let Remark {
                    code,
                    column,
                    message,
                } = remark;
                self.reports.remark(row.line, code, column, &message);
            }
        }
        tracing::debug!(
            "row {} on line {}: {} {} {}",
            outcome.row,
            outcome.line,
            outcome.verdict.fate.word(),
            harmless::escaped(&outcome.verdict.code),
            harmless::escaped(&outcome.verdict.message),
        );
        for call in calls {
            self.look(call, outcome);
            let Some(requests) = &mut self.requests else {
                continue;
            };
            let shown = self.script.show(call);
            requests.hear(&written(&shown, outcome))?;
        }
        self.progress.hear(outcome);
        Ok(())
    }
}

/// A request in the words of the reports.
fn written<'a>(shown: &'a call::Shown, outcome: &Outcome) -> Shown<'a> {
    Shown {
        row: outcome.row,
        line: outcome.line,
        method: shown.method,
        url: &shown.url,
        headers: &shown.headers,
        body: std::str::from_utf8(&shown.body).unwrap_or_default(),
    }
}
