//! The documentation: what stands around the text that the API document brings itself.

pub const API_REFERENCE: &str = "API reference";
pub const LEAD: &str = "Version 1. Every path begins with";
pub const AT_THIS_SERVER: &str = "at this server’s address.";
pub const OPENAPI_DOCUMENT: &str = "OpenAPI document";
pub const CONTENTS: &str = "Contents";
pub const BASICS: &str = "Basics";

pub const AUTHENTICATION: &str = "Authentication";
pub const AUTHENTICATION_TEXT: &str = "Send the API key itself with each request, in the header `x-api-key` \
     or as `Authorization: Bearer`. An API key needs no token exchange. Send one, once: a request that presents two is \
     refused, and a key in the address is never read.";
pub const AUTHENTICATION_WALLET: &str = "The key opens one wallet, so no path names one. It is made under \
     Settings → IAM → API Access, where it is also edited and deleted.";
pub const EXAMPLE: &str = "Example";
pub const OAUTH_TEXT: &str = "An OAuth client exchanges its client ID and secret for an access token first \
     (Client Credentials, RFC 6749 §4.4), with HTTP Basic or in the body, and sends the token as \
     `Authorization: Bearer`. A scope is the name of a permission; `scope` narrows the token to some of those that \
     the client holds. The token lasts an hour at most. What the client may do is asked at every request, so what is \
     taken away from it is gone from the next one; what is added comes with the next token. \
     `/.well-known/oauth-authorization-server` leads to the other endpoints.";
pub const OAUTH_EXAMPLE: &str = "The exchange with curl";
pub const EXAMPLE_KEY: &str = "The environment variable `CLAVIGER_KEY` holds the key in this example, so \
     that it does not stand in the shell’s history.";

pub const PERMISSIONS: &str = "Permissions";
pub const PERMISSIONS_TEXT: &str = "Each operation names the permission that it needs. A key is assigned \
     permissions one by one, a user through roles. Change contains View.";
pub const ANY_CALLER: &str = "Any caller";
pub const RESOURCE: &str = "Resource";
pub const NAMES: &str = "Names";
pub const GUARDS: &str = "What it guards";

pub const LISTS: &str = "Lists";
pub const LISTS_TEXT: &str = "A list answers one page: `items`, and `next_cursor`, which is `null` on the \
     last page. Send it back as `cursor` for the next page. Unknown parameters are refused, so that a typing error \
     is not ignored.";

pub const PROBLEMS: &str = "Problems";
pub const PROBLEMS_TEXT: &str = "Every error is a problem (RFC 9457) with the content type \
     `application/problem+json`. Its `type` is the path of one of these pages, and stays the same. Where fields were \
     refused, `errors` lists each with its `field`, a `code` for programs and a `message` for people. The \
     `request_id` is also in the header `x-request-id`, in the audit log and in the server’s log.";
pub const COMMON: &str = "Any operation can answer";
pub const OBJECTS: &str = "Objects";

pub const PARAMETERS: &str = "Parameters";
pub const BODY: &str = "Body";
pub const ANSWERS: &str = "Answers";
pub const MEMBERS: &str = "Members";
pub const NAME: &str = "Name";
pub const TYPE: &str = "Type";
pub const MEANING: &str = "Meaning";
pub const STATUS: &str = "Status";
pub const WHEN: &str = "When";
pub const REQUIRED: &str = "Required.";
pub const ONE_PAGE: &str = "One page of the list.";

pub const TITLE: &str = "Title";

pub const ANYTHING: &str = "anything";
pub const COMMA: &str = ", ";
pub const DATE: &str = "date";
pub const DATE_TIME: &str = "date and time";
pub const EMAIL: &str = "e-mail address";
pub const LIST_OF: &str = "list of ";
pub const NULL: &str = "null";
pub const OBJECT_OF: &str = "object with ";
pub const OR: &str = " or ";
pub const STRING: &str = "string";
pub const UUID: &str = "UUID";

pub fn from_to(kind: &str, least: u64, most: u64) -> String {
    format!("{kind}, {least}–{most}")
}

pub fn characters(kind: &str, least: u64, most: u64) -> String {
    format!("{kind}, {least}–{most} characters")
}

pub fn characters_at_most(kind: &str, most: u64) -> String {
    format!("{kind}, at most {most} characters")
}

pub fn sentences(titles: &[&str]) -> String {
    format!("{}.", titles.join(". "))
}
