//! A wallet with one object of each kind, as open as it can be, and what acts in each of them.

use serde_json::{Value, json};

use crate::support::{
    Actor, Answer, CredentialIssuer, Receiver, Server, Verifier, Wallet, holder, make, make_identifier, sample,
};

/// What a caller could act with, by what it is.
pub(super) struct Bearers(Vec<(&'static str, String)>);

/// The wallet's administrator, what acts in its objects, and objects that have a page of their own.
pub(super) struct Fixture {
    pub(super) administrator: Actor,
    pub(super) bearers: Bearers,
    pub(super) objects: Vec<String>,
}

impl<'a> FromIterator<(&'static str, &'a str)> for Bearers {
    fn from_iter<I: IntoIterator<Item = (&'static str, &'a str)>>(bearers: I) -> Self {
        Self(bearers.into_iter().map(|(what, text)| (what, text.to_owned())).collect())
    }
}

impl Bearers {
    fn add(&mut self, what: &'static str, text: &str) {
        assert!(text.len() >= 8, "{what} is too short to be searched: {text}");
        self.0.push((what, text.to_owned()));
    }

    /// Those that stand in this text.
    pub(super) fn named_in(&self, text: &str) -> Vec<&'static str> {
        self.0.iter().filter(|(_, secret)| text.contains(secret)).map(|(what, _)| *what).collect()
    }

    /// Those that stand in the body or the headers of an answer.
    pub(super) fn found_in(&self, answer: &Answer) -> Vec<&'static str> {
        self.named_in(&format!("{:?}\n{}", answer.headers, answer.text))
    }

    #[track_caller]
    pub(super) fn are_not_in(&self, place: &str, answer: &Answer) {
        assert_eq!(self.found_in(answer), Vec::<&str>::new(), "in {place}: {}", answer.text);
    }
}

impl Fixture {
    pub(super) async fn make(server: &Server, wallet: &Wallet<'_>) -> Self {
        let administrator = (*wallet.administrator_key().await).clone();
        let mut fixture = Self { administrator, bearers: Bearers(Vec::new()), objects: Vec::new() };
        fixture.secrets_of_access().await;
        fixture.invite(wallet).await;
        fixture.issue().await;
        fixture.verify(server).await;
        fixture.hold().await;
        for collection in [
            "roles",
            "trusted-contacts",
            "trusted-issuers",
            "status-lists",
            "identifiers",
            "issuer-templates",
            "verifier-templates",
            "verified-credentials",
        ] {
            make(&fixture.administrator, &format!("/api/v1/{collection}")).await;
        }
        fixture
    }

    /// Keys and clients: what is told once.
    async fn secrets_of_access(&mut self) {
        let key = self.administrator.post("/api/v1/api-keys", json!({"name": "backend"})).await.is(201);
        self.bearers.add("a key", &key.member("key")[21..53]);
        let client = self.administrator.post("/api/v1/oauth-clients", json!({"client_id": "backend"})).await.is(201);
        self.bearers.add("a client secret", &client.member("client_secret")[21..53]);
    }

    /// The link of a user, which people alone can make.
    async fn invite(&mut self, wallet: &Wallet<'_>) {
        let person = wallet.session(&["users:change"]).await;
        let user = json!({"name": "Ada", "email": "ada@example.org"});
        let user = person.post("/api/v1/users", user).await.is(201).json();
        let link = user["invitation"]["url"].as_str().unwrap();
        self.bearers.add("an invitation", &link.split_once('#').unwrap().1[21..53]);
    }

    /// An offer that waits, with a transaction code and a callback, and one that a wallet has taken up.
    async fn issue(&mut self) {
        let receiver = Receiver::start().await;
        let mut body = sample(&self.administrator, "/api/v1/issuances").await.unwrap();
        body["tx_code"] = json!("73051948");
        body["callback"] = json!({"url": receiver.url, "secret": Receiver::secret()});
        let made = self.administrator.post("/api/v1/issuances", body).await.is(201).json();
        self.objects.push(format!("/{}", made["id"].as_str().unwrap()));
        let grant = &made["offer"]["grants"]["urn:ietf:params:oauth:grant-type:pre-authorized_code"];
        self.bearers.add("the code of an offer", grant["pre-authorized_code"].as_str().unwrap());
        self.bearers.add("the transaction code", "73051948");
        self.bearers.add("the secret of a callback", &Receiver::secret());
        let link = made["credential_offer_uri"].as_str().unwrap();
        self.bearers.add("the address of an offer", link.rsplit("%2F").next().unwrap());
    }

