//! Where the owner of a session wants to be told of it.

use jiff::Timestamp;

/// The callback of one session (an issuance, a verification), and how the telling went. Not its secret.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Callback {
    /// Where webhooks are sent.
    pub url: String,
    /// How often the last one was tried.
    pub attempts: i64,
    /// Why the last attempt failed; none when it did not.
    pub last_error: Option<String>,
    /// When a webhook last arrived.
    pub delivered_at: Option<Timestamp>,
    /// When the receiver said that it wants no more (410).
    pub ended_at: Option<Timestamp>,
}
