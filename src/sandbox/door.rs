//! Who may come in: the credential in one of the provider's ways, and the headers that stand on every request.
//!
//! Any credential that is not empty is taken. It is looked at and forgotten: never kept, never compared, never shown.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use http::HeaderMap;

use crate::provider::api::{Api, Auth, AuthScheme};

/// Whether a request shows a credential in any of the provider's ways.
pub(super) fn shows_credential(api: &Api, headers: &HeaderMap, query: &str) -> bool {
    api.auth.iter().any(|way| shows(way, headers, query))
}

fn shows(way: &Auth, headers: &HeaderMap, query: &str) -> bool {
    let header = |name: &str| headers.get(name).map_or(&b""[..], |value| value.as_bytes());
    match way.scheme {
        AuthScheme::Bearer => {
            let token = after(header("authorization"), b"bearer");
            token.is_some_and(|token| !token.is_empty())
        }
        AuthScheme::Basic => {
            let plain = after(header("authorization"), b"basic")
                .and_then(|coded| STANDARD.decode(coded).ok())
                .unwrap_or_default();
            let colon = plain.iter().position(|byte| *byte == b':');
            colon.is_some_and(|colon| colon > 0 && colon + 1 < plain.len())
        }
        AuthScheme::Header => !header(&way.name).trim_ascii().is_empty(),
        AuthScheme::Query => url::form_urlencoded::parse(query.as_bytes())
            .any(|(name, value)| name == way.name.as_str() && !value.trim().is_empty()),
    }
}

/// What follows the name of a scheme, which is read without regard to case.
fn after<'a>(value: &'a [u8], scheme: &[u8]) -> Option<&'a [u8]> {
    let (word, rest) = value.split_at_checked(scheme.len())?;
    let parted = word.eq_ignore_ascii_case(scheme) && rest.first() == Some(&b' ');
    parted.then(|| rest.trim_ascii())
}

/// The first fixed header that a request lacks or has otherwise: its name and the value it should have.
pub(super) fn wrong_header<'a>(api: &'a Api, headers: &HeaderMap) -> Option<(&'a str, &'a str)> {
    api.headers
        .iter()
        .map(|(name, value)| (name.as_str(), value.as_str()))
        .find(|(name, value)| {
            let given = headers.get(*name);
            given.is_none_or(|given| given.as_bytes() != value.as_bytes())
        })
}
