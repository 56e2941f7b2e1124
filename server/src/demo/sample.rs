//! The content of the demo's wallet. It has a past, so that keys have been used and one has expired: the
//! clock is set back and moved on between the operations.

use std::sync::Arc;

use access::api_access;
use access::roles::Roles;
use access::roles::{self, RoleDraft};
use access::sign_in::{self, Password};
use access::users::{self, UserDraft};
use access::wallet;
use claviger::App;
use claviger::router;
use gate::KeyText;
use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp, ToSpan as _};
use kernel::caller::Caller;
use kernel::collection::Creatable as _;
use model::{ExternalSystemId, PermissionSet, RoleId, SystemKind, Wallet, local_date};
use zeroize::Zeroizing;

use super::exchange::Exchange;
use super::{bakery, content, exchange, usage};

/// How long ago the wallet was made.
const AGE: i64 = 400;
/// The letters of a random password: none that looks like another.
const LETTERS: &[u8; 32] = b"abcdefghijkmnpqrstuvwxyz23456789";

/// What the demo tells about itself.
pub(super) struct Sample {
    /// Who signs in.
    pub(super) email: &'static str,
    /// With what.
    pub(super) password: Zeroizing<String>,
    /// A key of the bank's that holds every permission.
    pub(super) bank: KeyText,
    /// A key of the bakery's.
    pub(super) bakery: KeyText,
    /// What the bank issues and asks for.
    pub(super) exchange: Exchange,
}

/// Who signs in with what, and the digest of the password that all of them have.
struct People {
    email: &'static str,
    password: Zeroizing<String>,
    hash: String,
}

/// A sample key or client: its kind, its name, its notes, what it may do, when it was made, how long it is valid and when it was
/// last used.
struct System {
    kind: SystemKind,
    name: &'static str,
    notes: &'static str,
    permissions: &'static str,
    made_days_ago: i64,
    /// Counted from now; one year from its making when there is none.
    ends_in_days: Option<i64>,
    used_minutes_ago: Option<i64>,
}

pub(super) const HOUR: i64 = 60;
pub(super) const DAY: i64 = 24 * HOUR;

#[rustfmt::skip]
const SYSTEMS: &[System] = &[
    System {
        kind: SystemKind::ApiKey,
        name: "crm-legacy",
        notes: "Old CRM, replaced by crm-cloud. Contact: integrations@crm.example",
        permissions: "holder_credentials:view trusted_contacts:view",
        made_days_ago: 395, ends_in_days: None, used_minutes_ago: Some(41 * DAY),
    },
    System {
        kind: SystemKind::ApiKey,
        name: "kyc-portal",
        notes: "Customer onboarding. Renew with the supplier before it ends: servicedesk@kyc.example",
        permissions: "holder_credentials:change",
        made_days_ago: 353, ends_in_days: Some(12), used_minutes_ago: Some(3),
    },
    System {
        kind: SystemKind::ApiKey,
        name: "crm-cloud",
        notes: "CRM, reads what customers showed. Contact: integrations@crm.example",
        permissions: "holder_credentials:view trusted_contacts:change",
        made_days_ago: 60, ends_in_days: None, used_minutes_ago: Some(17),
    },
    System {
        kind: SystemKind::ApiKey,
        name: "archive",
        notes: "Nightly export to the records archive",
        permissions: "holder_credentials:view identifiers:view",
        made_days_ago: 200, ends_in_days: None, used_minutes_ago: Some(9 * HOUR),
    },
    System {
        kind: SystemKind::ApiKey,
        name: "siem",
        notes: "Security monitoring collects the audit log",
        permissions: "audit_log:view",
        made_days_ago: 150, ends_in_days: None, used_minutes_ago: Some(1),
    },
    System {
        kind: SystemKind::ApiKey,
        name: "access-provisioning",
        notes: "Joiners and leavers from the HR system; makes keys for new integrations",
        permissions: "api_access:change roles:view users:change",
        made_days_ago: 90, ends_in_days: Some(180), used_minutes_ago: Some(2 * DAY),
    },
    System {
        kind: SystemKind::ApiKey,
        name: "payroll-pilot",
        notes: "Waiting for the supplier's security review: nothing assigned yet",
        permissions: "",
        made_days_ago: 2, ends_in_days: Some(90), used_minutes_ago: None,
    },
    System {
        kind: SystemKind::OauthClient,
        name: "erp-gateway",
        notes: "ERP by way of its API gateway, which speaks OAuth. Contact: erp@bank.example",
        permissions: "holder_credentials:view trusted_contacts:change",
        made_days_ago: 45, ends_in_days: None, used_minutes_ago: Some(25),
    },
    System {
        kind: SystemKind::OauthClient,
        name: "audit.export",
        notes: "Quarterly export for the auditor",
        permissions: "audit_log:view",
        made_days_ago: 380, ends_in_days: None, used_minutes_ago: Some(96 * DAY),
    },
];

