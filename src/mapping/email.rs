//! E-mail addresses and web addresses: checked, never changed.
//!
//! The check asks what a mail server would ask first, not whether anybody reads the mailbox. It must never
//! repair an address: a repaired one may be somebody else's.

use url::Url;

use crate::mapping::refusal::{Refusal, shown};

/// The longest address that mail can carry: RFC 5321, section 4.5.3.1.3, without its angle brackets.
const MAX: usize = 254;

/// One e-mail address.
///
/// # Errors
///
/// `bad-email`, with what is wrong.
pub fn email(text: &str) -> Result<&str, Refusal> {
    match email_flaw(text) {
        None => Ok(text),
        Some(flaw) => Err(Refusal::new("bad-email", format!("{} {flaw}", shown(text)))),
    }
}

fn email_flaw(text: &str) -> Option<String> {
    match is_plain(text.as_bytes()) {
        true => None,
        false => closer_look(text),
    }
}

fn closer_look(text: &str) -> Option<String> {
    if text.chars().count() > MAX {
        return Some(format!("is longer than {MAX} characters"));
    }
    if text.matches('@').count() > 1 || text.contains([',', ';']) {
        return Some("is not one address; keep one in the cell".to_owned());
    }
    let Some((mailbox, host)) = text.split_once('@') else {
        return Some("has no @".to_owned());
    };
    if text.contains(['<', '>']) {
        return Some("has a name around it; keep the part between `<` and `>`".to_owned());
    }
    if text.chars().any(char::is_whitespace) {
        return Some("has a blank inside".to_owned());
    }
    if let Some(c) = text
        .chars()
        .find(|c| matches!(c, '(' | ')' | '[' | ']' | '"' | '\\' | ':'))
    {
        return Some(format!("holds `{c}`, which no address has"));
    }
    if mailbox.is_empty() {
        return Some("has nothing before the @".to_owned());
    }
    if mailbox.starts_with('.') || mailbox.ends_with('.') {
        return Some("has a dot at an end of the part before the @".to_owned());
    }
    if host.is_empty() {
        return Some("has nothing after the @".to_owned());
    }
    if !host.contains('.') {
        return Some("has no dot after the @".to_owned());
    }
    if host.split('.').any(str::is_empty) {
        return Some("has a dot too many after the @".to_owned());
    }
    if let Some(c) = host
        .chars()
        .find(|c| c.is_ascii() && !c.is_ascii_alphanumeric() && !matches!(c, '.' | '-'))
    {
        return Some(format!("holds `{c}` after the @"));
    }
    if host
        .split('.')
        .any(|label| label.starts_with('-') || label.ends_with('-'))
    {
        return Some("has a dash at an end of a name after the @".to_owned());
    }
    None
}

/// Whether a text is an address of the usual kind, as nearly all are: one look at each byte, for which no flaw below
/// needs to be looked for.
fn is_plain(text: &[u8]) -> bool {
    let at = text.iter().position(|byte| *byte == b'@');
    let Some((mailbox, host)) = at.map(|at| (&text[..at], &text[at + 1..])) else {
        return false;
    };
    let in_mailbox = |byte: &u8| PARTS[usize::from(*byte)] != Part::Other;
    let ends_well =
        mailbox.first().is_some_and(|byte| *byte != b'.') && mailbox.last() != Some(&b'.');
    let mut dots = 0;
    let mut before = b'.';
    for byte in host {
        match PARTS[usize::from(*byte)] {
            Part::Letter => {}
            Part::Joint if matches!(before, b'.' | b'-') => return false,
            Part::Joint => dots += u32::from(*byte == b'.'),
            Part::Sign | Part::Other => return false,
        }
        before = *byte;
    }
    let host_ends_well = dots > 0 && !matches!(before, b'.' | b'-');
    text.len() <= MAX && ends_well && host_ends_well && mailbox.iter().all(in_mailbox)
}

/// What a byte can be in an address of the usual kind.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Part {
    /// A letter or a digit.
    Letter,
    /// A dot or a dash.
    Joint,
    /// What stands before the @ only.
    Sign,
    Other,
}

