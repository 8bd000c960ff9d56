//! `[account]` as written: what stands there, and where the rest comes from.
//!
//! Any value there may be a secret that somebody put into the wrong place, so no slip shows what stands beside it.

use std::ops::Range;

use toml::de::{DeTable, DeValue};

use super::pieces::an;
use super::reading::{Reader, Value, placed};
use super::written::{AccountValue, Origin, Placed};

impl Reader<'_> {
    /// Reads `[account]`: text, numbers, or where a value comes from.
    pub(super) fn account(
        &mut self,
        value: &Value<'_>,
    ) -> Vec<(Placed<String>, Placed<AccountValue>)> {
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
                "command" => origins.extend(self.program(value).map(Origin::Command)),
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

    /// A program and its arguments.
    fn program(&mut self, value: &Value<'_>) -> Option<Vec<String>> {
        let words = self.texts(value, "command")?.value;
        if words.first().is_some_and(|word| !word.trim().is_empty()) {
            return Some(words);
        }
        self.0
            .wrong("wrong-source", value.span(), "`command` names no program");
        self.0.help(
            "write it like `command = [\"op\", \"read\", \"…\"]`: the program, then its arguments",
        );
        self.0.hide(value.span());
        None
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
}
