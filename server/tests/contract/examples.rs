//! The examples of the API document are true: each request is sent to a server as it is written, and each answer is
//! compared with the server's own, by what it says and by its schema.
//!
//! In the place of the ids, hosts and codes of the examples are those of the objects and the strangers of this test.

use std::collections::BTreeMap;

use gate::{KeyKind, KeyText};
use kernel::problem::Code;
use model::PermissionSet;
use serde_json::{Value, json};
use uuid::Uuid;

use super::document::{Operation, document, operations};
use super::schema::violations;
use crate::support::{Actor, CredentialIssuer, Issuer, Server, Session, Verifier, holder};

/// Members whose values are drawn, or follow from what is drawn: the examples have others.
const DRAWN: [&str; 12] = [
    ".public_jwk.x",
    ".public_jwk.y",
    ".key_id",
    ".key",
    ".client_secret",
    ".invitation.url",
    ".qr",
    ".credential_offer_uri",
    ".credential_offer_by_value",
    ".request_uri",
    ".pre-authorized_code",
    ".status_list.idx",
];

/// A wallet that is made of the examples, one operation after the other.
struct Story<'a> {
    issuer: Issuer<'a>,
    person: Session,
    operations: BTreeMap<String, Operation>,
    /// What the examples say, and what is in its place here.
    instead: BTreeMap<String, String>,
    /// The newest object of each list.
    objects: BTreeMap<String, String>,
    /// The operations whose examples were tried.
    tried: Vec<String>,
}

impl<'a> Story<'a> {
    async fn begin(server: &'a Server) -> Self {
        let wallet = server.wallet("Acme").await;
        let all: Vec<String> = PermissionSet::ALL.iter().map(|permission| permission.to_string()).collect();
        let person = wallet.session(&all.iter().map(String::as_str).collect::<Vec<_>>()).await;
        let operations = operations().into_iter().map(|operation| (operation.id.clone(), operation)).collect();
        let issuer = Issuer::of(server, wallet).await;
        let instead = BTreeMap::from([("Charles Babbage".to_owned(), "user-1".to_owned())]);
        Self { issuer, person, operations, instead, objects: BTreeMap::new(), tried: Vec::new() }
    }

    /// The examples call this URL so.
    fn is_at(&mut self, example: &str, url: &str) {
        let encoded = |url: &str| form_urlencoded::byte_serialize(url.as_bytes()).collect();
        self.instead.insert(example.to_owned(), url.to_owned());
        self.instead.insert(encoded(example), encoded(url));
    }

    /// What the examples say, as it is here.
    fn here(&self, example: &Value) -> Value {
        let text = example.to_string();
        let text = self.instead.iter().fold(text, |text, (example, here)| text.replace(example, here));
        serde_json::from_str(&text).unwrap()
    }

    /// Does what the examples of these operations ask for, each on the newest object of its list.
    async fn do_all(&mut self, ids: &[&str]) {
        for id in ids {
            self.does(id).await;
        }
    }

    /// Creates, lists, views and edits an object of each collection on which nothing before leaned.
    async fn do_the_rest(&mut self) {
        let collections: Vec<_> = self.operations.keys().filter_map(|id| id.strip_prefix("create")).collect();
        let all = collections.iter().flat_map(|one| {
            [format!("create{one}"), format!("list{one}s"), format!("view{one}"), format!("edit{one}")]
        });
        let rest = all.filter(|id| self.operations.contains_key(id) && !self.tried.contains(id)).collect::<Vec<_>>();
        self.do_all(&rest.iter().map(String::as_str).collect::<Vec<_>>()).await;
    }

    async fn does(&mut self, id: &str) -> Value {
        self.does_with(id, "").await
    }

