//! The device cookie: it says that a user has signed in with this browser before, so that strangers who guess the
//! user's password do not hold the user up. It opens nothing: the password is asked all the same.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD as BASE64URL;
use http::{HeaderMap, header};
use jiff::{SignedDuration, Timestamp};
use kernel::app::{App, Settings};
use model::UserId;
use uuid::Uuid;

use super::throttle::DeviceKey;

/// How long a browser counts as known after its last sign-in.
const KNOWN: SignedDuration = SignedDuration::from_hours(180 * 24);
/// What the tag of a cookie is a tag of.
const CONTEXT: &str = "device cookie";
/// Number, user and end, before the tag.
const MESSAGE: usize = 16 + 16 + 8;

/// A browser in which a user has signed in.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Device {
    /// Drawn for each cookie: what is counted against it.
    pub(crate) key: DeviceKey,
    /// Who signed in.
    pub(crate) user: UserId,
}

impl Device {
    /// The device that the headers present; nothing that this server has not given out, or whose time is over.
    pub(crate) fn of(headers: &HeaderMap, app: &App) -> Option<Self> {
        let name = name(&app.settings);
        let headers = headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
        let mut values = headers
            .flat_map(|value| value.split(';'))
            .filter_map(|pair| pair.trim_start().strip_prefix(name)?.strip_prefix('='));
        let value = values.next()?;
        // A second one was set by another host or script; neither is believed.
        if values.next().is_some() {
            return None;
        }
        read(app, value)
    }
}

/// `Set-Cookie` for the browser in which this user signs in now.
pub(crate) fn cookie(app: &App, user: UserId) -> String {
    let mut key: DeviceKey = [0; 16];
    app.randomness.fill(&mut key);
    let ends_at = app.clock.now().saturating_add(KNOWN).unwrap_or(Timestamp::MAX).as_millisecond();
    let message = [key.as_slice(), user.0.as_bytes(), &ends_at.to_be_bytes()].concat();
    let tag = app.digests.of(CONTEXT, &message);
    let value = BASE64URL.encode([message.as_slice(), &tag].concat());
    let (name, seconds) = (name(&app.settings), KNOWN.as_secs());
    let secure = if app.settings.public_url.is_secure() { "; Secure" } else { "" };
    format!("{name}={value}; Path=/; Max-Age={seconds}; HttpOnly; SameSite=Strict{secure}")
}

fn read(app: &App, value: &str) -> Option<Device> {
    let bytes = BASE64URL.decode(value).ok()?;
    let (message, tag) = bytes.split_at_checked(MESSAGE)?;
    if !app.digests.matches(CONTEXT, message, tag) {
        return None;
    }
    let (key, rest) = message.split_first_chunk::<16>()?;
    let (user, rest) = rest.split_first_chunk::<16>()?;
    let ends_at = i64::from_be_bytes(*rest.first_chunk::<8>()?);
    (app.clock.millis() < ends_at).then_some(Device { key: *key, user: UserId(Uuid::from_bytes(*user)) })
}

/// As the session's cookie is named: `__Host-` binds it to this host over https (RFC 6265bis §4.1.3.2).
fn name(settings: &Settings) -> &'static str {
    if settings.public_url.is_secure() { "__Host-claviger-device" } else { "claviger-device" }
}
