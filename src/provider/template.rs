//! Paths and bodies with placeholders, taken apart once and filled in for every call.
//!
//! In a path every value becomes exactly one percent-encoded segment, or one value of a query. In a body, which is JSON,
//! a placeholder stands alone in a text and becomes that value.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::Value;

use super::call::Account;

/// Everything but the unreserved characters of RFC 3986 is encoded, so that no value can end its segment.
const SEGMENT: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~');

/// A path with placeholders, taken apart once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Template(Vec<Piece>);

#[derive(Debug, Clone, PartialEq, Eq)]
enum Piece {
    Plain(String),
    Id,
    Value,
    Page,
    Account(String),
}

/// What is filled in; what a path does not ask for is not looked at.
#[derive(Debug, Clone, Copy, Default)]
pub struct Filling<'a> {
    /// The contact's id.
    pub id: &'a str,
    /// The value looked for, or a tag's id.
    pub value: &'a str,
    /// Several values, for a body.
    pub values: &'a [String],
    /// The page of a list, from 1.
    pub page: u64,
}

impl Template {
    /// Takes a text with `{id}`, `{value}`, `{page}` and `{account.x}` apart.
    ///
    /// # Errors
    ///
    /// Names the placeholder that there is none of.
    pub fn parse(text: &str) -> Result<Self, String> {
        let mut pieces = Vec::new();
        let mut rest = text;
        while let Some((plain, after)) = rest.split_once('{') {
            if !plain.is_empty() {
                pieces.push(Piece::Plain(plain.to_owned()));
            }
            let (name, after) = after
                .split_once('}')
                .ok_or_else(|| format!("`{{` without `}}` in `{text}`"))?;
            pieces.push(match (name, name.strip_prefix("account.")) {
                ("id", _) => Piece::Id,
                ("value", _) => Piece::Value,
                ("page", _) => Piece::Page,
                (_, Some(key)) => Piece::Account(key.to_owned()),
                _ => {
                    return Err(format!(
                        "no placeholder `{{{name}}}`; there are `{{id}}`, `{{value}}`, `{{page}}` and `{{account.…}}`"
                    ));
                }
            });
            rest = after;
        }
        if !rest.is_empty() {
            pieces.push(Piece::Plain(rest.to_owned()));
        }
        Ok(Self(pieces))
    }

    /// The account keys it asks for.
    pub fn account_keys(&self) -> impl Iterator<Item = &str> {
        self.0.iter().filter_map(|piece| match piece {
            Piece::Account(key) => Some(key.as_str()),
            _ => None,
        })
    }

    /// Whether it goes through a list page by page.
    #[must_use]
    pub fn has_pages(&self) -> bool {
        self.0.contains(&Piece::Page)
    }

    /// Puts the account's values in; what is left to fill in differs from call to call.
    #[must_use]
    pub fn for_account(&self, account: &Account) -> Self {
        let mut pieces: Vec<Piece> = Vec::new();
        for piece in &self.0 {
            let text = match piece {
                Piece::Plain(text) => text.clone(),
                Piece::Account(key) => encode(account.get(key)),
                other => {
                    pieces.push(other.clone());
                    continue;
                }
            };
            match pieces.last_mut() {
                Some(Piece::Plain(before)) => before.push_str(&text),
                _ => pieces.push(Piece::Plain(text)),
            }
        }
        Self(pieces)
    }

    /// The whole text for one contact.
    #[must_use]
    pub fn with_id(&self, id: &str) -> String {
        self.fill(&Filling {
            id,
            ..Filling::default()
        })
    }

    /// The whole text for one call.
    #[must_use]
    pub fn fill(&self, filling: &Filling<'_>) -> String {
        let mut text = String::with_capacity(64 + filling.id.len() + filling.value.len());
        for piece in &self.0 {
            match piece {
                Piece::Plain(plain) => text.push_str(plain),
                Piece::Id => push_encoded(filling.id, &mut text),
                Piece::Value => push_encoded(filling.value, &mut text),
                Piece::Page => text.push_str(&filling.page.to_string()),
                Piece::Account(_) => {}
            }
        }
        text
    }

