//! What an operator sees of a running server, and what must not be there.

mod log;
mod metrics;
mod traces;
