//! What everybody sees of a wallet: what was published and chosen, and nothing else.

use std::fmt::Write as _;

use http::Method;
use serde_json::{Value, json};
use vc::did::Did;
use vc::did_document::keys_from_did_document;
use vc::jws::Jws;

use crate::support::{Actor, Answer, Key, Server, Wallet, make, sample};

const PROFILE: &str = "/api/v1/profile";
const CONFIGURATION: &str = "/.well-known/did-configuration.json";
const PAGE: &str = "text/html,application/xhtml+xml,*/*;q=0.8";

/// A wallet with a profile that shows one of its two did:webs, its did:jwk, and one of its two credentials.
struct Acme {
    owner: Key,
    /// Where everybody sees the profile.
    profile: String,
    /// Ids, chosen and not.
    web: [String; 2],
    jwk: String,
    credentials: [String; 2],
    /// The compact forms of the credentials.
    compact: [String; 2],
}

fn id(path: &str) -> String {
    path.rsplit('/').next().unwrap().to_owned()
}

impl Acme {
    async fn found(server: &Server, wallet: &Wallet<'_>) -> Self {
        let owner = wallet.administrator_key().await;
        let web = [make(&owner, "/api/v1/identifiers").await, make(&owner, "/api/v1/identifiers").await];
        let jwk = owner.post("/api/v1/identifiers", json!({"name": "jwk", "method": "did:jwk"})).await.is(201);
        let credential = async || sample(&owner, "/api/v1/credentials").await.unwrap();
        let credentials = [credential().await, credential().await];
        let compact = credentials.each_ref().map(|body| body["credential"].as_str().unwrap().to_owned());
        let [first, second] = credentials;
        let credentials = [
            owner.post("/api/v1/credentials", first).await.is(201).member("id"),
            owner.post("/api/v1/credentials", second).await.is(201).member("id"),
        ];
        let acme = Self {
            profile: format!("/wallets/{}/profile", wallet.id),
            web: web.map(|path| id(&path)),
            jwk: jwk.member("id"),
            credentials,
            compact,
            owner,
        };
        assert!(server.app.wallet_url(wallet.id).ends_with(&format!("/wallets/{}", wallet.id)));
        acme.edit(json!({
            "display_name": "Acme <Shipping> & Co", "description": "Ships.\nOn time.", "website": "https://acme.example",
            "email": "hello@acme.example", "logo_url": "https://cdn.acme.example/logo.svg?a=1;b,c",
            "identifiers": [acme.web[0], acme.jwk], "credentials": [acme.credentials[0]],
        }))
        .await;
        acme
    }

    async fn edit(&self, wanted: Value) -> Value {
        self.owner.patch(PROFILE, wanted).await.is(200).json()
    }

    fn presentation(&self, identifier: &str) -> String {
        format!("{}/presentations/{identifier}", self.profile)
    }

    /// Everything of it that has an address.
    fn addresses(&self) -> Vec<String> {
        let presentations = [&self.web[0], &self.web[1], &self.jwk].map(|id| self.presentation(id));
        [vec![CONFIGURATION.to_owned(), self.profile.clone()], presentations.to_vec()].concat()
    }
}

/// The DID document of an identifier, with its DID.
async fn document(server: &Server, identifier: &str) -> (Did, Value) {
    // It may be cached, unlike every other answer.
    let path = format!("/dids/{identifier}/did.json");
    let answer = server.anonymous().request(Method::GET, &path).send().await.unwrap();
    let document: Value = answer.json().await.unwrap();
    (document["id"].as_str().unwrap().parse().unwrap(), document)
}

fn signed_by(jwt: &str, typ: &'static str, did: &Did, document: &Value) -> Jws {
    let jws = Jws::parse(jwt, typ).unwrap();
    let keys = keys_from_did_document(document.to_string().as_bytes(), did).unwrap();
    assert!(jws.signed_by_one_of(&keys), "{jwt}");
    jws
}

