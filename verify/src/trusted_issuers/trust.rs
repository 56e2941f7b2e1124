//! Whether an issuer's word is taken.

use std::fmt;

use model::{Name, TrustPolicy, WalletId};
use store::{Conn, StoreError};

/// Whether an issuer is trusted for credentials of a type, and by what.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Trust {
    /// The policy takes anybody's word.
    AnyIssuer,
    /// It stands on the list under this name, for this type.
    Listed(Name),
    /// It stands on the list under this name, but for other types.
    OtherType(Name),
    /// It stands on the list under this name, but is not among those that were chosen.
    NotChosen(Name),
    /// It does not stand on the list.
    NotListed,
}

/// Whether `issuer` is trusted for credentials of type `vct` by this policy: only if it stands on the wallet's list, is
/// among those that the policy names, and is trusted for that type — or if the policy says that anybody is.
///
/// # Errors
///
/// When the database does not answer.
pub async fn trusts(
    conn: &mut Conn,
    wallet: WalletId,
    policy: &TrustPolicy,
    issuer: &str,
    vct: &str,
) -> Result<Trust, StoreError> {
    if *policy == TrustPolicy::AnyIssuer {
        return Ok(Trust::AnyIssuer);
    }
    let Some(found) = conn.trusted_issuer_called(wallet, issuer).await? else { return Ok(Trust::NotListed) };
    Ok(match policy {
        TrustPolicy::ChosenIssuers(chosen) if !chosen.contains(&found.id) => Trust::NotChosen(found.name),
        _ if found.types.allows(vct) => Trust::Listed(found.name),
        _ => Trust::OtherType(found.name),
    })
}

impl Trust {
    /// Whether it is trusted.
    pub fn is_given(&self) -> bool {
        match self {
            Self::AnyIssuer | Self::Listed(_) => true,
            Self::OtherType(_) | Self::NotChosen(_) | Self::NotListed => false,
        }
    }
}

/// As a sentence of a verification's result.
impl fmt::Display for Trust {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::AnyIssuer => f.write_str("The template accepts any issuer."),
            Self::Listed(name) => write!(f, "“{name}” is trusted for this type."),
            Self::OtherType(name) => write!(f, "“{name}” is trusted, but not for this type."),
            Self::NotChosen(name) => write!(f, "“{name}” is trusted, but was not chosen for this template."),
            Self::NotListed => f.write_str("The issuer is not among the trusted issuers."),
        }
    }
}
