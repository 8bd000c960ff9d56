//! Adds rows to a table many with one statement: a statement costs as much as several of the rows that it adds.

use rusqlite::types::{ToSqlOutput, ValueRef};
use rusqlite::{Connection, Result};

/// So many rows are added by one statement, as long as there are so many.
const AT_ONCE: [usize; 3] = [16, 4, 1];

/// Adds rows by a statement that begins so and ends with what the rows hold, column by column.
pub(super) fn add<T, const COLUMNS: usize>(
    db: &Connection,
    begin: &str,
    rows: &[T],
    columns: impl Fn(&T) -> [ValueRef<'_>; COLUMNS],
) -> Result<()> {
    let mut left = rows;
    for size in AT_ONCE {
        let whole = left.chunks_exact(size);
        left = whole.remainder();
        if whole.len() == 0 {
            continue;
        }
        let row = format!("({})", ["?"; COLUMNS].join(", "));
        let places = vec![row; size].join(", ");
        let mut add = db.prepare_cached(&format!("{begin} VALUES {places}"))?;
        for rows in whole {
            for (at, value) in rows.iter().flat_map(&columns).enumerate() {
                add.raw_bind_parameter(at + 1, ToSqlOutput::Borrowed(value))?;
            }
            add.raw_execute()?;
        }
    }
    Ok(())
}