store::both_databases! {
    async fn nothing_is_seen_before_it_is_published_and_after_it_is_withdrawn(db: &Database) {
        let server = Server::start(db).await;
        let acme = Acme::found(&server, &server.wallet("Acme").await).await;
        let (nobody, browser) = (server.anonymous(), server.anonymous().with("accept", PAGE));
        for round in ["before", "withdrawn"] {
            for address in acme.addresses() {
                nobody.get(&address).await.problem(404, "not-found");
                let page = browser.get(&address).await.is(404).text;
                assert!(!page.contains("Acme"), "{round} {address}");
            }
            assert_eq!(document(&server, &acme.web[0]).await.1.get("service"), None, "{round}");
            acme.edit(json!({"published": true})).await;
            nobody.get(&acme.profile).await.is(200);
            acme.edit(json!({"published": false})).await;
        }
        nobody.get("/wallets/x/profile").await.problem(404, "not-found");
    }

    async fn only_what_was_chosen_is_ever_seen(db: &Database) {
        let server = Server::start(db).await;
        let acme = Acme::found(&server, &server.wallet("Acme").await).await;
        acme.edit(json!({"published": true})).await;
        let mut seen = String::new();
        for address in acme.addresses() {
            for accept in ["application/json", PAGE] {
                let Answer { status, text, headers } = server.anonymous().with("accept", accept).get(&address).await;
                assert!(status == 200 || status == 404, "{address}");
                seen += &text;
                write!(seen, "{headers:?}").unwrap();
            }
        }
        for identifier in &acme.web {
            seen.push_str(&document(&server, identifier).await.1.to_string());
        }
        let claim = async |at: usize| {
            let path = format!("/api/v1/credentials/{}", acme.credentials[at]);
            acme.owner.get(&path).await.json()["claims"]["member"].as_str().unwrap().to_owned()
        };
        let (chosen, other) = (claim(0).await, claim(1).await);
        assert!(seen.contains(&format!("{chosen}\"")) && seen.contains(&format!("<dd>{chosen}</dd>")));
        assert!(!seen.contains(&format!("{other}\"")) && !seen.contains(&format!(">{other}<")));
        assert!(!seen.contains(&acme.credentials[0]) && !seen.contains(&acme.credentials[1]), "nobody needs our ids");
        // Names are for the wallet's own people.
        for identifier in acme.owner.get("/api/v1/identifiers").await.column("name") {
            assert!(!seen.contains(&format!(">{}<", identifier.as_str().unwrap())));
        }
    }

    async fn a_published_profile_is_json_for_programs(db: &Database) {
        let server = Server::start(db).await;
        let acme = Acme::found(&server, &server.wallet("Acme").await).await;
        acme.edit(json!({"published": true})).await;
        let answer = server.anonymous().get(&acme.profile).await.is(200);
        assert_eq!((answer.header("access-control-allow-origin"), answer.header("vary")), ("*", "accept"));
        let (web, _) = document(&server, &acme.web[0]).await;
        let profile = answer.json();
        assert_eq!(profile["display_name"], "Acme <Shipping> & Co");
        assert_eq!(profile["dids"].as_array().unwrap().len(), 2);
        assert!(profile["dids"].as_array().unwrap().contains(&json!(web)));
        let credential = &profile["credentials"][0];
        assert_eq!(credential["vct"], "https://issuer.example/membership");
        assert!(credential["claims"]["member"].is_string() && credential["valid_until"].is_null());
        let origin = server.app.settings.public_url.origin();
        assert_eq!(profile["presentations"], json!([format!("{origin}{}", acme.presentation(&acme.web[0]))]));
        acme.edit(json!({"email": "", "logo_url": ""})).await;
        let profile = server.anonymous().get(&acme.profile).await.is(200).json();
        assert_eq!((&profile["email"], &profile["logo_url"]), (&Value::Null, &Value::Null));
    }

    async fn a_published_profile_is_a_page_for_people(db: &Database) {
        let server = Server::start(db).await;
        let acme = Acme::found(&server, &server.wallet("Acme").await).await;
        acme.edit(json!({"published": true})).await;
        let page = server.anonymous().with("accept", PAGE).get(&acme.profile).await.is(200);
        assert!(page.header("content-type").starts_with("text/html"));
        for shown in ["<h1>Acme &#60;Shipping&#62; &#38; Co</h1>", r#"href="mailto:hello%40acme.example""#, "Ships.\nOn time."] {
            assert!(page.text.contains(shown), "{shown} in {}", page.text);
        }
        // Nothing is loaded from elsewhere but the logo.
        let policy = page.header("content-security-policy");
        assert!(policy.contains("img-src 'self' https://cdn.acme.example; "), "{policy}");
        acme.edit(json!({"logo_url": ""})).await;
        let page = server.anonymous().with("accept", PAGE).get(&acme.profile).await.is(200);
        assert!(page.header("content-security-policy").contains("img-src 'self'; "));
    }

    async fn the_domain_names_its_dids_and_they_name_the_domain(db: &Database) {
        let server = Server::start(db).await;
        let acme = Acme::found(&server, &server.wallet("Acme").await).await;
        let other = Acme::found(&server, &server.wallet("Other").await).await;
        Acme::found(&server, &server.wallet("Unpublished").await).await;
        for wallet in [&acme, &other] {
            wallet.edit(json!({"published": true})).await;
        }
        let configuration = server.anonymous().get(CONFIGURATION).await.is(200).json();
        assert_eq!(configuration["@context"], "https://identity.foundation/.well-known/did-configuration/v1");
        let linked = configuration["linked_dids"].as_array().unwrap();
        assert_eq!(linked.len(), 2, "a did:web for each wallet that has published it");
        let origin = server.app.settings.public_url.origin();
        for (jwt, wallet) in linked.iter().zip([&acme, &other]) {
            let (did, document) = document(&server, &wallet.web[0]).await;
            let jws = signed_by(jwt.as_str().unwrap(), "JWT", &did, &document);
            assert_eq!((jws.text("iss"), jws.text("sub")), (Some(did.as_str()), Some(did.as_str())));
            let credential = &jws.claims["vc"];
            assert_eq!(credential["credentialSubject"], json!({"id": did, "origin": origin}));
            let now = server.app.clock.now().as_second();
            let times = jws.times().unwrap();
            assert!(times.valid_from.unwrap() < now && now < times.valid_until.unwrap());
            assert_eq!(document["service"][0]["type"], "LinkedDomains");
            assert_eq!(document["service"][0]["serviceEndpoint"], origin);
        }
        assert_eq!(document(&server, &acme.web[1]).await.1.get("service"), None, "it was not chosen");
        assert_eq!(server.anonymous().get(CONFIGURATION).await.is(200).json(), configuration, "it is signed once");
        server.move_clock_to("2026-11-23T11:00:00Z");
        assert_ne!(server.anonymous().get(CONFIGURATION).await.is(200).json(), configuration, "but not for ever");
        other.edit(json!({"published": false})).await;
        let left = server.anonymous().get(CONFIGURATION).await.is(200).json();
        assert_eq!(left["linked_dids"].as_array().unwrap().len(), 1, "what is withdrawn is gone at once");
    }

    async fn the_chosen_credentials_are_presented_under_the_did(db: &Database) {
        let server = Server::start(db).await;
        let acme = Acme::found(&server, &server.wallet("Acme").await).await;
        acme.edit(json!({"published": true})).await;
        let rotate = format!("/api/v1/identifiers/{}/rotate", acme.web[0]);
        for _ in 0..2 {
            let (did, document) = document(&server, &acme.web[0]).await;
            let service = &document["service"][1];
            assert_eq!(service["type"], "LinkedVerifiablePresentation");
            let url = service["serviceEndpoint"][0].as_str().unwrap();
            let path = url.strip_prefix(server.app.settings.public_url.origin()).unwrap();
            assert_eq!(path, acme.presentation(&acme.web[0]));
            let answer = server.anonymous().get(path).await.is(200);
            assert_eq!(answer.header("content-type"), "application/vp+jwt");
            assert_eq!(answer.header("access-control-allow-origin"), "*");
            let jws = signed_by(&answer.text, "vp+jwt", &did, &document);
            assert_eq!((jws.text("holder"), jws.text("id")), (Some(did.as_str()), Some(url)));
            let presented = jws.claims["verifiableCredential"].as_array().unwrap();
            assert_eq!(presented.len(), 1);
            assert_eq!(presented[0]["id"], format!("data:application/dc+sd-jwt,{}", acme.compact[0]));
            assert!(!answer.text.contains(&acme.compact[1]));
            acme.owner.post(&rotate, json!({})).await.is(200);
        }
        for identifier in [&acme.web[1], &acme.jwk, &"x".to_owned()] {
            server.anonymous().get(&acme.presentation(identifier)).await.problem(404, "not-found");
        }
        acme.edit(json!({"credentials": []})).await;
        server.anonymous().get(&acme.presentation(&acme.web[0])).await.problem(404, "not-found");
        let services = document(&server, &acme.web[0]).await.1["service"].as_array().unwrap().len();
        assert_eq!(services, 1, "there is nothing to present");
    }

    async fn d9_no_wallet_presents_for_another(db: &Database) {
        let server = Server::start(db).await;
        let acme = Acme::found(&server, &server.wallet("Acme").await).await;
        let other = Acme::found(&server, &server.wallet("Other").await).await;
        for wallet in [&acme, &other] {
            wallet.edit(json!({"published": true})).await;
        }
        server.anonymous().get(&acme.presentation(&other.web[0])).await.problem(404, "not-found");
        Actor::send(server.anonymous().request(Method::GET, &other.presentation(&other.web[0]))).await.is(200);
    }
}
