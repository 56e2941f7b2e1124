//! The callback of a session: where webhooks about an issuance or a verification are sent.

use jiff::Timestamp;

/// The callback of one session (an issuance or a verification) with the outcome of its deliveries. Its secret is stored
/// apart, sealed.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Callback {
    /// Where webhooks are sent.
    pub url: String,
    /// The number of attempts to send the last webhook.
    pub attempts: i64,
    /// The error of the last attempt; `None` when it succeeded.
    pub last_error: Option<String>,
    /// When a webhook last arrived.
    pub delivered_at: Option<Timestamp>,
    /// When the receiver answered 410 Gone: no more webhooks are sent.
    pub ended_at: Option<Timestamp>,
}
