//! What is acknowledged survives the death of the server, whenever it comes; what is not is whole or not at all.

use std::collections::BTreeMap;

use reqwest::Client;
use serde_json::{Value, json};

use crate::operator::{Operator, client};

/// How often the server dies.
const DEATHS: usize = 4;
/// It dies when one of the clients has made this many keys and the others are in the midst of theirs.
const KEYS: usize = 10;
/// Clients that change things at the same time.
const CLIENTS: usize = 4;

const PERMISSIONS: [&str; 3] = ["api_access:change", "audit_log:view", "users:view"];

/// What a client knows of the keys that it made, by their names.
type Known = BTreeMap<String, Key>;

#[derive(Clone, Debug)]
struct Key {
    id: String,
    text: String,
    /// The acknowledged notes, one after the other; the first are those of its creation.
    notes: Vec<String>,
    deleted: bool,
    in_doubt: Option<Doubt>,
}

/// What was asked for and never answered.
#[derive(Clone, Debug)]
enum Doubt {
    Notes(String),
    Deletion,
}

struct Owner {
    client: Client,
    origin: String,
    text: String,
}

impl Owner {
    /// The answer's status and body; none when the server died before it answered.
    async fn ask(&self, method: &str, path: &str, body: &Value) -> Option<(u16, Value)> {
        let request = self.client.request(method.parse().unwrap(), format!("{}/api/v1/{path}", self.origin));
        let request = request.header("x-api-key", &self.text).json(body);
        let answer = request.send().await.ok()?;
        let status = answer.status().as_u16();
        let text = answer.text().await.ok()?;
        Some((status, serde_json::from_str(&text).unwrap_or_default()))
    }

    async fn every(&self, path: &str) -> Vec<Value> {
        let (mut items, mut cursor) = (Vec::new(), String::new());
        loop {
            let (status, page) = self.ask("GET", &format!("{path}limit=200{cursor}"), &Value::Null).await.unwrap();
            assert_eq!(status, 200, "{page}");
            items.extend(page["items"].as_array().unwrap().iter().cloned());
            match page["next_cursor"].as_str() {
                Some(next) => cursor = format!("&cursor={next}"),
                None => return items,
            }
        }
    }

    /// Makes, edits and deletes keys until the server dies; says when there are `KEYS` of them.
    async fn change(&self, prefix: String, enough: tokio::sync::mpsc::Sender<()>) -> Known {
        let mut known = Known::new();
        for number in 0.. {
            let (name, first) = (format!("{prefix}-{number}"), format!("{prefix} first"));
            let made = self.ask("POST", "api-keys", &json!({"name": name, "notes": first})).await;
            let Some((status, made)) = made else { break };
            assert_eq!(status, 201, "{made}");
            let member = |member: &str| made[member].as_str().unwrap().to_owned();
            let (id, text) = (member("id"), member("key"));
            let path = format!("api-keys/{id}");
            let key = Key { id, text, notes: vec![first], deleted: false, in_doubt: None };
            let key = known.entry(name.clone()).or_insert(key);
            let second = format!("{name} second");
            let Some((200, _)) = self.ask("PATCH", &path, &json!({"notes": second})).await else {
                key.in_doubt = Some(Doubt::Notes(second));
                break;
            };
            key.notes.push(second);
            if number % 2 == 0 {
                let Some((204, _)) = self.ask("DELETE", &path, &Value::Null).await else {
                    key.in_doubt = Some(Doubt::Deletion);
                    break;
                };
                key.deleted = true;
            }
            if number >= KEYS {
                // Nobody listens any more when another client was the last to have enough.
                let _ = enough.try_send(());
            }
        }
        known
    }

    async fn check(&self, name: &str, key: &Key, listed: &[Value], events: &[Value]) {
        let found = listed.iter().find(|listed| listed["id"] == key.id.as_str());
        let told: Vec<&Value> = events.iter().filter(|event| event["target"]["id"] == key.id.as_str()).collect();
        let actions: Vec<&str> = told.iter().map(|event| event["action"].as_str().unwrap()).collect();
        let asked = self.client.get(format!("{}/api/v1/me", self.origin)).header("x-api-key", &key.text);
        let admitted = asked.send().await.unwrap().status() == 200;
        assert_eq!(admitted, found.is_some(), "{name}: the gate and the list agree");
        assert_eq!(actions.first(), Some(&"api_key.created"), "{name}");
        assert_eq!(actions.contains(&"api_key.revoked"), found.is_none(), "{name}: {actions:?}");
        match (found, key.deleted, &key.in_doubt) {
            (None, true, _) | (None, false, Some(Doubt::Deletion)) => {}
            (Some(found), false, doubt) => {
                let notes = found["notes"].as_str().unwrap();
                let doubted = matches!(doubt, Some(Doubt::Notes(doubted)) if doubted == notes);
                assert!(key.notes.last().unwrap() == notes || doubted, "{name}: {notes}");
                let last = told.iter().rev().find_map(|event| event["detail"]["after"]["notes"].as_str());
                assert_eq!(last.unwrap_or(&key.notes[0]), notes, "{name}: the log tells what is");
            }
            (found, _, _) => panic!("{name}: {found:?} but {key:?}"),
        }
        let edits = actions.iter().filter(|action| **action == "api_key.edited").count();
        assert!(edits >= key.notes.len() - 1 && edits <= key.notes.len(), "{name}: {actions:?}");
    }
}

store::both_databases! {
    async fn every_acknowledged_change_survives_a_kill_and_the_log_tells_it(db: &Database) {
        let operator = Operator::of(db);
        operator.does(&["wallet", "add", "Acme"]).await;
        let mut add = vec!["api-key", "add", "owner"];
        add.extend(PERMISSIONS.iter().flat_map(|permission| ["--permission", permission]));
        let text = operator.does(&add).await.trim_end().to_owned();
        let mut known = Known::new();
        for death in 0..=DEATHS {
            let mut server = operator.serve(&[], 2).await;
            let client = client();
            let owner = std::sync::Arc::new(Owner { client, origin: server.origin(), text: text.clone() });
            let listed = owner.every("api-keys?").await;
            let events = owner.every("audit-events?sort=at&").await;
            for (name, key) in &known {
                owner.check(name, key, &listed, &events).await;
            }
            for listed in listed.iter().filter(|listed| listed["name"] != "owner") {
                let created = |event: &&Value| event["target"]["id"] == listed["id"] && event["action"] == "api_key.created";
                assert_eq!(events.iter().filter(created).count(), 1, "{listed}");
            }
            if death == DEATHS {
                assert!(known.len() > DEATHS * CLIENTS, "something was at stake");
                break;
            }
            let (enough, mut told) = tokio::sync::mpsc::channel(CLIENTS);
            let clients: Vec<_> = (0..CLIENTS)
                .map(|client| {
                    let (owner, enough) = (std::sync::Arc::clone(&owner), enough.clone());
                    tokio::spawn(async move { owner.change(format!("{death}-{client}"), enough).await })
                })
                .collect();
            told.recv().await.unwrap();
            server.signal("KILL").await;
            assert!(!server.ended().await.success());
            for client in clients {
                known.extend(client.await.unwrap());
            }
        }
    }
}
