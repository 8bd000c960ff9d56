//! What is said of an exchange that broke off: whether anything was sent, and why there is no answer, in words for people.

use super::broken::Broken;
use super::proxy::Proxied;
use super::timeouts::Timeouts;
use crate::provider::reply::Lost;

/// Whom an exchange was with.
pub(super) struct Peer<'a> {
    /// The server: host and port.
    pub(super) server: &'a str,
    /// Whether a proxy that the environment names stands between.
    pub(super) proxied: Proxied,
}

/// What became of a request whose exchange with somebody broke off, in a text that `strike` has taken the credential out of.
pub(super) fn lost(
    broken: &Broken,
    peer: &Peer<'_>,
    timeouts: Timeouts,
    strike: impl Fn(&str) -> String,
) -> Lost {
    let server = peer.server;
    let place = match peer.proxied {
        Proxied::Yes => format!("{server} (or by the proxy that the environment names)"),
        Proxied::No => server.to_owned(),
    };
    let last = broken
        .causes
        .last()
        .map_or("no reason given", String::as_str);
    let last = uncapitalised(&strike(without_url(last)));
    if broken.connecting && wants_a_password(broken) {
        return Lost::NotTrusted(
            "the proxy that the environment names wants a user and a password, or others; nothing was sent"
                .to_owned(),
        );
    }
    if broken.connecting && is_about_trust(broken) {
        return Lost::NotTrusted(format!("no secure connection to {place}: {last}"));
    }
    if broken.unseen {
        return Lost::Unseen(format!("{server} did not look at the request"));
    }
    if broken.connecting {
        return Lost::NotSent(match broken.timed_out {
            true => {
                let seconds = timeouts.connect.as_secs_f32();
                format!("no connection to {place} within {seconds} s")
            }
            false if is_about_names(broken) => {
                format!("no address found for {place}: {last}")
            }
            false if broken.refused => format!("connection refused by {place}"),
            false => format!("no connection to {place}: {last}"),
        });
    }
    Lost::NoAnswer(match broken.timed_out {
        true => {
            let seconds = timeouts.whole.as_secs_f32();
            format!("no whole answer from {server} within {seconds} s")
        }
        false => format!("the answer from {server} broke off: {last}"),
    })
}

/// As a fragment starts; names further on stay readable.
fn uncapitalised(text: &str) -> String {
    let mut chars = text.chars();
    let first = chars.next().map(char::to_lowercase);
    first.into_iter().flatten().chain(chars).collect()
}

/// Libraries point to their manuals, which is of no help in a report.
fn without_url(text: &str) -> &str {
    let at = text.find("https://").or_else(|| text.find("http://"));
    let text = at.map_or(text, |at| &text[..at]);
    text.trim_end().trim_end_matches(':')
}

/// The words of `rustls` for a peer that cannot be trusted; its errors cannot be told apart by type from here.
fn is_about_trust(broken: &Broken) -> bool {
    broken.causes.iter().any(|cause| {
        let cause = cause.to_lowercase();
        [
            "certificate",
            "fatal alert",
            "corrupt message",
            "peer is incompatible",
            "peer misbehaved",
            "inappropriate",
        ]
        .iter()
        .any(|words| cause.contains(words))
    })
}

/// The client's words for a name that leads nowhere.
fn is_about_names(broken: &Broken) -> bool {
    broken.says("dns error")
}

/// The client's words for a proxy that lets nobody through who does not say who they are.
fn wants_a_password(broken: &Broken) -> bool {
    broken.says("proxy authorization required")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_for_people_points_nowhere() {
        for (text, plain) in [
            (
                "peer closed connection without sending TLS close_notify: https://docs.rs/x/#eof",
                "peer closed connection without sending TLS close_notify",
            ),
            ("connection reset by peer", "connection reset by peer"),
        ] {
            assert_eq!(without_url(text), plain);
        }
    }
}
