//! The proposal as a mapping file: every line with its samples and its evidence, and at the end what was left out.

use super::choice;
use super::columns::{self, Column};
use super::contact_id;
use super::left_out::LeftOut;
use super::survey::Survey;
use super::trial::refused;
use super::written::{plain, sample, several, text};
use crate::provider::api::Api;

/// Where samples begin on a line, if the line leaves room.
const BESIDE: usize = 44;

/// What is to be proposed.
#[derive(Debug, Clone, Copy)]
pub struct Request<'a> {
    /// The file as the user named it.
    pub input: &'a str,
    /// The provider as the mapping will name it.
    pub provider: &'a str,
    /// What the provider's file says.
    pub api: &'a Api,
    /// What the file shows.
    pub survey: &'a Survey,
}

/// A proposed mapping.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Proposal {
    /// The file's text.
    pub text: String,
    /// The columns that go somewhere, in the header's order.
    pub mapped: Vec<String>,
    /// What a person has to decide or fill in before the mapping can be used.
    pub missing: Vec<String>,
    /// Why a run refuses it as it is; nothing where a dry run takes it.
    pub refused: Vec<String>,
    /// What a person should look at first.
    pub look: Vec<String>,
    /// The columns that stay out, each with the reason.
    pub left_out: Vec<(String, String)>,
}

/// Proposes a mapping.
#[must_use]
pub fn propose(request: &Request<'_>) -> Proposal {
    let columns = columns::columns(request.survey);
    let identity = contact_id::decide(request.api, &columns, request.survey);
    let choice = choice::choose(request.api, request.survey, &columns, &identity);
    let mut page = Page {
        request,
        columns: &columns,
        proposal: Proposal::default(),
        used: identity.columns(),
        waiting: Vec::new(),
    };
    page.head();
    page.account();
    page.contact(&identity);
    page.fields(&choice);
    page.custom(&choice.left_out);
    page.left_out(&choice.left_out);
    page.used.sort_unstable();
    page.used.dedup();
    let mut proposal = page.proposal;
    proposal.mapped = page
        .used
        .iter()
        .map(|at| columns[*at].name.clone())
        .collect();
    proposal.refused = refused(request.api, &proposal.text);
    proposal
}

/// The page as far as it is written.
pub(super) struct Page<'p> {
    pub(super) request: &'p Request<'p>,
    pub(super) columns: &'p [Column],
    pub(super) proposal: Proposal,
    /// Columns that go somewhere.
    pub(super) used: Vec<usize>,
    /// Columns whose line waits for a decision, with what is to be decided.
    pub(super) waiting: Vec<(usize, String)>,
}

impl Page<'_> {
    pub(super) fn line(&mut self, line: &str) {
        self.proposal.text.push_str(line);
        self.proposal.text.push('\n');
    }

    pub(super) fn note(&mut self, note: &str) {
        for line in wrapped(&plain(note)) {
            self.line(&format!("# {line}"));
        }
    }

    /// A line with something beside it.
    pub(super) fn beside(&mut self, line: &str, comment: &str) {
        let comment = plain(comment);
        if comment.is_empty() {
            return self.line(line);
        }
        let room = BESIDE.saturating_sub(line.chars().count()).max(3);
        let line = format!("{line}{}# {comment}", " ".repeat(room));
        self.line(&line);
    }

    fn head(&mut self) {
        let Request {
            input,
            provider,
            api,
            survey,
        } = *self.request;
        let rows = survey.rows().len();
        let of = match survey.total() {
            total if total > rows as u64 => format!("the first {rows} of {total} rows"),
            _ => several(rows, "row"),
        };
        self.note(&format!(
            "Proposed for {} from {} ({of} looked at). Read it, mend it, then try it: --dry-run looks at every row and sends \
             nothing.",
            api.name,
            sample(input)
        ));
        self.note(
            "On the left stands the provider's field, on the right a column, behind it two of its values. A blank cell is left \
             out and erases nothing.",
        );
        self.line("");
        self.line(&format!("provider = {}", text(provider)));
        self.line("");
    }

    pub(super) fn samples(&self, columns: &[usize]) -> String {
        let survey = self.request.survey;
        let mut shown: Vec<String> = Vec::new();
        let cells = |at: usize| {
            survey
                .different(at)
                .into_iter()
                .map(|(value, _)| sample(value))
        };
        match columns {
            [one] => shown.extend(cells(*one).take(2)),
            many => shown.extend(many.iter().filter_map(|at| cells(*at).next())),
        }
        match shown.is_empty() {
            true => "blank in all rows looked at".to_owned(),
            false => shown.join(", "),
        }
    }

    fn custom(&mut self, left_out: &[LeftOut]) {
        let Some(custom) = &self.request.api.custom_fields else {
            return;
        };
        let columns: Vec<&LeftOut> = left_out.iter().filter(|left| left.custom).collect();
        if columns.is_empty() {
            return;
        }
        let holder = self.request.api.fields.get(custom.into.as_ref());
        let wanted = holder.and_then(|field| field.pairs.as_ref()).map(|pairs| {
            let ways: Vec<String> = pairs
                .names
                .iter()
                .map(|way| format!("its {} ({})", way.key, way.looks.words()))
                .collect();
            ways.join(" or ")
        });
        let asked = self.request.api.definitions.custom_fields.is_some();
        let wanted = wanted
            .filter(|_| !asked)
            .unwrap_or_else(|| "its name or key as the account shows it".to_owned());
        self.note(&format!(
            "No field of {} takes these; custom fields of your account can. Put for `…` {wanted}, and take the # away.",
            self.request.api.name
        ));
        self.line("# [custom_fields]");
        for left in columns {
            let samples = self.samples(&[left.at]);
            let column = text(&self.columns[left.at].name);
            self.beside(&format!("# \"…\" = {column}"), &samples);
        }
        self.line("");
    }

    fn left_out(&mut self, left_out: &[LeftOut]) {
        let api = self.request.api;
        let unlisted = |left: &&LeftOut| !left.why.is_empty() || api.custom_fields.is_none();
        let mut all: Vec<(usize, String)> = left_out
            .iter()
            .filter(unlisted)
            .map(|left| (left.at, why(api, left)))
            .collect();
        all.extend(
            self.waiting
                .iter()
                // What finds the contact is used, though its own field still waits.
                .filter(|(at, _)| !self.used.contains(at))
                .map(|(at, ask)| (*at, format!("waits above: {ask}"))),
        );
        all.sort_by_key(|(at, _)| *at);
        if !all.is_empty() {
            self.note("Columns left out, and why:");
        }
        for (at, why) in &all {
            let line = format!("#   {}: {}", sample(&self.columns[*at].name), plain(why));
            self.line(&line);
        }
        all.extend(
            left_out
                .iter()
                .filter(|left| !unlisted(left))
                .map(|left| (left.at, why(api, left))),
        );
        all.sort_by_key(|(at, _)| *at);
        let named = all
            .into_iter()
            .map(|(at, why)| (self.columns[at].name.clone(), why));
        self.proposal.left_out.extend(named);
    }
}

fn why(api: &Api, left: &LeftOut) -> String {
    match left.why.is_empty() {
        true => format!("{} has no field of its own for it", api.name),
        false => left.why.clone(),
    }
}

/// Text in lines of about 118 characters.
fn wrapped(text: &str) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in text.split(' ') {
        match lines.last_mut() {
            Some(line) if line.chars().count() + word.chars().count() < 118 => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(word.to_owned()),
        }
    }
    lines
}
