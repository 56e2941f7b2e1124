//! Every error that a client sees (RFC 9457), in one place: this file alone knows status codes.

use std::fmt;
use std::num::NonZeroU32;

use aide::OperationOutput;
use axum::response::{IntoResponse, Response};
use gate::{Denial, Exhausted};
use http::{HeaderValue, StatusCode, header};
use model::{Permission, PermissionSet};
use schemars::JsonSchema;
use serde::Serialize;
use store::StoreError;

use crate::http::plain;

macro_rules! codes {
    ($( $code:ident = $status:ident, $name:literal, $title:literal, $page:literal; )*) => {
        /// What went wrong. The type of a problem is `/problems/<name>`, a page that the server serves.
        #[derive(Clone, Copy, PartialEq, Eq, Debug)]
        pub enum Code { $( #[doc = $title] $code, )* }

        impl Code {
            /// Every code.
            pub const ALL: &'static [Self] = &[ $( Self::$code, )* ];

            /// The last part of the type.
            pub const fn name(self) -> &'static str {
                match self { $( Self::$code => $name, )* }
            }

            /// The type: the path of its page.
            pub const fn uri(self) -> &'static str {
                match self { $( Self::$code => concat!("/problems/", $name), )* }
            }

            /// The status of the answer.
            pub const fn status(self) -> StatusCode {
                match self { $( Self::$code => StatusCode::$status, )* }
            }

            /// The same for every problem of this type.
            pub const fn title(self) -> &'static str {
                match self { $( Self::$code => $title, )* }
            }

            /// What its page says: when it happens and what to do.
            pub const fn page(self) -> &'static str {
                match self { $( Self::$code => $page, )* }
            }
        }
    };
}

