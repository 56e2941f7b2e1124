//! Wallet, Public profile, and the page that everybody sees.

pub const TITLE: &str = "Public profile";
pub const LEAD: &str = "What everybody may know of your organisation, and how they can check it.";
pub const PUBLISHED: &str = "Published";
pub const NOT_PUBLISHED: &str = "Not published";
pub const PUBLIC_PAGE: &str = "Open public page";
pub const LINK: &str = "Public link";
pub const WAS_SAVED: &str = "The profile was saved.";

pub const CONTENT: &str = "Content";
pub const PUBLISH: &str = "Publish this profile";
pub const PUBLISH_HELP: &str =
    "Everybody can then see what is chosen here, without signing in. Nothing else of the wallet becomes public.";
pub const NAME: &str = "Display name";
pub const DESCRIPTION: &str = "Description";
pub const DESCRIPTION_HELP: &str = "What your organisation does, in a few sentences.";
pub const WEBSITE: &str = "Website";
pub const EMAIL: &str = "Contact e-mail";
pub const LOGO: &str = "Logo URL";
pub const LOGO_HELP: &str = "An image on an https address. Whoever looks at the page loads it from there.";

pub const IDENTIFIERS: &str = "Identifiers";
pub const IDENTIFIERS_HELP: &str = "A did:web also proves that this domain is yours (DID configuration).";
pub const NO_IDENTIFIERS: &str = "The wallet has no identifier yet.";
pub const CREDENTIALS: &str = "Credentials";
pub const CREDENTIALS_HELP: &str =
    "Shown with all their claims, and signed as a linked presentation of each chosen did:web.";
pub const NO_CREDENTIALS: &str = "The wallet holds no credential yet.";
pub const NOT_YOURS_TO_CHOOSE: &str = "To choose them you need the permission to view them.";

pub const PREVIEW: &str = "Preview";
pub const PREVIEW_LEAD: &str = "What was saved last, as everybody sees it once it is published.";

pub const DIDS: &str = "Identifiers";
pub const ISSUED_BY: &str = "Issued by";
pub const VALIDITY: &str = "Validity";
pub const SIGNED: &str = "Signed presentation";
