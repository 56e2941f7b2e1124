//! Tokens that this server never issued, and tokens out of their place.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use model::WalletId;
use serde_json::{Value, json};
use vc::keys::SigningKey;

use crate::support::{Client, Server};

const NOW: i64 = 1_795_428_000;

/// A genuine token, with the key that signed it, to be bent.
struct Forge {
    header: Value,
    claims: Value,
    key: SigningKey,
}

impl Forge {
    async fn of(server: &Server, wallet: WalletId, client: &Client) -> Self {
        let token = client.token().await;
        let mut read = server.app.store.read().await.unwrap();
        let id = read.token_key(wallet).await.unwrap().unwrap().id;
        let sealed = read.sealed_token_key(wallet, id).await.unwrap().unwrap();
        let key = server.app.sealing.open_key(&sealed, &id.to_string()).unwrap();
        let part =
            |at| serde_json::from_slice(&URL_SAFE_NO_PAD.decode(token.split('.').nth(at).unwrap()).unwrap()).unwrap();
        Self { header: part(0), claims: part(1), key }
    }

    fn input(header: &Value, claims: &Value) -> String {
        let encode = |part: &Value| URL_SAFE_NO_PAD.encode(serde_json::to_vec(part).unwrap());
        format!("{}.{}", encode(header), encode(claims))
    }

    /// Signed as it should be, whatever it says.
    fn sign(&self, header: &Value, claims: &Value) -> String {
        let input = Self::input(header, claims);
        let signature = self.key.sign(input.as_bytes());
        format!("{input}.{}", URL_SAFE_NO_PAD.encode(signature))
    }

    /// With other members in the header.
    fn header(&self, change: Value) -> String {
        self.sign(&merged(&self.header, change), &self.claims)
    }

    /// With other claims.
    fn claims(&self, change: Value) -> String {
        self.sign(&self.header, &merged(&self.claims, change))
    }
}

/// The members of `change` take the place of those of `base`; null removes one.
fn merged(base: &Value, change: Value) -> Value {
    let mut merged = base.as_object().unwrap().clone();
    for (name, value) in change.as_object().unwrap() {
        merged.insert(name.clone(), value.clone());
    }
    merged.retain(|_, value| !value.is_null());
    merged.into()
}

