//! The bytes of a connection, and the end of one that does nothing.

use std::future::Future;
use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use hyper_util::server::graceful::GracefulConnection;
use pin_project_lite::pin_project;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;
use tokio::time::{Instant, Sleep};

use super::ConnectionLimits;
use super::activity::Activity;

/// How often to look again at a connection that has no deadline.
const LOOK: Duration = Duration::from_secs(10);
/// How long an HTTP/2 client may take to end its idle connection itself, after it was told that no more is answered.
const FAREWELL: Duration = Duration::from_secs(1);

/// A socket that notes what it does.
pub(super) struct ObservedStream {
    stream: TcpStream,
    activity: Arc<Activity>,
}

impl ObservedStream {
    pub(super) fn new(stream: TcpStream, activity: Arc<Activity>) -> Self {
        Self { stream, activity }
    }

    fn note(&self, written: Poll<io::Result<usize>>) -> Poll<io::Result<usize>> {
        match &written {
            Poll::Ready(Ok(bytes)) => self.activity.wrote(*bytes),
            Poll::Ready(Err(_)) => {}
            Poll::Pending => self.activity.cannot_write(),
        }
        written
    }
}

impl AsyncRead for ObservedStream {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let before = buffer.filled().len();
        ready!(Pin::new(&mut self.stream).poll_read(context, buffer))?;
        if buffer.filled().len() > before {
            self.activity.read();
        }
        Poll::Ready(Ok(()))
    }
}

impl AsyncWrite for ObservedStream {
    fn poll_write(mut self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.stream).poll_write(context, bytes);
        self.note(written)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        pieces: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.stream).poll_write_vectored(context, pieces);
        self.note(written)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }
}

pin_project! {
    /// A connection, or its end when its deadline is over: none then. An idle HTTP/2 client is told of the end before it
    /// (GOAWAY, RFC 9113 §6.8), so that it sends nothing that would be lost.
    pub(super) struct Limited<C> {
        #[pin]
        connection: C,
        #[pin]
        sleep: Sleep,
        activity: Arc<Activity>,
        limits: Arc<ConnectionLimits>,
        // Until when a client that was told of the end may take.
        farewell: Option<Instant>,
    }
}

impl<C: GracefulConnection> Limited<C> {
    pub(super) fn new(connection: C, activity: Arc<Activity>, limits: Arc<ConnectionLimits>) -> Self {
        let sleep = tokio::time::sleep_until(activity.deadline(&limits).unwrap_or_else(|| Instant::now() + LOOK));
        Self { connection, sleep, activity, limits, farewell: None }
    }

    /// Answers the requests under way and takes no more.
    pub(super) fn shut_down(self: Pin<&mut Self>) {
        self.project().connection.graceful_shutdown();
    }
}

impl<C: GracefulConnection> Future for Limited<C> {
    type Output = Option<C::Output>;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        let mut this = self.project();
        loop {
            if let Poll::Ready(ended) = this.connection.as_mut().poll(context) {
                return Poll::Ready(Some(ended));
            }
            let farewell = *this.farewell;
            let deadline = || {
                let deadline = this.activity.deadline(this.limits)?;
                Some(farewell.map_or(deadline, |farewell| farewell.max(deadline)))
            };
            // Only an earlier deadline moves the alarm. A later one is found when it goes off, so that a request in time
            // costs no timer.
            if let Some(deadline) = deadline().filter(|deadline| *deadline < this.sleep.deadline()) {
                this.sleep.as_mut().reset(deadline);
            }
            loop {
                ready!(this.sleep.as_mut().poll(context));
                let now = Instant::now();
                match deadline() {
                    Some(deadline) if deadline <= now => break,
                    Some(deadline) => this.sleep.as_mut().reset(deadline),
                    None => this.sleep.as_mut().reset(now + LOOK),
                }
            }
            if farewell.is_some() || !this.activity.is_idle_http2() {
                return Poll::Ready(None);
            }
            this.connection.as_mut().graceful_shutdown();
            let end = Instant::now() + FAREWELL;
            *this.farewell = Some(end);
            this.sleep.as_mut().reset(end);
        }
    }
}
