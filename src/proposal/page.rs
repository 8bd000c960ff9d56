//! The proposal as a mapping file: every line with its samples and its evidence, and at the end what was left out.

use std::fmt::Write as _;

use super::choice::{self, LeftOut, Pick};
use super::columns::{self, Column};
use super::contact_id::{self, Identity};
use super::options::{Options, options};
use super::survey::Survey;
use super::synonyms::meaning;
use super::trial::trial;
use super::written::{dotted, key, plain, sample, several, table, text};
use crate::provider::api::{Api, IdKind, Looks};

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
    let id = match identity {
        Identity::Column { at, .. } => Some(at),
        Identity::Unknown => None,
    };
    let choice = choice::choose(request.api, request.survey, &columns, id);
    let mut page = Page {
        request,
        columns: &columns,
        proposal: Proposal::default(),
        used: id.into_iter().collect(),
        waiting: Vec::new(),
    };
    page.head();
    page.account();
    page.contact(&identity);
    page.fields(&choice.picks);
    page.custom(&choice.left_out);
    page.left_out(&choice.left_out);
    page.used.sort_unstable();
    let mut proposal = page.proposal;
    proposal.mapped = page
        .used
        .iter()
        .map(|at| columns[*at].name.clone())
        .collect();
    proposal
}

struct Page<'p> {
    request: &'p Request<'p>,
    columns: &'p [Column],
    proposal: Proposal,
    used: Vec<usize>,
    /// Columns whose line waits for a decision, with what is to be decided.
    waiting: Vec<(usize, String)>,
}

