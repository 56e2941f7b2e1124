//! `GET /wallets/{wallet_id}/credential-types/{id}`

use http::Method;
use serde_json::json;
use vc::type_metadata::{SelectiveDisclosure, TypeMetadata};

use super::{TEMPLATES, diploma, maker};
use crate::support::Server;

store::both_databases! {
    async fn everybody_can_read_what_a_type_is_where_its_name_leads(db: &Database) {
        let server = Server::start(db).await;
        let (_, maker, signer) = maker(&server, "Acme").await;
        let mut asked = diploma("Diploma", &signer);
        asked["display"] = json!({"description": "For life", "language": "nl", "logo_url": "https://a.example/logo.png"});
        let made = maker.post(TEMPLATES, asked).await.is(201);
        let vct = made.member("vct");
        let path = vct.strip_prefix(server.app.settings.public_url.origin()).unwrap();
        let answer = server.anonymous().request(Method::GET, path).send().await.unwrap();
        assert_eq!(answer.status(), 200);
        let header = |name: &str| answer.headers()[name].to_str().unwrap().to_owned();
        assert_eq!(header("content-type"), "application/json");
        assert_eq!(header("cache-control"), "public, max-age=60");
        assert_eq!(header("access-control-allow-origin"), "*");
        let metadata = TypeMetadata::parse(&answer.bytes().await.unwrap(), &vct).unwrap();
        assert_eq!(serde_json::to_value(&metadata).unwrap(), json!({
            "vct": vct,
            "name": "Diploma",
            "description": "For life",
            "display": [{
                "locale": "nl",
                "name": "Diploma",
                "description": "For life",
                "rendering": {"simple": {
                    "logo": {"uri": "https://a.example/logo.png", "alt_text": "Diploma"},
                    "background_color": "#0c2a35",
                    "text_color": "#ffffff",
                }},
            }],
            "claims": [
                {"path": ["given_name"], "display": [{"locale": "nl", "label": "Given name"}], "mandatory": true, "sd": "always"},
                {"path": ["degree", "year"], "display": [{"locale": "nl", "label": "Year"}], "sd": "never"},
            ],
        }));
        assert_eq!(metadata.claims[1].sd, SelectiveDisclosure::Never);
    }

    async fn a_type_of_its_own_is_described_at_the_wallet_all_the_same(db: &Database) {
        let server = Server::start(db).await;
        let (wallet, maker, signer) = maker(&server, "Acme").await;
        let mut asked = diploma("Diploma", &signer);
        asked["vct"] = json!("urn:example:diploma");
        let id = maker.post(TEMPLATES, asked).await.is(201).member("id");
        let path = format!("/wallets/{}/credential-types/{id}", wallet.id);
        let answer = server.anonymous().request(Method::GET, &path).send().await.unwrap();
        assert!(TypeMetadata::parse(&answer.bytes().await.unwrap(), "urn:example:diploma").is_ok());
    }

    async fn d9_a_type_is_found_in_its_wallet_only(db: &Database) {
        let server = Server::start(db).await;
        let (wallet, maker, signer) = maker(&server, "Acme").await;
        let other = server.wallet("Bolt").await;
        let id = maker.post(TEMPLATES, diploma("Diploma", &signer)).await.is(201).member("id");
        let nobody = server.anonymous();
        for (wallet, id) in [
            (other.id.to_string(), id.as_str()),
            (wallet.id.to_string(), "01900000-0000-7000-8000-000000000000"),
            (wallet.id.to_string(), "%00"),
            ("x".to_owned(), id.as_str()),
        ] {
            nobody.get(&format!("/wallets/{wallet}/credential-types/{id}")).await.problem(404, "not-found");
        }
    }
}
