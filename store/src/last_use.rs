//! When keys were last used: written in batches, beside the revisions, because using is not changing.

use model::ExternalSystemId;

use crate::{Store, StoreError};

impl Store {
    /// Writes the instants (epoch milliseconds) at which keys were last used. An earlier one never
    /// overwrites a later one.
    pub async fn record_last_use(&self, uses: &[(ExternalSystemId, i64)]) -> Result<(), StoreError> {
        let mut conn = self.write().await?;
        for (id, at) in uses {
            execute!(
                conn,
                "UPDATE external_systems SET last_used_at = $2 WHERE id = $1 AND COALESCE(last_used_at, 0) < $2",
                id.to_string(),
                *at,
            )?;
        }
        conn.finish().await
    }
}
