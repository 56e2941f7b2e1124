//! Whatever is sent, the server does not fail and nobody is let in.

mod bodies;
mod headers;
