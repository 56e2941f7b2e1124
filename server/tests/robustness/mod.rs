//! Whatever is sent, the server does not fail and nobody is let in.

mod bodies;
mod browsers;
mod connections;
mod floods;
mod head;
mod headers;
mod limits;
mod panics;
mod unavailable;
