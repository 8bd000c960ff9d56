//! Values that stand in the mapping itself.

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
