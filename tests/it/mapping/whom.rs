//! `[contact]` with `match` and `mode`: by what a contact is known, and what a row may do.

use super::told;

#[test]
fn a_contact_is_known_in_one_way() {
    insta::assert_snapshot!(told(r#"provider = "highlevel"
[contact]
id = "Id"
match = { email = "E-mail" }
[fields]
email = "E-mail"
"#), @r#"
error[set-twice]: `[contact]` has both `id` and `match`
 --> my.toml:3:6
  |
3 | id = "Id"
  |      ^^^^
  |
  = help: keep `id` where the file has the provider's own ids, and `match` where it has not

1 mistake in my.toml; nothing was sent
"#);
}

#[test]
fn modes_and_keys_of_a_match_are_few() {
    insta::assert_snapshot!(told(r#"provider = "highlevel"
[contact]
mode = "merge"
match = { emial = "E-mail", shoe_size = "Phone", phone = 5 }
[fields]
email = "E-mail"
"#), @r#"
error[unknown-word]: no mode `merge`
 --> my.toml:3:8
  |
3 | mode = "merge"
  |        ^^^^^^^
  |
  = help: there are `update`, `upsert` and `create`

error[unknown-key]: contacts are not known by `emial`
 --> my.toml:4:11
  |
4 | match = { emial = "E-mail", shoe_size = "Phone", phone = 5 }
  |           ^^^^^
  |
  = help: did you mean `email`?

error[unknown-key]: contacts are not known by `shoe_size`
 --> my.toml:4:29
  |
4 | match = { emial = "E-mail", shoe_size = "Phone", phone = 5 }
  |                             ^^^^^^^^^
  |
  = help: there are `email`, `phone` and `external_id`

error[wrong-type]: `phone` is an integer, not a column
 --> my.toml:4:58
  |
4 | match = { emial = "E-mail", shoe_size = "Phone", phone = 5 }
  |                                                          ^
  |
  = help: write the column's header in quotes, or `{ value = 5 }` for the same in every row

4 mistakes in my.toml; nothing was sent
"#);
}

#[test]
fn who_is_found_by_one_column_is_not_made_with_another() {
    insta::assert_snapshot!(told(r#"provider = "highlevel"
[account]
token = { env = "T" }
location_id = "ve9EPM428h8vShlRW1KT"
[contact]
mode = "upsert"
match = { email = "E-mail", phone = "Phone" }
[fields]
email = "Last Name"
phone = { value = "+972523456781" }
"#), @r#"
error[other-column]: people are looked for by column `E-mail`, and new ones are given column `Last Name` as their `email`
 --> my.toml:7:11
  |
7 | match = { email = "E-mail", phone = "Phone" }
  |           ^^^^^
  |
  = help: the next run would not find those by their `email` and would make them again; take one column for both, or leave `mode` out

error[other-column]: people are looked for by column `Phone`, and new ones are given the same text for everybody as their `phone`
 --> my.toml:7:29
  |
7 | match = { email = "E-mail", phone = "Phone" }
  |                             ^^^^^
  |
  = help: the next run would not find those by their `phone` and would make them again; take one column for both, or leave `mode` out

2 mistakes in my.toml; nothing was sent
"#);
}
