//! Enums whose variants have names.
//!
//! The name of a variant is written once, beside the variant. The database, the API and messages use it from there.

/// A text that is not the name of a variant.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
#[error("is not one of the names")]
pub struct UnknownName;

/// Makes enums whose variants have a name each: with `ALL`, `name` and `from_name`, and the name as `Display`,
/// `FromStr` and serde form.
///
/// ```
/// model::names! {
///     /// A colour of a traffic light.
///     pub enum Light {
///         /// Stop.
///         Red = "red",
///         /// Go.
///         Green = "green",
///     }
/// }
/// assert_eq!(Light::from_name("green"), Some(Light::Green));
/// assert_eq!("amber".parse::<Light>(), Err(model::UnknownName));
/// assert_eq!(Light::ALL.iter().map(ToString::to_string).collect::<Vec<_>>(), ["red", "green"]);
/// ```
#[macro_export]
macro_rules! names {
    ($( $(#[$attribute:meta])* $visibility:vis enum $kind:ident {
        $( $(#[$variant_attribute:meta])* $variant:ident = $name:literal, )*
    } )*) => { $(
        #[derive(Clone, Copy, PartialEq, Eq, Debug, serde::Serialize, serde::Deserialize)]
        $(#[$attribute])*
        $visibility enum $kind { $( #[serde(rename = $name)] $(#[$variant_attribute])* $variant, )* }

        impl $kind {
            /// Every variant, in the order in which they are listed.
            pub const ALL: &'static [Self] = &[ $( Self::$variant, )* ];

            /// The name on the wire and on disk.
            pub const fn name(self) -> &'static str {
                match self { $( Self::$variant => $name, )* }
            }

            /// The variant with this name.
            pub fn from_name(name: &str) -> Option<Self> {
                match name { $( $name => Some(Self::$variant), )* _ => None }
            }
        }

        impl std::str::FromStr for $kind {
            type Err = $crate::UnknownName;

            fn from_str(name: &str) -> Result<Self, $crate::UnknownName> {
                Self::from_name(name).ok_or($crate::UnknownName)
            }
        }

        impl std::fmt::Display for $kind {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.name())
            }
        }
    )* };
}
