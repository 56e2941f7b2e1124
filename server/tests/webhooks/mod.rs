//! The owner of a session is told what happens to it, once, by a message that only this server can have signed.

use std::sync::Arc;

use claviger::App;
use jiff::{SignedDuration, Timestamp};
use kernel::http::Fields;
use kernel::webhooks::{self, Notice};
use model::{Action, NewEvent, Target, WalletId};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::support::{NOW, Receiver, Server, Wallet};

fn notice(session: Uuid) -> Notice<'static> {
    Notice { kind: "issuance.issued", session, correlation_id: Some("order-7"), status: "issued" }
}

fn callback(url: &str, secret: &str) -> webhooks::Callback {
    serde_json::from_value(json!({"url": url, "secret": secret})).unwrap()
}

/// A session of the wallet with a callback to the receiver.
async fn session(app: &App, wallet: &Wallet<'_>, receiver: &Receiver) -> Uuid {
    let session: Uuid = app.randomness.id(app.clock.now());
    let mut fields = Fields::default();
    let callback = webhooks::check(app, Some(&callback(&receiver.url, &Receiver::secret())), &mut fields);
    let callback = fields.finish(callback).unwrap();
    let mut change = app.begin(&wallet.operator()).await.unwrap();
    webhooks::register(&mut change, app, session, Some(&callback)).await.unwrap();
    change.commit(event(wallet.id)).await.unwrap();
    session
}

/// Something happens to the session.
async fn happen(app: &App, wallet: &Wallet<'_>, session: Uuid) {
    let mut change = app.begin(&wallet.operator()).await.unwrap();
    webhooks::enqueue(&mut change, app, &notice(session)).await.unwrap();
    change.commit(event(wallet.id)).await.unwrap();
}

fn event(wallet: WalletId) -> NewEvent {
    NewEvent::new(Action::WalletEdited, Target::new(wallet, "Acme"))
}

/// How the telling goes, as the owner sees it.
async fn status(app: &App, wallet: &Wallet<'_>, session: Uuid) -> Value {
    let callback = app.store.read().await.unwrap().callback(wallet.id, session).await.unwrap().unwrap();
    serde_json::to_value(webhooks::CallbackBody::from(callback)).unwrap()
}

fn pass(app: &App, seconds: i64) {
    app.clock.move_to(app.clock.now() + SignedDuration::from_secs(seconds));
}