/// The part of every byte, so that it need not be compared with all that it could be.
const PARTS: [Part; 256] = {
    let mut parts = [Part::Other; 256];
    let mut byte = 0;
    while byte < parts.len() {
        parts[byte] = match byte as u8 {
            b'0'..=b'9' | b'A'..=b'Z' | b'a'..=b'z' => Part::Letter,
            b'.' | b'-' => Part::Joint,
            b'_' | b'+' => Part::Sign,
            _ => Part::Other,
        };
        byte += 1;
    }
    parts
};

/// A web address with `http://` or `https://` and a host, as it was written.
///
/// # Errors
///
/// `bad-url`, with what is wrong.
pub fn web_address(text: &str) -> Result<&str, Refusal> {
    let refuse = |flaw: &str| Err(Refusal::new("bad-url", format!("{} {flaw}", shown(text))));
    // The library follows browsers, which forgive blanks, backslashes and missing slashes; other readers do not.
    if text.chars().any(char::is_whitespace) {
        return refuse("has a blank inside; write it as `%20`");
    }
    let Some((scheme, rest)) = text.split_once("://") else {
        return refuse("does not begin with `https://` or `http://`");
    };
    if !scheme.eq_ignore_ascii_case("http") && !scheme.eq_ignore_ascii_case("https") {
        return refuse("does not begin with `https://` or `http://`");
    }
    if text.contains('\\') {
        return refuse("has a backslash; web addresses have `/`");
    }
    if rest.is_empty() || rest.starts_with(['/', '?', '#']) {
        return refuse("names no host after `://`");
    }
    match Url::parse(text) {
        Ok(url) if url.has_host() => Ok(text),
        Ok(_) => refuse("names no host after `://`"),
        Err(error) => refuse(&format!("is no web address: {error}")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_closer_look_finds_nothing_wrong_with_a_plain_address() {
        let parts = [
            "a", "Z", "9", ".", "-", "_", "+", "@", "ab.c", "b-c", "é", " ", ",", "'", "%",
        ];
        let mut random = fastrand::Rng::with_seed(5);
        let mut plain = 0;
        for _ in 0..20_000 {
            let count = random.usize(3..9);
            let text: String = (0..count)
                .map(|at| match at == count / 2 {
                    true => "@",
                    false => parts[random.usize(..parts.len())],
                })
                .collect();
            if is_plain(text.as_bytes()) {
                plain += 1;
                assert_eq!(closer_look(&text), None, "{text}");
            }
        }
        assert!(plain > 100, "{plain}");
    }

    /// The same as [`is_plain`], said of the whole and not byte by byte.
    fn is_usual(text: &str) -> bool {
        let alphanumeric = |c: char| c.is_ascii_alphanumeric();
        let Some((mailbox, host)) = text.split_once('@') else {
            return false;
        };
        let in_mailbox = |c| alphanumeric(c) || matches!(c, '.' | '_' | '-' | '+');
        let is_name = |name: &str| {
            let mut parts = name.split('-');
            parts.all(|part| !part.is_empty() && part.chars().all(alphanumeric))
        };
        !mailbox.is_empty()
            && mailbox.chars().all(in_mailbox)
            && !mailbox.starts_with('.')
            && !mailbox.ends_with('.')
            && host.contains('.')
            && host.split('.').all(is_name)
            && text.len() <= MAX
    }

    #[test]
    fn an_address_is_plain_by_its_bytes_where_it_is_by_its_parts() {
        let names = ["a", "b1", "Z9", "a.b", "a-b", "a_b", "a+b", "x.org"];
        let odd = [
            ".", "-", "_", "+", "@", "/", ":", "[", "`", "{", " ", "é", "",
        ];
        let mut random = fastrand::Rng::with_seed(14);
        let mut plain = 0;
        for _ in 0..50_000 {
            let mut part = || match random.u8(..8) {
                0 => odd[random.usize(..odd.len())],
                _ => names[random.usize(..names.len())],
            };
            let text = format!("{}{}@{}{}{}", part(), part(), part(), part(), part());
            assert_eq!(is_plain(text.as_bytes()), is_usual(&text), "{text}");
            plain += usize::from(is_usual(&text));
        }
        assert!(plain > 1000, "{plain}");
    }
}
