//! The address under which clients reach the server.

use crate::operator::Operator;

#[tokio::test]
async fn on_loopback_it_is_localhost_with_the_port_that_was_bound() {
    let server = Operator::new().serve(&[], 3).await;
    let port = server.said[0].strip_prefix("Claviger listens on 127.0.0.1:").unwrap();
    assert_ne!(port, "0");
    assert_eq!(server.origin(), format!("http://localhost:{port}"));
}

#[tokio::test]
async fn elsewhere_it_must_be_told() {
    let operator = Operator::new();
    let said = operator.run(&["serve", "--listen", "0.0.0.0:0"]).await;
    assert!(said.code == Some(2) && said.error.contains("--public-url is needed"), "{said:?}");
    let server = operator.serve(&["--public-url", "https://wallet.example.org/"], 3).await;
    assert_eq!(server.origin(), "https://wallet.example.org");
}

#[tokio::test]
async fn it_is_https_but_on_loopback() {
    let operator = Operator::new();
    for url in ["http://wallet.example.org", "wallet.example.org", "https://wallet.example.org/path"] {
        let said = operator.run(&["serve", "--public-url", url]).await;
        assert!(said.code == Some(2) && said.error.contains("--public-url"), "{url}: {said:?}");
    }
}
