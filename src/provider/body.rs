//! Where each value stands in the body of a change: a plan made once, by which every contact is written as JSON.
//!
//! A tree of JSON values per contact would cost several times as much; the plan writes straight into the body.

use std::io::Write as _;

use super::fields::PairValues;
use crate::contact::plain::is_without;
use crate::contact::{Contact, Value};

/// The place of one field in the body.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Target {
    /// The keys that lead there, outermost first.
    pub path: Vec<String>,
    /// With a list of name–value objects: the entry.
    pub entry: Option<Entry>,
}

/// One entry of a list of name–value objects.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// The key under which the name stands.
    pub name_key: String,
    /// The name.
    pub name: String,
    /// The key under which the value stands.
    pub value_key: String,
    /// How the value is written.
    pub values: PairValues,
}

/// The places of all fields of a mapping. The slot of a field is its number in the list the plan was made from.
#[derive(Debug, Default)]
pub struct BodyPlan {
    root: Vec<Branch>,
}

#[derive(Debug)]
struct Branch {
    key: String,
    /// A comma, the key as JSON and its colon.
    start: Vec<u8>,
    node: Node,
}

#[derive(Debug)]
enum Node {
    Object(Vec<Branch>),
    List(Vec<Line>),
    Value(u16),
}

#[derive(Debug)]
struct Line {
    /// A comma and the entry as JSON up to its value.
    start: String,
    values: PairValues,
    slot: u16,
}

impl BodyPlan {
    /// Makes the plan.
    ///
    /// # Errors
    ///
    /// The slot of the first field whose place another one has taken, or reaches into.
    pub fn new(targets: &[Target]) -> Result<Self, usize> {
        Self::without(targets, &[])
    }

    /// Makes the plan without the fields of some slots.
    ///
    /// # Errors
    ///
    /// As [`new`](Self::new).
    pub fn without(targets: &[Target], left_out: &[u16]) -> Result<Self, usize> {
        let mut plan = Self::default();
        for (slot, target) in targets.iter().enumerate() {
            let number = u16::try_from(slot).map_err(|_| slot)?;
            if left_out.contains(&number) {
                continue;
            }
            insert(&mut plan.root, &target.path, target.entry.as_ref(), number).ok_or(slot)?;
        }
        Ok(plan)
    }

    /// The outermost keys of what it writes.
    pub(super) fn keys(&self) -> impl Iterator<Item = &str> {
        self.root.iter().map(|branch| branch.key.as_str())
    }

    /// Writes a contact's values as one JSON object, under a key of its own where the provider wants that.
    pub fn render(&self, contact: &Contact, wrap: Option<&str>, out: &mut Vec<u8>) {
        if let Some(key) = wrap {
            out.push(b'{');
            text(key, out);
            out.push(b':');
        }
        if !object(&self.root, contact, out) {
            out.extend_from_slice(b"{}");
        }
        if wrap.is_some() {
            out.push(b'}');
        }
    }
}

fn insert(
    branches: &mut Vec<Branch>,
    path: &[String],
    entry: Option<&Entry>,
    slot: u16,
) -> Option<()> {
    let (key, deeper) = path.split_first()?;
    let at = branches.iter().position(|own| own.key == *key);
    let fresh = match (deeper.is_empty(), entry) {
        (false, _) => Node::Object(Vec::new()),
        (true, Some(_)) => Node::List(Vec::new()),
        (true, None) => Node::Value(slot),
    };
    let at = match (at, &fresh) {
        (Some(_), Node::Value(_)) => return None,
        (Some(at), _) => at,
        (None, _) => {
            let mut start = vec![b','];
            text(key, &mut start);
            start.push(b':');
            branches.push(Branch {
                key: key.clone(),
                start,
                node: fresh,
            });
            branches.len() - 1
        }
    };
    match (&mut branches[at].node, deeper.is_empty(), entry) {
        (Node::Object(inner), false, _) => insert(inner, deeper, entry, slot),
        (Node::List(lines), true, Some(entry)) => {
            let mut start = vec![b',', b'{'];
            text(&entry.name_key, &mut start);
            start.push(b':');
            text(&entry.name, &mut start);
            start.push(b',');
            text(&entry.value_key, &mut start);
            start.push(b':');
            let start = String::from_utf8(start).ok()?;
            if lines.iter().any(|line| line.start == start) {
                return None;
            }
            lines.push(Line {
                start,
                values: entry.values,
                slot,
            });
            Some(())
        }
        (Node::Value(own), true, None) if *own == slot => Some(()),
        _ => None,
    }
}

/// Writes the object, or nothing at all where it would be empty.
fn object(branches: &[Branch], contact: &Contact, out: &mut Vec<u8>) -> bool {
    let start = out.len();
    for branch in branches {
        let mark = out.len();
        let written = match &branch.node {
            Node::Object(inner) => {
                out.extend_from_slice(&branch.start);
                object(inner, contact, out)
            }
            Node::List(lines) => {
                out.extend_from_slice(&branch.start);
                list(lines, contact, out)
            }
            Node::Value(slot) => match contact.value(*slot) {
                Some(value) => {
                    out.extend_from_slice(&branch.start);
                    write(value, PairValues::Typed, out);
                    true
                }
                None => false,
            },
        };
        if !written {
            out.truncate(mark);
        }
    }
    close(b"{}", start, out)
}

fn list(lines: &[Line], contact: &Contact, out: &mut Vec<u8>) -> bool {
    let start = out.len();
    for line in lines {
        if let Some(value) = contact.value(line.slot) {
            out.extend_from_slice(line.start.as_bytes());
            write(value, line.values, out);
            out.push(b'}');
        }
    }
    close(b"[]", start, out)
}

/// Puts its marks around what was written from `start` on, each piece behind a comma; false where that is nothing.
fn close([open, end]: &[u8; 2], start: usize, out: &mut Vec<u8>) -> bool {
    match out.get_mut(start) {
        None => false,
        Some(comma) => {
            *comma = *open;
            out.push(*end);
            true
        }
    }
}

fn write(value: Value<'_>, values: PairValues, out: &mut Vec<u8>) {
    match (value, values) {
        (Value::Text(plain), _) => text(plain, out),
        (Value::Json("null"), _) | (Value::Json(_), PairValues::Typed) => json(value, out),
        (Value::Json(literal), PairValues::EpochStrings) if literal.starts_with('"') => {
            out.extend_from_slice(literal.as_bytes());
        }
        (Value::Json(literal), PairValues::EpochStrings) => text(literal, out),
    }
}

fn json(value: Value<'_>, out: &mut Vec<u8>) {
    if let Value::Json(literal) = value {
        out.extend_from_slice(literal.as_bytes());
    }
}

/// Writes a text as JSON.
pub(crate) fn text(plain: &str, out: &mut Vec<u8>) {
    // Nearly every text stands for itself between its quotes.
    if is_without(plain, b' ', [b'"', b'\\']) {
        out.reserve(plain.len() + 2);
        out.push(b'"');
        out.extend_from_slice(plain.as_bytes());
        out.push(b'"');
        return;
    }
    if serde_json::to_writer(&mut *out, plain).is_err() {
        // Writing text into memory cannot fail; an empty string keeps the body whole if it ever does.
        let _ = out.write_all(b"\"\"");
    }
}
