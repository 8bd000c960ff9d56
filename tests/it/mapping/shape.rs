//! A mapping that is TOML and has the wrong keys or the wrong kinds of values.

use super::{about_fields, told};

#[test]
fn every_table_and_key_at_the_top_has_its_kind() {
    insta::assert_snapshot!(told(r#"provider = 3
base_url = ["x"]
rate = 5
tagz = 1
something_else = 1
account = "x"
contact = []
fields = "x"
custom_fields = false
tags = 1979-05-27
"#), @r#"
error[wrong-type]: `provider` is an integer, not text
 --> my.toml:1:12
  |
1 | provider = 3
  |            ^
  |
  = help: put it in quotes

error[wrong-type]: `base_url` is an array, not text
 --> my.toml:2:12
  |
2 | base_url = ["x"]
  |            ^^^^^
  |
  = help: put it in quotes

error[wrong-type]: `rate` is an integer, not text
 --> my.toml:3:8
  |
3 | rate = 5
  |        ^
  |
  = help: put it in quotes

error[unknown-key]: no key `tagz` at the top of a mapping
 --> my.toml:4:1
  |
4 | tagz = 1
  | ^^^^
  |
  = help: did you mean `tags`?

error[unknown-key]: no key `something_else` at the top of a mapping
 --> my.toml:5:1
  |
5 | something_else = 1
  | ^^^^^^^^^^^^^^
  |
  = help: there are `provider`, `base_url`, `rate`, `account`, `contact`, `fields`, `custom_fields` and `tags`

error[wrong-type]: `account` is text, not a table
 --> my.toml:6:11
  |
6 | account = "x"
  |           ^^^
  |
  = help: write `[account]` on a line of its own and its keys below

error[wrong-type]: `contact` is an array, not a table
 --> my.toml:7:11
  |
7 | contact = []
  |           ^^
  |
  = help: write `[contact]` on a line of its own and its keys below

error[wrong-type]: `fields` is text, not a table
 --> my.toml:8:10
  |
8 | fields = "x"
  |          ^^^
  |
  = help: write `[fields]` on a line of its own and its keys below

error[wrong-type]: `custom_fields` is a boolean, not a table
 --> my.toml:9:17
  |
9 | custom_fields = false
  |                 ^^^^^
  |
  = help: write `[custom_fields]` on a line of its own and its keys below

error[wrong-type]: `tags` is a datetime, not a table
  --> my.toml:10:8
   |
10 | tags = 1979-05-27
   |        ^^^^^^^^^^
   |
   = help: write `[tags]` on a line of its own and its keys below

10 mistakes in my.toml; nothing was sent
"#);
}

#[test]
fn an_empty_mapping_says_how_to_begin() {
    insta::assert_snapshot!(told(""), @r#"
    error[missing-key]: no `provider`
    --> my.toml
     = help: say whose contacts these are, such as `provider = "…"`; `contact-sync providers` lists them

    1 mistake in my.toml; nothing was sent
    "#);
    insta::assert_snapshot!(told("provider = \"highlevel\"\n"), @r#"
    error[nothing-mapped]: no field is mapped
    --> my.toml
     = help: write `[fields]` and below it which column goes into which field

    error[missing-key]: nothing says which contact a row is about
    --> my.toml
     = help: write `[contact]` and below it `id = "…"`, the column with the provider's own id, or `match = { email = "…" }`

    2 mistakes in my.toml; nothing was sent
    "#);
    insta::assert_snapshot!(told("provider = \"highlevel\"\n[contact]\nid = \"Id\"\n"), @r"
    error[nothing-mapped]: no field is mapped
    --> my.toml
     = help: write `[fields]` and below it which column goes into which field

    1 mistake in my.toml; nothing was sent
    ");
}

#[test]
fn the_contact_is_named_by_one_column() {
    insta::assert_snapshot!(told(r#"provider = "highlevel"
[contact]
idd = "Id"
[fields]
email = "E-mail"
"#), @r#"
error[unknown-key]: no key `idd` in `[contact]`
 --> my.toml:3:1
  |
3 | idd = "Id"
  | ^^^
  |
  = help: did you mean `id`?

1 mistake in my.toml; nothing was sent
"#);
    insta::assert_snapshot!(told(r#"provider = "highlevel"
[contact]
id = { column = "Id", required = true, lookup = { a = "b" }, empty = "skip" }
[fields]
email = "E-mail"
"#), @r#"
error[wrong-option]: `lookup` means nothing for the id of a contact
 --> my.toml:3:49
  |
3 | id = { column = "Id", required = true, lookup = { a = "b" }, empty = "skip" }
  |                                                 ^^^^^^^^^^^
  |
  = help: an id is taken as it is; only `clean` may stand beside its column

error[wrong-option]: `empty` means nothing for the id of a contact
 --> my.toml:3:70
  |
3 | id = { column = "Id", required = true, lookup = { a = "b" }, empty = "skip" }
  |                                                                      ^^^^^^
  |
  = help: an id is taken as it is; only `clean` may stand beside its column

2 mistakes in my.toml; nothing was sent
"#);
    insta::assert_snapshot!(told(r#"provider = "highlevel"
[contact]
id = { value = "5", clean = ["trimm"] }
[fields]
email = "E-mail"
"#), @r#"
error[wrong-source]: the id of a contact cannot be the same in every row
 --> my.toml:3:6
  |
3 | id = { value = "5", clean = ["trimm"] }
  |      ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
  |
  = help: write `id = "…"`, the column with the provider's own id

error[unknown-word]: no cleaner `trimm`
 --> my.toml:3:30
  |
3 | id = { value = "5", clean = ["trimm"] }
  |                              ^^^^^^^
  |
  = help: did you mean `trim`?

2 mistakes in my.toml; nothing was sent
"#);
}

#[test]
fn a_field_is_a_column_or_a_table() {
    insta::assert_snapshot!(about_fields("highlevel", r#"firstName = true
lastName = { column = 3, template = 4 }
email = {}
phone = { colum = "Phone" }
city = { colum = "Phone", required = true }
state = { required = true }
address1 = { value = { a = 1 } }
"#), @r#"
error[wrong-type]: `firstName` is a boolean, not a column
 --> my.toml:5:13
  |
5 | firstName = true
  |             ^^^^
  |
  = help: write the column's header in quotes, or `{ value = true }` for the same in every row

error[wrong-source]: `lastName` needs exactly one of `column`, `template` and `value`
 --> my.toml:6:12
  |
6 | lastName = { column = 3, template = 4 }
  |            ^^^^^^^^^^^^^^^^^^^^^^^^^^^^

error[wrong-type]: `column` is an integer, not text
 --> my.toml:6:23
  |
6 | lastName = { column = 3, template = 4 }
  |                       ^
  |
  = help: put it in quotes

error[wrong-type]: `template` is an integer, not text
 --> my.toml:6:37
  |
6 | lastName = { column = 3, template = 4 }
  |                                     ^
  |
  = help: put it in quotes

error[wrong-source]: `email` needs exactly one of `column`, `template` and `value`
 --> my.toml:7:9
  |
7 | email = {}
  |         ^^

error[unknown-key]: no key `colum` for `phone`
 --> my.toml:8:11
  |
8 | phone = { colum = "Phone" }
  |           ^^^^^
  |
  = help: did you mean `column`?

error[unknown-key]: no key `colum` for `city`
 --> my.toml:9:10
  |
9 | city = { colum = "Phone", required = true }
  |          ^^^^^
  |
  = help: did you mean `column`?

error[wrong-source]: `state` needs exactly one of `column`, `template` and `value`
  --> my.toml:10:9
   |
10 | state = { required = true }
   |         ^^^^^^^^^^^^^^^^^^^

error[wrong-type]: `value` cannot hold a table
  --> my.toml:11:22
   |
11 | address1 = { value = { a = 1 } }
   |                      ^^^^^^^^^
   |
   = help: write text, a number, `true`, `false`, or a list of texts

9 mistakes in my.toml; nothing was sent
"#);
}

#[test]
fn every_option_has_its_kind() {
    insta::assert_snapshot!(about_fields("highlevel", r#"email = { column = "E-mail", requird = true, required = "yes" }
city = { column = "Phone", clean = 3, lookup = "x" }
phone = { column = "Phone", region = 972, clean = ["trim", 4] }
state = { column = "Phone", lookup = { a = {}, b = [1], c = "ok", d = 5 } }
dnd = { column = "Phone", true = 1, false = { a = 1 } }
"#), @r#"
error[unknown-key]: no key `requird` for `email`
 --> my.toml:5:30
  |
5 | email = { column = "E-mail", requird = true, required = "yes" }
  |                              ^^^^^^^
  |
  = help: did you mean `required`?

error[wrong-type]: `required` is `true` or `false`, without quotes
 --> my.toml:5:57
  |
5 | email = { column = "E-mail", requird = true, required = "yes" }
  |                                                         ^^^^^

error[wrong-type]: `clean` is an integer, not a list of texts
 --> my.toml:6:36
  |
6 | city = { column = "Phone", clean = 3, lookup = "x" }
  |                                    ^
  |
  = help: write `clean = ["…", "…"]`

error[wrong-type]: `lookup` is text, not a table
 --> my.toml:6:48
  |
6 | city = { column = "Phone", clean = 3, lookup = "x" }
  |                                                ^^^
  |
  = help: write what the cells hold and what to send, as in `{ "Israel" = "IL" }`

error[wrong-type]: `region` is an integer, not text
 --> my.toml:7:38
  |
7 | phone = { column = "Phone", region = 972, clean = ["trim", 4] }
  |                                      ^^^
  |
  = help: put it in quotes

error[wrong-type]: `clean` is an integer, not text
 --> my.toml:7:60
  |
7 | phone = { column = "Phone", region = 972, clean = ["trim", 4] }
  |                                                            ^
  |
  = help: put it in quotes

error[wrong-type]: `lookup` cannot hold a table
 --> my.toml:8:44
  |
8 | state = { column = "Phone", lookup = { a = {}, b = [1], c = "ok", d = 5 } }
  |                                            ^^
  |
  = help: write text, a number, `true`, `false`, or a list of texts

error[wrong-type]: `lookup` is an integer, not text
 --> my.toml:8:53
  |
8 | state = { column = "Phone", lookup = { a = {}, b = [1], c = "ok", d = 5 } }
  |                                                     ^
  |
  = help: put it in quotes

error[wrong-type]: `true` is an integer, not a list of texts
 --> my.toml:9:34
  |
9 | dnd = { column = "Phone", true = 1, false = { a = 1 } }
  |                                  ^
  |
  = help: write `true = ["…", "…"]`

error[wrong-type]: `false` is a table, not a list of texts
 --> my.toml:9:45
  |
9 | dnd = { column = "Phone", true = 1, false = { a = 1 } }
  |                                             ^^^^^^^^^
  |
  = help: write `false = ["…", "…"]`

10 mistakes in my.toml; nothing was sent
"#);
}
