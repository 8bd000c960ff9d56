//! What is said about a value: words that there are none of, options that mean nothing for the type, constants.

use super::about_fields;

#[test]
fn words_that_there_are_none_of() {
    insta::assert_snapshot!(about_fields("highlevel", r#"firstName = { column = "First Name", clean = ["trimm", "zzz"] }
lastName = { column = "Last Name", type = "tex" }
city = { column = "Last Name", type = "zzz" }
phone = { column = "Phone", region = "XX" }
state = { column = "Phone", empty = "remove" }
"#), @r#"
error[unknown-word]: no cleaner `trimm`
 --> my.toml:5:47
  |
5 | firstName = { column = "First Name", clean = ["trimm", "zzz"] }
  |                                               ^^^^^^^
  |
  = help: did you mean `trim`?

error[unknown-word]: no cleaner `zzz`
 --> my.toml:5:56
  |
5 | firstName = { column = "First Name", clean = ["trimm", "zzz"] }
  |                                                        ^^^^^
  |
  = help: there are `trim`, `collapse`, `lowercase`, `lower`, `uppercase`, `upper`, `title`, `digits` and `text-marker`

error[unknown-word]: no type `tex`
 --> my.toml:6:43
  |
6 | lastName = { column = "Last Name", type = "tex" }
  |                                           ^^^^^
  |
  = help: did you mean `text`?

error[unknown-word]: no type `zzz`
 --> my.toml:7:39
  |
7 | city = { column = "Last Name", type = "zzz" }
  |                                       ^^^^^
  |
  = help: there are `text`, `integer`, `number`, `boolean`, `date`, `datetime`, `time`, `email`, `phone`, `url`, `uuid`, `country`, `timezone`, `list` and `object`

error[unknown-word]: no region `XX`
 --> my.toml:8:38
  |
8 | phone = { column = "Phone", region = "XX" }
  |                                      ^^^^
  |
  = help: write the two letters of a country, such as `IL`, `GB` or `US`

error[unknown-word]: `empty` cannot be `remove`
 --> my.toml:9:37
  |
9 | state = { column = "Phone", empty = "remove" }
  |                                     ^^^^^^^^
  |
  = help: there are `skip`, `clear` and `error`

6 mistakes in my.toml; nothing was sent
"#);
}

#[test]
fn options_that_mean_nothing_for_the_type() {
    insta::assert_snapshot!(about_fields("highlevel", r#"firstName = { column = "First Name", region = "IL", format = "%d", zone = "UTC" }
timezone = { column = "Phone", split = ";", decimal = ",", thousands = "." }
country = { column = "Phone", type = "text", true = ["a"], false = ["b"] }
"#), @r#"
error[wrong-option]: `region` means nothing for `firstName`, which is of type `text`
 --> my.toml:5:47
  |
5 | firstName = { column = "First Name", region = "IL", format = "%d", zone = "UTC" }
  |                                               ^^^^
  |
  = help: it is for fields of type `phone`

error[wrong-option]: `format` means nothing for `firstName`, which is of type `text`
 --> my.toml:5:62
  |
5 | firstName = { column = "First Name", region = "IL", format = "%d", zone = "UTC" }
  |                                                              ^^^^
  |
  = help: it is for fields of type `date`, `datetime` and `time`

error[wrong-option]: `zone` means nothing for `firstName`, which is of type `text`
 --> my.toml:5:75
  |
5 | firstName = { column = "First Name", region = "IL", format = "%d", zone = "UTC" }
  |                                                                           ^^^^^
  |
  = help: it is for fields of type `datetime`

error[wrong-option]: `split` means nothing for `timezone`, which is of type `timezone`
 --> my.toml:6:40
  |
6 | timezone = { column = "Phone", split = ";", decimal = ",", thousands = "." }
  |                                        ^^^
  |
  = help: it is for fields of type `list`

error[wrong-option]: `decimal` means nothing for `timezone`, which is of type `timezone`
 --> my.toml:6:55
  |
6 | timezone = { column = "Phone", split = ";", decimal = ",", thousands = "." }
  |                                                       ^^^
  |
  = help: it is for fields of type `integer` and `number`

error[wrong-option]: `thousands` means nothing for `timezone`, which is of type `timezone`
 --> my.toml:6:72
  |
6 | timezone = { column = "Phone", split = ";", decimal = ",", thousands = "." }
  |                                                                        ^^^
  |
  = help: it is for fields of type `integer` and `number`

error[wrong-option]: `country` is of type `country` at this provider
 --> my.toml:7:38
  |
7 | country = { column = "Phone", type = "text", true = ["a"], false = ["b"] }
  |                                      ^^^^^^
  |
  = help: leave `type` out

error[wrong-option]: `true` means nothing for `country`, which is of type `country`
 --> my.toml:7:53
  |
7 | country = { column = "Phone", type = "text", true = ["a"], false = ["b"] }
  |                                                     ^^^^^
  |
  = help: it is for fields of type `boolean`

error[wrong-option]: `false` means nothing for `country`, which is of type `country`
 --> my.toml:7:68
  |
7 | country = { column = "Phone", type = "text", true = ["a"], false = ["b"] }
  |                                                                    ^^^^^
  |
  = help: it is for fields of type `boolean`

9 mistakes in my.toml; nothing was sent
"#);
}

#[test]
fn formats_are_understood_before_the_first_row() {
    insta::assert_snapshot!(about_fields("highlevel", r#"dateOfBirth = { column = "Birthday", format = "DD/MM/YYYY" }
[custom_fields]
a = { column = "Phone", type = "date", format = "%Q" }
b = { column = "Phone", type = "datetime", format = "%d/%m/%Y %H:%M" }
c = { column = "Phone", type = "datetime", format = "%d/%m/%Y %H:%M", zone = "Mars/Base" }
d = { column = "Phone", type = "number", decimal = "..", thousands = "," }
e = { column = "Phone", type = "number", decimal = ",", thousands = "," }
f = { column = "Phone", type = "time", format = "%d" }
g = { column = "Phone", type = "datetime", zone = "UTC" }
"#), @r#"
error[wrong-format]: `DD/MM/YYYY` names no part of a date; write it with `%`, as in `%d/%m/%Y`
 --> my.toml:5:47
  |
5 | dateOfBirth = { column = "Birthday", format = "DD/MM/YYYY" }
  |                                               ^^^^^^^^^^^^

error[wrong-format]: `%Q` in `%Q` is not known; days, months and years are `%d`, `%m`, `%Y`, hours and minutes `%H`, `%M`
 --> my.toml:7:49
  |
7 | a = { column = "Phone", type = "date", format = "%Q" }
  |                                                 ^^^^

error[wrong-format]: `%d/%m/%Y %H:%M` does not tell the offset from UTC; declare `zone`, as in `zone = "Asia/Jerusalem"`
 --> my.toml:8:53
  |
8 | b = { column = "Phone", type = "datetime", format = "%d/%m/%Y %H:%M" }
  |                                                     ^^^^^^^^^^^^^^^^

error[wrong-format]: `Mars/Base` is no IANA time zone; write region and city, as in `Asia/Jerusalem`
 --> my.toml:9:78
  |
9 | c = { column = "Phone", type = "datetime", format = "%d/%m/%Y %H:%M", zone = "Mars/Base" }
  |                                                                              ^^^^^^^^^^^

error[wrong-format]: a separator of numbers is one character
  --> my.toml:10:52
   |
10 | d = { column = "Phone", type = "number", decimal = "..", thousands = "," }
   |                                                    ^^^^

error[wrong-format]: `,` cannot separate both decimals and thousands
  --> my.toml:11:52
   |
11 | e = { column = "Phone", type = "number", decimal = ",", thousands = "," }
   |                                                    ^^^

error[wrong-format]: `%d` does not tell hour and minute
  --> my.toml:12:49
   |
12 | f = { column = "Phone", type = "time", format = "%d" }
   |                                                 ^^^^

error[wrong-option]: `zone` means nothing without `format`
  --> my.toml:13:51
   |
13 | g = { column = "Phone", type = "datetime", zone = "UTC" }
   |                                                   ^^^^^
   |
   = help: a moment without a declared format brings its own offset, as in `2026-01-12T08:30:00Z`

8 mistakes in my.toml; nothing was sent
"#);
}

#[test]
fn a_word_means_yes_or_no_and_not_both() {
    insta::assert_snapshot!(about_fields("highlevel", r#"dnd = { column = "Phone", true = ["yes", "x"], false = ["no", " X"] }
"#), @r#"
error[wrong-option]: `x` cannot mean both true and false
 --> my.toml:5:56
  |
5 | dnd = { column = "Phone", true = ["yes", "x"], false = ["no", " X"] }
  |                                                        ^^^^^^^^^^^^

1 mistake in my.toml; nothing was sent
"#);
}

#[test]
fn what_a_blank_means_fits_the_field() {
    insta::assert_snapshot!(about_fields("highlevel", r#"postalCode = { column = "Phone", empty = "clear" }
city = { column = "Phone", empty = "clear", required = true }
"#), @r#"
error[cannot]: HighLevel has no known way to erase `postalCode`
 --> my.toml:5:42
  |
5 | postalCode = { column = "Phone", empty = "clear" }
  |                                          ^^^^^^^
  |
  = help: use `empty = "skip"` to leave it as it is, or `"error"` to refuse the row

error[wrong-option]: `city` cannot be both required and cleared
 --> my.toml:6:36
  |
6 | city = { column = "Phone", empty = "clear", required = true }
  |                                    ^^^^^^^

2 mistakes in my.toml; nothing was sent
"#);
}

#[test]
fn templates_have_their_braces() {
    insta::assert_snapshot!(about_fields("highlevel", r#"name = { template = "{First Name {Last Name" }
city = { template = "First Name}" }
state = { template = "no columns" }
source = { template = "{First Name} {" }
"#), @r#"
error[wrong-template]: `{` without `}` in `{First Name {Last Name`; write `{{` for the brace itself
 --> my.toml:5:21
  |
5 | name = { template = "{First Name {Last Name" }
  |                     ^^^^^^^^^^^^^^^^^^^^^^^^

error[wrong-template]: `}` without `{` in `First Name}`; write `}}` for the brace itself
 --> my.toml:6:21
  |
6 | city = { template = "First Name}" }
  |                     ^^^^^^^^^^^^^

error[wrong-template]: no `{column}` in `no columns`; for the same in every row use `value`
 --> my.toml:7:22
  |
7 | state = { template = "no columns" }
  |                      ^^^^^^^^^^^^

error[wrong-template]: `{` without `}` in `{First Name} {`; write `{{` for the brace itself
 --> my.toml:8:23
  |
8 | source = { template = "{First Name} {" }
  |                       ^^^^^^^^^^^^^^^^

4 mistakes in my.toml; nothing was sent
"#);
}

#[test]
fn constants_are_read_like_cells() {
    insta::assert_snapshot!(about_fields("highlevel", r#"email = { value = "nobody" }
phone = { value = 5550142 }
source = { value = ["a", "b"] }
website = { value = "nope" }
country = { value = "Israel" }
timezone = { value = "Haifa" }
dateOfBirth = { value = "1990-02-31" }
dnd = { value = "perhaps" }
dndSettings.SMS.status = { value = "on" }
[custom_fields]
a = { value = "1,5", type = "number" }
b = { value = "1.5", type = "integer" }
"#), @r#"
error[wrong-constant]: `email`: `nobody` has no @
 --> my.toml:5:19
  |
5 | email = { value = "nobody" }
  |                   ^^^^^^^^

error[wrong-constant]: `phone`: `5550142` has no country code; declare `region` in the mapping, as in `region = "IL"`, or write it as +972…
 --> my.toml:6:19
  |
6 | phone = { value = 5550142 }
  |                   ^^^^^^^

error[wrong-constant]: `source` takes one value, not a list
 --> my.toml:7:20
  |
7 | source = { value = ["a", "b"] }
  |                    ^^^^^^^^^^
  |
  = help: write `value = "…"`

error[wrong-constant]: `website`: `nope` does not begin with `https://` or `http://`
 --> my.toml:8:21
  |
8 | website = { value = "nope" }
  |                     ^^^^^^

error[wrong-constant]: `country`: `Israel` is not a country's two letters; write them as in `IL`, or declare what it means, as in `lookup = { "Israel" = "IL" }`
 --> my.toml:9:21
  |
9 | country = { value = "Israel" }
  |                     ^^^^^^^^

error[wrong-constant]: `timezone`: `Haifa` is no IANA time zone; write region and city, as in `Asia/Jerusalem`
  --> my.toml:10:22
   |
10 | timezone = { value = "Haifa" }
   |                      ^^^^^^^

error[wrong-constant]: `dateOfBirth`: `1990-02-31` is a day that does not exist
  --> my.toml:11:25
   |
11 | dateOfBirth = { value = "1990-02-31" }
   |                         ^^^^^^^^^^^^

error[wrong-constant]: `dnd`: `perhaps` is neither `true` nor `false`; declare the column's words, as in `true = ["yes"]` and `false = ["no"]`
  --> my.toml:12:17
   |
12 | dnd = { value = "perhaps" }
   |                 ^^^^^^^^^

error[wrong-constant]: `dndSettings.SMS.status`: `on` is none of `active`, `inactive`, `permanent`; say what it means with `lookup`
  --> my.toml:13:36
   |
13 | dndSettings.SMS.status = { value = "on" }
   |                                    ^^^^

error[wrong-constant]: `a`: `1,5` has separators whose meaning is not declared; declare them in the mapping, as in `decimal = ","` and `thousands = "."`
  --> my.toml:15:15
   |
15 | a = { value = "1,5", type = "number" }
   |               ^^^^^

error[wrong-constant]: `b`: `1.5` is not a whole number
  --> my.toml:16:15
   |
16 | b = { value = "1.5", type = "integer" }
   |               ^^^^^

11 mistakes in my.toml; nothing was sent
"#);
}
