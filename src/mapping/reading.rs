//! From the text of a mapping to [`AsWritten`]: every slip is noted and reading goes on, so that all are told at once.
//!
//! Nothing here knows which fields a provider has; that is [`super::check`]'s business. Reads no file: the text comes in.

use std::ops::Range;
use std::sync::Arc;

use toml::Spanned;
use toml::de::{DeString, DeTable, DeValue};

use super::notes::{Notes, listed};
use super::pieces::an;
use super::syntax::{self, Shape};
use super::written::{AccountValue, AsWritten, FieldText, Origin, Placed, Said, SourceText};
use crate::mistake::{Mistake, Written, nearest};

const TOP: [&str; 7] = [
    "provider",
    "base_url",
    "rate",
    "account",
    "contact",
    "fields",
    "custom_fields",
];
const SOURCES: [&str; 3] = ["column", "template", "value"];
const SAID: [&str; 18] = [
    "column",
    "template",
    "value",
    "clean",
    "lookup",
    "format",
    "zone",
    "region",
    "true",
    "false",
    "split",
    "decimal",
    "thousands",
    "type",
    "by",
    "accept",
    "empty",
    "required",
];

/// No contact has more fields than this.
const MOST_FIELDS: usize = 1_000;
/// No provider's objects are so deep.
const DEEPEST: usize = 16;

/// Reads the text of a mapping; what could not be understood is left out and noted.
#[must_use]
pub fn read(file: &Arc<Written>) -> (AsWritten, Vec<Mistake>) {
    let mut reader = Reader(Notes::on(file));
    let (table, errors) = DeTable::parse_recoverable(&file.text);
    let shape = syntax::note(&errors, &mut reader.0);
    if shape == Shape::Lost {
        return (AsWritten::default(), reader.0.mistakes);
    }
    let mut written = reader.top(table.get_ref(), shape);
    // What seems to be missing may stand where the text is no TOML.
    written.contact_unread |= shape == Shape::Gaps;
    written.fields_unread |= shape == Shape::Gaps;
    (written, reader.0.mistakes)
}

/// The reading under way.
pub(super) struct Reader<'a>(pub(super) Notes<'a>);

pub(super) type Key<'i> = Spanned<DeString<'i>>;
pub(super) type Value<'i> = Spanned<DeValue<'i>>;

