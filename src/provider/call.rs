//! What is said to the provider: a [`Call`], the account it is said for, and where it goes.
//!
//! A call never holds a secret: the credential joins it on the wire, and `[secret]` stands for it wherever a call is
//! shown. An id becomes exactly one percent-encoded path segment.

use std::sync::Arc;

use bytes::Bytes;
use indexmap::IndexMap;

use super::api::{Api, CallSpec, Method};
use super::template::{Filling, Template, fill_body, parse_body};

/// What stands for a credential wherever a request is shown.
pub const SECRET: &str = "[secret]";

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
    /// What it is for.
    pub purpose: Purpose,
}

/// What a request is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Purpose {
    /// Looks for a contact.
    Find,
    /// Looks at one.
    Read,
    /// Makes one.
    Create,
    /// Changes one or makes it.
    Upsert,
    /// Changes one.
    Change,
    /// Changes its tags.
    Tag,
    /// Asks what the account is or has.
    Ask,
}

impl Purpose {
    /// All of them, in the order in which they are made, with the words for several of them.
    pub const WORDS: [(&'static str, Self); 7] = [
        ("questions", Self::Ask),
        ("searches", Self::Find),
        ("reads", Self::Read),
        ("creations", Self::Create),
        ("upserts", Self::Upsert),
        ("changes", Self::Change),
        ("changes of tags", Self::Tag),
    ];
}

/// No request at all.
pub(super) static NO_CALL: Call = Call {
    method: Method::Get,
    target: String::new(),
    body: Bytes::new(),
    repeatable: true,
    purpose: Purpose::Ask,
};

/// A request as people are shown it, with `[secret]` where the credential will be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shown {
    /// The HTTP method.
    pub method: &'static str,
    /// The whole URL.
    pub url: String,
    /// All headers that we set: the same for every call of a script.
    pub headers: Arc<[(String, String)]>,
    /// The JSON body; empty where there is none.
    pub body: Bytes,
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

/// The read that proves account and credential.
///
/// # Errors
///
/// Names the placeholder that the provider's file should not have; a file that was loaded has none.
pub fn ping(api: &Api, account: &Account) -> Result<Call, String> {
    list(&api.calls.ping, account, 1)
}

/// One page of a list of definitions.
///
/// # Errors
///
/// Names the placeholder that the provider's file should not have.
pub fn list(spec: &CallSpec, account: &Account, page: u64) -> Result<Call, String> {
    let filling = Filling {
        page,
        ..Filling::default()
    };
    let body = spec
        .body
        .as_ref()
        .map(|body| parse_body(body.as_ref()))
        .transpose()?;
    let body = body.map(|body| fill_body(&body, account, &filling).to_string());
    Ok(Call {
        method: spec.method,
        target: Template::parse(spec.path.as_ref())?
            .for_account(account)
            .fill(&filling),
        body: Bytes::from(body.unwrap_or_default()),
        repeatable: true,
        purpose: Purpose::Ask,
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

/// Whether a URL leads to this machine itself.
#[must_use]
pub fn is_loopback(url: &url::Url) -> bool {
    match url.host() {
        Some(url::Host::Domain(name)) => name == "localhost",
        Some(url::Host::Ipv4(address)) => address.is_loopback(),
        Some(url::Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    }
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
    if !url.has_host() {
        return Err("a base URL names a host; write it like `https://chat.example.com`".into());
    }
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
        "http" if is_loopback(&url) => Ok(url),
        "http" => Err(format!(
            "`{filled}` would send the credential unprotected; write `https://…` (plain `http` goes to this machine only)"
        )),
        other => Err(format!(
            "`{other}` is no scheme for an API; write `https://…`"
        )),
    }
}
