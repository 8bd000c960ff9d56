//! A mapping file as it was written: its tables and keys, each with its place.
//!
//! Only the words stand here; [`super::reading`] fills them from the file's text, [`super::check`] judges them.

use std::ops::Range;

/// A piece of the file with its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Placed<T> {
    /// What stands there.
    pub value: T,
    /// Where, in bytes.
    pub span: Range<usize>,
}

/// A mapping file, table by table.
#[derive(Debug, Default)]
pub struct AsWritten {
    /// `provider`: a name or a path.
    pub provider: Option<Placed<String>>,
    /// `base_url`.
    pub base_url: Option<Placed<String>>,
    /// `rate`.
    pub rate: Option<Placed<String>>,
    /// `[account]`, key by key.
    pub account: Vec<(Placed<String>, Placed<AccountValue>)>,
    /// `[contact] id`.
    pub id: Option<FieldText>,
    /// `[contact] match`, key by key in the order written.
    pub known_by: Vec<(Placed<String>, FieldText)>,
    /// `[contact] mode`.
    pub mode: Option<Placed<String>>,
    /// `[contact] upsert`.
    pub upsert: Option<Placed<String>>,
    /// `[fields]`: the keys between the dots, and what goes there.
    pub fields: Vec<(Placed<Vec<String>>, FieldText)>,
    /// `[custom_fields]`.
    pub custom_fields: Vec<(Placed<String>, FieldText)>,
    /// `[tags]`: `set`, `add`, `remove`.
    pub tags: Vec<(Placed<String>, FieldText)>,
    /// Whether something under `[contact]` could not be understood.
    pub contact_unread: bool,
    /// Whether some field could not be understood.
    pub fields_unread: bool,
}

impl AsWritten {
    /// The places of all account values that stand there as text, any of which may be a secret.
    pub fn plain_values(&self) -> impl Iterator<Item = Range<usize>> {
        let plain = |value: &AccountValue| matches!(value, AccountValue::Text(_));
        self.account
            .iter()
            .filter(move |(_, value)| plain(&value.value))
            .map(|(_, value)| value.span.clone())
    }
}

/// A value in `[account]`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AccountValue {
    /// As it stands.
    Text(String),
    /// From somewhere outside the mapping.
    From(Origin),
}

/// Where a secret comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Origin {
    /// The environment variable of this name.
    Env(String),
    /// The file at this path, relative to the mapping.
    File(String),
    /// What this program prints, run in the mapping's folder.
    Command(Vec<String>),
}

/// What goes into one field, as written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldText {
    /// The place of the whole value.
    pub span: Range<usize>,
    /// Where the value comes from.
    pub source: SourceText,
    /// Everything else that was said about it.
    pub said: Said,
}

/// Where a field's value comes from, as written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SourceText {
    /// A column, by its header.
    Column(Placed<String>),
    /// Text with `{columns}` in it.
    Template(Placed<String>),
    /// The same for every row.
    Constant(Placed<String>),
    /// The same list for every row.
    List(Placed<Vec<String>>),
}

/// What a mapping may say about a value beside where it comes from.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Said {
    /// `clean = ["trim", …]`.
    pub clean: Vec<Placed<String>>,
    /// `lookup = { "Israel" = "IL" }`.
    pub lookup: Option<Placed<Vec<(String, String)>>>,
    /// `format = "%d/%m/%Y"`.
    pub format: Option<Placed<String>>,
    /// `zone = "Asia/Jerusalem"`.
    pub zone: Option<Placed<String>>,
    /// `region = "IL"`.
    pub region: Option<Placed<String>>,
    /// `true = ["yes"]`.
    pub yes: Option<Placed<Vec<String>>>,
    /// `false = ["no"]`.
    pub no: Option<Placed<Vec<String>>>,
    /// `split = ";"`.
    pub split: Option<Placed<String>>,
    /// `decimal = ","`.
    pub decimal: Option<Placed<String>>,
    /// `thousands = "."`.
    pub thousands: Option<Placed<String>>,
    /// `type = "number"`.
    pub kind: Option<Placed<String>>,
    /// `by = "id"`.
    pub by: Option<Placed<String>>,
    /// `accept = "replaces-channels"`.
    pub accept: Option<Placed<String>>,
    /// `empty = "skip"`.
    pub empty: Option<Placed<String>>,
    /// `required = true`.
    pub required: Option<Placed<bool>>,
}
