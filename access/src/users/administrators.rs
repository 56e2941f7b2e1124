//! Nobody is locked out (mission D5): somebody can always hand out access and manage the people.

use kernel::caller::Transaction;
use kernel::problem::{Code, Problem};
use model::{Permission, PermissionSet};

/// What an administrator holds.
const NEEDED: [&str; 2] = ["api_access:change", "users:change"];

/// Whether an active user of the wallet holds both, as the change sees it.
pub(crate) async fn exist(change: &mut Transaction<'_>) -> Result<bool, Problem> {
    let needed: PermissionSet = NEEDED.iter().filter_map(|name| name.parse::<Permission>().ok()).collect();
    let wallet = change.wallet_id();
    let users = change.active_permissions(wallet).await?;
    Ok(users.into_values().any(|held| held.contains_all(needed)))
}

/// Refuses a change after which nobody does, where before it somebody did. Changes happen one after the
/// other, so two that each leave the other's administrator cannot both pass.
pub(crate) async fn check_remain(change: &mut Transaction<'_>, before: bool) -> Result<(), Problem> {
    if before && !exist(change).await? { Err(Code::LastAdministrator.into()) } else { Ok(()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn d5_both_names_are_permissions() {
        let needed: PermissionSet = NEEDED.iter().filter_map(|name| name.parse::<Permission>().ok()).collect();
        assert_eq!(needed.to_string(), "api_access:change api_access:view users:change users:view");
    }
}
