//! What each provider says and hears in a conversation about a contact, so that one test speaks about all of them.

use std::fs;

use contact_sync::provider::api::Api;
use contact_sync::provider::definitions::{Known, read};
use contact_sync::provider::finding::DefinitionList;
use serde_json::{Value, json};

use super::checkout;
use super::talk::{Heard, Said, yes};

/// Somebody in an account.
#[derive(Clone, Copy)]
pub(super) struct Person {
    pub(super) id: &'static str,
    pub(super) email: &'static str,
    pub(super) phone: &'static str,
}

/// What one provider says and hears.
pub(super) struct Words<'a> {
    pub(super) provider: &'a str,
    pub(super) api: &'a Api,
}

pub(super) const NAME_FIELD: &str = "56c70519-6c70-40e5-904e-7652e54a07b6";
pub(super) const EMAIL_CHANNEL: &str = "1a2b3c4d-0000-4000-8000-000000000001";
pub(super) const PHONE_CHANNEL: &str = "1a2b3c4d-0000-4000-8000-000000000002";

impl Words<'_> {
    /// Two people of the account.
    pub(super) fn people(&self) -> [Person; 2] {
        let ids = match self.provider {
            "highlevel" => ["aaAAaaAAaaAAaaAAaa01", "aaAAaaAAaaAAaaAAaa02"],
            "99digital" | "acquire" => ["11", "12"],
            _ => [
                "6cad4a26-8d11-4ece-9738-f7d93d9c1724",
                "1e27a1c0-8a6a-43ec-a4ed-e6a46b4cb242",
            ],
        };
        let person = |id, email, phone| Person { id, email, phone };
        [
            person(ids[0], "dana@example.com", "+972523456781"),
            person(ids[1], "noa@example.com", "+972523456782"),
        ]
    }

    /// A mapping that looks for people by e-mail and phone and sets their name.
    pub(super) fn mapping(&self, mode: &str) -> String {
        let (account, name) = match self.provider {
            "highlevel" => (
                "location_id = \"ve9EPM428h8vShlRW1KT\"",
                "[fields]\nfirstName = \"Name\"",
            ),
            "99digital" => ("account_id = 7", "[fields]\nname = \"Name\""),
            "zingle" => (
                "service_id = \"aff7bc93-6e28-4e70-8770-defa35cdfc1b\"",
                "[custom_fields]\n\"First Name\" = \"Name\"",
            ),
            "insighto" => ("", "[fields]\nfirst_name = \"Name\""),
            _ => ("account_id = \"acme\"", "[fields]\nname = \"Name\""),
        };
        format!(
            "provider = \"{}\"\n[account]\ntoken = {{ env = \"T\" }}\n{account}\n[contact]\nmatch = {{ email = \"Email\", phone = \"Phone\" }}\nmode = \"{mode}\"\n{name}\n",
            self.provider
        )
    }

    /// The row of a person.
    pub(super) fn row<'p>(&self, person: &'p Person) -> [(&'p str, &'p str); 3] {
        [
            ("Email", person.email),
            ("Phone", person.phone),
            ("Name", "Dana"),
        ]
    }

    /// What is known about the account.
    pub(super) fn known(&self) -> Known {
        let mut known = Known::default();
        let lists = &self.api.definitions;
        let folder = checkout().join("samples/definitions").join(self.provider);
        let body = |name: &str| -> Option<Value> {
            let text = fs::read_to_string(folder.join(name).with_extension("json")).ok()?;
            let recorded: Value = serde_json::from_str(&text).expect("JSON");
            Some(recorded["body"].clone())
        };
        let all = |list: &Option<DefinitionList>, name: &str| match (list, body(name)) {
            (Some(list), Some(body)) => read(list, &body),
            _ => Vec::new(),
        };
        known.custom_fields = all(&lists.custom_fields, "custom-fields");
        for tag in all(&lists.tags, "tags") {
            known.tags.insert(tag.name.to_lowercase(), tag.id);
            known.tag_names.push(tag.name);
        }
        for channel in all(&lists.channels, "channels") {
            known.channels.insert(channel.name, channel.id);
        }
        known
    }

    fn encoded(value: &str) -> String {
        value.replace('@', "%40").replace('+', "%2B")
    }

    fn look(&self, key: &str, value: &str) -> Said {
        let get = |path: String| Said(format!("GET {path}"), Value::Null);
        let own = Self::encoded(value);
        match (self.provider, key) {
            ("highlevel", "email") => get(format!(
                "/contacts/search/duplicate?locationId=ve9EPM428h8vShlRW1KT&email={own}"
            )),
            ("highlevel", _) => get(format!(
                "/contacts/search/duplicate?locationId=ve9EPM428h8vShlRW1KT&number={own}"
            )),
            ("99digital", key) => {
                let (key, value) = match key {
                    "phone" => ("phone_number", value.trim_start_matches('+')),
                    _ => ("email", value),
                };
                Said(
                    "POST /api/v1/accounts/7/contacts/filter".to_owned(),
                    json!({"payload": [{"attribute_key": key, "filter_operator": "equal_to", "values": [value], "query_operator": null}]}),
                )
            }
            ("zingle", _) => get(format!(
                "{}?channel_value={own}&page_size=100",
                self.contacts()
            )),
            ("insighto", _) => get("/api/v1/contact?page=1&size=100".to_owned()),
            _ => Said(
                "POST /api/v1/crm/contact/list".to_owned(),
                json!({"payload": {}, "page": 0, "limit": 0, "search": value.trim_start_matches('+')}),
            ),
        }
    }

    pub(super) fn by_email(&self, person: &Person) -> Said {
        self.look("email", person.email)
    }

    pub(super) fn by_phone(&self, person: &Person) -> Said {
        self.look("phone", person.phone)
    }

    fn contacts(&self) -> &'static str {
        match self.provider {
            "highlevel" => "/contacts",
            "99digital" => "/api/v1/accounts/7/contacts",
            "zingle" => "/v1/services/aff7bc93-6e28-4e70-8770-defa35cdfc1b/contacts",
            "insighto" => "/api/v1/contact",
            _ => "/api/v1/crm/objects/contact",
        }
    }

    /// The change that sets a contact's name.
    pub(super) fn change(&self, person: &Person) -> Said {
        let method = if self.provider == "99digital" {
            "PATCH"
        } else {
            "PUT"
        };
        let line = format!("{method} {}/{}", self.contacts(), person.id);
        Said(line, self.named())
    }

    fn named(&self) -> Value {
        match self.provider {
            "highlevel" => json!({"firstName": "Dana"}),
            "99digital" => json!({"name": "Dana"}),
            "zingle" => {
                json!({"custom_field_values": [{"custom_field_id": NAME_FIELD, "value": "Dana"}]})
            }
            "insighto" => json!({"first_name": "Dana"}),
            _ => json!({"fields": {"name": "Dana"}}),
        }
    }

    /// The call that makes a person.
    pub(super) fn create(&self, person: &Person) -> Said {
        let mut body = self.named();
        let slash = if self.provider == "highlevel" {
            "/"
        } else {
            ""
        };
        match self.provider {
            "highlevel" => {
                body["locationId"] = json!("ve9EPM428h8vShlRW1KT");
                body["email"] = json!(person.email);
                body["phone"] = json!(person.phone);
            }
            "99digital" => {
                body["email"] = json!(person.email);
                body["phone_number"] = json!(person.phone);
            }
            "zingle" => {
                body["channels"] = json!([
                    {"channel_type_id": EMAIL_CHANNEL, "value": person.email},
                    {"channel_type_id": PHONE_CHANNEL, "value": person.phone},
                ]);
            }
            // The rest follows: it is not known to be taken here.
            "insighto" => body["email"] = json!(person.email),
            _ => {
                body["fields"]["email"] = json!(person.email);
                body["fields"]["phone"] = json!(person.phone);
            }
        }
        Said(format!("POST {}{slash}", self.contacts()), body)
    }

    /// What has to follow before a new contact is whole.
    pub(super) fn completion(&self, person: &Person) -> Vec<(Said, Heard)> {
        if self.provider != "insighto" {
            return Vec::new();
        }
        let path = format!("{}/{}", self.contacts(), person.id);
        let there =
            json!({"id": person.id, "first_name": "Dana", "email": person.email, "channels": null});
        let whole = json!({"channels": {"telephone": person.phone}});
        vec![
            (
                Said(format!("GET {path}"), Value::Null),
                yes(json!({"data": there})),
            ),
            (
                Said(format!("PUT {path}"), whole.clone()),
                yes(json!({"data": whole})),
            ),
        ]
    }

    fn shown(&self, person: &Person) -> Value {
        let Person { id, email, phone } = *person;
        let number: Value = id.parse::<u64>().map_or(json!(id), Value::from);
        match self.provider {
            "highlevel" => {
                json!({"id": id, "firstName": "dana", "email": email, "phone": phone, "tags": []})
            }
            "99digital" => {
                json!({"id": number, "name": "Dana", "email": email, "phone_number": phone})
            }
            "zingle" => json!({
                "id": id,
                "channels": [
                    {"value": email, "channel_type": {"id": EMAIL_CHANNEL}},
                    {"value": phone, "formatted_value": "052-345-6781", "channel_type": {"id": PHONE_CHANNEL}},
                ],
                "custom_field_values": [{"value": "Dana", "custom_field": {"id": NAME_FIELD, "code": "first_name"}}],
                "labels": [],
            }),
            "insighto" => {
                json!({"id": id, "first_name": "Dana", "email": email, "channels": {"telephone": phone}})
            }
            _ => {
                json!({"id": number, "contactId": number, "fields": {"name": "Dana", "email": email, "phone": phone}})
            }
        }
    }

    /// The answer to a look.
    pub(super) fn hits(&self, people: &[Person]) -> Heard {
        let all: Vec<Value> = people.iter().map(|person| self.shown(person)).collect();
        yes(match self.provider {
            "highlevel" => json!({"contact": all.first(), "traceId": "t"}),
            "99digital" => {
                json!({"meta": {"count": all.len(), "current_page": "1"}, "payload": all})
            }
            "zingle" => {
                json!({"status": {"status_code": 200, "total_records": all.len()}, "result": all})
            }
            "insighto" => json!({"message": "ok", "data": {"items": all, "page": 1, "pages": 1}}),
            _ => json!({"data": {"list": all, "counts": {"filteredCount": all.len()}}}),
        })
    }

    /// The answer to a change or a create.
    pub(super) fn done(&self, person: &Person) -> Heard {
        let shown = self.shown(person);
        yes(match self.provider {
            "highlevel" => json!({"succeded": true, "contact": shown}),
            "99digital" => json!({"payload": {"contact": shown, "contact_inbox": {}}}),
            "zingle" => json!({"status": {"status_code": 200}, "result": shown}),
            "insighto" => json!({"message": "ok", "meta": {}, "data": shown}),
            _ => json!({"data": shown}),
        })
    }
}