/// Fills a new server, whose clock is there to be moved.
pub(super) async fn fill(app: &Arc<App>, now: Timestamp) -> anyhow::Result<Sample> {
    at(app, now, AGE * DAY);
    let wallet = wallet::create(app, "Example Bank (demo)", "Europe/Amsterdam").await?;
    let caller = Caller::operator(wallet.id);
    let People { email, password, hash } = add_people(app, &caller, now).await?;
    content::fill(app, &caller, now).await?;
    let exchange = exchange::fill(app, &router(app), &caller, now).await?;
    let bakery = bakery::fill(app, now, hash).await?;
    let mut used = Vec::new();
    for system in SYSTEMS {
        let id = add_system(app, &caller, &wallet, system, now).await?;
        let made = back(now, system.made_days_ago * DAY);
        let busy = system.name.bytes().map(u64::from).sum::<u64>() % 9 * 130 + 40;
        used.extend(system.used_minutes_ago.map(|ago| usage::of(&wallet, id, busy, made, back(now, ago))));
    }
    app.store.add_usage(&used.concat()).await?;
    at(app, now, 0);
    let draft = api_access::Draft {
        name: "first-steps".to_owned(),
        notes: "The key of the curl line: it may do everything".to_owned(),
        permissions: PermissionSet::ALL,
        ..api_access::Draft::default()
    };
    let (_, bank) = api_access::create(app, &caller, SystemKind::ApiKey, &draft).await?;
    Ok(Sample { email, password, bank, bakery, exchange })
}

/// Roles and users. The active ones share one password, so that only one is hashed.
async fn add_people(app: &App, caller: &Caller, now: Timestamp) -> anyhow::Result<People> {
    const EMAIL: &str = "noor@bank.example";
    let password = random_password(app);
    let hash = sign_in::hash(Password::from(password.as_str().to_owned()), &app.randomness).await?;
    let administrator = app.store.read().await?.role_named(caller.wallet_id, &roles::ADMINISTRATOR.parse()?).await?;
    let administrator = administrator.map(|role| role.id).into_iter().collect();
    let noor = draft("Noor de Vries", EMAIL, administrator)?;
    users::create_with_password(app, caller, noor, hash.clone()).await?;
    let views = PermissionSet::ALL.iter().filter(|permission| permission.access() == model::Access::View).collect();
    let auditor = add_role(app, caller, "Auditor", views).await?;
    let integrations = "api_access:change audit_log:view holder_credentials:view";
    let integrations = add_role(app, caller, "Integrations", PermissionSet::from_names(integrations)).await?;

    at(app, now, 310 * DAY);
    let daan = draft("Daan Jansen", "daan@bank.example", vec![integrations])?;
    users::create_with_password(app, caller, daan, hash.clone()).await?;
    at(app, now, 120 * DAY);
    let amira = draft("Amira Haddad", "amira@audit.example", vec![auditor])?;
    users::create_with_password(app, caller, amira, hash.clone()).await?;
    at(app, now, 20 * HOUR);
    let lars = draft("Lars Smit", "lars@bank.example", vec![auditor, integrations])?;
    users::create(app, caller, lars).await?;
    Ok(People { email: EMAIL, password, hash })
}

async fn add_role(app: &App, caller: &Caller, name: &str, permissions: PermissionSet) -> anyhow::Result<RoleId> {
    Ok(Roles::create(app, caller, RoleDraft { name: name.parse()?, permissions }).await?.id)
}

async fn add_system(
    app: &App,
    caller: &Caller,
    wallet: &Wallet,
    system: &System,
    now: Timestamp,
) -> anyhow::Result<ExternalSystemId> {
    at(app, now, system.made_days_ago * DAY);
    let today = local_date(now, &wallet.time_zone);
    let ends = system.ends_in_days.map(|days| today.saturating_add(days.days()));
    let draft = api_access::Draft {
        name: system.name.to_owned(),
        expires_on: ends.as_ref().map(Date::to_string),
        notes: system.notes.to_owned(),
        permissions: PermissionSet::from_names(system.permissions),
        requests_per_minute: None,
    };
    Ok(api_access::create(app, caller, system.kind, &draft).await?.0.id)
}

fn draft(name: &str, email: &str, roles: Vec<RoleId>) -> anyhow::Result<UserDraft> {
    Ok(UserDraft { name: name.parse()?, email: email.parse()?, roles })
}

/// Three groups of five letters: 75 bits.
fn random_password(app: &App) -> Zeroizing<String> {
    let mut bytes = Zeroizing::new([0; 15]);
    app.randomness.fill(bytes.as_mut());
    let mut password = Zeroizing::new(String::with_capacity(17));
    for (at, byte) in bytes.iter().enumerate() {
        if at % 5 == 0 && at > 0 {
            password.push('-');
        }
        // 32 letters divide a byte's 256 values evenly.
        let letter = LETTERS.get(usize::from(byte % 32)).copied().unwrap_or(b'x');
        password.push(char::from(letter));
    }
    password
}

/// Moves the clock to so many minutes before now.
pub(super) fn at(app: &App, now: Timestamp, minutes: i64) {
    app.clock.move_to(back(now, minutes));
}

pub(super) fn back(now: Timestamp, minutes: i64) -> Timestamp {
    now.saturating_sub(SignedDuration::from_mins(minutes)).unwrap_or(now)
}
