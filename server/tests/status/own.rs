//! Lists of this server itself: what is revoked here is so at once, and is believed for the same reasons.

use issue::status_lists::StatusLists;
use issue::status_lists::{self, Status, StatusListDraft, StatusReference};
use kernel::caller::Caller;
use kernel::collection::Creatable as _;
use keys::credential_status::LiveStatus;
use keys::identifiers::IdentifierDraft;
use keys::identifiers::Identifiers;
use model::{Action, DidMethod, NewEvent, StatusList, StatusListId, Target};
use serde_json::json;

use super::check;
use crate::support::{Server, Wallet};

/// A list of the wallet, and the DID that signs it.
async fn list(server: &Server, caller: &Caller) -> (StatusList, String) {
    let draft = IdentifierDraft { name: "Issuer".parse().unwrap(), method: DidMethod::Jwk };
    let signer = Identifiers::create(&server.app, caller, draft).await.unwrap();
    let draft = StatusListDraft { name: "Membership".to_owned(), identifier_id: signer.id };
    (StatusLists::create(&server.app, caller, draft).await.unwrap(), signer.did)
}

async fn reserve(server: &Server, wallet: &Wallet<'_>, list: StatusListId) -> StatusReference {
    let mut change = server.app.begin(&wallet.operator()).await.unwrap();
    let entry = status_lists::reserve(&mut change, &server.app, list).await.unwrap().unwrap();
    change.commit(NewEvent::new(Action::StatusListEdited, Target::new(list, "a"))).await.unwrap();
    entry
}

store::both_databases! {
    async fn what_is_revoked_here_is_revoked_at_once(db: &Database) {
        // Nothing of the network is needed for it.
        let server = Server::start_with(db, |settings| settings.allow_networks.clear()).await;
        let acme = server.wallet("Acme").await;
        let (list, did) = list(&server, &acme.operator()).await;
        let entry = reserve(&server, &acme, list.id).await;
        for (status, live) in [
            (Status::Valid, LiveStatus::Valid),
            (Status::Suspended, LiveStatus::Suspended),
            (Status::Valid, LiveStatus::Valid),
            (Status::Revoked, LiveStatus::Revoked),
        ] {
            let mut change = server.app.begin(&acme.operator()).await.unwrap();
            status_lists::set(&mut change, &entry, status).await.unwrap();
            change.commit(NewEvent::new(Action::StatusListEdited, Target::new(list.id, "a"))).await.unwrap();
            assert_eq!(check(&server, &did, &entry.claim()).await, Ok(live));
        }
    }

    async fn a_list_of_another_issuer_here_is_somebody_elses_too(db: &Database) {
        let server = Server::start(db).await;
        let (acme, bolt) = (server.wallet("Acme").await, server.wallet("Bolt").await);
        let (list, did) = list(&server, &acme.operator()).await;
        let (_, other) = self::list(&server, &bolt.operator()).await;
        let entry = reserve(&server, &acme, list.id).await;
        assert_eq!(check(&server, &did, &entry.claim()).await, Ok(LiveStatus::Valid));
        assert_eq!(check(&server, &other, &entry.claim()).await, Err("status-list-invalid"));
        assert_eq!(check(&server, "did:web:issuer.example", &entry.claim()).await, Err("status-list-invalid"));
    }

    async fn a_list_that_is_not_there_is_not_reached(db: &Database) {
        let server = Server::start(db).await;
        let acme = server.wallet("Acme").await;
        let (list, did) = list(&server, &acme.operator()).await;
        let uri = status_lists::uri(&server.app, server.wallet("Bolt").await.id, list.id);
        let claim = json!({"status_list": {"idx": 0, "uri": uri}});
        assert_eq!(check(&server, &did, &claim).await, Err("status-unreachable"));
    }
}
