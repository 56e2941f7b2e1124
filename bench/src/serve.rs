//! The server as `claviger` serves it, in one worker, with routes inside its layers to compare with, and bare axum
//! beside it on a second port.
//!
//! | Route | What it is |
//! |---|---|
//! | `/raw/v1/me` | the handler of `/api/v1/me` without the gate |
//! | `/key/v1/ok` | a constant answer for whoever has a permission |
//! | `/raw/v1/ok` | the same answer for everybody; on the second port without any layer |
//! | `/bench/changes/on`, `/off` | POST: whether keys are edited in the gate, a thousand per second |

use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::{Arc, OnceLock};

use access::me::{Me, me};
use anyhow::{Context, Result};
use axum::Json;
use axum::Router;
use axum::body::Bytes;
use axum::extract::{FromRequestParts as _, State};
use axum::routing::{get, post};
use axum::serve::ListenerExt as _;
use claviger::{App, ConnectionLimits, router_with};
use http::{Request, header};
use kernel::caller::{Allow, Caller};
use kernel::problem::Problem;
use model::resource::HolderCredentials;
use model::{Anyone, View};
use tokio::net::TcpListener;
use tracing_subscriber::EnvFilter;

use crate::keys::{Key, Keys};
use crate::seed;
use writer::Writer;

mod writer;

pub(crate) use writer::Edited;

#[derive(clap::Args)]
pub(crate) struct Options {
    /// The folder that `bench seed` made
    #[arg(long)]
    data: PathBuf,
    /// The file that it wrote
    #[arg(long)]
    keys: PathBuf,
    /// Where the server listens
    #[arg(long)]
    listen: SocketAddr,
    /// Where the server listens whose connections have no limits
    #[arg(long)]
    unlimited: SocketAddr,
    /// Where bare axum listens
    #[arg(long)]
    bare: SocketAddr,
}

/// Serves until it is killed.
pub(crate) fn run(options: &Options) -> Result<()> {
    // As `claviger` logs unless it is told otherwise.
    tracing_subscriber::fmt()
        .with_env_filter(EnvFilter::new("info"))
        .with_writer(std::io::stderr)
        .with_ansi(false)
        .init();
    // What `claviger` has on one core.
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build()?;
    runtime.block_on(async {
        let app = seed::open(&options.data).await?;
        let keys = Keys::read(&options.keys)?.ordinary;
        let key = *keys.first().context("no key")?;
        let caller = caller(&app, &key).await?;
        let answer = Bytes::from(serde_json::to_vec(&me(&app, &caller).map_err(anyhow::Error::msg)?)?);
        tokio::spawn(claviger::serve::jobs::keep_up(Arc::clone(&app)));
        let router = router_with(&app, routes(caller, &answer, keys.len()));
        let unlimited = TcpListener::bind(options.unlimited).await?;
        let (same, no_limits) = (router.clone(), ConnectionLimits::none());
        tokio::spawn(claviger::serve(unlimited, same, no_limits, std::future::pending()));
        let listener = TcpListener::bind(options.listen).await?;
        tokio::spawn(claviger::serve(listener, router, ConnectionLimits::default(), std::future::pending()));
        // An answer of the other one is one small write, too.
        let bare = TcpListener::bind(options.bare).await?.tap_io(|connection| {
            let _ = connection.set_nodelay(true);
        });
        Ok(axum::serve(bare, Router::new().route("/raw/v1/ok", constant(&answer))).await?)
    })
}

/// What the gate takes a request with this key for.
async fn caller(app: &Arc<App>, key: &Key) -> Result<Caller> {
    let (mut parts, ()) = Request::builder().header("x-api-key", key.text.as_slice()).body(())?.into_parts();
    let allowed = Allow::<Anyone>::from_request_parts(&mut parts, app).await.map_err(anyhow::Error::msg)?;
    Ok(allowed.0)
}

fn routes(caller: Caller, answer: &Bytes, count: usize) -> Router<Arc<App>> {
    let me_without_gate = move |State(app): State<Arc<App>>| {
        let caller = caller.clone();
        std::future::ready(me(&app, &caller).map(Json::<Me>))
    };
    let allowed = answer.clone();
    let constant_with_gate = async move |_: Allow<View<HolderCredentials>>| {
        Ok::<_, Problem>(([(header::CONTENT_TYPE, "application/json")], allowed.clone()))
    };
    let writer = Arc::new(OnceLock::new());
    let changes = |edit: bool| {
        let writer = Arc::clone(&writer);
        post(async move |State(app): State<Arc<App>>| {
            let entries = if writer.get().is_none() { writer::entries(&app, count).await? } else { Vec::new() };
            let writer: &Arc<Writer> = writer.get_or_init(|| Writer::start(app, entries));
            Ok::<_, Problem>(writer.switch(edit).to_string())
        })
    };
    Router::new()
        .route("/raw/v1/me", get(me_without_gate))
        .route("/raw/v1/ok", constant(answer))
        .route("/key/v1/ok", get(constant_with_gate))
        .route("/bench/changes/on", changes(true))
        .route("/bench/changes/off", changes(false))
}

fn constant<S: Clone + Send + Sync + 'static>(answer: &Bytes) -> axum::routing::MethodRouter<S> {
    let answer = answer.clone();
    get(async move || ([(header::CONTENT_TYPE, "application/json")], answer.clone()))
}
