//! Whole lists, page by page.

use kernel::problem::Problem;
use store::{List, Page};

/// Every item of a list.
pub(super) async fn every<S, T>(
    sort: S,
    page: impl AsyncFn(&List<S>) -> Result<Page<T>, Problem>,
) -> Result<Vec<T>, Problem> {
    let mut next = List { limit: 200, after: None, q: None, sort, descending: false };
    let mut items = Vec::new();
    loop {
        let Page { items: more, next: after, .. } = page(&next).await?;
        items.extend(more);
        match after {
            Some(after) => next.after = Some(after),
            None => return Ok(items),
        }
    }
}