    /// Sends the example of the request, and compares the example of the answer with the answer.
    async fn does_with(&mut self, id: &str, query: &str) -> Value {
        let operation = &self.operations[id];
        let path = match operation.collection() {
            Some(collection) => operation.at(&self.objects[collection]),
            None => operation.path.clone(),
        };
        let success = operation.success.as_ref().unwrap();
        let body = operation.request.as_ref().map_or(Value::Null, |request| self.here(request));
        let answer = operation.send(&self.person, &format!("{path}{query}"), body).await;
        assert_eq!(answer.status, success.status, "{id}: {}", answer.text);
        let (example, creates, mut told) = (success.example.clone().unwrap(), operation.creates(), answer.json());
        if creates {
            self.objects.insert(path, answer.header("location").to_owned());
            self.instead.insert(example["id"].as_str().unwrap().to_owned(), answer.member("id"));
        }
        if example.get("items").is_some() {
            let id = &self.here(&example["items"][0]["id"]);
            told["items"].as_array_mut().unwrap().retain(|item| item["id"] == *id);
        }
        self.learn(&example, &told);
        let mut differences = Vec::new();
        compare("", &self.here(&example), &told, &mut differences);
        assert!(differences.is_empty(), "{id}\n{}\nthe answer is {told:#}", differences.join("\n"));
        self.tried.push(id.to_owned());
        told
    }

    /// Learns which ids are in the place of those of the example.
    fn learn(&mut self, example: &Value, answer: &Value) {
        match (example, answer) {
            (Value::Object(example), Value::Object(answer)) => {
                for (name, value) in example.iter().filter(|(name, _)| answer.contains_key(*name)) {
                    self.learn(value, &answer[name]);
                }
            }
            (Value::Array(example), Value::Array(answer)) => {
                example.iter().zip(answer).for_each(|(example, answer)| self.learn(example, answer));
            }
            (Value::String(example), Value::String(answer)) if is_id(example) && is_id(answer) => {
                self.instead.entry(example.clone()).or_insert_with(|| answer.clone());
            }
            _ => {}
        }
    }
}

fn is_id(text: &str) -> bool {
    text.len() == 36 && text.parse::<Uuid>().is_ok()
}

/// What differs in members, types or values, but for values that are drawn.
fn compare(place: &str, expected: &Value, answer: &Value, differences: &mut Vec<String>) {
    match (expected, answer) {
        (Value::Object(expected), Value::Object(answer)) => {
            for name in answer.keys().filter(|name| !expected.contains_key(*name)) {
                differences.push(format!("{place}.{name} is not in the example"));
            }
            for (name, expected) in expected {
                let place = format!("{place}.{name}");
                match answer.get(name) {
                    Some(answer) => compare(&place, expected, answer, differences),
                    None => differences.push(format!("{place} is not in the answer")),
                }
            }
        }
        (Value::Array(expected), Value::Array(answer)) if expected.len() == answer.len() => {
            for (at, (expected, answer)) in expected.iter().zip(answer).enumerate() {
                compare(&format!("{place}[{at}]"), expected, answer, differences);
            }
        }
        (Value::String(_), Value::String(_)) | (Value::Number(_), Value::Number(_))
            if DRAWN.iter().any(|drawn| place.ends_with(drawn)) => {}
        _ if expected == answer => {}
        _ => differences.push(format!("{place} is {answer}, and {expected} in the example")),
    }
}

store::both_databases! {
    async fn every_example_is_what_the_server_takes_and_answers(db: &Database) {
        let choose = |settings: &mut kernel::app::Settings| settings.public_url = "https://wallet.example".parse().unwrap();
        let server = Server::start_with(db, choose).await;
        let mut story = Story::begin(&server).await;
        story.do_all(&["viewMe", "editWallet", "viewWallet"]).await;
        story.do_all(&["createRole", "listRoles", "viewRole", "editRole"]).await;
        story.do_all(&["createUser", "listUsers", "viewUser", "editUser", "inviteUser"]).await;
        story.do_all(&["createIdentifier", "listIdentifiers", "viewIdentifier"]).await;
        for (one, many) in [
            ("StatusList", "StatusLists"),
            ("IssuerTemplate", "IssuerTemplates"),
            ("TrustedIssuer", "TrustedIssuers"),
            ("VerifierTemplate", "VerifierTemplates"),
        ] {
            let ids = [format!("create{one}"), format!("list{many}"), format!("view{one}"), format!("edit{one}")];
            story.do_all(&ids.each_ref().map(String::as_str)).await;
        }
        story.do_all(&["importCredential", "listCredentials", "viewCredential", "refreshCredential"]).await;
        story.do_all(&["editProfile", "viewProfile"]).await;
        issue(&mut story).await;
        verify(&mut story, &server.anonymous()).await;
        receive(&mut story).await;
        present(&mut story).await;
        for kind in ["ApiKey", "OauthClient"] {
            let ids = [format!("create{kind}"), format!("list{kind}s"), format!("view{kind}"), format!("edit{kind}")];
            story.do_all(&ids.each_ref().map(String::as_str)).await;
            story.does_with(&format!("view{kind}Usage"), "?days=2").await;
            story.does_with(&format!("delete{kind}"), "?with_descendants=true").await;
        }
        story.does("rotateIdentifier").await;
        story.do_the_rest().await;
        audit(&mut story).await;
        let answering = story.operations.values().filter(|operation| operation.success.is_some());
        let left_out: Vec<_> = answering.map(|operation| &operation.id).filter(|id| !story.tried.contains(id)).collect();
        assert!(left_out.is_empty(), "nobody tried the examples of {left_out:?}");
    }
}

