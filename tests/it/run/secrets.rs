//! The credential goes to the provider and nowhere else. Every run of these tests is searched for it (see
//! [`super::invariants`]); here stand the runs in which it would get out most easily.

use std::fs::Permissions;
use std::os::unix::fs::PermissionsExt as _;

use super::gate::ClosedPort;
use super::harness::{QUICK, Run, TOKEN, people};
use super::server::{Reaction, Server, answer, taken};

const IN_THE_QUERY: &str = r#"provider = "insighto"
[account]
token = { env = "SHOP_TOKEN" }
[contact]
id = "Id"
[fields]
first_name = "Name"
email = "Email"
"#;

const BASIC: &str = r#"provider = "zingle"
[account]
service_id = "aff7bc93-6e28-4e70-8770-defa35cdfc1b"
username = { env = "SHOP_USER" }
password = { env = "SHOP_TOKEN" }
[contact]
id = "Id"
[fields]
is_starred = { column = "Name", true = ["yes"], false = ["no"] }
"#;

fn with_uuids(rows: usize) -> String {
    let mut text = "Id,Name,Email\n".to_owned();
    for number in 1..=rows {
        text += &format!("00000000-0000-4000-8000-{number:012},yes,p{number}@example.org\n");
    }
    text
}

/// Answers of all kinds that repeat whatever of the request could hold the credential.
fn echo() -> Server {
    Server::start(|request| {
        let said: Vec<String> = request
            .headers
            .iter()
            .map(|(name, value)| format!("{name}: {value}"))
            .collect();
        let said = format!("{} | {}", request.target, said.join(" | "));
        let body =
            serde_json::json!({ "message": said, "detail": said, "code": said, "traceId": said })
                .to_string();
        let answer = |status| answer(status, &body).header("x-request-id", &said);
        match request.before % 4 {
            0 => answer(422).into(),
            1 => answer(404).into(),
            2 => Reaction::Raw(format!("{said}\r\n\r\n").into_bytes()),
            _ => answer(400).into(),
        }
    })
}

#[test]
fn a_server_that_repeats_the_credential_does_not_get_it_into_a_report() {
    for (mapping, csv) in [
        (QUICK, people(6)),
        (IN_THE_QUERY, with_uuids(6)),
        (BASIC, with_uuids(6)),
    ] {
        let server = echo();
        let run = Run::of(mapping, csv)
            .to(&server)
            .env("SHOP_USER", "user")
            .env("RUST_LOG", "trace");
        let done = run
            .args([
                "--rate",
                "2000/1s",
                "-vvv",
                "--requests",
                "all.jsonl",
                "--format",
                "json",
            ])
            .go();
        done.code(1);
        assert!(
            done.results()
                .iter()
                .any(|line| line.message.contains("[secret]")),
            "{done}"
        );
    }
}

