//! Two wallets of one server deal with each other, each step with a key that may do that step and nothing else.

use serde_json::{Value, json};

use crate::support::{Key, Server, Wallet};

const CREDENTIALS: &str = "/api/v1/credentials";
const ISSUANCES: &str = "/api/v1/issuances";
const OFFERS: &str = "/api/v1/credential-offers";
const PRESENTATIONS: &str = "/api/v1/presentations";
const VERIFICATIONS: &str = "/api/v1/verifications";

/// A wallet that issues diplomas, and asks for them.
struct University<'a> {
    wallet: Wallet<'a>,
    issuing: Key,
    verifying: Key,
    did: String,
    template: String,
    vct: String,
    verifier_template: String,
}

/// A wallet that holds what it is given.
struct Graduate<'a> {
    wallet: Wallet<'a>,
    holding: Key,
    did: String,
}

impl<'a> University<'a> {
    async fn open(server: &'a Server) -> Self {
        let wallet = server.wallet("University").await;
        let (identifier, did) = identifier(&wallet, "did:web").await;
        let list = json!({"name": "Diplomas", "identifier_id": identifier});
        let list = wallet.key(&["status_lists:change"]).await.post("/api/v1/status-lists", list).await.is(201);
        let claim = |path: Value| json!({"path": path, "type": "text", "mandatory": true});
        let template = json!({
            "name": "Diploma",
            "claims": [claim(json!(["given_name"])), claim(json!(["degree", "name"])), claim(json!(["degree", "grade"]))],
            "valid_for_days": 365,
            "identifier_id": identifier,
            "status_list_id": list.member("id"),
        });
        let templates = wallet.key(&["issuer_templates:change"]).await;
        let template = templates.post("/api/v1/issuer-templates", template).await.is(201);
        let (template, vct) = (template.member("id"), template.member("vct"));

        let issuer = json!({"name": "Ourselves", "issuer": did, "vcts": [vct]});
        wallet.key(&["trusted_issuers:change"]).await.post("/api/v1/trusted-issuers", issuer).await.is(201);
        let asks = json!({
            "name": "Graduates",
            "purpose": "To enter the library",
            "identifier_id": identifier,
            "query": {"credentials": [{
                "id": "diploma",
                "format": "dc+sd-jwt",
                "meta": {"vct_values": [vct]},
                "claims": [{"path": ["degree", "name"]}],
            }]},
            "trust": "trusted_issuers",
        });
        let templates = wallet.key(&["verifier_templates:change"]).await;
        let verifier_template = templates.post("/api/v1/verifier-templates", asks).await.is(201).member("id");
        let issuing = wallet.key(&["issue_credentials:change"]).await;
        let verifying = wallet.key(&["verified_credentials:change"]).await;
        Self { wallet, issuing, verifying, did, template, vct, verifier_template }
    }

    /// Offers a diploma, with what `more` adds to the request.
    async fn offer(&self, more: Value) -> Value {
        let claims = json!({"given_name": "Ada Lovelace", "degree": {"name": "Mathematics", "grade": "with honours"}});
        let mut body = json!({"template": self.template, "claims": claims});
        body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        self.issuing.post(ISSUANCES, body).await.is(201).json()
    }

    /// Revokes, suspends or restores what was issued.
    async fn change(&self, issued: &Value, verb: &str) {
        let path = format!("{ISSUANCES}/{}/{verb}", issued["id"].as_str().unwrap());
        self.issuing.post(&path, json!({})).await.is(200);
    }

    /// Asks the graduate: what became of the verification, and how the presentation went.
    async fn ask(&self, graduate: &Graduate<'_>) -> (Value, Value) {
        let asked = self.verifying.post(VERIFICATIONS, json!({"template": self.verifier_template})).await.is(201);
        let request = json!({"request": asked.member("request_uri")});
        let received = graduate.holding.post(PRESENTATIONS, request).await.is(201);
        assert_eq!(
            (received.member("verifier"), received.member("verifier_name")),
            (self.did.clone(), "University".to_owned())
        );
        let sent = graduate.holding.post(&format!("{}/send", received.header("location")), json!({})).await.is(200);
        let verification = self.verifying.get(asked.header("location")).await.is(200);
        (verification.json(), sent.json())
    }

