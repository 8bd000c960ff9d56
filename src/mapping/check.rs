//! From a mapping as written to one that can be relied on: every name held against what the provider has.
//!
//! All mistakes are found in one go. Columns are held against the file's header later, in [`super::apply`].

use std::ops::Range;
use std::sync::Arc;

use super::account::{self, AccountPlan};
use super::notes::Notes;
use super::phone::Region;
use super::steps::Mapping;
use super::written::{AsWritten, SourceText};
use crate::mistake::{Mistake, Written};
use crate::provider::api::{Api, parse_rate};
use crate::provider::body::{BodyPlan, Target};
use crate::provider::definitions::Known;
use crate::provider::fields::FieldKind;
use crate::provider::names;
use crate::provider::script::{Mode, Plan};

/// A mapping that was checked, with the places of its fields in a body.
#[derive(Debug)]
pub struct Checked<'a> {
    /// From rows to contacts.
    pub mapping: Mapping,
    /// Where each value goes, and what a row may do.
    pub plan: Plan,
    /// The account.
    pub account: AccountPlan<'a>,
    /// The dangers that were accepted in words, and what else people should know before they send.
    pub accepted: Vec<String>,
    /// What the mapping may set off in the account, beside what it writes.
    pub effects: Vec<String>,
    /// Whether some names can only be held against the account itself, which was not asked.
    pub asks_account: bool,
    /// The types of which custom fields are taken to be, because of what the mapping says of them, until the account is asked.
    pub assumed: Vec<String>,
}

/// Checks a mapping against its provider, and against the account where something is known about it.
///
/// # Errors
///
/// All mistakes that were found.
pub fn check<'a>(
    written: &AsWritten,
    file: &Arc<Written>,
    api: &'a Api,
    known: Option<&Known>,
) -> Result<Checked<'a>, Vec<Mistake>> {
    let (mut check, account) = begin(written, file, api, known);
    let plan = check.plan();
    let effects = check.effects();
    match (account, check.notes.mistakes.is_empty()) {
        (Some(account), true) => Ok(Checked {
            mapping: check.mapping,
            plan,
            account,
            accepted: check.accepted,
            effects,
            asks_account: check.asks_account && known.is_none(),
            assumed: check.assumed,
        }),
        _ => Err(check.notes.mistakes),
    }
}

/// Checks the account of a mapping alone.
///
/// # Errors
///
/// All mistakes that were found there.
pub fn account<'a>(
    written: &AsWritten,
    file: &Arc<Written>,
    api: &'a Api,
) -> Result<AccountPlan<'a>, Vec<Mistake>> {
    let mut notes = Notes::on(file);
    match account::check(written, api, &mut notes) {
        Some(account) if notes.mistakes.is_empty() => Ok(account),
        _ => Err(notes.mistakes),
    }
}

/// Everything but the places of the fields in a body.
fn begin<'a, 'n>(
    written: &AsWritten,
    file: &'n Arc<Written>,
    api: &'a Api,
    known: Option<&'n Known>,
) -> (Check<'a, 'n>, Option<AccountPlan<'a>>) {
    let mut check = Check {
        api,
        known,
        notes: Notes::on(file),
        mapping: Mapping::new(api.id),
        mode: Mode::Update,
        targets: Vec::new(),
        spans: Vec::new(),
        only_new: Vec::new(),
        native: false,
        regions: regions(written),
        accepted: Vec::new(),
        asks_account: false,
        assumed: Vec::new(),
    };
    let account = account::check(written, api, &mut check.notes);
    check.rate(written);
    for (parts, text) in &written.fields {
        let found = names::find(api, &parts.value);
        check.field(&parts.value.join("."), &parts.span, text, found);
    }
    for (name, text) in &written.custom_fields {
        check.custom(name, text);
    }
    check.tags(&written.tags);
    let nothing = check.mapping.steps.is_empty() && check.mapping.tags.is_empty();
    if nothing && !written.fields_unread && check.notes.mistakes.is_empty() {
        check
            .notes
            .wrong("nothing-mapped", 0..0, "no field is mapped");
        check
            .notes
            .help("write `[fields]` and below it which column goes into which field");
    }
    check.whom(written);
    check.native(written);
    (check, account)
}

