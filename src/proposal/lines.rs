//! The lines of the proposal that put columns into fields, each tried on its own cells before it is written.
//!
//! A line that waits for a person stands as a comment with what is to be decided.

use super::choice::Pick;
use super::options::{Options, options};
use super::page::Page;
use super::synonyms::meaning;
use super::trial::trial;
use super::written::{dotted, several, table, text};

impl Page<'_> {
    /// `[fields]` and `[tags]`.
    pub(super) fn fields(&mut self, picks: &[Pick<'_>]) {
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
        if !pick.slot.field.about.is_empty() && table_name == "fields" {
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
}
