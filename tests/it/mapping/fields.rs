//! Names on the left: fields that a provider has, has not, refuses, or takes only with a word of consent.

use super::{about_fields, told};

#[test]
fn unknown_and_refused_fields_are_told_with_the_way_out() {
    insta::assert_snapshot!(about_fields("highlevel", r#"frstName = "First Name"
favourite_colour = "First Name"
gender = "First Name"
locationId = "First Name"
contactId = "Id"
dndSettings.SMS.colour = "First Name"
email.colum = "E-mail"
customFields = "Phone"
customFields."contact.x" = "Phone"
"#), @r#"
error[unknown-field]: HighLevel has no field `frstName`
 --> my.toml:5:1
  |
5 | frstName = "First Name"
  | ^^^^^^^^
  |
  = help: did you mean `firstName`?

error[unknown-field]: HighLevel has no field `favourite_colour`
 --> my.toml:6:1
  |
6 | favourite_colour = "First Name"
  | ^^^^^^^^^^^^^^^^
  |
  = help: `contact-sync providers NAME` lists its fields; what the account made itself goes under `[custom_fields]`

error[refused-field]: HighLevel does not take `gender` here
 --> my.toml:7:1
  |
7 | gender = "First Name"
  | ^^^^^^
  |
  = help: HighLevel refuses it here with 422; a custom field can hold it

error[refused-field]: HighLevel does not take `locationId` here
 --> my.toml:8:1
  |
8 | locationId = "First Name"
  | ^^^^^^^^^^
  |
  = help: HighLevel refuses it here: a contact cannot change its location

error[refused-field]: HighLevel does not take `contactId` here
 --> my.toml:9:1
  |
9 | contactId = "Id"
  | ^^^^^^^^^
  |
  = help: the id says which contact a row is about: it goes into `[contact] id`

error[unknown-field]: HighLevel has no field `dndSettings.SMS.colour`
  --> my.toml:10:17
   |
10 | dndSettings.SMS.colour = "First Name"
   |                 ^^^^^^
   |
   = help: did you mean `dndSettings.SMS.code`?

error[unknown-key]: no key `colum` for `email`
  --> my.toml:11:7
   |
11 | email.colum = "E-mail"
   |       ^^^^^
   |
   = help: did you mean `column`?

error[wrong-name]: `customFields` is a list; say which entry
  --> my.toml:12:1
   |
12 | customFields = "Phone"
   | ^^^^^^^^^^^^
   |
   = help: write its entries under `[custom_fields]`

error[toml]: `customFields` is set as a whole above, so nothing can be set inside it
  --> my.toml:13:1
   |
13 | customFields."contact.x" = "Phone"
   | ^^^^^^^^^^^^
   |
   = help: keep one of the two

9 mistakes in my.toml; nothing was sent
"#);
}

#[test]
fn a_field_is_set_once_and_not_inside_what_is_set_whole() {
    insta::assert_snapshot!(about_fields("99digital", r#"name = "First Name"
additional_attributes = { value = "{}" }
additional_attributes.city = "Phone"
"#), @r#"
error[toml]: `additional_attributes` is set as a whole above, so nothing can be set inside it
 --> my.toml:7:1
  |
7 | additional_attributes.city = "Phone"
  | ^^^^^^^^^^^^^^^^^^^^^
  |
  = help: keep one of the two

1 mistake in my.toml; nothing was sent
"#);
    insta::assert_snapshot!(about_fields("99digital", r#"additional_attributes = { value = "{}" }
"additional_attributes.city" = "Phone"
"#), @r#"
error[set-twice]: `additional_attributes.city` is set twice, or lies inside a field that is set whole
 --> my.toml:6:1
  |
6 | "additional_attributes.city" = "Phone"
  | ^^^^^^^^^^^^^^^^^^^^^^^^^^^^
  |
  = help: keep one of the two

1 mistake in my.toml; nothing was sent
"#);
    insta::assert_snapshot!(about_fields("highlevel", r#"tags = "Phone"
[tags]
set = "Phone"
"#), @r#"
error[set-twice]: `tags` is set twice, or lies inside a field that is set whole
 --> my.toml:7:1
  |
7 | set = "Phone"
  | ^^^
  |
  = help: keep one of the two

1 mistake in my.toml; nothing was sent
"#);
}

#[test]
fn danger_is_accepted_in_the_providers_own_words() {
    insta::assert_snapshot!(about_fields("zingle", r#"channels."3b7e1c9e-0f0e-4f0b-9a57-2f6d1c1f5d10" = "Phone"
channels."3b7e1c9e-0f0e-4f0b-9a57-2f6d1c1f5d11" = { column = "Phone", accept = "yes" }
is_starred = { column = "Phone", accept = "replaces-channels" }
"#), @r#"
error[danger]: `channels.3b7e1c9e-0f0e-4f0b-9a57-2f6d1c1f5d10` can do harm: it is not known whether Zingle adds these channels or replaces all phones and e-mail addresses of the contact by them
 --> my.toml:5:10
  |
5 | channels."3b7e1c9e-0f0e-4f0b-9a57-2f6d1c1f5d10" = "Phone"
  |          ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
  |
  = help: if that is what you want, add `accept = "replaces-channels"`

error[danger]: `channels.3b7e1c9e-0f0e-4f0b-9a57-2f6d1c1f5d11` can do harm: it is not known whether Zingle adds these channels or replaces all phones and e-mail addresses of the contact by them
 --> my.toml:6:80
  |
6 | channels."3b7e1c9e-0f0e-4f0b-9a57-2f6d1c1f5d11" = { column = "Phone", accept = "yes" }
  |                                                                                ^^^^^
  |
  = help: if that is what you want, add `accept = "replaces-channels"`

error[wrong-option]: `is_starred` has nothing to accept
 --> my.toml:7:43
  |
7 | is_starred = { column = "Phone", accept = "replaces-channels" }
  |                                           ^^^^^^^^^^^^^^^^^^^

3 mistakes in my.toml; nothing was sent
"#);
}

#[test]
fn custom_fields_go_by_names_that_the_provider_understands() {
    insta::assert_snapshot!(told(r#"provider = "zingle"
[contact]
id = "Id"
[custom_fields]
"First Name" = "First Name"
"56c70519-6c70-40e5-904e-7652e54a07b6" = { column = "Phone", by = "label" }
"56c70519-6c70-40e5-904e-7652e54a07b7" = { column = "Phone", type = "colour" }
"#), @r#"
error[wrong-name]: `56c70519-6c70-40e5-904e-7652e54a07b6` does not name an entry in the way Zingle does
 --> my.toml:6:1
  |
6 | "56c70519-6c70-40e5-904e-7652e54a07b6" = { column = "Phone", by = "label" }
  | ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
  |
  = help: write a UUID (`custom_field_id`)

error[unknown-word]: no type `colour`
 --> my.toml:7:69
  |
7 | "56c70519-6c70-40e5-904e-7652e54a07b7" = { column = "Phone", type = "colour" }
  |                                                                     ^^^^^^^^
  |
  = help: there are `text`, `integer`, `number`, `boolean`, `date`, `datetime`, `time`, `email`, `phone`, `url`, `uuid`, `country`, `timezone`, `list` and `object`

2 mistakes in my.toml; nothing was sent
"#);
    insta::assert_snapshot!(told(r#"provider = "highlevel"
[contact]
id = "Id"
[fields]
email = { column = "E-mail", by = "id" }
[custom_fields]
level = { column = "Phone", type = "boolean" }
score = { column = "Phone", type = "pairs" }
u8jzPde0IgxLd6GncfBA = { column = "Phone", by = "name" }
"#), @r#"
error[wrong-option]: `by` means nothing for `email`
 --> my.toml:5:35
  |
5 | email = { column = "E-mail", by = "id" }
  |                                   ^^^^

error[wrong-option]: a custom field of HighLevel cannot be of type `boolean`
 --> my.toml:7:36
  |
7 | level = { column = "Phone", type = "boolean" }
  |                                    ^^^^^^^^^
  |
  = help: it can be of type `text`, `integer`, `number`, `list`, `object`, `date`, `datetime`, `time`, `email`, `phone`, `url`, `uuid`, `country` and `timezone`

error[unknown-word]: no type `pairs`
 --> my.toml:8:36
  |
8 | score = { column = "Phone", type = "pairs" }
  |                                    ^^^^^^^
  |
  = help: there are `text`, `integer`, `number`, `boolean`, `date`, `datetime`, `time`, `email`, `phone`, `url`, `uuid`, `country`, `timezone`, `list` and `object`

error[wrong-name]: `u8jzPde0IgxLd6GncfBA` does not name an entry in the way HighLevel does
 --> my.toml:9:1
  |
9 | u8jzPde0IgxLd6GncfBA = { column = "Phone", by = "name" }
  | ^^^^^^^^^^^^^^^^^^^^
  |
  = help: write twenty letters and digits (`id`), or some text (`key`)

4 mistakes in my.toml; nothing was sent
"#);
}