    /// The graduate has nothing to answer with, and the university gets nothing.
    async fn gets_nothing(&self, graduate: &Graduate<'_>) {
        let asked = self.verifying.post(VERIFICATIONS, json!({"template": self.verifier_template})).await.is(201);
        let request = json!({"request": asked.member("request_uri")});
        let received = graduate.holding.post(PRESENTATIONS, request).await.is(201);
        assert_eq!(received.json()["satisfiable"], false);
        let send = format!("{}/send", received.header("location"));
        graduate.holding.post(&send, json!({})).await.refuses(&[("credentials", "incomplete")]);
        let verification = self.verifying.get(asked.header("location")).await.is(200);
        assert!(!verification.text.contains("Mathematics"), "{}", verification.text);
    }
}

impl<'a> Graduate<'a> {
    async fn open(server: &'a Server) -> Self {
        let wallet = server.wallet("Ada").await;
        let (_, did) = identifier(&wallet, "did:jwk").await;
        let holding = wallet.key(&["holder_credentials:change"]).await;
        Self { wallet, holding, did }
    }

    /// Receives what is offered, looks at it and accepts it: the id of the credential.
    async fn accept(&self, offered: &Value) -> String {
        let received = self.holding.post(OFFERS, json!({"offer": offered["credential_offer_uri"]})).await.is(201);
        assert_eq!(
            (received.member("status").as_str(), received.member("issuer_name").as_str()),
            ("pending", "University")
        );
        let accepted = self.holding.post(&format!("{}/accept", received.header("location")), json!({})).await.is(200);
        assert_eq!(accepted.member("status"), "received", "{}", accepted.text);
        accepted.json()["received"][0].as_str().unwrap().to_owned()
    }

    /// What the issuer says now of a held credential.
    async fn live_status(&self, credential: &str) -> String {
        self.holding.post(&format!("{CREDENTIALS}/{credential}/refresh"), json!({})).await.is(200).member("live_status")
    }
}

/// A new identifier of a wallet: its id and its DID.
async fn identifier(wallet: &Wallet<'_>, method: &str) -> (String, String) {
    let key = wallet.key(&["identifiers:change"]).await;
    let made = key.post("/api/v1/identifiers", json!({"name": "Main", "method": method})).await.is(201);
    (made.member("id"), made.member("did"))
}

async fn both(server: &Server) -> (University<'_>, Graduate<'_>) {
    (University::open(server).await, Graduate::open(server).await)
}

