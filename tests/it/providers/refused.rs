//! What a provider or an account cannot: told as a mistake of the mapping, before anything is sent.

use contact_sync::provider::definitions::Known;

use super::talk::mistakes;
use super::words::Words;
use super::{PROVIDERS, api};

/// The mistakes of a mapping: code, what, help.
fn told(provider: &str, contact: &str, rest: &str, known: Option<&Known>) -> Vec<[String; 3]> {
    let api = api(provider);
    let account = match provider {
        "highlevel" => "location_id = \"ve9EPM428h8vShlRW1KT\"",
        "99digital" => "account_id = 7",
        "zingle" => "service_id = \"aff7bc93-6e28-4e70-8770-defa35cdfc1b\"",
        "acquire" => "account_id = \"acme\"",
        _ => "",
    };
    let mapping = format!(
        "provider = \"{provider}\"\n[account]\ntoken = {{ env = \"T\" }}\n{account}\n[contact]\n{contact}\n{rest}\n"
    );
    let all = mistakes(&api, &mapping, known);
    all.into_iter()
        .map(|one| [one.code.to_owned(), one.what, one.help])
        .collect()
}

#[track_caller]
fn one(all: &[[String; 3]], code: &str, what: &str, help: &str) {
    assert_eq!(all.len(), 1, "{all:#?}");
    assert_eq!(all[0][0], code, "{all:#?}");
    assert!(all[0][1].contains(what), "{}", all[0][1]);
    assert!(all[0][2].contains(help), "{}", all[0][2]);
}

fn known(provider: &str) -> Known {
    let api = api(provider);
    Words {
        provider,
        api: &api,
    }
    .known()
}

/// A field that each provider has.
fn field(provider: &str) -> &'static str {
    match provider {
        "highlevel" => "[fields]\ncity = \"City\"",
        "zingle" => "[fields]\nis_starred = \"Star\"",
        "insighto" => "[fields]\nfirst_name = \"Name\"",
        _ => "[fields]\nname = \"Name\"",
    }
}

#[test]
fn who_cannot_be_found_by_a_key_is_told_by_which() {
    for provider in ["highlevel", "insighto", "acquire"] {
        let all = told(
            provider,
            "match = { external_id = \"Id\" }",
            field(provider),
            None,
        );
        one(
            &all,
            "cannot",
            "no known way to find a contact by `external_id`",
            "`email` and `phone`",
        );
    }
    for provider in ["99digital", "zingle"] {
        let all = told(
            provider,
            "match = { external_id = \"Id\" }",
            field(provider),
            None,
        );
        assert_eq!(all, Vec::<[String; 3]>::new());
    }
}

/// It would be made again by every run.
#[test]
fn nobody_is_made_who_could_not_be_found_again() {
    let contact = "match = { email = \"Email\", external_id = \"Id\" }\nmode = \"upsert\"";
    let all = told("zingle", contact, field("zingle"), Some(&known("zingle")));
    one(
        &all,
        "cannot",
        "cannot give a new contact its `external_id`",
        "make it again",
    );
    let none = Known::default();
    let contact = "match = { email = \"Email\" }\nmode = \"upsert\"";
    let all = told("zingle", contact, field("zingle"), Some(&none));
    one(
        &all,
        "unknown-channel",
        "`EmailAddress`",
        "add it in the account",
    );
}

#[test]
fn an_id_says_that_somebody_is_there() {
    for provider in PROVIDERS {
        for mode in ["upsert", "create"] {
            let contact = format!("id = \"Id\"\nmode = \"{mode}\"");
            let all = told(provider, &contact, field(provider), None);
            one(&all, "wrong-option", "needs `match`", "instead of `id`");
        }
        let both = "id = \"Id\"\nmatch = { email = \"Email\" }";
        let all = told(provider, both, field(provider), None);
        one(&all, "set-twice", "both `id` and `match`", "keep `id`");
        let all = told(provider, "mode = \"upsert\"", field(provider), None);
        assert!(
            all.iter()
                .any(|one| one[1].contains("nothing says which contact")),
            "{all:#?}"
        );
    }
}

