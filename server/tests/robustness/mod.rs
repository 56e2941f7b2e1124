//! Whatever is sent, the server does not fail and nobody is let in.

mod bodies;
mod browsers;
mod connections;
mod every_route;
mod floods;
mod head;
mod headers;
mod hosts;
mod limits;
mod panics;
mod unavailable;
