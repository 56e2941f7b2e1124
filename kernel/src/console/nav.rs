//! The places of the console: the navigation shows those that the caller may view.

use model::resource::{self, Resource};
use model::{Guarded, Permission, PermissionSet};

use super::texts::shell as t;

/// The place at which offers wait for a decision.
pub(crate) const OFFERS: &str = "/credential-offers";

/// A page that the navigation leads to.
pub(crate) struct Place {
    /// Its path.
    pub path: &'static str,
    /// Its icon.
    pub icon: &'static str,
    /// Its name: the link, the last crumb and the title.
    pub label: &'static str,
    /// The crumbs before it.
    pub(crate) trail: &'static [&'static str],
    /// The resource whose View it needs; `None` for every user.
    resource: Option<Resource>,
}

/// Places under one title.
pub(crate) struct Group {
    /// Its title.
    pub label: &'static str,
    /// Its places.
    pub places: &'static [Place],
}

const fn place<R: Guarded>(
    path: &'static str,
    icon: &'static str,
    label: &'static str,
    trail: &'static [&'static str],
) -> Place {
    Place { path, icon, label, trail, resource: Some(R::RESOURCE) }
}

/// Everywhere that one can go.
pub(crate) const GROUPS: &[Group] = &[
    Group {
        label: t::WALLET,
        places: &[
            place::<resource::HolderCredentials>("/credentials", "credential", t::HOLDER_CREDENTIALS, &[t::WALLET]),
            place::<resource::HolderCredentials>(OFFERS, "import", t::RECEIVED_OFFERS, &[t::WALLET]),
            place::<resource::HolderCredentials>("/presentations", "verify", t::PRESENTATIONS, &[t::WALLET]),
            place::<resource::Identifiers>("/identifiers", "identifier", t::IDENTIFIERS, &[t::WALLET]),
            place::<resource::PublicProfile>("/public-profile", "profile", t::PUBLIC_PROFILE, &[t::WALLET]),
            place::<resource::TrustedContacts>("/trusted-contacts", "contact", t::TRUSTED_CONTACTS, &[t::WALLET]),
        ],
    },
    Group {
        label: t::ISSUE,
        places: &[
            place::<resource::IssuerTemplates>("/issuer-templates", "template", t::ISSUER_TEMPLATES, &[t::ISSUE]),
            place::<resource::IssueCredentials>("/issued-credentials", "issue", t::ISSUED_CREDENTIALS, &[t::ISSUE]),
            place::<resource::StatusLists>("/status-lists", "status-list", t::STATUS_LISTS, &[t::ISSUE]),
        ],
    },
    Group {
        label: t::VERIFY,
        places: &[
            place::<resource::TrustedIssuers>("/trusted-issuers", "trust", t::TRUSTED_ISSUERS, &[t::VERIFY]),
            place::<resource::VerifierTemplates>(
                "/verifier-templates",
                "template",
                t::VERIFIER_TEMPLATES,
                &[t::VERIFY],
            ),
            place::<resource::VerifiedCredentials>(
                "/verified-credentials",
                "verify",
                t::VERIFIED_CREDENTIALS,
                &[t::VERIFY],
            ),
        ],
    },
    Group {
        label: t::SETTINGS,
        places: &[place::<resource::Wallet>("/settings/wallet", "settings", t::WALLET, &[t::SETTINGS])],
    },
    Group {
        label: t::TEAM,
        places: &[
            place::<resource::Users>("/settings/team/users", "users", t::USERS, &[t::SETTINGS, t::TEAM]),
            place::<resource::Roles>("/settings/team/roles", "role", t::ROLES, &[t::SETTINGS, t::TEAM]),
        ],
    },
    Group {
        label: t::IAM,
        places: &[place::<resource::ApiAccess>(
            "/settings/iam/api-access",
            "key",
            t::API_ACCESS,
            &[t::SETTINGS, t::IAM],
        )],
    },
    Group {
        label: t::RECORDS,
        places: &[
            place::<resource::AuditLog>("/audit-log", "audit", t::AUDIT_LOG, &[t::RECORDS]),
            Place { path: "/docs", icon: "book", label: t::DOCUMENTATION, trail: &[t::RECORDS], resource: None },
        ],
    },
];

impl Place {
    /// Whether the caller may view it.
    pub(crate) fn is_open_to(&self, permissions: PermissionSet) -> bool {
        self.resource.is_none_or(|resource| permissions.contains(Permission::view(resource)))
    }

    /// The place with this path.
    pub(crate) fn at(path: &str) -> Option<&'static Self> {
        GROUPS.iter().flat_map(|group| group.places).find(|place| place.path == path)
    }

    /// The first place that the caller may view.
    pub(crate) fn first(permissions: PermissionSet) -> Option<&'static Self> {
        GROUPS.iter().flat_map(|group| group.places).find(|place| place.is_open_to(permissions))
    }
}

impl Group {
    /// The places that the caller may view.
    pub(crate) fn open_to(&self, permissions: PermissionSet) -> Vec<&'static Place> {
        self.places.iter().filter(|place| place.is_open_to(permissions)).collect()
    }
}
