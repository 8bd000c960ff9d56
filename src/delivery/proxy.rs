//! Whether the environment names a proxy for what goes to a server, and whether it can be gone through.
//!
//! Who names one wants nothing to go past it: one that cannot be used is refused, and never left out without a word.

use std::env;

use http::Uri;
use hyper_util::client::proxy::matcher::Matcher;

use super::target::Base;

/// Where a proxy is named for encrypted connections, in the order in which it is looked for; of two ways to write one, the
/// first that is set counts, even if it is empty.
const NAMED: [[&str; 2]; 2] = [["HTTPS_PROXY", "https_proxy"], ["ALL_PROXY", "all_proxy"]];

/// Where it is said what goes past it.
const EXCEPT: [&str; 2] = ["NO_PROXY", "no_proxy"];

/// Whether there is a proxy.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Proxied {
    Yes,
    No,
}

/// Whether a proxy is named for what goes there. One elsewhere cannot reach this machine's own loopback.
///
/// # Errors
///
/// The variable that names one which cannot be gone through.
pub(super) fn named(base: &Base) -> Result<Proxied, &'static str> {
    let wanted = match base.loopback {
        true => None,
        false => wanted(&base.server),
    };
    let Some((variable, value)) = wanted else {
        return Ok(Proxied::No);
    };
    match Matcher::from_env().intercept(&base.server) {
        Some(proxy) if is_usable(proxy.uri(), &value) => Ok(Proxied::Yes),
        // None that can be read, or one that nobody can go through.
        _ => Err(variable),
    }
}

/// Whether what was read of a value speaks HTTP, and is all of it: behind `#` or `/` in a password the rest is lost, and what
/// is left of it looks like a host and a port.
fn is_usable(proxy: &Uri, value: &str) -> bool {
    let host = proxy.host().unwrap_or_default();
    let (_, behind) = value.rsplit_once('@').unwrap_or(("", value));
    matches!(proxy.scheme_str(), Some("http" | "https")) && behind.contains(host)
}

/// The variable that names a proxy and its value, if what goes there is not excepted.
fn wanted(server: &Uri) -> Option<(&'static str, String)> {
    let first = |names: [&'static str; 2]| {
        let set = |name| Some((name, env::var(name).ok()?));
        names.into_iter().find_map(set)
    };
    let mut all = NAMED.into_iter().filter_map(first);
    let named = all.find(|(_, own)| !own.trim().is_empty())?;
    let except = first(EXCEPT).map(|(_, own)| own).unwrap_or_default();
    // Any proxy at all shows whether one would be gone through.
    let any = Matcher::builder().all("http://localhost").no(except);
    any.build().intercept(server).map(|_| named)
}
