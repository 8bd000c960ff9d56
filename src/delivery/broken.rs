//! Why an exchange broke off, whoever carried it, and the reading of an answer, which is the same for all.

use std::error::Error;
use std::io;

use bytes::Bytes;
use http::Response;
use http_body_util::BodyExt as _;
use hyper::body::Body;

use crate::provider::reply::{BODY_LIMIT, Reply};

/// Why there is no answer, or not all of it.
#[derive(Debug, Default)]
pub(super) struct Broken {
    /// There was no connection yet.
    pub(super) connecting: bool,
    /// It took too long.
    pub(super) timed_out: bool,
    /// Nobody listens there.
    pub(super) refused: bool,
    /// What happened and why, outermost first, each in its own words.
    pub(super) causes: Vec<String>,
}

impl Broken {
    /// What an error tells.
    pub(super) fn by(error: &(dyn Error + 'static), connecting: bool) -> Self {
        let timed_out = chain(error).any(|error| {
            error.downcast_ref().is_some_and(hyper::Error::is_timeout)
                || kind(error) == Some(io::ErrorKind::TimedOut)
        });
        Self {
            connecting,
            timed_out,
            refused: chain(error)
                .any(|error| kind(error) == Some(io::ErrorKind::ConnectionRefused)),
            causes: chain(error).map(ToString::to_string).collect(),
        }
    }

    /// Nothing was heard in time.
    pub(super) fn late() -> Self {
        Self {
            timed_out: true,
            ..Self::default()
        }
    }

    /// Whether one of its causes says these words.
    pub(super) fn says(&self, words: &str) -> bool {
        self.causes.iter().any(|cause| cause.contains(words))
    }
}

/// An error and what caused it.
fn chain<'e>(error: &'e (dyn Error + 'static)) -> impl Iterator<Item = &'e (dyn Error + 'static)> {
    std::iter::successors(Some(error), |error| Error::source(*error))
}

fn kind(error: &(dyn Error + 'static)) -> Option<io::ErrorKind> {
    error.downcast_ref().map(io::Error::kind)
}

/// Reads an answer to its end, but no more of its body than counts.
pub(super) async fn read<B>(response: Response<B>) -> Result<Reply, Broken>
where
    B: Body<Data = Bytes> + Unpin,
    B::Error: Error + 'static,
{
    let (head, mut rest) = response.into_parts();
    let mut body = Vec::new();
    while let Some(frame) = rest.frame().await {
        let frame = frame.map_err(|error| Broken::by(&error, false))?;
        let Ok(chunk) = frame.into_data() else {
            continue;
        };
        // One byte more than is allowed shows that it was too much.
        let room = (BODY_LIMIT + 1).saturating_sub(body.len());
        body.extend_from_slice(&chunk[..chunk.len().min(room)]);
        if body.len() > BODY_LIMIT {
            break;
        }
    }
    Ok(Reply {
        status: head.status.as_u16(),
        headers: head.headers,
        body,
    })
}
