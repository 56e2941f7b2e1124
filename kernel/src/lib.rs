//! The kernel: what every feature needs, such as the server's state, the caller, problems, HTTP, the parts of pages,
//! outgoing requests and telemetry.

pub mod app;
pub mod caller;
pub mod clock;
pub mod collection;
pub mod console;
pub mod denials;
pub mod feature;
pub mod feed;
pub mod http;
pub mod idempotency;
pub mod keyed_digest;
pub mod master_key;
pub mod memory;
pub mod outage;
pub mod outbound;
pub mod problem;
pub mod protocol_request;
pub mod qr;
pub mod randomness;
pub mod rate_limit;
pub mod refusals;
pub mod sealing;
pub mod secrets;
pub mod sessions;
pub mod sizes;
pub mod telemetry;
pub mod webhooks;
