//! The navigation: the places of the features in their groups, as far as the caller may view them.

use model::{Guarded, Permission, PermissionSet, Resource};

use super::collection::Listed;
use super::texts::shell as t;
use crate::feature::Feature;

/// The place at which offers wait for a decision.
pub(crate) const OFFERS: &str = "/credential-offers";

/// A page that the navigation leads to.
#[derive(Clone, Copy)]
pub struct Place {
    /// Its path.
    pub path: &'static str,
    /// Its icon.
    pub icon: &'static str,
    /// Its name: the link, the last crumb and the title.
    pub label: &'static str,
    /// Where it stands.
    pub group: Group,
    /// The resource whose View it needs; `None` for every user.
    pub resource: Option<Resource>,
}

/// Places under one title, in the order of the navigation.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Group {
    /// What the wallet holds.
    Wallet,
    /// What it issues.
    Issue,
    /// What it verifies.
    Verify,
    /// The wallet itself.
    Settings,
    /// Its people.
    Team,
    /// Its external systems.
    Iam,
    /// What was done, and how things are done.
    Records,
}

impl Group {
    const ALL: [Self; 7] =
        [Self::Wallet, Self::Issue, Self::Verify, Self::Settings, Self::Team, Self::Iam, Self::Records];

    /// The crumbs before a place; the last one is the title of the group.
    pub(crate) const fn trail(self) -> &'static [&'static str] {
        match self {
            Self::Wallet => &[t::WALLET],
            Self::Issue => &[t::ISSUE],
            Self::Verify => &[t::VERIFY],
            Self::Settings => &[t::SETTINGS],
            Self::Team => &[t::SETTINGS, t::TEAM],
            Self::Iam => &[t::SETTINGS, t::IAM],
            Self::Records => &[t::RECORDS],
        }
    }

    /// Its title.
    pub(crate) fn label(self) -> &'static str {
        self.trail().last().copied().unwrap_or_default()
    }
}

impl Place {
    /// The place of a collection.
    pub const fn of<C: Listed>(icon: &'static str, group: Group) -> Self {
        Self::guarded::<C::Resource>(C::PATH, icon, C::LIST.title, group)
    }

    /// The place of a page that needs View of this resource.
    pub const fn guarded<R: Guarded>(
        path: &'static str,
        icon: &'static str,
        label: &'static str,
        group: Group,
    ) -> Self {
        Self { path, icon, label, group, resource: Some(R::RESOURCE) }
    }

    fn is_open_to(&self, permissions: PermissionSet) -> bool {
        self.resource.is_none_or(|resource| permissions.contains(Permission::view(resource)))
    }
}

/// The place with this path.
pub(super) fn at(features: &[Feature], path: &str) -> Option<Place> {
    features.iter().filter_map(|feature| feature.place).find(|place| place.path == path)
}

/// The places that the caller may view, group by group; a group without any is left out.
pub(super) fn open_to(features: &[Feature], permissions: PermissionSet) -> Vec<(Group, Vec<Place>)> {
    let places = |group: Group| {
        let places = features.iter().filter_map(|feature| feature.place);
        (group, places.filter(|place| place.group == group && place.is_open_to(permissions)).collect::<Vec<_>>())
    };
    Group::ALL.into_iter().map(places).filter(|(_, places)| !places.is_empty()).collect()
}