codes! {
    MalformedBody = BAD_REQUEST, "malformed-body", "The body is not JSON",
        "The body of the request cannot be parsed as JSON (RFC 8259). The detail tells the line and column.";
    InvalidHost = BAD_REQUEST, "invalid-host", "The request does not say for which host it is",
        "A request names its host once, in the header Host, as host or host:port (RFC 9112 section 3.2). The detail tells what is wrong with it.";
    TwoSecrets = BAD_REQUEST, "two-secrets", "More than one key or session was presented",
        "A request presents one key, in x-api-key or in Authorization: Bearer, or the console's session cookie. It was refused although each of them may be valid. Send one, once.";
    Unauthenticated = UNAUTHORIZED, "unauthenticated", "No key and no token was presented",
        "The request carries no key and no token, or Authorization with a scheme other than Bearer. Send an API key in the header x-api-key (or in Authorization: Bearer), or an access token in Authorization: Bearer.";
    InvalidSecret = UNAUTHORIZED, "invalid-secret", "What was presented is not valid",
        "The key or the access token is malformed, unknown or wrong; the answer is the same for all of them. Copy the key text again: it starts with clvk_ and has 59 characters. A client secret (clvs_) is for the token endpoint alone.";
    Expired = UNAUTHORIZED, "expired", "The key or token has expired",
        "What was presented was right, but its time is over. An access token lasts an hour at most: ask the token endpoint for another one. Where the expiry date of the key or client has passed, an administrator can make a new one under Settings, IAM, API Access.";
    Revoked = UNAUTHORIZED, "revoked", "The key or token was revoked",
        "What was presented was right, but the key, the client or the token was revoked, for good. An administrator can make a new key or client.";
    PermissionMissing = FORBIDDEN, "permission-missing", "The permission is missing",
        "The caller is known, but does not hold the permission that the operation needs: required_permission names it. An administrator can add it to the key (Edit API key), the client (Edit API client; it comes with the next token) or the user's role.";
    PermissionExceedsOwn = FORBIDDEN, "permission-exceeds-own", "Nobody can assign what they do not hold",
        "The request would assign permissions that the caller does not hold itself, or a limit of requests that is larger than that of the key or client which sends it; errors lists them. It applies to keys, clients, roles, users and invitations alike.";
    OwnPermissions = FORBIDDEN, "own-permissions", "A key or client cannot change its own permissions",
        "Who made the request is the one whose permissions would change. Use another key or client, or the console.";
    HoldsMore = FORBIDDEN, "holds-more", "The key or client that calls holds less than what it would change",
        "A key or a client may edit, end or take roles and permissions from only what holds no more than itself: its permissions and its limit of requests. It may add nothing to a key or client that ends later than itself. The detail names what holds more. A person with the permission can do it in the console.";
    PeopleOnly = FORBIDDEN, "people-only", "Only a person can do this",
        "A key or a client makes no link with which a user sets a password, and gives no user who can sign in the power to hand out access (Change of API Access, Users or Roles): both would outlive the key or client. A person with the permission can do it in the console.";
    CrossOrigin = FORBIDDEN, "cross-origin", "The request comes from another site",
        "A change with the console's session must come from the console itself. The browser said that it comes from elsewhere. External systems use an API key.";
    NotFound = NOT_FOUND, "not-found", "There is no such thing",
        "The path or the object does not exist, was deleted, or belongs to another wallet.";
    MethodNotAllowed = METHOD_NOT_ALLOWED, "method-not-allowed", "The path does not know this method",
        "The Allow header lists the methods that the path knows.";
    NameInUse = CONFLICT, "name-in-use", "The name is in use",
        "Names are unique within the wallet without regard to case. An expired key or client keeps its name; a deleted one's is free.";
    EmailInUse = CONFLICT, "email-in-use", "The e-mail address is in use",
        "A user of this wallet signs in with this address.";
    DidInUse = CONFLICT, "did-in-use", "A trusted contact has this DID",
        "Each DID stands once among the trusted contacts of a wallet.";
    CredentialIssuerInUse = CONFLICT, "credential-issuer-in-use", "A trusted contact has this credential issuer",
        "Each credential issuer stands once among the trusted contacts of a wallet, so that it is clear whose DID must have signed what it pushes.";
    IssuerInUse = CONFLICT, "issuer-in-use", "This issuer is on the list already",
        "Each issuer stands once among the trusted issuers of a wallet. Edit the one that is there.";
    AlreadyReceived = CONFLICT, "already-received", "The wallet has this already",
        "The same credential offer, or the same request of a verifier, came before. Look for it in the list; a declined offer can be received again.";
    OfferClosed = CONFLICT, "offer-closed", "The offer is not pending any more",
        "It is being accepted, or was accepted or declined, or its time is over. Ask the issuer for another one.";
    RequestClosed = CONFLICT, "request-closed", "The request is not pending any more",
        "A request of a verifier is answered once. This one was answered or declined, or its time is over. Ask the verifier for another one.";
    AlreadyHeld = CONFLICT, "already-held", "The wallet already holds this credential",
        "The same credential was imported before.";
    RoleInUse = CONFLICT, "role-in-use", "The role is in use",
        "Users still have this role. Take it from them first.";
    IssuerTemplateInUse = CONFLICT, "issuer-template-in-use", "Credentials were issued with the template",
        "Whoever meets one of them finds out at the address of its type what it says, so the template stays. It can be edited.";
    IdentifierInUse = CONFLICT, "identifier-in-use", "The identifier is in use",
        "Something that the wallet issues or asks for is signed by this identifier and would be worthless without it; the detail names it. Delete that first, or let another identifier sign it.";
    StatusListInUse = CONFLICT, "status-list-in-use", "The status list is in use",
        "Credentials refer to this status list, or will. Without it nobody could tell any more whether they still hold.";
    CredentialRevoked = CONFLICT, "credential-revoked", "The credential is revoked",
        "Revoking is for good: a revoked credential can be neither suspended nor restored. Issue a new one.";
    SecretShown = CONFLICT, "secret-shown", "The secret was shown and cannot be shown again",
        "A request with the same Idempotency-Key made this key or client more than ten minutes ago, and the answer to it bore the secret; the server does not store it. The detail tells where the key or client is. If you do not have the secret, delete it and make another one with a new Idempotency-Key.";
    LastAdministrator = CONFLICT, "last-administrator", "Nobody could administer the wallet any more",
        "After the change no active user would hold both API Access (Change) and Users (Change). Give them to somebody else first.";
    OfferOver = CONFLICT, "offer-over", "The offer is not open any more",
        "It was taken up, taken back, or its time is over. A credential that was issued can be revoked.";
    NotIssued = CONFLICT, "not-issued", "Nothing was issued yet",
        "Only a credential that is with its holder can be revoked, suspended or restored. An open offer can be cancelled.";
    NoStatusList = CONFLICT, "no-status-list", "The credential has no place in a status list",
        "Its issuer template had no status list when it was issued, so nobody can find out that it was revoked. Add one to the template for those to come.";
    CannotRotate = CONFLICT, "cannot-rotate", "The identifier cannot be rotated",
        "A did:jwk is its key: a new key is a new identifier. Only a did:web can be rotated.";
    ResponseCodeInvalid = CONFLICT, "response-code-invalid", "The response code is not the one of this verification",
        "Each verification with a redirect URI has one response code, which its holder brings there. It is redeemed once. Whoever brings another one is not who presented.";
    RequestTimeout = REQUEST_TIMEOUT, "request-timeout", "The body did not arrive in time",
        "The head of the request came, but its body stayed away or came too slowly (RFC 9110 section 15.5.9). Nothing was done. The connection is closed; send the request again. Operators set the time with --body-timeout.";
    PayloadTooLarge = PAYLOAD_TOO_LARGE, "payload-too-large", "The body is too large",
        "A body has at most 1 MiB.";
    UnsupportedMediaType = UNSUPPORTED_MEDIA_TYPE, "unsupported-media-type", "The content type is not supported",
        "Send JSON with content-type: application/json (for PATCH, application/merge-patch+json as well), and not compressed: the header Accept-Encoding of the answer names the codings that are read.";
    InvalidRequest = UNPROCESSABLE_ENTITY, "invalid-request", "The request is not valid",
        "errors lists each field that was refused, and why. Unknown members and parameters are refused too, so that a typing error is not ignored; so are members that never change after creation.";
    IdempotencyKeyReused = UNPROCESSABLE_ENTITY, "idempotency-key-reused", "The idempotency key was used for another request",
        "Within the last 24 hours the same caller sent this Idempotency-Key to the same operation with another body. A key stands for one request: choose a new one for each, and repeat it only with the same body, byte for byte.";
    TooManyAttempts = TOO_MANY_REQUESTS, "too-many-attempts", "Too many attempts",
        "Sign-in is slowed down after failed attempts for the account and for the address. Wait and try again.";
    TooManyRequests = TOO_MANY_REQUESTS, "too-many-requests", "Too many requests",
        "An API key or an OAuth client may send so many requests a minute, as its details say under Settings, IAM, API Access; without a key that is in force, an address may. The header RateLimit tells in every answer what is left (r) and after how many seconds all of it is there again (t). Wait as long as Retry-After says, in seconds. Operators set the limits for everybody with --key-rate and --public-rate.";
    Internal = INTERNAL_SERVER_ERROR, "internal", "The server failed",
        "This is a defect of the server. Its log tells more under the request id.";
    Unavailable = SERVICE_UNAVAILABLE, "unavailable", "The server cannot do this at the moment",
        "The database does not answer, another program holds its lock, or its disk is full. Try again after as many seconds as Retry-After says. If the request was a change, look whether it was made before repeating it, or repeat it with the same Idempotency-Key. Operators find the cause in the server's log, under the request id.";
}

