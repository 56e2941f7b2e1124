//! Sign-in, set-up and invitation.

pub const SIGN_IN: &str = "Sign in";
pub const EMAIL: &str = "Email";
pub const PASSWORD: &str = "Password";
pub const PASSWORD_HELP: &str = "At least 12 characters. A few unrelated words are strong and easy to keep.";

pub const WHICH_WALLET: &str = "Wallet";
pub const SEVERAL_WALLETS: &str =
    "This address and password are those of several wallets. Choose one and type the password again.";

pub const SET_UP: &str = "Set up the wallet";
pub const SET_UP_LEAD: &str = "Name the wallet and make its first administrator.";
pub const CODE: &str = "One-time code";
pub const SET_UP_CODE_HELP: &str = "The server printed it at its first start.";
pub const WALLET: &str = "Wallet name";
pub const WALLET_PRESET: &str = "My organisation";
pub const WALLET_HELP: &str = "Your organisation, as others know it.";
pub const TIME_ZONE: &str = "Time zone";
pub const TIME_ZONE_HELP: &str = "Keys end with the day in this time zone.";
pub const NAME: &str = "Your name";
pub const CREATE: &str = "Create the wallet";

pub const INVITATION: &str = "Accept the invitation";
pub const WELCOME: &str = "Welcome to Claviger";
pub const INVITATION_LEAD: &str = "Choose a password to sign in to your organisation’s wallet.";
pub const INVITATION_CODE_HELP: &str = "It is part of the link you were sent.";
pub const SET_PASSWORD: &str = "Set password and sign in";
