//! Where requests go, and where they never go.

use super::harness::{OFFICIAL, QUICK, Run, people};
use super::server::{Server, answer, taken};

#[test]
fn a_base_url_may_have_a_prefix_before_the_apis_own_path() {
    for end in ["/crm/eu", "/crm/eu/"] {
        let server = Server::start(|_| taken());
        let url = format!("{}{end}", server.url());
        Run::of(QUICK, people(1))
            .args(["--base-url", &url])
            .go()
            .code(0);
        assert_eq!(
            server.requests()[0].target,
            "/crm/eu/api/v1/accounts/7/contacts/1"
        );
    }
}

#[test]
fn a_mapping_cannot_carry_the_credential_to_another_host() {
    let server = Server::start(|_| taken());
    let mapping = format!("base_url = \"{}\"\n{QUICK}", server.url());
    let done = Run::of(&mapping, people(1)).go();
    done.code(3)
        .says("--allow-host 127.0.0.1")
        .says("shop/contacts.toml:1");
    assert_eq!(server.connections(), 0);
    let done = Run::of(&mapping, people(1))
        .args(["--allow-host", "other.example"])
        .go();
    done.code(3);
    assert_eq!(server.connections(), 0);
    Run::of(&mapping, people(1))
        .args(["--allow-host", "127.0.0.1"])
        .go()
        .code(0)
        .all("updated");
    assert_eq!(server.writes(), 1);
}

#[test]
fn what_is_typed_as_base_url_wins_over_the_mapping() {
    let server = Server::start(|_| taken());
    let mapping = format!("base_url = \"https://chat.example.com\"\n{QUICK}");
    Run::of(&mapping, people(1)).to(&server).go().code(0);
    assert_eq!(server.writes(), 1);
}

#[test]
fn a_credential_never_travels_unencrypted_over_a_network() {
    let done = Run::of(QUICK, people(1))
        .args(["--base-url", "http://chat.example.com"])
        .go();
    done.code(3).says("https");
    let mapping = format!("base_url = \"http://chat.example.com\"\n{QUICK}");
    let done = Run::of(&mapping, people(1))
        .args(["--allow-host", "chat.example.com"])
        .go();
    done.code(3).says("https");
}

#[test]
fn a_base_url_that_is_none_is_refused() {
    for url in [
        "chat.example.com",
        "https://",
        "ftp://chat.example.com",
        "https://user:pw@chat.example.com",
        "https://chat.example.com/?a=b",
    ] {
        Run::of(QUICK, people(1))
            .args(["--base-url", url])
            .go()
            .code(3);
    }
}

#[test]
fn a_base_url_has_no_placeholders_wherever_it_is_written() {
    let what =
        "a base URL has no `{` and no `}`; write it as it is, like `https://chat.example.com`";
    for url in [
        "http://127.0.0.1:8080/{id}",
        "http://127.0.0.1:8080/{account.account_id}",
        "http://127.0.0.1:8080/}",
        "http://{host}:8080",
    ] {
        let done = Run::of(QUICK, people(1))
            .args(["--dry-run", "--base-url", url])
            .go();
        done.code(3);
        let expected = format!("error: {what}; nothing was sent\n");
        assert_eq!(done.stderr, expected, "{url}");
        let mapping = format!("base_url = \"{url}\"\n{QUICK}");
        let done = Run::of(&mapping, people(1)).args(["--dry-run"]).go();
        done.code(3)
            .says(&format!("error[wrong-base-url]: {what}"))
            .says("shop/contacts.toml:1:12");
    }
}

#[test]
fn a_base_url_that_says_the_apis_own_beginning_once_more_is_refused() {
    let refused = |provider: &str, end: &str, base: &str, twice: &str| {
        let what = format!(
            "the base URL ends in `{twice}`, with which the API's own paths begin, so it would stand there twice; write `{base}`"
        );
        let url = format!("{base}{end}");
        let mapping = match provider {
            "99digital" => QUICK.to_owned(),
            _ => QUICK
                .replace("99digital", provider)
                .replace("account_id = 7\n", "")
                .replace("name = \"Name\"", "first_name = \"Name\""),
        };
        let done = Run::of(&mapping, people(1))
            .args(["--dry-run", "--base-url", &url])
            .go();
        assert_eq!(
            done.code(3).stderr,
            format!("error: {what}; nothing was sent\n")
        );
        let mapping = format!("base_url = \"{url}\"\n{mapping}");
        let done = Run::of(&mapping, people(1)).args(["--dry-run"]).go();
        done.code(3)
            .says(&format!("error[wrong-base-url]: {what}"))
            .says("shop/contacts.toml:1:12");
    };
    let chat = "https://chat.example.com";
    refused("99digital", "/api/v1", chat, "/api/v1");
    refused("99digital", "/api/v1/", chat, "/api/v1");
    refused(
        "99digital",
        "/api/v1",
        "https://chat.example.com:8443/eu",
        "/api/v1",
    );
    refused(
        "insighto",
        "/api/v1",
        "https://insighto.example.com",
        "/api/v1",
    );
    // Whoever copies the beginning of an address need not have copied all that its paths have in common.
    for (api, url) in [
        ("zingle", "https://api.zingle.me/v1"),
        ("acquire", "https://acme.acquire.io/api/v1"),
    ] {
        let account = match api {
            "zingle" => "service_id = \"aff7bc93-6e28-4e70-8770-defa35cdfc1b\"",
            _ => "account_id = \"acme\"",
        };
        let mapping = QUICK
            .replace("99digital", api)
            .replace("account_id = 7", account)
            .replace(
                "[fields]\nname = \"Name\"\nemail = \"Email\"",
                "[custom_fields]\nlevel = \"Name\"",
            );
        let done = Run::of(&mapping, people(1))
            .args(["--dry-run", "--base-url", url])
            .go();
        done.code(3).says("so it would stand there twice");
    }
    // A prefix may look like a part of it; and where the paths have nothing in common, nothing can stand there twice.
    for (mapping, end) in [
        (QUICK, "/chat"),
        (QUICK, "/api"),
        (QUICK, "/v1"),
        (QUICK, "/x-api/v1"),
        (QUICK, "/api/v1/eu"),
        (OFFICIAL, "/contacts"),
    ] {
        let done = Run::of(mapping, people(1))
            .args(["--dry-run", "--base-url", &format!("{chat}{end}")])
            .go();
        done.code(0);
    }
}