/// Seconds until another try makes sense where the machine lacks something: how long that lasts is not known.
const UNAVAILABLE_FOR: u64 = 5;

/// The detail of the answer to a caller that presents nothing.
const HOW_TO_SEND: &str =
    "Send an API key in the header x-api-key, or an API key or an access token in Authorization: Bearer.";

/// One field that was refused.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, JsonSchema)]
pub struct FieldError {
    /// The member or parameter, such as `name` or `permissions[0]`.
    pub field: String,
    /// Why, for programs.
    pub code: String,
    /// Why, for people.
    pub message: String,
}

impl FieldError {
    /// A refused field.
    pub fn new(field: impl Into<String>, code: &str, message: impl ToString) -> Self {
        Self { field: field.into(), code: code.to_owned(), message: plain(message.to_string()) }
    }
}

/// An error on its way to the client.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Problem {
    /// What went wrong.
    pub code: Code,
    /// What is particular to this case.
    pub detail: Option<String>,
    /// The fields that were refused.
    pub errors: Vec<FieldError>,
    /// The permission that was missing.
    pub required_permission: Option<Permission>,
    /// Seconds after which another try makes sense.
    pub retry_after: Option<u64>,
    /// The cause inside the server: `serve/finish.rs` logs it with the request's id, and no client is told.
    pub cause: Option<String>,
}

