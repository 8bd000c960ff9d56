//! Values that stand in the mapping itself, and words that would never apply.

use super::about_fields;

#[test]
fn a_list_of_one_is_a_list_and_no_column() {
    insta::assert_snapshot!(about_fields("highlevel", r#"state = ["City"]
city = []
source = { value = ["web"] }
website = ["a", "b"]
"#), @r#"
error[wrong-constant]: `state` takes one value, not a list
 --> my.toml:5:9
  |
5 | state = ["City"]
  |         ^^^^^^^^
  |
  = help: write `"City"` for the column of that name, or `{ value = "City" }` for the same in every row

error[wrong-constant]: `city` takes one value, not a list
 --> my.toml:6:8
  |
6 | city = []
  |        ^^
  |
  = help: write `"…"` for the column of that name, or `{ value = "…" }` for the same in every row

error[wrong-constant]: `source` takes one value, not a list
 --> my.toml:7:20
  |
7 | source = { value = ["web"] }
  |                    ^^^^^^^
  |
  = help: write `value = "web"`

error[wrong-constant]: `website` takes one value, not a list
 --> my.toml:8:11
  |
8 | website = ["a", "b"]
  |           ^^^^^^^^^^
  |
  = help: write `"…"` for the column of that name, or `{ value = "…" }` for the same in every row

4 mistakes in my.toml; nothing was sent
"#);
}

#[test]
fn the_items_of_a_constant_list_are_read_as_those_of_a_cell() {
    insta::assert_snapshot!(about_fields("highlevel", r#"tags = { value = "gold; silver", split = ";", lookup = { "gold" = "Gold" } }
"#), @r#"
error[wrong-constant]: `tags`: `silver` is not in the field's `lookup`, which has `gold`; add it there
 --> my.toml:5:18
  |
5 | tags = { value = "gold; silver", split = ";", lookup = { "gold" = "Gold" } }
  |                  ^^^^^^^^^^^^^^

1 mistake in my.toml; nothing was sent
"#);
}

#[test]
fn no_word_stands_for_a_blank_cell() {
    insta::assert_snapshot!(about_fields("highlevel", r#"city = { column = "Phone", lookup = { "" = "none", "a" = "" } }
dnd = { column = "Phone", true = ["yes", " "], false = "" }
[tags]
add = { column = "Phone", lookup = { " " = "none" } }
"#), @r#"
error[wrong-option]: the empty word in `lookup` never applies to `city`: what a blank cell means is said by `empty`
 --> my.toml:5:37
  |
5 | city = { column = "Phone", lookup = { "" = "none", "a" = "" } }
  |                                     ^^^^^^^^^^^^^^^^^^^^^^^^^
  |
  = help: take it out; `empty = "skip"` leaves the field as it is, `"clear"` erases it, `"error"` refuses the row

error[wrong-option]: the empty word in `true` never applies to `dnd`: what a blank cell means is said by `empty`
 --> my.toml:6:34
  |
6 | dnd = { column = "Phone", true = ["yes", " "], false = "" }
  |                                  ^^^^^^^^^^^^
  |
  = help: take it out; `empty = "skip"` leaves the field as it is, `"clear"` erases it, `"error"` refuses the row

error[wrong-option]: the empty word in `false` never applies to `dnd`: what a blank cell means is said by `empty`
 --> my.toml:6:56
  |
6 | dnd = { column = "Phone", true = ["yes", " "], false = "" }
  |                                                        ^^
  |
  = help: take it out; `empty = "skip"` leaves the field as it is, `"clear"` erases it, `"error"` refuses the row

error[wrong-option]: the empty word in `lookup` never applies to `add`: what a blank cell means is said by `empty`
 --> my.toml:8:36
  |
8 | add = { column = "Phone", lookup = { " " = "none" } }
  |                                    ^^^^^^^^^^^^^^^^
  |
  = help: take it out; `empty = "skip"` leaves the field as it is, `"clear"` erases it, `"error"` refuses the row

4 mistakes in my.toml; nothing was sent
"#);
}

#[test]
fn a_fields_name_may_be_a_word_of_the_mapping() {
    insta::assert_snapshot!(about_fields("insighto", r#"user_attributes.type = "Phone"
first_name = { required = true }
last_name = { required = true, clean = ["trim"] }
"#), @r#"
error[wrong-source]: `user_attributes` needs exactly one of `column`, `template` and `value`
 --> my.toml:5:1
  |
5 | user_attributes.type = "Phone"
  | ^^^^^^^^^^^^^^^
  |
  = help: say which with `column = "…"`; a field `type` inside it is named in quotes, as in `"user_attributes.type" = "…"`

error[wrong-source]: `first_name` needs exactly one of `column`, `template` and `value`
 --> my.toml:6:14
  |
6 | first_name = { required = true }
  |              ^^^^^^^^^^^^^^^^^^^

error[wrong-source]: `last_name` needs exactly one of `column`, `template` and `value`
 --> my.toml:7:13
  |
7 | last_name = { required = true, clean = ["trim"] }
  |             ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^

3 mistakes in my.toml; nothing was sent
"#);
}

#[test]
fn a_text_means_one_thing_in_a_lookup() {
    let field =
        "city = { column = \"Phone\", lookup = { \"a\" = [\"x\", \"y\"], \"b\" = \"z\" } }\n";
    let told = about_fields("highlevel", field);
    assert!(
        told.contains("error[wrong-type]: a text means one thing in a `lookup`, not a list"),
        "{told}"
    );
}
