//! The body of a request, which must arrive at a pace.

use std::future::Future as _;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};
use std::task::{Context, Poll};
use std::time::Duration;

use axum::body::{Body, Bytes, HttpBody};
use axum::http::Request;
use hyper::body::{Frame, Incoming, SizeHint};
use tokio::time::{Instant, Sleep};

/// Each so many bytes of a body give it a second more.
pub(super) const BYTES_PER_SECOND: u64 = 1024;

type Error = Box<dyn std::error::Error + Send + Sync>;

/// A body that did not arrive in time.
#[derive(Debug, thiserror::Error)]
#[error("the body did not arrive in time")]
struct TooSlow;

/// Whether the body of a request is late, in the extensions of each request whose body has a time limit. The handler
/// meets an error that says nothing of the time, so the answer to it is made where the request goes out again.
#[derive(Clone, Default, Debug)]
pub(crate) struct BodyPace(Arc<AtomicBool>);

impl BodyPace {
    /// Whether the time limit was over before the body was there.
    pub(crate) fn is_too_slow(&self) -> bool {
        self.0.load(Relaxed)
    }
}

struct PacedBody {
    body: Incoming,
    pace: BodyPace,
    timeout: Duration,
    received: u64,
    /// From when the first part had to be waited for: most bodies come with their head, and need no timer.
    waiting: Option<(Instant, Pin<Box<Sleep>>)>,
}

/// The request with a body that ends in an error when it is too slow, and where that is noted.
pub(super) fn paced(mut request: Request<Incoming>, timeout: Option<Duration>) -> (Request<Body>, Option<BodyPace>) {
    let Some(timeout) = timeout.filter(|_| !request.body().is_end_stream()) else {
        return (request.map(Body::new), None);
    };
    let pace = BodyPace::default();
    request.extensions_mut().insert(pace.clone());
    let noted = pace.clone();
    (request.map(|body| Body::new(PacedBody { body, pace: noted, timeout, received: 0, waiting: None })), Some(pace))
}

impl HttpBody for PacedBody {
    type Data = Bytes;
    type Error = Error;

    fn poll_frame(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, Error>>> {
        let this = &mut *self;
        if let Poll::Ready(frame) = Pin::new(&mut this.body).poll_frame(context) {
            if let Some(Ok(data)) = frame.as_ref().map(|frame| frame.as_ref().map(Frame::data_ref)) {
                this.received += data.map_or(0, |data| data.len() as u64);
            }
            return Poll::Ready(frame.map(|frame| frame.map_err(Into::into)));
        }
        let allowed = this.timeout + Duration::from_secs(this.received / BYTES_PER_SECOND);
        let (began, sleep) = this.waiting.get_or_insert_with(|| {
            let now = Instant::now();
            (now, Box::pin(tokio::time::sleep_until(now + allowed)))
        });
        let deadline = *began + allowed;
        if sleep.deadline() != deadline {
            sleep.as_mut().reset(deadline);
        }
        sleep.as_mut().poll(context).map(|()| {
            this.pace.0.store(true, Relaxed);
            Some(Err(TooSlow.into()))
        })
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}
