//! `claviger --demo`: what it prints works, and nothing of it stays.

use std::time::{Duration, Instant};

use serde_json::Value;
use tokio::process::Command;

use crate::operator::{Operator, Running};

/// All that it says: up to the last line of the story.
const LINES: usize = 33;
/// What stands before the lines of the story.
const PASTE: &str = "Paste this into a shell:";

#[tokio::test]
async fn the_curl_line_works_as_printed_soon_after_the_start() {
    let start = Instant::now();
    let demo = Operator::new().serve(&["--demo"], LINES).await;
    assert!(start.elapsed() < Duration::from_secs(2), "{:?}", start.elapsed());
    let line = curl_line(&demo);
    assert!(line.starts_with("curl -s -H 'x-api-key: clvk_"), "{line}");
    let [answer] = run_by_shell(line).await.try_into().unwrap();
    assert!(!answer["items"].as_array().expect("a list").is_empty(), "{answer}");
}

#[tokio::test]
async fn its_story_works_as_printed() {
    let demo = Operator::new().serve(&["--demo"], LINES).await;
    let start = demo.said.iter().position(|line| line.ends_with(PASTE)).expect("the story");
    let story = demo.said[start + 1..].join("\n");
    let [received, accepted, refused] = run_by_shell(&story).await.try_into().unwrap();
    assert_eq!(received["status"], "received", "{received}");
    assert_eq!(accepted["status"], "verified", "{accepted}");
    let shown = &accepted["result"]["credentials"][0];
    assert_eq!(shown["claims"]["account_holder"], "Bakery De Gouden Korst");
    assert_eq!(shown["claims"].get("opened_on"), None);
    assert_eq!(refused["satisfiable"], false, "{refused}");
    assert_eq!(refused["credentials"][0]["matches"], serde_json::json!([]), "{refused}");
}

#[tokio::test]
async fn the_bakery_may_hold_credentials_and_nothing_else() {
    let demo = Operator::new().serve(&["--demo"], LINES).await;
    let line = demo.said.iter().find(|line| line.starts_with("bakery()")).unwrap();
    let me: Value = demo.get("/api/v1/me", key_in(line)).await.json().await.unwrap();
    assert_eq!(me["wallet"]["name"], "Bakery De Gouden Korst (demo)");
    assert_eq!(me["permissions"], serde_json::json!(["holder_credentials:change", "holder_credentials:view"]));
}

#[tokio::test]
async fn what_it_has_issued_and_asked_for_has_every_status() {
    let demo = Operator::new().serve(&["--demo"], LINES).await;
    let statuses = async |path: &str, member: fn(&Value) -> &Value| {
        let list: Value = demo.get(path, key(&demo)).await.json().await.unwrap();
        let items = list["items"].as_array().unwrap().iter();
        let mut statuses: Vec<_> = items.map(|item| member(item).as_str().unwrap_or_default().to_owned()).collect();
        statuses.sort_unstable();
        statuses.dedup();
        statuses
    };
    let offers = statuses("/api/v1/issuances", |item| &item["status"]).await;
    assert_eq!(offers, ["cancelled", "expired", "issued", "offered"]);
    let credentials = statuses("/api/v1/issuances?status=issued", |item| &item["credential"]["status"]).await;
    assert_eq!(credentials, ["revoked", "suspended", "valid"]);
    let verifications = statuses("/api/v1/verifications", |item| &item["status"]).await;
    assert_eq!(verifications, ["expired", "rejected", "requested", "verified"]);
}

#[tokio::test]
async fn whom_it_names_can_sign_in() {
    let demo = Operator::new().serve(&["--demo"], LINES).await;
    let said = demo.said.join(" ");
    let named: Vec<&str> =
        said.split([' ', ',']).filter(|word| word.contains('@') && word.ends_with(".example")).collect();
    assert_eq!(named.len(), 4, "{said}");
    for email in named {
        let answer = demo.sign_in(email, password(&demo)).await;
        assert_eq!(answer.status(), 303, "{email}");
        assert!(answer.headers().contains_key("set-cookie"), "{email}");
    }
    assert_eq!(demo.sign_in("noor@bank.example", "another password").await.status(), 422);
}

