//! A whole setup without the console, beside a running server.

use serde_json::Value;

use crate::operator::Operator;

store::both_databases! {
    async fn m2_m13_a_key_that_the_command_line_adds_works_and_that_it_deletes_is_revoked(db: &Database) {
        let operator = Operator::of(db);
        operator.does(&["wallet", "add", "Acme", "--time-zone", "Europe/Amsterdam"]).await;
        let server = operator.serve(&[], 2).await;
        let printed = operator
            .does(&["api-key", "add", "crm", "--permission", "users:view", "--expires-on", "2030-06-30", "--notes", "CRM"])
            .await;
        let key = printed.strip_suffix('\n').unwrap();
        assert!(key.len() == 59 && key.starts_with("clvk_"), "the key text stands alone: {printed}");

        let me: Value = server.answers_soon("/api/v1/me", key, 200).await.json().await.unwrap();
        assert_eq!(me["name"], "crm");
        assert_eq!(me["expires_at"], "2030-06-30T22:00:00Z", "the end of the day in the wallet's zone");
        assert_eq!(server.get("/api/v1/users", key).await.status(), 200);
        assert_eq!(server.get("/api/v1/roles", key).await.status(), 403);

        operator.does(&["api-key", "delete", "CRM"]).await;
        let refused: Value = server.answers_soon("/api/v1/me", key, 401).await.json().await.unwrap();
        assert_eq!(refused["type"], "/problems/revoked");
    }

    async fn m16_a_client_that_the_command_line_adds_gets_tokens_until_it_is_deleted(db: &Database) {
        let operator = Operator::of(db);
        operator.does(&["wallet", "add", "Acme"]).await;
        let server = operator.serve(&[], 2).await;
        let printed = operator.does(&["oauth-client", "add", "crm", "--permission", "users:view"]).await;
        let secret = printed.strip_suffix('\n').unwrap();
        assert!(secret.len() == 59 && secret.starts_with("clvs_"), "the secret stands alone: {printed}");
        let list = operator.does(&["oauth-client", "list"]).await;
        assert!(list.starts_with("CLIENT ID") && list.contains("crm") && !list.contains(&secret[21..53]), "{list}");
        let json: Value = serde_json::from_str(&operator.does(&["oauth-client", "list", "--json"]).await).unwrap();
        assert_eq!(json[0]["client_id"], "crm");
        assert!(operator.does(&["api-key", "list", "--json"]).await.starts_with("[]"));

        let token = server.token_soon("crm", secret, 200).await.json::<Value>().await.unwrap();
        let bearer = token["access_token"].as_str().unwrap();
        assert_eq!(server.with_token("/api/v1/users", bearer).await.status(), 200);
        let said = operator.does(&["token-key", "rotate"]).await;
        assert!(said.starts_with("Access tokens are signed with the key "), "{said}");
        server.token_soon("crm", secret, 200).await;
        assert_eq!(server.with_token("/api/v1/users", bearer).await.status(), 200, "the old token stays valid");

        let said = operator.run(&["api-key", "delete", "crm"]).await;
        assert_eq!(said.error, "error: there is no API key crm\n");
        assert_eq!(operator.does(&["oauth-client", "delete", "CRM"]).await, "Deleted the OAuth client crm.\n");
        let refused: Value = server.token_soon("crm", secret, 401).await.json().await.unwrap();
        assert_eq!(refused["error_description"], "the client was deleted");
        assert_eq!(server.with_token("/api/v1/users", bearer).await.status(), 401);
    }

    async fn a_key_can_be_given_a_limit_of_its_own(db: &Database) {
        let operator = Operator::of(db);
        operator.does(&["wallet", "add", "Acme"]).await;
        operator.does(&["api-key", "add", "crm", "--requests-per-minute", "600"]).await;
        operator.does(&["api-key", "add", "erp"]).await;
        let json: Value = serde_json::from_str(&operator.does(&["api-key", "list", "--json"]).await).unwrap();
        assert_eq!((&json[0]["requests_per_minute"], &json[1]["requests_per_minute"]), (&Value::from(600), &Value::Null));
        for wrong in ["0", "1000001"] {
            let said = operator.run(&["api-key", "add", "more", "--requests-per-minute", wrong]).await;
            assert!(said.code == Some(1) && said.error.contains("requests_per_minute"), "{said:?}");
        }
    }

    async fn m10_the_list_shows_everything_but_the_key_text(db: &Database) {
        let operator = Operator::of(db);
        operator.does(&["wallet", "add", "Acme"]).await;
        let text = operator.does(&["api-key", "add", "crm", "--permission", "roles:change", "--notes", "one\ntwo"]).await;
        let table = operator.does(&["api-key", "list"]).await;
        let row = table.lines().nth(1).unwrap();
        assert!(row.starts_with("crm   active") && row.contains("roles:change roles:view"), "{table}");
        assert!(row.ends_with("one two"), "{table}");
        let json: Value = serde_json::from_str(&operator.does(&["api-key", "list", "--json"]).await).unwrap();
        assert_eq!(json[0]["permissions"], serde_json::json!(["roles:change", "roles:view"]));
        assert_eq!(json[0]["created_by"]["kind"], "operator");
        let secret = &text[21..53];
        assert!(!table.contains(secret) && !json.to_string().contains(secret));
    }

    async fn a_user_is_added_with_a_password_or_invited_with_a_link(db: &Database) {
        let operator = Operator::of(db);
        operator.does(&["wallet", "add", "Acme"]).await;
        let ada = ["user", "add", "--email", "ada@example.org", "--name", "Ada", "--role", "administrator"];
        let with_password = [&ada[..], &["--password-stdin"]].concat();
        let said = operator.run_with(&with_password, &[], "too short\n").await;
        assert_eq!((said.code, said.output.as_str()), (Some(1), ""), "{said:?}");
        assert!(said.error.contains("at least 12 characters"), "{said:?}");
        let said = operator.run_with(&with_password, &[], "correct horse battery\n").await;
        assert_eq!(said.code, Some(0), "{said:?}");

        let bob = ["user", "add", "--email", "bob@example.org", "--name", "Bob"];
        let link = operator.does(&[&bob[..], &["--public-url", "https://wallet.example.org"]].concat()).await;
        assert!(link.starts_with("https://wallet.example.org/invitation#clvi_") && link.lines().count() == 1, "{link}");

        let table = operator.does(&["user", "list"]).await;
        let rows: Vec<Vec<&str>> = table.lines().map(|line| line.split_whitespace().collect()).collect();
        assert_eq!(rows[1..], [vec!["Ada", "ada@example.org", "Administrator", "active"], vec!["Bob", "bob@example.org", "invited"]]);
    }

    async fn d8_the_operator_hands_out_permissions_with_a_role(db: &Database) {
        let operator = Operator::of(db);
        operator.does(&["wallet", "add", "Acme"]).await;
        operator.does(&["role", "set", "Auditor", "--permission", "audit_log:view", "--permission", "users:view"]).await;
        let said = operator.does(&["role", "set", "auditor", "--permission", "users:change"]).await;
        assert_eq!(said, "The role Auditor gives users:change users:view.\n");
        let table = operator.does(&["role", "list"]).await;
        let rows: Vec<&str> = table.lines().collect();
        assert_eq!(rows.len(), 3, "{table}");
        assert!(rows[1].starts_with("Administrator  0") && rows[2].starts_with("Auditor        0"), "{table}");
        let said = operator.does(&["role", "set", "Auditor", "--every-permission"]).await;
        assert!(said.contains("api_access:change") && said.contains("wallet:view"), "{said}");
    }

    async fn d9_the_wallet_is_named_where_there_are_several(db: &Database) {
        let operator = Operator::of(db);
        let said = operator.run(&["api-key", "list"]).await;
        assert!(said.code == Some(1) && said.error.contains("claviger wallet add"), "{said:?}");
        operator.does(&["wallet", "add", "Acme"]).await;
        operator.does(&["wallet", "add", "Bolt"]).await;
        let said = operator.run(&["api-key", "add", "crm"]).await;
        assert!(said.code == Some(2) && said.error.contains("Acme, Bolt"), "{said:?}");
        let said = operator.run(&["api-key", "add", "crm", "--wallet", "Coil"]).await;
        assert!(said.code == Some(1) && said.error.contains("Acme, Bolt"), "{said:?}");
        operator.does(&["api-key", "add", "crm", "--wallet", "bolt"]).await;
        let count = async |wallet| operator.does(&["api-key", "list", "--wallet", wallet]).await.lines().count();
        assert_eq!((count("Acme").await, count("Bolt").await), (1, 2));
    }

    async fn what_is_refused_is_told_field_by_field_with_exit_code_1(db: &Database) {
        let operator = Operator::of(db);
        operator.does(&["wallet", "add", "Acme"]).await;
        let said = operator.run(&["wallet", "add", "ACME"]).await;
        assert_eq!(said.code, Some(1), "{said:?}");
        assert!(said.error.contains("\n  wallet: The name is in use"), "{said:?}");
        let said = operator.run(&["api-key", "add", " ", "--expires-on", "2020-01-01"]).await;
        assert_eq!((said.code, said.output.as_str()), (Some(1), ""), "{said:?}");
        assert!(said.error.starts_with("error: The request is not valid\n"), "{said:?}");
        assert!(said.error.contains("\n  name: must not be empty\n  expires_on: "), "{said:?}");
        let said = operator.run(&["api-key", "delete", "crm"]).await;
        assert_eq!((said.code, said.error.as_str()), (Some(1), "error: there is no API key crm\n"));
        let said = operator.run(&["user", "add", "--email", "a@b.c", "--name", "A", "--role", "Boss"]).await;
        assert_eq!(said.error, "error: there is no role Boss; the wallet has Administrator\n");
    }
}
