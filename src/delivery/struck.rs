//! The credential, struck out of whatever comes back, because servers like to repeat it.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use http::HeaderValue;
use memchr::memmem::Finder;

use super::secret::Credential;
use crate::provider::call::SECRET;
use crate::provider::reply::Reply;

/// A text shorter than this is not struck out of answers: it would be found everywhere.
const SHORTEST_SECRET: usize = 8;

/// Every form in which a credential could come back, ready to be looked for.
pub(super) struct Struck(Vec<Finder<'static>>);

impl Struck {
    /// The credential as it is, as a URL holds it and as `Basic` holds it. A user name is no secret.
    pub(super) fn of(credential: &Credential) -> Self {
        let values: Vec<&str> = credential.values().collect();
        let mut forms: Vec<String> = Vec::new();
        if let Some(secret) = values.last() {
            forms.push((*secret).to_owned());
            forms.push(url::form_urlencoded::byte_serialize(secret.as_bytes()).collect());
            forms.push(
                percent_encoding::utf8_percent_encode(secret, percent_encoding::NON_ALPHANUMERIC)
                    .to_string(),
            );
            forms.push(STANDARD.encode(secret));
            forms.push(STANDARD.encode(values.join(":")));
        }
        forms.retain(|form| form.len() >= SHORTEST_SECRET);
        // The longest first, so that no part of one is left over.
        forms.sort_by_key(|form| std::cmp::Reverse(form.len()));
        forms.dedup();
        let forms = forms.iter();
        Self(forms.map(|form| Finder::new(form).into_owned()).collect())
    }

    /// A text without it.
    pub(super) fn text(&self, text: &str) -> String {
        let secrets = self.0.iter();
        secrets.fold(text.to_owned(), |text, own| without(own, text.as_bytes()))
    }

    /// Takes it out of an answer.
    pub(super) fn strike(&self, reply: &mut Reply) {
        for secret in &self.0 {
            if secret.find(&reply.body).is_some() {
                reply.body = without(secret, &reply.body).into_bytes();
            }
            let least = secret.needle().len();
            for value in reply.headers.values_mut().filter(|own| own.len() >= least) {
                if secret.find(value.as_bytes()).is_some() {
                    *value = HeaderValue::try_from(without(secret, value.as_bytes()))
                        .unwrap_or(HeaderValue::from_static(SECRET));
                }
            }
        }
    }
}

/// A text in which [`SECRET`] stands for a secret.
fn without(secret: &Finder<'_>, text: &[u8]) -> String {
    let text = String::from_utf8_lossy(text);
    // The secret was text before it was made ready to be looked for.
    match std::str::from_utf8(secret.needle()) {
        Ok(secret) => text.replace(secret, SECRET),
        Err(_) => SECRET.to_owned(),
    }
}
