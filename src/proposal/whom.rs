//! The proposal's `[contact]`: which contact a row is about, in the words of a mapping.
//!
//! What stands there was decided by [`super::contact_id`].

use super::contact_id::{Identity, Key};
use super::page::Page;
use super::written::{of, sample, table, text};
use crate::provider::api::IdKind;

impl Page<'_> {
    /// `[contact]`.
    pub(super) fn contact(&mut self, identity: &Identity) {
        self.line("[contact]");
        match identity {
            Identity::Column {
                at,
                sure,
                fitting,
                values,
            } => {
                let shape = id_words(self.request.api.id);
                self.note(&format!(
                    "{} the form of an id there ({shape})",
                    of(*fitting, *values, "value", ["has", "have"])
                ));
                self.id(*at, *sure);
            }
            Identity::Match(keys) => self.keys(keys),
            Identity::Unknown => self.nobody(),
        }
        self.line("");
    }

    fn id(&mut self, at: usize, sure: bool) {
        let name = &self.columns[at].name;
        let line = match self.unmarking(&[at]) {
            None => format!("id = {}", text(name)),
            Some((clean, note)) => {
                self.note(&note);
                let column = ("column".to_owned(), text(name));
                format!("id = {}", table(&[column, clean]))
            }
        };
        let name = &self.columns[at].name;
        let look = format!(
            "{} must hold the ids that {} itself gave: a wrong one changes somebody else",
            sample(name),
            self.request.api.name
        );
        if !sure {
            self.note(&look);
            self.proposal.look.push(format!("`id`: {look}"));
        }
        let samples = self.samples(&[at]);
        self.beside(&line, &samples);
    }

    fn keys(&mut self, keys: &[Key]) {
        let api = self.request.api;
        let words: Vec<&str> = keys.iter().map(|key| key.key.word()).collect();
        let look = format!(
            "contacts are looked for by {}, so what is wrong there finds somebody else",
            words.join(", then ")
        );
        self.note(&format!(
            "{look}. With {}'s own ids in a column, `id = \"…\"` needs no search.",
            api.name
        ));
        self.proposal.look.push(look);
        let pairs: Vec<(String, String)> = keys
            .iter()
            .map(|key| {
                let column = text(&self.columns[key.at].name);
                let region = key.region.as_deref().map(text);
                let clean = self.unmarking(&[key.at]).map(|(clean, _)| clean);
                let mut said = vec![("column".to_owned(), column.clone())];
                said.extend(region.map(|region| ("region".to_owned(), region)));
                said.extend(clean);
                let value = match said.len() {
                    1 => column,
                    _ => table(&said),
                };
                (key.key.word().to_owned(), value)
            })
            .collect();
        self.line(&format!("match = {}", table(&pairs)));
        if api.calls.create.is_some() {
            self.beside(
                "# mode = \"upsert\"",
                "makes those who are not there; without it only contacts that are there change",
            );
        }
    }

    fn nobody(&mut self) {
        let api = self.request.api;
        let what = format!(
            "no column holds {}'s own id of each contact ({}); without it nothing can be sent",
            api.name,
            id_words(api.id)
        );
        self.note(&format!(
            "Which contact a row is about: {what}. Export the contacts from there with their ids, then:"
        ));
        self.line("# id = \"…\"");
        self.proposal
            .missing
            .push(format!("`id` in [contact]: {what}"));
    }
}

fn id_words(kind: IdKind) -> &'static str {
    match kind {
        IdKind::Digits => "digits only",
        IdKind::Uuid => "a UUID",
        IdKind::Opaque => "one word",
    }
}
