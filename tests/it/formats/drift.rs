//! Headers that drift between two exports: taken with a warning, or refused, never guessed.

use super::Place;

#[test]
fn headers_that_differ_in_case_blanks_or_unicode_form_match_with_a_warning() {
    let place = Place::new();
    let row = "id0,Dana,Levi,a@example.com,0523456780,01/11/1990,x";
    let list = |header: &str| place.write("list.csv", format!("{header}\n{row}\n"));
    let clean = place.requests(&list("Id,First,Last,Mail,Phone,Born,Note"), &[]);
    for (header, told) in [
        (
            "ID,first,LAST,mail,PHONE,born,NOTE",
            "names the column `Id`, ",
        ),
        (
            "\"Id \",\u{a0}First,La st,\u{200b}Mail,Phone\u{feff},Born,Note",
            r"`\u{a0}First`",
        ),
    ] {
        let ran = place.run(&list(header), &[]);
        assert_eq!((ran.code, &ran.requests), (0, &clean), "{}", ran.told);
        assert!(
            ran.told.contains("it is taken for the same"),
            "{}",
            ran.told
        );
        assert!(ran.told.contains(told), "{}", ran.told);
    }
    let ran = place.run(
        &list("Id,First,Last,Mail,Phone,Born,NOTE,note").clone(),
        &[],
    );
    assert_eq!((ran.code, ran.requests.as_str()), (4, ""), "{}", ran.told);
    assert!(
        ran.told.contains("column-twice") && ran.told.contains("`NOTE` and `note`"),
        "{}",
        ran.told
    );
    // The exact spelling wins over one that only resembles it.
    let ran = place.run(&list("Id,First,Last,Mail,Phone,Born,Note,NOTE"), &[]);
    assert_eq!((ran.code, &ran.requests), (0, &clean), "{}", ran.told);
    let ran = place.run(&list("Id,Firts,Last,Mail,Phone,Born,Note"), &[]);
    assert_eq!(ran.code, 4, "{}", ran.told);
    assert!(ran.told.contains("did you mean `Firts`?"), "{}", ran.told);
}

#[test]
fn composed_and_decomposed_names_are_the_same() {
    let place = Place::new();
    let mapping = super::MAPPING.replace("\"Note\"", "\"Señal\"");
    place.write("mapping.toml", mapping);
    let list = place.write(
        "list.csv",
        "Id,First,Last,Mail,Phone,Born,Sen\u{303}al\nid0,,,,,,x\n",
    );
    let ran = place.run(&list, &[]);
    assert_eq!(ran.code, 0, "{}", ran.told);
    assert!(ran.requests.contains(r#""source":"x""#), "{}", ran.requests);
    assert!(
        ran.told.contains("\\u{303}") && ran.told.contains("\\u{f1}"),
        "{}",
        ran.told
    );
}
