//! What is said to the provider: a [`Call`], and the [`Script`] from which the calls for all contacts are written.
//!
//! A call never holds a secret: the credential joins it on the wire, and `[secret]` stands for it wherever a call is
//! shown. An id becomes exactly one percent-encoded path segment.

use bytes::Bytes;
use indexmap::IndexMap;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use super::api::{Api, Auth, AuthScheme, CallSpec, Method};
use super::body::BodyPlan;
use crate::contact::Contact;

/// What stands for a credential wherever a request is shown.
pub const SECRET: &str = "[secret]";

/// Everything but the unreserved characters of RFC 3986 is encoded, so that no value can end its segment.
const SEGMENT: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~');

/// One request, ready to leave but for its credential.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Call {
    /// The HTTP method.
    pub method: Method,
    /// Path and query from the API's root, encoded.
    pub target: String,
    /// The JSON body; empty where there is none.
    pub body: Bytes,
    /// Whether the same request twice leaves the same contact.
    pub repeatable: bool,
}

/// A request as people are shown it, with `[secret]` where the credential will be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shown {
    /// The HTTP method.
    pub method: &'static str,
    /// The whole URL.
    pub url: String,
    /// All headers that we set.
    pub headers: Vec<(String, String)>,
    /// The JSON body; empty where there is none.
    pub body: Bytes,
}

/// A path with placeholders, taken apart once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Template(Vec<Piece>);

#[derive(Debug, Clone, PartialEq, Eq)]
enum Piece {
    Plain(String),
    Id,
    Account(String),
}

impl Template {
    /// Takes a text with `{id}` and `{account.x}` apart.
    ///
    /// # Errors
    ///
    /// Names the placeholder that there is none of.
    pub fn parse(text: &str) -> Result<Self, String> {
        let mut pieces = Vec::new();
        let mut rest = text;
        while let Some((plain, after)) = rest.split_once('{') {
            if !plain.is_empty() {
                pieces.push(Piece::Plain(plain.to_owned()));
            }
            let (name, after) = after
                .split_once('}')
                .ok_or_else(|| format!("`{{` without `}}` in `{text}`"))?;
            pieces.push(match (name, name.strip_prefix("account.")) {
                ("id", _) => Piece::Id,
                (_, Some(key)) => Piece::Account(key.to_owned()),
                _ => {
                    return Err(format!(
                        "no placeholder `{{{name}}}`; there are `{{id}}` and `{{account.…}}`"
                    ));
                }
            });
            rest = after;
        }
        if !rest.is_empty() {
            pieces.push(Piece::Plain(rest.to_owned()));
        }
        Ok(Self(pieces))
    }

    /// The account keys it asks for.
    pub fn account_keys(&self) -> impl Iterator<Item = &str> {
        self.0.iter().filter_map(|piece| match piece {
            Piece::Account(key) => Some(key.as_str()),
            _ => None,
        })
    }

    /// Puts the account's values in; what is left to fill in is the id.
    #[must_use]
    pub fn for_account(&self, account: &Account) -> Self {
        let mut pieces: Vec<Piece> = Vec::new();
        for piece in &self.0 {
            let text = match piece {
                Piece::Id => {
                    pieces.push(Piece::Id);
                    continue;
                }
                Piece::Plain(text) => text.clone(),
                Piece::Account(key) => encode(account.get(key)),
            };
            match pieces.last_mut() {
                Some(Piece::Plain(before)) => before.push_str(&text),
                _ => pieces.push(Piece::Plain(text)),
            }
        }
        Self(pieces)
    }

    /// The whole text for one contact.
    #[must_use]
    pub fn with_id(&self, id: &str) -> String {
        let mut text = String::with_capacity(64 + id.len());
        for piece in &self.0 {
            match piece {
                Piece::Plain(plain) => text.push_str(plain),
                Piece::Id => text.extend(utf8_percent_encode(id, SEGMENT)),
                Piece::Account(_) => {}
            }
        }
        text
    }

    /// The id in a path of this form, or nothing where the path is another one.
    #[must_use]
    pub fn id_in<'a>(&self, path: &'a str) -> Option<&'a str> {
        let mut rest = path;
        let mut id = "";
        for (at, piece) in self.0.iter().enumerate() {
            match piece {
                Piece::Plain(plain) => rest = rest.strip_prefix(plain.as_str())?,
                Piece::Id | Piece::Account(_) => {
                    let end = match self.0.get(at + 1) {
                        Some(_) => rest.find('/').unwrap_or(rest.len()),
                        None => rest.len(),
                    };
                    let (segment, after) = rest.split_at(end);
                    if segment.is_empty() || segment.contains('/') {
                        return None;
                    }
                    if *piece == Piece::Id {
                        id = segment;
                    }
                    rest = after;
                }
            }
        }
        rest.is_empty().then_some(id)
    }
}

fn encode(value: &str) -> String {
    utf8_percent_encode(value, SEGMENT).to_string()
}

/// What is known about the account and is no secret.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Account(IndexMap<String, String>);

impl Account {
    /// Notes one value.
    pub fn set(&mut self, key: &str, value: impl Into<String>) {
        self.0.insert(key.to_owned(), value.into());
    }