impl Page<'_> {
    fn line(&mut self, line: &str) {
        self.proposal.text.push_str(line);
        self.proposal.text.push('\n');
    }

    fn note(&mut self, note: &str) {
        for line in wrapped(&plain(note)) {
            self.line(&format!("# {line}"));
        }
    }

    /// A line with something beside it.
    fn beside(&mut self, line: &str, comment: &str) {
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

    fn account(&mut self) {
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

    fn contact(&mut self, identity: &Identity) {
        let api = self.request.api;
        self.line("[contact]");
        let Identity::Column {
            at,
            sure,
            fitting,
            values,
        } = identity
        else {
            let what = format!(
                "no column holds {}'s own id of each contact ({}); without it nothing can be sent",
                api.name,
                id_words(api.id)
            );
            self.note(&format!("Which contact a row is about: {what}. Export the contacts from there with their ids, then:"));
            self.line("# id = \"…\"");
            self.line("");
            self.proposal
                .missing
                .push(format!("`id` in [contact]: {what}"));
            return;
        };
        let name = self.columns[*at].name.clone();
        self.note(&format!(
            "{fitting} of {} have the form of an id there ({})",
            several(*values, "value"),
            id_words(api.id)
        ));
        if !sure {
            let look = format!(
                "{} must hold the ids that {} itself gave: a wrong one changes somebody else",
                sample(&name),
                api.name
            );
            self.note(&look);
            self.proposal.look.push(format!("`id`: {look}"));
        }
        let samples = self.samples(&[*at]);
        self.beside(&format!("id = {}", text(&name)), &samples);
        self.line("");
    }

    fn samples(&self, columns: &[usize]) -> String {
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

    fn fields(&mut self, picks: &[Pick<'_>]) {
        let tags = |pick: &Pick<'_>| {
            let own = self.request.api.tags.as_ref();
            own.is_some_and(|own| own.as_ref() == pick.slot.name)
        };
        let (tagged, plain): (Vec<&Pick<'_>>, Vec<&Pick<'_>>) =
            picks.iter().partition(|pick| tags(pick));
        if !plain.is_empty() {
            self.line("[fields]");
            for pick in plain {
                self.field(pick);
            }
            self.line("");
        }
        if let Some(pick) = tagged.first() {
            self.tags(pick);
        }
        if self.used.is_empty() || picks.is_empty() {
            self.proposal.missing.push(
                "no field: nothing of the file goes into a field that is known here".to_owned(),
            );
        }
    }

    fn field(&mut self, pick: &Pick<'_>) {
        let survey = self.request.survey;
        let countries = self
            .columns
            .iter()
            .filter(|column| {
                matches!(
                    column.meaning(),
                    Some(meaning::COUNTRY | meaning::COUNTRY_CODE)
                )
            })
            .max_by_key(|column| column.filled)
            .map(|column| column.at);
        let (options, source) = match pick.columns[..] {
            [one] => (
                options(&pick.slot, survey, one, countries),
                ("column", text(&self.columns[one].name)),
            ),
            _ => {
                let names: Vec<String> = pick
                    .columns
                    .iter()
                    .map(|at| format!("{{{}}}", self.columns[*at].name))
                    .collect();
                let mut options = Options::default();
                if pick.columns.len() > 2 {
                    // A blank middle name leaves two blanks.
                    options
                        .said
                        .push(("clean".to_owned(), "[\"collapse\"]".to_owned()));
                }
                (options, ("template", text(&names.join(" "))))
            }
        };
        self.mapped_line("fields", &dotted(pick.slot.name), pick, source, options);
    }

    /// Tags are set whole, as long as a mapping knows no other way.
    fn tags(&mut self, pick: &Pick<'_>) {
        let [column] = pick.columns[..] else { return };
        let options = options(&pick.slot, self.request.survey, column, None);
        let careful = format!(
            "`set` replaces all tags that a contact has at {}",
            self.request.api.name
        );
        self.note(&format!("Careful: {careful}."));
        self.proposal.look.push(careful);
        self.line("[tags]");
        let source = ("column", text(&self.columns[column].name));
        self.mapped_line("tags", "set", pick, source, options);
        self.line("");
    }

    fn mapped_line(
        &mut self,
        table_name: &str,
        name: &str,
        pick: &Pick<'_>,
        (from, source): (&str, String),
        mut options: Options,
    ) {
        let short = from == "column" && options.said.is_empty();
        let line = match short {
            true => format!("{name} = {source}"),
            false => {
                let mut pairs = vec![(from.to_owned(), source)];
                pairs.append(&mut options.said);
                format!("{name} = {}", table(&pairs))
            }
        };
        let different = match pick.columns[..] {
            [one] => self.request.survey.different(one),
            _ => Vec::new(),
        };
        let mut notes = options.notes;
        if options.ask.is_none() {
            match trial(self.request.api, table_name, &line, &different) {
                None => options.ask = Some("this line is not understood".to_owned()),
                Some(trial) if trial.fails() => {
                    options.ask = Some(format!(
                        "{} of {} do not fit: {}",
                        trial.refused,
                        several(trial.tried, "value"),
                        trial.first
                    ));
                }
                Some(trial) if trial.refused > 0 => notes.push(format!(
                    "{} of {} will be refused: {}",
                    trial.refused,
                    several(trial.tried, "value"),
                    trial.first
                )),
                Some(_) => {}
            }
        }
        let by_values = pick.columns.iter().any(|at| self.columns[*at].by_values);
        if by_values {
            notes.push("taken for this by its values, not by its header".to_owned());
        }
        if !pick.slot.field.about.is_empty() {
            notes.insert(0, pick.slot.field.about.clone());
        }
        for note in notes {
            self.note(&note);
        }
        let samples = self.samples(&pick.columns);
        match options.ask {
            None => {
                self.used.extend(&pick.columns);
                self.proposal.look.extend(options.look);
                self.beside(&line, &samples);
            }
            Some(ask) => {
                self.note(&format!("Left to you: {ask}; then take the # away:"));
                self.beside(&format!("# {line}"), &samples);
                self.waiting
                    .extend(pick.columns.iter().map(|at| (*at, ask.clone())));
                self.proposal
                    .look
                    .push(format!("`{}` waits for you: {ask}", pick.slot.name));
            }
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
        let wanted = wanted.unwrap_or_else(|| "its name or key as the account shows it".to_owned());
        self.note(&format!(
            "What has no field of its own can go into custom fields of your account. Put for `…` {wanted}, and take the # away."
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
        let mut all: Vec<(usize, String)> = left_out
            .iter()
            .map(|left| (left.at, left.why.clone()))
            .collect();
        all.extend(
            self.waiting
                .iter()
                .map(|(at, ask)| (*at, format!("waits above: {ask}"))),
        );
        all.sort_by_key(|(at, _)| *at);
        if all.is_empty() {
            return;
        }
        self.note("Columns left out, and why:");
        for (at, why) in all {
            let name = self.columns[at].name.clone();
            let mut line = String::new();
            let _ = write!(line, "#   {}: {}", sample(&name), plain(&why));
            self.line(&line);
            self.proposal.left_out.push((name, why));
        }
    }
}

/// What stands for an account value that nobody but the user knows.
fn placeholder(looks: Looks) -> &'static str {
    match looks {
        Looks::Any => "put-yours-here",
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

fn id_words(kind: IdKind) -> &'static str {
    match kind {
        IdKind::Digits => "digits only",
        IdKind::Uuid => "a UUID",
        IdKind::Opaque => "one word",
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
