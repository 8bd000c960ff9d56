//! From a mapping as written to one that can be relied on: every name held against what the provider has.
//!
//! All mistakes are found in one go. Columns are held against the file's header later, in [`super::apply`].

use std::ops::Range;
use std::sync::Arc;

use super::account::{self, AccountPlan};
use super::notes::{Notes, listed};
use super::rule;
use super::steps::{IdStep, Mapping, Source};
use super::written::{AsWritten, FieldText, Placed};
use crate::mistake::{Mistake, Written};
use crate::provider::api::{Api, parse_rate};
use crate::provider::body::{BodyPlan, Target};
use crate::provider::names::{self, Found};

/// A mapping that was checked, with the places of its fields in a body.
#[derive(Debug)]
pub struct Checked<'a> {
    /// From rows to contacts.
    pub mapping: Mapping,
    /// Where each value goes.
    pub plan: BodyPlan,
    /// The account.
    pub account: AccountPlan<'a>,
    /// The dangers that were accepted in words.
    pub accepted: Vec<String>,
}

/// Checks a mapping against its provider.
///
/// # Errors
///
/// All mistakes that were found.
pub fn check<'a>(
    written: &AsWritten,
    file: &Arc<Written>,
    api: &'a Api,
) -> Result<Checked<'a>, Vec<Mistake>> {
    let mut check = Check {
        api,
        notes: Notes::on(file),
        mapping: Mapping::new(api.id),
        targets: Vec::new(),
        spans: Vec::new(),
        accepted: Vec::new(),
    };
    let account = account::check(written, api, &mut check.notes);
    check.rate(written);
    check.id(written);
    for (parts, text) in &written.fields {
        let found = names::find(api, &parts.value);
        check.field(&parts.value.join("."), &parts.span, text, found);
    }
    for (name, text) in &written.custom_fields {
        let by = text.said.by.as_ref().map(|by| by.value.as_str());
        check.custom(name, text, names::custom(api, &name.value, by));
    }
    if let Some((place, text)) = &written.tags_set {
        check.tags(place, text);
    }
    let none = check.mapping.steps.is_empty() && !written.fields_unread;
    if none && check.notes.mistakes.is_empty() {
        check
            .notes
            .wrong("nothing-mapped", 0..0, "no field is mapped");
        check
            .notes
            .help("write `[fields]` and below it which column goes into which field");
    }
    let plan = check.plan();
    match (account, check.notes.mistakes.is_empty()) {
        (Some(account), true) => Ok(Checked {
            mapping: check.mapping,
            plan,
            account,
            accepted: check.accepted,
        }),
        _ => Err(check.notes.mistakes),
    }
}

/// The check under way.
pub(super) struct Check<'a, 'n> {
    pub(super) api: &'a Api,
    pub(super) notes: Notes<'n>,
    pub(super) mapping: Mapping,
    pub(super) targets: Vec<Target>,
    pub(super) spans: Vec<Range<usize>>,
    pub(super) accepted: Vec<String>,
}

impl Check<'_, '_> {
    fn rate(&mut self, written: &AsWritten) {
        if let Some(rate) = &written.rate {
            match parse_rate(&rate.value) {
                Ok(limit) => self.mapping.rate = Some(limit),
                Err(what) => self.notes.wrong("wrong-rate", rate.span.clone(), what),
            }
        }
    }

    fn id(&mut self, written: &AsWritten) {
        let Some(text) = &written.id else {
            if written.contact_unread {
                return;
            }
            self.notes.wrong(
                "missing-key",
                0..0,
                "nothing says which contact a row is about",
            );
            self.notes.help("write `[contact]` and below it `id = \"…\"`, the column with the provider's own id");
            return;
        };
        let cleaners = rule::cleaners(&text.said, &mut self.notes);
        for (option, place) in rule::beside_clean(&text.said) {
            self.notes.wrong(
                "wrong-option",
                place,
                format!("`{option}` means nothing for the id of a contact"),
            );
            self.notes
                .help("an id is taken as it is; only `clean` may stand beside its column");
        }
        match self.source(&text.source) {
            Some(source @ (Source::Column(_) | Source::Template(_))) => {
                self.mapping.id = Some(IdStep {
                    source,
                    clean: cleaners,
                });
            }
            Some(Source::Constant(_)) => {
                self.notes.wrong(
                    "wrong-source",
                    text.span.clone(),
                    "the id of a contact cannot be the same in every row",
                );
                self.notes
                    .help("write `id = \"…\"`, the column with the provider's own id");
            }
            None => {}
        }
    }

    fn custom(&mut self, name: &Placed<String>, text: &FieldText, found: Found<'_>) {
        let types = self
            .api
            .custom_fields
            .as_ref()
            .map_or(&[][..], |own| &own.types[..]);
        if let (Some(kind), false) = (&text.said.kind, types.is_empty())
            && rule::is_a_type(&kind.value)
            && !types.iter().any(|own| own.word() == kind.value)
        {
            let words = types.iter().map(|kind| kind.word());
            let words: Vec<&str> = words.filter(|word| rule::is_a_type(word)).collect();
            self.notes.wrong(
                "wrong-option",
                kind.span.clone(),
                format!(
                    "a custom field of {} cannot be of type `{}`",
                    self.api.name, kind.value
                ),
            );
            self.notes
                .help(format!("it can be of type {}", listed(&words)));
        }
        self.field(&name.value, &name.span, text, found);
    }

    fn tags(&mut self, place: &Placed<String>, text: &FieldText) {
        match &self.api.tags {
            Some(field) => {
                let parts: Vec<String> = field.as_ref().split('.').map(str::to_owned).collect();
                let found = names::find(self.api, &parts);
                self.field(field.as_ref(), &place.span, text, found);
            }
            None => {
                self.notes.wrong(
                    "cannot",
                    place.span.clone(),
                    format!(
                        "{} has no way to set a contact's tags with the contact",
                        self.api.name
                    ),
                );
                self.notes.help("leave `[tags]` out");
            }
        }
    }

    fn plan(&mut self) -> BodyPlan {
        match BodyPlan::new(&self.targets) {
            Ok(plan) => plan,
            Err(slot) => {
                let name = self
                    .mapping
                    .steps
                    .get(slot)
                    .map_or("", |step| step.name.as_str());
                let place = self.spans.get(slot).cloned().unwrap_or(0..0);
                self.notes.wrong(
                    "set-twice",
                    place,
                    format!("`{name}` is set twice, or lies inside a field that is set whole"),
                );
                self.notes.help("keep one of the two");
                BodyPlan::default()
            }
        }
    }
}
