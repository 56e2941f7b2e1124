//! Settings, IAM, API Access.

use model::SystemKind;

pub(crate) const TITLE: &str = "API Access";
pub(crate) const LEAD: &str = "External systems that may call this wallet, and what each of them may do.";

/// The texts of one kind of external system.
pub(crate) struct Words {
    /// The id of the section.
    pub(crate) id: &'static str,
    pub(crate) section: &'static str,
    /// Before and after what is sent.
    pub(crate) section_lead: (&'static str, &'static str),
    pub(crate) header: &'static str,
    pub(crate) plural: &'static str,
    pub(crate) name: &'static str,
    pub(crate) name_help: &'static str,
    pub(crate) none_yet: &'static str,
    pub(crate) none_yet_lead: &'static str,
    pub(crate) no_match: &'static str,
    pub(crate) add: &'static str,
    pub(crate) edit: &'static str,
    pub(crate) never_changes: &'static str,
    pub(crate) delete: &'static str,
    pub(crate) delete_lead: &'static str,
    pub(crate) created: &'static str,
    pub(crate) copy_now: &'static str,
    pub(crate) try_help: &'static str,
    pub(crate) was_edited: &'static str,
    pub(crate) was_deleted: &'static str,
}

pub(crate) const API_KEY: Words = Words {
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

pub(crate) const OAUTH_CLIENT: Words = Words {
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

pub(crate) const fn words(kind: SystemKind) -> &'static Words {
    match kind {
        SystemKind::ApiKey => &API_KEY,
        SystemKind::OauthClient => &OAUTH_CLIENT,
    }
}

pub(crate) const ROLES: &str = "Roles";
pub(crate) const EXPIRY_DATE: &str = "Expiry date";
pub(crate) const NOTES: &str = "Notes";
pub(crate) const LAST_USED: &str = "Last used";
pub(crate) const LIMIT: &str = "Requests per minute";

pub(crate) const STATUS: &str = "Status";
pub(crate) const ALL: &str = "All";
pub(crate) const ACTIVE: &str = "Active";
pub(crate) const EXPIRED: &str = "Expired";

pub(crate) const NO_MATCH_LEAD: &str = "Try fewer letters, or another status.";
pub(crate) const SHOW_ALL: &str = "Show all";

pub(crate) const NOTES_HELP: &str = "Party, contact, purpose.";
pub(crate) const TRY: &str = "Try it";

pub(crate) const EXCHANGE: &str = "How a client gets an access token";
pub(crate) const TOKEN_ENDPOINT: &str = "Token endpoint";
pub(crate) const TOKEN_EXAMPLE: &str = "With curl";
pub(crate) const EXCHANGE_HELP: &str = "Client Credentials (RFC 6749 §4.4), with HTTP Basic or in the body; scope narrows the token to some of the permissions.";
pub(crate) const CLIENT_ID_SAMPLE: &str = "CLIENT_ID";
pub(crate) const SECRET_SAMPLE: &str = "CLIENT_SECRET";

pub(crate) const KEY_ID: &str = "Key ID";
pub(crate) const CREATED: &str = "Created";
pub(crate) const USAGE: &str = "Usage in the last 30 days";
pub(crate) const REQUESTS: &str = "Requests";
pub(crate) const ADMITTED: &str = "Admitted";
pub(crate) const REFUSED: &str = "Refused";
pub(crate) const REFUSED_HELP: &str =
    "Refused are requests with the right secret that had expired, lacked the permission or came over the limit.";
pub(crate) const NOTHING_SENT: &str = "Nothing was sent in the last 30 days.";
pub(crate) const DAY_BY_DAY: &str = "Day by day";
pub(crate) const DAY: &str = "Day";
pub(crate) const TODAY: &str = "Today";

pub(crate) fn edit(name: &str) -> String {
    format!("Edit {name}")
}

pub(crate) fn delete(name: &str) -> String {
    format!("Delete {name}")
}

/// Before and after the name.
pub(crate) const DELETE_QUESTION: (&str, &str) = ("Delete", "for good?");

pub(crate) const WITH_DESCENDANTS: &str = "Delete what it made as well";
pub(crate) const WITH_DESCENDANTS_HELP: &str =
    "Directly and further down, all at once. What is not deleted keeps working until its own expiry date.";
pub(crate) const ALL_DELETED: &str = "It was deleted with all that it made. All of them stopped working at once.";

/// How many of those that one made are not named.
pub(crate) fn more(count: usize) -> String {
    format!("and {count} more")
}

/// How many keys and clients one made.
pub(crate) fn made(count: usize) -> String {
    match count {
        1 => "It made one other, which still exists".to_owned(),
        _ => format!("It made {count} others, which still exist"),
    }
}

pub(crate) fn last_used(ago: &str) -> String {
    format!("Last used: {ago}.")
}

pub(crate) fn expiry_help(zone: &str) -> String {
    format!("Valid through the end of this day, {zone}.")
}

/// `everybody` is 0 where the server sets no limit.
pub(crate) fn limit_help(everybody: u32) -> String {
    match everybody {
        0 => "At most this many. Left empty, there is no limit.".to_owned(),
        _ => format!("At most this many. Left empty, the server's limit holds: {}.", count(everybody.into())),
    }
}

/// A number with its thousands set apart.
pub(crate) fn count(number: u64) -> String {
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

pub(crate) fn valid_until(instant: &str) -> String {
    format!("Valid until {instant}")
}

pub(crate) fn expired_on(instant: &str) -> String {
    format!("Expired on {instant}")
}

pub(crate) fn expires_in(days: i64) -> String {
    match days {
        ..=0 => "Expires today".to_owned(),
        1 => "Expires tomorrow".to_owned(),
        _ => format!("Expires in {days} days"),
    }
}

pub(crate) fn secret_of(kind: SystemKind, name: &str) -> String {
    match kind {
        SystemKind::ApiKey => format!("Key of {name}"),
        SystemKind::OauthClient => format!("Secret of {name}"),
    }
}

pub(crate) fn shown_once(name: &str) -> String {
    format!("It is shown this one time and cannot be had again, by anyone. Keep it where only {name} can read it.")
}

pub(crate) fn details_of(kind: SystemKind, name: &str) -> String {
    match kind {
        SystemKind::ApiKey => format!("API key {name}"),
        SystemKind::OauthClient => format!("API client {name}"),
    }
}

/// The limit that holds; `everybody` is 0 where the server sets none.
pub(crate) fn limit(own: Option<u32>, everybody: u32) -> String {
    match (own, everybody) {
        (Some(own), _) => format!("{}, a limit of its own", count(own.into())),
        (None, 0) => "No limit".to_owned(),
        (None, _) => format!("{}, the server's limit", count(everybody.into())),
    }
}

pub(crate) fn created(instant: &str, by: &str) -> String {
    format!("{instant}, by {by}")
}

pub(crate) fn requests_of_days(days: usize) -> String {
    format!("Requests of the last {days} days")
}

/// What the chart says to those who do not see it: requests and refusals since the first day, and the busiest day.
pub(crate) fn chart(first: &str, (requests, refusals): (u64, u64), (busiest, most): (&str, u64)) -> String {
    let came = format!("From {first} to today {} came, {} of them refused.", counted(requests), none_or(refusals));
    format!("{came} The busiest day was {busiest} with {}.", count(most))
}

/// One day of the chart.
pub(crate) fn day(date: &str, requests: u64, refusals: u64) -> String {
    match (requests, refusals) {
        (0, _) => format!("{date}: no requests"),
        (_, 0) => format!("{date}: {}", counted(requests)),
        _ => format!("{date}: {}, {} refused", counted(requests), count(refusals)),
    }
}

/// What the highest bar stands for.
pub(crate) fn most(requests: u64) -> String {
    format!("{} on the busiest day", counted(requests))
}

fn counted(requests: u64) -> String {
    format!("{} request{}", count(requests), if requests == 1 { "" } else { "s" })
}

fn none_or(number: u64) -> String {
    if number == 0 { "none".to_owned() } else { count(number) }
}
