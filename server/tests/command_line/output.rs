//! What a command makes and what it says of it: nothing for a name that was mistyped, and no secret that is lost.

use store::testing::Database;

use crate::operator::Operator;

const FULL: &str = r#"exec "$0" "$@" > /dev/full"#;

store::both_databases! {
    async fn a_command_on_a_place_without_a_database_makes_nothing_and_says_so(db: &Database) {
        let operator = Operator::of(db);
        for arguments in [
            &["wallet", "list"][..],
            &["user", "list"],
            &["user", "add", "--email", "a@example.org", "--name", "A"],
            &["role", "list"],
            &["role", "set", "Auditor", "--every-permission"],
            &["api-key", "list"],
            &["api-key", "add", "crm"],
            &["api-key", "delete", "crm"],
            &["oauth-client", "list", "--json"],
            &["token-key", "rotate"],
        ] {
            let said = operator.run(arguments).await;
            assert_eq!((said.code, said.output.as_str()), (Some(1), ""), "{arguments:?}: {said:?}");
            assert!(said.error.contains("claviger wallet add") && said.error.lines().count() == 1, "{said:?}");
        }
        assert!(db.contents().await.is_empty());
        assert!(!operator.data().join("master.key").exists());
        operator.does(&["wallet", "add", "Acme"]).await;
        operator.does(&["api-key", "list"]).await;
    }

    async fn a_secret_that_cannot_be_printed_leaves_nothing(db: &Database) {
        let operator = Operator::of(db);
        operator.does(&["wallet", "add", "Acme"]).await;
        let user = ["user", "add", "--email", "ada@example.org", "--name", "Ada"];
        for arguments in [&["api-key", "add", "crm"][..], &["oauth-client", "add", "crm"], &user] {
            let said = Operator::of(db).at(operator.data()).through(FULL).run(arguments).await;
            assert_eq!(said.code, Some(1), "{arguments:?}: {said:?}");
            assert!(said.error.contains("again") && said.error.contains("No space left"), "{said:?}");
            assert!(!said.error.contains("clv"), "{said:?}");
        }
        for list in ["api-key", "oauth-client", "user"] {
            assert_eq!(operator.does(&[list, "list"]).await.lines().count(), 1, "{list}");
        }
        // The names are free.
        operator.does(&["api-key", "add", "crm"]).await;
        operator.does(&user).await;
    }
}

#[tokio::test]
async fn no_command_succeeds_that_could_not_say_what_it_did() {
    let db = Database::sqlite().await;
    let (operator, deaf) = (Operator::of(&db), Operator::of(&db).through(FULL));
    let said = deaf.run(&["wallet", "add", "Acme"]).await;
    assert!(said.code == Some(1) && said.error.contains("it is done"), "{said:?}");
    assert_eq!(operator.does(&["wallet", "list"]).await.lines().count(), 2, "it is");
    operator.does(&["api-key", "add", "crm"]).await;
    for arguments in [
        &["wallet", "list"][..],
        &["user", "list"],
        &["role", "list"],
        &["role", "set", "Auditor", "--every-permission"],
        &["api-key", "list"],
        &["oauth-client", "list", "--json"],
        &["api-key", "delete", "crm"],
        &["token-key", "rotate"],
        &["openapi"],
        &["--version"],
        &["--help"],
        &["serve", "--listen", "127.0.0.1:0"],
    ] {
        let said = deaf.run(arguments).await;
        assert_eq!(said.code, Some(1), "{arguments:?}: {said:?}");
    }
    db.discard().await;
}

#[tokio::test]
async fn a_password_is_one_line() {
    let db = Database::sqlite().await;
    let operator = Operator::of(&db);
    operator.does(&["wallet", "add", "Acme"]).await;
    let add = async |email: &str, input: &str| {
        operator.run_with(&["user", "add", "--email", email, "--name", "A", "--password-stdin"], &[], input).await
    };
    for input in
        ["correct horse\nbattery\n", "correct horse\rbattery", "correct horse battery\n\n", "\ncorrect horse battery"]
    {
        let said = add("a@example.org", input).await;
        assert!(said.code == Some(1) && said.error.contains("more than one line"), "{input:?}: {said:?}");
        assert!(!said.error.contains("horse"), "{said:?}");
    }
    for (email, input) in
        [("a", "correct horse battery"), ("b", "correct horse battery\n"), ("c", "correct horse battery\r\n")]
    {
        let said = add(&format!("{email}@example.org"), input).await;
        assert_eq!(said.code, Some(0), "{input:?}: {said:?}");
    }
    db.discard().await;
}
