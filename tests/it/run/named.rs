//! Names that only the account knows: the README's own provider, an account that is in trouble when it is asked for them,
//! and what a dry run says of asking.

use std::path::Path;

use serde_json::{Value, json};

use super::harness::Run;
use super::server::{Request, Server, answer};

/// The two files that the README shows for a provider of one's own.
fn shown() -> [String; 2] {
    let readme = Path::new(env!("CARGO_MANIFEST_DIR")).join("README.md");
    let readme = std::fs::read_to_string(readme).expect("a README");
    let (_, part) = readme
        .split_once("## Adding a provider")
        .expect("a part about it");
    let mut files = part.split("```toml\n").skip(1).map(|rest| {
        let (file, _) = rest.split_once("```").expect("a fence is closed");
        file.to_owned()
    });
    [(); 2].map(|()| files.next().expect("a file"))
}

const ROWS: &str = "Name,Email,Phone,Level,Score\nDana,dana@example.org,+972541234567,gold,5\n";

/// As somebody would who follows the README to the letter.
fn sixth(verb: &str) -> Run {
    let [api, contacts] = shown();
    Run::verb(verb)
        .file("people.csv", ROWS)
        .file("shop/api.toml", api)
        .file("shop/contacts.toml", contacts)
        .env("SIXTH_KEY", super::harness::TOKEN)
}

fn run(provider: Run) -> Run {
    provider.args(["people.csv", "-m", "shop/contacts.toml", "--no-progress"])
}

