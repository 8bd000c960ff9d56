//! The other verbs: `doctor`, `sandbox`, `providers`.

use std::io::{BufRead as _, BufReader};
use std::process::{Child, Command, Stdio};

use super::done::Done;
use super::gate::ClosedPort;
use super::harness::{OFFICIAL, QUICK, Run, people};
use super::server::{Server, answer};

fn doctor(mapping: &str) -> Run {
    Run::verb("doctor")
        .file("shop/contacts.toml", mapping)
        .args(["-m", "shop/contacts.toml"])
}

#[test]
fn doctor_reads_once_and_changes_nothing() {
    let server = Server::start(|_| answer(200, r#"{"id":1,"name":"Me"}"#).into());
    let done = doctor(QUICK).to(&server).go();
    done.code(0);
    let requests = server.requests();
    assert_eq!(requests.len(), 1);
    assert_eq!(
        (requests[0].method.as_str(), requests[0].target.as_str()),
        ("GET", "/api/v1/profile")
    );
    assert!(done.stdout.contains("everything is ready"), "{done}");
}

#[test]
fn doctor_says_what_is_wrong_and_what_to_do() {
    let server = Server::start(|_| answer(401, r#"{"error":"Invalid Access Token"}"#).into());
    doctor(QUICK)
        .to(&server)
        .go()
        .code(3)
        .says("Invalid Access Token")
        .says("copy the API key");
    let server = Server::start(|_| answer(503, "down").into());
    doctor(QUICK).to(&server).go().code(5).says("503");
    doctor(QUICK)
        .without_env("SHOP_TOKEN")
        .go()
        .code(3)
        .says("SHOP_TOKEN");
    doctor(&QUICK.replace("name =", "nam ="))
        .go()
        .code(3)
        .says("did you mean `name`?");
    doctor(OFFICIAL).go().code(3).says("location_id");
}

#[test]
fn doctor_names_the_place_that_refuses_the_connection() {
    let nobody = ClosedPort::take();
    let done = doctor(QUICK)
        .args(["--base-url", &nobody.url(), "-vvv"])
        .go();
    done.code(5)
        .says(&format!("connection refused by {}", nobody.address()));
}

/// A stand-in that is served until the test is over.
struct StandIn {
    child: Child,
    url: String,
}

impl StandIn {
    fn of(provider: &str) -> Self {
        let mut child = Command::new(env!("CARGO_BIN_EXE_contact-sync"))
            .args(["sandbox", provider])
            .env_clear()
            .stdout(Stdio::piped())
            .spawn()
            .expect("it starts");
        let mut lines = BufReader::new(child.stdout.take().expect("standard output")).lines();
        let line = lines.next().expect("a line").expect("text");
        let (_, url) = line.split_once("http://").expect("an address");
        let url = format!("http://{}", url.trim());
        // Nobody reads the rest; a server does not mind.
        Self { child, url }
    }

    fn stop(mut self) -> Option<i32> {
        let command = format!("kill -INT {}", self.child.id());
        assert!(
            Command::new("sh")
                .args(["-c", &command])
                .status()
                .expect("a shell")
                .success()
        );
        self.child.wait().expect("it ends").code()
    }
}

fn against(stand_in: &StandIn, mapping: &str, csv: &str) -> Done {
    Run::of(mapping, csv)
        .args(["--base-url", &stand_in.url])
        .go()
}

#[test]
fn a_stand_in_is_served_for_other_programs() {
    let stand_in = StandIn::of("highlevel");
    against(&stand_in, OFFICIAL, &people(3))
        .code(0)
        .all("updated");
    let location = OFFICIAL.replace(
        "[contact]",
        "location_id = \"ve9EPM428h8vShlRW1KT\"\n[contact]",
    );
    let done = doctor(&location).args(["--base-url", &stand_in.url]).go();
    done.code(0);
    assert_eq!(stand_in.stop(), Some(0));
}

#[test]
fn the_stand_in_answers_as_the_real_one_would() {
    let stand_in = StandIn::of("99digital");
    let unknown = format!("{}404,Nobody,n@example.org\n", people(2));
    let done = against(&stand_in, QUICK, &unknown);
    done.code(1);
    let line = &done.results()[2];
    assert_eq!(
        (
            line.outcome.as_str(),
            line.code.as_str(),
            line.http_status.as_str()
        ),
        ("failed", "not-found", "404")
    );
    assert_eq!(stand_in.stop(), Some(0));
}

#[test]
fn providers_are_listed_and_described() {
    let done = Run::verb("providers").go();
    done.code(0);
    for provider in ["highlevel", "99digital", "zingle", "insighto", "acquire"] {
        assert!(done.stdout.contains(provider), "{done}");
        let one = Run::verb("providers").args([provider]).go();
        assert!(one.code(0).stdout.contains("[fields]"), "{one}");
    }
    let done = Run::verb("providers").args(["HighLevel"]).go();
    assert!(
        done.code(0)
            .stdout
            .contains("gender: HighLevel refuses it here"),
        "{done}"
    );
    Run::verb("providers")
        .args(["highlvel"])
        .go()
        .code(3)
        .says("did you mean `highlevel`?");
    Run::verb("sandbox")
        .args(["highlvel"])
        .go()
        .code(3)
        .says("did you mean `highlevel`?");
}

#[test]
fn every_call_of_a_provider_is_told_by_method_and_path() {
    for provider in ["highlevel", "99digital", "zingle", "insighto", "acquire"] {
        let done = Run::verb("providers").args([provider]).go();
        let (_, after) = done.code(0).stdout.split_once("\ncalls\n").expect("calls");
        let (calls, _) = after.split_once("\n\n").expect("an end");
        let told: Vec<&str> = calls.lines().collect();
        let api = crate::providers::api(provider);
        assert_eq!(told.len(), api.all_calls().count(), "{done}");
        for call in api.all_calls() {
            let line = format!("  {} {}", call.method.word(), call.path.as_ref());
            let told = told.iter().filter_map(|own| own.split(" — ").next());
            assert!(
                told.clone().any(|own| own.ends_with(&line)),
                "{line}: {done}"
            );
        }
    }
    let done = Run::verb("providers").args(["insighto"]).go();
    let (_, after) = done.stdout.split_once("\ncalls\n").expect("calls");
    let (calls, _) = after.split_once("\n\n").expect("an end");
    let expected = [
        "  update              PUT /api/v1/contact/{id}",
        "  check               GET /api/v1/contact?page=1&size=1",
        "  read                GET /api/v1/contact/{id}",
        "  create              POST /api/v1/contact",
        "  find by email       GET /api/v1/contact?page={page}&size=100",
        "  find by phone       GET /api/v1/contact?page={page}&size=100",
        "  list custom fields  GET /api/v1/contact_custom_field?page={page}&size=100",
    ];
    assert_eq!(calls, expected.join("\n"));
}
