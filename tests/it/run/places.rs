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
