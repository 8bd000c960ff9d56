//! `[tags]`: what may be said of them, and where.

use super::told;

#[test]
fn tags_are_set_only_where_the_provider_takes_them_with_the_contact() {
    insta::assert_snapshot!(told(r#"provider = "acquire"
[contact]
id = "Id"
[fields]
email = "E-mail"
[tags]
set = { column = "Phone", split = ";" }
"#), @r#"
error[cannot]: Acquire has no known way to set a contact's tags
 --> my.toml:7:1
  |
7 | set = { column = "Phone", split = ";" }
  | ^^^
  |
  = help: leave it out

1 mistake in my.toml; nothing was sent
"#);
    insta::assert_snapshot!(told(r#"provider = "highlevel"
[contact]
id = "Id"
[tags]
sett = { column = "Phone", split = ";" }
"#), @r#"
error[unknown-key]: no key `sett` in `[tags]`
 --> my.toml:5:1
  |
5 | sett = { column = "Phone", split = ";" }
  | ^^^^
  |
  = help: did you mean `set`?

1 mistake in my.toml; nothing was sent
"#);
}

#[test]
fn options_that_mean_nothing_for_tags_are_told_as_those_of_fields_are() {
    insta::assert_snapshot!(told(r#"provider = "highlevel"
[contact]
id = "Id"
[tags]
add = { column = "Phone", type = "date", format = "%d", region = "IL", true = ["a"], by = "id", accept = "all", clean = ["trimm"] }
remove = { column = "Phone", empty = "clear" }
"#), @r#"
error[wrong-option]: `add` is of type `list` at this provider
 --> my.toml:5:34
  |
5 | add = { column = "Phone", type = "date", format = "%d", region = "IL", true = ["a"], by = "id", accept = "all", clean = …
  |                                  ^^^^^^
  |
  = help: leave `type` out

error[wrong-option]: `format` means nothing for `add`, which is of type `list`
 --> my.toml:5:51
  |
5 | …lumn = "Phone", type = "date", format = "%d", region = "IL", true = ["a"], by = "id", accept = "all", clean = ["trimm"] …
  |                                          ^^^^
  |
  = help: it is for fields of type `date`, `datetime` and `time`

error[wrong-option]: `region` means nothing for `add`, which is of type `list`
 --> my.toml:5:66
  |
5 | … type = "date", format = "%d", region = "IL", true = ["a"], by = "id", accept = "all", clean = ["trimm"] }
  |                                          ^^^^
  |
  = help: it is for fields of type `phone`

error[wrong-option]: `true` means nothing for `add`, which is of type `list`
 --> my.toml:5:79
  |
5 | …", format = "%d", region = "IL", true = ["a"], by = "id", accept = "all", clean = ["trimm"] }
  |                                          ^^^^^
  |
  = help: it is for fields of type `boolean`

error[wrong-option]: `by` means nothing for `add`
 --> my.toml:5:91
  |
5 | …"%d", region = "IL", true = ["a"], by = "id", accept = "all", clean = ["trimm"] }
  |                                          ^^^^

error[wrong-option]: `add` has nothing to accept
 --> my.toml:5:106
  |
5 | …"IL", true = ["a"], by = "id", accept = "all", clean = ["trimm"] }
  |                                          ^^^^^

error[unknown-word]: no cleaner `trimm`
 --> my.toml:5:122
  |
5 | …"], by = "id", accept = "all", clean = ["trimm"] }
  |                                          ^^^^^^^
  |
  = help: did you mean `trim`?

error[cannot]: a blank cell under `remove` cannot take all tags away
 --> my.toml:6:38
  |
6 | remove = { column = "Phone", empty = "clear" }
  |                                      ^^^^^^^
  |
  = help: only `set` can, as it replaces all tags of a contact

8 mistakes in my.toml; nothing was sent
"#);
    insta::assert_snapshot!(told(r#"provider = "highlevel"
[contact]
id = "Id"
[tags]
set = { column = "Phone", type = "date", format = "%d" }
"#), @r#"
error[wrong-option]: `tags` is of type `list` at this provider
 --> my.toml:5:34
  |
5 | set = { column = "Phone", type = "date", format = "%d" }
  |                                  ^^^^^^
  |
  = help: leave `type` out

error[wrong-option]: `format` means nothing for `tags`, which is of type `list`
 --> my.toml:5:51
  |
5 | set = { column = "Phone", type = "date", format = "%d" }
  |                                                   ^^^^
  |
  = help: it is for fields of type `date`, `datetime` and `time`

2 mistakes in my.toml; nothing was sent
"#);
}

#[test]
fn tags_are_set_or_else_added_and_removed() {
    insta::assert_snapshot!(told(r#"provider = "99digital"
[contact]
id = "Id"
[tags]
add = { column = "Phone" }
set = ["vip"]
"#), @r#"
error[set-twice]: `[tags]` has both `set` and `add`
 --> my.toml:6:1
  |
6 | set = ["vip"]
  | ^^^
  |
  = help: keep `set` to replace all tags of a contact, or `add` and `remove` to leave the others alone

1 mistake in my.toml; nothing was sent
"#);
}

#[test]
fn a_list_of_tags_names_some() {
    insta::assert_snapshot!(told(r#"provider = "highlevel"
[contact]
id = "Id"
[tags]
add = []
remove = { value = " ; ", split = ";" }
"#), @r#"
error[wrong-constant]: `add` has nothing in its list
 --> my.toml:5:7
  |
5 | add = []
  |       ^^
  |
  = help: write what it should hold, or leave the line out

error[wrong-constant]: `remove` has nothing in its list
 --> my.toml:6:20
  |
6 | remove = { value = " ; ", split = ";" }
  |                    ^^^^^
  |
  = help: write what it should hold, or leave the line out

2 mistakes in my.toml; nothing was sent
"#);
    insta::assert_snapshot!(told(r#"provider = "highlevel"
[contact]
id = "Id"
[tags]
set = [""]
"#), @r#"
error[wrong-constant]: `tags` has nothing in its list
 --> my.toml:5:7
  |
5 | set = [""]
  |       ^^^^
  |
  = help: write what it should hold, or `[]` to take everything away

1 mistake in my.toml; nothing was sent
"#);
}
