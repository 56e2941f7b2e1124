//! `/docs` and `/problems/{code}`: the contract is public, and so are its pages.

use kernel::problem::Code;

use super::{browser, user};
use crate::support::Server;

store::both_databases! {
    async fn the_reference_is_open_to_everyone_and_stands_in_the_console(db: &Database) {
        let server = Server::start(db).await;
        let visitor = browser(&server.anonymous());
        let page = visitor.get("/docs").await.is(200).text;
        assert!(page.contains("<h1>API reference</h1>") && page.contains(&format!("curl {}/api/v1/me", server.app.settings.public_url.origin())));
        assert!(!page.contains("account menu"));
        let acme = server.wallet("Acme").await;
        let page = user(&acme, &[]).await.get("/docs").await.is(200).text;
        assert!(page.contains("<h1>API reference</h1>") && page.contains("account menu"));
    }

    async fn the_type_of_every_problem_is_the_path_of_its_page(db: &Database) {
        let server = Server::start(db).await;
        let visitor = browser(&server.anonymous());
        for code in Code::ALL {
            let page = visitor.get(&format!("/problems/{}", code.name())).await.is(200).text;
            assert!(page.contains(&format!("<h1>{}</h1>", code.title().replace('\'', "&#39;"))), "{page}");
            assert!(page.contains(&format!("<dd>{}</dd>", code.status())), "{page}");
        }
        visitor.get("/problems/no-such-problem").await.is(404);
        let refused = server.anonymous().get("/api/v1/me").await.is(401);
        visitor.get(&refused.member("type")).await.is(200);
    }
}
