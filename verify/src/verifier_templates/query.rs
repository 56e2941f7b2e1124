//! Checking the query of a template, so that every refusal names the place in it.

use kernel::http::{Fields, Raw};
use kernel::problem::FieldError;
use serde_json::Value;
use vc::dcql::{DcqlError, Fault, Query};

/// The longest query, in bytes. It goes into every request.
const MAX_BYTES: usize = 32 * 1024;

/// A query that can be asked.
pub(super) struct AskableQuery;

impl Raw<AskableQuery> for Value {
    fn refusal(&self) -> Option<String> {
        let mut fields = Fields::default();
        check(&mut fields, self);
        let FieldError { field, message, .. } = fields.first()?;
        let place = field.trim_start_matches("query").trim_start_matches('.');
        Some(if place.is_empty() { message } else { format!("{place} {message}") })
    }
}

/// Refuses what cannot be asked. What a query says beyond the standard stays: readers ignore it (OpenID4VP 1.0 §6).
pub(super) fn check(fields: &mut Fields, query: &Value) {
    if query.to_string().len() > MAX_BYTES {
        fields.refuse("query", "invalid", format!("must have at most {MAX_BYTES} bytes"));
    } else if let Err(error) = Query::parse(query).and_then(|query| query.check_as_verifier()) {
        fields.refuse(&field(&error), code(&error.fault), &error.fault);
    }
}

fn field(error: &DcqlError) -> String {
    if error.place.is_empty() { "query".to_owned() } else { format!("query.{}", error.place) }
}

fn code(fault: &Fault) -> &'static str {
    match fault {
        Fault::Missing | Fault::ClaimIdMissing => "required",
        _ => "invalid",
    }
}
