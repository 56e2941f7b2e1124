//! Lists that others serve.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use keys::credential_status::{self, LiveStatus};
use miniz_oxide::deflate::compress_to_vec_zlib;
use serde_json::{Map, Value, json};
use vc::did::{did_jwk, did_jwk_key_id};
use vc::jws;
use vc::keys::SigningKey;
use vc::status_list::StatusListToken;

use super::check;
use super::issuer::Issuer;
use crate::support::Server;

store::both_databases! {
    async fn the_issuers_list_says_valid_revoked_or_suspended(db: &Database) {
        let (server, issuer) = (Server::start(db).await, Issuer::start().await);
        issuer.serves(&issuer.list());
        for (index, status) in [(0, LiveStatus::Valid), (1, LiveStatus::Revoked), (2, LiveStatus::Suspended)] {
            assert_eq!(check(&server, &issuer.did(), &issuer.claim(index)).await, Ok(status), "{index}");
        }
        let now = server.app.clock.now();
        let without = credential_status::check(&server.app, &issuer.did(), None, now).await;
        assert!(matches!(without, Ok(LiveStatus::None)));
    }

    async fn what_says_neither_is_no_answer(db: &Database) {
        let (server, issuer) = (Server::start(db).await, Issuer::start().await);
        issuer.serves(&issuer.list());
        let did = issuer.did();
        assert_eq!(check(&server, &did, &issuer.claim(3)).await, Err("status-unknown"));
        assert_eq!(check(&server, &did, &issuer.claim(100)).await, Err("status-list-invalid"), "beyond the end");
        for claim in [json!({}), json!({"other": {}}), json!({"status_list": {"idx": -1, "uri": issuer.uri}})] {
            assert_eq!(check(&server, &did, &claim).await, Err("status-unsupported"), "{claim}");
        }
    }

    async fn a_list_of_somebody_else_is_refused(db: &Database) {
        let (server, issuer) = (Server::start(db).await, Issuer::start().await);
        let other = SigningKey::from_secret_bytes(&[2; 32]).unwrap();
        let (did, claim) = (issuer.did(), issuer.claim(0));
        let other_did = did_jwk(&other.public()).to_string();
        let list = issuer.list();
        for text in [
            // By another key, which says so, or not.
            Issuer::sign(&list, &other),
            list.sign(&other, &did_jwk_key_id(&did_jwk(&issuer.key.public()))),
            // In another name.
            Issuer::sign(&StatusListToken { issuer: Some(other_did.clone()), ..list.clone() }, &issuer.key),
            Issuer::sign(&StatusListToken { issuer: Some(other_did.clone()), ..list.clone() }, &other),
        ] {
            issuer.serves_text(text);
            assert_eq!(check(&server, &did, &claim).await, Err("status-list-invalid"));
        }
        // Believed for one issuer, it is not for another whose credential points to it.
        issuer.serves(&list);
        assert_eq!(check(&server, &did, &claim).await, Ok(LiveStatus::Valid));
        assert_eq!(check(&server, &other_did, &claim).await, Err("status-list-invalid"));
    }

    async fn another_list_an_old_one_and_one_of_tomorrow_are_refused(db: &Database) {
        let (server, issuer) = (Server::start(db).await, Issuer::start().await);
        let list = issuer.list();
        let now = list.issued_at;
        for wrong in [
            StatusListToken { uri: format!("{}/2", issuer.uri), ..list.clone() },
            StatusListToken { issued_at: now - 7200, expires_at: Some(now - 3600), ..list.clone() },
            StatusListToken { issued_at: now + 86_400, expires_at: Some(now + 172_800), ..list.clone() },
            StatusListToken { ttl: Some(0), ..list.clone() },
        ] {
            issuer.serves(&wrong);
            assert_eq!(check(&server, &issuer.did(), &issuer.claim(0)).await, Err("status-list-invalid"), "{wrong:?}");
        }
        issuer.serves_text(jws::sign(&issuer.key, "JWT", Map::new(), &Map::new()));
        assert_eq!(check(&server, &issuer.did(), &issuer.claim(0)).await, Err("status-list-invalid"));
    }

    async fn a_bomb_in_a_list_is_refused(db: &Database) {
        let (server, issuer) = (Server::start(db).await, Issuer::start().await);
        let lst = URL_SAFE_NO_PAD.encode(compress_to_vec_zlib(&vec![0; 64 * 1024 * 1024], 10));
        let Value::Object(claims) = json!({
            "iss": issuer.did(), "sub": issuer.uri, "iat": issuer.list().issued_at,
            "status_list": {"bits": 2, "lst": lst},
        }) else { panic!("an object") };
        let header = jws::kid(&did_jwk_key_id(&did_jwk(&issuer.key.public())));
        issuer.serves_text(jws::sign(&issuer.key, "statuslist+jwt", header, &claims));
        let error = credential_status::check(&server.app, &issuer.did(), Some(&issuer.claim(0)), server.app.clock.now()).await;
        assert!(error.unwrap_err().to_string().contains("more than"));
    }

    async fn a_list_that_cannot_be_had_is_no_answer(db: &Database) {
        let (server, issuer) = (Server::start(db).await, Issuer::start().await);
        let good = Issuer::sign(&issuer.list(), &issuer.key);
        for (status, content_type) in [(404, "application/statuslist+jwt"), (500, "text/plain"), (200, "text/plain")] {
            issuer.answers(status, content_type, good.clone());
            assert_eq!(check(&server, &issuer.did(), &issuer.claim(0)).await, Err("status-unreachable"), "{status}");
        }
        for uri in ["ftp://issuer.example/list", "https://192.168.0.1/list", "x"] {
            let claim = json!({"status_list": {"idx": 0, "uri": uri}});
            assert_eq!(check(&server, &issuer.did(), &claim).await, Err("status-unreachable"), "{uri}");
        }
    }

    async fn a_list_is_asked_for_again_when_its_ttl_is_over(db: &Database) {
        let (server, issuer) = (Server::start(db).await, Issuer::start().await);
        let did = issuer.did();
        issuer.serves(&issuer.list());
        for index in [0, 1, 2, 0] {
            check(&server, &did, &issuer.claim(index)).await.unwrap();
        }
        assert_eq!(issuer.asked(), 1);
        let mut changed = issuer.list();
        changed.list.set(0, vc::status_list::Status::Invalid).unwrap();
        issuer.serves(&changed);
        server.move_clock_to("2026-11-23T10:04:59Z");
        assert_eq!(check(&server, &did, &issuer.claim(0)).await, Ok(LiveStatus::Valid));
        server.move_clock_to("2026-11-23T10:05:00Z");
        assert_eq!(check(&server, &did, &issuer.claim(0)).await, Ok(LiveStatus::Revoked));
        assert_eq!(issuer.asked(), 2);
    }

    async fn what_was_refused_is_asked_for_again(db: &Database) {
        let (server, issuer) = (Server::start(db).await, Issuer::start().await);
        let (did, claim) = (issuer.did(), issuer.claim(0));
        assert_eq!(check(&server, &did, &claim).await, Err("status-unreachable"));
        issuer.serves(&issuer.list());
        assert_eq!(check(&server, &did, &claim).await, Ok(LiveStatus::Valid));
    }
}
