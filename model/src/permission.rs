//! Permissions, sets of them, and the types with which a handler names the one that it requires.

use std::borrow::Cow;
use std::fmt;
use std::marker::PhantomData;
use std::ops::{BitAnd, BitOr, Sub};
use std::str::FromStr;
use std::sync::LazyLock;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use crate::Resource;

/// The access to a resource. Change contains View.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Access {
    /// Create, read, update and delete.
    Change,
    /// Read only.
    View,
}

/// Resource × access, printed as `holder_credentials:view`.
///
/// ```
/// let permission: model::Permission = "api_access:change".parse().unwrap();
/// assert_eq!(permission.to_string(), "api_access:change");
/// assert!("audit_log:change".parse::<model::Permission>().is_err());
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Permission {
    resource: Resource,
    access: Access,
}

impl Access {
    const fn name(self) -> &'static str {
        match self {
            Self::Change => "change",
            Self::View => "view",
        }
    }
}

impl Permission {
    /// The View permission of a resource.
    pub const fn view(resource: Resource) -> Self {
        Self { resource, access: Access::View }
    }

    /// The resource.
    pub const fn resource(self) -> Resource {
        self.resource
    }

    /// View or Change.
    pub const fn access(self) -> Access {
        self.access
    }

    /// Only the table of resources and the markers below may pair a resource with Change.
    pub(crate) const fn of(resource: Resource, access: Access) -> Self {
        Self { resource, access }
    }

    const fn bit(self) -> u64 {
        1 << (self.resource as u32 * 2 + self.access as u32)
    }
}

impl fmt::Display for Permission {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.resource.name(), self.access.name())
    }
}

/// A text that names no permission.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
#[error("unknown permission `{0}`")]
pub struct UnknownPermission(String);

impl FromStr for Permission {
    type Err = UnknownPermission;

    fn from_str(text: &str) -> Result<Self, UnknownPermission> {
        text.split_once(':')
            .and_then(|(name, access)| {
                let mut permissions = Resource::from_name(name)?.permissions();
                permissions.find(|permission| permission.access.name() == access)
            })
            .ok_or_else(|| UnknownPermission(text.chars().take(80).collect()))
    }
}

impl Serialize for Permission {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Permission {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Cow::<'de, str>::deserialize(deserializer)?.parse().map_err(de::Error::custom)
    }
}

impl JsonSchema for Permission {
    fn schema_name() -> Cow<'static, str> {
        "Permission".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        let names: Vec<String> = PermissionSet::ALL.iter().map(|permission| permission.to_string()).collect();
        json_schema!({
            "type": "string",
            "enum": names,
            "description": "`<resource>:view` or `<resource>:change`; change contains view.",
        })
    }
}

/// A set of permissions, closed under "Change contains View".
///
/// Bits in memory, names on disk and on the wire: the number of a bit may change with any release.
///
/// ```
/// # use model::PermissionSet;
/// let set = PermissionSet::from_names("wallet:change");
/// assert_eq!(set.to_string(), "wallet:change wallet:view");
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Default, Hash)]
pub struct PermissionSet(u64);

impl PermissionSet {
    /// The empty set.
    pub const EMPTY: Self = Self(0);

    /// Every permission that there is.
    pub const ALL: Self = Self::all();

    const fn all() -> Self {
        let (mut bits, mut at) = (0, 0);
        let mut rest = Resource::ALL;
        while let [resource, tail @ ..] = rest {
            bits |= Permission::of(*resource, Access::View).bit();
            if resource.has_change() {
                bits |= Permission::of(*resource, Access::Change).bit();
            }
            rest = tail;
            at += 1;
        }
        assert!(at <= 32, "a set is 64 bits, two for each resource");
        Self(bits)
    }

    /// Whether the set holds this permission.
    pub const fn contains(self, permission: Permission) -> bool {
        self.0 & permission.bit() != 0
    }

    /// The set as a number, for a place in memory that is written while it is read. Another release may number
    /// the permissions otherwise.
    pub const fn bits(self) -> u64 {
        self.0
    }

    /// The set that [`PermissionSet::bits`] gave; a bit that stands for no permission is dropped.
    pub const fn from_bits(bits: u64) -> Self {
        Self(bits & Self::ALL.0)
    }

    /// Whether every permission of `other` is in this set.
    pub const fn contains_all(self, other: Self) -> bool {
        other.0 & !self.0 == 0
    }

    /// Whether the set is empty.
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// Adds a permission, and with Change also View.
    pub fn insert(&mut self, permission: Permission) {
        self.0 |= permission.bit() | Permission::view(permission.resource).bit();
    }

    /// The permissions, sorted by their printed form.
    pub fn iter(self) -> impl Iterator<Item = Permission> {
        static SORTED: LazyLock<Vec<Permission>> = LazyLock::new(|| {
            let mut all: Vec<_> = Resource::ALL.iter().flat_map(|resource| resource.permissions()).collect();
            all.sort_by_key(ToString::to_string);
            all
        });
        SORTED.iter().copied().filter(move |permission| self.contains(*permission))
    }

    /// Reads a stored set: names separated by spaces.
    ///
    /// A name that this release does not know (it was written by a later one) gives nothing.
    pub fn from_names(names: &str) -> Self {
        names.split_ascii_whitespace().filter_map(|name| name.parse().ok()).collect()
    }
}

