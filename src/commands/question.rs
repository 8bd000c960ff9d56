//! One question to the account, put and answered: what a "no" to it means, and what to do about it.

use tokio::time::Instant;

use super::{Failure, when_to_go_on};
use crate::delivery::question::{Patience, Unheard};
use crate::delivery::{Delivery, Wire};
use crate::provider::answers::Meaning;
use crate::provider::api::{Api, CallSpec};
use crate::provider::call::Call;
use crate::provider::finding::DefinitionList;
use crate::provider::reply::{Answer, Lost};
use crate::provider::template::Template;
use crate::report::exit::Exit;
use crate::run::guard;

/// Why a question was not answered; nothing was changed.
#[derive(Debug)]
pub(super) struct Untold {
    /// The call.
    about: String,
    /// What came of it.
    why: String,
    /// What to do about it; empty where nobody knows.
    advice: String,
    /// From when on more can be asked, where that is known.
    resume_at: Option<Instant>,
    pub(super) kind: Kind,
}

/// What kind of "no" it was.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// The credential may not do this, or is none; or the API is elsewhere.
    Refused(Meaning),
    /// It is not there; with the status that said so.
    Missing(u16),
    /// An answer, but another one than was wanted.
    Other,
    /// Perhaps later.
    Later,
}

impl Untold {
    /// The provider's file has a call that cannot be written.
    pub(super) fn unwritable(what: String) -> Self {
        Self {
            about: String::new(),
            why: what,
            advice: "mend the provider's file".to_owned(),
            resume_at: None,
            kind: Kind::Other,
        }
    }

    /// The answer has no list where the provider's file says that it stands; nobody knows from it what there is.
    pub(super) fn listless(call: &Call, place: &str) -> Self {
        let place = match place {
            "" => "as the whole answer".to_owned(),
            place => format!("at `{place}`"),
        };
        Self {
            about: about(call),
            why: format!("shows no list {place}, where the provider's file has it"),
            advice: String::new(),
            resume_at: None,
            kind: Kind::Other,
        }
    }

    /// Told for people: what was asked, what came of it, what to do about it.
    pub(super) fn text(&self) -> String {
        match self.advice.as_str() {
            "" => format!("{} {}", self.about, self.why),
            advice => format!("{} {} — {advice}", self.about, self.why),
        }
    }

    /// Without the advice.
    pub(super) fn line(&self) -> String {
        format!("{} {}", self.about, self.why)
    }

    /// The end of a verb that only asks: what is refused is the set-up's fault.
    pub(super) fn alone(&self, doing: &str) -> Failure {
        match self.kind {
            Kind::Later => self.failure(Exit::StoppedEarly, doing),
            Kind::Refused(_) | Kind::Missing(_) | Kind::Other => self.failure(Exit::SetUp, doing),
        }
    }

    /// Whether nothing hangs on the answer: there may be no such list at all. A server in trouble says nothing about
    /// that, and without its word numbers would go as text.
    pub(super) fn can_do_without(&self, list: &DefinitionList) -> bool {
        list.optional && self.kind != Kind::Later
    }

    /// Whether every other question would be answered so, too.
    pub(super) fn ends_it(&self) -> bool {
        matches!(
            self.kind,
            Kind::Refused(Meaning::RefusedCredential | Meaning::Moved)
        )
    }

    /// The end of a run before its first row.
    pub(super) fn in_a_run(&self, doing: &str) -> Failure {
        match self.kind {
            Kind::Later | Kind::Refused(_) => self.failure(Exit::StoppedEarly, doing),
            Kind::Missing(_) | Kind::Other => self.failure(Exit::SetUp, doing),
        }
    }

    fn failure(&self, exit: Exit, doing: &str) -> Failure {
        let mut what = match doing {
            "" => self.text(),
            doing => format!("failed to {doing}: {}", self.text()),
        };
        let next = match (self.kind, when_to_go_on(self.resume_at)) {
            (_, Some(when)) => {
                what = format!("{what}; {when}");
                "nothing was changed"
            }
            (Kind::Later, None) => "nothing was changed; run the same command again later",
            (Kind::Refused(_) | Kind::Missing(_) | Kind::Other, None) => "nothing was changed",
        };
        Failure::new(exit, anyhow::Error::msg(what), next)
    }
}

