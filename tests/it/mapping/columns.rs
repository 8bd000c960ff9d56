//! Columns on the right, held against the header of the file; and the dots of names on the left.

use super::told_with;

#[test]
fn dotted_keys_are_the_same_with_and_without_quotes() {
    let bare = r#"dndSettings.SMS.status = "Phonee"
"#;
    let quoted = r#""dndSettings.SMS.status" = "Phonee"
"#;
    let table = r#"[fields.dndSettings.SMS]
status = "Phonee"
"#;
    let line = |text: &str| {
        let begin = "provider = \"highlevel\"\n[contact]\nid = \"Id\"\n[fields]\n";
        let told = told_with(4, format!("{begin}{text}").as_bytes());
        told.lines().next().map(str::to_owned)
    };
    assert_eq!(
        line(bare).as_deref(),
        Some("error[missing-column]: no column `Phonee` in `people.csv`")
    );
    assert_eq!(line(bare), line(quoted));
    assert_eq!(line(bare), line(table));
}

#[test]
fn columns_are_held_against_the_file() {
    let mapping = r#"provider = "highlevel"
[contact]
id = "Idd"
[fields]
email = "Email"
name = { template = "{First Name} {Sur Name}" }
tags = "Tags"
city = "Zzz"
phone = "Phone"
"#;
    insta::assert_snapshot!(told_with(4, mapping.as_bytes()), @r#"
    error[missing-column]: no column `Idd` in `people.csv`
     --> my.toml:3:6
      |
    3 | id = "Idd"
      |      ^^^^^
      |
      = help: did you mean `Id`?

    error[missing-column]: no column `Email` in `people.csv`
     --> my.toml:5:9
      |
    5 | email = "Email"
      |         ^^^^^^^
      |
      = help: did you mean `E-mail`?

    error[missing-column]: no column `Sur Name` in `people.csv`
     --> my.toml:6:21
      |
    6 | name = { template = "{First Name} {Sur Name}" }
      |                     ^^^^^^^^^^^^^^^^^^^^^^^^^
      |
      = help: it has `Id`, `First Name`, `Last Name`, `E-mail`, `Phone`, `Birthday`, `Tags`, `Tags`

    error[column-twice]: `people.csv` has the column `Tags` twice
     --> my.toml:7:8
      |
    7 | tags = "Tags"
      |        ^^^^^^
      |
      = help: give one of them another header in the file

    error[missing-column]: no column `Zzz` in `people.csv`
     --> my.toml:8:8
      |
    8 | city = "Zzz"
      |        ^^^^^
      |
      = help: it has `Id`, `First Name`, `Last Name`, `E-mail`, `Phone`, `Birthday`, `Tags`, `Tags`

    5 mistakes in my.toml; nothing was sent
    "#);
}
