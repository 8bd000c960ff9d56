//! The stand-in's answers: made ready once from the provider's file, filled in for each request.
//!
//! Where the file has no answer for a case, a plain one is given, so that a provider being written can be tried early.
//! Must never put text into JSON without escaping it.

use std::io;

use http::{HeaderName, HeaderValue, Response, StatusCode, header};
use http_body_util::Full;
use hyper::body::Bytes;
use serde_json::Value;

use crate::provider::api::Api;
use crate::provider::stand_in::{Says, When};

/// What is filled into an answer.
#[derive(Debug, Default)]
pub(super) struct Filling {
    /// The stored contact as JSON, with its id.
    pub(super) contact: String,
    /// The same without its id.
    pub(super) fields: String,
    /// The id, as JSON.
    pub(super) id: Value,
    /// The name of the field or header at fault.
    pub(super) field: String,
    /// What was wanted there, in words.
    pub(super) wanted: String,
    /// All contacts that were found, as a JSON list.
    pub(super) contacts: String,
    /// The contact's tags, as a JSON list.
    pub(super) tags: String,
    /// What the account defines, as a JSON list.
    pub(super) list: String,
    /// The id of the contact that is in the way, as JSON.
    pub(super) existing: Value,
    /// Whether the contact was made.
    pub(super) new: bool,
    /// The page of a list, how many there are, and how many contacts were found.
    pub(super) counts: [u64; 3],
    /// The body where the provider's file has no answer for the case.
    pub(super) plain: String,
}

/// All answers of one provider.
#[derive(Debug)]
pub(super) struct Answers(Vec<Answer>);

#[derive(Debug)]
struct Answer {
    when: When,
    status: StatusCode,
    headers: Vec<(HeaderName, HeaderValue)>,
    json: bool,
    body: String,
}

const PLACES: [&str; 14] = [
    "{contact}",
    "{fields}",
    "{id}",
    "{json_id}",
    "{field}",
    "{wanted}",
    "{contacts}",
    "{tags}",
    "{list}",
    "{existing}",
    "{page}",
    "{pages}",
    "{count}",
    "{new}",
];

impl Answers {
    /// Makes the answers of a provider's file ready.
    ///
    /// # Errors
    ///
    /// Names the answer that HTTP cannot carry.
    pub(super) fn new(api: &Api) -> io::Result<Self> {
        let answers: io::Result<Vec<Answer>> = api.sandbox.says.iter().map(prepare).collect();
        Ok(Self(answers?))
    }

    /// Whether the provider's file has an answer for a case.
    pub(super) fn has(&self, when: When) -> bool {
        self.0.iter().any(|answer| answer.when == when)
    }

    /// One answer, filled in.
    pub(super) fn give(&self, when: When, filling: &Filling) -> Response<Full<Bytes>> {
        let plain;
        let answer = match self.0.iter().find(|answer| answer.when == when) {
            Some(answer) => answer,
            None => {
                plain = plain_answer(when, &filling.plain);
                &plain
            }
        };
        let body = match answer.status {
            StatusCode::NO_CONTENT | StatusCode::RESET_CONTENT | StatusCode::NOT_MODIFIED => {
                String::new()
            }
            _ => fill(&answer.body, filling, answer.json),
        };
        let mut response = Response::new(Full::new(Bytes::from(body)));
        *response.status_mut() = answer.status;
        for (name, value) in &answer.headers {
            response.headers_mut().append(name, value.clone());
        }
        response
    }
}

fn prepare(says: &Says) -> io::Result<Answer> {
    let refuse = |what: &str| {
        let what = format!("`sandbox.says` with status `{}` {what}", says.status);
        io::Error::new(io::ErrorKind::InvalidInput, what)
    };
    let status = StatusCode::from_u16(says.status)
        .ok()
        .filter(|status| (200..600).contains(&status.as_u16()))
        .ok_or_else(|| refuse("is no answer; write a status from 200 to 599"))?;
    let content = [("content-type".to_owned(), says.content.clone())];
    let headers = content
        .iter()
        .map(|(name, value)| (name, value))
        .chain(&says.headers)
        .filter(|(_, value)| !value.is_empty())
        .map(|(name, value)| {
            let pair = (
                HeaderName::try_from(name.as_str()),
                HeaderValue::try_from(value.as_str()),
            );
            match pair {
                // How long the body is and how it is carried are the server's own to say.
                (Ok(name), Ok(value))
                    if name != header::CONTENT_LENGTH && name != header::TRANSFER_ENCODING =>
                {
                    Ok((name, value))
                }
                _ => Err(refuse(&format!(
                    "has a header that cannot be sent, `{name}`"
                ))),
            }
        });
    Ok(Answer {
        when: says.when,
        status,
        headers: headers.collect::<io::Result<Vec<_>>>()?,
        json: says.content.to_ascii_lowercase().contains("json"),
        body: says.body.clone(),
    })
}

