//! Settings, IAM, API Access.

use model::SystemKind;

pub const TITLE: &str = "API Access";
pub const LEAD: &str = "External systems that may call this wallet, and what each of them may do.";

/// The texts of one kind of external system.
pub struct Words {
    /// The id of the section.
    pub id: &'static str,
    pub section: &'static str,
    /// Before and after what is sent.
    pub section_lead: (&'static str, &'static str),
    pub header: &'static str,
    pub plural: &'static str,
    pub name: &'static str,
    pub name_help: &'static str,
    pub none_yet: &'static str,
    pub none_yet_lead: &'static str,
    pub no_match: &'static str,
    pub add: &'static str,
    pub edit: &'static str,
    pub never_changes: &'static str,
    pub delete: &'static str,
    pub delete_lead: &'static str,
    pub created: &'static str,
    pub copy_now: &'static str,
    pub try_help: &'static str,
    pub was_edited: &'static str,
    pub was_deleted: &'static str,
}

pub const API_KEY: Words = Words {
    id: "api-keys",
    section: "API key API access",
    section_lead: (
        "An API key opens the wallet to one external system: it is sent with each request in the header",
        ", reaches what its roles allow, and ends with its expiry date.",
    ),
    header: "x-api-key",
    plural: "API keys",
    name: "Name",
    name_help: "Unique in the wallet. It cannot be changed later.",
    none_yet: "No API keys yet",
    none_yet_lead: "Add one for each external system, so that each has only the access it needs and can be ended by itself.",
    no_match: "No API key matches",
    add: "Add API key",
    edit: "Edit API key",
    never_changes: "Name and expiry date never change. For another expiry date, add a new key.",
    delete: "Delete API key",
    delete_lead: "Every request that presents this key is refused from this moment. This cannot be undone; its name can be used again.",
    created: "API key created",
    copy_now: "Copy the key now.",
    try_help: "The answer names the key, its permissions and its expiry.",
    was_edited: "The API key was saved. Its permissions are in force from its next request.",
    was_deleted: "The API key was deleted. It stopped working at once.",
};

pub const OAUTH_CLIENT: Words = Words {
    id: "oauth-clients",
    section: "OAuth2 API access",
    section_lead: (
        "An OAuth client exchanges its client ID and secret for an access token, and sends the token with each request in",
        ". A token lasts an hour at most, and never longer than its client.",
    ),
    header: "Authorization: Bearer",
    plural: "OAuth clients",
    name: "Client ID",
    name_help: "Unique in the wallet: letters, digits and . _ -. It cannot be changed later.",
    none_yet: "No OAuth clients yet",
    none_yet_lead: "Add one for each external system that gets its access tokens with OAuth 2.0 Client Credentials.",
    no_match: "No OAuth client matches",
    add: "Add API client",
    edit: "Edit API client",
    never_changes: "Client ID and expiry date never change. For another expiry date, add a new client.",
    delete: "Delete API client",
    delete_lead: "Every access token of this client is refused from this moment. This cannot be undone; its client ID can be used again.",
    created: "API client created",
    copy_now: "Copy the client secret now.",
    try_help: "The answer bears the access token, to be sent in Authorization: Bearer.",
    was_edited: "The API client was saved. What was taken away is gone from its next request; what was added comes with its next token.",
    was_deleted: "The API client was deleted. Its access tokens stopped working at once.",
};

pub const fn words(kind: SystemKind) -> &'static Words {
    match kind {
        SystemKind::ApiKey => &API_KEY,
        SystemKind::OauthClient => &OAUTH_CLIENT,
    }
}

pub const ROLES: &str = "Roles";
pub const EXPIRY_DATE: &str = "Expiry date";
pub const NOTES: &str = "Notes";
pub const LAST_USED: &str = "Last used";
pub const LIMIT: &str = "Requests per minute";

pub const STATUS: &str = "Status";
pub const ALL: &str = "All";
pub const ACTIVE: &str = "Active";
pub const EXPIRED: &str = "Expired";

pub const NO_MATCH_LEAD: &str = "Try fewer letters, or another status.";
pub const SHOW_ALL: &str = "Show all";

pub const NOTES_HELP: &str = "Party, contact, purpose.";
pub const TRY: &str = "Try it";

pub const EXCHANGE: &str = "How a client gets an access token";
pub const TOKEN_ENDPOINT: &str = "Token endpoint";
pub const TOKEN_EXAMPLE: &str = "With curl";
pub const EXCHANGE_HELP: &str = "Client Credentials (RFC 6749 §4.4), with HTTP Basic or in the body; scope narrows the token to some of the permissions.";
pub const CLIENT_ID_SAMPLE: &str = "CLIENT_ID";
pub const SECRET_SAMPLE: &str = "CLIENT_SECRET";

