//! Files that LibreOffice made, in its own dialects: the same requests come out as from the clean file.
//!
//! Where there is no `soffice`, these tests say so and try nothing; it is too large to be installed for them.

use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::json;

use super::{PLAIN, Place, people, skipped, without_lines};

/// All columns as text, so that no phone loses its zero on the way in.
const AS_TEXT: &str = "CSV:44,34,76,1,1/2/2/2/3/2/4/2/5/2/6/2/7/2";
/// Every column as the program itself understands it.
const AS_IT_LIKES: &str = "CSV:44,34,76,1,,1033,false,true,false";

/// Lets LibreOffice write a file in another format; nothing where it is not there.
fn converted(place: &Place, from: &Path, how: &str, filter: &str, into: &str) -> Option<PathBuf> {
    let folder = place.at(into);
    let ran = Command::new("soffice")
        .arg(format!(
            "-env:UserInstallation=file://{}",
            place.at("office").display()
        ))
        .args(["--headless", "--convert-to", how])
        .args(
            Some(filter)
                .filter(|own| !own.is_empty())
                .map(|own| format!("--infilter={own}")),
        )
        .arg("--outdir")
        .arg(&folder)
        .arg(from)
        .output();
    let Ok(ran) = ran else {
        skipped("there is no soffice (LibreOffice)");
        return None;
    };
    let ending = how.split(':').next().unwrap_or(how);
    let file = folder
        .join(from.file_name().expect("a name"))
        .with_extension(ending);
    assert!(file.exists(), "{}", String::from_utf8_lossy(&ran.stderr));
    Some(file)
}

/// The clean list and its requests; nothing where it cannot be made.
fn clean(place: &Place) -> Option<(PathBuf, String)> {
    let job = json!({"kind": "text", "rows": people(&PLAIN)});
    let clean = place.made("list.csv", &job)?;
    let requests = place.requests(&clean, &[]);
    Some((clean, requests))
}

#[test]
fn workbooks_of_libreoffice_give_the_requests_of_the_clean_file() {
    let place = Place::new();
    let Some((list, expected)) = clean(&place) else {
        return;
    };
    let (expected, _) = without_lines(&expected);
    for kind in ["xlsx", "ods", "xls"] {
        let Some(made) = converted(&place, &list, kind, AS_TEXT, kind) else {
            return;
        };
        let (requests, lines) = without_lines(&place.requests(&made, &[]));
        assert_eq!(requests, expected, "{kind}");
        assert_eq!(lines, [2, 3, 4, 5, 6], "{kind}");
    }
}

#[test]
fn texts_of_libreoffice_give_the_requests_of_the_clean_file() {
    let place = Place::new();
    let Some((list, expected)) = clean(&place) else {
        return;
    };
    let Some(book) = converted(&place, &list, "ods", AS_TEXT, "ods") else {
        return;
    };
    // Separator, quote, encoding by LibreOffice's numbers: UTF-16, Windows-1252, Windows-1255, UTF-8.
    for (tokens, options) in [
        ("59,34,76,1,,0,false,true,false", &[][..]),
        ("9,34,65535,1,,0,true,true,false", &[][..]),
        (
            "59,34,1,1,,0,false,true,false",
            &["--encoding", "windows-1252"][..],
        ),
        (
            "9,34,33,1,,0,true,true,false",
            &["--encoding", "windows-1255"][..],
        ),
        ("124,39,76,1,,0,true,true,false", &["--quote", "'"][..]),
    ] {
        let how = format!("csv:Text - txt - csv (StarCalc):{tokens}");
        let Some(made) = converted(&place, &book, &how, "", "csv") else {
            return;
        };
        assert_eq!(place.requests(&made, options), expected, "{tokens}");
    }
}

#[test]
fn what_libreoffice_takes_for_numbers_days_and_truths_is_what_its_own_export_shows() {
    let place = Place::new();
    place.write(
        "mapping.toml",
        "provider = \"highlevel\"\n[account]\ntoken = { env = \"NOT_NEEDED\" }\n[contact]\nid = \"Id\"\n[fields]\n\
         phone = { column = \"Phone\", region = \"IL\" }\ndateOfBirth = \"Born\"\nsource = \"Amount\"\ncity = \"Sure\"\n",
    );
    let list = place.write(
        "list.csv",
        "Id,Phone,Born,Amount,Sure\na1,972523456780,1990-11-01,15.00%,TRUE\na2,972523456781,2021-03-04,1234.5,FALSE\n",
    );
    let expected = without_lines(&place.requests(&list, &[])).0;
    for kind in ["xlsx", "ods", "xls"] {
        let Some(made) = converted(&place, &list, kind, AS_IT_LIKES, kind) else {
            return;
        };
        let (requests, _) = without_lines(&place.requests(&made, &[]));
        if kind == "xlsx" {
            assert_eq!(requests, expected, "{kind}");
            continue;
        }
        // Number formats are not known here: the share is its number.
        for (own, other) in requests.iter().zip(&expected) {
            for field in ["phone", "dateOfBirth", "city"] {
                assert_eq!(own["body"][field], other["body"][field], "{kind}");
            }
        }
        let told = place.run(&made, &[]).told;
        assert!(
            told.contains("numbers of this kind of file come without their cell formats"),
            "{told}"
        );
    }
}
