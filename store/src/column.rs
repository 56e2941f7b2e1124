//! Conversions between each type and its column: text, a number or bytes.

use jiff::Timestamp;
use jiff::civil::Date;
use model::{
    ActorKind, AllowedTypes, Card, Check, CredentialId, CredentialStatus, Days, DidMethod, Digest, Disclosed, Email,
    HeldStatus, IssuanceFailure, IssuanceStatus, Name, Notes, OfferState, OfferedCredential, PermissionSet,
    PresentationState, Purpose, RequestUriMethod, RequestsPerMinute, Retention, Stored, SystemKind, TemplateClaim,
    TimeZoneName, TrustPolicy, TxCodeHint, Vct, VerificationResult, VerificationStatus,
};
use serde_json::json;
use uuid::Uuid;

use crate::record::Column;

/// An argument of a statement. `None` is NULL, which PostgreSQL wants with its type.
pub(crate) enum Value {
    Text(Option<String>),
    Number(Option<i64>),
    Bytes(Option<Vec<u8>>),
}

/// A value that is written to a column.
pub(crate) trait ToColumn {
    const NULL: Value;

    fn to_column(&self) -> Value;
}

/// A value that is read from a column; `None` where the column holds what this release could not have written.
pub(crate) trait FromColumn: Sized {
    fn from_column(column: Column<'_>) -> Option<Self>;
}

/// The arguments of a statement. In braces, so that rustfmt leaves them in the lines of the columns.
macro_rules! values {
    ($($value:expr),* $(,)?) => { vec![$( crate::column::ToColumn::to_column(&$value) ),*] };
}

/// Implements reading and writing of a column for types, by kind of column.
macro_rules! columns {
    ($( $kind:ident $get:ident: |$column:ident| $read:expr, |$value:ident| $write:expr => $($type:ty),+; )+) => { $( $(
        impl FromColumn for $type {
            fn from_column(column: Column<'_>) -> Option<Self> {
                let $column = column.$get()?;
                $read
            }
        }

        impl ToColumn for $type {
            const NULL: Value = Value::$kind(None);

            fn to_column(&self) -> Value {
                let $value = self;
                Value::$kind(Some($write))
            }
        }
    )+ )+ };
}

macro_rules! id_columns {
    ($($id:ident)*) => { columns! { Text text: |text| text.parse().ok(), |id| id.to_string() => $(model::$id),+; } };
}

model::each_id!(id_columns);

columns! {
    Text text: |text| Some(text.to_owned()), |text| text.clone() => String;
    Text text: |text| text.parse().ok(), |value| value.to_string() => Date, TimeZoneName, Uuid, Vct;
    // Texts that were checked when they were written.
    Text text: |text| Some(Self::stored(text.to_owned())), |value| value.to_string() => Email, Name, Notes, Purpose;
    Text text: |names| Some(Self::from_names(names)), |set| set.to_string() => PermissionSet;
    Text text: |name| Self::from_name(name), |value| value.name().to_owned() =>
        ActorKind, CredentialStatus, DidMethod, HeldStatus, IssuanceFailure, IssuanceStatus, OfferState,
        PresentationState, RequestUriMethod, VerificationStatus;
    Text text: |name| name.parse().ok(), |kind| kind.name().to_owned() => SystemKind;
    // JSON. Keys are text in all of these types, so they always have a JSON form.
    Text text: |text| serde_json::from_str(text).ok(), |value| json!(value).to_string() =>
        AllowedTypes, Card, TrustPolicy, TxCodeHint, VerificationResult, serde_json::Value,
        Vec<Check>, Vec<CredentialId>, Vec<Disclosed>, Vec<OfferedCredential>, Vec<String>, Vec<TemplateClaim>;

    Number number: |number| Some(number), |number| *number => i64;
    Number number: |number| number.try_into().ok(), |number| i64::from(*number) => u32, RequestsPerMinute;
    Number number: |number| number.try_into().ok(), |number| i64::try_from(*number).unwrap_or(i64::MAX) => u64;
    Number number: |number| number.try_into().ok(), |days| days.get().into() => Days;
    Number number: |number| number.try_into().ok(), |retention| retention.days().into() => Retention;
    Number number: |number| Some(number != 0), |flag| i64::from(*flag) => bool;
    Number number: |ms| Self::from_millisecond(ms).ok(), |instant| instant.as_millisecond() => Timestamp;

    Bytes bytes: |bytes| Some(bytes.to_vec()), |bytes| bytes.clone() => Vec<u8>;
    Bytes bytes: |bytes| bytes.try_into().ok(), |bytes| bytes.to_vec() => [u8; 32];
    Bytes bytes: |bytes| bytes.try_into().ok().map(Self::from_bytes), |digest| digest.as_bytes().to_vec() => Digest;
}

impl<T: FromColumn> FromColumn for Option<T> {
    fn from_column(column: Column<'_>) -> Option<Self> {
        if column.is_null() { Some(None) } else { T::from_column(column).map(Some) }
    }
}

impl<T: ToColumn> ToColumn for Option<T> {
    const NULL: Value = T::NULL;

    fn to_column(&self) -> Value {
        self.as_ref().map_or(T::NULL, T::to_column)
    }
}

impl<T: ToColumn + ?Sized> ToColumn for &T {
    const NULL: Value = T::NULL;

    fn to_column(&self) -> Value {
        T::to_column(self)
    }
}

impl ToColumn for str {
    const NULL: Value = Value::Text(None);

    fn to_column(&self) -> Value {
        Value::Text(Some(self.to_owned()))
    }
}

impl<T: Clone> ToColumn for [T]
where
    Vec<T>: ToColumn,
{
    const NULL: Value = Vec::<T>::NULL;

    fn to_column(&self) -> Value {
        self.to_vec().to_column()
    }
}
