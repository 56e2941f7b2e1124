//! What a wallet needs to issue, and a holder's wallet out there that takes what is issued.

use jiff::Timestamp;
use serde_json::{Value, json};
use vc::did::{did_jwk, did_jwk_key_id};
use vc::issuer::IssuerKeys;
use vc::keys::SigningKey;
use vc::openid4vci::{CredentialOffer, Grants, KeyProof, KeyProofDraft, OfferLink};
use vc::sd_jwt_vc::{ParsedCredential, VerifiedCredential};

use super::{Actor, Answer, Key, NOW, Server, Wallet};

/// The collection.
pub(crate) const ISSUANCES: &str = "/api/v1/issuances";
/// Members of a type, as the sample template has them.
pub(crate) fn claims() -> Value {
    json!({"given_name": "Ada Lovelace", "degree": {"name": "Mathematics", "year": 1843}})
}

/// A wallet with an identifier and an issuer template, and a key that issues.
pub(crate) struct Issuer<'a> {
    pub(crate) wallet: Wallet<'a>,
    pub(crate) key: Key,
    pub(crate) administrator: Key,
    pub(crate) template: String,
    server: &'a Server,
}

impl<'a> Issuer<'a> {
    /// A wallet of this name that can issue and revoke.
    pub(crate) async fn open(server: &'a Server, name: &str) -> Self {
        let wallet = server.wallet(name).await;
        let administrator = wallet.administrator_key().await;
        let key = wallet.key(&["issue_credentials:change"]).await;
        let template = Self::make_template(&administrator, "Diploma").await;
        Self { wallet, key, administrator, template, server }
    }

    /// A wallet without a template.
    pub(crate) async fn of(server: &'a Server, wallet: Wallet<'a>) -> Self {
        let administrator = wallet.administrator_key().await;
        Self { wallet, key: administrator.clone(), administrator, template: String::new(), server }
    }

    /// A template with an identifier and a status list of its own.
    pub(crate) async fn make_template(administrator: &Actor, name: &str) -> String {
        let identifier = json!({"name": format!("{name} signer"), "method": "did:jwk"});
        let identifier = administrator.post("/api/v1/identifiers", identifier).await.is(201).member("id");
        let list = json!({"name": format!("{name} list"), "identifier_id": identifier});
        let list = administrator.post("/api/v1/status-lists", list).await.is(201).member("id");
        let claim = |path: &[&str], label: &str, kind: &str, mandatory: bool, selectively_disclosable: bool| {
            json!({"path": path, "label": label, "type": kind, "mandatory": mandatory,
                "selectively_disclosable": selectively_disclosable})
        };
        let template = json!({
            "name": name,
            "vct": format!("urn:example:{}", name.to_lowercase()),
            "claims": [
                claim(&["given_name"], "Given name", "text", true, true),
                claim(&["degree", "name"], "Degree", "text", true, true),
                claim(&["degree", "year"], "Year", "integer", false, false),
            ],
            "valid_for_days": 365,
            "identifier_id": identifier,
            "status_list_id": list,
        });
        administrator.post("/api/v1/issuer-templates", template).await.is(201).member("id")
    }

    /// An offer of the sample claims, with what `more` adds to the request.
    pub(crate) async fn offer(&self, more: Value) -> Value {
        let mut body = json!({"template": self.template, "claims": claims()});
        body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        self.key.post(ISSUANCES, body).await.is(201).json()
    }

    /// The issuance as it is now.
    pub(crate) async fn look(&self, id: &str) -> Value {
        self.key.get(&format!("{ISSUANCES}/{id}")).await.is(200).json()
    }

    /// How far the issuance has come.
    pub(crate) async fn status(&self, id: &str) -> String {
        self.look(id).await["status"].as_str().unwrap().to_owned()
    }

    /// The credential issuer identifier.
    pub(crate) fn url(&self) -> String {
        self.server.app.wallet_url(self.wallet.id)
    }

    /// A path below the wallet's public address.
    pub(crate) fn path(&self, rest: &str) -> String {
        format!("/wallets/{}/{rest}", self.wallet.id)
    }

