//! The life of a server: its first start, its end, and an address that is taken.

use crate::operator::Operator;

store::both_databases! {
    async fn the_first_start_prints_a_link_until_there_is_a_wallet(db: &Database) {
        let operator = Operator::of(db);
        let mut server = operator.serve(&[], 3).await;
        let link = format!("{}/setup#clvi_", server.origin());
        assert!(server.said[2].contains(&link), "{:?}", server.said);
        server.signal("INT").await;
        assert!(server.ended().await.success());

        operator.does(&["wallet", "add", "Acme"]).await;
        let mut server = operator.serve(&["serve"], 2).await;
        server.signal("TERM").await;
        assert!(server.ended().await.success());
        assert!(server.rest().await.is_empty(), "no link where there is a wallet");
    }

    async fn a_key_used_just_before_the_end_has_a_last_use_after_it(db: &Database) {
        let operator = Operator::of(db);
        operator.does(&["wallet", "add", "Acme"]).await;
        let key = operator.does(&["api-key", "add", "crm"]).await;
        let mut server = operator.serve(&[], 2).await;
        assert_eq!(server.get("/api/v1/me", key.trim_end()).await.status(), 200);
        server.signal("TERM").await;
        assert!(server.ended().await.success());
        let json: serde_json::Value = serde_json::from_str(&operator.does(&["api-key", "list", "--json"]).await).unwrap();
        assert!(json[0]["last_used_at"].is_string(), "{json}");
    }
}

#[tokio::test]
async fn metrics_have_a_listener_of_their_own_when_they_are_asked_for() {
    let operator = Operator::new();
    let mut server = operator.serve(&["--metrics-listen", "127.0.0.1:0"], 4).await;
    let url = server.said.iter().find_map(|line| line.strip_prefix("Metrics: ")).expect("the metrics' line").to_owned();
    assert_eq!(server.get("/metrics", "").await.status(), 404);
    let text = reqwest::get(&url).await.unwrap().text().await.unwrap();
    assert!(text.contains("http_route=\"\",http_response_status_code=\"404\""), "{text}");
    server.signal("TERM").await;
    assert!(server.ended().await.success());
    assert!(reqwest::get(&url).await.is_err(), "it ends with the server");

    let server = operator.serve(&[], 3).await;
    assert!(!server.said.iter().any(|line| line.contains("etrics")), "{:?}", server.said);
}

#[tokio::test]
async fn a_hang_up_ends_it_in_order_unless_who_started_it_ignores_hang_ups() {
    let operator = Operator::new();
    operator.does(&["wallet", "add", "Acme"]).await;
    let key = operator.does(&["api-key", "add", "crm"]).await;
    let mut server = operator.serve(&[], 2).await;
    assert_eq!(server.get("/api/v1/me", key.trim_end()).await.status(), 200);
    server.signal("HUP").await;
    assert!(server.ended().await.success());
    let json: serde_json::Value = serde_json::from_str(&operator.does(&["api-key", "list", "--json"]).await).unwrap();
    assert!(json[0]["last_used_at"].is_string(), "what was not written yet is: {json}");

    // As nohup(1) starts it.
    let mut server = operator.through(r#"trap "" HUP; exec "$0" "$@""#).serve(&[], 2).await;
    server.signal("HUP").await;
    assert_eq!(server.get("/api/v1/me", key.trim_end()).await.status(), 200);
    server.signal("TERM").await;
    assert!(server.ended().await.success());
}

#[tokio::test]
async fn few_open_files_leave_some_for_the_server_itself() {
    let operator = Operator::new().through(r#"ulimit -n 256; exec "$0" "$@""#);
    operator.does(&["wallet", "add", "Acme"]).await;
    let key = operator.does(&["api-key", "add", "crm"]).await;
    let server = operator.serve(&[], 2).await;
    let address = server.said[0].strip_prefix("Claviger listens on ").unwrap();
    let silent: Vec<_> = (0..300).map(|_| std::net::TcpStream::connect(address).unwrap()).collect();
    assert_eq!(server.get("/api/v1/me", key.trim_end()).await.status(), 200);
    operator.does(&["api-key", "delete", "crm"]).await;
    server.answers_soon("/api/v1/me", key.trim_end(), 401).await;
    drop(silent);
}

#[tokio::test]
async fn as_many_files_may_be_open_as_the_system_gives() {
    let operator = Operator::new().through(r#"ulimit -S -n 128; exec "$0" "$@""#);
    let server = operator.serve(&[], 3).await;
    let limits = std::fs::read_to_string(format!("/proc/{}/limits", server.id())).unwrap();
    let line = limits.lines().find(|line| line.starts_with("Max open files")).unwrap();
    let words: Vec<&str> = line.split_whitespace().collect();
    assert!(words[3] == words[4] && words[3] != "128", "{line}");
}

#[tokio::test]
async fn a_busy_port_is_told() {
    let server = Operator::new().serve(&[], 2).await;
    let address = server.said[0].strip_prefix("Claviger listens on ").unwrap();
    for (option, arguments) in [
        ("--listen", &["--listen", address][..]),
        ("--listen", &["--demo", "--listen", address]),
        ("--metrics-listen", &["--listen", "127.0.0.1:0", "--metrics-listen", address]),
    ] {
        let said = Operator::new().run(arguments).await;
        assert_eq!((said.code, said.output.as_str()), (Some(1), ""), "{said:?}");
        let told = said.error.contains(address) && said.error.contains("in use") && said.error.contains(option);
        assert!(told, "{said:?}");
    }
}