store::both_databases! {
    async fn m16_a_token_that_is_not_exactly_ours_is_refused(db: &Database) {
        let server = Server::start(db).await;
        let acme = server.wallet("Acme").await;
        let client = acme.client(&["users:view"]).await;
        let forge = Forge::of(&server, acme.id, &client).await;
        // The forge works: what it does not bend is good.
        client.bearer(&forge.claims(json!({}))).get("/api/v1/users").await.is(200);
        client.bearer(&forge.claims(json!({"nbf": NOW}))).get("/api/v1/users").await.is(200);

        let unsigned = Forge::input(&merged(&forge.header, json!({"alg": "none"})), &forge.claims);
        let public: Value = serde_json::to_value(forge.key.public()).unwrap();
        let cases = [
            ("alg none", format!("{unsigned}.")),
            ("alg none, signed", forge.header(json!({"alg": "none"}))),
            ("alg HS256", forge.header(json!({"alg": "HS256"}))),
            ("alg ES384", forge.header(json!({"alg": "ES384"}))),
            ("typ JWT", forge.header(json!({"typ": "JWT"}))),
            ("no typ", forge.header(json!({"typ": null}))),
            ("unknown kid", forge.header(json!({"kid": "0190a5a4-0000-7000-8000-000000000000"}))),
            ("no kid", forge.header(json!({"kid": null}))),
            ("jwk in the header", forge.header(json!({"jwk": public}))),
            ("jku in the header", forge.header(json!({"jku": "https://evil.example/jwks"}))),
            ("crit", forge.header(json!({"crit": ["exp"]}))),
            ("another aud", forge.claims(json!({"aud": "https://other.example/api/v1"}))),
            ("another iss", forge.claims(json!({"iss": "https://other.example"}))),
            ("no iss", forge.claims(json!({"iss": null}))),
            ("no exp", forge.claims(json!({"exp": null}))),
            ("future iat", forge.claims(json!({"iat": NOW + 3600}))),
            ("future nbf", forge.claims(json!({"nbf": NOW + 3600}))),
            ("an unknown client", forge.claims(json!({"sub": "0190a5a4-0000-7000-8000-000000000000"}))),
        ];
        for (what, token) in cases {
            let answer = client.bearer(&token).get("/api/v1/users").await;
            assert_eq!(answer.status, 401, "{what}: {}", answer.text);
            answer.problem(401, "invalid-secret");
        }
        client.bearer(&forge.claims(json!({"exp": NOW}))).get("/api/v1/users").await.problem(401, "expired");
        let wider = client.bearer(&forge.claims(json!({"scope": "users:view wallet:change"})));
        wider.get("/api/v1/wallet").await.problem(403, "permission-missing");
    }

    async fn m16_a_tampered_token_is_refused(db: &Database) {
        let server = Server::start(db).await;
        let acme = server.wallet("Acme").await;
        let client = acme.client(&["users:view"]).await;
        let forge = Forge::of(&server, acme.id, &client).await;
        let token = forge.claims(json!({}));
        let (input, signature) = token.rsplit_once('.').unwrap();
        let (header, _) = input.split_once('.').unwrap();
        let payload = URL_SAFE_NO_PAD.encode(merged(&forge.claims, json!({"scope": "users:change"})).to_string());
        for tampered in [
            format!("{header}.{payload}.{signature}"),
            format!("{input}.{}", "A".repeat(86)),
            format!("{input}."),
            input.to_owned(),
            format!("{token}.{signature}"),
            format!("{token}="),
            "..".to_owned(),
        ] {
            client.bearer(&tampered).get("/api/v1/users").await.problem(401, "invalid-secret");
        }
        // Signed with HMAC under the public key, which anybody can have (RFC 8725 §2.1): the header is refused.
        let other = SigningKey::from_secret_bytes(&[9; 32]).unwrap();
        let signed = URL_SAFE_NO_PAD.encode(other.sign(input.as_bytes()));
        client.bearer(&format!("{input}.{signed}")).get("/api/v1/users").await.problem(401, "invalid-secret");
    }

    async fn d9_m16_the_key_of_another_wallet_signs_nothing_for_this_one(db: &Database) {
        let server = Server::start(db).await;
        let (acme, bolt) = (server.wallet("Acme").await, server.wallet("Bolt").await);
        let (ours, theirs) = (acme.client(&["users:view"]).await, bolt.client(&["users:view"]).await);
        let forge = Forge::of(&server, bolt.id, &theirs).await;
        theirs.bearer(&forge.claims(json!({}))).get("/api/v1/users").await.is(200);
        let crossed = forge.claims(json!({"sub": ours.id, "client_id": ours.client_id}));
        ours.bearer(&crossed).get("/api/v1/users").await.problem(401, "invalid-secret");
    }

    async fn m16_tokens_and_secrets_are_taken_in_their_own_place_only(db: &Database) {
        let server = Server::start(db).await;
        let acme = server.wallet("Acme").await;
        let client = acme.client(&["users:view"]).await;
        let token = client.token().await;
        let nobody = server.anonymous();
        nobody.with("x-api-key", &token).get("/api/v1/users").await.problem(401, "invalid-secret");
        nobody.with("x-api-key", &client.secret).get("/api/v1/users").await.problem(401, "invalid-secret");
        client.bearer(&client.secret).get("/api/v1/users").await.problem(401, "invalid-secret");
        nobody.with("cookie", &format!("claviger={token}")).get("/api/v1/users").await.problem(401, "invalid-secret");
        nobody.get(&format!("/api/v1/users?access_token={token}")).await.problem(401, "unauthenticated");
        let key = acme.key(&["users:view"]).await;
        client.bearer(&token).with("x-api-key", &key.text).get("/api/v1/users").await.problem(400, "two-secrets");
    }
}