/// The wire form.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Problem")]
pub struct ProblemBody<'a> {
    /// `/problems/<code>`, a page that this server serves.
    #[serde(rename = "type")]
    pub kind: &'a str,
    /// The same for every problem of this type.
    pub title: &'a str,
    /// The status of the answer.
    pub status: u16,
    /// What is particular to this case.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub detail: Option<&'a str>,
    /// Also in the header `x-request-id`.
    pub request_id: &'a str,
    /// The fields that were refused.
    #[serde(skip_serializing_if = "<[_]>::is_empty", default)]
    pub errors: &'a [FieldError],
    /// The permission that was missing.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub required_permission: Option<Permission>,
}

impl From<Code> for Problem {
    fn from(code: Code) -> Self {
        let retry_after = (code == Code::Unavailable).then_some(UNAVAILABLE_FOR);
        Self { code, detail: None, errors: Vec::new(), required_permission: None, retry_after, cause: None }
    }
}

impl Problem {
    /// A problem with a detail of this case.
    pub fn detailed(code: Code, detail: impl ToString) -> Self {
        Self { detail: Some(detail.to_string()), ..code.into() }
    }

    /// A failure of the server, with a cause for the log.
    pub fn caused(code: Code, cause: impl Into<String>) -> Self {
        Self { cause: Some(cause.into()), ..code.into() }
    }

    /// A value that has no JSON form: a failure of the server.
    pub(crate) fn unwritable(error: &serde_json::Error) -> Self {
        Self::caused(Code::Internal, format!("a value has no JSON form: {error}"))
    }

    /// Refused fields: 422 unless the code says otherwise.
    pub fn fields(errors: Vec<FieldError>) -> Self {
        Self { errors, ..Code::InvalidRequest.into() }
    }

    /// One refused field.
    pub fn field(field: &str, code: &str, message: impl ToString) -> Self {
        Self::fields(vec![FieldError::new(field, code, message)])
    }

    /// A value of a unique field that another object has.
    pub fn in_use(code: Code, field: &str) -> Self {
        Self { errors: vec![FieldError::new(field, code.name(), code.title())], ..code.into() }
    }

    /// Maps the store's `Taken` to this code and this field.
    pub fn taken(code: Code, field: &'static str) -> impl Fn(StoreError) -> Self {
        move |error| match error {
            StoreError::Taken => Self::in_use(code, field),
            other => other.into(),
        }
    }

    /// 403: the caller lacks this permission.
    pub fn permission_missing(permission: Permission) -> Self {
        Self {
            required_permission: Some(permission),
            ..Self::detailed(Code::PermissionMissing, format!("The operation needs {permission}."))
        }
    }

    /// 429: too little is left of what may be sent in a minute.
    pub fn too_many_requests(exhausted: Exhausted) -> Self {
        Self { retry_after: Some(exhausted.retry_after.into()), ..Code::TooManyRequests.into() }
    }

