//! An answer, of which the promises that hold for every answer are already checked.

use http::HeaderMap;
use serde_json::Value;
use uuid::Uuid;

/// Where documents stand that caches may keep.
const PUBLIC_DOCUMENTS: [&str; 4] = ["/.well-known/", "/dids/", "/oauth2/jwks", "/wallets/"];

/// What the server answered.
#[derive(Clone, Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    pub(crate) text: String,
}

impl Answer {
    pub(super) async fn read(response: reqwest::Response) -> Self {
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        let path = response.url().path();
        let oauth = path.starts_with("/oauth2/") || path.contains("/openid4v");
        let public = PUBLIC_DOCUMENTS.iter().any(|start| path.starts_with(start));
        let answer = Self { status, headers, text: response.text().await.unwrap() };
        if !(public && answer.header("cache-control").starts_with("public, max-age=")) {
            assert_eq!(answer.header("cache-control"), "no-store");
        }
        answer.keeps_the_promises_of_every_answer(oauth);
        answer
    }

    /// The answer has this status.
    #[track_caller]
    pub(crate) fn is(self, status: u16) -> Self {
        assert_eq!(self.status, status, "{}", self.text);
        self
    }

    /// The answer is the problem with this code.
    #[track_caller]
    pub(crate) fn problem(self, status: u16, code: &str) -> Self {
        let answer = self.is(status);
        assert_eq!(answer.json()["type"], format!("/problems/{code}"), "{}", answer.text);
        answer
    }

    /// The answer is the error of RFC 6749 §5.2 with this code.
    #[track_caller]
    pub(crate) fn oauth_error(self, status: u16, code: &str) -> Self {
        let answer = self.is(status);
        assert_eq!(answer.member("error"), code, "{}", answer.text);
        answer
    }

    /// The problem refuses exactly these fields, each for the reason with this code.
    #[track_caller]
    pub(crate) fn refuses(self, fields: &[(&str, &str)]) -> Self {
        let answer = self.problem(422, "invalid-request");
        assert_eq!(answer.refused(), fields.iter().map(|(f, c)| format!("{f}: {c}")).collect::<Vec<_>>());
        answer
    }

    /// The refused fields as `field: code`.
    #[track_caller]
    pub(crate) fn refused(&self) -> Vec<String> {
        let errors = self.json()["errors"].as_array().cloned().unwrap_or_default();
        let text = |error: &Value, member: &str| error[member].as_str().unwrap().to_owned();
        errors.iter().map(|error| format!("{}: {}", text(error, "field"), text(error, "code"))).collect()
    }

    /// The body as JSON.
    #[track_caller]
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_else(|error| panic!("{error}: {}", self.text))
    }

    /// A text member of the body.
    #[track_caller]
    pub(crate) fn member(&self, name: &str) -> String {
        self.json()[name].as_str().unwrap_or_else(|| panic!("no text {name} in {}", self.text)).to_owned()
    }

    /// This member of each item of a list.
    #[track_caller]
    pub(crate) fn column(&self, name: &str) -> Vec<Value> {
        self.json()["items"].as_array().unwrap().iter().map(|item| item[name].clone()).collect()
    }

    /// The one value of this header; empty when there is none.
    #[track_caller]
    pub(crate) fn header(&self, name: &str) -> &str {
        let mut values = self.headers.get_all(name).iter();
        let value = values.next().map_or("", |value| value.to_str().unwrap());
        assert!(values.next().is_none(), "{name} stands twice");
        value
    }

    /// The first cookie that is set, which is the session's where one begins.
    #[track_caller]
    pub(crate) fn first_cookie(&self) -> &str {
        self.headers.get("set-cookie").expect("a cookie").to_str().unwrap()
    }

    #[track_caller]
    fn keeps_the_promises_of_every_answer(&self, oauth: bool) {
        assert!(self.status < 500, "{} {}", self.status, self.text);
        let request_id = self.header("x-request-id");
        assert_eq!(request_id.parse::<Uuid>().unwrap().get_version_num(), 7);
        assert_eq!(self.header("x-content-type-options"), "nosniff");
        assert_eq!(self.header("referrer-policy"), "no-referrer");
        assert_eq!(self.header("cross-origin-opener-policy"), "same-origin");
        assert!(self.header("permissions-policy").contains("camera=()"));
        let page = self.header("content-type").starts_with("text/html");
        let policy = self.header("content-security-policy");
        assert!(policy.starts_with("default-src 'none'; ") && policy.ends_with("frame-ancestors 'none'"), "{policy}");
        assert_eq!(policy.contains("script-src 'self'"), page, "{policy}");
        if self.status >= 400 && oauth && self.header("content-type") == "application/json" {
            assert_eq!(self.header("pragma"), "no-cache");
            assert!(!self.member("error").is_empty() && !self.member("error_description").is_empty());
        } else if self.status >= 400 && !page {
            assert_eq!(self.header("content-type"), "application/problem+json", "{}", self.text);
            let problem = self.json();
            assert!(problem["type"].as_str().unwrap().starts_with("/problems/"));
            assert!(!problem["title"].as_str().unwrap().is_empty());
            assert_eq!(problem["status"], self.status);
            assert_eq!(problem["request_id"], request_id);
        }
    }
}
