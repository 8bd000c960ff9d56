//! Where calls go: the account's base URL, and what a call adds to it.

use bytes::Bytes;
use http::uri::{PathAndQuery, Scheme};
use http::{HeaderValue, Uri};
use url::{Position, Url};

use super::secret::Credential;
use crate::provider::api::AuthScheme;
use crate::provider::call::is_loopback;
use crate::provider::reply::Lost;

/// A base URL, taken apart once.
pub(super) struct Base {
    url: Url,
    /// The prefix of every path.
    own: String,
    /// Where to connect.
    pub(super) server: Uri,
    /// What `Host` says there.
    pub(super) host: HeaderValue,
    /// What people are told we talk to: host and port.
    pub(super) place: String,
    /// Whether it is this machine.
    pub(super) loopback: bool,
}

impl Base {
    /// Takes a base URL apart; nothing where it is none.
    pub(super) fn of(base: &str) -> Option<Self> {
        let url = Url::parse(base.trim_end_matches('/')).ok()?;
        let host = url.host()?;
        let place = match url.port() {
            Some(port) => format!("{host}:{port}"),
            None => host.to_string(),
        };
        let authority = &url[Position::BeforeHost..Position::AfterPort];
        Some(Self {
            server: Uri::builder()
                .scheme(url.scheme())
                .authority(authority)
                .path_and_query("/")
                .build()
                .ok()?,
            host: authority.parse().ok()?,
            own: url.path().trim_end_matches('/').to_owned(),
            loopback: is_loopback(&url),
            url,
            place,
        })
    }

    /// Whether what goes there is encrypted.
    pub(super) fn is_encrypted(&self) -> bool {
        self.server.scheme() == Some(&Scheme::HTTPS)
    }

    /// The base URL.
    pub(super) fn as_str(&self) -> &str {
        self.url.as_str()
    }

    /// Where on the server a call goes, with the credential where that belongs into the query.
    ///
    /// # Errors
    ///
    /// Its path would become another one on the way.
    pub(super) fn to(&self, target: &str, credential: &Credential) -> Result<PathAndQuery, Lost> {
        let in_query = credential.scheme == AuthScheme::Query;
        let written = match is_plain(target) && !in_query {
            true => [self.own.as_str(), target].concat(),
            false => self.resolved(target, credential)?,
        };
        PathAndQuery::from_maybe_shared(Bytes::from(written)).map_err(|_| wrong(target))
    }

    /// A target as a URL's parser understands it.
    fn resolved(&self, target: &str, credential: &Credential) -> Result<String, Lost> {
        let (path, query) = match target.split_once('?') {
            Some((path, query)) => (path, Some(query)),
            None => (target, None),
        };
        // Only the path is parsed: host and scheme are the base's own.
        let mut url = self.url.clone();
        url.set_path(&format!("{}{path}", self.own));
        url.set_query(query);
        // A URL's parser resolves `..`; a path that it changed would reach another contact.
        if !path.starts_with('/') || url.path().strip_prefix(self.own.as_str()) != Some(path) {
            return Err(wrong(path));
        }
        if credential.scheme == AuthScheme::Query {
            let mut query = url.query_pairs_mut();
            for value in credential.values() {
                query.append_pair(&credential.name, value);
            }
        }
        Ok(url[Position::BeforePath..Position::AfterQuery].to_owned())
    }
}

fn wrong(path: &str) -> Lost {
    Lost::NotTrusted(format!(
        "`{path}` would reach another path; nothing was sent"
    ))
}

/// Whether a URL's parser would leave a target as it is, by a look at its letters: nearly every one is made of a few that
/// mean nothing, and has no segment that leads up.
fn is_plain(target: &str) -> bool {
    let mut before = b' ';
    let mut is_plain = |letter: u8| {
        let leads_up = matches!((before, letter), (b'/', b'.') | (b'%', b'2'));
        before = letter;
        PLAIN[usize::from(letter)] && !leads_up
    };
    target.starts_with('/') && target.bytes().all(&mut is_plain)
}

/// Which letters those are.
const PLAIN: [bool; 256] = {
    const MARKS: &[u8] = b"-_.~!$&()*+,;=:@/%?";
    let mut plain = [false; 256];
    let mut letter = 0;
    while letter < plain.len() {
        plain[letter] = (letter as u8).is_ascii_alphanumeric();
        letter += 1;
    }
    let mut mark = 0;
    while mark < MARKS.len() {
        plain[MARKS[mark] as usize] = true;
        mark += 1;
    }
    plain
};
