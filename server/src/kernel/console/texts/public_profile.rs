//! Wallet, Public profile, and the page that everybody sees.

pub(crate) const TITLE: &str = "Public profile";
pub(crate) const LEAD: &str = "What everybody may know of your organisation, and how they can check it.";
pub(crate) const PUBLISHED: &str = "Published";
pub(crate) const NOT_PUBLISHED: &str = "Not published";
pub(crate) const PUBLIC_PAGE: &str = "Open public page";
pub(crate) const LINK: &str = "Public link";
pub(crate) const WAS_SAVED: &str = "The profile was saved.";

pub(crate) const CONTENT: &str = "Content";
pub(crate) const PUBLISH: &str = "Publish this profile";
pub(crate) const PUBLISH_HELP: &str =
    "Everybody can then see what is chosen here, without signing in. Nothing else of the wallet becomes public.";
pub(crate) const NAME: &str = "Display name";
pub(crate) const DESCRIPTION: &str = "Description";
pub(crate) const DESCRIPTION_HELP: &str = "What your organisation does, in a few sentences.";
pub(crate) const WEBSITE: &str = "Website";
pub(crate) const EMAIL: &str = "Contact e-mail";
pub(crate) const LOGO: &str = "Logo URL";
pub(crate) const LOGO_HELP: &str = "An image on an https address. Whoever looks at the page loads it from there.";

pub(crate) const IDENTIFIERS: &str = "Identifiers";
pub(crate) const IDENTIFIERS_HELP: &str = "A did:web also proves that this domain is yours (DID configuration).";
pub(crate) const NO_IDENTIFIERS: &str = "The wallet has no identifier yet.";
pub(crate) const CREDENTIALS: &str = "Credentials";
pub(crate) const CREDENTIALS_HELP: &str =
    "Shown with all their claims, and signed as a linked presentation of each chosen did:web.";
pub(crate) const NO_CREDENTIALS: &str = "The wallet holds no credential yet.";
pub(crate) const NOT_YOURS_TO_CHOOSE: &str = "To choose them you need the permission to view them.";

pub(crate) const PREVIEW: &str = "Preview";
pub(crate) const PREVIEW_LEAD: &str = "What was saved last, as everybody sees it once it is published.";

pub(crate) const DIDS: &str = "Identifiers";
pub(crate) const ISSUED_BY: &str = "Issued by";
pub(crate) const VALIDITY: &str = "Validity";
pub(crate) const SIGNED: &str = "Signed presentation";