/// What can be relied on in a mapping with mistakes, so that its columns are held against a file all the same.
#[must_use]
pub fn partly(written: &AsWritten, file: &Arc<Written>, api: &Api) -> Mapping {
    begin(written, file, api, None).0.mapping
}

/// The check under way.
pub(super) struct Check<'a, 'n> {
    pub(super) api: &'a Api,
    pub(super) known: Option<&'n Known>,
    pub(super) notes: Notes<'n>,
    pub(super) mapping: Mapping,
    pub(super) mode: Mode,
    pub(super) targets: Vec<Target>,
    pub(super) spans: Vec<Range<usize>>,
    /// Whether the provider's own upsert is used.
    pub(super) native: bool,
    /// The slots that only a new contact needs.
    pub(super) only_new: Vec<u16>,
    /// The regions of phone columns.
    pub(super) regions: Vec<(SourceText, Region)>,
    pub(super) accepted: Vec<String>,
    pub(super) asks_account: bool,
    pub(super) assumed: Vec<String>,
}

/// The regions that `[fields]` says for its columns.
fn regions(written: &AsWritten) -> Vec<(SourceText, Region)> {
    let said = written.fields.iter().map(|(_, text)| text);
    let custom = written.custom_fields.iter().map(|(_, text)| text);
    let all = said.chain(custom).filter_map(|text| {
        let region = Region::from_code(&text.said.region.as_ref()?.value)?;
        Some((text.source.clone(), region))
    });
    all.collect()
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

    fn plan(&mut self) -> Plan {
        let (taken, left) = self.by_create();
        let without = |slots: &[u16]| BodyPlan::without(&self.targets, slots);
        let bodies = without(&self.only_new).and_then(|update| {
            let complete = match left.is_empty() {
                true => BodyPlan::default(),
                false => without(&taken)?,
            };
            Ok((update, without(&left)?, complete))
        });
        let (update, create, complete) = bodies.unwrap_or_else(|slot| {
            self.set_twice(slot);
            Default::default()
        });
        Plan {
            update,
            create,
            complete,
            mode: self.mode,
            native: self.native,
            verify: false,
            kept: self.kept(),
            tag_ids: self
                .known
                .map(|known| known.tags.clone())
                .unwrap_or_default(),
        }
    }

    /// The slots that a new contact is made with, and those that it is given afterwards.
    fn by_create(&self) -> (Vec<u16>, Vec<u16>) {
        let takes = self.api.calls.create.as_ref();
        let takes = takes.map_or(&[][..], |create| &create.takes[..]);
        let slots = (0..).zip(&self.targets);
        let (taken, left): (Vec<_>, Vec<_>) = slots
            .partition(|(_, target)| takes.is_empty() || takes.contains(&target.path.join(".")));
        let numbers =
            |slots: Vec<(u16, &Target)>| slots.into_iter().map(|(slot, _)| slot).collect();
        (numbers(taken), numbers(left))
    }

    fn set_twice(&mut self, slot: usize) {
        let name = self
            .mapping
            .steps
            .get(slot)
            .map_or("", |step| step.name.as_str());
        let place = self.spans.get(slot).cloned().unwrap_or(0..0);
        let what = format!("`{name}` is set twice, or lies inside a field that is set whole");
        self.notes.wrong("set-twice", place, what);
        self.notes.help("keep one of the two");
    }

    /// The objects that are touched in part and that the provider may replace whole.
    pub(super) fn kept(&self) -> Vec<Vec<String>> {
        let objects = self
            .api
            .fields
            .iter()
            .filter(|(_, field)| field.keep && field.kind == FieldKind::Object);
        let paths = objects.map(|(name, _)| name.split('.').map(str::to_owned).collect::<Vec<_>>());
        let touched = |path: &Vec<String>| {
            self.targets
                .iter()
                .any(|own| own.path.len() > path.len() && own.path.starts_with(path))
        };
        paths.filter(touched).collect()
    }
}
