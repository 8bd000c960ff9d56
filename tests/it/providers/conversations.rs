//! Conversations about one contact with scripted answers: how each ends, and whether the call may be made again.

use contact_sync::contact::{Fate, Verdict};
use contact_sync::provider::exchange::Remembered;
use contact_sync::provider::exchange::{Exchange, Next, Trouble};
use contact_sync::provider::reply::{self, Lost, Reply};
use contact_sync::provider::script::Script;

use super::{PROVIDERS, api, contact, recorded, script};

/// What became of a conversation after one answer.
#[derive(Debug, PartialEq)]
struct Ended {
    again: Option<Trouble>,
    fate: Fate,
    code: String,
}

fn ended(next: &Next) -> (Ended, &Verdict) {
    let (again, verdict) = match next {
        Next::Again(trouble, verdict) => (Some(*trouble), verdict),
        Next::Call(_) => panic!("another call: {next:?}"),
        Next::Settled(verdict) => (None, verdict),
    };
    let ended = Ended {
        again,
        fate: verdict.fate,
        code: verdict.code.to_string(),
    };
    (ended, verdict)
}

fn hear(script: &Script<'_>, said: &Reply) -> Next {
    let mut exchange = Exchange::start(script, contact("12"), Remembered::default());
    exchange.hear(&exchange.read(said))
}

fn settled(fate: Fate, code: &str) -> Ended {
    Ended {
        again: None,
        fate,
        code: code.to_owned(),
    }
}

fn again(trouble: Trouble, fate: Fate, code: &str) -> Ended {
    Ended {
        again: Some(trouble),
        ..settled(fate, code)
    }
}

const PAGE: &str = "<!DOCTYPE html><html><body>Sign in</body></html>";