#[test]
fn a_credential_in_the_address_is_sent_and_never_shown() {
    let server = Server::start(|request| match request.before {
        3 => Reaction::Drop,
        _ => answer(200, r#"{"message":"ok","data":{}}"#).into(),
    });
    let run = Run::of(IN_THE_QUERY, with_uuids(5))
        .to(&server)
        .args(["--rate", "2000/1s", "-vvv"]);
    let done = run.args(["--requests", "-"]).go();
    done.code(0).all("updated");
    let (_, query) = server.requests()[0]
        .target
        .split_once('?')
        .map(|(path, query)| (path.to_owned(), query.to_owned()))
        .expect("a query");
    let pairs: Vec<(String, String)> = url::form_urlencoded::parse(query.as_bytes())
        .into_owned()
        .collect();
    assert_eq!(pairs, [("api_key".to_owned(), TOKEN.to_owned())]);
    assert!(
        done.stdout
            .lines()
            .next()
            .is_some_and(|line| line.contains("?api_key=[secret]\"")),
        "{done}"
    );
}

#[test]
fn a_refused_connection_shows_no_address_with_a_credential() {
    let nobody = ClosedPort::take();
    let run = Run::verb("doctor")
        .file("shop/contacts.toml", IN_THE_QUERY)
        .args(["-m", "shop/contacts.toml", "-vvv"]);
    let done = run.args(["--base-url", &nobody.url()]).go();
    done.code(5).says("connection refused");
    assert!(!done.stderr.contains("api_key"), "{done}");
}

#[test]
fn of_two_ways_to_sign_in_the_one_that_is_begun_is_the_one_that_lacks_something() {
    for (given, lacks) in [("username", "password"), ("password", "username")] {
        let mapping: String = BASIC
            .lines()
            .filter(|line| !line.starts_with(lacks))
            .map(|line| format!("{line}\n"))
            .collect();
        let run = || Run::of(&mapping, with_uuids(1)).env("SHOP_USER", "user");
        let done = run().go();
        done.code(3)
            .says(&format!("`[account]` gives no `{lacks}`"))
            .says("1 mistake in ");
        assert!(!done.stderr.contains("gives no `token`"), "{given}: {done}");
        let dry = run().args(["--dry-run"]).go();
        dry.code(0).says(&format!(
            "`[account]` has no `{lacks}`; a real run needs it"
        ));
    }
    let neither = BASIC.replace("username", "# username");
    let neither = neither.replace("password", "# password");
    let done = Run::of(&neither, with_uuids(1)).go();
    done.code(3).says("`[account]` gives no `token`");
}

#[test]
fn a_secret_may_stand_in_a_private_file_or_come_from_a_command() {
    let server = Server::start(|_| taken());
    let from_file = QUICK.replace("{ env = \"SHOP_TOKEN\" }", "{ file = \"secret.txt\" }");
    let run = || {
        Run::of(&from_file, people(1))
            .to(&server)
            .file("shop/secret.txt", format!("{TOKEN}\n"))
    };
    let private = run();
    std::fs::set_permissions(
        private.path("shop/secret.txt"),
        Permissions::from_mode(0o600),
    )
    .expect("a mode");
    private.go().code(0);
    assert_eq!(server.requests()[0].header("api_access_token"), Some(TOKEN));
    let open = run();
    std::fs::set_permissions(open.path("shop/secret.txt"), Permissions::from_mode(0o644))
        .expect("a mode");
    open.go().code(3).says("secret.txt").says("chmod 600");
    assert_eq!(server.writes(), 1);

    let from_command = QUICK.replace(
        "{ env = \"SHOP_TOKEN\" }",
        "{ command = [\"/bin/cat\", \"secret.txt\"] }",
    );
    let run = Run::of(&from_command, people(1))
        .to(&server)
        .file("shop/secret.txt", TOKEN);
    run.go().code(0);
    assert_eq!(server.requests()[1].header("api_access_token"), Some(TOKEN));
}

/// What a dry run says of a credential from a file.
fn looked(file: &str) -> Run {
    let from_file = format!("{{ file = \"{file}\" }}");
    let mapping = QUICK.replace("{ env = \"SHOP_TOKEN\" }", &from_file);
    Run::of(&mapping, people(1)).args(["--dry-run"])
}

#[test]
fn a_dry_run_notes_a_secret_file_that_a_real_run_would_refuse() {
    let noted = |run: Run, words: &[&str]| {
        let done = run.go();
        done.code(0).all("valid").says("WARN");
        words.iter().for_each(|words| {
            done.says(words);
        });
    };
    noted(
        looked("secret.txt"),
        &[
            "a real run would fail to read the secret file `",
            "shop/secret.txt`: No such file",
        ],
    );
    let mode = |run: Run, mode| {
        let set =
            std::fs::set_permissions(run.path("shop/secret.txt"), Permissions::from_mode(mode));
        set.expect("a mode");
        run
    };
    let open = looked("secret.txt").file("shop/secret.txt", TOKEN);
    noted(
        mode(open, 0o644),
        &[
            "a real run would fail to trust the secret file `",
            "run `chmod 600 ",
        ],
    );
    let empty = looked("secret.txt").file("shop/secret.txt", "\n");
    noted(
        mode(empty, 0o600),
        &[
            "a real run would fail to use the secret from `",
            "it is empty",
        ],
    );
    let outside = looked("../secret.txt").file("secret.txt", TOKEN);
    noted(
        outside,
        &[
            "the secret file `../secret.txt` lies outside the mapping's folder",
            "which a real run refuses; put it beside the mapping",
        ],
    );
    let private = looked("secret.txt").file("shop/secret.txt", TOKEN);
    let done = mode(private, 0o600).go();
    done.code(0).all("valid");
    assert!(!done.stderr.contains("WARN"), "{done}");
}

#[test]
fn a_dry_run_runs_no_command_for_a_secret() {
    let from_command = "{ command = [\"/bin/sh\", \"-c\", \"touch ran; echo x\"] }";
    let mapping = QUICK.replace("{ env = \"SHOP_TOKEN\" }", from_command);
    let done = Run::of(&mapping, people(1)).args(["--dry-run"]).go();
    done.code(0).all("valid");
    assert!(!done.path("shop/ran").exists(), "{done}");
}