/// An offer that is taken back, and one that a holder takes up.
async fn issue(story: &mut Story<'_>) {
    story.do_all(&["createIssuance", "listIssuances", "viewIssuance", "cancelIssuance"]).await;
    let offered = story.does("createIssuance").await;
    let holder = story.issuer.holder(&offered);
    let token = holder.token(&[("tx_code", "493627")]).await;
    let request = holder.request(&holder.proof(&holder.nonce().await));
    holder.ask(&token, request).await.is(200);
    story.do_all(&["suspendIssuance", "restoreIssuance", "revokeIssuance"]).await;
}

/// A request that a holder answers.
async fn verify(story: &mut Story<'_>, nobody: &Actor) {
    let asked = story.does("createVerification").await;
    story.do_all(&["listVerifications", "viewVerification"]).await;
    let fetched = holder::fetch(nobody, asked["request_uri"].as_str().unwrap()).await;
    let presentation = fetched.present(&holder::credential(|_| {}), &["name", "level"]);
    let back = fetched.answer(nobody, &[("membership", &presentation)]).await.is(200).member("redirect_uri");
    let code = back.split_once("response_code=").unwrap().1.to_owned();
    story.instead.insert("ThisIsAnExampleAndNoResponseCode".to_owned(), code);
    let redeemed = story.does("redeemVerification").await;
    let verified = redeemed["result"]["credentials"][0]["verified_credential"].as_str().unwrap();
    let list = "/api/v1/verified-credentials";
    story.objects.insert(list.to_owned(), format!("{list}/{verified}"));
    story.do_all(&["listVerifiedCredentials", "viewVerifiedCredential"]).await;
}

/// An offer that the wallet declines and receives again.
async fn receive(story: &mut Story<'_>) {
    let issuer = CredentialIssuer::start().await;
    issuer.takes("ThisIsAnExampleCode");
    story.is_at("https://office.example", &issuer.url());
    story.do_all(&["receiveCredentialOffer", "listCredentialOffers", "viewCredentialOffer"]).await;
    story.do_all(&["declineCredentialOffer", "receiveCredentialOffer", "acceptCredentialOffer"]).await;
}

/// A request that the wallet declines, and one that it answers.
async fn present(story: &mut Story<'_>) {
    let verifier = Verifier::start().await;
    story.is_at("https://door.example", &verifier.url());
    let query = json!({"credentials": [{
        "id": "membership",
        "format": "dc+sd-jwt",
        "meta": {"vct_values": [holder::VCT]},
        "require_cryptographic_holder_binding": false,
        "claims": [{"path": ["name"]}],
    }]});
    for (name, answer) in [("request-0", "declinePresentation"), ("request-1", "sendPresentation")] {
        verifier.asks(&query);
        story.instead.insert("ExampleRequest".to_owned(), name.to_owned());
        story.do_all(&["receiveRequest", "listPresentations", "viewPresentation", answer]).await;
    }
}

/// The event that the example tells of.
async fn audit(story: &mut Story<'_>) {
    let example = story.operations["viewAuditEvent"].success.as_ref().unwrap().example.clone().unwrap();
    let (list, contact) = ("/api/v1/audit-events", story.here(&example["target"]["id"]));
    let filter = format!("{list}?action={}&target_id={}", example["action"], contact).replace('"', "");
    let id = story.person.get(&filter).await.is(200).column("id")[0].as_str().unwrap().to_owned();
    story.objects.insert(list.to_owned(), format!("{list}/{id}"));
    story.instead.insert(example["id"].as_str().unwrap().to_owned(), id);
    story.does("viewAuditEvent").await;
    story.does_with("listAuditEvents", "?limit=200").await;
}

