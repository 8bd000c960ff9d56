//! The credential, struck out of whatever comes back, because servers like to repeat it.

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD_NO_PAD, URL_SAFE_NO_PAD};
use http::HeaderValue;
use memchr::memchr3;
use memchr::memmem::Finder;
use serde_json::Value;

use super::secret::Credential;
use super::spelled;
use crate::provider::api::AuthScheme;
use crate::provider::call::SECRET;
use crate::provider::reply::Reply;

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
        let mut secrets = match credential.scheme {
            // A user name is no secret.
            AuthScheme::Basic => values[values.len().saturating_sub(1)..].to_vec(),
            AuthScheme::Bearer | AuthScheme::Header | AuthScheme::Query => values.clone(),
        };
        secrets.retain(|secret| secret.len() >= SHORTEST_SECRET);
        let mut forms: Vec<String> = Vec::new();
        let encoded = |text: &str| [STANDARD_NO_PAD.encode(text), URL_SAFE_NO_PAD.encode(text)];
        for secret in &secrets {
            forms.push((*secret).to_owned());
            forms.push(url::form_urlencoded::byte_serialize(secret.as_bytes()).collect());
            forms.push(
                percent_encoding::utf8_percent_encode(secret, percent_encoding::NON_ALPHANUMERIC)
                    .to_string(),
            );
            let quoted = Value::from(*secret).to_string();
            forms.push(quoted[1..quoted.len() - 1].to_owned());
            forms.extend(encoded(secret));
        }
        forms.extend(encoded(&values.join(":")));
        forms.retain(|form| form.len() >= SHORTEST_SECRET);
        forms.sort_by(|one, other| other.len().cmp(&one.len()).then_with(|| one.cmp(other)));
        forms.dedup();
        let forms = forms.iter();
        Self {
            forms: forms.map(|form| Finder::new(form).into_owned()).collect(),
            secrets: secrets.into_iter().map(str::to_owned).collect(),
        }
    }

    /// A text without it.
    pub(super) fn text(&self, text: &str) -> String {
        self.without(text.as_bytes())
            .unwrap_or_else(|| text.to_owned())
    }

    /// Takes it out of an answer.
    pub(super) fn strike(&self, reply: &mut Reply) {
        if let Some(struck) = self.without(&reply.body) {
            reply.body = struck.into_bytes();
        }
        for value in reply.headers.values_mut() {
            if let Some(struck) = self.without(value.as_bytes()) {
                *value = HeaderValue::try_from(struck).unwrap_or(HeaderValue::from_static(SECRET));
            }
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
        match self.spelled_out(own) {
            Some(without) => Some(without),
            None => struck,
        }
    }

    /// The same where some of its letters are written in another way: the word in which it stands is struck out.
    fn spelled_out(&self, text: &[u8]) -> Option<String> {
        if self.secrets.is_empty() || memchr3(b'\\', b'%', b'&', text).is_none() {
            return None;
        }
        let text = String::from_utf8_lossy(text);
        let ends = |letter: char| letter.is_whitespace() || letter == '"';
        let holds_it = |word: &str| {
            let is_in = |plain: String| self.secrets.iter().any(|own| plain.contains(own.as_str()));
            spelled::plainly(word).is_some_and(is_in)
        };
        // Nearly always nothing is found, and nothing is written anew.
        if !text.split(ends).any(holds_it) {
            return None;
        }
        let words = text.split_inclusive(ends).map(|word| {
            let bare = word.strip_suffix(ends).unwrap_or(word);
            match holds_it(bare) {
                true => format!("{SECRET}{}", &word[bare.len()..]),
                false => word.to_owned(),
            }
        });
        Some(words.collect())
    }
}
