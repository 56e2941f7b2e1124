//! D6: nothing, until the secret is proven.

use crate::support::{Actor, Answer, Server, forged};

const ME: &str = "/api/v1/me";

/// All of an answer but its request id and its date.
fn constant(answer: &Answer) -> (u16, Vec<(String, String)>, String) {
    let id = answer.header("x-request-id").to_owned();
    let headers = answer.headers.iter().filter(|(name, _)| *name != "x-request-id" && *name != "date");
    let headers = headers.map(|(name, value)| (name.to_string(), value.to_str().unwrap().to_owned())).collect();
    (answer.status, headers, answer.text.replace(&id, ""))
}

store::both_databases! {
    async fn d6_malformed_unknown_and_wrong_are_one_constant_answer(db: &Database) {
        let server = Server::start(db).await;
        let acme = server.wallet("Acme").await;
        let (owner, known) = (acme.administrator_key().await, acme.key(&[]).await);
        let (expired, revoked) = (acme.key_until("2026-11-23", &[]).await, acme.key(&[]).await);
        owner.delete(&revoked.path()).await.is(204);
        server.move_clock_to("2026-11-24T00:00:00Z");
        let wrong = forged(Some(&known.text[5..21]));
        assert_eq!(wrong[..21], known.text[..21], "the key id is the known one");
        let expected = constant(&server.anonymous().with("x-api-key", "x").get(ME).await.problem(401, "invalid-secret"));
        assert!(expected.1.contains(&(
            "www-authenticate".to_owned(),
            r#"Bearer realm="claviger", error="invalid_token""#.to_owned()
        )));
        for text in [
            "",
            "clvk_",
            &"x".repeat(59),
            &known.text[..58],
            &known.text.to_lowercase(),
            &known.text.replace("clvk_", "clvs_"),
            &forged(None),
            &wrong,
            &forged(Some(&expired.text[5..21])),
            &forged(Some(&revoked.text[5..21])),
        ] {
            for actor in [
                server.anonymous().with("x-api-key", text),
                server.anonymous().with("authorization", &format!("Bearer {text}")),
                server.anonymous().with("cookie", &format!("claviger={text}")),
            ] {
                assert_eq!(constant(&actor.get(ME).await), expected, "{text}");
            }
        }
        let empty = server.anonymous().with("authorization", "Bearer");
        assert_eq!(constant(&empty.get(ME).await), expected);
        // Of another scheme nothing is read (RFC 6750 §3.1).
        let basic = server.anonymous().with("authorization", "Basic YTpi").get(ME).await.problem(401, "unauthenticated");
        for scheme in ["clvk", "Bearer\u{a0}x", &format!("Basic {}", known.text), &known.text] {
            let actor = server.anonymous().with("authorization", scheme);
            assert_eq!(constant(&actor.get(ME).await), constant(&basic), "{scheme}");
        }
    }

    async fn d6_nothing_is_told_on_any_path_before_the_secret_is_proven(db: &Database) {
        let server = Server::start(db).await;
        let acme = server.wallet("Acme").await;
        let known = acme.key(&["users:view"]).await;
        let wrong = server.anonymous().with("x-api-key", &forged(Some(&known.text[5..21])));
        let expected = constant(&wrong.get(ME).await);
        for path in ["/api/v1/users", "/api/v1/users/x", "/api/v1/users?colour=1", &known.path(), "/api/v1/wallet"] {
            assert_eq!(constant(&wrong.get(path).await), expected, "{path}");
        }
    }

    async fn d6_who_proves_the_secret_is_told_that_the_key_expired_or_was_revoked(db: &Database) {
        let server = Server::start(db).await;
        let acme = server.wallet("Acme").await;
        let (owner, expired, revoked) =
            (acme.administrator_key().await, acme.key_until("2026-11-23", &[]).await, acme.key(&[]).await);
        owner.delete(&revoked.path()).await.is(204);
        server.move_clock_to("2026-11-24T00:00:00Z");
        for (key, code) in [(&expired, "expired"), (&revoked, "revoked")] {
            let bearer = server.anonymous().with("authorization", &format!("Bearer {}", key.text));
            let ways: [&Actor; 2] = [key, &bearer];
            for way in ways {
                let told = way.get(ME).await.problem(401, code);
                assert_eq!(told.header("www-authenticate"), r#"Bearer realm="claviger", error="invalid_token""#);
            }
        }
    }

    async fn d6_a_valid_key_without_the_permission_is_told_which_one(db: &Database) {
        let server = Server::start(db).await;
        let key = server.wallet("Acme").await.key(&[]).await;
        let told = key.get("/api/v1/users").await.problem(403, "permission-missing");
        assert_eq!(told.member("required_permission"), "users:view");
        let challenge = r#"Bearer realm="claviger", error="insufficient_scope", scope="users:view""#;
        assert_eq!(told.header("www-authenticate"), challenge);
    }
}
