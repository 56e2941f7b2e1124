//! A wallet to test with, and records to put in it.

use std::sync::atomic::{AtomicU64, Ordering};

use jiff::Timestamp;
use jiff::civil::date;
use model::{
    Action, Actor, Card, ClaimKind, Days, Digest, Email, ExternalSystemId, IdentifierId, Name, NewEvent, Notes,
    PermissionSet, RoleId, SystemKind, Target, TemplateClaim, WalletId,
};
use serde_json::json;
use store::testing::Database;
use store::{
    Author, Cursor, List, NewCredential, NewExternalSystem, NewIdentifier, NewIdentifierKey, NewInvitation,
    NewIssuerTemplate, NewRole, NewSession, NewStatusList, NewTokenKey, NewTrustedContact, NewUsage, NewUser,
    NewWallet, Store, StoreError, Tx,
};
use uuid::Uuid;

/// The instant at which everything happens unless a test says otherwise.
pub(crate) const NOW: Timestamp = Timestamp::constant(1_800_000_000, 0);

/// A wallet on an open database.
pub(crate) struct Wallet {
    pub(crate) store: Store,
    pub(crate) id: WalletId,
}

impl Wallet {
    pub(crate) async fn open(db: &Database) -> Self {
        Self::named(&db.store().await, "Acme").await
    }

    pub(crate) async fn named(store: &Store, text: &str) -> Self {
        let wallet = Self { store: store.clone(), id: id() };
        let new = NewWallet { name: name(text), time_zone: "UTC".parse().unwrap() };
        wallet.change(async |tx| tx.insert_wallet(&new).await).await.unwrap();
        wallet
    }

    pub(crate) fn author(&self, at: Timestamp) -> Author {
        Author { wallet_id: self.id, actor: Actor::operator(), request_id: Some("req-1".to_owned()), at }
    }

    /// One change with its event; undone when it fails.
    pub(crate) async fn change<T>(
        &self,
        change: impl AsyncFnOnce(&mut Tx) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        self.change_at(NOW, change).await
    }

    pub(crate) async fn change_at<T>(
        &self,
        at: Timestamp,
        change: impl AsyncFnOnce(&mut Tx) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        let mut tx = self.store.begin(self.author(at)).await?;
        let value = change(&mut tx).await?;
        tx.commit(id(), event(self.id.0)).await?;
        Ok(value)
    }

    pub(crate) async fn read(&self) -> store::Read {
        self.store.read().await.unwrap()
    }

    /// How many events the audit log has.
    pub(crate) async fn events(&self) -> usize {
        let mut read = self.read().await;
        read.audit_events(self.id, &store::AuditFilter::default(), &by((), 1000)).await.unwrap().items.len()
    }
}

/// An id that sorts after every one before it, as a UUIDv7 does.
pub(crate) fn id<T: From<Uuid>>() -> T {
    T::from(Uuid::from_u128((7 << 76) | (2 << 62) | u128::from(serial())))
}

pub(crate) fn serial() -> u64 {
    static COUNTER: AtomicU64 = AtomicU64::new(1);
    COUNTER.fetch_add(1, Ordering::Relaxed)
}

pub(crate) fn name(text: &str) -> Name {
    text.parse().unwrap()
}

pub(crate) fn notes(text: &str) -> Notes {
    text.parse().unwrap()
}

pub(crate) fn email(text: &str) -> Email {
    text.parse().unwrap()
}

pub(crate) fn event(target: Uuid) -> NewEvent {
    NewEvent::new(Action::WalletEdited, Target::new(target, "Acme"))
}

/// The first page, upwards.
pub(crate) fn by<S>(sort: S, limit: u32) -> List<S> {
    List { limit, after: None, q: None, sort, descending: false }
}

/// The same list after a place.
pub(crate) fn after<S>(list: List<S>, after: Option<Cursor>) -> List<S> {
    List { after, ..list }
}

pub(crate) fn api_key(text: &str) -> NewExternalSystem {
    NewExternalSystem {
        id: id(),
        kind: SystemKind::ApiKey,
        name: name(text),
        permissions: PermissionSet::from_names("wallet:view"),
        requests_per_minute: None,
        expires_on: date(2028, 1, 15),
        expires_at: "2028-01-16T00:00:00Z".parse().unwrap(),
        notes: Notes::none(),
        key_id: format!("{:016}", serial()),
        digest: Digest::from_bytes([7; 32]),
        created_by: Actor::operator(),
    }
}

