//! `claviger --demo`: what it prints works, and nothing of it stays.

use std::time::{Duration, Instant};

use serde_json::Value;
use tokio::process::Command;

use crate::operator::{Operator, Running};

/// Up to the `curl` line.
const LINES: usize = 7;

#[tokio::test]
async fn the_curl_line_works_as_printed_soon_after_the_start() {
    let start = Instant::now();
    let demo = Operator::new().serve(&["--demo"], LINES).await;
    assert!(start.elapsed() < Duration::from_secs(2), "{:?}", start.elapsed());
    let line = demo.said.last().unwrap();
    assert!(line.starts_with("curl -s -H 'x-api-key: clvk_"), "{line}");
    let ran = Command::new("sh").args(["-c", line]).output().await.unwrap();
    let answer: Value = serde_json::from_slice(&ran.stdout).unwrap();
    assert!(!answer["items"].as_array().expect("a list").is_empty(), "{answer}");
}

#[tokio::test]
async fn whom_it_names_can_sign_in() {
    let demo = Operator::new().serve(&["--demo"], LINES).await;
    let said = demo.said.join(" ");
    let named: Vec<&str> = said.split([' ', ',']).filter(|word| word.contains('@')).collect();
    assert_eq!(named.len(), 3, "{said}");
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

fn key(demo: &Running) -> &str {
    demo.said.last().unwrap().split(['\'', ' ']).find(|word| word.starts_with("clvk_")).unwrap()
}

fn password(demo: &Running) -> &str {
    let line = demo.said.iter().find(|line| line.starts_with("sign in with ")).unwrap();
    line.split_whitespace().last().unwrap()
}