    /// The id in a path of this form, or nothing where the path is another one.
    #[must_use]
    pub fn id_in<'a>(&self, path: &'a str) -> Option<&'a str> {
        self.parts_in(path).map(|(id, _)| id)
    }

    /// The id and the value in a path of this form, still encoded and empty where it has none of them; nothing where the
    /// path is another one.
    #[must_use]
    pub fn parts_in<'a>(&self, path: &'a str) -> Option<(&'a str, &'a str)> {
        let mut rest = path;
        let (mut id, mut value) = ("", "");
        for (at, piece) in self.0.iter().enumerate() {
            match piece {
                Piece::Plain(plain) => rest = rest.strip_prefix(plain.as_str())?,
                _ => {
                    let end = match self.0.get(at + 1) {
                        Some(Piece::Plain(next)) => {
                            let stop = next.chars().next().unwrap_or('/');
                            rest.find([stop, '/']).unwrap_or(rest.len())
                        }
                        _ => rest.len(),
                    };
                    let (segment, after) = rest.split_at(end);
                    if segment.is_empty() || segment.contains('/') {
                        return None;
                    }
                    match piece {
                        Piece::Id => id = segment,
                        Piece::Value => value = segment,
                        _ => {}
                    }
                    rest = after;
                }
            }
        }
        rest.is_empty().then_some((id, value))
    }
}

/// Checks a body's text: JSON whose only placeholders are `"{value}"`, `"{values}"`, `"{page}"` and `"{account.x}"`.
///
/// # Errors
///
/// Says what is wrong with it.
pub fn parse_body(text: &str) -> Result<Value, String> {
    serde_json::from_str(text).map_err(|error| format!("the body is no JSON: {error}"))
}

/// Fills a body in.
#[must_use]
pub fn fill_body(body: &Value, account: &Account, filling: &Filling<'_>) -> Value {
    match body {
        Value::String(text) => match text.as_str() {
            "{value}" => Value::String(filling.value.to_owned()),
            "{values}" => filling.values.iter().map(String::as_str).collect(),
            "{page}" => filling.page.into(),
            "{id}" => Value::String(filling.id.to_owned()),
            other => match other
                .strip_prefix("{account.")
                .and_then(|rest| rest.strip_suffix('}'))
            {
                Some(key) => Value::String(account.get(key).to_owned()),
                None => body.clone(),
            },
        },
        Value::Array(list) => list
            .iter()
            .map(|item| fill_body(item, account, filling))
            .collect(),
        Value::Object(map) => map
            .iter()
            .map(|(key, value)| (key.clone(), fill_body(value, account, filling)))
            .collect(),
        other => other.clone(),
    }
}

fn encode(value: &str) -> String {
    utf8_percent_encode(value, SEGMENT).to_string()
}

fn push_encoded(value: &str, out: &mut String) {
    // Most ids have nothing to encode; looking at every byte of them is what a processor does to many at once.
    let stays = |byte: u8| byte.is_ascii_alphanumeric() | matches!(byte, b'-' | b'.' | b'_' | b'~');
    match value.bytes().fold(true, |all, byte| all & stays(byte)) {
        true => out.push_str(value),
        false => out.extend(utf8_percent_encode(value, SEGMENT)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_without_anything_to_encode_is_taken_as_it_is_and_every_other_is_encoded() {
        let mut random = fastrand::Rng::with_seed(13);
        for letter in (0..=0xff_u8).map(char::from).chain(['ב', '漢', '🙂']) {
            for _ in 0..20 {
                let around = |count: usize| "aZ09-._~".repeat(6)[..count].to_owned();
                let value = format!(
                    "{}{letter}{}",
                    around(random.usize(..40)),
                    around(random.usize(..40))
                );
                let mut pushed = String::new();
                push_encoded(&value, &mut pushed);
                assert_eq!(pushed, encode(&value));
            }
        }
    }
}