#[test]
fn every_body_and_every_answer_has_an_example_that_its_schema_describes() {
    let document = document();
    let describes = |place: &str, value: &Value| {
        assert_eq!(violations(&document, place, value), [""; 0], "{place}: {value}");
    };
    for operation in operations() {
        assert_eq!(
            operation.request.is_some(),
            operation.body.is_some(),
            "the request of {} has no example",
            operation.id
        );
        if let (Some(request), Some(body)) = (&operation.request, &operation.body) {
            describes(&body.schema, request);
        }
        if let Some(success) = &operation.success {
            let example = success.example.as_ref();
            describes(
                &success.schema,
                example.unwrap_or_else(|| panic!("the answer of {} has no example", operation.id)),
            );
        }
    }
}

#[test]
fn every_problem_has_an_example_and_every_answer_that_is_one_refers_to_it() {
    let document = document();
    for code in Code::ALL {
        let example = &document["components"]["examples"][format!("problem-{}", code.name())];
        assert_eq!(example["summary"], code.title());
        let problem = &example["value"];
        assert_eq!((&problem["type"], &problem["title"]), (&json!(code.uri()), &json!(code.title())));
        assert_eq!(problem["status"], code.status().as_u16());
        assert_eq!(violations(&document, "#/components/schemas/Problem", problem), [""; 0], "{problem}");
    }
    for (path, item) in document["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            for (status, answer) in operation["responses"].as_object().unwrap() {
                let Some(media) = answer.pointer("/content/application~1problem+json") else { continue };
                let examples = media["examples"].as_object().unwrap_or_else(|| panic!("{method} {path} {status}"));
                assert!(!examples.is_empty(), "{method} {path} {status}");
                for reference in examples.values() {
                    let place = reference["$ref"].as_str().unwrap().trim_start_matches('#');
                    let example = document.pointer(place).unwrap();
                    assert_eq!(example["value"]["status"].to_string(), *status, "{method} {path}");
                }
            }
        }
    }
}

#[test]
fn every_sample_is_the_example_of_something() {
    let document = document();
    let paths = document["paths"].to_string();
    for name in document["components"]["examples"].as_object().unwrap().keys() {
        let used = paths.contains(&format!("\"#/components/examples/{name}\""));
        let item = paths.contains(&format!("\"#/components/examples/Items_for_{name}\""));
        assert!(used || item || name.starts_with("problem-"), "{name} is the example of nothing");
    }
}

/// They have the form of those that the server makes, and say themselves that they are none.
#[test]
fn the_secrets_of_the_examples_are_examples() {
    let document = document();
    let examples = &document["components"]["examples"];
    let text = |place: &str| examples.pointer(place).unwrap().as_str().unwrap().to_owned();
    let link = text("/InvitedUser/value/invitation/url");
    for (kind, secret) in [
        (KeyKind::ApiKey, text("/CreatedApiKey/value/key")),
        (KeyKind::ClientSecret, text("/CreatedOauthClient/value/client_secret")),
        (KeyKind::Invitation, link.split_once('#').unwrap().1.to_owned()),
    ] {
        assert!(KeyText::parse(kind, secret.as_bytes()).is_some(), "{secret}");
        assert!(secret.contains("ThisIsAnExampleAndOpensNothing"), "{secret}");
    }
    let grant = "/IssuanceCreated/value/offer/grants/urn:ietf:params:oauth:grant-type:pre-authorized_code";
    for place in [
        "/CreateIssuance/value/callback/secret",
        "/CreateVerification/value/callback/secret",
        "/RedeemResponseCode/value/response_code",
        "/ReceiveCredentialOffer/value/offer",
        "/IssuanceCreated/value/credential_offer_uri",
        "/IssuanceCreated/value/credential_offer_by_value",
        "/VerificationDetail/value/request_uri",
        &format!("{grant}/pre-authorized_code"),
    ] {
        assert!(text(place).contains("ThisIsAnExample"), "{place}: {}", text(place));
    }
}
