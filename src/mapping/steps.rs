//! A checked mapping: what is done with every row, step by step, ready to be bound to a file's columns.
//!
//! Only words stand here; [`super::check`] makes them and [`super::apply`] does them.

use std::ops::Range;

use super::clean::Cleaner;
use super::coerce::{Coerced, Rule};
use super::template::Template;
use crate::provider::api::{IdKind, Limit};
use crate::provider::script::TagVerb;

/// A checked mapping.
#[derive(Debug)]
pub struct Mapping {
    /// How a contact's id is found.
    pub id: Option<IdStep>,
    /// What a contact is known by where there is no id, in the order to be tried.
    pub known_by: Vec<KeyStep>,
    /// What becomes of its tags.
    pub tags: Vec<TagStep>,
    /// What its form is.
    pub id_kind: IdKind,
    /// The fields, in the order of the file.
    pub steps: Vec<Step>,
    /// The columns that are used, each once.
    pub columns: Vec<Column>,
    /// The rate that the mapping asks for.
    pub rate: Option<Limit>,
}

/// A column that a mapping names.
#[derive(Debug, Clone)]
pub struct Column {
    /// Its header.
    pub name: String,
    /// Where the mapping names it first.
    pub span: Range<usize>,
}

/// How a contact's id is found.
#[derive(Debug)]
pub struct IdStep {
    /// Where it comes from.
    pub source: Source,
    /// Cleaners, in their order.
    pub clean: Vec<Cleaner>,
}

/// How the value of one key is found.
#[derive(Debug)]
pub struct KeyStep {
    /// The key's word.
    pub key: &'static str,
    /// Where it comes from.
    pub source: Source,
    /// How it is read.
    pub rule: Rule,
}

/// How a change of tags is found.
#[derive(Debug)]
pub struct TagStep {
    /// What is done to them.
    pub verb: TagVerb,
    /// Where they come from.
    pub source: TagSource,
    /// What a blank means; erased are all of them.
    pub empty: Empty,
}

/// Where tags come from.
#[derive(Debug)]
pub enum TagSource {
    /// The same for every row.
    Constant(Vec<String>),
    /// From a cell, by this rule; which gives a list.
    Cell(Source, Box<Rule>),
}

/// How one field gets its value.
#[derive(Debug)]
pub struct Step {
    /// The field's number in the body's plan.
    pub slot: u16,
    /// The field's name, for messages.
    pub name: String,
    /// Where the value comes from.
    pub source: Source,
    /// How it is read.
    pub rule: Rule,
    /// What a blank means.
    pub empty: Empty,
}

/// Where a value comes from.
#[derive(Debug)]
pub enum Source {
    /// A column, by its place in [`Mapping::columns`].
    Column(usize),
    /// Several columns and text between them.
    Template(Template),
    /// The same for every row, ready to be sent.
    Constant(Coerced<'static>),
}

/// What a blank cell means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Empty {
    /// The field is left as it is.
    Skip,
    /// The field is erased, by this JSON.
    Clear(&'static str),
    /// The row is refused, with this code.
    Refuse(&'static str),
}

impl Mapping {
    pub(super) fn new(id_kind: IdKind) -> Self {
        Self {
            id: None,
            known_by: Vec::new(),
            tags: Vec::new(),
            id_kind,
            steps: Vec::new(),
            columns: Vec::new(),
            rate: None,
        }
    }
}