    /// A holder's wallet that has read an offer of this one.
    pub(crate) fn holder(&self, offered: &Value) -> Holder<'_> {
        let offer = CredentialOffer::parse(offered["offer"].to_string().as_bytes()).unwrap();
        Holder { issuer: self, nobody: self.server.anonymous(), key: holder_key(), offer }
    }

    /// The issued credential, believed by the issuer's own keys.
    pub(crate) fn verify(&self, compact: &str) -> VerifiedCredential {
        let parsed = ParsedCredential::parse(compact).unwrap();
        let IssuerKeys::Embedded(keys) = parsed.issuer().unwrap() else { panic!("the issuer is a did:jwk") };
        parsed.verify(&keys, self.server.app.clock.now().as_second()).unwrap()
    }
}

/// A holder's wallet out there.
pub(crate) struct Holder<'a> {
    issuer: &'a Issuer<'a>,
    pub(crate) nobody: Actor,
    pub(crate) key: SigningKey,
    pub(crate) offer: CredentialOffer,
}

pub(crate) fn holder_key() -> SigningKey {
    SigningKey::from_secret_bytes(&[11; 32]).unwrap()
}

/// 10:00 on the day of every test, in seconds.
pub(crate) fn now() -> i64 {
    NOW.parse::<Timestamp>().unwrap().as_second()
}

impl Holder<'_> {
    /// The pre-authorized code of the offer.
    pub(crate) fn code(&self) -> &str {
        &self.offer.grants.pre_authorized_code.as_ref().unwrap().code
    }

    /// Exchanges the code.
    pub(crate) async fn ask_token(&self, more: &[(&str, &str)]) -> Answer {
        let form = [("grant_type", Grants::PRE_AUTHORIZED_CODE), ("pre-authorized_code", self.code())];
        self.nobody.post_form(&self.issuer.path("openid4vci/token"), &[&form, more].concat()).await
    }

    /// An access token.
    pub(crate) async fn token(&self, more: &[(&str, &str)]) -> String {
        self.ask_token(more).await.is(200).member("access_token")
    }

    /// A nonce of the issuer.
    pub(crate) async fn nonce(&self) -> String {
        let path = self.issuer.path("openid4vci/nonce");
        self.nobody.request(http::Method::POST, &path).send().await.unwrap().json::<Value>().await.unwrap()["c_nonce"]
            .as_str()
            .unwrap()
            .to_owned()
    }

    /// A proof of the holder's key in answer to a nonce.
    pub(crate) fn proof(&self, nonce: &str) -> String {
        let audience = self.issuer.url();
        let draft = KeyProofDraft { audience: &audience, nonce: Some(nonce), issued_at: now(), kid: None };
        KeyProof::make(&draft, &self.key)
    }

    /// A proof of the key of the holder's did:jwk.
    pub(crate) fn proof_by_did(&self, nonce: &str) -> String {
        let (audience, kid) = (self.issuer.url(), did_jwk_key_id(&did_jwk(&self.key.public())));
        let draft = KeyProofDraft { audience: &audience, nonce: Some(nonce), issued_at: now(), kid: Some(&kid) };
        KeyProof::make(&draft, &self.key)
    }

    /// A request for the offered credential.
    pub(crate) fn request(&self, proof: &str) -> Value {
        json!({
            "credential_configuration_id": self.offer.credential_configuration_ids[0],
            "proofs": {"jwt": [proof]},
        })
    }

    /// Asks for the credential.
    pub(crate) async fn ask(&self, token: &str, request: Value) -> Answer {
        let bearer = self.nobody.with("authorization", &format!("Bearer {token}"));
        bearer.post(&self.issuer.path("openid4vci/credential"), request).await
    }

    /// Takes the credential: token, nonce, proof and request.
    pub(crate) async fn take(&self) -> String {
        let token = self.token(&[]).await;
        let request = self.request(&self.proof(&self.nonce().await));
        let answer = self.ask(&token, request).await.is(200).json();
        answer["credentials"][0]["credential"].as_str().unwrap().to_owned()
    }
}

/// The offer behind a link.
pub(crate) async fn follow(nobody: &Actor, origin: &str, link: &str) -> CredentialOffer {
    match OfferLink::parse(link).unwrap() {
        OfferLink::ByValue(offer) => offer,
        OfferLink::ByReference(url) => {
            let path = url.strip_prefix(origin).unwrap_or_else(|| panic!("{url} is not of {origin}"));
            CredentialOffer::parse(nobody.get(path).await.is(200).text.as_bytes()).unwrap()
        }
    }
}