#[test]
fn every_provider_ends_the_common_conversations_alike() {
    let whole = r#"{"data":{"id":12}}"#;
    let table: &[(u16, &str, Ended)] = &[
        (200, whole, settled(Fate::Updated, "")),
        (201, whole, settled(Fate::Updated, "")),
        (204, "", settled(Fate::Updated, "")),
        (202, "", settled(Fate::Unknown, "queued")),
        (202, whole, settled(Fate::Unknown, "queued")),
        (200, "", settled(Fate::Failed, "not-the-api")),
        (200, PAGE, settled(Fate::Failed, "not-the-api")),
        (200, r#"{"data":{"#, settled(Fate::Failed, "not-the-api")),
        (200, "[1,2]", settled(Fate::Failed, "not-the-api")),
        (200, "\"ok\"", settled(Fate::Failed, "not-the-api")),
        (200, "true", settled(Fate::Failed, "not-the-api")),
        (301, "", settled(Fate::Failed, "moved")),
        (307, PAGE, settled(Fate::Failed, "moved")),
        (400, "{}", settled(Fate::Failed, "refused")),
        (400, PAGE, settled(Fate::Failed, "refused")),
        (401, "{}", settled(Fate::Failed, "refused-credential")),
        (401, PAGE, settled(Fate::Failed, "refused-credential")),
        (403, "{}", settled(Fate::Failed, "forbidden")),
        (404, "{}", settled(Fate::Failed, "not-found")),
        (422, "{}", settled(Fate::Failed, "refused")),
        (409, "{}", again(Trouble::Busy, Fate::Failed, "busy")),
        (
            429,
            "{}",
            again(Trouble::Throttled, Fate::Failed, "throttled"),
        ),
        (
            429,
            "Retry later\n",
            again(Trouble::Throttled, Fate::Failed, "throttled"),
        ),
        (500, PAGE, again(Trouble::Outage, Fate::Failed, "outage")),
        (503, "", again(Trouble::Outage, Fate::Failed, "outage")),
        (502, PAGE, again(Trouble::Outage, Fate::Unknown, "gateway")),
        (504, "", again(Trouble::Outage, Fate::Unknown, "gateway")),
    ];
    for provider in PROVIDERS {
        let api = api(provider);
        let script = script(&api, provider, &[]);
        for (status, body, wanted) in table {
            let next = hear(&script, &super::reply(*status, &[], body));
            let (got, verdict) = ended(&next);
            assert_eq!(got, *wanted, "{provider}: {status} {body}");
            assert_eq!(verdict.http_status, Some(*status));
            assert_eq!(
                verdict.contact_id, "12",
                "the id of the row, whatever is said"
            );
            let told = !verdict.message.is_empty();
            assert_eq!(told, verdict.fate != Fate::Updated, "{provider}: {status}");
        }
    }
}

/// The ways in which values may stand where others are expected.
#[test]
fn a_yes_with_values_of_strange_types_is_still_a_yes() {
    for provider in PROVIDERS {
        let api = api(provider);
        let script = script(&api, provider, &[]);
        for body in [
            "{}",
            r#"{"contact":[],"payload":5,"result":"x","data":null,"message":{"a":1},"meta":[]}"#,
            r#"{"status":"weird","traceId":{"a":[1]},"contact":{"id":{"b":2}}}"#,
        ] {
            let next = hear(&script, &super::reply(200, &[], body));
            assert_eq!(
                ended(&next).0,
                settled(Fate::Updated, ""),
                "{provider}: {body}"
            );
        }
    }
}

#[test]
fn a_call_that_was_lost_says_whether_it_may_have_arrived() {
    for provider in PROVIDERS {
        let api = api(provider);
        let script = script(&api, provider, &[]);
        let lost =
            |lost: Lost| Exchange::start(&script, contact("12"), Remembered::default()).lost(&lost);
        let why = || "no route".to_owned();
        let next = lost(Lost::NotSent(why()));
        assert_eq!(
            ended(&next).0,
            again(Trouble::Unreachable, Fate::Failed, "unreachable")
        );
        let next = lost(Lost::NoAnswer(why()));
        assert_eq!(
            ended(&next).0,
            again(Trouble::NoAnswer, Fate::Unknown, "no-answer")
        );
        let next = lost(Lost::NotTrusted(why()));
        let (got, verdict) = ended(&next);
        assert_eq!(got, settled(Fate::Failed, "not-trusted"));
        assert_eq!(
            (verdict.message.as_str(), verdict.http_status),
            ("no route", None)
        );
    }
}

/// What a person reads: the provider's own reason, then what to do.
#[test]
fn a_refusal_gives_the_reason_and_the_way_out() {
    let table = [
        (
            "highlevel",
            "duplicate",
            "duplicate",
            "email",
            "This location does not allow duplicated contacts — another contact already has this e-mail or phone; merge the two in HighLevel or correct the row",
        ),
        (
            "highlevel",
            "not-found",
            "not-found",
            "",
            "Contact with id u8jzPde0IgxLd6GncfBA not found — check that the id belongs to a contact of this location and that the contact was not deleted",
        ),
        (
            "99digital",
            "phone-taken",
            "refused",
            "phone_number",
            "Phone number has already been taken — look at the named field: its form is wrong, or another contact has the same e-mail or phone",
        ),
        (
            "zingle",
            "locked",
            "locked",
            "",
            "Locked contacts cannot be edited — another system keeps this contact; change its name, e-mail or phone there",
        ),
        (
            "insighto",
            "no-right",
            "forbidden",
            "",
            "Not enough permissions — the key's role may not change contacts; make one with a role that may",
        ),
        (
            "acquire",
            "duplicate",
            "duplicate",
            "",
            "ERROR_DUPLICATE_RECORD_FOUND: e-mail is taken — another contact already has this value; merge the two in Acquire or correct the row",
        ),
    ];
    for (provider, name, code, field, message) in table {
        let api = api(provider);
        let script = script(&api, provider, &[]);
        let replies = recorded(provider);
        let (_, said) = replies.iter().find(|(own, _)| own == name).expect(name);
        let next = hear(&script, said);
        let (got, verdict) = ended(&next);
        assert_eq!(got, settled(Fate::Failed, code), "{provider}/{name}");
        assert_eq!(verdict.field, field, "{provider}/{name}");
        assert_eq!(verdict.message, message, "{provider}/{name}");
    }
}

/// The server writes and answers 502 twice, then says yes: the same call goes out three times, and the end is right.
#[test]
fn trouble_and_then_a_yes_is_a_yes() {
    for provider in PROVIDERS {
        let api = api(provider);
        let script = script(&api, provider, &[]);
        let mut exchange = Exchange::start(&script, contact("12"), Remembered::default());
        let first = exchange.call().clone();
        for _ in 0..2 {
            let answer = reply::read(&api, &super::reply(502, &[], PAGE));
            assert!(matches!(exchange.hear(&answer), Next::Again(..)));
            assert_eq!(*exchange.call(), first);
        }
        let answer = reply::read(&api, &super::reply(200, &[], "{}"));
        assert_eq!(ended(&exchange.hear(&answer)).0, settled(Fate::Updated, ""));
    }
}