impl FromIterator<Permission> for PermissionSet {
    fn from_iter<I: IntoIterator<Item = Permission>>(permissions: I) -> Self {
        let mut set = Self::EMPTY;
        permissions.into_iter().for_each(|permission| set.insert(permission));
        set
    }
}

impl BitOr for PermissionSet {
    type Output = Self;
    fn bitor(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }
}

impl BitAnd for PermissionSet {
    type Output = Self;
    fn bitand(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }
}

impl Sub for PermissionSet {
    type Output = Self;

    /// The permissions of this set that `other` lacks. The result is not closed under "Change contains View", so it is
    /// only for showing a difference.
    fn sub(self, other: Self) -> Self {
        Self(self.0 & !other.0)
    }
}

impl fmt::Display for PermissionSet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, permission) in self.iter().enumerate() {
            if at > 0 {
                f.write_str(" ")?;
            }
            permission.fmt(f)?;
        }
        Ok(())
    }
}

impl fmt::Debug for PermissionSet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{{{self}}}")
    }
}

impl Serialize for PermissionSet {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.iter())
    }
}

impl<'de> Deserialize<'de> for PermissionSet {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(Vec::<Permission>::deserialize(deserializer)?.into_iter().collect())
    }
}

impl JsonSchema for PermissionSet {
    fn schema_name() -> Cow<'static, str> {
        "PermissionSet".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let items = generator.subschema_for::<Permission>();
        json_schema!({
            "type": "array",
            "items": items,
            "description": "A set. Sending `x:change` alone is the same as sending both; answers list both, sorted.",
        })
    }
}

/// A row of the grid, as a type.
pub trait Guarded {
    /// The row.
    const RESOURCE: Resource;
}

/// A row that has a Change column; `Change<AuditLog>` does not compile.
pub trait Changeable: Guarded {}

/// The permission that a handler requires, as a type: [`View`], [`Change`] or [`Anyone`].
pub trait Requirement: Send + Sync + 'static {
    /// The permission that is required; `None` when any authenticated caller will do.
    const PERMISSION: Option<Permission>;
}

/// Requires the View permission of `R`.
#[derive(Debug)]
pub struct View<R>(PhantomData<R>);

/// Requires the Change permission of `R`.
#[derive(Debug)]
pub struct Change<R>(PhantomData<R>);

/// Requires an authenticated caller, and no permission.
#[derive(Debug)]
pub struct Anyone;

impl<R: Guarded + Send + Sync + 'static> Requirement for View<R> {
    const PERMISSION: Option<Permission> = Some(Permission::view(R::RESOURCE));
}

impl<R: Changeable + Send + Sync + 'static> Requirement for Change<R> {
    const PERMISSION: Option<Permission> = Some(Permission::of(R::RESOURCE, Access::Change));
}

impl Requirement for Anyone {
    const PERMISSION: Option<Permission> = None;
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn m9_change_selects_view_and_view_stands_alone() {
        let change: PermissionSet = ["users:change".parse().unwrap()].into_iter().collect();
        assert_eq!(change.to_string(), "users:change users:view");
        let view: PermissionSet = ["users:view".parse().unwrap()].into_iter().collect();
        assert_eq!(view.to_string(), "users:view");
        assert!(change.contains_all(view) && !view.contains_all(change));
    }

    #[test]
    fn d8_a_stored_name_that_is_not_known_gives_nothing() {
        let set = PermissionSet::from_names("users:view teleporters:change audit_log:change");
        assert_eq!(set.to_string(), "users:view");
    }

    #[test]
    fn a_set_is_an_array_of_sorted_names_in_json() {
        let json = serde_json::to_string(&PermissionSet::from_names("wallet:view api_access:change")).unwrap();
        assert_eq!(json, r#"["api_access:change","api_access:view","wallet:view"]"#);
        assert_eq!(
            serde_json::from_str::<PermissionSet>(&json).unwrap().to_string(),
            "api_access:change api_access:view wallet:view"
        );
    }

    #[test]
    fn an_unknown_permission_is_named_in_the_error() {
        let error = serde_json::from_str::<PermissionSet>(r#"["users:delete"]"#).unwrap_err();
        assert!(error.to_string().contains("unknown permission `users:delete`"), "{error}");
    }

    #[test]
    fn all_holds_every_column_of_every_row() {
        let columns: usize = Resource::ALL.iter().map(|resource| resource.permissions().count()).sum();
        assert_eq!(PermissionSet::ALL.iter().count(), columns);
        assert_eq!(Resource::AuditLog.permissions().count(), 1);
    }

    proptest! {
        #[test]
        fn a_set_survives_its_printed_form(bits in any::<u64>()) {
            let set: PermissionSet = PermissionSet(bits & PermissionSet::ALL.0).iter().collect();
            prop_assert_eq!(PermissionSet::from_names(&set.to_string()), set);
        }

        #[test]
        fn a_set_is_closed_under_change_contains_view(bits in any::<u64>()) {
            let set: PermissionSet = PermissionSet(bits & PermissionSet::ALL.0).iter().collect();
            for permission in set.iter() {
                prop_assert!(set.contains(Permission::view(permission.resource())));
            }
        }
    }
}
