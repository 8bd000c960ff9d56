//! The lines of the proposal that put columns into fields, each tried on its own cells before it is written.
//!
//! A line that waits for a person stands as a comment with what is to be decided.

use super::choice::{Choice, Pick};
use super::columns::countries;
use super::options::{Options, items, options};
use super::page::Page;
use super::trial::trial;
use super::written::{dotted, key, list, of, sample, table, text};
use crate::mapping::clean::Cleaner;

/// A line as far as it is known before it was tried.
struct Line<'l> {
    /// The table that it stands in.
    table: &'static str,
    /// What stands on the left.
    name: String,
    /// The columns that it takes.
    columns: &'l [usize],
    /// What the provider says about the field.
    about: &'l str,
    /// What has to be said about the values.
    options: Options,
}

impl Page<'_> {
    /// `[fields]`, names among the custom fields, and `[tags]`.
    pub(super) fn fields(&mut self, choice: &Choice<'_>) {
        if !choice.picks.is_empty() {
            self.line("[fields]");
            for pick in &choice.picks {
                self.field(pick);
            }
            self.line("");
        }
        if !choice.names.is_empty() {
            self.note("Names are custom fields there, by their codes:");
            self.line("[custom_fields]");
            for (code, column) in &choice.names {
                self.mapped(Line {
                    table: "custom_fields",
                    name: key(code),
                    columns: &[*column],
                    about: "",
                    options: Options::default(),
                });
            }
            self.line("");
        }
        if let Some(column) = choice.tags {
            self.tags(column);
        }
        if choice.picks.is_empty() && choice.names.is_empty() && choice.tags.is_none() {
            let what = "nothing of the file goes into a field that is known here";
            self.note(&format!(
                "No field: {what}. Without a line under [fields], [custom_fields] or [tags] nothing can be sent."
            ));
            self.line("");
            self.proposal.missing.push(format!("no field: {what}"));
        }
    }

    fn field(&mut self, pick: &Pick<'_>) {
        let options = match pick.columns[..] {
            [one] => options(
                &pick.slot,
                self.request.survey,
                one,
                countries(self.columns),
            ),
            // A blank middle name leaves two blanks.
            [_, _, _, ..] => Options {
                said: vec![("clean".to_owned(), "[\"collapse\"]".to_owned())],
                ..Options::default()
            },
            _ => Options::default(),
        };
        self.mapped(Line {
            table: "fields",
            name: dotted(pick.slot.name),
            columns: &pick.columns,
            about: &pick.slot.field.about,
            options,
        });
    }

    /// Tags are added where the provider can, else set, which takes the others away.
    fn tags(&mut self, column: usize) {
        let api = self.request.api;
        let name = match api.tags.add.is_some() {
            true => "add",
            false => {
                let careful = format!("`set` replaces all tags that a contact has at {}", api.name);
                self.note(&format!("Careful: {careful}."));
                self.proposal.look.push(careful);
                "set"
            }
        };
        self.line("[tags]");
        self.mapped(Line {
            table: "tags",
            name: name.to_owned(),
            columns: &[column],
            about: "",
            options: items(self.request.survey, column),
        });
        self.line("");
    }

    /// Tries a line and writes it, with its evidence.
    fn mapped(&mut self, line: Line<'_>) {
        let Line {
            table: place,
            name,
            columns,
            about,
            mut options,
        } = line;
        if let Some((clean, note)) = self.unmarking(columns) {
            match options.said.iter_mut().find(|(key, _)| key == "clean") {
                Some((_, value)) => *value = list([Cleaner::TEXT_MARKER, "collapse"]),
                None => options.said.push(clean),
            }
            options.notes.push(note);
        }
        let text = self.right_side(columns, std::mem::take(&mut options.said));
        let text = format!("{name} = {text}");
        let mut notes = Vec::new();
        if !about.is_empty() {
            notes.push(about.to_owned());
        }
        notes.append(&mut options.notes);
        let different = match *columns {
            [one] => self.request.survey.different(one),
            _ => Vec::new(),
        };
        if options.ask.is_none() {
            match trial(self.request.api, place, &text, &different) {
                None => options.ask = Some("this line is not understood".to_owned()),
                Some(trial) if trial.refused == 0 => {}
                Some(trial) => {
                    let verbs = match trial.fails() {
                        true => ["does not fit", "do not fit"],
                        false => ["will be refused"; 2],
                    };
                    let what = of(trial.refused, trial.tried, "value", verbs);
                    let what = format!("{what}: {}", trial.first);
                    match trial.fails() {
                        true => options.ask = Some(what),
                        false => notes.push(what),
                    }
                }
            }
        }
        if columns.iter().any(|at| self.columns[*at].by_values) {
            notes.push("taken for this by its values, not by its header".to_owned());
        }
        for note in notes {
            self.note(&note);
        }
        let samples = self.samples(columns);
        match options.ask {
            None => {
                self.used.extend(columns);
                self.proposal.look.extend(options.look);
                self.beside(&text, &samples);
            }
            Some(ask) => {
                self.note(&format!("Left to you: {ask}; then take the # away:"));
                self.beside(&format!("# {text}"), &samples);
                self.waiting
                    .extend(columns.iter().map(|at| (*at, ask.clone())));
                self.proposal
                    .look
                    .push(format!("`{name}` waits for you: {ask}"));
            }
        }
    }

    /// What to say about columns whose cells have a spreadsheet's marks for text, and the evidence.
    pub(super) fn unmarking(&self, columns: &[usize]) -> Option<((String, String), String)> {
        let survey = self.request.survey;
        let marked: Vec<&str> = columns.iter().flat_map(|at| survey.marked(*at)).collect();
        let first = marked.first()?;
        let all = columns.iter().map(|at| survey.values(*at).len()).sum();
        let clean = ("clean".to_owned(), list([Cleaner::TEXT_MARKER]));
        let verbs = [
            "has a spreadsheet's mark for text",
            "have a spreadsheet's mark for text",
        ];
        let evidence = of(marked.len(), all, "value", verbs);
        let note = format!("{evidence}, such as {}; it is taken away", sample(first));
        Some((clean, note))
    }

    /// A column's name alone, or a table where there is more to say.
    fn right_side(&self, columns: &[usize], mut said: Vec<(String, String)>) -> String {
        let name = |at: &usize| self.columns[*at].name.as_str();
        let source = match columns {
            [one] if said.is_empty() => return text(name(one)),
            [one] => ("column".to_owned(), text(name(one))),
            many => {
                let names: Vec<String> =
                    many.iter().map(|at| format!("{{{}}}", name(at))).collect();
                ("template".to_owned(), text(&names.join(" ")))
            }
        };
        said.insert(0, source);
        table(&said)
    }
}
