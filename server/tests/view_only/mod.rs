//! View shows what there is, and nothing with which a caller could act: every GET of the API document and every page of
//! the console, over one object of each kind in an open state.

mod fixture;

use std::collections::BTreeSet;

use http::Method;
use model::PermissionSet;

use crate::support::{Actor, Answer, Server, Wallet};
use fixture::{Bearers, Fixture};

/// Every View permission there is.
fn views() -> Vec<String> {
    let names = PermissionSet::ALL.iter().map(|permission| permission.to_string());
    names.filter(|name| name.ends_with(":view")).collect()
}

/// The paths of all GETs that View, or no permission, opens: each collection, and each object that is in it.
async fn readable(administrator: &Actor) -> Vec<String> {
    let document = serde_json::to_value(claviger::openapi()).unwrap();
    let mut paths = Vec::new();
    for (path, item) in document["paths"].as_object().unwrap() {
        let Some(operation) = item.get("get") else { continue };
        let needs = operation["x-required-permission"].as_str();
        assert!(needs.is_none_or(|needs| needs.ends_with(":view")), "{path} needs {needs:?}");
        match path.split_once("{id}") {
            None => paths.push(path.clone()),
            Some((collection, rest)) => {
                let collection = collection.trim_end_matches('/');
                let ids = administrator.get(&format!("{collection}?limit=200")).await.is(200).column("id");
                assert!(!ids.is_empty(), "the fixture has no object of {collection}");
                paths.extend(ids.iter().map(|id| format!("{collection}/{}{rest}", id.as_str().unwrap())));
            }
        }
    }
    paths
}

/// The links of a page that stay in the console.
fn links(page: &Answer) -> BTreeSet<String> {
    let hrefs = page.text.split("href=\"").skip(1).filter_map(|rest| rest.split('"').next());
    let hrefs = hrefs.map(|href| href.replace("&amp;", "&").replace("&#38;", "&"));
    hrefs.filter(|href| href.starts_with('/') && !href.starts_with("/assets") && !href.contains("openapi")).collect()
}

/// Every page that can be reached by links, from the front page on.
async fn crawl(browser: &Actor) -> Vec<(String, Answer)> {
    let (mut waiting, mut seen, mut pages) = (vec!["/".to_owned()], BTreeSet::new(), Vec::new());
    while let Some(path) = waiting.pop() {
        // Sorting and paging show the same rows once more.
        let place = path.split(['?', '#']).next().unwrap().to_owned();
        if !seen.insert(place.clone()) || place.starts_with("/documentation") || place.starts_with("/docs") {
            continue;
        }
        let page = browser.get(&path).await;
        assert!(page.status < 500, "{path}: {}", page.text);
        if let Some(location) = page.headers.get("location") {
            waiting.push(location.to_str().unwrap().to_owned());
        }
        waiting.extend(links(&page));
        pages.push((path, page));
    }
    pages
}

async fn clerk(wallet: &Wallet<'_>, names: &[String]) -> Actor {
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let session = wallet.session(&names).await;
    session.with("accept", "text/html,application/xhtml+xml,*/*;q=0.8")
}

store::both_databases! {
    async fn view_reads_every_object_of_the_api_and_gets_nothing_to_act_with(db: &Database) {
        let server = Server::start(db).await;
        let acme = server.wallet("Acme").await;
        let Fixture { administrator, bearers, .. } = Fixture::make(&server, &acme).await;
        let views = views();
        let key = acme.key(&views.iter().map(String::as_str).collect::<Vec<_>>()).await;
        for path in readable(&administrator).await {
            let answer = key.get(&path).await.is(200);
            bearers.are_not_in(&path, &answer);
            // A HEAD has the same headers.
            let head = Actor::send(key.request(Method::HEAD, &path)).await;
            bearers.are_not_in(&path, &head);
        }
    }

    async fn change_reads_what_it_could_have_made_itself(db: &Database) {
        let server = Server::start(db).await;
        let acme = server.wallet("Acme").await;
        let Fixture { administrator, bearers, .. } = Fixture::make(&server, &acme).await;
        let mut shown = BTreeSet::new();
        for path in readable(&administrator).await {
            shown.extend(bearers.found_in(&administrator.get(&path).await.is(200)));
        }
        let expected = ["the code of an offer", "the address of an offer", "the request link", "the redirect URI", "an unbound credential"];
        for what in expected {
            assert!(shown.contains(what), "{what} is not among {shown:?}");
        }
    }

    async fn view_walks_the_whole_console_and_gets_nothing_to_act_with(db: &Database) {
        let server = Server::start(db).await;
        let acme = server.wallet("Acme").await;
        let Fixture { bearers, objects, .. } = Fixture::make(&server, &acme).await;
        let pages = crawl(&clerk(&acme, &views()).await).await;
        for (path, page) in &pages {
            bearers.are_not_in(path, page);
        }
        for object in &objects {
            assert!(pages.iter().any(|(path, page)| path.contains(object) && page.status == 200), "no page of {object}");
        }
    }

    async fn change_finds_the_same_things_in_the_console(db: &Database) {
        let server = Server::start(db).await;
        let acme = server.wallet("Acme").await;
        let Fixture { bearers, .. } = Fixture::make(&server, &acme).await;
        let all: Vec<String> = PermissionSet::ALL.iter().map(|permission| permission.to_string()).collect();
        let pages = crawl(&clerk(&acme, &all).await).await;
        let shown: BTreeSet<_> = pages.iter().flat_map(|(_, page)| bearers.found_in(page)).collect();
        for what in ["the address of an offer", "the request link", "an unbound credential"] {
            assert!(shown.contains(what), "{what} is not among {shown:?}");
        }
    }
}

/// A body in which a bearer stands is told from one in which none does.
#[test]
fn a_bearer_is_found_where_it_stands() {
    let bearers = Bearers::from_iter([("the code", "abc-def_ghijkl")]);
    assert_eq!(bearers.named_in("x abc-def_ghijkl y"), ["the code"]);
    assert!(bearers.named_in("abc-def_ghijk").is_empty());
}