    /// The value of a key; empty where it is not known.
    #[must_use]
    pub fn get(&self, key: &str) -> &str {
        self.0.get(key).map_or("", String::as_str)
    }

    /// The account in one text: all values that are known.
    #[must_use]
    pub fn label(&self) -> String {
        let values: Vec<&str> = self.0.values().map(String::as_str).collect();
        values.join("/")
    }
}

/// Everything that is the same for all contacts of a run: from it the calls are written.
#[derive(Debug)]
pub struct Script<'a> {
    /// The provider.
    pub api: &'a Api,
    /// Scheme, host and prefix, without a slash at the end.
    pub base: String,
    /// The way the credential is shown.
    pub auth: &'a Auth,
    path: Template,
    plan: BodyPlan,
}

impl<'a> Script<'a> {
    /// Prepares the calls of a run.
    ///
    /// # Errors
    ///
    /// Names the placeholder that the provider's file should not have; a file that was loaded has none.
    pub fn new(
        api: &'a Api,
        auth: &'a Auth,
        account: &Account,
        base: &str,
        plan: BodyPlan,
    ) -> Result<Self, String> {
        Ok(Self {
            api,
            base: base.trim_end_matches('/').to_owned(),
            auth,
            path: Template::parse(api.calls.update.path.as_ref())?.for_account(account),
            plan,
        })
    }

    /// The change for one contact.
    #[must_use]
    pub fn update(&self, contact: &Contact) -> Call {
        let spec = &self.api.calls.update;
        let mut body = Vec::with_capacity(512);
        self.plan.render(contact, spec.wrap.as_deref(), &mut body);
        Call {
            method: spec.method,
            target: self.path.with_id(&contact.id),
            body: Bytes::from(body),
            repeatable: spec.repeatable,
        }
    }

    /// A call as people are shown it.
    #[must_use]
    pub fn show(&self, call: &Call) -> Shown {
        let mut url = format!("{}{}", self.base, call.target);
        if self.auth.scheme == AuthScheme::Query {
            url.push(if url.contains('?') { '&' } else { '?' });
            url.push_str(&format!("{}={SECRET}", self.auth.name));
        }
        let mut headers = headers(self.api);
        match self.auth.scheme {
            AuthScheme::Bearer => {
                headers.push(("authorization".into(), format!("Bearer {SECRET}")))
            }
            AuthScheme::Basic => headers.push(("authorization".into(), format!("Basic {SECRET}"))),
            AuthScheme::Header => headers.push((self.auth.name.clone(), SECRET.into())),
            AuthScheme::Query => {}
        }
        Shown {
            method: call.method.word(),
            url,
            headers,
            body: call.body.clone(),
        }
    }
}

/// The read that proves account and credential.
///
/// # Errors
///
/// Names the placeholder that the provider's file should not have; a file that was loaded has none.
pub fn ping(api: &Api, account: &Account) -> Result<Call, String> {
    let spec: &CallSpec = &api.calls.ping;
    let path = Template::parse(spec.path.as_ref())?.for_account(account);
    Ok(Call {
        method: spec.method,
        target: path.with_id(""),
        body: Bytes::new(),
        repeatable: true,
    })
}

/// The headers that stand on every request, without the credential.
#[must_use]
pub fn headers(api: &Api) -> Vec<(String, String)> {
    let mut headers = vec![
        ("accept".to_owned(), "application/json".to_owned()),
        ("content-type".to_owned(), "application/json".to_owned()),
    ];
    headers.extend(
        api.headers
            .iter()
            .map(|(name, value)| (name.clone(), value.clone())),
    );
    headers
}

/// The base URL of an account, from the provider's own or the one that was asked for.
///
/// # Errors
///
/// Says what is wrong with the URL: it has to be `https`, or `http` to this machine, with no query.
pub fn base_url(text: &str, account: &Account) -> Result<url::Url, String> {
    let filled = Template::parse(text)?.for_account(account).with_id("");
    let url = url::Url::parse(&filled).map_err(|error| {
        format!("this is no base URL ({error}); write it like `https://chat.example.com`")
    })?;
    let loopback = match url.host() {
        Some(url::Host::Domain(name)) => name == "localhost",
        Some(url::Host::Ipv4(address)) => address.is_loopback(),
        Some(url::Host::Ipv6(address)) => address.is_loopback(),
        None => {
            return Err("a base URL names a host; write it like `https://chat.example.com`".into());
        }
    };
    if !url.username().is_empty() || url.password().is_some() {
        return Err("a base URL holds no user name or password; they go into `[account]`".into());
    }
    if url.query().is_some() || url.fragment().is_some() {
        return Err(
            "a base URL is scheme, host, port and at most a prefix, without `?` and `#`".into(),
        );
    }
    match url.scheme() {
        "https" => Ok(url),
        "http" if loopback => Ok(url),
        "http" => Err(format!(
            "`{filled}` would send the credential unprotected; write `https://…` (plain `http` goes to this machine only)"
        )),
        other => Err(format!(
            "`{other}` is no scheme for an API; write `https://…`"
        )),
    }
}
