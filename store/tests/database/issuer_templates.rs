//! Issuer templates.

use model::{IdentifierId, IssuerTemplate, StatusListId};
use store::testing::Database;
use store::{NewIssuerTemplate, StoreError};

use crate::fixture::{NOW, Wallet, by, id, identifier, issuer_template, name};

/// A wallet with an identifier that signs.
async fn with_signer(db: &Database) -> (Wallet, IdentifierId) {
    let wallet = Wallet::open(db).await;
    let signer = identifier("Main");
    wallet.change(async |tx| tx.insert_identifier(&signer).await).await.unwrap();
    (wallet, signer.id)
}

async fn get(wallet: &Wallet, new: &NewIssuerTemplate) -> Option<IssuerTemplate> {
    wallet.read().await.issuer_template(wallet.id, new.id).await.unwrap()
}

store::both_databases! {
    async fn a_template_is_read_as_it_was_made_and_changed(db: &Database) {
        let (wallet, signer) = with_signer(db).await;
        let new = issuer_template("Diploma", signer);
        wallet.change(async |tx| tx.insert_issuer_template(&new).await).await.unwrap();
        let held = get(&wallet, &new).await.unwrap();
        assert_eq!((&held.name, &held.vct, &held.claims, &held.card), (&new.name, &new.vct, &new.claims, &new.card));
        assert_eq!((held.valid_for, held.identifier_id, held.status_list_id), (new.valid_for, signer, None));
        assert_eq!((held.first_issued_at, held.created_at), (None, NOW));

        let mut edited = IssuerTemplate { name: name("Degree"), valid_for: None, ..held };
        edited.claims.truncate(1);
        edited.card.name = name("Degree of Example");
        assert!(wallet.change(async |tx| tx.update_issuer_template(&edited).await).await.unwrap().is_some());
        assert_eq!(get(&wallet, &new).await, Some(edited.clone()));

        assert!(wallet.change(async |tx| tx.delete_issuer_template(new.id).await).await.unwrap());
        assert!(!wallet.change(async |tx| tx.delete_issuer_template(new.id).await).await.unwrap());
        assert!(wallet.change(async |tx| tx.update_issuer_template(&edited).await).await.unwrap().is_none());
        assert_eq!(get(&wallet, &new).await, None);
    }

    async fn d3_the_name_of_a_template_is_taken_in_its_wallet_until_it_is_deleted(db: &Database) {
        let (wallet, signer) = with_signer(db).await;
        let (first, second) = (issuer_template("Straße", signer), issuer_template("STRASSE", signer));
        let third = issuer_template("Other", signer);
        wallet.change(async |tx| {
            tx.insert_issuer_template(&first).await?;
            tx.insert_issuer_template(&third).await
        }).await.unwrap();
        let taken = wallet.change(async |tx| tx.insert_issuer_template(&second).await).await;
        assert!(matches!(taken, Err(StoreError::Taken)));
        let renamed = IssuerTemplate { name: name("strasse"), ..get(&wallet, &third).await.unwrap() };
        let taken = wallet.change(async |tx| tx.update_issuer_template(&renamed).await).await;
        assert!(matches!(taken, Err(StoreError::Taken)));
        wallet.change(async |tx| tx.delete_issuer_template(first.id).await).await.unwrap();
        wallet.change(async |tx| tx.insert_issuer_template(&second).await).await.unwrap();
    }

    async fn the_first_issue_is_remembered_and_not_the_second(db: &Database) {
        let (wallet, signer) = with_signer(db).await;
        let new = issuer_template("Diploma", signer);
        wallet.change(async |tx| tx.insert_issuer_template(&new).await).await.unwrap();
        for at in [NOW, "2027-06-01T00:00:00Z".parse().unwrap()] {
            assert!(wallet.change_at(at, async |tx| tx.mark_issuer_template_issued(new.id).await).await.unwrap());
            assert_eq!(get(&wallet, &new).await.unwrap().first_issued_at, Some(NOW));
        }
        assert!(!wallet.change(async |tx| tx.mark_issuer_template_issued(id()).await).await.unwrap());
    }

    async fn what_a_template_uses_is_known_to_be_used(db: &Database) {
        let (wallet, signer) = with_signer(db).await;
        let new = issuer_template("Diploma", signer);
        wallet.change(async |tx| tx.insert_issuer_template(&new).await).await.unwrap();
        let mut read = wallet.read().await;
        assert!(read.identifier_has_templates(wallet.id, signer).await.unwrap());
        assert!(!read.identifier_has_templates(wallet.id, id()).await.unwrap());
        assert!(!read.status_list_has_templates(wallet.id, id::<StatusListId>()).await.unwrap());
    }

    async fn templates_are_listed_by_name_and_all_of_them_by_age(db: &Database) {
        let (wallet, signer) = with_signer(db).await;
        for text in ["delta", "Alpha", "charlie"] {
            let new = issuer_template(text, signer);
            wallet.change(async |tx| tx.insert_issuer_template(&new).await).await.unwrap();
        }
        let mut read = wallet.read().await;
        let names = |items: Vec<IssuerTemplate>| items.into_iter().map(|item| item.name.into_string()).collect::<Vec<_>>();
        let page = read.issuer_templates(wallet.id, &by((), 10)).await.unwrap();
        assert_eq!(names(page.items), ["Alpha", "charlie", "delta"]);
        assert_eq!(names(read.all_issuer_templates(wallet.id).await.unwrap()), ["delta", "Alpha", "charlie"]);
    }

    async fn d9_the_templates_of_another_wallet_are_out_of_reach(db: &Database) {
        let (acme, signer) = with_signer(db).await;
        let other = Wallet::named(&acme.store, "Other").await;
        let new = issuer_template("Diploma", signer);
        acme.change(async |tx| tx.insert_issuer_template(&new).await).await.unwrap();
        let before = get(&acme, &new).await.unwrap();

        let mut read = other.read().await;
        assert_eq!(read.issuer_template(other.id, new.id).await.unwrap(), None);
        assert!(read.issuer_templates(other.id, &by((), 10)).await.unwrap().items.is_empty());
        assert!(read.all_issuer_templates(other.id).await.unwrap().is_empty());
        assert!(!read.identifier_has_templates(other.id, signer).await.unwrap());
        drop(read);
        let mine = IssuerTemplate { name: name("Mine"), ..before.clone() };
        assert!(other.change(async |tx| tx.update_issuer_template(&mine).await).await.unwrap().is_none());
        assert!(!other.change(async |tx| tx.mark_issuer_template_issued(new.id).await).await.unwrap());
        assert!(!other.change(async |tx| tx.delete_issuer_template(new.id).await).await.unwrap());
        assert_eq!(get(&acme, &new).await, Some(before));
    }
}