pub const KEY_ID: &str = "Key ID";
pub const CREATED: &str = "Created";
pub const USAGE: &str = "Usage in the last 30 days";
pub const REQUESTS: &str = "Requests";
pub const ADMITTED: &str = "Admitted";
pub const REFUSED: &str = "Refused";
pub const REFUSED_HELP: &str =
    "Refused are requests with the right secret that had expired, lacked the permission or came over the limit.";
pub const NOTHING_SENT: &str = "Nothing was sent in the last 30 days.";
pub const DAY_BY_DAY: &str = "Day by day";
pub const DAY: &str = "Day";
pub const TODAY: &str = "Today";

pub fn edit(name: &str) -> String {
    format!("Edit {name}")
}

pub fn delete(name: &str) -> String {
    format!("Delete {name}")
}

/// Before and after the name.
pub const DELETE_QUESTION: (&str, &str) = ("Delete", "for good?");

pub const WITH_DESCENDANTS: &str = "Delete what it made as well";
pub const WITH_DESCENDANTS_HELP: &str =
    "Directly and further down, all at once. What is not deleted keeps working until its own expiry date.";
pub const ALL_DELETED: &str = "It was deleted with all that it made. All of them stopped working at once.";

/// How many of those that one made are not named.
pub fn more(count: usize) -> String {
    format!("and {count} more")
}

/// How many keys and clients one made.
pub fn made(count: usize) -> String {
    match count {
        1 => "It made one other, which still exists".to_owned(),
        _ => format!("It made {count} others, which still exist"),
    }
}

pub fn last_used(ago: &str) -> String {
    format!("Last used: {ago}.")
}

pub fn expiry_help(zone: &str) -> String {
    format!("Valid through the end of this day, {zone}.")
}

/// `everybody` is 0 where the server sets no limit.
pub fn limit_help(everybody: u32) -> String {
    match everybody {
        0 => "At most this many. Left empty, there is no limit.".to_owned(),
        _ => format!("At most this many. Left empty, the server's limit holds: {}.", count(everybody.into())),
    }
}

/// A number with its thousands set apart.
pub fn count(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::with_capacity(digits.len() * 4 / 3);
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

pub fn valid_until(instant: &str) -> String {
    format!("Valid until {instant}")
}

pub fn expired_on(instant: &str) -> String {
    format!("Expired on {instant}")
}

pub fn expires_in(days: i64) -> String {
    match days {
        ..=0 => "Expires today".to_owned(),
        1 => "Expires tomorrow".to_owned(),
        _ => format!("Expires in {days} days"),
    }
}

pub fn secret_of(kind: SystemKind, name: &str) -> String {
    match kind {
        SystemKind::ApiKey => format!("Key of {name}"),
        SystemKind::OauthClient => format!("Secret of {name}"),
    }
}

pub fn shown_once(name: &str) -> String {
    format!("It is shown this one time and cannot be had again, by anyone. Keep it where only {name} can read it.")
}

pub fn details_of(kind: SystemKind, name: &str) -> String {
    match kind {
        SystemKind::ApiKey => format!("API key {name}"),
        SystemKind::OauthClient => format!("API client {name}"),
    }
}

/// The limit that holds; `everybody` is 0 where the server sets none.
pub fn limit(own: Option<u32>, everybody: u32) -> String {
    match (own, everybody) {
        (Some(own), _) => format!("{}, a limit of its own", count(own.into())),
        (None, 0) => "No limit".to_owned(),
        (None, _) => format!("{}, the server's limit", count(everybody.into())),
    }
}

pub fn created(instant: &str, by: &str) -> String {
    format!("{instant}, by {by}")
}

pub fn requests_of_days(days: usize) -> String {
    format!("Requests of the last {days} days")
}

/// What the chart says to those who do not see it: requests and refusals since the first day, and the busiest day.
pub fn chart(first: &str, (requests, refusals): (u64, u64), (busiest, most): (&str, u64)) -> String {
    let came = format!("From {first} to today {} came, {} of them refused.", counted(requests), none_or(refusals));
    format!("{came} The busiest day was {busiest} with {}.", count(most))
}

/// One day of the chart.
pub fn day(date: &str, requests: u64, refusals: u64) -> String {
    match (requests, refusals) {
        (0, _) => format!("{date}: no requests"),
        (_, 0) => format!("{date}: {}", counted(requests)),
        _ => format!("{date}: {}, {} refused", counted(requests), count(refusals)),
    }
}

/// What the highest bar stands for.
pub fn most(requests: u64) -> String {
    format!("{} on the busiest day", counted(requests))
}

fn counted(requests: u64) -> String {
    format!("{} request{}", count(requests), if requests == 1 { "" } else { "s" })
}

fn none_or(number: u64) -> String {
    if number == 0 { "none".to_owned() } else { count(number) }
}
