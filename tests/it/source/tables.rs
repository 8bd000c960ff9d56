//! Any table in any dialect comes back cell for cell; any bytes at all do no harm.

use contact_sync::source::Unreadable;
use proptest::prelude::*;

use super::{all, cells, sheet};

fn cell() -> impl Strategy<Value = String> {
    prop_oneof![
        "[\",;|\t\r\n a\u{5d0}\u{feff}]{0,6}",
        any::<String>().prop_map(|text| text.replace('\0', "")),
    ]
}

/// Physical lines that a text adds, said in another way than the program does.
fn breaks(text: &str) -> u64 {
    let text = text.replace("\r\r\n", "\n").replace("\r\n", "\n");
    text.replace('\r', "\n").matches('\n').count() as u64
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 256, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_table_comes_back_cell_for_cell(
        header in prop::collection::vec(cell(), 0..4),
        table in (1_usize..5).prop_flat_map(|width| {
            prop::collection::vec(prop::collection::vec(cell(), width), 1..6)
        }),
        delimiter in prop::sample::select(b",;\t|".to_vec()),
        crlf: bool, bom: bool, always: bool, said: bool,
    ) {
        // Without a `sep=` line the header is what tells the delimiter, so that its names are plain ones then.
        // One column has no delimiter to find.
        let width = table[0].len();
        let said = said || width == 1;
        let mut names = vec!["a".to_owned(); width];
        if said {
            for (name, other) in names.iter_mut().skip(1).zip(header) {
                *name = other;
            }
        }
        let end = match crlf { true => "\r\n", false => "\n" };
        let mut written = Vec::new();
        if bom {
            written.extend_from_slice("\u{feff}".as_bytes());
        }
        if said {
            written.extend_from_slice(format!("sep={}{end}", char::from(delimiter)).as_bytes());
        }
        let mut writer = csv::WriterBuilder::new()
            .delimiter(delimiter)
            .terminator(match crlf { true => csv::Terminator::CRLF, false => csv::Terminator::Any(b'\n') })
            .quote_style(match always { true => csv::QuoteStyle::Always, false => csv::QuoteStyle::Necessary })
            .from_writer(written);
        writer.write_record(&names).expect("memory");
        for record in &table {
            writer.write_record(record).expect("memory");
        }
        let written = writer.into_inner().expect("memory");

        let sheet = sheet(&written).expect("a sound file");
        prop_assert_eq!(sheet.header(), &names[..]);
        prop_assert_eq!(sheet.facts().rows, table.len() as u64);
        prop_assert_eq!(sheet.facts().bom, bom);
        let header_line = 1 + u64::from(said);
        prop_assert_eq!(sheet.facts().header_line, Some(header_line));
        let mut line = header_line + names.iter().map(|name| breaks(name)).sum::<u64>() + 1;
        for (number, (row, record)) in (1..).zip(all(&sheet).iter().zip(&table)) {
            prop_assert_eq!(cells(row), record.iter().map(String::as_str).collect::<Vec<_>>());
            prop_assert_eq!((row.number, row.line, &row.flaw), (number, line, &None));
            line += record.iter().map(|cell| breaks(cell)).sum::<u64>() + 1;
        }
    }

    #[test]
    fn whatever_the_bytes_are_the_watch_and_the_reader_agree(
        bytes in prop::collection::vec(prop_oneof![
            8 => prop::sample::select(b"\",;\r\na =".to_vec()),
            1 => any::<u8>(),
        ], 0..60),
        before in prop::sample::select(vec!["", "a,b\n", "a;b\r\n", "\u{feff}sep=;\r", "a,sync_code,sync_row\n"]),
    ) {
        let bytes = [before.as_bytes(), &bytes].concat();
        match sheet(&bytes) {
            Err(why) => prop_assert!(!matches!(why, Unreadable::Disagreement { .. } | Unreadable::Changed), "{}", why),
            Ok(sheet) => {
                let rows = all(&sheet);
                prop_assert_eq!(rows.len() as u64, sheet.facts().rows);
                for row in rows.iter().filter(|row| row.flaw.is_none()) {
                    prop_assert!(row.len() <= sheet.header().len());
                }
            }
        }
    }
}
