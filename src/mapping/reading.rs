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
use super::written::{AsWritten, FieldText, Placed, Said, SourceText};
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
    pub(super) fn unknown(&mut self, key: &Key<'_>, place: &str, names: &[&str]) {
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
                    self.contact(value, &mut written);
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
                "tags" => written.tags = self.tags(value),
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

    fn contact(&mut self, value: &Value<'_>, written: &mut AsWritten) {
        for (key, value) in self.table(value, "contact").into_iter().flatten() {
            match key.get_ref().as_ref() {
                "id" => written.id = self.field("id", value),
                "mode" => written.mode = self.text(value, "mode"),
                "upsert" => written.upsert = self.text(value, "upsert"),
                "match" => {
                    for (key, value) in self.table(value, "match").into_iter().flatten() {
                        if let Some(text) = self.field(key.get_ref(), value) {
                            written.known_by.push((placed(key), text));
                        }
                    }
                }
                _ => self.unknown(key, "in `[contact]`", &["id", "match", "mode", "upsert"]),
            }
        }
    }

    fn tags(&mut self, value: &Value<'_>) -> Vec<(Placed<String>, FieldText)> {
        let mut tags = Vec::new();
        for (key, value) in self.table(value, "tags").into_iter().flatten() {
            match key.get_ref().as_ref() {
                verb @ ("set" | "add" | "remove") => {
                    tags.extend(self.field(verb, value).map(|text| (placed(key), text)));
                }
                _ => self.unknown(key, "in `[tags]`", &["set", "add", "remove"]),
            }
        }
        tags
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
                    source: SourceText::List(texts),
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
                "value" => sources.extend(self.constant(value, "value")),
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
            // A word of ours may be the name of a field as well.
            let only = table.iter().next().filter(|_| table.len() == 1);
            let only = only.map(|(key, value)| (key.get_ref(), value.get_ref()));
            if let (0, Some((key, DeValue::String(_) | DeValue::Table(_)))) = (given, only) {
                self.0.help(format!(
                    "say which with `column = \"…\"`; a field `{key}` inside it is named in quotes, as in `\"{name}.{key}\" = \"…\"`"
                ));
            }
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

pub(super) fn placed(key: &Key<'_>) -> Placed<String> {
    Placed {
        value: key.get_ref().to_string(),
        span: key.span(),
    }
}

fn source_text<'a>(file: &'a Written, span: &Range<usize>) -> &'a str {
    file.text.get(span.clone()).unwrap_or("…")
}