    /// 403: these permissions are not the caller's to assign (mission D4).
    pub fn exceeds_own(exceeding: PermissionSet) -> Self {
        let error = |permission: Permission| {
            FieldError::new("permissions", "permission-exceeds-own", format!("{permission} is not yours to assign"))
        };
        Self { errors: exceeding.iter().map(error).collect(), ..Code::PermissionExceedsOwn.into() }
    }

    /// 403: the limit of requests is larger than that of the key or client that asks for it (mission D4).
    pub fn limit_exceeds_own(own: NonZeroU32) -> Self {
        let message = format!("must not be more than {own}, the limit of the one that asks for it");
        let error = FieldError::new("requests_per_minute", "permission-exceeds-own", message);
        Self { errors: vec![error], ..Code::PermissionExceedsOwn.into() }
    }

    /// The wire form.
    pub fn body<'a>(&'a self, request_id: &'a str) -> ProblemBody<'a> {
        ProblemBody {
            kind: self.code.uri(),
            title: self.code.title(),
            status: self.code.status().as_u16(),
            detail: self.detail.as_deref(),
            request_id,
            errors: &self.errors,
            required_permission: self.required_permission,
        }
    }

    /// The challenge of RFC 6750 §3, for 401 and for a missing permission.
    fn challenge(&self) -> Option<HeaderValue> {
        match self.code {
            Code::Unauthenticated => Some(HeaderValue::from_static(r#"Bearer realm="claviger""#)),
            Code::InvalidSecret | Code::Expired | Code::Revoked => {
                Some(HeaderValue::from_static(r#"Bearer realm="claviger", error="invalid_token""#))
            }
            Code::PermissionMissing => {
                let scope = self.required_permission.map(|permission| permission.to_string()).unwrap_or_default();
                let challenge = format!(r#"Bearer realm="claviger", error="insufficient_scope", scope="{scope}""#);
                HeaderValue::try_from(challenge).ok()
            }
            _ => None,
        }
    }
}

/// `serve/finish.rs` writes the body, because the request's id and the accepted form (JSON or a page) are known there.
impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let mut response = self.code.status().into_response();
        if let Some(challenge) = self.challenge() {
            response.headers_mut().insert(header::WWW_AUTHENTICATE, challenge);
        }
        if let Some(seconds) = self.retry_after {
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        response.extensions_mut().insert(self);
        response
    }
}

/// The form that the command line and the log print.
impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code.title())?;
        if let Some(detail) = &self.detail {
            write!(f, ": {detail}")?;
        }
        if let Some(cause) = &self.cause {
            write!(f, ": {cause}")?;
        }
        self.errors.iter().try_for_each(|error| write!(f, "\n  {}: {}", error.field, error.message))
    }
}

impl std::error::Error for Problem {}

/// The extractors and the operation document which problems they can cause (`http/document.rs`).
impl OperationOutput for Problem {
    type Inner = Self;
}

impl From<Denial> for Problem {
    fn from(denial: Denial) -> Self {
        match denial {
            Denial::Unauthenticated => return Self::detailed(Code::Unauthenticated, HOW_TO_SEND),
            Denial::UnsupportedScheme => {
                let why = format!("Authorization has a scheme that is not supported here. {HOW_TO_SEND}");
                return Self::detailed(Code::Unauthenticated, why);
            }
            Denial::TwoSecrets => Code::TwoSecrets,
            Denial::Invalid(_) => Code::InvalidSecret,
            Denial::Expired => Code::Expired,
            Denial::Revoked => Code::Revoked,
            Denial::TooManyRequests(exhausted) => return Self::too_many_requests(exhausted),
        }
        .into()
    }
}

impl From<StoreError> for Problem {
    fn from(error: StoreError) -> Self {
        let code = if error.is_unavailable() { Code::Unavailable } else { Code::Internal };
        Self::caused(code, format!("the store failed: {error}"))
    }
}
