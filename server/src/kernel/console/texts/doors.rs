//! Sign-in, set-up and invitation.

pub(crate) const SIGN_IN: &str = "Sign in";
pub(crate) const EMAIL: &str = "Email";
pub(crate) const PASSWORD: &str = "Password";
pub(crate) const PASSWORD_HELP: &str = "At least 12 characters. A few unrelated words are strong and easy to keep.";

pub(crate) const WHICH_WALLET: &str = "Wallet";
pub(crate) const SEVERAL_WALLETS: &str =
    "This address and password are those of several wallets. Choose one and type the password again.";

pub(crate) const SET_UP: &str = "Set up the wallet";
pub(crate) const SET_UP_LEAD: &str = "Name the wallet and make its first administrator.";
pub(crate) const CODE: &str = "One-time code";
pub(crate) const SET_UP_CODE_HELP: &str = "The server printed it at its first start.";
pub(crate) const WALLET: &str = "Wallet name";
pub(crate) const WALLET_PRESET: &str = "My organisation";
pub(crate) const WALLET_HELP: &str = "Your organisation, as others know it.";
pub(crate) const TIME_ZONE: &str = "Time zone";
pub(crate) const TIME_ZONE_HELP: &str = "Keys end with the day in this time zone.";
pub(crate) const NAME: &str = "Your name";
pub(crate) const CREATE: &str = "Create the wallet";

pub(crate) const INVITATION: &str = "Accept the invitation";
pub(crate) const WELCOME: &str = "Welcome to Claviger";
pub(crate) const INVITATION_LEAD: &str = "Choose a password to sign in to your organisation’s wallet.";
pub(crate) const INVITATION_CODE_HELP: &str = "It is part of the link you were sent.";
pub(crate) const SET_PASSWORD: &str = "Set password and sign in";
