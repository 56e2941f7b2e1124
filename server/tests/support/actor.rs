//! Somebody who sends requests with the same headers each time.

use http::{HeaderMap, HeaderName, HeaderValue, Method};
use reqwest::{Client, RequestBuilder};
use serde_json::Value;

use super::Answer;

/// A client of the server.
#[derive(Clone)]
pub(crate) struct Actor {
    client: Client,
    origin: String,
    headers: HeaderMap,
}

impl Actor {
    pub(super) fn new(client: Client, origin: String) -> Self {
        Self { client, origin, headers: HeaderMap::new() }
    }

    /// Presents one more header.
    pub(crate) fn with(&self, name: &str, value: &str) -> Self {
        self.with_bytes(name, value.as_bytes())
    }

    /// Presents one more header that need not be text.
    pub(crate) fn with_bytes(&self, name: &str, value: &[u8]) -> Self {
        let mut actor = self.clone();
        actor.headers.append(name.parse::<HeaderName>().unwrap(), HeaderValue::from_bytes(value).unwrap());
        actor
    }

    /// No longer presents this header.
    pub(crate) fn without(&self, name: &str) -> Self {
        let mut actor = self.clone();
        actor.headers.remove(name);
        actor
    }

    pub(crate) async fn get(&self, path: &str) -> Answer {
        Self::send(self.request(Method::GET, path)).await
    }

    pub(crate) async fn post(&self, path: &str, body: Value) -> Answer {
        Self::send(self.request(Method::POST, path).json(&body)).await
    }

    pub(crate) async fn post_form(&self, path: &str, form: &[(&str, &str)]) -> Answer {
        Self::send(self.request(Method::POST, path).form(form)).await
    }

    pub(crate) async fn patch(&self, path: &str, body: Value) -> Answer {
        Self::send(self.request(Method::PATCH, path).json(&body)).await
    }

    pub(crate) async fn delete(&self, path: &str) -> Answer {
        Self::send(self.request(Method::DELETE, path)).await
    }

    /// A request to be completed by the test and sent with [`Actor::send`].
    pub(crate) fn request(&self, method: Method, path: &str) -> RequestBuilder {
        self.client.request(method, format!("{}{path}", self.origin)).headers(self.headers.clone())
    }

    pub(crate) async fn send(request: RequestBuilder) -> Answer {
        Answer::read(request.send().await.unwrap()).await
    }
}
