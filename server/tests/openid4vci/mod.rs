//! `/wallets/{id}/openid4vci/…` and the metadata: what a holder's wallet reaches without a key.

mod authorization_details;
mod credential;
mod did_web_holder;
mod life;
mod metadata;
mod proof;
mod races;
mod token;
mod told;