    /// A verification that waits, one whose request a wallet has, and one that was answered.
    async fn verify(&mut self, server: &Server) {
        let nobody = server.anonymous();
        let mut body = sample(&self.administrator, "/api/v1/verifications").await.unwrap();
        body["redirect_uri"] = json!("https://shop.example/back");
        let mut asked = Vec::new();
        for _ in 0..3 {
            let made = self.administrator.post("/api/v1/verifications", body.clone()).await.is(201);
            let link = made.member("request_uri");
            self.objects.push(format!("/{}", made.member("id")));
            self.bearers.add("the request link", holder::request_path(&link).rsplit('/').next().unwrap());
            asked.push(link);
        }
        let retrieved = holder::fetch(&nobody, &asked[1]).await;
        self.bearers.add("the state of a request", &retrieved.text("state"));
        self.bearers.add("the nonce of a request", &retrieved.text("nonce"));
        let answered = holder::fetch(&nobody, &asked[2]).await;
        let presentation = answered.present(&holder::credential(|_| {}), &["name"]);
        let redirect = answered.answer(&nobody, &[("membership", &presentation)]).await.is(200).member("redirect_uri");
        self.bearers.add("a response code", redirect.split_once("response_code=").unwrap().1);
    }

    /// An offer in the inbox, a request in the inbox, one that was answered, and a credential that is bound to no key.
    async fn hold(&mut self) {
        make_identifier(&self.administrator).await;
        let issuer = CredentialIssuer::start().await;
        let mut offer = issuer.offered(Some("60418275"));
        let grant = &mut offer["grants"]["urn:ietf:params:oauth:grant-type:pre-authorized_code"];
        grant["pre-authorized_code"] = json!("code-that-is-not-redeemed");
        self.bearers.add("the code of an offer of another", "code-that-is-not-redeemed");
        // It stands in the inbox, without a page of its own.
        self.administrator.post("/api/v1/credential-offers", json!({"offer": issuer.link(&offer)})).await.is(201);
        let credential = sample(&self.administrator, "/api/v1/credentials").await.unwrap();
        let signature = credential["credential"].as_str().unwrap().split(['.', '~']).nth(2).unwrap().to_owned();
        let made = self.administrator.post("/api/v1/credentials", credential).await.is(201);
        self.objects.push(format!("/{}", made.member("id")));
        self.bearers.add("an unbound credential", &signature);
        let verifier = Verifier::start().await;
        verifier.answers(
            200,
            json!({"redirect_uri": "https://verifier.example/thanks?response_code=kept-by-the-verifier"}),
        );
        self.bearers.add("the redirect URI", "kept-by-the-verifier");
        let query: Value = json!({"credentials": [{
            "id": "membership", "format": "dc+sd-jwt", "meta": {"vct_values": [holder::VCT]},
            "require_cryptographic_holder_binding": false, "claims": [{"path": ["member"]}],
        }]});
        for (answer, nonce, state) in
            [(true, "nonce-that-was-used", "state-that-was-used"), (false, "nonce-that-waits", "state-that-waits")]
        {
            let link = verifier.asks_with(&query, |claims| {
                claims.insert("nonce".to_owned(), json!(nonce));
                claims.insert("state".to_owned(), json!(state));
            });
            self.bearers.add("a nonce of another", nonce);
            self.bearers.add("a state of another", state);
            let made = self.administrator.post("/api/v1/presentations", json!({"request": link})).await.is(201);
            self.objects.push(format!("/{}", made.member("id")));
            if answer {
                let path = format!("{}/send", made.header("location"));
                self.administrator.post(&path, json!({})).await.is(200);
            }
        }
    }
}
