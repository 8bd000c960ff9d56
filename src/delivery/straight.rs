//! The way without a proxy: hyper's own client, which is the one inside `reqwest`.
//!
//! What `reqwest` puts around it, for redirects, cookies and second attempts that are never wanted here, costs two fifths of
//! what a request costs.

use std::time::Duration;

use bytes::Bytes;
use http::Request;
use http_body_util::Full;
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::{TokioExecutor, TokioTimer};
use rustls::{ClientConfig, RootCertStore};
use rustls_platform_verifier::BuilderVerifierExt as _;
use tower::timeout::Timeout;
use tower_layer::Layer as _;

use super::broken::{Broken, read};
use super::client::Timeouts;
use super::departure::{Connecting, Door};
use crate::provider::reply::Reply;

/// A connection over which nothing came for so long is asked whether it is still there …
const KEEPALIVE: Duration = Duration::from_secs(15);
/// … so often, and then given up.
const PROBES: u32 = 3;

/// A client that connects to the server itself.
pub(super) struct Straight {
    client: Client<Connecting<Timeout<HttpsConnector<HttpConnector>>>, Full<Bytes>>,
    whole: Duration,
}

impl Straight {
    /// One that keeps up to `concurrency` connections, with encryption or without.
    ///
    /// # Errors
    ///
    /// Why no server could be trusted, mostly for want of the system's certificates.
    pub(super) fn new(
        encrypted: bool,
        door: &Door,
        concurrency: usize,
        timeouts: Timeouts,
    ) -> Result<Self, rustls::Error> {
        let trust = ClientConfig::builder();
        let trust = match encrypted {
            true => trust.with_platform_verifier()?,
            // Nobody has to be trusted, and reading the system's certificates takes longer than sending a row.
            false => trust.with_root_certificates(RootCertStore::empty()),
        };
        let mut tcp = HttpConnector::new();
        tcp.enforce_http(false);
        tcp.set_nodelay(true);
        tcp.set_keepalive(Some(KEEPALIVE));
        tcp.set_keepalive_interval(Some(KEEPALIVE));
        tcp.set_keepalive_retries(Some(PROBES));
        let connector = HttpsConnectorBuilder::new()
            .with_tls_config(trust.with_no_client_auth())
            .https_or_http()
            .enable_all_versions()
            .wrap_connector(tcp);
        let connector = door.layer(Timeout::new(connector, timeouts.connect));
        let client = Client::builder(TokioExecutor::new())
            .timer(TokioTimer::new())
            .pool_timer(TokioTimer::new())
            .pool_idle_timeout(timeouts.idle)
            .pool_max_idle_per_host(concurrency.max(1))
            .build(connector);
        Ok(Self {
            client,
            whole: timeouts.whole,
        })
    }

    /// Sends a request and reads the answer.
    pub(super) async fn exchange(&self, request: Request<Bytes>) -> Result<Reply, Broken> {
        let answered = async {
            let response = self.client.request(request.map(Full::new)).await;
            read(response.map_err(|error| Broken::by(&error, error.is_connect()))?).await
        };
        let answered = tokio::time::timeout(self.whole, answered).await;
        answered.unwrap_or_else(|_| Err(Broken::late()))
    }
}
