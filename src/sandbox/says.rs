//! The stand-in's answers: made ready once from the provider's file, filled in for each request.
//!
//! Where the file has no answer for a case, a plain one is given, so that a provider being written can be tried early.
//! Must never put text into JSON without escaping it.

use std::io;

use http::{HeaderName, HeaderValue, Response, StatusCode, header};
use http_body_util::Full;
use hyper::body::Bytes;

use crate::provider::api::Api;
use crate::provider::stand_in::{Says, When};

/// What is filled into an answer.
#[derive(Debug, Default)]
pub(super) struct Filling {
    /// The stored contact as JSON.
    pub(super) contact: String,
    /// The id, as JSON.
    pub(super) id: serde_json::Value,
    /// The name of the field or header at fault.
    pub(super) field: String,
    /// What was wanted there, in words.
    pub(super) wanted: String,
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

const PLACES: [&str; 4] = ["{contact}", "{id}", "{field}", "{wanted}"];

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

    /// One answer, filled in.
    pub(super) fn give(&self, when: When, filling: &Filling) -> Response<Full<Bytes>> {
        let plain;
        let answer = match self.0.iter().find(|answer| answer.when == when) {
            Some(answer) => answer,
            None => {
                plain = plain_answer(when);
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

fn plain_answer(when: When) -> Answer {
    let (status, body) = match when {
        When::Updated => (StatusCode::OK, "{contact}"),
        When::Ping => (StatusCode::OK, "{}"),
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
fn fill(body: &str, filling: &Filling, json: bool) -> String {
    let mut out = String::with_capacity(body.len() + filling.contact.len());
    let mut rest = body;
    while let Some(at) = rest.find('{') {
        let (before, after) = rest.split_at(at);
        out.push_str(before);
        let place = PLACES.iter().find(|place| after.starts_with(**place));
        let text = |text: &str| match json {
            true => escaped(text),
            false => text.to_owned(),
        };
        match place {
            Some(&"{contact}") => out.push_str(match filling.contact.as_str() {
                "" => "{}",
                contact => contact,
            }),
            Some(&"{id}") => out.push_str(&match &filling.id {
                serde_json::Value::String(id) => text(id),
                serde_json::Value::Null => String::new(),
                other => other.to_string(),
            }),
            Some(&"{field}") => out.push_str(&text(&filling.field)),
            Some(_) => out.push_str(&text(&filling.wanted)),
            None => out.push('{'),
        }
        rest = &after[place.map_or(1, |place| place.len())..];
    }
    out.push_str(rest);
    out
}

/// Text as it stands between the quotes of a JSON string.
fn escaped(text: &str) -> String {
    let quoted = serde_json::Value::from(text).to_string();
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
