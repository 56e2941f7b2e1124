use serde_json::json;

use crate::support::{ISSUANCES, Issuer, Server};

store::both_databases! {
    async fn issuances_are_found_by_status_reference_and_template(db: &Database) {
        let server = Server::start(db).await;
        let acme = Issuer::open(&server, "Acme").await;
        let first = acme.offer(json!({"correlation_id": "order-1"})).await;
        server.move_clock_to("2026-11-23T10:00:01Z");
        acme.offer(json!({"correlation_id": "order-2", "expires_in": 60})).await;
        acme.holder(&first).take().await;
        let ids = async |query: &str| {
            let items = acme.key.get(&format!("{ISSUANCES}?{query}")).await.is(200).column("id");
            items.iter().map(|id| if *id == first["id"] { 1 } else { 2 }).collect::<Vec<_>>()
        };
        assert_eq!(ids("").await, [2, 1]);
        assert_eq!(ids("sort=created_at").await, [1, 2]);
        assert_eq!(ids("status=issued").await, [1]);
        assert_eq!(ids("status=offered").await, [2]);
        assert_eq!(ids("correlation_id=order-2").await, [2]);
        assert_eq!(ids("q=ORDER-1").await, [1]);
        assert_eq!(ids(&format!("template={}", acme.template)).await, [2, 1]);
        assert!(ids("template=01936d5a-0000-7000-8000-000000000000").await.is_empty());
        assert_eq!(ids("limit=1").await, [2]);
        server.move_clock_to("2026-11-23T10:01:01Z");
        assert_eq!(ids("status=expired").await, [2]);
        assert!(ids("status=offered").await.is_empty());
        acme.key.get(&format!("{ISSUANCES}?status=done")).await.refuses(&[("status", "invalid")]);
    }
}
