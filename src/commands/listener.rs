//! The one consumer that hears every outcome: reports first, then the requests, then the bar.

use crate::contact::{Outcome, Row};
use crate::provider::call::Call;
use crate::provider::script::Script;
use crate::report::Reports;
use crate::report::directory::Unwritable;
use crate::report::progress::Progress;
use crate::report::requests::{Requests, Shown};
use crate::run::river::Ear;

/// The one consumer that hears every outcome: reports first, then the requests, then the bar.
pub(super) struct Listener<'a> {
    pub(super) reports: Reports,
    pub(super) requests: Option<Requests>,
    pub(super) script: &'a Script<'a>,
    pub(super) progress: Progress,
}

impl Ear for Listener<'_> {
    type Broken = Unwritable;

    fn hear(&mut self, row: &Row, outcome: &Outcome, calls: &[Call]) -> Result<(), Unwritable> {
        self.reports.hear(row, outcome)?;
        let Some(requests) = &mut self.requests else {
            self.progress.hear(outcome);
            return Ok(());
        };
        for call in calls {
            let shown = self.script.show(call);
            requests.hear(&Shown {
                row: outcome.row,
                line: outcome.line,
                method: shown.method,
                url: &shown.url,
                headers: &shown.headers,
                body: std::str::from_utf8(&shown.body).unwrap_or_default(),
            })?;
        }
        self.progress.hear(outcome);
        Ok(())
    }
}
