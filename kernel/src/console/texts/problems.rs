//! The pages of problems.

pub(crate) const BACK: &str = "Back to the wallet";
pub const ERROR: &str = "Error";
pub(crate) const FORBIDDEN: &str = "You cannot do this";
pub(crate) const FORBIDDEN_TEXT: &str = "An administrator of this wallet can assign it to one of your roles.";
pub const NEEDED: &str = "It needs the permission";
pub const NOT_FOUND: &str = "This page does not exist";
pub(crate) const NOT_FOUND_TEXT: &str = "The address may be mistyped, or what it showed was deleted.";
pub const REQUEST: &str = "Request";
pub(crate) const NOT_UNDERSTOOD: &str = "This address is not understood";
pub(crate) const NOT_UNDERSTOOD_TEXT: &str =
    "It asks for something that the page does not know. Go back, and choose again on the page itself.";
