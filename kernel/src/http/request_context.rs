//! Per-request context: id, arrival time, authenticated caller, rate limit.

use std::sync::{Arc, OnceLock};

use gate::{Caller, Rate};
use http::{Extensions, HeaderMap};

use super::RequestId;
use super::rate_limit_headers::{self, Policy};
use crate::app::App;

/// The context of a request, shared by the outermost layer and the code that admits or counts the request.
#[derive(Clone, Debug)]
pub struct RequestContext(Arc<Shared>);

#[derive(Debug)]
struct Shared {
    id: RequestId,
    /// When it came, in epoch milliseconds.
    at: i64,
    caller: OnceLock<Caller>,
    limit: OnceLock<(Policy, Rate)>,
}

impl RequestContext {
    /// Of a request that came at this instant, in epoch milliseconds.
    pub fn new(id: RequestId, at: i64) -> Self {
        Self(Arc::new(Shared { id, at, caller: OnceLock::new(), limit: OnceLock::new() }))
    }

    /// The id of the request.
    pub fn id(&self) -> RequestId {
        self.0.id
    }

    /// Notes the admitted caller, and the rest of its limit.
    pub fn admitted(&self, caller: Caller) {
        let _ = self.0.caller.set(caller);
    }

    /// Notes under which limit the request was counted; the first one counts.
    pub fn limited(&self, policy: Policy, rate: Rate) {
        let _ = self.0.limit.set((policy, rate));
    }

    /// Whether the request was counted under this limit.
    pub(crate) fn is_limited(&self, policy: Policy) -> bool {
        self.0.limit.get().is_some_and(|(counted, _)| *counted == policy)
    }

    /// The admitted caller.
    pub fn caller(&self) -> Option<&Caller> {
        self.0.caller.get()
    }

    /// Writes the headers of the limit that the request was counted under: of its address, else of its caller.
    pub fn write_limit(&self, headers: &mut HeaderMap) {
        let of_caller = || self.caller().and_then(|caller| Some((Policy::Key, caller.rate?)));
        if let Some((policy, rate)) = self.0.limit.get().copied().or_else(of_caller) {
            rate_limit_headers::write(policy, rate, headers);
        }
    }
}

impl App {
    /// When the request with these extensions came, in epoch milliseconds: the clock is read once for each.
    pub fn came_at(&self, extensions: &Extensions) -> i64 {
        extensions.get::<RequestContext>().map_or_else(|| self.clock.millis(), |context| context.0.at)
    }
}
