//! What the gate takes of a whole request, and the server of bare axum.

use std::net::SocketAddr;

use anyhow::Result;

use crate::interleave::{Contestant, Pace, Rate, interleave};
use crate::keys::Text;
use crate::load::{Loader, Requests};
use crate::numbers::Spread;
use crate::seeded::Served;

/// How many connections load a server.
pub(crate) const CONNECTIONS: usize = 32;

/// Who the caller is, to any caller.
pub(crate) const ME: &str = "/api/v1/me";
/// A constant answer for whoever has a permission.
pub(crate) const OK: &str = "/key/v1/ok";

/// The name of the route to any caller on a connection without time-outs and bounds.
pub(crate) const UNLIMITED: &str = "/api/v1/me without limits";

/// A route against another one.
#[derive(Debug)]
pub(crate) struct Pair {
    pub(crate) first: String,
    pub(crate) second: String,
    /// How many keys the server knows.
    pub(crate) count: usize,
    pub(crate) choice: Choice,
    pub(crate) first_rate: Rate,
    pub(crate) second_rate: Rate,
    /// The first divided by the second.
    pub(crate) ratio: Spread,
    /// The second divided by itself, on other connections: what differs from 1 is noise.
    pub(crate) noise: Spread,
}

/// Which key a request has.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Choice {
    /// Each connection keeps its own, as clients do.
    Own,
    /// Each request has another one, of all that there are.
    Random,
}

impl Choice {
    /// What is asked of this route.
    pub(crate) fn requests(self, path: &str, keys: Vec<Text>) -> Requests {
        match self {
            Self::Own => Requests::own_key(path, keys),
            Self::Random => Requests::random_key(path, keys),
        }
    }

    pub(crate) const fn shown(self) -> &'static str {
        match self {
            Self::Own => "each connection its own",
            Self::Random => "a random one per request",
        }
    }
}

/// Routes with the gate against the same without it.
pub(crate) fn with_and_without_gate(loader: &mut Loader, served: &Served<'_>, pace: Pace) -> Result<Vec<Pair>> {
    let mut pairs = Vec::new();
    for choice in [Choice::Own, Choice::Random] {
        for (with, without) in [(ME, "/raw/v1/me"), (OK, "/raw/v1/ok")] {
            let (with, without) = (Route::of(served, with), Route::of(served, without));
            pairs.push(compare(loader, served, (with, without), choice, pace)?);
        }
    }
    Ok(pairs)
}

/// Routes of the server against an answer of bare axum.
pub(crate) fn with_and_without_server(loader: &mut Loader, served: &Served<'_>, pace: Pace) -> Result<Vec<Pair>> {
    let bare = Route { path: "/raw/v1/ok", address: served.bare, name: "bare axum" };
    let routes = [ME, OK].map(|path| Route::of(served, path));
    routes.into_iter().map(|route| compare(loader, served, (route, bare), Choice::Own, pace)).collect()
}

/// The same route on connections with the limits that `claviger` has by default, and with none.
pub(crate) fn with_and_without_limits(loader: &mut Loader, served: &Served<'_>, pace: Pace) -> Result<Pair> {
    let unlimited = Route { path: ME, address: served.unlimited, name: UNLIMITED };
    compare(loader, served, (Route::of(served, ME), unlimited), Choice::Own, pace)
}

#[derive(Clone, Copy)]
struct Route {
    path: &'static str,
    address: SocketAddr,
    name: &'static str,
}

impl Route {
    fn of(served: &Served<'_>, path: &'static str) -> Self {
        Self { path, address: served.address, name: path }
    }
}

fn compare(
    loader: &mut Loader,
    served: &Served<'_>,
    (first, second): (Route, Route),
    choice: Choice,
    pace: Pace,
) -> Result<Pair> {
    let mut contestant = |route: Route| {
        let requests = choice.requests(route.path, served.keys.texts());
        let pool = loader.connect(route.address, CONNECTIONS, 200, requests)?;
        Ok::<_, anyhow::Error>(Contestant::new(&served.server, [pool]))
    };
    let mut contestants = [contestant(first)?, contestant(second)?, contestant(second)?];
    interleave(loader, &mut contestants, pace)?;
    let [one, other, again] = &contestants;
    Ok(Pair {
        first: first.name.to_owned(),
        second: second.name.to_owned(),
        count: served.count,
        choice,
        first_rate: one.rate(),
        second_rate: other.rate(),
        ratio: one.ratio(other),
        noise: again.ratio(other),
    })
}
