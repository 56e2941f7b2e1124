//! What the binary answers when it is asked wrongly, or for itself.

use crate::operator::Operator;

#[tokio::test]
async fn what_cannot_be_understood_ends_with_exit_code_2_and_makes_nothing() {
    let operator = Operator::new();
    for arguments in [
        &["frobnicate"][..],
        &["api-key", "add"],
        &["api-key", "add", "crm", "--permission", "everything"],
        &["role", "set", "Auditor"],
        &["--demo", "wallet", "list"],
        &["--listen", "here"],
        &["--metrics-listen", "here"],
        &["--otlp-endpoint", "localhost:4318"],
        &["--otlp-endpoint", "http://name:secret@localhost:4318"],
        &["--allow-network", "10.0.0.0/40"],
        &["wallet", "list", "--log", "claviger=loud"],
    ] {
        let said = operator.run(arguments).await;
        assert_eq!((said.code, said.output.as_str()), (Some(2), ""), "{arguments:?}: {said:?}");
        assert!(said.error.starts_with("error: "), "{said:?}");
    }
    assert!(!operator.data().exists());
}

#[tokio::test]
async fn the_database_url_is_never_printed() {
    let operator = Operator::new();
    let secret = "mysql://claviger:hunter22@db.example/claviger";
    for arguments in [&["wallet", "list"][..], &["--help"], &["frobnicate"]] {
        let said = operator.run_with(arguments, &[("CLAVIGER_DATABASE_URL", secret)], "").await;
        assert!(!format!("{said:?}").contains("hunter22"), "{said:?}");
    }
    let unreachable = [("CLAVIGER_DATABASE_URL", "postgres://claviger:hunter22@127.0.0.1:1/claviger")];
    let said = operator.run_with(&["wallet", "list"], &unreachable, "").await;
    assert!(said.code == Some(1) && said.error.contains("the database cannot be opened"), "{said:?}");
    assert!(!said.error.contains("hunter22"), "{said:?}");
}

#[tokio::test]
async fn what_the_exporter_of_traces_cannot_do_is_told() {
    let too_long = format!("http://localhost:4318/{}", "x".repeat(70_000));
    let said = Operator::new().run(&["wallet", "add", "Acme", "--otlp-endpoint", &too_long]).await;
    assert!(said.code == Some(1) && said.error.contains("error: traces: "), "{said:?}");
}

#[tokio::test]
async fn the_version_and_the_api_document_are_printed() {
    let operator = Operator::new();
    assert_eq!(operator.does(&["--version"]).await, format!("claviger {}\n", env!("CARGO_PKG_VERSION")));
    let said = operator.run(&["openapi"]).await;
    assert_eq!((said.code, said.error.as_str()), (Some(0), ""), "nothing but the document");
    let document: serde_json::Value = serde_json::from_str(&said.output).unwrap();
    assert!(document["paths"]["/api/v1/api-keys"]["post"].is_object());
    assert!(said.output.ends_with("}\n") && said.output.starts_with("{\n  \""), "indented");
    assert!(!operator.data().exists(), "it needs no database");
}
