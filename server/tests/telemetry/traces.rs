//! Each request is a span, in the trace of whoever sent it.

use http::Method;

use crate::support::{Collector, Server};

const USERS: &str = "/api/v1/users";
const TRACE: u128 = 0x4bf9_2f35_77b3_4da6_a3ce_929d_0e0e_4736;
const PARENT: u64 = 0x00f0_67aa_0ba9_02b7;

async fn traced(db: &store::testing::Database, collector: &Collector) -> Server {
    Server::start_with(db, |settings| settings.otlp_endpoint = Some(collector.url.clone())).await
}

fn traceparent(sampled: bool) -> String {
    format!("00-{TRACE:032x}-{PARENT:016x}-{:02x}", u8::from(sampled))
}

store::both_databases! {
    async fn the_collector_is_sent_a_span_in_the_callers_trace(db: &Database) {
        let collector = Collector::start().await;
        let server = traced(db, &collector).await;
        let acme = server.wallet("Acme").await;
        let key = acme.key(&["users:view"]).await;
        let caller = key.with("traceparent", &traceparent(true)).with("tracestate", "vendor=opaque");
        let answer = caller.get(&format!("{USERS}/01935500-0000-7000-8000-000000000000?q=query")).await.is(404);
        server.app.telemetry.close().await;
        assert!(collector.has(TRACE.to_be_bytes()) && collector.has(PARENT.to_be_bytes()));
        let (request_id, wallet) = (answer.header("x-request-id"), acme.id.to_string());
        for wanted in [
            "claviger", "GET /api/v1/users/{id}", "http.request.method", "http.route", "http.response.status_code", "url.scheme",
            "api_key", &key.text[5..21], request_id, &wallet,
        ] {
            assert!(collector.has(wanted), "no {wanted}");
        }
        for unwanted in ["01935500-0000", "query", "opaque", "Acme", &key.text] {
            assert!(!collector.has(unwanted), "{unwanted} was sent");
        }
    }

    async fn a_request_without_a_trace_or_with_a_broken_one_begins_its_own(db: &Database) {
        let collector = Collector::start().await;
        let server = traced(db, &collector).await;
        for broken in ["", "00-x", "00-00000000000000000000000000000000-00f067aa0ba902b7-01"] {
            server.anonymous().with("traceparent", broken).get("/no/such/route").await.is(404);
        }
        let method = Method::from_bytes(b"STRANGE").unwrap();
        let strange = server.anonymous().request(method, USERS).send().await.unwrap();
        assert_eq!(strange.status(), 405);
        server.app.telemetry.close().await;
        assert!(collector.has("_OTHER") && !collector.has("STRANGE") && !collector.has("/no/such"));
    }

    async fn a_trace_that_its_caller_does_not_sample_is_not_sent(db: &Database) {
        let collector = Collector::start().await;
        let server = traced(db, &collector).await;
        server.anonymous().with("traceparent", &traceparent(false)).get("/api/v1/me").await.is(401);
        server.app.telemetry.close().await;
        assert!(collector.bytes().is_empty());
    }

    async fn a_failure_is_a_span_with_an_error(db: &Database) {
        let collector = Collector::start().await;
        let server = traced(db, &collector).await;
        let key = server.wallet("Acme").await.key(&["users:view"]).await;
        server.app.store.close().await;
        assert!(key.request(Method::GET, USERS).send().await.unwrap().status().is_server_error());
        server.app.telemetry.close().await;
        assert!(collector.has("error.type"));
    }

    async fn a_collector_that_is_gone_disturbs_nobody(db: &Database) {
        let collector = Collector::start().await;
        let server = traced(db, &collector).await;
        drop(collector);
        server.anonymous().get("/api/v1/me").await.is(401);
        server.app.telemetry.close().await;
        server.anonymous().get("/api/v1/me").await.is(401);
    }
}
