//! A form in a dialog: its frame, which `console/dialog.html` draws around the fields of a feature's template.

/// Where a dialog comes from and goes to.
#[derive(Debug)]
pub(crate) struct Dialog {
    /// What it is for.
    pub(crate) title: &'static str,
    /// Where its form is sent.
    pub(crate) action: String,
    /// The page below it.
    pub(crate) back: String,
}
