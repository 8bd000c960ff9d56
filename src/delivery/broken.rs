//! Why an exchange broke off, whoever carried it, and the reading of an answer, which is the same for all.

use std::error::Error;
use std::io;

use bytes::Bytes;
use http::Response;
use http::header::{CONTENT_LENGTH, TRANSFER_ENCODING};
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
    /// The server said that it never looked at the request.
    pub(super) unseen: bool,
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
            unseen: chain(error).any(is_unseen),
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

    /// There was no room on the connection that all share, as long as an exchange may take.
    pub(super) fn full() -> Self {
        let why = "the one there is carries as many requests as the server allows, and none was answered in time";
        Self {
            connecting: true,
            causes: vec![why.to_owned()],
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

/// With HTTP/2 a server says so, of one request, or of all from a certain one on when it goes away in order (RFC 9113, 6.8
/// and 8.7).
fn is_unseen(error: &(dyn Error + 'static)) -> bool {
    error.downcast_ref::<h2::Error>().is_some_and(|error| {
        let in_order = error.is_go_away() && error.reason() == Some(h2::Reason::NO_ERROR);
        error.is_remote() && (in_order || error.reason() == Some(h2::Reason::REFUSED_STREAM))
    })
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
    let length = head.headers.get(CONTENT_LENGTH);
    if length.is_some() && head.headers.contains_key(TRANSFER_ENCODING) {
        // Whoever stands between may have understood it otherwise (RFC 9112, 6.3).
        return Err(Broken {
            causes: vec!["it says in two ways how long it is".to_owned()],
            ..Broken::default()
        });
    }
    let promised = length.and_then(|length| length.to_str().ok()?.parse::<usize>().ok());
    let mut body = Vec::new();
    while let Some(frame) = rest.frame().await {
        let frame = frame.map_err(|error| Broken {
            // It had begun to answer.
            unseen: false,
            ..Broken::by(&error, false)
        })?;
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
    let has_body = !matches!(head.status.as_u16(), 204 | 205 | 304);
    if has_body && promised.is_some_and(|promised| body.len() < promised.min(BODY_LIMIT)) {
        return Err(Broken {
            causes: vec!["it is shorter than it says".to_owned()],
            ..Broken::default()
        });
    }
    Ok(Reply {
        status: head.status.as_u16(),
        headers: head.headers,
        body,
    })
}
