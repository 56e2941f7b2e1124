//! What the external system behind a verification is told: how far it is, and nothing of the person.

use serde_json::{Value, json};

use super::Desk;
use crate::support::holder::{Fetched, credential, fetch};
use crate::support::{NOW, Receiver, Server};

/// Everything that a webhook says.
fn told(kind: &str, at: &str, made: &Value) -> Value {
    let status = kind.strip_prefix("verification.").unwrap();
    json!({
        "type": kind,
        "timestamp": at,
        "data": {"id": made["id"], "correlation_id": "order-17", "status": status},
    })
}

async fn ask(desk: &Desk<'_>, receiver: &Receiver) -> Value {
    desk.ask_with(json!({"correlation_id": "order-17", "callback": receiver.callback()})).await
}

async fn fetched(desk: &Desk<'_>, made: &Value) -> Fetched {
    fetch(&desk.nobody, made["request_uri"].as_str().unwrap()).await
}

store::both_databases! {
    async fn a_receiver_is_told_when_a_request_is_fetched_and_what_came_of_it(db: &Database) {
        let server = Server::start(db).await;
        let (desk, receiver) = (Desk::open(&server).await, Receiver::start().await);
        let made = ask(&desk, &receiver).await;
        assert!(receiver.hears(&server).await.is_empty(), "whoever asks knows");
        let request = fetched(&desk, &made).await;
        assert_eq!(receiver.hears(&server).await, [told("verification.retrieved", NOW, &made)]);
        let presentation = request.present(&credential(|_| {}), &["name"]);
        request.answer(&desk.nobody, &[("membership", &presentation)]).await.is(200);
        assert_eq!(receiver.hears(&server).await, [told("verification.verified", NOW, &made)]);

        let made = ask(&desk, &receiver).await;
        let request = fetched(&desk, &made).await;
        request.post(&desk.nobody, &[("error", "access_denied")]).await.is(200);
        let expected = [told("verification.retrieved", NOW, &made), told("verification.declined", NOW, &made)];
        let heard = receiver.hears(&server).await;
        assert!(heard.len() == 2 && expected.iter().all(|one| heard.contains(one)), "{heard:?}");
    }

    async fn a_receiver_is_told_when_nobody_answers(db: &Database) {
        let server = Server::start(db).await;
        let (desk, receiver) = (Desk::open(&server).await, Receiver::start().await);
        let made = ask(&desk, &receiver).await;
        let at = "2026-11-23T11:00:00Z";
        server.move_clock_to(at);
        claviger::serve::jobs::clean_up(&server.app).await.unwrap();
        assert_eq!(receiver.hears(&server).await, [told("verification.expired", at, &made)]);
    }
}