store::both_databases! {
    async fn a_webhook_arrives_once_thin_and_signed(db: &Database) {
        let server = Server::start(db).await;
        let (app, wallet, receiver) = (&server.app, server.wallet("Acme").await, Receiver::start().await);
        let session = session(app, &wallet, &receiver).await;
        happen(app, &wallet, session).await;
        assert_eq!(app.send_webhooks().await.unwrap(), 1);
        assert_eq!(app.send_webhooks().await.unwrap(), 0);

        let [webhook] = receiver.received().try_into().unwrap();
        assert!(webhook.is_authentic());
        assert_eq!(webhook.header("content-type"), "application/json");
        let now: Timestamp = NOW.parse().unwrap();
        assert_eq!(webhook.header("webhook-timestamp"), now.as_second().to_string());
        assert_eq!(webhook.header("webhook-id").parse::<Uuid>().unwrap().get_version_num(), 7);
        assert_eq!(webhook.json(), json!({
            "type": "issuance.issued",
            "timestamp": NOW,
            "data": {"id": session, "correlation_id": "order-7", "status": "issued"},
        }));
        assert_eq!(status(app, &wallet, session).await, json!({
            "url": receiver.url, "attempts": 1, "last_error": null, "delivered_at": NOW, "ended_at": null,
        }));
    }

    async fn nothing_is_sent_for_a_change_that_is_undone_or_a_session_without_a_callback(db: &Database) {
        let server = Server::start(db).await;
        let (app, wallet, receiver) = (&server.app, server.wallet("Acme").await, Receiver::start().await);
        let session = session(app, &wallet, &receiver).await;
        let mut change = app.begin(&wallet.operator()).await.unwrap();
        webhooks::enqueue(&mut change, app, &notice(session)).await.unwrap();
        drop(change);
        happen(app, &wallet, app.randomness.id(app.clock.now())).await;
        // Nor for the session of another wallet.
        happen(app, &server.wallet("Other").await, session).await;
        assert_eq!(app.send_webhooks().await.unwrap(), 0);
        assert!(receiver.received().is_empty());
    }

    async fn a_webhook_that_fails_is_tried_again_for_three_days_and_then_given_up(db: &Database) {
        let server = Server::start(db).await;
        let (app, wallet, receiver) = (&server.app, server.wallet("Acme").await, Receiver::start().await);
        let session = session(app, &wallet, &receiver).await;
        happen(app, &wallet, session).await;
        receiver.answer(&[500, 503, 404, 302, 400, 429, 401, 500, 500, 500]);
        let mut tried = Vec::new();
        for wait in [0, 5, 300, 1800, 7200, 18000, 36000, 50400, 72000, 86400] {
            if wait > 0 {
                pass(app, wait - 1);
                assert_eq!(app.send_webhooks().await.unwrap(), 0, "too early before {wait} seconds");
                pass(app, 1);
            }
            assert_eq!(app.send_webhooks().await.unwrap(), 1, "after {wait} seconds");
            let [webhook] = receiver.received().try_into().unwrap();
            assert!(webhook.is_authentic());
            assert_eq!(webhook.header("webhook-timestamp"), app.clock.now().as_second().to_string());
            tried.push((webhook.header("webhook-id").to_owned(), webhook.json()));
        }
        assert!(tried.iter().all(|webhook| *webhook == tried[0]), "one message with one id: {tried:?}");
        pass(app, 10 * 86400);
        assert_eq!(app.send_webhooks().await.unwrap(), 0);
        let status = status(app, &wallet, session).await;
        assert_eq!((&status["attempts"], &status["delivered_at"]), (&json!(10), &Value::Null));
        assert_eq!(status["last_error"], format!("{} answers with status 500", receiver.url));
    }

    async fn a_failure_is_forgotten_when_the_webhook_arrives(db: &Database) {
        let server = Server::start(db).await;
        let (app, wallet, receiver) = (&server.app, server.wallet("Acme").await, Receiver::start().await);
        let session = session(app, &wallet, &receiver).await;
        happen(app, &wallet, session).await;
        receiver.answer(&[500]);
        app.send_webhooks().await.unwrap();
        assert!(status(app, &wallet, session).await["last_error"].is_string());
        pass(app, 5);
        app.send_webhooks().await.unwrap();
        let status = status(app, &wallet, session).await;
        assert_eq!((&status["attempts"], &status["last_error"]), (&json!(2), &Value::Null));
        assert_eq!(status["delivered_at"], "2026-11-23T10:00:05Z");
    }

    async fn a_receiver_that_is_gone_hears_no_more(db: &Database) {
        let server = Server::start(db).await;
        let (app, wallet, receiver) = (&server.app, server.wallet("Acme").await, Receiver::start().await);
        let session = session(app, &wallet, &receiver).await;
        happen(app, &wallet, session).await;
        receiver.answer(&[410]);
        app.send_webhooks().await.unwrap();
        assert_eq!(status(app, &wallet, session).await["ended_at"], NOW);
        happen(app, &wallet, session).await;
        pass(app, 86400);
        assert_eq!(app.send_webhooks().await.unwrap(), 0);
        assert_eq!(receiver.received().len(), 1);
    }

    async fn of_two_servers_on_one_database_one_sends(db: &Database) {
        let server = Server::start(db).await;
        let other = Server::start(db).await;
        let (app, wallet, receiver) = (&server.app, server.wallet("Acme").await, Receiver::start().await);
        let session = session(app, &wallet, &receiver).await;
        for round in 0..20 {
            happen(app, &wallet, session).await;
            let (one, two) = tokio::join!(app.send_webhooks(), other.app.send_webhooks());
            assert_eq!(one.unwrap() + two.unwrap(), 1, "round {round}");
            assert_eq!(receiver.received().len(), 1, "round {round}");
        }
    }

    async fn a_webhook_survives_a_restart(db: &Database) {
        let server = Server::start(db).await;
        let receiver = Receiver::start().await;
        let wallet = server.wallet("Acme").await;
        let session = session(&server.app, &wallet, &receiver).await;
        happen(&server.app, &wallet, session).await;
        let server = server.restart(db).await;
        assert_eq!(server.app.send_webhooks().await.unwrap(), 1);
        assert!(receiver.received()[0].is_authentic());
    }

    async fn a_webhook_whose_server_died_is_sent_by_another(db: &Database) {
        let server = Server::start(db).await;
        let (app, wallet, receiver) = (&server.app, server.wallet("Acme").await, Receiver::start().await);
        let session = session(app, &wallet, &receiver).await;
        happen(app, &wallet, session).await;
        // Taken for an attempt of which nobody will hear.
        let [webhook] = app.store.read().await.unwrap().due_webhooks(app.clock.now(), 9).await.unwrap().try_into().ok().unwrap();
        let until = app.clock.now() + SignedDuration::from_secs(60);
        assert!(app.store.claim_webhook(&webhook, until).await.unwrap());
        assert!(!app.store.claim_webhook(&webhook, until).await.unwrap());
        pass(app, 59);
        assert_eq!(app.send_webhooks().await.unwrap(), 0);
        pass(app, 1);
        assert_eq!(app.send_webhooks().await.unwrap(), 1);
        assert_eq!(receiver.received().len(), 1);
    }

    async fn a_receiver_out_of_reach_is_never_asked(db: &Database) {
        let server = Server::start_with(db, |settings| settings.allow_networks = Vec::new()).await;
        let secret = Receiver::secret();
        for (url, expected) in [
            ("https://hooks.example.org/claviger", None),
            ("http://hooks.example.org/claviger", Some("must be https")),
            ("https://127.0.0.1/", Some("must be public")),
            ("https://169.254.169.254/latest", Some("must be public")),
            ("https://u:p@hooks.example.org/", Some("must bear no password")),
        ] {
            let mut fields = Fields::default();
            let checked = webhooks::check(&server.app, Some(&callback(url, &secret)), &mut fields);
            assert_eq!(checked.is_none(), expected.is_some(), "{url}");
            assert_eq!(fields.finish(checked).is_err(), expected.is_some(), "{url}");
        }
        let mut fields = Fields::default();
        let checked = webhooks::check(&server.app, Some(&callback("https://hooks.example.org", "s3cret")), &mut fields);
        let problem = fields.finish(checked).err().unwrap();
        assert_eq!(problem.errors[0].field, "callback.secret");
        assert!(!format!("{problem:?}").contains("s3cret"));
    }

    async fn the_secret_stands_nowhere_and_goes_with_the_session(db: &Database) {
        let server = Server::start(db).await;
        let (app, wallet, receiver) = (&server.app, server.wallet("Acme").await, Receiver::start().await);
        let session = session(app, &wallet, &receiver).await;
        happen(app, &wallet, session).await;
        let contents = db.contents().await;
        for secret in [Receiver::secret().as_bytes(), &[9; 32], "09".repeat(32).as_bytes()] {
            assert!(!contents.windows(secret.len()).any(|window| window == secret));
        }
        let mut change = app.begin(&wallet.operator()).await.unwrap();
        change.delete_callback(session).await.unwrap();
        change.commit(event(wallet.id)).await.unwrap();
        assert_eq!(app.send_webhooks().await.unwrap(), 0);
        assert_eq!(app.store.read().await.unwrap().callback(wallet.id, session).await.unwrap(), None);
    }

    async fn a_callback_that_nobody_deletes_is_forgotten_after_90_days(db: &Database) {
        let server = Server::start(db).await;
        let (app, wallet, receiver) = (&server.app, server.wallet("Acme").await, Receiver::start().await);
        let (kept, forgotten) = (session(app, &wallet, &receiver).await, session(app, &wallet, &receiver).await);
        pass(app, 90 * 86400);
        happen(app, &wallet, kept).await;
        claviger::serve::jobs::clean_up(app).await.unwrap();
        let mut read = app.store.read().await.unwrap();
        assert!(read.callback(wallet.id, kept).await.unwrap().is_some(), "it has something to send");
        assert_eq!(read.callback(wallet.id, forgotten).await.unwrap(), None);
    }

    async fn a_running_server_sends_by_itself(db: &Database) {
        let server = Server::start(db).await;
        let (app, wallet, receiver) = (&server.app, server.wallet("Acme").await, Receiver::start().await);
        let session = session(app, &wallet, &receiver).await;
        happen(app, &wallet, session).await;
        let running = tokio::spawn(claviger::serve::jobs::keep_up(Arc::clone(app)));
        while status(app, &wallet, session).await["delivered_at"].is_null() {
            tokio::task::yield_now().await;
        }
        running.abort();
        assert_eq!(receiver.received().len(), 1);
    }
}
