//! A call in the words of HTTP. A request belongs to whoever carries it, so that it is written for each hand that it is
//! given into: one that did not leave is not needed back.

use bytes::Bytes;
use http::header::{CONTENT_LENGTH, HOST, HeaderMap, HeaderValue};
use http::uri::PathAndQuery;
use http::{Method, Request, Uri};
use http_body_util::Full;

/// A call, as far as it is the same whatever carries it.
pub(super) struct Letter<'a> {
    pub(super) method: Method,
    /// Where it goes on its server.
    pub(super) path: PathAndQuery,
    /// The server, whose own path does not count.
    pub(super) server: &'a Uri,
    /// Its headers, with the server's name.
    pub(super) headers: &'a HeaderMap,
    pub(super) body: Bytes,
}

impl Letter<'_> {
    /// The request that goes over a connection of its own: its address is the path.
    pub(super) fn over_http1(&self) -> Request<Full<Bytes>> {
        let body = Full::new(self.body.clone());
        self.request(Uri::from(self.path.clone()), self.headers.clone(), body)
    }

    /// The request that goes over a connection shared with others: its address names the server.
    pub(super) fn over_http2(&self) -> Request<Full<Bytes>> {
        self.addressed(Full::new(self.body.clone()))
    }

    /// The request for a client that connects by itself, and names the server on every connection.
    pub(super) fn for_client(&self) -> Request<Bytes> {
        self.addressed(self.body.clone())
    }

    fn addressed<B>(&self, body: B) -> Request<B> {
        let mut headers = self.headers.clone();
        headers.remove(HOST);
        let mut whole = self.server.clone().into_parts();
        whole.path_and_query = Some(self.path.clone());
        // A server has scheme and host, with which every path is an address; without them nobody would carry it.
        let whole = Uri::from_parts(whole).unwrap_or_else(|_| Uri::from(self.path.clone()));
        self.request(whole, headers, body)
    }

    fn request<B>(&self, address: Uri, headers: HeaderMap, body: B) -> Request<B> {
        let mut request = Request::new(body);
        *request.uri_mut() = address;
        *request.method_mut() = self.method.clone();
        *request.headers_mut() = headers;
        if self.body.is_empty() && self.method != Method::GET {
            // A server may wait for a body, or ask how long it is, where nothing says that there is none.
            let none = HeaderValue::from_static("0");
            request.headers_mut().insert(CONTENT_LENGTH, none);
        }
        request
    }
}
