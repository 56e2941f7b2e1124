//! What a caller may do to API keys and OAuth clients (mission D4).
//!
//! People with API Access (Change) may edit and end every one; they may assign only what they hold themselves. An
//! external system may do no more than it holds itself, at this moment and not when its request was admitted:
//!
//! - it edits and ends only what holds no more than itself: permissions and limit of requests;
//! - what it assigns is its own: permissions, and a limit that is not larger than its own, also where the limit is its
//!   own record's;
//! - it adds nothing to what ends later than itself, because that would outlive it; what it makes ends with it at the
//!   latest (`api_access::create`).
//!
//! It may always give itself up.

use std::num::NonZeroU32;

use jiff::Timestamp;
use kernel::app::App;
use kernel::caller::{Caller, Transaction};
use kernel::problem::{Code, Problem};
use model::{ExternalSystem, ExternalSystemId, PermissionSet, RequestsPerMinute};

/// What the caller of a change may assign, edit and end.
pub(super) struct Authority {
    permissions: PermissionSet,
    /// None of people and the operator.
    system: Option<Own>,
    /// The limit of requests a minute that holds for every key (`--key-rate`).
    of_every_key: Option<NonZeroU32>,
}

/// What an external system holds itself.
struct Own {
    id: ExternalSystemId,
    limit: Option<RequestsPerMinute>,
    expires_at: Timestamp,
}

impl Authority {
    /// Of the caller, as the change sees it.
    ///
    /// # Errors
    ///
    /// An external system that ended after its request was admitted (401).
    pub(super) async fn of(app: &App, caller: &Caller, change: &mut Transaction<'_>) -> Result<Self, Problem> {
        let of_every_key = NonZeroU32::new(app.settings.key_rate);
        let Some((kind, id)) = caller.system() else {
            return Ok(Self { permissions: caller.permissions, system: None, of_every_key });
        };
        let own = change.external_system(caller.wallet_id, kind, id).await?.ok_or(Code::Revoked)?;
        if change.at() >= own.expires_at {
            return Err(Code::Expired.into());
        }
        let permissions = caller.permissions & own.permissions;
        let system = Own { id, limit: own.requests_per_minute, expires_at: own.expires_at };
        Ok(Self { permissions, system: Some(system), of_every_key })
    }

    /// The limit of a key that an external system makes without naming a limit: its own, where that is lower than the
    /// limit of every key.
    pub(super) fn preset_limit(&self) -> Option<RequestsPerMinute> {
        let own = self.system.as_ref()?.limit;
        own.filter(|_| self.exceeding(None).is_some())
    }

    /// Refuses permissions that the caller does not hold itself.
    pub(super) fn check_permissions(&self, added: PermissionSet) -> Result<(), Problem> {
        let exceeding = added - self.permissions;
        if exceeding.is_empty() { Ok(()) } else { Err(Problem::exceeds_own(exceeding)) }
    }

    /// Refuses a limit that is larger than that of the external system that calls.
    pub(super) fn check_limit(&self, limit: Option<RequestsPerMinute>) -> Result<(), Problem> {
        self.exceeding(limit).map_or(Ok(()), |own| Err(Problem::limit_exceeds_own(own)))
    }

    /// Refuses to touch one that holds more than the external system that calls.
    pub(super) fn check_governs(&self, other: &ExternalSystem) -> Result<(), Problem> {
        if self.system.is_none() || self.is_self(other) {
            return Ok(());
        }
        let more = if !self.permissions.contains_all(other.permissions) {
            "permissions that the caller does not hold"
        } else if self.exceeding(other.requests_per_minute).is_some() {
            "a larger limit of requests than the caller"
        } else {
            return Ok(());
        };
        Err(Problem::detailed(Code::HoldsMore, format!("{} holds {more}.", other.name)))
    }

    /// Refuses to give anything to one that ends later than the external system that calls.
    pub(super) fn check_outlives(&self, other: &ExternalSystem) -> Result<(), Problem> {
        match &self.system {
            Some(own) if other.expires_at > own.expires_at => {
                let detail = format!("{} ends later than the caller, so what is added would outlive it.", other.name);
                Err(Problem::detailed(Code::HoldsMore, detail))
            }
            _ => Ok(()),
        }
    }

    /// Whether a limit is larger than another one.
    pub(super) fn is_larger(&self, limit: Option<RequestsPerMinute>, than: Option<RequestsPerMinute>) -> bool {
        match (self.effective(limit), self.effective(than)) {
            (_, None) => false,
            (None, Some(_)) => true,
            (Some(limit), Some(than)) => limit > than,
        }
    }

    fn is_self(&self, other: &ExternalSystem) -> bool {
        self.system.as_ref().is_some_and(|own| own.id == other.id)
    }

    /// The caller's own limit, where this one is larger.
    fn exceeding(&self, limit: Option<RequestsPerMinute>) -> Option<NonZeroU32> {
        let own = self.system.as_ref()?.limit;
        self.is_larger(limit, own).then(|| self.effective(own)).flatten()
    }

    /// How many requests a minute a limit allows; any number without one.
    fn effective(&self, limit: Option<RequestsPerMinute>) -> Option<NonZeroU32> {
        limit.map(RequestsPerMinute::get).or(self.of_every_key)
    }
}
