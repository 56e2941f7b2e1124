//! A handler that panics is a defect, and no more than one request's.

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::response::Response;
use axum::routing::get;
use claviger::router_with;
use http::Request;
use serde_json::Value;
use tower::ServiceExt as _;

use crate::support::Server;

async fn ask(router: &Router, path: &str) -> Response {
    router.clone().oneshot(Request::get(path).header("host", "x").body(Body::empty()).unwrap()).await.unwrap()
}

store::both_databases! {
    async fn a_panic_is_a_problem_and_the_server_lives_on(db: &Database) {
        let server = Server::start(db).await;
        let defect = Router::new().route("/defect", get(async || -> () { panic!("a secret that nobody may learn") }));
        let router = router_with(&server.app, defect);
        let answer = ask(&router, "/defect").await;
        assert_eq!(answer.status(), 500);
        let request_id = answer.headers()["x-request-id"].to_str().unwrap().to_owned();
        let problem: Value = serde_json::from_slice(&to_bytes(answer.into_body(), 1000).await.unwrap()).unwrap();
        assert_eq!((&problem["type"], &problem["request_id"]), (&"/problems/internal".into(), &request_id.into()));
        assert_eq!(problem.as_object().unwrap().len(), 4, "{problem}");
        assert_eq!(ask(&router, "/sign-in").await.status(), 200);
    }
}
