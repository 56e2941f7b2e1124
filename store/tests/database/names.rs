//! What must be unique, and when it may be used again (mission D3).

use model::SystemKind;
use store::{NewCredential, NewTrustedContact, NewUser, NewWallet, StoreError};

use crate::fixture::{NOW, Wallet, api_key, contact, credential, email, identifier, name, oauth_client, role, user};

fn is_taken<T>(outcome: Result<T, StoreError>) -> bool {
    matches!(outcome, Err(StoreError::Taken))
}

store::both_databases! {
    async fn d3_the_name_of_a_key_is_taken_without_regard_to_case_until_it_is_deleted(db: &Database) {
        let wallet = Wallet::open(db).await;
        let mut first = api_key("Straße");
        first.expires_at = NOW;
        wallet.change(async |tx| tx.insert_external_system(&first).await).await.unwrap();
        for clash in ["Straße", "STRASSE", "strasse"] {
            let outcome = wallet.change(async |tx| tx.insert_external_system(&api_key(clash)).await).await;
            assert!(is_taken(outcome), "{clash}: an expired key keeps its name");
        }
        wallet.change(async |tx| tx.revoke_external_system(first.id).await).await.unwrap();
        let second = api_key("STRASSE");
        wallet.change(async |tx| tx.insert_external_system(&second).await).await.unwrap();
        let held = wallet.read().await.external_system_named(wallet.id, SystemKind::ApiKey, &first.name).await.unwrap().unwrap();
        assert_eq!(held.id, second.id);
    }

    async fn d3_a_key_and_a_client_may_have_the_same_name(db: &Database) {
        let wallet = Wallet::open(db).await;
        let (key, client) = (api_key("acme"), oauth_client("Acme"));
        wallet.change(async |tx| {
            tx.insert_external_system(&key).await?;
            tx.insert_external_system(&client).await
        }).await.unwrap();
        assert!(is_taken(wallet.change(async |tx| tx.insert_external_system(&oauth_client("ACME")).await).await));
        let mut read = wallet.read().await;
        let found = read.external_system_named(wallet.id, SystemKind::OauthClient, &key.name).await.unwrap().unwrap();
        assert_eq!((found.id, found.kind), (client.id, SystemKind::OauthClient));
        assert_eq!(read.external_system(wallet.id, SystemKind::ApiKey, client.id).await.unwrap(), None);
    }

    async fn d3_a_name_is_taken_in_one_wallet_only(db: &Database) {
        let acme = Wallet::open(db).await;
        let other = Wallet::named(&acme.store, "Other").await;
        for wallet in [&acme, &other] {
            wallet.change(async |tx| {
                tx.insert_external_system(&api_key("backend")).await?;
                tx.insert_role(&role("Auditor")).await?;
                tx.insert_identifier(&identifier("Main")).await?;
                tx.insert_trusted_contact(&NewTrustedContact { did: "did:web:a.example".to_owned(), ..contact("A") }).await?;
                tx.insert_credential(&NewCredential { compact_sha256: "1".to_owned(), ..credential("A") }).await
            }).await.unwrap();
        }
    }

    async fn d9_no_wallet_learns_what_another_one_is_called(db: &Database) {
        let acme = Wallet::open(db).await;
        let other = Wallet::named(&acme.store, "Other").await;
        let same = NewWallet { name: name("ACME"), time_zone: "UTC".parse().unwrap() };
        other.change(async |tx| tx.update_wallet(&same).await).await.unwrap();
        assert_eq!(acme.read().await.wallets().await.unwrap().len(), 2);
    }

    async fn d3_the_name_of_a_role_is_taken_until_it_is_deleted(db: &Database) {
        let wallet = Wallet::open(db).await;
        let (first, second) = (role("Auditor"), role("Reviewer"));
        wallet.change(async |tx| {
            tx.insert_role(&first).await?;
            tx.insert_role(&second).await
        }).await.unwrap();
        assert!(is_taken(wallet.change(async |tx| tx.insert_role(&role("AUDITOR")).await).await));
        let rename = async |text: &str| {
            wallet.change(async |tx| tx.update_role(second.id, &name(text), second.permissions).await).await
        };
        assert!(is_taken(rename("auditor").await));
        assert!(rename("REVIEWER").await.unwrap().is_some(), "its own name in another case");
        wallet.change(async |tx| tx.delete_role(first.id).await).await.unwrap();
        assert!(rename("auditor").await.unwrap().is_some());
    }

    async fn d3_an_address_is_taken_in_its_wallet_until_its_user_is_deleted(db: &Database) {
        let acme = Wallet::open(db).await;
        let other = Wallet::named(&acme.store, "Other").await;
        let ada = user("Ada", &[]);
        acme.change(async |tx| tx.insert_user(&ada).await).await.unwrap();
        let clash = NewUser { email: email("ADA@Example.org"), ..user("Eve", &[]) };
        assert!(is_taken(acme.change(async |tx| tx.insert_user(&clash).await).await));
        other.change(async |tx| tx.insert_user(&clash).await).await.unwrap();
        let accounts = acme.read().await.accounts(&ada.email).await.unwrap();
        assert_eq!(accounts.iter().map(|account| account.user_id).collect::<Vec<_>>(), [ada.id, clash.id]);
        // Two deleted users: neither keeps an address, and the empty one is nobody's.
        acme.change(async |tx| tx.delete_user(ada.id).await).await.unwrap();
        let again = NewUser { email: email("ada@example.org"), ..user("Ida", &[]) };
        acme.change(async |tx| tx.insert_user(&again).await).await.unwrap();
        acme.change(async |tx| tx.delete_user(again.id).await).await.unwrap();
        let accounts = acme.read().await.accounts(&ada.email).await.unwrap();
        assert_eq!(accounts.iter().map(|account| account.user_id).collect::<Vec<_>>(), [clash.id]);
    }

    async fn d3_the_name_of_an_identifier_is_taken_until_it_is_deleted(db: &Database) {
        let wallet = Wallet::open(db).await;
        let first = identifier("Main");
        wallet.change(async |tx| tx.insert_identifier(&first).await).await.unwrap();
        assert!(is_taken(wallet.change(async |tx| tx.insert_identifier(&identifier("MAIN")).await).await));
        wallet.change(async |tx| tx.delete_identifier(first.id).await).await.unwrap();
        wallet.change(async |tx| tx.insert_identifier(&identifier("MAIN")).await).await.unwrap();
    }

    async fn d3_name_did_and_credential_issuer_of_a_contact_are_taken(db: &Database) {
        let wallet = Wallet::open(db).await;
        let (first, second) = (contact("KVK"), contact("RDW"));
        wallet.change(async |tx| {
            tx.insert_trusted_contact(&first).await?;
            tx.insert_trusted_contact(&second).await
        }).await.unwrap();
        assert!(is_taken(wallet.change(async |tx| tx.insert_trusted_contact(&contact("kvk")).await).await));
        let same_did = NewTrustedContact { did: first.did.clone(), ..contact("Third") };
        assert!(is_taken(wallet.change(async |tx| tx.insert_trusted_contact(&same_did).await).await));
        let same_issuer = NewTrustedContact { credential_issuer: first.credential_issuer.clone(), ..contact("Third") };
        assert!(is_taken(wallet.change(async |tx| tx.insert_trusted_contact(&same_issuer).await).await));
        let update = async |text: &str, did: &str| {
            let to = NewTrustedContact { name: name(text), did: did.to_owned(), ..second.clone() };
            wallet.change(async |tx| tx.update_trusted_contact(&to).await).await
        };
        assert!(is_taken(update("kvk", &second.did).await));
        assert!(is_taken(update("RDW", &first.did).await));
        assert!(update("rdw", &second.did).await.unwrap().is_some(), "its own name in another case");
        wallet.change(async |tx| tx.delete_trusted_contact(first.id).await).await.unwrap();
        assert!(update("kvk", &first.did).await.unwrap().is_some());
    }

    async fn a_credential_is_held_once(db: &Database) {
        let wallet = Wallet::open(db).await;
        let first = credential("Diploma");
        let again = NewCredential { id: crate::fixture::id(), ..first.clone() };
        wallet.change(async |tx| tx.insert_credential(&first).await).await.unwrap();
        assert!(is_taken(wallet.change(async |tx| tx.insert_credential(&again).await).await));
        wallet.change(async |tx| tx.delete_credential(first.id).await).await.unwrap();
        wallet.change(async |tx| tx.insert_credential(&again).await).await.unwrap();
    }
}
