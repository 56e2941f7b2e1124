//! Which of the wallet's own keys a credential is bound to. It is looked up whenever it is asked for, because
//! identifiers come and go: nothing that is remembered could be wrong.

use kernel::app::App;
use kernel::problem::{Code, Problem};
use model::{DidMethod, IdentifierId, OwnedKey, WalletId};
use serde_json::Value;
use store::Conn;
use vc::did::did_jwk_key_id;
use vc::keys::{PublicJwk, SigningKey};
use vc::sd_jwt_vc::HolderKey;

/// The keys of all identifiers of a wallet.
pub(crate) struct HolderKeys(Vec<(OwnedKey, HolderNames)>);

/// How a credential may name a key (RFC 7800 §3).
struct HolderNames {
    thumbprint: String,
    kid: Option<String>,
}

impl HolderKeys {
    /// Those of this wallet.
    pub(crate) async fn of(conn: &mut Conn, wallet: WalletId) -> Result<Self, Problem> {
        let keys = conn.owned_keys(wallet).await?;
        Ok(Self(
            keys.into_iter().filter_map(|key| Some((names(&key)?, key))).map(|(names, key)| (key, names)).collect(),
        ))
    }

    /// The key that the claims of a credential name in `cnf`; none when it is not bound, or to somebody else's key.
    pub(crate) fn bound(&self, claims: &Value) -> Option<&OwnedKey> {
        let bound = HolderKey::of(claims.get("cnf")?).ok()?;
        let is_it = |names: &HolderNames| match &bound {
            HolderKey::Thumbprint(thumbprint) => names.thumbprint == *thumbprint,
            HolderKey::KeyId(kid) => names.kid.as_deref() == Some(kid),
        };
        self.0.iter().find(|(_, names)| is_it(names)).map(|(key, _)| key)
    }

    /// The identifier to whose key a credential is bound when nobody says which, of those by a method that fits: the
    /// first did:jwk, which every issuer knows, or else the first of all.
    pub(crate) fn preset(&self, fits: impl Fn(DidMethod) -> bool) -> Option<IdentifierId> {
        let mut keys = self.0.iter().map(|(key, _)| key).filter(|key| fits(key.method));
        let first = keys.clone().next();
        keys.find(|key| key.method == DidMethod::Jwk).or(first).map(|key| key.identifier_id)
    }
}

/// Takes one of the wallet's keys out of its seal; also one that another has replaced, because what is bound to it
/// stays bound to it.
pub(crate) async fn open(app: &App, conn: &mut Conn, wallet: WalletId, key: &OwnedKey) -> Result<SigningKey, Problem> {
    let sealed = conn.sealed_key(wallet, key.key.id).await?.ok_or(Code::NotFound)?;
    app.sealing.open_key(&sealed, &key.key.id.to_string())
}

fn names(key: &OwnedKey) -> Option<HolderNames> {
    let public: PublicJwk = serde_json::from_value(key.key.public_jwk.clone()).ok()?;
    let kid = match key.method {
        DidMethod::Jwk => key.did.parse().ok().map(|did| did_jwk_key_id(&did)),
        DidMethod::Web => Some(format!("{}#{}", key.did, key.key.id)),
    };
    Some(HolderNames { thumbprint: public.thumbprint(), kid })
}
