//! Where the API is: the provider's own place, or the one that a mapping or the command line names.
//!
//! Credentials go there, so a place that is named by mistake is refused before anything is sent.

use url::Url;

use super::Failure;
use super::mapping::Opened;
use crate::mapping::written::Placed;
use crate::mistake::Mistake;
use crate::provider::api::Api;
use crate::provider::call::{Account, base_url};
use crate::report::exit::Exit;

/// Where the API is, beside what the mapping says.
#[derive(Debug, Clone, Copy)]
pub(super) struct Place<'a> {
    /// The base URL that was asked for on the command line.
    pub base_url: Option<&'a str>,
    /// Hosts to which the mapping's own base URL may point.
    pub allowed: &'a [String],
}

impl<'a> Place<'a> {
    /// The base URL as it is written, with placeholders where it is the provider's own.
    ///
    /// # Errors
    ///
    /// There are placeholders in another one: only the provider's file knows what goes into them.
    pub(super) fn text(&self, opened: &'a Opened) -> Result<&'a str, Failure> {
        let written = self.written(opened).map(|base| base.value.as_str());
        let Some(text) = self.base_url.or(written) else {
            return Ok(opened.api.base_url.as_ref());
        };
        match text.contains(['{', '}']) {
            true => Err(self.wrong(
                opened,
                text,
                "a base URL has no `{` and no `}`; write it as it is, like `https://chat.example.com`".to_owned(),
            )),
            false => Ok(text),
        }
    }

    /// The base URL. One that the mapping names may only lead to the provider's own host, unless another is allowed: a
    /// mapping that was passed around must not carry the credential away.
    ///
    /// # Errors
    ///
    /// Why nothing can be sent there, or must not be.
    pub(super) fn base(
        &self,
        opened: &Opened,
        text: &str,
        values: &Account,
    ) -> Result<Url, Failure> {
        let api = &opened.api;
        let own = base_url(api.base_url.as_ref(), values).ok();
        let url = base_url(text, values).map_err(|what| self.wrong(opened, text, what))?;
        let written = self.written(opened);
        if let (true, Some(doubled)) = (
            self.base_url.is_some() || written.is_some(),
            doubled(api, &url),
        ) {
            let what = format!(
                "the base URL ends in `{}`, with which the API's own paths begin, so it would stand there twice; write `{}`",
                doubled.what, doubled.without
            );
            return Err(self.wrong(opened, text, what));
        }
        let host = url.host_str().unwrap_or_default();
        let same = own.is_some_and(|own| own.host_str() == Some(host));
        let allows = |allowed: &String| allowed.trim().eq_ignore_ascii_case(host);
        match written {
            Some(written) if !same && !self.allowed.iter().any(allows) => {
                let what = format!(
                    "`base_url` leads to `{host}`, which is not {}'s own host",
                    api.name
                );
                let help = self.not_allowed(host);
                Err(Failure::mistakes(vec![
                    Mistake::new("other-host", &opened.file, written.span.clone(), what).help(help),
                ]))
            }
            _ => Ok(url),
        }
    }

    /// The mapping's own base URL, where it is the one that counts.
    fn written(&self, opened: &'a Opened) -> Option<&'a Placed<String>> {
        match self.base_url {
            Some(_) => None,
            None => opened.written.base_url.as_ref(),
        }
    }

    /// What is wrong with a base URL, where it was written.
    fn wrong(&self, opened: &Opened, text: &str, what: String) -> Failure {
        let Some(written) = self.written(opened) else {
            return Failure::new(Exit::SetUp, anyhow::Error::msg(what), "nothing was sent");
        };
        let place = written.span.clone();
        let mistake = Mistake::new("wrong-base-url", &opened.file, place.clone(), what);
        // Whoever writes more than an address there may have written a credential.
        Failure::mistakes(vec![match text.contains(['@', '?', '#']) {
            true => mistake.hiding(place),
            false => mistake,
        }])
    }

    /// The way out for a host that is not allowed, which tells those who tried to allow it why they did not.
    fn not_allowed(&self, host: &str) -> String {
        let given: Vec<&str> = self
            .allowed
            .iter()
            .map(|allowed| allowed.trim())
            .filter(|allowed| !allowed.is_empty())
            .collect();
        if given.is_empty() {
            return format!("if you trust it with the credential, add `--allow-host {host}`");
        }
        // Nobody writes a credential there, and nobody would want to see it if they did.
        let given = match given.iter().any(|given| given.contains('@')) {
            true => "what `--allow-host` was given".to_owned(),
            false => format!("`--allow-host {}`", given.join(",")),
        };
        format!(
            "{given} does not match it; a host stands there as it is, without scheme, port and path: if you trust it with \
             the credential, write `--allow-host {host}`"
        )
    }
}

/// The end of a base URL that the API's own paths say once more.
struct Doubled {
    what: String,
    without: String,
}

/// What would stand in the address of every call twice, if anything: a beginning that all paths have in common. One plain
/// word, such as `api`, may as well be the name that a proxy gave to the place, and is not taken for it.
fn doubled(api: &Api, url: &Url) -> Option<Doubled> {
    let common = common(api);
    let segments: Vec<&str> = url
        .path()
        .split('/')
        .filter(|part| !part.is_empty())
        .collect();
    let version = |part: &&str| {
        let digits = part.strip_prefix('v').unwrap_or_default();
        !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit())
    };
    let telling = |beginning: &&[&str]| beginning.len() > 1 || beginning.iter().any(version);
    let twice = (1..=common.len())
        .rev()
        .map(|count| &common[..count])
        .filter(telling)
        .find(|beginning| segments.ends_with(beginning))?;
    let mut without = url.clone();
    without.set_path(&segments[..segments.len() - twice.len()].join("/"));
    Some(Doubled {
        what: format!("/{}", twice.join("/")),
        without: without.as_str().trim_end_matches('/').to_owned(),
    })
}

/// The whole segments with which the paths of all calls begin, as far as nothing is filled in there.
fn common(api: &Api) -> Vec<&str> {
    let mut paths = api.all_calls().map(|call| {
        let path: &str = call.path.as_ref();
        let path = path.split('?').next().unwrap_or_default();
        let parts = path.split('/').filter(|part| !part.is_empty());
        parts.take_while(|part| !part.contains('{'))
    });
    let mut common: Vec<&str> = paths.next().map(Iterator::collect).unwrap_or_default();
    for path in paths {
        let same = common
            .iter()
            .zip(path)
            .take_while(|(one, two)| **one == *two);
        let same = same.count();
        common.truncate(same);
    }
    common
}
