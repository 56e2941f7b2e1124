//! From a listener to answers: one task for each connection, HTTP/1.1 or HTTP/2.

mod activity;
mod body;
mod limits;
mod places;
mod stream;

use std::convert::Infallible;
use std::io::{self, ErrorKind};
use std::net::SocketAddr;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::ConnectInfo;
use http::{HeaderValue, Version, header};
use hyper::Request;
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::server::conn::auto;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tower::Service as _;

use self::activity::Activity;
use self::places::Places;
use self::stream::{Limited, ObservedStream};

pub(crate) use body::BodyPace;
pub use limits::ConnectionLimits;

/// How long nothing is accepted when the system has no more to give, such as file descriptors.
const PAUSE: Duration = Duration::from_secs(1);

/// Answers what comes to this listener until `stop` ends; then refuses new connections, and returns when the requests
/// under way are answered.
pub async fn serve(listener: TcpListener, router: Router, limits: ConnectionLimits, stop: impl Future<Output = ()>) {
    let (limits, places) = (Arc::new(limits), Arc::new(Places::default()));
    let (stopping, _) = watch::channel(());
    let builder = builder(&limits);
    let mut stop = pin!(stop);
    loop {
        let (stream, address) = tokio::select! {
            accepted = accept(&listener) => accepted,
            () = &mut stop => break,
        };
        let activity = Arc::new(Activity::new());
        let Some(place) = places.take(address.ip(), &activity, &limits) else { continue };
        let (number, router, body_timeout) = (place.number(), router.clone(), limits.body_timeout);
        let observed = TokioIo::new(ObservedStream::new(stream, Arc::clone(&activity)));
        let requests = Arc::clone(&activity);
        let service = service_fn(move |mut request: Request<Incoming>| {
            request.extensions_mut().insert(ConnectInfo(address));
            let (mut router, activity) = (router.clone(), Arc::clone(&requests));
            async move {
                let is_http2 = request.version() == Version::HTTP_2;
                let _handling = activity.handle(is_http2);
                let (request, body_pace) = body::paced(request, body_timeout);
                let mut answer = router.call(request).await?;
                // The rest of the body would be taken for the next request (RFC 9110 §15.5.9). HTTP/2 ends the stream.
                if !is_http2 && body_pace.is_some_and(|body_pace| body_pace.is_too_slow()) {
                    answer.headers_mut().insert(header::CONNECTION, HeaderValue::from_static("close"));
                }
                Ok::<_, Infallible>(answer)
            }
        });
        let connection = builder.serve_connection(observed, service).into_owned();
        let connection = Limited::new(connection, activity, Arc::clone(&limits));
        let mut stopped = stopping.subscribe();
        let task = tokio::spawn(async move {
            let _place = place;
            let mut connection = pin!(connection);
            let ended = tokio::select! {
                ended = &mut connection => ended,
                _ = stopped.changed() => {
                    connection.as_mut().shut_down();
                    connection.await
                }
            };
            match ended {
                Some(Ok(())) => {}
                Some(Err(error)) => tracing::debug!(error, %address, "a connection broke off"),
                None => tracing::debug!(%address, "a connection that did nothing was ended"),
            }
        });
        places.serve(number, task.abort_handle());
    }
    drop(listener);
    stopping.send_replace(());
    stopping.closed().await;
}

fn builder(limits: &ConnectionLimits) -> auto::Builder<TokioExecutor> {
    let mut builder = auto::Builder::new(TokioExecutor::new());
    // Most answers are small: to copy the body behind the head costs less than to hand the system two pieces. Heads have
    // their time limit in `activity.rs`, which knows the time before the version of HTTP is known, too.
    builder.http1().writev(false).header_read_timeout(None);
    builder.http2().timer(TokioTimer::new()).max_concurrent_streams(limits.max_streams);
    builder.http2().keep_alive_interval(limits.ping_timeout);
    if let Some(timeout) = limits.ping_timeout {
        builder.http2().keep_alive_timeout(timeout);
    }
    builder
}

async fn accept(listener: &TcpListener) -> (TcpStream, SocketAddr) {
    loop {
        match listener.accept().await.and_then(without_delay) {
            Ok(accepted) => return accepted,
            Err(error) if is_of_the_connection(&error) => tracing::debug!(%error, "a connection was not made"),
            Err(error) => {
                tracing::error!(%error, "no connection can be accepted");
                tokio::time::sleep(PAUSE).await;
            }
        }
    }
}

/// An answer is one small write: waiting to fill a packet would only delay it.
fn without_delay((stream, address): (TcpStream, SocketAddr)) -> io::Result<(TcpStream, SocketAddr)> {
    stream.set_nodelay(true)?;
    Ok((stream, address))
}

/// Whether the client had gone again, rather than the system failed.
fn is_of_the_connection(error: &io::Error) -> bool {
    use ErrorKind::{ConnectionAborted, ConnectionRefused, ConnectionReset, InvalidInput};
    // Some systems say that an option of a closed socket is no valid argument.
    matches!(error.kind(), ConnectionAborted | ConnectionRefused | ConnectionReset | InvalidInput)
}
