//! Whoever asks for the metrics, on a listener of their own.

use kernel::telemetry::metrics_router;
use tokio::net::TcpListener;

use super::Server;

/// What the listener of the metrics answers.
pub(crate) async fn ask_metrics(server: &Server, path: &str) -> reqwest::Response {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let router = metrics_router(&server.app);
    let serving = tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
    let answer = reqwest::Client::builder().no_proxy().build().unwrap().get(format!("http://{address}{path}")).send();
    let answer = answer.await.unwrap();
    serving.abort();
    answer
}

/// The metrics.
pub(crate) async fn scrape(server: &Server) -> String {
    ask_metrics(server, "/metrics").await.text().await.unwrap()
}