#[test]
fn who_cannot_be_made_is_told() {
    let mut api = api("acquire");
    api.calls.create = None;
    let mapping = "provider = \"acquire\"\n[account]\ntoken = { env = \"T\" }\naccount_id = \"acme\"\n[contact]\nmatch = { email = \"E\" }\nmode = \"upsert\"\n[fields]\nname = \"N\"\n";
    let all = mistakes(&api, mapping, None);
    assert_eq!(all.len(), 1, "{all:#?}");
    assert!(all[0].what.contains("no known way to create a contact"));
}

#[test]
fn an_unknown_custom_field_is_told_with_the_nearest_name() {
    for (provider, meant, near) in [
        ("highlevel", "Loyality Level", "Loyalty level"),
        ("99digital", "Loyality Level", "Loyalty level"),
        ("zingle", "Fist Name", "First Name"),
        ("insighto", "Loyality Level", "Loyalty level"),
        ("acquire", "Loyality Level", "Loyalty level"),
    ] {
        let lines = format!("[custom_fields]\n\"{meant}\" = \"Level\"");
        let all = told(provider, "id = \"Id\"", &lines, Some(&known(provider)));
        one(
            &all,
            "unknown-custom-field",
            meant,
            &format!("did you mean `{near}`?"),
        );
        // Nobody asked the account yet: nothing is known to be wrong.
        assert_eq!(
            told(provider, "id = \"Id\"", &lines, None),
            Vec::<[String; 3]>::new()
        );
    }
    // An account that need not tell which fields it has is believed to have them.
    let silent = Known {
        silent: true,
        ..Known::default()
    };
    let lines = "[custom_fields]\n\"Loyality Level\" = \"Level\"";
    let all = told("insighto", "id = \"Id\"", lines, Some(&silent));
    assert_eq!(all, Vec::<[String; 3]>::new());
}

#[test]
fn a_choice_by_id_cannot_be_erased_or_written_as_text() {
    let known = known("zingle");
    let lines = "[custom_fields]\n\"Title\" = { column = \"Title\", empty = \"clear\" }";
    let all = told("zingle", "id = \"Id\"", lines, Some(&known));
    one(&all, "cannot", "no known way to erase `Title`", "skip");
    let lines = "[custom_fields]\n\"Title\" = { column = \"Title\", type = \"text\" }";
    let all = told("zingle", "id = \"Id\"", lines, Some(&known));
    one(&all, "wrong-option", "of type `enum`", "leave `type` out");
}

#[test]
fn tags_are_refused_where_they_cannot_be_changed() {
    for provider in ["insighto", "acquire"] {
        for verb in ["add", "remove", "set"] {
            let lines = format!("{}\n[tags]\n{verb} = [\"x\"]", field(provider));
            let all = told(provider, "id = \"Id\"", &lines, None);
            one(
                &all,
                "cannot",
                &format!("no known way to {verb} a contact's tags"),
                "leave it out",
            );
        }
    }
}

#[test]
fn a_tag_that_the_account_lacks_is_told_where_tags_go_by_their_ids() {
    let known = known("zingle");
    let all = told(
        "zingle",
        "id = \"Id\"",
        "[tags]\nadd = [\"Newsleter\"]",
        Some(&known),
    );
    one(
        &all,
        "unknown-tag",
        "no tag `Newsleter`",
        "did you mean `Newsletter`?",
    );
    let all = told(
        "zingle",
        "id = \"Id\"",
        "[tags]\nadd = [\"newsletter\", \"vip\"]",
        Some(&known),
    );
    assert_eq!(all, Vec::<[String; 3]>::new());
    let none = Known::default();
    let all = told(
        "zingle",
        "id = \"Id\"",
        "[tags]\nadd = { column = \"Tags\" }",
        Some(&none),
    );
    one(&all, "unknown-tag", "no tags at all", "create them");
    // Where the account makes tags as they come, none is unknown.
    let all = told(
        "highlevel",
        "id = \"Id\"",
        "[tags]\nadd = [\"Newsleter\"]",
        Some(&Known::default()),
    );
    assert_eq!(all, Vec::<[String; 3]>::new());
}
