//! `/wallets/{id}/openid4vci/…` and the metadata: what a holder's wallet reaches without a key.

mod credential;
mod life;
mod metadata;
mod proof;
mod races;
mod token;
mod told;