/// The provider of the README: nobody is there yet, and a change is refused by a 200.
fn account(request: &Request) -> (u16, String) {
    let fields = r#"{"fields":[{"id":"11","label":"Loyalty level","key":"loyalty","type":"TEXT"},{"id":"12","label":"Score","key":"points","type":"NUMBER"}]}"#;
    match (request.method.as_str(), request.target.as_str()) {
        (_, "/fields") => (200, fields.to_owned()),
        ("GET", target) if target.starts_with("/people?") => (200, r#"{"people":[]}"#.to_owned()),
        ("GET", _) => (200, r#"{"person":{"id":7}}"#.to_owned()),
        ("POST", "/people") => {
            let mut person = request.json();
            person["id"] = json!(7);
            (200, json!({ "person": person }).to_string())
        }
        ("PATCH", _) => (200, r#"{"error":"read-only"}"#.to_owned()),
        _ => (200, r#"{"tags":["vip"]}"#.to_owned()),
    }
}

#[test]
fn the_readmes_own_provider_is_whole_and_speaks_of_fields_by_their_names() {
    let server = Server::start(|request| {
        let (status, body) = account(request);
        answer(status, &body).into()
    });
    let done = run(sixth("run")).to(&server).go();
    done.code(0).all("created");
    let requests = server.requests();
    let told: Vec<String> = requests
        .iter()
        .map(|request| format!("{} {}", request.method, request.target))
        .collect();
    assert_eq!(
        told,
        [
            "GET /fields",
            "GET /people?email=dana%40example.org",
            "POST /people",
            "POST /people/7/tags"
        ]
    );
    assert_eq!(
        requests[2].json()["extra"],
        json!({ "loyalty": "gold", "points": 5 })
    );
    // A 200 that means no is one.
    let again = Run::again(done, "second").env("SIXTH_KEY", super::harness::TOKEN);
    let other = again.file("people.csv", ROWS.replace("Dana", "Dina")).go();
    other.code(1).all("failed");
    let rehearsed = run(sixth("run")).args(["--sandbox"]).go();
    rehearsed.code(0).all("created");
    let [api, contacts] = shown();
    let misspelt = Run::of(&contacts.replace("\"Score\" =", "\"Scor\" ="), ROWS)
        .file("shop/api.toml", api)
        .args(["--sandbox"]);
    misspelt
        .go()
        .code(3)
        .says("the account has no custom field `Scor`")
        .says("did you mean `Score`?");
    let listed = sixth("providers").args(["shop/api.toml"]).go();
    assert!(
        listed.code(0).stdout.contains(
            "[custom_fields] go into `extra`, by the name on the screen, by key or by id"
        ),
        "{listed}"
    );
}

/// An answer that is not understood is no account without custom fields.
#[test]
fn a_list_that_is_not_where_it_should_be_is_told() {
    for (body, fine) in [
        (r#"{"items":[]}"#, false),
        (r#"{"fields":{"id":"11"}}"#, false),
        (r#"{"fields":null}"#, true),
        (r#"{"fields":[]}"#, true),
    ] {
        let server = Server::start(move |_| answer(200, body).into());
        let asked = sixth("providers").args(["-m", "shop/contacts.toml"]);
        let asked = asked.to(&server).go();
        let none = asked.stdout == "0 custom fields in this account of Sixth\n";
        assert_eq!((none, asked.code == Some(0)), (fine, fine), "{asked}");
        let done = run(sixth("run")).to(&server).go();
        done.code(3).says(match fine {
            true => "the account has no custom field `Loyalty level`",
            false => "failed to ask the account what it has: GET /fields shows no list at `fields`, where the provider's file has it",
        });
        assert_eq!(server.requests().len(), 2);
    }
}

const BY_NAME: &str = r#"provider = "insighto"
[account]
token = { env = "SHOP_TOKEN" }
[contact]
id = "Id"
[fields]
first_name = "Name"
[custom_fields]
"Score" = "Score"
"#;

const ONE: &str = "Id,Name,Score\n5a4d0000-0000-4000-8000-000000000001,Dana,5\n";

/// Insighto, where the list of custom fields is answered so as long as it says.
fn insighto(status: u16, times: usize) -> Server {
    Server::start(move |request| {
        let fields = request.target.contains("contact_custom_field");
        let items = match request.target.contains("page=1&") {
            true => {
                r#"{"data":{"items":[{"id":"5a4d0000-0000-4000-8000-00000000000f","custom_field_name":"Score","custom_field_type":"Number"}]}}"#
            }
            false => r#"{"data":{"items":[]}}"#,
        };
        match fields {
            true if request.before < times => answer(status, "{}").into(),
            true => answer(200, items).into(),
            false => answer(200, r#"{"data":{}}"#).into(),
        }
    })
}

fn written(server: &Server) -> Vec<Value> {
    let requests = server.requests();
    let changes = requests.iter().filter(|request| request.method == "PUT");
    changes
        .map(|request| request.json()["custom_fields"]["Score"].clone())
        .collect()
}

/// An account in trouble is no account without custom fields: a number would be sent as text.
#[test]
fn an_account_in_trouble_is_asked_for_its_fields_again() {
    let moment = insighto(503, 1);
    Run::of(BY_NAME, ONE)
        .to(&moment)
        .go()
        .code(0)
        .all("updated");
    assert_eq!(written(&moment), [json!(5)]);
    // A list that is not there is no trouble: it is not documented.
    let absent = insighto(404, usize::MAX);
    let done = Run::of(BY_NAME, ONE).to(&absent).go();
    done.code(0)
        .all("updated")
        .says("the account does not tell which custom fields it has");
    assert_eq!(written(&absent), [json!("5")]);
    let down = insighto(503, usize::MAX);
    let done = Run::of(BY_NAME, ONE).to(&down).go();
    done.code(5)
        .says("failed to ask the account what it has")
        .says("gave 503 (outage)");
    assert_eq!(written(&down), [] as [Value; 0]);
    for verb in ["doctor", "providers"] {
        let asked = Run::verb(verb)
            .file("shop/contacts.toml", BY_NAME)
            .args(["-m", "shop/contacts.toml"])
            .to(&down)
            .go();
        asked.code(5).says("run the same command again later");
        assert!(!asked.stdout.contains("names go as"), "{asked}");
    }
}

/// What is asked before the first row takes calls, too, and nobody knows how many.
#[test]
fn a_dry_run_says_what_is_asked_before_the_rows() {
    let dry = |mapping: &str| {
        let done = Run::of(mapping, ONE).args(["--dry-run"]).go();
        done.code(0).stdout.clone()
    };
    let by_id = dry(BY_NAME);
    assert!(
        by_id.contains("\nA real run makes at most 2 calls: 1 read, 1 change.\n")
            && by_id.contains(
                "\nBefore them it asks for all custom fields of the account, a call for each page.\n"
            ),
        "{by_id}"
    );
    let found = BY_NAME.replace("id = \"Id\"", "match = { email = \"Email\" }");
    let rows = "Email,Name,Score\ndana@example.org,Dana,5\n";
    let done = Run::of(&found, rows)
        .args(["--dry-run", "--requests", "requests.jsonl"])
        .go();
    let found = &done.code(0).stdout;
    assert!(
        found.contains("\nA real run makes at most 2 calls: 1 read, 1 change.\n")
            && found.contains("\nBefore them it asks for all custom fields and people of the account, a call for each page.\n"),
        "{found}"
    );
    let read_back = Run::of(BY_NAME, ONE).args(["--dry-run", "--verify"]).go();
    assert!(
        read_back
            .code(0)
            .stdout
            .contains("at most 3 calls: 2 reads, 1 change."),
        "{read_back}"
    );
    let plain = dry(&BY_NAME.replace("\"Score\" =", "\"5a4d0000-0000-4000-8000-00000000000f\" ="));
    assert!(!plain.contains("Before them"), "{plain}");
}
