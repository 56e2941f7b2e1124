//! What holds for every route: it stands within the limit of an address, and its refusals within the bounded log. The
//! routes are the router's own, so that none can be left out.

use http::Method;

use crate::support::{Actor, Server, log};

const METHODS: [Method; 7] =
    [Method::GET, Method::HEAD, Method::POST, Method::PUT, Method::PATCH, Method::DELETE, Method::OPTIONS];

/// Every path of the router with an id in the place of each parameter, and some that it does not have.
fn paths(server: &Server) -> Vec<String> {
    let printed = format!("{:?}", claviger::router(&server.app));
    let routes = printed.split('"').filter(|text| text.starts_with('/')).map(|route| {
        let filled = route.split('/').map(|part| match part {
            "{name}" => "console.css",
            part if part.starts_with('{') => "01935500-0000-7000-8000-000000000000",
            part => part,
        });
        filled.collect::<Vec<_>>().join("/")
    });
    let unknown = ["/nothing", "/api", "/api/v1/nothing", "/oauth2/nothing", "/assets/nothing", "/wallets/x"];
    let paths: Vec<String> = routes.chain(unknown.map(str::to_owned)).collect();
    for known in
        ["/", "/sign-in", "/api/v1/me", "/api/v1/openapi.json", "/oauth2/token", "/docs", "/assets/console.css"]
    {
        assert!(paths.iter().any(|path| path == known), "{known} is not among the routes that were found");
    }
    assert!(paths.len() > 100, "{} routes were found", paths.len());
    paths
}

/// Callers that prove nothing.
fn strangers(server: &Server) -> [Actor; 5] {
    let nobody = server.anonymous();
    let unknown = "clvk_0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijkl4aiPDV";
    [
        nobody.with("x-api-key", "x"),
        nobody.with("authorization", &format!("Bearer {unknown}")),
        nobody.with("authorization", "Basic YTpi"),
        nobody.with("cookie", "claviger=x").with("sec-fetch-site", "same-origin"),
        nobody,
    ]
}

/// The lines of the server itself at the default level. A refused sign-in has as many of its own, and an address that fails
/// there is slowed down long before.
fn lines() -> usize {
    let text = log::text();
    let text = String::from_utf8_lossy(&text);
    text.lines()
        .filter(|line| ["INFO", "WARN", "ERROR"].iter().any(|level| log::is_ours(line, level)))
        .filter(|line| !line.contains("sign-in refused"))
        .count()
}

store::both_databases! {
    async fn no_route_is_outside_the_limit_of_an_address(db: &Database) {
        let server = Server::start_with(db, |settings| settings.public_rate = 1).await;
        server.anonymous().get("/sign-in").await.is(200);
        for path in paths(&server) {
            for method in METHODS {
                for stranger in strangers(&server) {
                    let answer = stranger.request(method.clone(), &path).send().await.unwrap();
                    assert_eq!(answer.status(), 429, "{method} {path}");
                    assert_eq!(answer.headers()["retry-after"], "60", "{method} {path}");
                    assert_eq!(answer.headers()["ratelimit-policy"], r#""address";q=1;w=60"#, "{method} {path}");
                }
            }
        }
    }

    async fn a_secret_that_is_in_force_is_held_up_nowhere_by_what_its_address_sends(db: &Database) {
        let server = Server::start_with(db, |settings| settings.public_rate = 1).await;
        let wallet = server.wallet("Acme").await;
        let (key, session) = (wallet.administrator_key().await, wallet.session(&["users:view"]).await);
        server.anonymous().get("/sign-in").await.is(200);
        server.anonymous().get("/sign-in").await.is(429);
        for path in paths(&server) {
            for caller in [&*key, &*session] {
                let answer = caller.request(Method::GET, &path).send().await.unwrap();
                assert_ne!(answer.status(), 429, "{path}");
            }
        }
    }

    async fn no_refusal_is_logged_outside_the_bounded_log(db: &Database) {
        log::capture();
        let server = Server::start(db).await;
        let (paths, strangers) = (paths(&server), strangers(&server));
        for stranger in &strangers {
            // The lines of a minute that each reason has.
            for _ in 0..610 {
                stranger.request(Method::GET, "/api/v1/me").send().await.unwrap();
            }
        }
        let before = lines();
        assert!(before > 600, "{before}");
        for path in &paths {
            for method in [Method::GET, Method::POST, Method::DELETE] {
                for stranger in &strangers {
                    stranger.request(method.clone(), path).send().await.unwrap();
                }
            }
        }
        let refused = [("grant_type", "client_credentials"), ("client_id", "acme"), ("client_secret", "x")];
        for path in ["/oauth2/token", "/oauth2/introspect", "/oauth2/revoke"] {
            server.anonymous().post_form(path, &refused).await.oauth_error(401, "invalid_client");
        }
        assert_eq!(lines(), before);
    }
}