fn plain_answer(when: When, plain: &str) -> Answer {
    let (status, body) = match when {
        When::Created => (StatusCode::CREATED, plain),
        When::Updated
        | When::Upserted
        | When::Read
        | When::Found
        | When::Tagged
        | When::Tags
        | When::CustomFields
        | When::AccountTags
        | When::Channels => (StatusCode::OK, plain),
        When::Ping => (StatusCode::OK, "{}"),
        When::Duplicate => (
            StatusCode::CONFLICT,
            r#"{"message":"{field} belongs to another contact"}"#,
        ),
        When::NoCredential => (
            StatusCode::UNAUTHORIZED,
            r#"{"message":"a credential is missing"}"#,
        ),
        When::BadHeader => (
            StatusCode::BAD_REQUEST,
            r#"{"message":"header {field} must be {wanted}"}"#,
        ),
        When::NoPath => (StatusCode::NOT_FOUND, r#"{"message":"no such path"}"#),
        When::NotFound => (StatusCode::NOT_FOUND, r#"{"message":"no such contact"}"#),
        When::BadJson => (
            StatusCode::BAD_REQUEST,
            r#"{"message":"the body is no JSON object"}"#,
        ),
        When::UnknownKey => (
            StatusCode::UNPROCESSABLE_ENTITY,
            r#"{"message":"there is no {field}"}"#,
        ),
        When::WrongType => (
            StatusCode::UNPROCESSABLE_ENTITY,
            r#"{"message":"{field} must be {wanted}"}"#,
        ),
        When::Throttled => (
            StatusCode::TOO_MANY_REQUESTS,
            r#"{"message":"too many requests"}"#,
        ),
    };
    let json = HeaderValue::from_static("application/json");
    Answer {
        when,
        status,
        headers: vec![(header::CONTENT_TYPE, json)],
        json: true,
        body: body.to_owned(),
    }
}

/// Fills the places in one pass, so that a text which looks like a place is left alone.
pub(super) fn fill(body: &str, filling: &Filling, json: bool) -> String {
    let mut out = String::with_capacity(body.len() + filling.contact.len() + filling.list.len());
    let mut rest = body;
    while let Some(at) = rest.find('{') {
        let (before, after) = rest.split_at(at);
        out.push_str(before);
        let place = PLACES.iter().find(|place| after.starts_with(**place));
        match place {
            Some(place) => out.push_str(&filled(place, filling, json)),
            None => out.push('{'),
        }
        rest = &after[place.map_or(1, |place| place.len())..];
    }
    out.push_str(rest);
    out
}

/// What stands in one place.
fn filled(place: &str, filling: &Filling, json: bool) -> String {
    let text = |text: &str| match json {
        true => escaped(text),
        false => text.to_owned(),
    };
    let id = |id: &Value| match id {
        Value::String(id) => text(id),
        Value::Null => String::new(),
        other => other.to_string(),
    };
    let or = |own: &str, none: &str| if own.is_empty() { none } else { own }.to_owned();
    let [page, pages, count] = filling.counts;
    match place {
        "{contact}" => or(&filling.contact, "{}"),
        "{fields}" => or(&filling.fields, "{}"),
        "{id}" => id(&filling.id),
        "{json_id}" => filling.id.to_string(),
        "{field}" => text(&filling.field),
        "{wanted}" => text(&filling.wanted),
        "{contacts}" => or(&filling.contacts, "[]"),
        "{tags}" => or(&filling.tags, "[]"),
        "{list}" => or(&filling.list, "[]"),
        "{existing}" => id(&filling.existing),
        "{page}" => page.to_string(),
        "{pages}" => pages.to_string(),
        "{count}" => count.to_string(),
        "{new}" => filling.new.to_string(),
        other => other.to_owned(),
    }
}

/// Text as it stands between the quotes of a JSON string.
fn escaped(text: &str) -> String {
    let quoted = Value::from(text).to_string();
    quoted[1..quoted.len() - 1].to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_escaped_in_json_and_never_filled_in_twice() {
        let filling = Filling {
            contact: r#"{"name":"{field}"}"#.into(),
            id: "a\"b".into(),
            field: "say \"{wanted}\"\n".into(),
            wanted: "x".into(),
            ..Filling::default()
        };
        let body = r#"{"a":"{field}","b":{contact},"c":"{id}","d":{}}"#;
        assert_eq!(
            fill(body, &filling, true),
            r#"{"a":"say \"{wanted}\"\n","b":{"name":"{field}"},"c":"a\"b","d":{}}"#
        );
        assert_eq!(
            fill("no {field} in {id} {", &filling, false),
            "no say \"{wanted}\"\n in a\"b {"
        );
    }
}
