//! Limits: a number of requests in a stretch of time, as a provider's file, a mapping or the command line says it.

use std::fmt;
use std::time::Duration;

use serde::{Deserialize, Deserializer, de};

/// A number of requests in a stretch of time.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Limit {
    /// How many.
    pub requests: u32,
    /// In how long, such as `10s`, `1m` or `1d`.
    #[serde(deserialize_with = "duration")]
    pub per: Duration,
    /// Who says so.
    pub sure: Sure,
}

impl Limit {
    /// A limit over an hour or more is a quota: it is counted, not spread out.
    #[must_use]
    pub fn is_quota(&self) -> bool {
        self.per >= Duration::from_secs(3600)
    }
}

impl fmt::Display for Limit {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let millis = self.per.as_millis();
        let (count, unit) = match millis {
            _ if millis.is_multiple_of(86_400_000) => (millis / 86_400_000, "d"),
            _ if millis.is_multiple_of(3_600_000) => (millis / 3_600_000, "h"),
            _ if millis.is_multiple_of(60_000) => (millis / 60_000, "m"),
            _ if millis.is_multiple_of(1_000) => (millis / 1_000, "s"),
            _ => (millis, "ms"),
        };
        write!(out, "{}/", self.requests)?;
        match count {
            1 => out.write_str(unit),
            _ => write!(out, "{count}{unit}"),
        }
    }
}

/// How sure a limit is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Sure {
    /// The provider says so: `--rate` can only tighten it.
    Official,
    /// Our own caution: `--rate` replaces it.
    Guess,
}

/// The limits in force: `--rate` comes on top of what the provider says officially and stands in for what is only our
/// guess.
#[must_use]
pub fn effective(limits: &[Limit], rate: Option<Limit>) -> Vec<Limit> {
    let keep = |limit: &&Limit| rate.is_none() || limit.sure == Sure::Official;
    limits
        .iter()
        .filter(keep)
        .cloned()
        .chain(rate.clone())
        .collect()
}

/// Reads `250ms`, `10s`, `1m`, `2h`, `1d`.
///
/// # Errors
///
/// Says what a duration looks like.
pub fn parse_duration(text: &str) -> Result<Duration, String> {
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let (number, unit) = text.split_at(digits);
    let count: u64 = match number {
        "" => 1,
        _ => number.parse().map_err(|_| wanted(text))?,
    };
    let unit = match unit.trim() {
        "ms" => 1,
        "s" => 1_000,
        "m" | "min" => 60_000,
        "h" => 3_600_000,
        "d" => 86_400_000,
        _ => return Err(wanted(text)),
    };
    match count.checked_mul(unit) {
        Some(millis) if millis > 0 => Ok(Duration::from_millis(millis)),
        _ => Err(wanted(text)),
    }
}

/// Reads `50/10s`, `10/s`: a number of requests in a stretch of time.
///
/// # Errors
///
/// Says what a rate looks like.
pub fn parse_rate(text: &str) -> Result<Limit, String> {
    let wrong = || format!("`{text}` is no rate; write it like `50/10s` or `8/s`");
    let (requests, per) = text.split_once('/').ok_or_else(wrong)?;
    match (requests.trim().parse(), parse_duration(per.trim())) {
        (Ok(requests @ 1..), Ok(per)) => Ok(Limit {
            requests,
            per,
            sure: Sure::Official,
        }),
        _ => Err(wrong()),
    }
}

fn wanted(text: &str) -> String {
    format!("`{text}` is no length of time; write it like `10s`, `1m` or `1d`")
}

fn duration<'de, D: Deserializer<'de>>(from: D) -> Result<Duration, D::Error> {
    let text = String::deserialize(from)?;
    parse_duration(&text).map_err(de::Error::custom)
}