#[tokio::test]
async fn its_keys_have_a_past() {
    let demo = Operator::new().serve(&["--demo"], LINES).await;
    let answer = demo.get("/api/v1/api-keys?sort=expires_on", key(&demo)).await;
    let list: Value = answer.json().await.unwrap();
    let items = list["items"].as_array().unwrap();
    assert_eq!(items.len(), 8);
    assert_eq!(items[0]["status"], "expired");
    assert!(items[1..].iter().all(|item| item["status"] == "active"), "{list}");
    assert!(items[0]["last_used_at"].as_str().unwrap() < items[0]["expires_at"].as_str().unwrap());
    assert_eq!(items.iter().filter(|item| item["permissions"] == serde_json::json!([])).count(), 1);
    let users: Value = demo.get("/api/v1/users", key(&demo)).await.json().await.unwrap();
    assert_eq!(users["items"].as_array().unwrap().len(), 4);
}

#[tokio::test]
async fn its_credentials_were_issued_and_one_is_over() {
    let demo = Operator::new().serve(&["--demo"], LINES).await;
    let list: Value = demo.get("/api/v1/credentials", key(&demo)).await.json().await.unwrap();
    let mut statuses: Vec<&str> =
        list["items"].as_array().unwrap().iter().map(|item| item["status"].as_str().unwrap()).collect();
    statuses.sort_unstable();
    assert_eq!(statuses, ["expired", "valid", "valid"]);
}

#[tokio::test]
async fn a_did_web_is_among_its_identifiers_where_the_public_url_has_a_name() {
    let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    for (host, web) in [("127.0.0.1", 0), ("localhost", 1)] {
        let (listen, url) = (format!("127.0.0.1:{port}"), format!("http://{host}:{port}"));
        let mut demo = Operator::new().serve(&["--demo", "--listen", &listen, "--public-url", &url], LINES).await;
        let list: Value = demo.get("/api/v1/identifiers", key(&demo)).await.json().await.unwrap();
        let methods = list["items"].as_array().unwrap().iter().map(|item| &item["method"]);
        assert_eq!(methods.filter(|method| *method == "did:web").count(), web, "{list}");
        demo.signal("TERM").await;
        assert!(demo.ended().await.success());
    }
}

#[tokio::test]
async fn every_start_has_secrets_of_its_own_and_leaves_nothing_behind() {
    let folder = tempfile::tempdir().unwrap();
    let operator = Operator::new().with_temporary(folder.path());
    let mut starts = Vec::new();
    for signal in ["INT", "TERM"] {
        let mut demo = operator.serve(&["--demo"], LINES).await;
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
        demo.signal(signal).await;
        assert!(demo.ended().await.success());
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0, "after SIG{signal}");
        starts.push((key(&demo).to_owned(), password(&demo).to_owned()));
    }
    assert_ne!(starts[0].0, starts[1].0);
    assert_ne!(starts[0].1, starts[1].1);
    assert!(!operator.data().exists(), "the data folder is left alone");
}

/// What a shell prints to these lines, each line of it as JSON.
async fn run_by_shell(lines: &str) -> Vec<Value> {
    let ran = Command::new("sh").args(["-c", lines]).output().await.unwrap();
    let said = String::from_utf8(ran.stdout).unwrap();
    let complaint = String::from_utf8_lossy(&ran.stderr);
    said.lines().map(|line| serde_json::from_str(line).unwrap_or_else(|_| panic!("{line}\n{complaint}"))).collect()
}

fn curl_line(demo: &Running) -> &str {
    demo.said.iter().find(|line| line.starts_with("curl ")).expect("the line with curl")
}

fn key(demo: &Running) -> &str {
    key_in(curl_line(demo))
}

fn key_in(line: &str) -> &str {
    line.split(['\'', ' ']).find(|word| word.starts_with("clvk_")).unwrap()
}

fn password(demo: &Running) -> &str {
    let line = demo.said.iter().find(|line| line.starts_with("sign in with ")).unwrap();
    line.split_whitespace().last().unwrap()
}