#[test]
fn whoever_allows_a_host_in_other_words_is_told_how_it_is_written() {
    let mapping = format!("base_url = \"https://chat.example.com:8443/eu\"\n{QUICK}");
    let told = |given: &[&str]| {
        let run = Run::of(&mapping, people(1)).args(["--dry-run"]);
        let done = given
            .iter()
            .fold(run, |run, host| run.args(["--allow-host", host]))
            .go();
        done.code(3).stderr.lines().find_map(|line| {
            let (_, help) = line.split_once("= help: ")?;
            Some(help.to_owned())
        })
    };
    let trust = "if you trust it with the credential,";
    let alone = "does not match it; a host stands there as it is, without scheme, port and path:";
    let write = "write `--allow-host chat.example.com`";
    assert_eq!(
        told(&[]),
        Some(format!("{trust} add `--allow-host chat.example.com`"))
    );
    for given in [
        "https://chat.example.com",
        "chat.example.com:8443",
        "https://chat.example.com:8443/eu",
        "other.example",
    ] {
        let expected = format!("`--allow-host {given}` {alone} {trust} {write}");
        assert_eq!(told(&[given]), Some(expected));
    }
    let both = "`--allow-host other.example,chat.example.com:8443`";
    assert_eq!(
        told(&["other.example", "chat.example.com:8443"]),
        Some(format!("{both} {alone} {trust} {write}"))
    );
    assert_eq!(
        told(&["https://dana:canary@chat.example.com"]),
        Some(format!(
            "what `--allow-host` was given {alone} {trust} {write}"
        ))
    );
    let done = Run::of(&mapping, people(1))
        .args(["--dry-run", "--allow-host", " CHAT.example.com "])
        .go();
    done.code(0);
}

#[test]
fn an_id_is_one_segment_of_the_path_whatever_stands_in_it() {
    let server = Server::start(|_| answer(200, r#"{"succeded":true,"contact":{}}"#).into());
    let ids = [
        "a/b", "a?b=c", "a#b", "a%2Fb", "ä b", "a;b", "..%2f..", "a\\b",
    ];
    let mut csv = "Id,Name,Email\n".to_owned();
    for id in ids {
        csv += &format!("\"{id}\",Person,p@example.org\n");
    }
    let done = Run::of(OFFICIAL, csv).to(&server).go();
    for (line, id) in done.results().iter().zip(ids) {
        assert!(
            line.outcome == "updated" || line.outcome == "invalid",
            "{id}: {done}"
        );
    }
    for request in server.requests() {
        let rest = request
            .target
            .strip_prefix("/contacts/")
            .expect("the API's own path");
        assert!(
            !rest.contains(['/', '?', '#', ';', '\\']) || rest.contains("%"),
            "{rest}"
        );
        assert_eq!(rest.matches('/').count(), 0, "{rest}");
        let id = percent_encoding::percent_decode_str(rest)
            .decode_utf8()
            .expect("UTF-8");
        assert!(ids.contains(&id.as_ref()), "{id}");
    }
    assert!(server.requests().len() >= 4);
}

#[test]
fn ids_that_would_lead_elsewhere_are_refused_before_anything_is_sent() {
    let server = Server::start(|_| taken());
    let csv = "Id,Name,Email\n.,A,a@example.org\n..,B,b@example.org\n,C,c@example.org\n\"a\nb\",D,d@example.org\n";
    let done = Run::of(OFFICIAL, csv).to(&server).go();
    done.code(1).all("invalid");
    let done = Run::of(
        QUICK,
        "Id,Name,Email\n12abc,A,a@example.org\n-1,B,b@example.org\n1/2,C,c@example.org\n",
    )
    .to(&server)
    .go();
    done.code(1).all("invalid");
    assert_eq!(server.connections(), 0);
}
