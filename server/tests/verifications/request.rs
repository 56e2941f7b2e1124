//! The signed request, as a wallet fetches it.

use http::Method;
use serde_json::json;
use vc::did_document::request_keys_from_did_document;
use vc::issuer::IssuerKeys;
use vc::openid4vp::{AuthorizationRequest, Expected, SignedRequest};

use super::{Desk, membership};
use crate::support::holder::{Fetched, NOW_SECONDS, credential, fetch, path_of, request_path};
use crate::support::{Actor, Server};

store::both_databases! {
    async fn the_request_says_what_is_asked_by_whom_and_where_the_answer_goes(db: &Database) {
        let server = Server::start(db).await;
        let desk = Desk::open(&server).await;
        let (id, fetched) = desk.asked().await;
        assert_eq!(fetched.claim("dcql_query"), membership());
        assert_eq!(fetched.text("response_type"), "vp_token");
        assert_eq!(fetched.text("response_mode"), "direct_post");
        assert_eq!(fetched.text("aud"), "https://self-issued.me/v2");
        assert_eq!(fetched.text("purpose"), "To open the door");
        let origin = server.app.settings.public_url.origin();
        assert_eq!(fetched.text("response_uri"), format!("{origin}/wallets/{}/openid4vp/responses/{id}", desk.wallet.id));
        assert!(fetched.text("nonce").len() >= 43 && fetched.text("state").len() >= 43);
        let metadata = fetched.claim("client_metadata");
        assert_eq!(metadata["client_name"], "Acme");
        let algorithms = json!({"sd-jwt_alg_values": ["ES256"], "kb-jwt_alg_values": ["ES256"]});
        assert_eq!(metadata["vp_formats_supported"], json!({"dc+sd-jwt": algorithms}));
        assert_eq!(desk.view(&id).await["status"], "retrieved");
        assert_ne!(desk.view(&id).await["request_uri"], json!(null), "it can be fetched again");
    }

    async fn a_wallet_verifies_the_request_by_the_did_of_its_verifier(db: &Database) {
        let server = Server::start(db).await;
        let mut desk = Desk::open(&server).await;
        for method in ["did:jwk", "did:web"] {
            desk.template = desk.template(method, &membership(), "trusted_issuers", 30).await;
            let made = desk.ask().await;
            let link = AuthorizationRequest::parse(made["request_uri"].as_str().unwrap()).unwrap();
            let fetched = desk.nobody.get(&path_of(&link.request_uri)).await.is(200).text;
            let request = SignedRequest::parse(&fetched).unwrap();
            let keys = match request.keys().unwrap() {
                IssuerKeys::Embedded(keys) => keys,
                IssuerKeys::DidWeb { did, url } => {
                    let document = desk.nobody.request(Method::GET, &path_of(&url)).send().await.unwrap();
                    let document = document.text().await.unwrap();
                    request_keys_from_did_document(document.as_bytes(), &did).unwrap()
                }
                other @ IssuerKeys::IssuerMetadata { .. } => panic!("{other:?}"),
            };
            let expected = Expected {
                client_id: &link.client_id,
                request_uri: &link.request_uri,
                wallet_nonce: None,
                now: NOW_SECONDS,
            };
            request.verify(&keys, &expected).unwrap();
        }
    }

    async fn a_posted_wallet_nonce_comes_back_signed(db: &Database) {
        let server = Server::start(db).await;
        let desk = Desk::open(&server).await;
        let post = async |form: &[(&str, &str)]| {
            let made = desk.ask().await;
            let path = request_path(made["request_uri"].as_str().unwrap());
            Fetched::read(Actor::send(desk.nobody.request(Method::POST, &path).form(form)).await)
        };
        let fetched = post(&[("wallet_metadata", "{}"), ("wallet_nonce", "n-1"), ("more", "x")]).await;
        assert_eq!(fetched.text("wallet_nonce"), "n-1");
        assert_eq!(post(&[]).await.claim("wallet_nonce"), json!(null));
    }

    async fn a_request_is_handed_out_again_with_the_same_nonce_until_it_is_answered(db: &Database) {
        let server = Server::start(db).await;
        let desk = Desk::open(&server).await;
        let made = desk.ask().await;
        let path = request_path(made["request_uri"].as_str().unwrap());
        let post = async |nonce: &str| {
            Actor::send(desk.nobody.request(Method::POST, &path).form(&[("wallet_nonce", nonce)])).await
        };
        let first = fetch(&desk.nobody, made["request_uri"].as_str().unwrap()).await;
        server.move_clock_to("2026-11-23T10:01:00Z");
        let events = async || desk.key.get("/api/v1/audit-events?limit=200").await.is(200).column("id").len();
        let before = events().await;
        for (again, nonce) in [
            (Fetched::read(desk.nobody.get(&path).await), None),
            (Fetched::read(post("n-1").await), Some("n-1")),
            (Fetched::read(post("n-2").await), Some("n-2")),
            (Fetched::read(desk.nobody.get(&path).await), None),
        ] {
            for same in ["nonce", "state", "response_uri", "dcql_query", "exp"] {
                assert_eq!(again.claim(same), first.claim(same), "{same}");
            }
            assert_eq!(again.claim("wallet_nonce"), json!(nonce), "the newest nonce, or none");
            assert_eq!(again.claim("iat"), json!(NOW_SECONDS + 60), "it is signed anew");
        }
        assert_eq!(events().await, before, "one event tells that it was fetched");
        assert_eq!(desk.view(made["id"].as_str().unwrap()).await["retrieved_at"], "2026-11-23T10:00:00Z");

        let presentation = first.present(&credential(|_| {}), &["name"]);
        first.answer(&desk.nobody, &[("membership", &presentation)]).await.is(200);
        desk.nobody.get(&path).await.problem(404, "not-found");
        post("n-3").await.problem(404, "not-found");
        assert_eq!(desk.nobody.request(Method::HEAD, &path).send().await.unwrap().status(), 404);
        assert_eq!(desk.view(made["id"].as_str().unwrap()).await["request_uri"], json!(null));
    }

    async fn a_request_that_was_fetched_expires_all_the_same(db: &Database) {
        let server = Server::start(db).await;
        let desk = Desk::open(&server).await;
        let made = desk.ask().await;
        let path = request_path(made["request_uri"].as_str().unwrap());
        fetch(&desk.nobody, made["request_uri"].as_str().unwrap()).await;
        server.move_clock_to("2026-11-23T10:10:00Z");
        desk.nobody.get(&path).await.problem(404, "not-found");
        claviger::serve::jobs::clean_up(&server.app).await.unwrap();
        desk.nobody.get(&path).await.problem(404, "not-found");
    }

    async fn an_expired_request_is_not_handed_out(db: &Database) {
        let server = Server::start(db).await;
        let desk = Desk::open(&server).await;
        let made = desk.ask().await;
        let path = request_path(made["request_uri"].as_str().unwrap());
        server.move_clock_to("2026-11-23T10:10:00Z");
        desk.nobody.get(&path).await.problem(404, "not-found");
        assert_eq!(desk.view(made["id"].as_str().unwrap()).await["status"], "expired");
    }

    async fn a_reference_that_was_never_given_leads_nowhere(db: &Database) {
        let server = Server::start(db).await;
        let desk = Desk::open(&server).await;
        let made = desk.ask().await;
        let path = request_path(made["request_uri"].as_str().unwrap());
        for wrong in [format!("{path}x"), path[..path.len() - 1].to_owned(), path.replace("requests/", "requests/x")] {
            desk.nobody.get(&wrong).await.problem(404, "not-found");
        }
        desk.nobody.get("/wallets/x/openid4vp/requests/y").await.problem(404, "not-found");
    }

    async fn no_two_requests_have_the_same_nonce_or_state(db: &Database) {
        let server = Server::start(db).await;
        let desk = Desk::open(&server).await;
        let mut drawn = std::collections::BTreeSet::new();
        for _ in 0..5 {
            let (_, fetched) = desk.asked().await;
            drawn.extend([fetched.text("nonce"), fetched.text("state")]);
        }
        assert_eq!(drawn.len(), 10);
    }
}