impl Reader<'_> {
    fn unknown(&mut self, key: &Key<'_>, place: &str, names: &[&str]) {
        self.0.wrong(
            "unknown-key",
            key.span(),
            format!("no key `{}` {place}", key.get_ref()),
        );
        match nearest(key.get_ref(), names.iter().copied()) {
            Some(name) => self.0.help(format!("did you mean `{name}`?")),
            None => self.0.help(format!("there are {}", listed(names))),
        }
    }

    fn top(&mut self, table: &DeTable<'_>, shape: Shape) -> AsWritten {
        let mut written = AsWritten::default();
        for (key, value) in table {
            match key.get_ref().as_ref() {
                "provider" => written.provider = self.text(value, "provider"),
                "base_url" => written.base_url = self.text(value, "base_url"),
                "rate" => written.rate = self.text(value, "rate"),
                "account" => written.account = self.account(value),
                "contact" => {
                    let before = self.0.mistakes.len();
                    written.id = self.contact(value);
                    written.contact_unread = self.0.mistakes.len() > before;
                }
                "fields" => {
                    if let Some(table) = self.table(value, "fields") {
                        self.fields(table, &[], &mut written.fields);
                    }
                }
                "custom_fields" => {
                    let custom = self.table(value, "custom_fields").into_iter().flatten();
                    for (key, value) in custom.take(MOST_FIELDS) {
                        if let Some(text) = self.field(key.get_ref(), value) {
                            written.custom_fields.push((placed(key), text));
                        }
                    }
                }
                "tags" => written.tags_set = self.tags(value),
                _ => {
                    let names: Vec<&str> = TOP.into_iter().chain(["tags"]).collect();
                    self.unknown(key, "at the top of a mapping", &names);
                }
            }
        }
        written.fields_unread = !self.0.mistakes.is_empty();
        let named = written.provider.is_some() || shape == Shape::Gaps;
        if !named && !table.keys().any(|key| key.get_ref() == "provider") {
            self.0.wrong("missing-key", 0..0, "no `provider`");
            self.0.help("say whose contacts these are, such as `provider = \"…\"`; `contact-sync providers` lists them");
        }
        written
    }

    fn account(&mut self, value: &Value<'_>) -> Vec<(Placed<String>, Placed<AccountValue>)> {
        let mut account = Vec::new();
        for (key, value) in self.table(value, "account").into_iter().flatten() {
            let name = key.get_ref();
            let found = match value.get_ref() {
                DeValue::String(text) => Some(AccountValue::Text(text.to_string())),
                DeValue::Integer(number) => Some(AccountValue::Text(number.as_str().to_owned())),
                DeValue::Table(table) => self
                    .origin(name, value.span(), table)
                    .map(AccountValue::From),
                other => {
                    self.0.wrong(
                        "wrong-type",
                        value.span(),
                        format!("account key `{name}` is {}", an(other.type_str())),
                    );
                    self.0.help(
                        "write text, a number, or where it comes from, such as `{ env = \"…\" }`",
                    );
                    self.0.hide(value.span());
                    None
                }
            };
            if let Some(found) = found {
                account.push((
                    placed(key),
                    Placed {
                        value: found,
                        span: value.span(),
                    },
                ));
            }
        }
        account
    }

    fn origin(&mut self, name: &str, span: Range<usize>, table: &DeTable<'_>) -> Option<Origin> {
        let ways = ["env", "file", "command"];
        let mut origins = Vec::new();
        for (key, value) in table {
            match key.get_ref().as_ref() {
                "env" => origins.extend(self.variable(value).map(Origin::Env)),
                "file" => origins.extend(
                    self.text(value, "file")
                        .map(|text| Origin::File(text.value)),
                ),
                "command" => origins.extend(
                    self.texts(value, "command")
                        .map(|texts| Origin::Command(texts.value)),
                ),
                _ => {
                    self.unknown(key, &format!("in account key `{name}`"), &ways);
                    self.0.hide(value.span());
                }
            }
        }
        match origins.len() {
            1 => origins.pop(),
            0 if !table.is_empty() => None,
            _ => {
                self.0.wrong(
                    "wrong-source",
                    span,
                    format!(
                        "account key `{name}` comes from exactly one of `env`, `file` and `command`"
                    ),
                );
                None
            }
        }
    }

    /// The name of an environment variable; whoever writes the secret itself there is told without showing it.
    fn variable(&mut self, value: &Value<'_>) -> Option<String> {
        let name = self.text(value, "env")?.value;
        let usual = |c: char| c.is_ascii_alphanumeric() || c == '_';
        if !name.is_empty() && name.chars().all(usual) {
            return Some(name);
        }
        self.0.wrong(
            "wrong-source",
            value.span(),
            "`env` is not the name of an environment variable",
        );
        self.0.help("a name has letters, digits and `_`, such as `CRM_TOKEN`; the secret itself never stands in a mapping");
        self.0.hide(value.span());
        None
    }

    fn contact(&mut self, value: &Value<'_>) -> Option<FieldText> {
        let mut id = None;
        for (key, value) in self.table(value, "contact").into_iter().flatten() {
            match key.get_ref().as_ref() {
                "id" => id = self.field("id", value),
                _ => self.unknown(key, "in `[contact]`", &["id"]),
            }
        }
        id
    }

    fn tags(&mut self, value: &Value<'_>) -> Option<(Placed<String>, FieldText)> {
        let mut set = None;
        for (key, value) in self.table(value, "tags").into_iter().flatten() {
            match key.get_ref().as_ref() {
                "set" => set = self.field("set", value).map(|text| (placed(key), text)),
                _ => self.unknown(key, "in `[tags]`", &["set"]),
            }
        }
        set
    }

    /// Reads `[fields]`; a table that says where its value comes from is a field, any other one reaches deeper.
    fn fields(
        &mut self,
        table: &DeTable<'_>,
        above: &[String],
        fields: &mut Vec<(Placed<Vec<String>>, FieldText)>,
    ) {
        for (key, value) in table {
            if fields.len() == MOST_FIELDS {
                self.0.wrong(
                    "too-many",
                    key.span(),
                    format!("more than {MOST_FIELDS} fields are mapped"),
                );
                return;
            }
            let mut parts = above.to_vec();
            parts.extend(
                key.get_ref()
                    .split('.')
                    .take(DEEPEST + 1)
                    .map(str::to_owned),
            );
            if parts.len() > DEEPEST {
                self.0.wrong(
                    "too-deep",
                    key.span(),
                    format!("this reaches more than {DEEPEST} levels deep"),
                );
                continue;
            }
            match value.get_ref() {
                DeValue::Table(inner) if reaches_deeper(inner) => {
                    self.fields(inner, &parts, fields)
                }
                _ => {
                    if let Some(text) = self.field(&parts.join("."), value) {
                        fields.push((
                            Placed {
                                value: parts,
                                span: key.span(),
                            },
                            text,
                        ));
                    }
                }
            }
        }
    }

    fn field(&mut self, name: &str, value: &Value<'_>) -> Option<FieldText> {
        match value.get_ref() {
            DeValue::String(column) => Some(FieldText {
                span: value.span(),
                source: SourceText::Column(Placed {
                    value: column.to_string(),
                    span: value.span(),
                }),
                said: Said::default(),
            }),
            DeValue::Table(table) => self.field_table(name, value.span(), table),
            DeValue::Array(_) => {
                let texts = self.texts(value, name)?;
                Some(FieldText {
                    span: value.span(),
                    source: SourceText::Constant(texts),
                    said: Said::default(),
                })
            }
            other => {
                self.0.wrong(
                    "wrong-type",
                    value.span(),
                    format!("`{name}` is {}, not a column", an(other.type_str())),
                );
                self.0.help(format!("write the column's header in quotes, or `{{ value = {} }}` for the same in every row", source_text(self.0.file, &value.span())));
                None
            }
        }
    }

    fn field_table(
        &mut self,
        name: &str,
        span: Range<usize>,
        table: &DeTable<'_>,
    ) -> Option<FieldText> {
        let mut said = Said::default();
        let mut sources = Vec::new();
        for (key, value) in table {
            match key.get_ref().as_ref() {
                "column" => sources.extend(self.text(value, "column").map(SourceText::Column)),
                "template" => {
                    sources.extend(self.text(value, "template").map(SourceText::Template))
                }
                "value" => sources.extend(self.constant(value, "value").map(SourceText::Constant)),
                "clean" => said.clean = self.placed_texts(value, "clean"),
                "lookup" => said.lookup = self.lookup(value),
                "format" => said.format = self.text(value, "format"),
                "zone" => said.zone = self.text(value, "zone"),
                "region" => said.region = self.text(value, "region"),
                "true" => said.yes = self.texts(value, "true"),
                "false" => said.no = self.texts(value, "false"),
                "split" => said.split = self.text(value, "split"),
                "decimal" => said.decimal = self.text(value, "decimal"),
                "thousands" => said.thousands = self.text(value, "thousands"),
                "type" => said.kind = self.text(value, "type"),
                "by" => said.by = self.text(value, "by"),
                "accept" => said.accept = self.text(value, "accept"),
                "empty" => said.empty = self.text(value, "empty"),
                "required" => said.required = self.flag(value, "required"),
                _ => self.unknown(key, &format!("for `{name}`"), &SAID),
            }
        }
        let given = SOURCES
            .iter()
            .filter(|word| table.keys().any(|key| key.get_ref() == **word))
            .count();
        let misspelt = |key: &Key<'_>| {
            let unknown = !SAID.contains(&key.get_ref().as_ref());
            unknown && nearest(key.get_ref(), SOURCES).is_some()
        };
        // What was said about the misspelt one is enough.
        if given != 1 && !(given == 0 && table.keys().any(misspelt)) {
            self.0.wrong(
                "wrong-source",
                span.clone(),
                format!("`{name}` needs exactly one of `column`, `template` and `value`"),
            );
        }
        let source = sources.into_iter().next()?;
        Some(FieldText { span, source, said })
    }
}

/// Whether a table under `[fields]` only names what is inside an object, as TOML's own dotted keys make it.
fn reaches_deeper(table: &DeTable<'_>) -> bool {
    !table.is_empty()
        && !table
            .keys()
            .any(|key| SAID.contains(&key.get_ref().as_ref()))
}

fn placed(key: &Key<'_>) -> Placed<String> {
    Placed {
        value: key.get_ref().to_string(),
        span: key.span(),
    }
}

fn source_text<'a>(file: &'a Written, span: &Range<usize>) -> &'a str {
    file.text.get(span.clone()).unwrap_or("…")
}
