//! The one table of resources (ARCHITECTURE.md, invariant 1).
//!
//! From it come the console's grid, the permission names of the API, the OpenAPI document, the
//! documentation page and the tests. Adding a row here is the only way to add a permission; no key
//! and no role gains anything by it (mission D8), because sets are stored by name.

use crate::permission::{Access, Changeable, Guarded, Permission};

macro_rules! resources {
    ($( $marker:ident = $name:literal, $label:literal, $columns:tt, $help:literal; )*) => {
        names! {
            /// One row of the permission grid.
            #[derive(PartialOrd, Ord, Hash)]
            pub enum Resource { $( #[doc = $help] $marker = $name, )* }
        }

        impl Resource {
            /// The row's label in the grid.
            pub const fn label(self) -> &'static str {
                match self { $( Self::$marker => $label, )* }
            }

            /// One sentence on what the row guards.
            pub const fn help(self) -> &'static str {
                match self { $( Self::$marker => $help, )* }
            }

            /// Whether the row has a Change column; every row has a View column.
            pub const fn has_change(self) -> bool {
                match self { $( Self::$marker => resources!(@has_change $columns), )* }
            }
        }

        $( resources!(@marker $marker $columns $help); )*
    };
    (@has_change [View]) => { false };
    (@has_change [View, Change]) => { true };
    (@marker $marker:ident [View] $help:literal) => {
        #[doc = $help]
        #[derive(Debug)]
        pub struct $marker;
        impl Guarded for $marker { const RESOURCE: Resource = Resource::$marker; }
    };
    (@marker $marker:ident [View, Change] $help:literal) => {
        resources!(@marker $marker [View] $help);
        impl Changeable for $marker {}
    };
}

resources! {
    HolderCredentials = "holder_credentials", "Holder credentials", [View, Change], "Credentials that the wallet holds: receive, import, read, present and delete them.";
    Identifiers = "identifiers", "Identifier", [View, Change], "The wallet's own DIDs and their keys: create, rotate and delete them.";
    PublicProfile = "public_profile", "Public wallet profile", [View, Change], "What the wallet tells everybody about its organisation, and the credentials that it shows them.";
    TrustedContacts = "trusted_contacts", "Trusted contacts", [View, Change], "The parties that the wallet deals with, by their DID.";
    IssueCredentials = "issue_credentials", "Issue credentials", [View, Change], "Offer credentials to holders, follow each offer, and revoke, suspend and restore what was issued.";
    IssuerTemplates = "issuer_templates", "Issuer templates", [View, Change], "What the wallet issues: a type of credential, its claims and its look.";
    StatusLists = "status_lists", "Status list", [View, Change], "Where issued credentials are revoked and suspended: create, rename and delete status lists.";
    TrustedIssuers = "trusted_issuers", "Trusted issuers", [View, Change], "Whose credentials the wallet accepts from others, and of which types.";
    VerifiedCredentials = "verified_credentials", "Verified credentials", [View, Change], "What others presented to the wallet: ask for it, read what was checked and disclosed, delete it.";
    VerifierTemplates = "verifier_templates", "Verifier templates", [View, Change], "What the wallet asks others to present: the query, the purpose, whose word it takes and how long results are kept.";
    Users = "users", "Users", [View, Change], "People who sign in to the console, and the roles that they have.";
    Roles = "roles", "Roles", [View, Change], "Named permission sets that are assigned to users.";
    ApiAccess = "api_access", "API Access", [View, Change], "API keys and OAuth clients: which external systems reach the wallet, and what they may do.";
    AuditLog = "audit_log", "Audit log", [View], "Who changed what, and when. Nobody can change it.";
    Wallet = "wallet", "Wallet", [View, Change], "The wallet's name and time zone.";
}

impl Resource {
    /// The columns of the row: Change first, as the grid shows them.
    pub fn permissions(self) -> impl Iterator<Item = Permission> {
        [Access::Change, Access::View]
            .into_iter()
            .filter(move |access| *access == Access::View || self.has_change())
            .map(move |access| Permission::of(self, access))
    }
}
