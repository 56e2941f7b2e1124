//! `/api/v1/status-lists…` and the signed lists at `/wallets/{id}/status-lists/{id}`

mod create;
mod edit;
mod entries;
mod publish;

use issue::status_lists::{self, Status, StatusReference};
use model::{Action, NewEvent, StatusListId, Target};
use serde_json::{Value, json};
use vc::issuer::{IssuerKeys, KeySet};
use vc::status_list::{SignedStatusList, StatusListToken};

use crate::support::{Actor, Server, Wallet};

/// The collection.
const LISTS: &str = "/api/v1/status-lists";

/// The permissions of whoever makes lists and what they lean on.
const MAKER: &[&str] = &["status_lists:change", "identifiers:change", "audit_log:view"];

/// A new did:jwk of the wallet.
async fn signer(maker: &Actor, name: &str) -> Value {
    maker.post("/api/v1/identifiers", json!({"name": name, "method": "did:jwk"})).await.is(201).json()
}

/// A new list, with its signer.
async fn make(maker: &Actor, name: &str) -> Value {
    let signer = signer(maker, name).await;
    maker.post(LISTS, json!({"name": name, "identifier_id": signer["id"]})).await.is(201).json()
}

/// Gives an entry of the list to a credential, as issuing does.
async fn reserve(wallet: &Wallet<'_>, server: &Server, list: &Value) -> Option<StatusReference> {
    let list: StatusListId = list["id"].as_str().unwrap().parse().unwrap();
    let mut change = server.app.begin(&wallet.operator()).await.unwrap();
    let reference = status_lists::reserve(&mut change, &server.app, list).await.unwrap();
    change.commit(event(list)).await.unwrap();
    reference
}

/// Changes what the list says of a credential, as revoking does.
async fn set(wallet: &Wallet<'_>, server: &Server, entry: &StatusReference, status: Status) -> Result<(), String> {
    let mut change = server.app.begin(&wallet.operator()).await.unwrap();
    status_lists::set(&mut change, entry, status).await.map_err(|problem| problem.code.name().to_owned())?;
    change.commit(event(StatusListId(uuid::Uuid::nil()))).await.unwrap();
    Ok(())
}

fn event(list: StatusListId) -> NewEvent {
    NewEvent::new(Action::StatusListEdited, Target::new(list, "for a test"))
}

/// The signed list as everybody fetches it, and what it says when it is believed as a verifier believes it.
async fn fetch(server: &Server, list: &Value, did: &str) -> (String, StatusListToken) {
    let uri = list["uri"].as_str().unwrap();
    let answer = reqwest::get(uri).await.unwrap();
    assert_eq!(answer.status(), 200);
    assert_eq!(answer.headers()["content-type"], "application/statuslist+jwt");
    let text = answer.text().await.unwrap();
    let signed = SignedStatusList::parse(&text).unwrap();
    let keys: KeySet = match signed.keys(did).unwrap() {
        IssuerKeys::Embedded(keys) => keys,
        other => panic!("{other:?}"),
    };
    let token = signed.verify(&keys, uri, server.app.clock.now().as_second()).unwrap();
    (text, token)
}
