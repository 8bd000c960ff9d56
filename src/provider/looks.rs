//! What a piece of text looks like: the closed list of forms that a provider's file can ask for.

use serde::Deserialize;

/// What a piece of text looks like.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Looks {
    /// Anything.
    #[default]
    Any,
    /// Digits only.
    Digits,
    /// Small letters, digits, dots and underscores.
    Key,
    /// A UUID.
    Uuid,
    /// Letters, digits and dashes: one label of a host name.
    HostLabel,
    /// Twenty letters and digits, at least one of them a digit or a capital.
    #[serde(rename = "token-20")]
    Token20,
}

impl Looks {
    /// Whether a text looks so.
    #[must_use]
    pub fn fits(self, text: &str) -> bool {
        match self {
            Self::Any => !text.is_empty(),
            Self::Digits => !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit()),
            Self::Key => {
                let fits =
                    |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b"._".contains(&b);
                !text.is_empty() && text.bytes().all(fits)
            }
            Self::Uuid => {
                text.len() == 36
                    && text.bytes().enumerate().all(|(at, b)| match at {
                        8 | 13 | 18 | 23 => b == b'-',
                        _ => b.is_ascii_hexdigit(),
                    })
            }
            Self::HostLabel => {
                (1..=63).contains(&text.len())
                    && !text.starts_with('-')
                    && !text.ends_with('-')
                    && text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
            }
            Self::Token20 => {
                text.len() == 20
                    && text.bytes().all(|b| b.is_ascii_alphanumeric())
                    && !text.bytes().all(|b| b.is_ascii_lowercase())
            }
        }
    }

    /// The same for people.
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Self::Any => "some text",
            Self::Digits => "digits only",
            Self::Key => "small letters, digits, dots and underscores",
            Self::Uuid => "a UUID",
            Self::HostLabel => "one part of a host name: letters, digits and dashes",
            Self::Token20 => "twenty letters and digits",
        }
    }
}