store::both_databases! {
    async fn a_credential_goes_from_wallet_to_wallet_and_its_claims_back(db: &Database) {
        let server = Server::start(db).await;
        let (university, graduate) = both(&server).await;
        let offered = university.offer(json!({})).await;
        let credential = graduate.accept(&offered).await;
        let issued = university.issuing.get(&format!("{ISSUANCES}/{}", offered["id"].as_str().unwrap())).await.is(200);
        assert_eq!(issued.member("status"), "issued");
        let held = graduate.holding.get(&format!("{CREDENTIALS}/{credential}")).await.is(200);
        assert_eq!((held.member("issuer"), held.member("vct")), (university.did.clone(), university.vct.clone()));
        assert_eq!(held.json()["claims"]["degree"], json!({"name": "Mathematics", "grade": "with honours"}));

        let (verification, sent) = university.ask(&graduate).await;
        assert_eq!((&verification["status"], &sent["status"]), (&json!("verified"), &json!("sent")), "{verification:#}");
        assert_eq!(sent["sent"][0]["claims"], json!(["degree.name"]));
        let presented = &verification["result"]["credentials"][0];
        assert_eq!((&presented["query_id"], &presented["issuer"]), (&json!("diploma"), &json!(university.did)));
        assert_eq!(presented["claims"]["degree"], json!({"name": "Mathematics"}));
        let kept = presented["verified_credential"].as_str().unwrap();
        let kept = university.verifying.get(&format!("/api/v1/verified-credentials/{kept}")).await.is(200);
        for text in [verification.to_string(), kept.text] {
            assert!(!text.contains("Lovelace") && !text.contains("honours"), "{text}");
        }
        let unknown = presented["checks"].as_array().unwrap().iter().find(|check| check["outcome"] != "passed");
        assert_eq!(unknown, None, "its status was asked for too");
    }

    async fn a_revoked_credential_is_known_to_its_holder_and_presented_no_more(db: &Database) {
        let server = Server::start(db).await;
        let (university, graduate) = both(&server).await;
        let offered = university.offer(json!({})).await;
        let credential = graduate.accept(&offered).await;
        assert_eq!(graduate.live_status(&credential).await, "valid");
        university.change(&offered, "revoke").await;
        // Nobody has asked for the status since: it is asked for before anything is presented.
        university.gets_nothing(&graduate).await;
        assert_eq!(graduate.live_status(&credential).await, "revoked");
        university.gets_nothing(&graduate).await;
    }

    async fn a_suspended_credential_is_not_presented_until_it_is_restored(db: &Database) {
        let server = Server::start(db).await;
        let (university, graduate) = both(&server).await;
        let offered = university.offer(json!({})).await;
        let credential = graduate.accept(&offered).await;
        university.change(&offered, "suspend").await;
        university.gets_nothing(&graduate).await;
        assert_eq!(graduate.live_status(&credential).await, "suspended");
        university.change(&offered, "restore").await;
        assert_eq!(university.ask(&graduate).await.0["status"], "verified");
        assert_eq!(graduate.live_status(&credential).await, "valid");
    }

    async fn what_is_issued_to_a_trusted_contact_arrives_without_anybody_asking(db: &Database) {
        let server = Server::start(db).await;
        let (university, graduate) = both(&server).await;
        let contacts = "/api/v1/trusted-contacts";
        let endpoint = format!("{}/openid4vci/credential-offer", server.app.wallet_url(graduate.wallet.id));
        let ada = json!({"name": "Ada", "did": graduate.did, "credential_offer_endpoint": endpoint});
        let of_university = university.wallet.key(&["trusted_contacts:change"]).await;
        let ada = of_university.post(contacts, ada).await.is(201).member("id");

        // Nobody is let in before the graduate trusts the university.
        let refused = university.offer(json!({"contact": ada})).await;
        assert!(refused["push_error"].is_string() && refused["pushed_at"].is_null(), "{refused:#}");
        let items = async |path: &str| graduate.holding.get(path).await.is(200).json()["items"].as_array().unwrap().clone();
        assert!(items(CREDENTIALS).await.is_empty() && items(OFFERS).await.is_empty());

        let issuer = server.app.wallet_url(university.wallet.id);
        let trusted = json!({"name": "University", "did": university.did, "credential_issuer": issuer});
        let of_graduate = graduate.wallet.key(&["trusted_contacts:change"]).await;
        let contact = of_graduate.post(contacts, trusted).await.is(201).member("id");
        let pushed = university.offer(json!({"contact": ada})).await;
        assert_eq!(pushed.get("push_error"), None, "{pushed:#}");
        let [held] = items(CREDENTIALS).await.try_into().unwrap();
        assert_eq!((&held["issuer"], &held["vct"]), (&json!(university.did), &json!(university.vct)));
        let [offer] = items(OFFERS).await.try_into().unwrap();
        assert_eq!((&offer["status"], &offer["contact"]), (&json!("received"), &json!(contact)));
        assert_eq!(offer["received"], json!([held["id"]]));
        let issued = university.issuing.get(&format!("{ISSUANCES}/{}", pushed["id"].as_str().unwrap())).await.is(200);
        assert_eq!((issued.member("status"), issued.member("contact")), ("issued".to_owned(), ada));
        assert_eq!(university.ask(&graduate).await.0["status"], "verified");
    }
}
