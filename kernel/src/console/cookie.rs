//! The cookie of a console session (RFC 6265bis): for this host and same-site requests only, out of reach of
//! scripts.

use gate::KeyText;
use jiff::SignedDuration;

use crate::app::Settings;

/// How long a session lasts.
pub const SESSION_LIFETIME: SignedDuration = SignedDuration::from_hours(12);

/// Begins a session in this browser.
pub fn begun(settings: &Settings, session: &KeyText) -> String {
    cookie(settings, session.reveal(), SESSION_LIFETIME.as_secs())
}

/// Forgets the session in this browser.
pub fn ended(settings: &Settings) -> String {
    cookie(settings, "", 0)
}

fn cookie(settings: &Settings, value: &str, seconds: i64) -> String {
    let name = settings.public_url.session_cookie();
    let secure = if settings.public_url.is_secure() { "; Secure" } else { "" };
    format!("{name}={value}; Path=/; Max-Age={seconds}; HttpOnly; SameSite=Strict{secure}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn over_https_the_cookie_is_secure_and_bound_to_the_host() {
        let settings = |url: &str| Settings {
            public_url: url.parse().unwrap(),
            allow_networks: Vec::new(),
            public_rate: 0,
            key_rate: 0,
            trusted_proxies: Vec::new(),
            metrics: false,
            otlp_endpoint: None,
        };
        assert_eq!(
            ended(&settings("https://wallet.example.org")),
            "__Host-claviger=; Path=/; Max-Age=0; HttpOnly; SameSite=Strict; Secure"
        );
        assert_eq!(
            ended(&settings("http://127.0.0.1:8080")),
            "claviger=; Path=/; Max-Age=0; HttpOnly; SameSite=Strict"
        );
    }
}
