//! A text that is no TOML: told in plain words, as much of it as can be known, and without a secret.

use super::told;

#[test]
fn several_slips_are_told_at_once() {
    insta::assert_snapshot!(told(r#"provider = "highlevel
[contact]
id = "Id"
[fields]
email = E-mail
firstName = "First Name"
firstName = "Last Name"
city "City"
state =
postalCode = "a\c"
country = { column = "First Name" region = "IL" }
frstName = "First Name"
"#), @r#"
error[toml]: this text is not closed, or holds a character that cannot stand in it
 --> my.toml:1:22
  |
1 | provider = "highlevel
  |                      ^
  |
  = help: end it with the quote with which it begins; in `"…"` a backslash is written `\\`

error[toml]: this text has no quotes
 --> my.toml:5:9
  |
5 | email = E-mail
  |         ^^^^^^
  |
  = help: write it in quotes, as in `"First Name"`

error[toml]: `firstName` stands here for the second time
 --> my.toml:7:1
  |
7 | firstName = "Last Name"
  | ^^^^^^^^^
  |
  = help: keep one of the two

error[toml]: a key stands here without `=` and a value
 --> my.toml:8:6
  |
8 | city "City"
  |      ^
  |
  = help: write it like `email = "E-mail"`

error[toml]: a comma is missing
  --> my.toml:11:35
   |
11 | country = { column = "First Name" region = "IL" }
   |                                   ^

5 mistakes in my.toml; nothing was sent
"#);
}

#[test]
fn what_was_understood_is_checked_beside_the_slips() {
    insta::assert_snapshot!(told(r#"provider = "highlevel"
[contact]
id = "Id"
[fields]
firstName =
postalCode = "a\c"
city = ["a" "b"]
frstName = "First Name"
state = 'State"
"#), @r#"
error[toml]: nothing stands after the `=`
 --> my.toml:5:12
  |
5 | firstName =
  |            ^
  |
  = help: write the column's header there, in quotes

error[toml]: a backslash means something in `"…"`
 --> my.toml:6:17
  |
6 | postalCode = "a\c"
  |                 ^
  |
  = help: write `\\`, or put the text in `'…'`

error[wrong-constant]: `city` takes one value, not a list
 --> my.toml:7:8
  |
7 | city = ["a" "b"]
  |        ^^^^^^^^^
  |
  = help: write `"…"` for the column of that name, or `{ value = "…" }` for the same in every row

error[toml]: a comma is missing
 --> my.toml:7:13
  |
7 | city = ["a" "b"]
  |             ^

error[unknown-field]: HighLevel has no field `frstName`
 --> my.toml:8:1
  |
8 | frstName = "First Name"
  | ^^^^^^^^
  |
  = help: did you mean `firstName`?

error[toml]: this text is not closed, or holds a character that cannot stand in it
 --> my.toml:9:16
  |
9 | state = 'State"
  |                ^
  |
  = help: end it with the quote with which it begins; in `"…"` a backslash is written `\\`

6 mistakes in my.toml; nothing was sent
"#);
}

#[test]
fn a_field_cannot_be_text_and_table() {
    insta::assert_snapshot!(told(r#"provider = "highlevel"
contact.id = "Id"
fields.dndSettings = "Phone"
fields.dndSettings.SMS.status = "Phone"
"#), @r#"
error[toml]: `dndSettings` is set as a whole above, so nothing can be set inside it
 --> my.toml:4:8
  |
4 | fields.dndSettings.SMS.status = "Phone"
  |        ^^^^^^^^^^^
  |
  = help: keep one of the two

1 mistake in my.toml; nothing was sent
"#);
}

#[test]
fn after_an_open_bracket_nothing_is_guessed() {
    insta::assert_snapshot!(told(r#"provider = "highlevel"
[contact
id = "Id"
[fields]
email = { column = "E-mail",
phone = "Phone"
"#), @r#"
error[toml]: a bracket is never closed: `]` is missing
 --> my.toml:2:9
  |
2 | [contact
  |         ^
  |
  = help: what stands below it can only be read when it is closed

error[toml]: a bracket is never closed: `}` is missing
 --> my.toml:6:16
  |
6 | phone = "Phone"
  |                ^
  |
  = help: what stands below it can only be read when it is closed

2 mistakes in my.toml; nothing was sent
"#);
}

#[test]
fn what_may_be_a_secret_is_not_shown_beside_a_slip() {
    let told = told(
        r#"provider = "highlevel"
[account]
token = pit-canary-1
token = "pit-canary-2"
location_id = 'canary-3
"canary-4"
[fields]
account.token = canary-5
"#,
    );
    assert!(!told.contains("canary"), "{told}");
    insta::assert_snapshot!(told, @r#"
    error[toml]: this text has no quotes
     --> my.toml:3:9
      |
    3 | token = …
      |         ^
      |
      = help: write it in quotes, as in `"First Name"`

    error[secret-in-mapping]: `token` is a secret and may not stand in a mapping
     --> my.toml:3:9
      |
    3 | token = …
      |         ^
      |
      = help: write `token = { env = "NAME" }` and put it into the environment; change it at the provider if this file was shared

    error[toml]: `token` stands here for the second time
     --> my.toml:4:1
      |
    4 | token = …
      | ^^^^^
      |
      = help: keep one of the two

    error[toml]: this text is not closed, or holds a character that cannot stand in it
     --> my.toml:5:24
      |
    5 | location_id = …
      |               ^
      |
      = help: end it with the quote with which it begins; in `"…"` a backslash is written `\\`

    error[toml]: a key stands here without `=` and a value
     --> my.toml:6:11
      |
    6 | …
      | ^
      |
      = help: write it like `email = "E-mail"`

    5 mistakes in my.toml; nothing was sent
    "#);
}
