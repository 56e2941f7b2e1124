//! The entries of a list: each belongs to one credential, from its issuance on.

use kernel::app::App;
use kernel::caller::Transaction;
use kernel::problem::{Code, Problem};
use model::StatusListId;

use super::{Status, StatusReference, uri};

/// How often an entry is drawn blindly. A list that is half full says yes after two tries; in one that is nearly full
/// the free entries are counted instead.
const DRAWS: u32 = 8;

/// Gives a random unused entry of the list to a credential that is about to be issued, valid; none when the list is
/// full, or gone. A random one, so that it tells neither when the credential was issued nor how many were before it
/// (draft-ietf-oauth-status-list, "Unlinkability").
pub async fn reserve(
    change: &mut Transaction<'_>,
    app: &App,
    list: StatusListId,
) -> Result<Option<StatusReference>, Problem> {
    let wallet = change.wallet_id();
    let Some(version) = change.status_list_version(wallet, list).await? else { return Ok(None) };
    let reference = |index: u32| StatusReference { uri: uri(app, wallet, list), index: index.into() };
    for _ in 0..DRAWS {
        let index = draw(app, version.size);
        if change.take_status_list_entry(list, index).await? {
            return Ok(Some(reference(index)));
        }
    }
    let taken = change.status_list_indices(wallet, list).await?;
    let free = u32::try_from(taken.len()).ok().and_then(|taken| version.size.checked_sub(taken)).unwrap_or(0);
    if free == 0 {
        return Ok(None);
    }
    let index = nth_free(&taken, draw(app, free));
    // Changes happen one after the other, so what was free is free.
    if change.take_status_list_entry(list, index).await? {
        Ok(Some(reference(index)))
    } else {
        Err(Code::Internal.into())
    }
}

/// Changes what the list says of a credential. The list is signed anew when it is next asked for.
///
/// # Errors
///
/// No such entry in the wallet of the change (404), a credential that was revoked, which is for good (409).
pub async fn set(change: &mut Transaction<'_>, reference: &StatusReference, status: Status) -> Result<(), Problem> {
    let wallet = change.wallet_id();
    // The address may be that of an earlier public URL; the id at its end is the list's own.
    let list = reference.uri.rsplit('/').next().and_then(|id| id.parse::<StatusListId>().ok());
    let entry = list.zip(u32::try_from(reference.index).ok());
    let (list, index) = entry.ok_or(Code::NotFound)?;
    let before = change.status_list_entry(wallet, list, index).await?.ok_or(Code::NotFound)?;
    match (before, status) {
        (before, status) if before == status => Ok(()),
        (Status::Revoked, _) => Err(Code::CredentialRevoked.into()),
        _ => {
            change.set_status_list_entry(list, index, status).await?;
            Ok(())
        }
    }
}

/// A number below this one, which is not zero. Of 2⁶⁴ numbers no remainder comes noticeably more often than another.
fn draw(app: &App, below: u32) -> u32 {
    let mut bytes = [0; 8];
    app.randomness.fill(&mut bytes);
    u32::try_from(u64::from_le_bytes(bytes) % u64::from(below.max(1))).unwrap_or(0)
}

/// The entry that has `n` free ones before it; `taken` is sorted.
fn nth_free(taken: &[u32], n: u32) -> u32 {
    taken.iter().fold(n, |index, taken| if *taken <= index { index + 1 } else { index })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn free_entries_are_counted_between_those_that_are_taken() {
        let found: Vec<u32> = (0..4).map(|n| nth_free(&[0, 2, 3, 6], n)).collect();
        assert_eq!(found, [1, 4, 5, 7]);
        assert_eq!(nth_free(&[], 3), 3);
    }
}
