//! The part of the vocabulary that says how answers are read and what they mean.
//!
//! Only words stand here; [`super::reply`] knows what to do with them.

use serde::Deserialize;

/// How answers are read. A *path* names keys with dots; the first path that leads somewhere counts.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Answers {
    /// Where the contact's id stands.
    #[serde(default)]
    pub id: Vec<String>,
    /// Where the contact's fields stand, so that what was kept can be compared with what was sent.
    #[serde(default)]
    pub contact: Vec<String>,
    /// Where the reason stands: text, a list of texts, or a list of objects with `msg` or `message`.
    #[serde(default)]
    pub message: Vec<String>,
    /// Where the provider's own error code stands.
    #[serde(default)]
    pub code: Vec<String>,
    /// Where no path leads to a code: it is the first word anywhere in the answer that starts so.
    #[serde(default)]
    pub code_starts: String,
    /// Where the name of the field at fault stands.
    #[serde(default)]
    pub field: Vec<String>,
    /// Where the provider's name for the request stands.
    #[serde(default)]
    pub request_id: Vec<String>,
    /// Headers in which the provider's name for the request stands.
    #[serde(default)]
    pub request_id_headers: Vec<String>,
    /// Signs that a 2xx means no all the same.
    #[serde(default)]
    pub soft: Vec<Soft>,
    /// What answers mean, tried in order; the status alone decides where none fits.
    #[serde(default)]
    pub means: Vec<Means>,
}

/// One sign in a 2xx answer that it means no.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Soft {
    /// The path to look at; not needed for `token`.
    #[serde(default)]
    pub at: String,
    /// What is found there.
    pub is: SoftSign,
    /// The start of the word looked for, with `token`.
    #[serde(default)]
    pub starts: String,
}

/// What is found where a 2xx means no.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SoftSign {
    /// `false`, as a boolean or as text.
    False,
    /// Anything but null, `false`, and empty text, lists and objects.
    Present,
    /// A number that is no 2xx status.
    NotSuccessStatus,
    /// A word anywhere in the answer that starts so.
    Token,
}

/// What an answer means when all that is said here fits.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Means {
    /// The meaning.
    pub means: Meaning,
    /// One of these statuses.
    #[serde(default)]
    pub status: Vec<u16>,
    /// One of these in the reason, in lower case.
    #[serde(default)]
    pub text: Vec<String>,
    /// One of these codes.
    #[serde(default)]
    pub code: Vec<String>,
}

/// What an answer means for the row and for the run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Meaning {
    /// Done.
    Accepted,
    /// Taken, to be done later.
    Queued,
    /// No such contact.
    NotFound,
    /// Another contact has this e-mail or phone.
    Duplicate,
    /// The contact, or a part of it, may not be changed.
    Locked,
    /// The values were refused.
    Refused,
    /// The credential is wrong.
    RefusedCredential,
    /// The credential is right and may not do this.
    Forbidden,
    /// Too many requests: later.
    Throttled,
    /// Nothing more today.
    QuotaSpent,
    /// Somebody else is at this contact: again, soon.
    Busy,
    /// The server is in trouble and says so.
    Outage,
    /// A server in between got no answer from the one behind it.
    Gateway,
    /// Sent elsewhere; never followed.
    Moved,
    /// Something else answered: a login page, a proxy.
    NotTheApi,
}

impl Meaning {
    /// The word that stands in reports.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Accepted => "accepted",
            Self::Queued => "queued",
            Self::NotFound => "not-found",
            Self::Duplicate => "duplicate",
            Self::Locked => "locked",
            Self::Refused => "refused",
            Self::RefusedCredential => "refused-credential",
            Self::Forbidden => "forbidden",
            Self::Throttled => "throttled",
            Self::QuotaSpent => "quota-spent",
            Self::Busy => "busy",
            Self::Outage => "outage",
            Self::Gateway => "gateway",
            Self::Moved => "moved",
            Self::NotTheApi => "not-the-api",
        }
    }
}