/// An answer to a question.
#[derive(Debug)]
pub(super) struct Told {
    pub(super) status: u16,
    pub(super) body: serde_json::Value,
}

/// A call in a line.
pub(super) fn about(call: &Call) -> String {
    format!("{} {}", call.method.word(), call.target)
}

/// Puts a question.
///
/// # Errors
///
/// Why there is no answer to it.
pub(super) async fn put(
    way: &Delivery<'_, impl Wire>,
    (spec, call): (&CallSpec, &Call),
    patience: Patience,
) -> Result<Told, Untold> {
    let about = about(call);
    let heard = match way.ask(call, patience).await {
        Ok(heard) => heard,
        Err(Unheard::Lost(lost)) => {
            let kind = match lost {
                Lost::NotTrusted(_) => Kind::Other,
                Lost::NotSent(_) | Lost::Unseen(_) | Lost::NoAnswer(_) => Kind::Later,
            };
            return Err(Untold {
                about: format!("no answer to {about}:"),
                why: lost.why().to_owned(),
                advice: "check the base URL and the network".to_owned(),
                resume_at: None,
                kind,
            });
        }
        Err(Unheard::Stopped(stop)) => {
            let stop = guard::told(stop);
            return Err(Untold {
                about: format!("{about} was not asked:"),
                why: stop.reason,
                advice: String::new(),
                resume_at: stop.resume_at,
                kind: Kind::Later,
            });
        }
    };
    let answer = heard.answer;
    // A bare list is no object, and an answer all the same.
    let list = || serde_json::from_slice::<Vec<serde_json::Value>>(&heard.reply.body).ok();
    match answer.meaning {
        Meaning::Accepted => Ok(Told {
            status: answer.status,
            body: answer.body,
        }),
        Meaning::NotTheApi if (200..300).contains(&answer.status) && list().is_some() => Ok(Told {
            status: answer.status,
            body: serde_json::Value::Array(list().unwrap_or_default()),
        }),
        meaning => Err(Untold {
            about,
            why: said(&answer),
            advice: advice(way.api(), spec, &answer),
            resume_at: way.stopped().and_then(|stop| guard::told(stop).resume_at),
            kind: match meaning {
                Meaning::RefusedCredential | Meaning::Forbidden | Meaning::Moved => {
                    Kind::Refused(meaning)
                }
                Meaning::Throttled
                | Meaning::QuotaSpent
                | Meaning::Outage
                | Meaning::Gateway
                | Meaning::Busy => Kind::Later,
                Meaning::NotFound => Kind::Missing(answer.status),
                _ => Kind::Other,
            },
        }),
    }
}

fn said(answer: &Answer) -> String {
    let word = answer.meaning.word();
    match answer.reason.as_str() {
        "" => format!("gave {} ({word})", answer.status),
        reason => format!("gave {} ({word}): {reason}", answer.status),
    }
}

/// What to do about a "no" to a question, which is about no contact.
fn advice(api: &Api, spec: &CallSpec, answer: &Answer) -> String {
    match answer.meaning {
        Meaning::NotFound => {
            let urls = [spec.path.as_ref().as_str(), api.base_url.as_ref()];
            let templates: Vec<Template> = urls
                .iter()
                .filter_map(|url| Template::parse(url).ok())
                .collect();
            let keys = templates.iter().flat_map(Template::account_keys);
            let mut places: Vec<String> = keys.map(|key| format!("`{key}`")).collect();
            places.push("`base_url`".to_owned());
            format!("check {}", places.join(" and "))
        }
        Meaning::Forbidden if !spec.needs.is_empty() => format!("it needs {}", spec.needs),
        meaning => api.hints.get(&meaning).cloned().unwrap_or_default(),
    }
}
