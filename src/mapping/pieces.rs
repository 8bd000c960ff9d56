//! The pieces of which a mapping's tables are made: text, flags, lists, constants, lookups, each with its place.

use toml::de::{DeTable, DeValue};

use super::reading::{Reader, Value};
use super::written::{Placed, SourceText};

impl Reader<'_> {
    pub(super) fn table<'v, 'i>(
        &mut self,
        value: &'v Value<'i>,
        name: &str,
    ) -> Option<&'v DeTable<'i>> {
        let table = value.get_ref().as_table();
        if table.is_none() {
            self.0.wrong(
                "wrong-type",
                value.span(),
                format!(
                    "`{name}` is {}, not a table",
                    an(value.get_ref().type_str())
                ),
            );
            self.0.help(format!(
                "write `[{name}]` on a line of its own and its keys below"
            ));
        }
        table
    }

    pub(super) fn text(&mut self, value: &Value<'_>, name: &str) -> Option<Placed<String>> {
        match value.get_ref() {
            DeValue::String(text) => Some(Placed {
                value: text.to_string(),
                span: value.span(),
            }),
            other => {
                self.0.wrong(
                    "wrong-type",
                    value.span(),
                    format!("`{name}` is {}, not text", an(other.type_str())),
                );
                self.0.help("put it in quotes");
                None
            }
        }
    }

    pub(super) fn flag(&mut self, value: &Value<'_>, name: &str) -> Option<Placed<bool>> {
        let flag = value.get_ref().as_bool();
        if flag.is_none() {
            self.0.wrong(
                "wrong-type",
                value.span(),
                format!("`{name}` is `true` or `false`, without quotes"),
            );
        }
        flag.map(|value_| Placed {
            value: value_,
            span: value.span(),
        })
    }

    pub(super) fn texts(&mut self, value: &Value<'_>, name: &str) -> Option<Placed<Vec<String>>> {
        let before = self.0.mistakes.len();
        let texts = self.placed_texts(value, name);
        (self.0.mistakes.len() == before).then(|| Placed {
            value: texts.into_iter().map(|text| text.value).collect(),
            span: value.span(),
        })
    }

    pub(super) fn placed_texts(&mut self, value: &Value<'_>, name: &str) -> Vec<Placed<String>> {
        match value.get_ref() {
            DeValue::String(text) => vec![Placed {
                value: text.to_string(),
                span: value.span(),
            }],
            DeValue::Array(list) => list
                .iter()
                .filter_map(|item| self.text(item, name))
                .collect(),
            other => {
                self.0.wrong(
                    "wrong-type",
                    value.span(),
                    format!("`{name}` is {}, not a list of texts", an(other.type_str())),
                );
                self.0.help(format!("write `{name} = [\"…\", \"…\"]`"));
                Vec::new()
            }
        }
    }

    pub(super) fn constant(&mut self, value: &Value<'_>, name: &str) -> Option<SourceText> {
        let one = |text: &str| {
            Some(SourceText::Constant(Placed {
                value: text.to_owned(),
                span: value.span(),
            }))
        };
        match value.get_ref() {
            DeValue::Integer(number) if number.radix() == 10 => one(number.as_str()),
            DeValue::Float(number) => one(number.as_str()),
            DeValue::Boolean(flag) => one(if *flag { "true" } else { "false" }),
            DeValue::Datetime(moment) => one(&moment.to_string()),
            DeValue::String(text) => one(text),
            DeValue::Array(_) => self.texts(value, name).map(SourceText::List),
            other => {
                self.0.wrong(
                    "wrong-type",
                    value.span(),
                    format!("`{name}` cannot hold {}", an(other.type_str())),
                );
                self.0
                    .help("write text, a number, `true`, `false`, or a list of texts");
                None
            }
        }
    }

    pub(super) fn lookup(&mut self, value: &Value<'_>) -> Option<Placed<Vec<(String, String)>>> {
        let mut pairs = Vec::new();
        let DeValue::Table(table) = value.get_ref() else {
            self.0.wrong(
                "wrong-type",
                value.span(),
                format!(
                    "`lookup` is {}, not a table",
                    an(value.get_ref().type_str())
                ),
            );
            self.0.help(
                "write what the cells hold and what to send, as in `{ \"Israel\" = \"IL\" }`",
            );
            return None;
        };
        for (key, value) in table {
            match self.constant(value, "lookup") {
                Some(SourceText::Constant(text)) => {
                    pairs.push((key.get_ref().to_string(), text.value));
                }
                Some(SourceText::List(_)) => {
                    self.0.wrong(
                        "wrong-type",
                        value.span(),
                        "a text means one thing in a `lookup`, not a list",
                    );
                    self.0.help("write one text; a cell of several is taken apart by `split` before each is looked up");
                }
                _ => {}
            }
        }
        Some(Placed {
            value: pairs,
            span: value.span(),
        })
    }
}

/// A kind of value with its article.
pub(super) fn an(kind: &str) -> String {
    match kind {
        "string" => "text".to_owned(),
        "array" | "integer" | "inline table" => format!("an {kind}"),
        _ => format!("a {kind}"),
    }
}
