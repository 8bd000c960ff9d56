//! What a mapping leads to beside what it says: people who are found by one value and given another, the provider's own
//! upsert, and what a write may set off in the account.

use super::check::Check;
use super::steps::Source;
use super::written::{AsWritten, Placed};
use crate::provider::effects::Part;
use crate::provider::finding::Find;
use crate::provider::names::{self, Found};
use crate::provider::script::Mode;

impl Check<'_, '_> {
    /// Whoever is found by one column should have the same in the field that holds it.
    pub(super) fn one_column(
        &mut self,
        find: &Find,
        (name, word): (&Placed<String>, &str),
        source: &Source,
    ) {
        let Some(field) = find.field.as_deref() else {
            return;
        };
        let known = |entry: &String| self.known.and_then(|known| known.channels.get(entry));
        let parts = field.split('.').map(str::to_owned);
        let path: Vec<String> = match &find.entry {
            None => parts.collect(),
            Some(entry) => parts.chain(known(entry).cloned()).collect(),
        };
        let Found::Field { target, .. } = names::find(self.api, &path) else {
            return;
        };
        let place = self.targets.iter().position(|own| *own == target);
        let step = place.and_then(|at| {
            let mut steps = self.mapping.steps.iter();
            steps.find(|step| usize::from(step.slot) == at)
        });
        let Some(step) = step.filter(|step| !same(&step.source, source)) else {
            return;
        };
        let (field, found, given) = (
            step.name.clone(),
            self.told(source),
            self.told(&step.source),
        );
        if self.mode == Mode::Update {
            return self.accepted.push(format!(
                "people are found by {found} and then given {given} as their `{field}`; with `match` and `{field}` from one column nobody's changes"
            ));
        }
        self.notes.wrong(
            "other-column",
            name.span.clone(),
            format!("people are looked for by {found}, and new ones are given {given} as their `{field}`"),
        );
        self.notes.help(format!(
            "the next run would not find those by their `{word}` and would make them again; take one column for both, or leave `mode` out"
        ));
    }

    fn told(&self, source: &Source) -> String {
        match source {
            Source::Column(at) => {
                let column = self.mapping.columns.get(*at);
                format!(
                    "column `{}`",
                    column.map_or("", |column| column.name.as_str())
                )
            }
            Source::Template(_) => "a template".to_owned(),
            Source::Constant(_) => "the same text for everybody".to_owned(),
        }
    }

    /// Checks `upsert = "native"`.
    pub(super) fn native(&mut self, written: &AsWritten) {
        let Some(word) = &written.upsert else { return };
        let name = &self.api.name;
        if word.value != "native" {
            let what = format!("no way to upsert `{}`", word.value);
            self.notes.wrong("unknown-word", word.span.clone(), what);
            return self.notes.help(
                "there is `native`, the provider's own; leave `upsert` out to look for people first",
            );
        }
        let Some(own) = &self.api.upsert else {
            let why = match self.api.no_upsert.as_str() {
                "" => String::new(),
                why => format!(": {why}"),
            };
            let what = format!("{name} has no upsert of its own that could be used{why}");
            self.notes.wrong("cannot", word.span.clone(), what);
            return self.notes.help(
                "leave `upsert` out: `mode = \"upsert\"` looks for the contact, then changes or makes it",
            );
        };
        if self.mode != Mode::Upsert {
            let what = "`upsert = \"native\"` goes with `mode = \"upsert\"` only";
            self.notes.wrong("wrong-option", word.span.clone(), what);
            return self
                .notes
                .help("write `mode = \"upsert\"` beside it, or leave it out");
        }
        let slots = self.targets.iter().zip(&self.spans);
        let unfit: Vec<_> = slots
            .filter_map(|(target, span)| {
                let (field, why) = own.without.get_key_value(target.path.first()?)?;
                Some((field, why, span.clone()))
            })
            .collect();
        for (field, why, span) in unfit {
            let what = format!("`{field}` cannot go with `upsert = \"native\"`: {why}");
            self.notes.wrong("cannot", span, what);
            self.notes.help("use `[tags] add` and `remove`, which follow in calls of their own, or leave `upsert` out");
        }
        for kept in self.kept() {
            let what = format!(
                "`{}` is read before it is written, so that what is not mapped is kept, and {name}'s own upsert reads nothing",
                kept.join(".")
            );
            self.notes.wrong("cannot", word.span.clone(), what);
            self.notes.help("leave `upsert` out, or do not map it");
        }
        self.native = true;
    }

    /// What the mapping may set off in the account, as far as the provider's file knows.
    pub(super) fn effects(&self) -> Vec<String> {
        let by_field = self.api.tags.set.as_ref().map(|way| way.field.as_str());
        let is_tags = |path: &[String]| by_field == Some(path.join(".").as_str());
        let tags = !self.mapping.tags.is_empty()
            || self.targets.iter().any(|target| is_tags(&target.path));
        let fields = self.targets.iter().any(|target| !is_tags(&target.path));
        let touched = |part: &Part| match part {
            Part::Fields => fields,
            Part::Tags => tags,
            Part::Create => self.mode != Mode::Update,
            Part::Update => self.mode != Mode::Create && fields,
        };
        let own = self.api.effects.iter();
        let own = own.filter(|effect| effect.on.iter().any(touched));
        let risks = self.api.upsert.iter().filter(|_| self.native);
        own.map(|effect| effect.may.clone())
            .chain(risks.flat_map(|own| own.risks.clone()))
            .collect()
    }
}

fn same(one: &Source, other: &Source) -> bool {
    match (one, other) {
        (Source::Column(one), Source::Column(other)) => one == other,
        (Source::Template(one), Source::Template(other)) => one == other,
        _ => false,
    }
}
