//! The gate's rules, each as a request would meet it.

mod d1_one_thing_presented;
mod d6_what_a_denial_tells;
mod limits;
mod live_state;
mod m16_access_tokens;
mod support;
