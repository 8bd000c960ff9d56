//! The credential, struck out of whatever comes back, because servers like to repeat it.

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD_NO_PAD, URL_SAFE_NO_PAD};
use http::HeaderValue;
use memchr::memmem::Finder;
use memchr::{memchr, memchr2};
use percent_encoding::percent_decode_str;
use serde_json::{Map, Value};

use super::secret::Credential;
use crate::provider::api::AuthScheme;
use crate::provider::call::SECRET;
use crate::provider::reply::{BODY_LIMIT, Reply};

/// A text shorter than this is not struck out of answers: it would be found everywhere.
const SHORTEST_SECRET: usize = 8;

/// Every form in which a credential could come back, ready to be looked for.
pub(super) struct Struck {
    /// The longest first, so that no part of one is left over.
    forms: Vec<Finder<'static>>,
    secrets: Vec<String>,
}

impl Struck {
    /// The credential as it is, as a URL, as JSON and as `Basic` hold it.
    pub(super) fn of(credential: &Credential) -> Self {
        let values: Vec<&str> = credential.values().collect();
        let secrets = match credential.scheme {
            // A user name is no secret.
            AuthScheme::Basic => &values[values.len().saturating_sub(1)..],
            AuthScheme::Bearer | AuthScheme::Header | AuthScheme::Query => values.as_slice(),
        };
        let mut forms: Vec<String> = Vec::new();
        let encoded = |text: &str| [STANDARD_NO_PAD.encode(text), URL_SAFE_NO_PAD.encode(text)];
        for secret in secrets {
            forms.push((*secret).to_owned());
            forms.push(url::form_urlencoded::byte_serialize(secret.as_bytes()).collect());
            forms.push(
                percent_encoding::utf8_percent_encode(secret, percent_encoding::NON_ALPHANUMERIC)
                    .to_string(),
            );
            let quoted = Value::from(*secret).to_string();
            forms.push(quoted.trim_matches('"').replace('/', "\\/"));
            forms.extend(encoded(secret));
        }
        forms.extend(encoded(&values.join(":")));
        forms.retain(|form| form.len() >= SHORTEST_SECRET);
        forms.sort_by(|one, other| other.len().cmp(&one.len()).then_with(|| one.cmp(other)));
        forms.dedup();
        let secrets = secrets.iter().map(|secret| (*secret).to_owned());
        Self {
            forms: forms
                .iter()
                .map(|form| Finder::new(form).into_owned())
                .collect(),
            secrets: secrets
                .filter(|secret| secret.len() >= SHORTEST_SECRET)
                .collect(),
        }
    }

    /// A text without it.
    pub(super) fn text(&self, text: &str) -> String {
        self.without(text.as_bytes())
            .unwrap_or_else(|| text.to_owned())
    }

    /// Takes it out of an answer.
    pub(super) fn strike(&self, reply: &mut Reply) {
        // In JSON every letter may be written as a number, and of a text with one more way to write it only that goes.
        if memchr2(b'\\', b'%', &reply.body).is_some() && reply.body.len() <= BODY_LIMIT {
            let said = serde_json::from_slice::<Value>(&reply.body).ok();
            if let Some(struck) = said.and_then(|said| self.within(&said)) {
                reply.body = struck.to_string().into_bytes();
            }
        }
        if let Some(struck) = self.without(&reply.body) {
            reply.body = struck.into_bytes();
        }
        for value in reply.headers.values_mut() {
            if let Some(struck) = self.without(value.as_bytes()) {
                *value = HeaderValue::try_from(struck).unwrap_or(HeaderValue::from_static(SECRET));
            }
        }
    }

    /// JSON without it, where it stands in it.
    fn within(&self, said: &Value) -> Option<Value> {
        match said {
            Value::String(text) => self.without(text.as_bytes()).map(Value::from),
            Value::Array(list) => {
                let struck: Vec<_> = list.iter().map(|item| self.within(item)).collect();
                struck.iter().any(Option::is_some).then(|| {
                    let both = struck.into_iter().zip(list);
                    both.map(|(struck, own)| struck.unwrap_or_else(|| own.clone()))
                        .collect()
                })
            }
            Value::Object(map) => {
                let struck = |(key, own): (&String, &Value)| {
                    let struck = (self.without(key.as_bytes()), self.within(own));
                    let found = struck.0.is_some() || struck.1.is_some();
                    let key = struck.0.unwrap_or_else(|| key.clone());
                    (found, (key, struck.1.unwrap_or_else(|| own.clone())))
                };
                let (found, struck): (Vec<bool>, Map<String, Value>) =
                    map.iter().map(struck).unzip();
                found.contains(&true).then_some(Value::Object(struck))
            }
            Value::Null | Value::Bool(_) | Value::Number(_) => None,
        }
    }

    /// A text in which [`SECRET`] stands for the credential, where it stands in it.
    fn without(&self, text: &[u8]) -> Option<String> {
        let mut struck: Option<String> = None;
        for form in &self.forms {
            let own = struck.as_deref().map_or(text, str::as_bytes);
            if form.find(own).is_some() {
                let own = String::from_utf8_lossy(own);
                // It was text before it was made ready to be looked for.
                struck = Some(match std::str::from_utf8(form.needle()) {
                    Ok(form) => own.replace(form, SECRET),
                    Err(_) => SECRET.to_owned(),
                });
            }
        }
        let own = struck.as_deref().map_or(text, str::as_bytes);
        if memchr(b'%', own).is_some() {
            // Any of its letters may be written as a number, in capitals or not.
            let own = String::from_utf8_lossy(own);
            let plain = percent_decode_str(&own).decode_utf8_lossy();
            if self.secrets.iter().any(|own| plain.contains(own.as_str())) {
                return Some(SECRET.to_owned());
            }
        }
        struck
    }
}
