//! The body of a request, which must arrive at a pace.

use std::future::Future as _;
use std::pin::Pin;
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

struct PacedBody {
    body: Incoming,
    timeout: Duration,
    received: u64,
    /// From when the first part had to be waited for: most bodies come with their head, and need no timer.
    waiting: Option<(Instant, Pin<Box<Sleep>>)>,
}

/// The request with a body that ends in an error when it is too slow.
pub(super) fn paced(request: Request<Incoming>, timeout: Option<Duration>) -> Request<Body> {
    request.map(|body| match timeout {
        Some(timeout) if !body.is_end_stream() => Body::new(PacedBody { body, timeout, received: 0, waiting: None }),
        _ => Body::new(body),
    })
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
        sleep.as_mut().poll(context).map(|()| Some(Err(TooSlow.into())))
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}
