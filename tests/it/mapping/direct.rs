//! Cells that are sent as they stand.

use contact_sync::contact::{Contact, Row, Value};
use contact_sync::mapping::apply::{Applied, Bound};
use contact_sync::mapping::coerce::{Coerced, coerce};
use contact_sync::mapping::steps::Mapping;

use super::rows::bound;

/// The name and the identifier of a contact, both of at most 255 characters.
const FIELDS: &str = "name = \"First\"\nidentifier = \"Last\"\n";

#[test]
fn a_cell_that_is_sent_as_it_stands_is_what_reading_it_says() {
    let [most, more, long] = [255, 256, 2000].map(|count| "x".repeat(count));
    let letters = "é".repeat(255);
    let odd = [
        "",
        "x",
        "Dana Levi",
        " x",
        "x ",
        "é",
        "#N/A",
        "'0",
        "=1",
        "Err:502",
        "a\tb",
        "\u{7}",
    ];
    let sized = [&most, &more, &letters, &long].map(String::as_str);
    let cells: Vec<&str> = odd.into_iter().chain(sized).collect();
    bound("99digital", FIELDS, |mapping, bound| {
        for first in &cells {
            for last in &cells {
                // A long row is held in another way than a short one.
                for beside in ["", "é", &long] {
                    compare(mapping, bound, [first, last], beside);
                }
            }
        }
    });
}

fn compare(mapping: &Mapping, bound: &Bound<'_>, cells: [&str; 2], beside: &str) {
    let mut row = Row::at(1, 2);
    for cell in ["123", cells[0], cells[1], "", "", beside] {
        row.push(cell);
    }
    let read = mapping.steps.iter().zip(cells);
    let read: Result<Vec<_>, _> = read.map(|(step, cell)| coerce(cell, &step.rule)).collect();
    let mut contact = Contact::default();
    match (bound.apply(&row, &mut contact), read) {
        (Applied::Ready, Ok(read)) => {
            for (read, slot) in read.iter().zip(0..) {
                let expected = match read {
                    Coerced::Text(text) => Some(Value::Text(text)),
                    _ => None,
                };
                assert_eq!(contact.value(slot), expected, "{cells:?}");
            }
        }
        (Applied::Settled(verdict), Err(refusal)) => assert_eq!(verdict.code, refusal.code),
        (Applied::Settled(verdict), Ok(read)) => {
            assert_eq!(verdict.code, "nothing-to-send", "{cells:?}");
            assert_eq!(read, [Coerced::Blank, Coerced::Blank]);
        }
        (Applied::Ready, Err(refusal)) => panic!("{cells:?}: {refusal:?}"),
    }
}
