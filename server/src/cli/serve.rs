//! `claviger serve`: from an address to a running server, and in order to its end.

use std::future::pending;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use access::{api_access, sign_in};
use anyhow::Context as _;
use claviger::router;
use claviger::serve::jobs;
use claviger::{App, ConnectionLimits};
use hold::credential_offers;
use kernel::telemetry;
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::JoinSet;

use super::{Options, print};

/// How long requests under way may take to end after the server was told to stop.
const GRACE: Duration = Duration::from_secs(10);

/// Serves the operator's database.
pub(super) async fn serve(options: &Options) -> anyhow::Result<()> {
    let stop = Stop::on_signals()?;
    // What was asked wrongly makes nothing, not even the lock.
    options.settings(options.listen)?;
    let _lock = options.lock()?;
    let limits = options.connection_limits();
    let listeners = Listeners::bind(options).await?;
    let address = listeners.address()?;
    let app = options.open(address).await?;
    let origin = app.settings.public_url.origin();
    let setup = sign_in::setup_link(&app).await?.map_or_else(String::new, |path| {
        format!("Make the first administrator, once, within 24 hours: {origin}{path}\n")
    });
    let metrics = listeners.metrics_url()?.map_or_else(String::new, |url| format!("Metrics: {url}\n"));
    print(&format!("Claviger listens on {address}\nConsole: {origin}/\n{metrics}{setup}"))?;
    accept(app, listeners, limits, stop).await
}

/// The addresses that the server has taken.
pub(crate) struct Listeners {
    public: TcpListener,
    /// Where metrics are asked for, and nothing else.
    metrics: Option<TcpListener>,
}

impl Listeners {
    /// Takes the addresses that the operator chose.
    pub(crate) async fn bind(options: &Options) -> anyhow::Result<Self> {
        let public = listen(options.listen, "--listen").await?;
        let metrics = match options.metrics_listen {
            Some(address) => Some(listen(address, "--metrics-listen").await?),
            None => None,
        };
        Ok(Self { public, metrics })
    }

    /// The public one.
    pub(crate) fn address(&self) -> std::io::Result<SocketAddr> {
        self.public.local_addr()
    }

    fn metrics_url(&self) -> std::io::Result<Option<String>> {
        let address = self.metrics.as_ref().map(TcpListener::local_addr).transpose()?;
        Ok(address.map(|address| format!("http://{address}/metrics")))
    }
}

async fn listen(address: SocketAddr, option: &str) -> anyhow::Result<TcpListener> {
    TcpListener::bind(address)
        .await
        .with_context(|| format!("cannot listen on {address} (choose another address with {option})"))
}

/// Answers requests until told to stop, then ends what is under way and writes what is not written yet.
pub(crate) async fn accept(
    app: Arc<App>,
    listeners: Listeners,
    limits: ConnectionLimits,
    stop: Stop,
) -> anyhow::Result<()> {
    let (address, metrics) = (listeners.address()?, listeners.metrics_url()?);
    tracing::info!(version = env!("CARGO_PKG_VERSION"), %address, metrics, "started");
    let mut beside = JoinSet::new();
    beside.spawn(jobs::keep_up(Arc::clone(&app)));
    if let Some(listener) = listeners.metrics {
        beside.spawn(claviger::serve(listener, telemetry::metrics_router(&app), limits.clone(), pending()));
    }
    tokio::select! {
        () = claviger::serve(listeners.public, router(&app), limits, stop.clone().told()) => {}
        () = async { stop.told().await; tokio::time::sleep(GRACE).await } => {
            tracing::warn!("requests that did not end in time were cut off");
        }
    }
    beside.shutdown().await;
    api_access::flush_usage(&app).await?;
    app.flush_refusals().await?;
    credential_offers::flush_pushes(&app).await?;
    app.telemetry.close().await;
    app.store.close().await;
    tracing::info!("stopped");
    Ok(())
}

/// Whether the server was told to stop, by SIGTERM, by SIGHUP or by Ctrl-C.
#[derive(Clone)]
pub(crate) struct Stop(watch::Receiver<bool>);

impl Stop {
    /// From now on the signals end the server in order, and not the process at once.
    pub(crate) fn on_signals() -> anyhow::Result<Self> {
        let (tell, told) = watch::channel(false);
        let signal = signal()?;
        tokio::spawn(async move {
            signal.await;
            // Without a receiver nobody is left to stop.
            let _ = tell.send(true);
        });
        Ok(Self(told))
    }

    /// Returns when it was.
    pub(crate) async fn told(mut self) {
        if self.0.wait_for(|told| *told).await.is_err() {
            pending::<()>().await;
        }
    }
}

#[cfg(unix)]
fn signal() -> std::io::Result<impl Future<Output = ()> + Send> {
    use tokio::signal::unix::{SignalKind, signal};
    let (mut terminate, mut interrupt) = (signal(SignalKind::terminate())?, signal(SignalKind::interrupt())?);
    let mut hang_up = if hang_ups_are_ignored() { None } else { Some(signal(SignalKind::hangup())?) };
    Ok(async move {
        let after_hang_up = async {
            match &mut hang_up {
                Some(signal) => signal.recv().await,
                None => pending().await,
            }
        };
        tokio::select! { _ = terminate.recv() => {}, _ = interrupt.recv() => {}, _ = after_hang_up => {} }
    })
}

/// Whether who started the server wants it to outlive the terminal, as nohup(1) does: SIGHUP is the first bit of the
/// signals that are ignored (proc_pid_status(5)). Where the system does not say so, it is not.
#[cfg(unix)]
fn hang_ups_are_ignored() -> bool {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let ignored = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
    ignored.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok()).is_some_and(|mask| mask & 1 == 1)
}

#[cfg(not(unix))]
fn signal() -> std::io::Result<impl Future<Output = ()> + Send> {
    Ok(async {
        if tokio::signal::ctrl_c().await.is_err() {
            pending::<()>().await;
        }
    })
}
