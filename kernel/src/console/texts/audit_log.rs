//! Records, Audit log.

use model::ActorKind;

use crate::console::list_view::ListTexts;

pub const LIST: ListTexts = ListTexts {
    title: "Audit log",
    // The time zone is in it.
    lead: "",
    icon: "audit",
    // Events are added by what they tell of.
    add: "",
    name: WHEN,
    none_yet: ("No events yet", "Every change in this wallet will be listed here."),
    no_match: ("No event matches", "Try fewer letters, or another action."),
    show_all: "Show all events",
    notice: |_| None,
};

pub const EVENTS: &str = "Events";

pub const WHEN: &str = "When";
pub const ACTOR: &str = "Actor";
pub const ACTION: &str = "Action";
pub const TARGET: &str = "Target";
pub const DETAILS: &str = "Details";
pub const ALL: &str = "All";
pub const SEARCH_HELP: &str = "In the names of actor and target";

pub const NOTHING: &str = "nothing";
pub const COMMA: &str = ", ";
pub const BECAME: &str = "became";

pub fn lead(zone: &str) -> String {
    format!("Every change in this wallet, and who made it. Times are in {zone}.")
}

pub fn request(id: &str) -> String {
    format!("Request {id}")
}

pub const fn actor(kind: ActorKind) -> &'static str {
    match kind {
        ActorKind::User => "User",
        ActorKind::ApiKey => "API key",
        ActorKind::OauthClient => "OAuth client",
        ActorKind::Operator => "Operator",
        ActorKind::Server => "Server",
    }
}

/// The name of a particular; one that a later release wrote is shown as it is.
pub fn member(name: &str) -> &str {
    match name {
        "name" => "Name",
        "notes" => "Notes",
        "permissions" => "Permissions",
        "expires_on" => "Expiry date",
        "email" => "Email",
        "roles" => "Roles",
        "time_zone" => "Time zone",
        "did" => "DID",
        "size" => "Room for",
        "method" => "Method",
        "key_id" => "Key",
        "token_id" => "Token",
        "expires_in" => "Seconds valid",
        "count" => "How often",
        "addresses" => "From addresses",
        "descendants" => "With it",
        "ended_with" => "Together with",
        "vct" => "Type",
        "issuer" => "Issuer",
        "credential_issuer" => "Credential issuer",
        "credentials" => "Credentials",
        "reason" => "Reason",
        "status" => "Status",
        "credential_offer_endpoint" => "Credential offer endpoint",
        "fields" => "Fields",
        "template" => "Template",
        "verifier" => "Verifier",
        "failed" => "Failed checks",
        "retention_days" => "Days kept",
        "claims" => "Claims",
        "title" => "Title",
        "description" => "Description",
        "language" => "Language",
        "background_color" => "Background colour",
        "text_color" => "Text colour",
        "logo_url" => "Logo",
        "valid_for_days" => "Days valid",
        "identifier_id" => "Identifier",
        "status_list_id" => "Status list",
        "any_vct" => "Any type",
        "vcts" => "Types",
        "purpose" => "Purpose",
        "query" => "Query",
        "trust" => "Trusts",
        "trusted_issuers" => "Chosen issuers",
        "correlation_id" => "Reference",
        other => other,
    }
}
