//! `[account]`, `base_url`, `rate` and `provider`: what they may hold, and that no secret is ever shown.

use super::told;

#[test]
fn account_keys_are_the_providers_own() {
    let told = told(
        r#"provider = "highlevel"
rate = "5 per second"
[account]
token = "canary-1"
tokn = "canary-2"
location_id = true
bar = { envi = "canary-3" }
baz = {}
foo = { env = "A", file = "b" }
qux = { env = "canary-4" }
list = ["canary-5"]
cmd = { command = 3 }
[contact]
id = "Id"
[fields]
email = "E-mail"
"#,
    );
    assert!(!told.contains("canary"), "{told}");
    insta::assert_snapshot!(told, @r#"
    error[wrong-rate]: `5 per second` is no rate; write it like `50/10s` or `8/s`
     --> my.toml:2:8
      |
    2 | rate = "5 per second"
      |        ^^^^^^^^^^^^^^

    error[secret-in-mapping]: `token` is a secret and may not stand in a mapping
     --> my.toml:4:9
      |
    4 | token = …
      |         ^
      |
      = help: write `token = { env = "NAME" }` and put it into the environment; change it at the provider if this file was shared

    error[unknown-key]: HighLevel asks for no account key `tokn`
     --> my.toml:5:1
      |
    5 | tokn = …
      | ^^^^
      |
      = help: did you mean `token`?

    error[wrong-type]: account key `location_id` is a boolean
     --> my.toml:6:15
      |
    6 | location_id = …
      |               ^
      |
      = help: write text, a number, or where it comes from, such as `{ env = "…" }`

    error[unknown-key]: no key `envi` in account key `bar`
     --> my.toml:7:9
      |
    7 | bar = { envi = … }
      |         ^^^^
      |
      = help: did you mean `env`?

    error[wrong-source]: account key `baz` comes from exactly one of `env`, `file` and `command`
     --> my.toml:8:7
      |
    8 | baz = {}
      |       ^^

    error[wrong-source]: account key `foo` comes from exactly one of `env`, `file` and `command`
     --> my.toml:9:7
      |
    9 | foo = { env = "A", file = "b" }
      |       ^^^^^^^^^^^^^^^^^^^^^^^^^

    error[wrong-source]: `env` is not the name of an environment variable
      --> my.toml:10:15
       |
    10 | qux = { env = … }
       |               ^
       |
       = help: a name has letters, digits and `_`, such as `CRM_TOKEN`; the secret itself never stands in a mapping

    error[wrong-type]: account key `list` is an array
      --> my.toml:11:8
       |
    11 | list = …
       |        ^
       |
       = help: write text, a number, or where it comes from, such as `{ env = "…" }`

    error[wrong-type]: `command` is an integer, not a list of texts
      --> my.toml:12:19
       |
    12 | cmd = { command = 3 }
       |                   ^
       |
       = help: write `command = ["…", "…"]`

    10 mistakes in my.toml; nothing was sent
    "#);
}

#[test]
fn a_command_has_a_program_in_it() {
    insta::assert_snapshot!(told(r#"provider = "99digital"
[account]
account_id = 7
token = { command = [] }
[contact]
id = "Id"
[fields]
email = "E-mail"
"#), @r#"
error[wrong-source]: `command` names no program
 --> my.toml:4:21
  |
4 | token = { command = … }
  |                     ^
  |
  = help: write it like `command = ["op", "read", "…"]`: the program, then its arguments

1 mistake in my.toml; nothing was sent
"#);
    let blank = r#"provider = "highlevel"
[account]
token = { command = [" ", "canary"] }
[contact]
id = "Id"
[fields]
email = "E-mail"
"#;
    let told = told(blank);
    assert!(told.contains("`command` names no program"), "{told}");
    assert!(!told.contains("canary"), "{told}");
}

#[test]
fn account_values_look_as_the_provider_wants_them() {
    insta::assert_snapshot!(told(r#"provider = "99digital"
[account]
account_id = "seven"
[contact]
id = "Id"
[fields]
email = "E-mail"
"#), @r#"
error[wrong-account]: `account_id` is digits only, not `seven`
 --> my.toml:3:14
  |
3 | account_id = "seven"
  |              ^^^^^^^
  |
  = help: the number of the account, as it stands in the address bar after /accounts/

1 mistake in my.toml; nothing was sent
"#);
    insta::assert_snapshot!(told(r#"provider = "acquire"
[account]
account_id = "acme.acquire.io"
[contact]
id = "Id"
[fields]
email = "E-mail"
"#), @r#"
error[wrong-account]: `account_id` is one part of a host name: letters, digits and dashes, not `acme.acquire.io`
 --> my.toml:3:14
  |
3 | account_id = "acme.acquire.io"
  |              ^^^^^^^^^^^^^^^^^
  |
  = help: the first part of the account's address: `acme` for acme.acquire.io

1 mistake in my.toml; nothing was sent
"#);
}

#[test]
fn no_secret_is_shown_before_the_provider_is_known() {
    let told = told(
        r#"provider = "highlevl"
account = { token = "canary", location_id = true }
[contact]
id = "Id"
"#,
    );
    assert!(!told.contains("canary"), "{told}");
    insta::assert_snapshot!(told, @r#"
    error[unknown-provider]: no provider `highlevl`; did you mean `highlevel`?
     --> my.toml:1:12
      |
    1 | provider = "highlevl"
      |            ^^^^^^^^^^

    error[wrong-type]: account key `location_id` is a boolean
     --> my.toml:2:45
      |
    2 | account = { token = …, location_id = … }
      |                                      ^
      |
      = help: write text, a number, or where it comes from, such as `{ env = "…" }`

    2 mistakes in my.toml; nothing was sent
    "#);
}

#[test]
fn a_provider_is_a_name_or_a_path() {
    let provider = |name: &str| told(&format!("provider = \"{name}\"\n[contact]\nid = \"Id\"\n"));
    insta::assert_snapshot!(provider("hubspot"), @r#"
    error[unknown-provider]: no provider `hubspot`; there are `99digital`, `acquire`, `highlevel`, `insighto`, `zingle`, or write the path of an `api.toml`
     --> my.toml:1:12
      |
    1 | provider = "hubspot"
      |            ^^^^^^^^^

    1 mistake in my.toml; nothing was sent
    "#);
    insta::assert_snapshot!(provider("crm/api.toml"), @r#"
    error[unknown-provider]: cannot read `crm/api.toml`: there is no such file
     --> my.toml:1:12
      |
    1 | provider = "crm/api.toml"
      |            ^^^^^^^^^^^^^^

    1 mistake in my.toml; nothing was sent
    "#);
    insta::assert_snapshot!(provider("../../../../etc/passwd"), @r#"
    error[unknown-provider]: no provider `../../../../etc/passwd`; there are `99digital`, `acquire`, `highlevel`, `insighto`, `zingle`, or write the path of an `api.toml`
     --> my.toml:1:12
      |
    1 | provider = "../../../../etc/passwd"
      |            ^^^^^^^^^^^^^^^^^^^^^^^^

    1 mistake in my.toml; nothing was sent
    "#);
    let of_itself = provider("my.toml");
    assert!(
        of_itself
            .starts_with("error[provider-file]: unknown field `provider`, expected one of `name`"),
        "{of_itself}"
    );
}

#[test]
fn a_base_url_leads_to_the_providers_own_host_and_is_protected() {
    let base = |url: &str| {
        told(&format!(
            "provider = \"highlevel\"\nbase_url = \"{url}\"\n[contact]\nid = \"Id\"\n[fields]\nemail = \"E-mail\"\n"
        ))
    };
    insta::assert_snapshot!(base("https://crm.example.com"), @r#"
    error[other-host]: `base_url` leads to `crm.example.com`, which is not HighLevel's own host
     --> my.toml:2:12
      |
    2 | base_url = "https://crm.example.com"
      |            ^^^^^^^^^^^^^^^^^^^^^^^^^
      |
      = help: if you trust it with the credential, add `--allow-host crm.example.com`

    1 mistake in my.toml; nothing was sent
    "#);
    insta::assert_snapshot!(base("http://services.leadconnectorhq.com"), @r#"
    error[wrong-base-url]: `http://services.leadconnectorhq.com` would send the credential unprotected; write `https://…` (plain `http` goes to this machine only)
     --> my.toml:2:12
      |
    2 | base_url = "http://services.leadconnectorhq.com"
      |            ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^

    1 mistake in my.toml; nothing was sent
    "#);
    insta::assert_snapshot!(base("ftp://services.leadconnectorhq.com"), @r#"
    error[wrong-base-url]: `ftp` is no scheme for an API; write `https://…`
     --> my.toml:2:12
      |
    2 | base_url = "ftp://services.leadconnectorhq.com"
      |            ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^

    1 mistake in my.toml; nothing was sent
    "#);
    insta::assert_snapshot!(base("services.leadconnectorhq.com"), @r#"
    error[wrong-base-url]: this is no base URL (relative URL without a base); write it like `https://chat.example.com`
     --> my.toml:2:12
      |
    2 | base_url = "services.leadconnectorhq.com"
      |            ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^

    1 mistake in my.toml; nothing was sent
    "#);
    insta::assert_snapshot!(base("https://me:canary@services.leadconnectorhq.com"), @r"
    error[wrong-base-url]: a base URL holds no user name or password; they go into `[account]`
     --> my.toml:2:12
      |
    2 | base_url = …
      |            ^

    1 mistake in my.toml; nothing was sent
    ");
    insta::assert_snapshot!(base("https://services.leadconnectorhq.com/?key=canary"), @r"
    error[wrong-base-url]: a base URL is scheme, host, port and at most a prefix, without `?` and `#`
     --> my.toml:2:12
      |
    2 | base_url = …
      |            ^

    1 mistake in my.toml; nothing was sent
    ");
}
