//! Mistakes in an `api.toml`: told with their places like those of a mapping.

use std::sync::Arc;

use contact_sync::mistake::Written;
use contact_sync::provider::{load, shipped};
use contact_sync::report::mistakes::render;
use contact_sync::report::screen::Paint;

/// What is told about a shipped file in which texts were replaced.
#[track_caller]
fn told(changes: &[(&str, &str)]) -> String {
    let mut text = shipped::api("acquire").expect("shipped").to_owned();
    for (from, to) in changes {
        assert!(text.contains(from), "{from}");
        text = text.replacen(from, to, 1);
    }
    let file = Arc::new(Written {
        name: "api.toml".to_owned(),
        text,
    });
    let mistakes = load::load(&file).expect_err("mistakes");
    render(&mistakes, "nothing was sent", Paint::Plain)
}

#[test]
fn what_refers_to_something_else_has_to_find_it() {
    insta::assert_snapshot!(told(&[
        ("https://{account.account_id}.acquire.io", "https://{account.acount_id}.acquire.io/{x}"),
        ("path = \"/api/v1/crm/objects/contact/{id}\"", "path = \"api/v1/{account.token}/{id}\""),
        ("path = \"/api/v1/crm/objects/contact?limit=1\"", "path = \"/api/{id\""),
        ("needs = [\"token\"]", "needs = [\"tokn\", \"account_id\"]\nname = \"x\""),
    ]), @r#"
    error[provider-file]: no placeholder `{x}`; there are `{id}`, `{value}`, `{page}` and `{account.…}`
      --> api.toml:10:12
       |
    10 | base_url = "https://{account.acount_id}.acquire.io/{x}" # provider's page
       |            ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^

    error[provider-file]: an `[[auth]]` of this scheme needs one account key
    --> api.toml

    error[provider-file]: `name` stands in an `[[auth]]` with scheme `header` or `query`, and only there
    --> api.toml

    error[provider-file]: `[[auth]]` needs `tokn`, which `[account]` does not have
    --> api.toml

    error[provider-file]: account key `account_id` is used as a credential and is not `secret`
    --> api.toml

    error[provider-file]: `{account.token}` is a secret and may not stand in a URL
      --> api.toml:58:8
       |
    58 | path = "api/v1/{account.token}/{id}"
       |        ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^

    error[provider-file]: a path starts with `/`
      --> api.toml:58:8
       |
    58 | path = "api/v1/{account.token}/{id}"
       |        ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^

    error[provider-file]: `{` without `}` in `/api/{id`
      --> api.toml:64:8
       |
    64 | path = "/api/{id"
       |        ^^^^^^^^^^

    8 mistakes in api.toml; nothing was sent
    "#);
}

#[test]
fn words_are_those_of_the_vocabulary() {
    insta::assert_snapshot!(told(&[("scheme = \"bearer\"", "scheme = \"berer\"")]), @r#"
    error[provider-file]: unknown variant `berer`, expected one of `bearer`, `basic`, `header`, `query`
      --> api.toml:41:10
       |
    41 | scheme = "berer"
       |          ^^^^^^^

    1 mistake in api.toml; nothing was sent
    "#);
    insta::assert_snapshot!(told(&[("per = \"1s\"", "per = \"soon\"")]), @r#"
    error[provider-file]: `soon` is no length of time; write it like `10s`, `1m` or `1d`
      --> api.toml:48:7
       |
    48 | per = "soon"
       |       ^^^^^^

    1 mistake in api.toml; nothing was sent
    "#);
    insta::assert_snapshot!(told(&[("method = \"PUT\"", "metod = \"PUT\"")]), @r#"
    error[provider-file]: unknown field `metod`, expected one of `method`, `path`, `wrap`, `body`, `adds`, `takes`, `repeatable`, `needs`
      --> api.toml:56:1
       |
    56 | metod = "PUT"
       | ^^^^^

    1 mistake in api.toml; nothing was sent
    "#);
    insta::assert_snapshot!(told(&[("id = \"digits\"", "id = ")]), @r"
    error[provider-file]: string values must be quoted, expected literal string
      --> api.toml:11:7
       |
    11 | id =  # provider's page: integer
       |       ^

    1 mistake in api.toml; nothing was sent
    ");
    insta::assert_snapshot!(told(&[("[calls.ping]", "[calls.pong]")]), @r"
    error[provider-file]: unknown field `pong`, expected one of `update`, `ping`, `read`, `create`
      --> api.toml:61:8
       |
    61 | [calls.pong] # provider's docs; tests the very permission that an update needs
       |        ^^^^

    1 mistake in api.toml; nothing was sent
    ");
}
