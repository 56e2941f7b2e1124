//! Live parts of a page: a QR code that waits for a wallet, a status.
//!
//! Such a part is an element with an id and the attribute of [`live`], which holds the page's own address. The
//! console's script fetches that page again and again and fills the part with what the new page has in its place, until
//! the new part is not live any more, because there is nothing left to wait for. Without the script the page is up to
//! date whenever it is loaded. The server does nothing for it but answer the page, so a user who may no longer view it
//! is refused as usual, and the part stays as it is.
//!
//! ```html
//! <section id="offer"{{ self.live() }}> … </section>
//! ```

use askama::Template;
use askama::filters::HtmlSafe;

/// The attribute of a live part, with a space before it; nothing when there is nothing to wait for.
#[derive(Clone, Copy, Template)]
#[template(path = "console/live.html")]
pub struct Live<'a> {
    url: Option<&'a str>,
}

/// Marks an element as live while there is an address to look at.
pub const fn live(url: Option<&str>) -> Live<'_> {
    Live { url }
}

impl HtmlSafe for Live<'_> {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_waits_is_live() {
        assert_eq!(live(Some("/offers/1?a=1&b")).render().unwrap(), r#" data-live="/offers/1?a=1&#38;b""#);
        assert_eq!(live(None).render().unwrap(), "");
    }
}