/// One request of this system at an instant (epoch milliseconds), on the day of [`NOW`].
pub(crate) fn usage(wallet: &Wallet, system_id: ExternalSystemId, at: i64) -> NewUsage {
    let last_used_at = Timestamp::from_millisecond(at).ok();
    let day = date(2027, 1, 15);
    NewUsage { system_id, wallet_id: wallet.id, day, requests: 1, refusals: 0, last_used_at }
}

pub(crate) fn oauth_client(text: &str) -> NewExternalSystem {
    NewExternalSystem { kind: SystemKind::OauthClient, ..api_key(text) }
}

pub(crate) fn token_key() -> NewTokenKey {
    let NewIdentifierKey { public_jwk, sealed, .. } = identifier_key();
    NewTokenKey { id: id(), public_jwk, sealed }
}

pub(crate) fn role(text: &str) -> NewRole {
    NewRole { id: id(), name: name(text), permissions: PermissionSet::from_names("roles:change") }
}

pub(crate) fn user(text: &str, roles: &[RoleId]) -> NewUser {
    NewUser {
        id: id(),
        name: name(text),
        email: email(&format!("{}@example.org", text.to_lowercase().replace(' ', "."))),
        roles: roles.to_vec(),
        password_hash: Some("$argon2id$".to_owned()),
    }
}

pub(crate) fn session(user: &NewUser) -> NewSession {
    NewSession {
        id: id(),
        user_id: user.id,
        key_id: format!("{:016}", serial()),
        digest: Digest::from_bytes([8; 32]),
        expires_at: Timestamp::constant(1_800_003_600, 0),
    }
}

pub(crate) fn invitation() -> NewInvitation {
    NewInvitation {
        id: id(),
        key_id: format!("{:016}", serial()),
        digest: Digest::from_bytes([9; 32]),
        expires_at: Timestamp::constant(1_800_003_600, 0),
    }
}

pub(crate) fn identifier(text: &str) -> NewIdentifier {
    let id = id();
    NewIdentifier {
        id,
        name: name(text),
        method: model::DidMethod::Web,
        did: format!("did:web:wallet.example:{id}"),
        key: identifier_key(),
    }
}

pub(crate) fn identifier_key() -> NewIdentifierKey {
    let serial = serial();
    NewIdentifierKey {
        id: id(),
        public_jwk: json!({ "kty": "EC", "crv": "P-256", "x": serial }),
        sealed: serial.to_be_bytes().to_vec(),
    }
}

pub(crate) fn contact(text: &str) -> NewTrustedContact {
    NewTrustedContact {
        id: id(),
        name: name(text),
        did: format!("did:web:{}.example", serial()),
        notes: Notes::none(),
        credential_issuer: Some(format!("https://{}.example/issuer", serial())),
        credential_offer_endpoint: None,
    }
}

pub(crate) fn issuer_template(text: &str, signer: IdentifierId) -> NewIssuerTemplate {
    let claim = |path: &str, kind| TemplateClaim {
        path: path.parse().unwrap(),
        label: name(path),
        kind,
        mandatory: true,
        selectively_disclosable: kind == ClaimKind::Text,
    };
    NewIssuerTemplate {
        id: id(),
        name: name(text),
        vct: "urn:example:diploma".parse().unwrap(),
        claims: vec![claim("given_name", ClaimKind::Text), claim("degree.year", ClaimKind::Integer)],
        card: Card {
            name: name(text),
            description: notes("From Example University"),
            language: "en".parse().unwrap(),
            background_color: "#0a5a72".parse().unwrap(),
            text_color: "#ffffff".parse().unwrap(),
            logo_url: Some("https://example.org/logo.png".parse().unwrap()),
        },
        valid_for: Days::try_from(365).ok(),
        identifier_id: signer,
        status_list_id: None,
    }
}

pub(crate) fn status_list(text: &str, signer: IdentifierId) -> NewStatusList {
    NewStatusList { id: id(), name: name(text), identifier_id: signer, size: 100 }
}

pub(crate) fn credential(vct: &str) -> NewCredential {
    let compact = format!("eyJ.{}.sig~WyJzYWx0Il0~", serial());
    NewCredential {
        id: id(),
        vct: vct.to_owned(),
        issuer: "did:web:issuer.example".to_owned(),
        claims: json!({ "vct": vct, "given_name": "Ada" }),
        disclosures: vec!["/given_name".to_owned()],
        compact_sha256: compact.clone(),
        compact,
        issued_at: Some(NOW),
        valid_from: None,
        valid_until: None,
        live_status: None,
    }
}
