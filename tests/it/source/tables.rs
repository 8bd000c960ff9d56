//! Any table in any dialect comes back cell for cell; any bytes at all do no harm.

use std::io::Write;

use contact_sync::source::{Told, Unreadable, open_told};
use proptest::prelude::*;

use super::{all, cells, file, input, sheet};

fn cell() -> impl Strategy<Value = String> {
    prop_oneof![
        "[\",;|\t\r\n a\u{5d0}\u{feff}]{0,6}",
        "[\"\r\n]{0,9}",
        any::<String>().prop_map(|text| text.replace(['\0', '\u{e5e5}'], "")),
    ]
}

/// Physical lines that a text adds, said in another way than the program does.
fn breaks(text: &str) -> u64 {
    let pieces: Vec<String> = text
        .split("\r\r\n")
        .map(|piece| piece.replace("\r\n", "\n").replace('\r', "\n"))
        .collect();
    let inner: usize = pieces.iter().map(|piece| piece.matches('\n').count()).sum();
    (inner + pieces.len() - 1) as u64
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

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
    fn any_table_in_any_told_dialect_comes_back_cell_for_cell(
        table in (1_usize..5).prop_flat_map(|width| {
            prop::collection::vec(prop::collection::vec(cell(), width), 1..6)
        }),
        delimiter in prop::sample::select(b",;\t|^~ -x".to_vec()),
        quote in prop::sample::select(b"\"'`".to_vec()),
        comments in prop::option::of("[a\"',;]{0,4}"),
        titles in prop::option::of(prop::collection::vec("[a\"',;#]{0,6}", 0..3)),
        end in prop::sample::select(vec!["\n", "\r\n", "\r"]),
        encoding in prop::sample::select(vec!["utf-8", "utf-16le", "utf-16be", "gb18030"]),
        packed: bool,
    ) {
        // Every cell stands in quotes, so that none is taken for a comment.
        let quoted = |cell: &String| {
            let quote = char::from(quote);
            format!("{quote}{}{quote}", cell.replace(quote, &format!("{quote}{quote}")))
        };
        let line = |cells: &[String]| {
            let cells: Vec<String> = cells.iter().map(quoted).collect();
            cells.join(&char::from(delimiter).to_string()) + end
        };
        let names: Vec<String> = (0..table[0].len()).map(|at| format!("n{at}")).collect();
        let mut told = Told::default()
            .encoding(encoding)
            .and_then(|told| told.delimiter(&char::from(delimiter).to_string()))
            .and_then(|told| told.quote(&char::from(quote).to_string()))
            .expect("words that are known");
        let mut written = String::new();
        if let Some(titles) = &titles {
            titles.iter().for_each(|title| written += &format!("{title}{end}"));
            told = told.header_row(titles.len() as u64 + 1);
        }
        let above = titles.map_or(0, |titles| titles.len() as u64);
        written += &line(&names);
        let mut at = above + 2;
        let mut lines = Vec::new();
        for record in &table {
            if let Some(comment) = &comments {
                written += &format!("#{comment}{end}");
                at += 1;
            }
            lines.push(at);
            written += &line(record);
            at += record.iter().map(|cell| breaks(cell)).sum::<u64>() + 1;
        }
        if comments.is_some() {
            told = told.comment("#").expect("one character");
        }
        let mut bytes: Vec<u8> = match encoding {
            "utf-16le" => written.encode_utf16().flat_map(u16::to_le_bytes).collect(),
            "utf-16be" => written.encode_utf16().flat_map(u16::to_be_bytes).collect(),
            "gb18030" => encoding_rs::GB18030.encode(&written).0.into_owned(),
            _ => written.into_bytes(),
        };
        if packed {
            let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
            gzip.write_all(&bytes).expect("memory");
            bytes = gzip.finish().expect("memory");
        }
        let file = file(&bytes);
        let sheet = open_told(&input(file.path()), &told.checked().expect("they fit together"));
        let sheet = sheet.expect("a sound file");
        prop_assert_eq!(sheet.header(), &names[..]);
        prop_assert_eq!(sheet.facts().header_line, Some(above + 1));
        let rows = all(&sheet);
        prop_assert_eq!(rows.len(), table.len());
        for ((row, record), line) in rows.iter().zip(&table).zip(lines) {
            prop_assert_eq!(cells(row), record.iter().map(String::as_str).collect::<Vec<_>>());
            prop_assert_eq!((row.line, &row.flaw), (line, &None));
        }
    }

    #[test]
    fn whatever_the_bytes_are_the_watch_and_the_reader_agree(
        bytes in prop::collection::vec(prop_oneof![
            8 => prop::sample::select(b"\",;\r\na =".to_vec()),
            1 => any::<u8>(),
        ], 0..60),
        before in prop::sample::select(vec!["", "a,b\n", "a;b\r\n", "\u{feff}sep=;\r", "a,sync_code,sync_row\n"]),
        odd in 0_u16..512,
    ) {
        let bytes = [before.as_bytes(), &bytes].concat();
        let mut told = Told::default();
        if odd & 1 > 0 {
            told = told.quote(if odd & 2 > 0 { "none" } else { "a" }).expect("a quote");
        }
        if odd & 4 > 0 {
            told = told.comment("=").expect("one character");
        }
        if odd & 8 > 0 {
            told = told.header_row(u64::from(odd >> 6));
        }
        if odd & 16 > 0 {
            told = told.no_header();
        }
        let written = file(&bytes);
        match open_told(&input(written.path()), &told) {
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
