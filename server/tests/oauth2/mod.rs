//! `/oauth2/…`: from a client's secret to a token, and what a token is worth (mission M16).

mod attacks;
mod audit;
mod lifecycle;
mod limits;
mod live_state;
mod token;
