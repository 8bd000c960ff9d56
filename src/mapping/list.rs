//! Values that are more than one text: lists out of one cell, and JSON objects.
//!
//! An object is checked by reading it and sent as it was written, less the blanks, so that no number changes
//! on the way. Nothing is dropped in silence but empty and repeated items of a list.

use std::borrow::Cow;
use std::collections::HashSet;
use std::fmt;

use serde::de::{Deserialize, Deserializer, Error, MapAccess, SeqAccess, Visitor};

use crate::mapping::clean::trimmed;
use crate::mapping::number::is_kept;
use crate::mapping::refusal::{Refusal, shown};
use crate::provider::body;

/// The items of a cell as they will stand in the list: trimmed, none empty; `split` parts them.
pub(super) fn items<'a>(text: &'a str, split: Option<&'a str>) -> impl Iterator<Item = &'a str> {
    let mut letters = split.unwrap_or_default().chars();
    let (mut whole, mut by_letter, mut by_text) = (None, None, None);
    match (letters.next(), letters.next()) {
        (None, _) => whole = Some(text),
        // Found several times as fast as a text of any length.
        (Some(letter), None) => by_letter = Some(text.split(letter)),
        (Some(_), Some(_)) => by_text = split.map(|split| text.split(split)),
    }
    let parts = whole.into_iter();
    parts
        .chain(by_letter.into_iter().flatten())
        .chain(by_text.into_iter().flatten())
        .map(trimmed)
        .filter(|item| !item.is_empty())
}

/// A JSON array of texts, each once, in their order; nothing for an empty one.
pub(super) fn array(items: &[&str]) -> Option<String> {
    // Most lists have a handful of items, among which looking is cheaper than hashing.
    let mut seen = HashSet::new();
    let mut is_new = |at: usize| match items.len() {
        0..=16 => !items[..at].contains(&items[at]),
        _ => seen.insert(items[at]),
    };
    let mut json = Vec::with_capacity(64);
    json.push(b'[');
    for (at, item) in items.iter().enumerate() {
        if is_new(at) {
            if json.len() > 1 {
                json.push(b',');
            }
            body::text(item, &mut json);
        }
    }
    json.push(b']');
    match items.is_empty() {
        true => None,
        false => String::from_utf8(json).ok(),
    }
}

/// A JSON object, as it was written but for blanks between its parts.
///
/// # Errors
///
/// `bad-object`.
pub fn object(text: &str) -> Result<Cow<'_, str>, Refusal> {
    let refuse = |flaw: &str| {
        Err(Refusal::new(
            "bad-object",
            format!("{} {flaw}", shown(text)),
        ))
    };
    if !text.starts_with('{') {
        return refuse("is no JSON object; write it as in `{\"key\": \"value\"}`");
    }
    if let Err(error) = serde_json::from_str::<Checked>(text) {
        return refuse(&format!("is no JSON object: {error}"));
    }
    let json = compact(text);
    if numbers(&json).any(|number| !is_kept(number)) {
        return refuse(
            "holds a number with more digits than other programs keep; write it as text, in quotes",
        );
    }
    Ok(json)
}

/// JSON that was read to its end: no broken text, no key twice, no deeper than the reader goes (128).
struct Checked;

/// What `serde_json` calls a text that it does not take apart: it would take an object with this key for one.
const RESERVED: &str = "$serde_json::private::RawValue";

impl<'de> Deserialize<'de> for Checked {
    fn deserialize<D: Deserializer<'de>>(reader: D) -> Result<Self, D::Error> {
        reader.deserialize_any(Self)
    }
}

impl<'de> Visitor<'de> for Checked {
    type Value = Self;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_unit<E>(self) -> Result<Self, E> {
        Ok(self)
    }

    fn visit_bool<E>(self, _: bool) -> Result<Self, E> {
        Ok(self)
    }

    fn visit_i64<E>(self, _: i64) -> Result<Self, E> {
        Ok(self)
    }

    fn visit_u64<E>(self, _: u64) -> Result<Self, E> {
        Ok(self)
    }

    fn visit_f64<E>(self, _: f64) -> Result<Self, E> {
        Ok(self)
    }

    fn visit_str<E>(self, _: &str) -> Result<Self, E> {
        Ok(self)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Self, A::Error> {
        while items.next_element::<Self>()?.is_some() {}
        Ok(self)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Self, A::Error> {
        let mut keys = HashSet::new();
        while let Some(key) = entries.next_key::<String>()? {
            entries.next_value::<Self>()?;
            if key == RESERVED {
                return Err(A::Error::custom(format_args!(
                    "the key {} cannot be sent",
                    shown(&key)
                )));
            }
            if let Some(key) = keys.replace(key) {
                return Err(A::Error::custom(format_args!(
                    "the key {} stands twice",
                    shown(&key)
                )));
            }
        }
        Ok(self)
    }
}

/// Sound JSON without the blanks between its parts.
fn compact(json: &str) -> Cow<'_, str> {
    let mut quoted = Quoted::default();
    let mut out = String::with_capacity(json.len());
    for c in json.chars() {
        let inside = quoted.pass(c);
        if inside || !matches!(c, ' ' | '\t' | '\n' | '\r') {
            out.push(c);
        }
    }
    if out.len() == json.len() {
        Cow::Borrowed(json)
    } else {
        Cow::Owned(out)
    }
}

/// The numbers of sound JSON, as they are written.
fn numbers(json: &str) -> impl Iterator<Item = &str> {
    let mut quoted = Quoted::default();
    json.split(move |c: char| {
        quoted.pass(c) || !(c.is_ascii_digit() || matches!(c, '-' | '+' | '.' | 'e' | 'E'))
    })
    // `e` is a letter of true and false as well.
    .filter(|piece| piece.bytes().any(|byte| byte.is_ascii_digit()))
}

/// Whether a walk through JSON is inside a text, quotes included.
#[derive(Default)]
struct Quoted {
    inside: bool,
    escaped: bool,
}

impl Quoted {
    fn pass(&mut self, c: char) -> bool {
        let before = self.inside;
        if self.escaped {
            self.escaped = false;
        } else if c == '"' {
            self.inside = !before;
        } else {
            self.escaped = before && c == '\\';
        }
        before || self.inside
    }
}
