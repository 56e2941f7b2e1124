//! Direct issue: the offer goes to the contact that it is for.

use std::sync::{Arc, Mutex};

use axum::Router;
use axum::extract::{RawQuery, State};
use axum::routing::get;
use serde_json::{Value, json};
use tokio::net::TcpListener;
use vc::openid4vci::OfferLink;

use crate::support::{Issuer, Server};

type Taken = Arc<Mutex<Vec<String>>>;

/// A wallet out there that takes offers; where it does, and what it took.
async fn contact() -> (String, Taken) {
    let taken = Taken::default();
    let take = async |State(taken): State<Taken>, RawQuery(query): RawQuery| {
        taken.lock().unwrap().push(query.unwrap_or_default());
    };
    let app = Router::new().route("/offers", get(take)).with_state(Arc::clone(&taken));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let endpoint = format!("http://localhost:{}/offers", listener.local_addr().unwrap().port());
    tokio::spawn(async move { axum::serve(listener, app).await.unwrap() });
    (endpoint, taken)
}

async fn trust(acme: &Issuer<'_>, name: &str, endpoint: Option<&str>) -> String {
    let mut body = json!({"name": name, "did": format!("did:web:{name}.example")});
    if let Some(endpoint) = endpoint {
        body["credential_offer_endpoint"] = json!(endpoint);
    }
    acme.administrator.post("/api/v1/trusted-contacts", body).await.is(201).member("id")
}

store::both_databases! {
    async fn an_offer_is_sent_to_the_contact_that_it_is_for(db: &Database) {
        let server = Server::start(db).await;
        let acme = Issuer::open(&server, "Acme").await;
        let (endpoint, taken) = contact().await;
        let bolt = trust(&acme, "bolt", Some(&endpoint)).await;
        let offered = acme.offer(json!({"contact": bolt})).await;
        assert_eq!((&offered["contact"], &offered["pushed_at"]), (&json!(bolt), &json!("2026-11-23T10:00:00Z")));
        assert_eq!(offered.get("push_error"), None);
        let queries = taken.lock().unwrap().clone();
        let link = OfferLink::parse(&format!("openid-credential-offer://?{}", queries[0])).unwrap();
        let OfferLink::ByValue(offer) = link else { panic!("the offer itself is sent") };
        assert_eq!(serde_json::to_value(offer).unwrap(), offered["offer"]);
        acme.holder(&offered).take().await;
    }

    async fn an_offer_that_does_not_arrive_holds_all_the_same(db: &Database) {
        let server = Server::start(db).await;
        let acme = Issuer::open(&server, "Acme").await;
        let gone = TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap().port();
        let bolt = trust(&acme, "bolt", Some(&format!("http://localhost:{gone}/offers"))).await;
        let offered = acme.offer(json!({"contact": bolt})).await;
        assert!(offered["push_error"].as_str().unwrap().contains("cannot be reached"), "{offered}");
        assert_eq!(offered["pushed_at"], Value::Null);
        acme.holder(&offered).take().await;
    }

    async fn a_contact_without_an_endpoint_takes_no_offers(db: &Database) {
        let server = Server::start(db).await;
        let acme = Issuer::open(&server, "Acme").await;
        let bolt = trust(&acme, "bolt", None).await;
        let body = json!({"template": acme.template, "claims": crate::support::claims(), "contact": bolt});
        acme.key.post(crate::support::ISSUANCES, body).await.refuses(&[("contact", "no-endpoint")]);
    }
}
