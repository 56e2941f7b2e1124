//! From JSON to a query, by every rule of §6 and §7.

use serde_json::Value;

use super::place::Place;
use super::query::integer;
use super::{
    ClaimValue, ClaimsPathPointer, ClaimsQuery, CredentialQuery, CredentialSetQuery, DcqlError, Fault, Meta,
    PointerStep, Query, TrustedAuthoritiesQuery, limits,
};
use crate::names::{FORMAT_SD_JWT_VC, dcql as member};

impl Query {
    /// Reads a query that a verifier sent, or is about to send.
    pub fn parse(json: &Value) -> Result<Self, DcqlError> {
        let query = Place::root(json);
        let places = query.required(member::CREDENTIALS)?;
        let mut credentials: Vec<CredentialQuery> = Vec::new();
        let mut claims = 0;
        for place in places.entries(limits::CREDENTIALS)? {
            let credential = credential(&place)?;
            if credentials.iter().any(|other| other.id == credential.id) {
                return Err(place.refuse_member(member::ID, Fault::IdTwice(credential.id)));
            }
            claims += credential.claims.as_ref().map_or(0, Vec::len);
            if claims > limits::CLAIMS {
                return Err(place.refuse_member(member::CLAIMS, Fault::TooMany(limits::CLAIMS)));
            }
            credentials.push(credential);
        }
        let credential_sets = query
            .member(member::CREDENTIAL_SETS)?
            .map(|places| {
                let sets = places.entries(limits::CREDENTIAL_SETS)?;
                sets.map(|place| credential_set(&place, &credentials)).collect()
            })
            .transpose()?;
        Ok(Self { credentials, credential_sets })
    }

    /// What a verifier must keep to beside, when the query is its own: to ask for each claim once (§6.1),
    /// and for nothing that it could not verify.
    pub fn check_as_verifier(&self) -> Result<(), DcqlError> {
        for (position, credential) in self.credentials.iter().enumerate() {
            let place = format!("{}[{position}]", member::CREDENTIALS);
            if credential.format != FORMAT_SD_JWT_VC {
                let fault = Fault::Format(credential.format.clone());
                return Err(DcqlError { place: format!("{place}.{}", member::FORMAT), fault });
            }
            if credential.trusted_authorities.is_some() {
                let place = format!("{place}.{}", member::TRUSTED_AUTHORITIES);
                return Err(DcqlError { place, fault: Fault::NotEnforced });
            }
            let claims = credential.claims.as_deref().unwrap_or_default();
            for (second, claim) in claims.iter().enumerate() {
                if let Some(first) = claims.iter().take(second).position(|other| other.path == claim.path) {
                    let path = |claim| format!("{place}.{}[{claim}].{}", member::CLAIMS, member::PATH);
                    return Err(DcqlError { place: path(second), fault: Fault::ClaimTwice(path(first)) });
                }
            }
        }
        Ok(())
    }
}

/// §6.1.
fn credential(place: &Place<'_>) -> Result<CredentialQuery, DcqlError> {
    let id = place.required(member::ID)?.id()?;
    let format = place.required(member::FORMAT)?.text()?;
    let meta = meta(&place.required(member::META)?, &format)?;
    let claims = place.member(member::CLAIMS)?.map(|places| claims(&places)).transpose()?;
    Ok(CredentialQuery {
        id,
        multiple: flag(place, member::MULTIPLE, false)?,
        meta,
        trusted_authorities: place
            .member(member::TRUSTED_AUTHORITIES)?
            .map(|places| places.entries(limits::VALUES)?.map(|place| authorities(&place)).collect())
            .transpose()?,
        require_cryptographic_holder_binding: flag(place, member::REQUIRE_CRYPTOGRAPHIC_HOLDER_BINDING, true)?,
        claim_sets: claim_sets(place, claims.as_deref())?,
        claims,
        format,
    })
}

/// §6.1, `meta`, and appendix B.3.5. `vct_values` is required there, but an empty `meta` asks for nothing
/// (§6.1), and one with unknown properties alone is empty once they are ignored (§6).
fn meta(place: &Place<'_>, format: &str) -> Result<Meta, DcqlError> {
    let values = place.member(member::VCT_VALUES)?;
    if format != FORMAT_SD_JWT_VC {
        return Ok(Meta::default());
    }
    Ok(Meta { vct_values: values.map(|values| texts(&values)).transpose()? })
}

/// §6.1.1.
fn authorities(place: &Place<'_>) -> Result<TrustedAuthoritiesQuery, DcqlError> {
    Ok(TrustedAuthoritiesQuery {
        kind: place.required(member::TYPE)?.text()?,
        values: texts(&place.required(member::VALUES)?)?,
    })
}

/// §6.1, `claims`, and §6.3: ids must differ within the list.
fn claims(places: &Place<'_>) -> Result<Vec<ClaimsQuery>, DcqlError> {
    let mut claims: Vec<ClaimsQuery> = Vec::new();
    for place in places.entries(limits::CLAIMS)? {
        let claim = claim(&place)?;
        match &claim.id {
            Some(id) if claims.iter().any(|other| other.id.as_ref() == Some(id)) => {
                return Err(place.refuse_member(member::ID, Fault::IdTwice(id.clone())));
            }
            _ => claims.push(claim),
        }
    }
    Ok(claims)
}

/// §6.3.
fn claim(place: &Place<'_>) -> Result<ClaimsQuery, DcqlError> {
    Ok(ClaimsQuery {
        id: place.member(member::ID)?.map(|id| id.id()).transpose()?,
        path: pointer(&place.required(member::PATH)?)?,
        values: place
            .member(member::VALUES)?
            .map(|places| places.entries(limits::VALUES)?.map(|place| value(&place)).collect())
            .transpose()?,
    })
}

/// §7: "a non-empty array of strings, nulls and non-negative integers".
pub(super) fn pointer(place: &Place<'_>) -> Result<ClaimsPathPointer, DcqlError> {
    let step = |place: Place<'_>| match place.value() {
        Value::Null => Ok(PointerStep::All),
        // A member of an object may have the empty name.
        Value::String(name) if name.is_empty() => Ok(PointerStep::Name(String::new())),
        Value::String(_) => place.text().map(PointerStep::Name),
        Value::Number(number) => number
            .as_u64()
            .and_then(|index| usize::try_from(index).ok())
            .map(PointerStep::Index)
            .ok_or_else(|| place.refuse(Fault::NotAStep)),
        _ => Err(place.refuse(Fault::NotAStep)),
    };
    place.entries(limits::STEPS)?.map(step).collect::<Result<_, _>>().map(ClaimsPathPointer)
}

/// §6.3: "strings, integers or boolean values". The empty text is a value too.
fn value(place: &Place<'_>) -> Result<ClaimValue, DcqlError> {
    match place.value() {
        Value::String(text) if text.is_empty() => Ok(ClaimValue::Text(String::new())),
        Value::String(_) => place.text().map(ClaimValue::Text),
        Value::Number(number) if integer(number).is_some() => Ok(ClaimValue::Integer(number.clone())),
        Value::Bool(boolean) => Ok(ClaimValue::Boolean(*boolean)),
        _ => Err(place.refuse(Fault::NotAValue)),
    }
}

/// §6.1, `claim_sets`, with §6.3 (every claim has an id then) and §6.4.1 (never without `claims`).
fn claim_sets(credential: &Place<'_>, claims: Option<&[ClaimsQuery]>) -> Result<Option<Vec<Vec<String>>>, DcqlError> {
    let Some(sets) = credential.member(member::CLAIM_SETS)? else { return Ok(None) };
    let Some(claims) = claims else { return Err(sets.refuse(Fault::ClaimSetsAlone)) };
    if let Some(nameless) = claims.iter().position(|claim| claim.id.is_none()) {
        let claims = credential.required(member::CLAIMS)?;
        let claim = claims.entries(limits::CLAIMS)?.nth(nameless);
        return Err(claim.unwrap_or(claims).refuse_member(member::ID, Fault::ClaimIdMissing));
    }
    let known = |id: &str| claims.iter().any(|claim| claim.id.as_deref() == Some(id));
    let ids = sets.entries(limits::CLAIM_SETS)?.map(|set| ids(&set, limits::CLAIMS, known));
    ids.collect::<Result<_, _>>().map(Some)
}

/// §6.2.
fn credential_set(place: &Place<'_>, credentials: &[CredentialQuery]) -> Result<CredentialSetQuery, DcqlError> {
    let known = |id: &str| credentials.iter().any(|credential| credential.id == id);
    let options = place.required(member::OPTIONS)?;
    let options = options.entries(limits::CREDENTIAL_SETS)?.map(|option| ids(&option, limits::CREDENTIALS, known));
    Ok(CredentialSetQuery {
        options: options.collect::<Result<_, _>>()?,
        required: flag(place, member::REQUIRED, true)?,
    })
}

fn ids(places: &Place<'_>, most: usize, known: impl Fn(&str) -> bool) -> Result<Vec<String>, DcqlError> {
    let id = |place: Place<'_>| {
        let id = place.id()?;
        if known(&id) { Ok(id) } else { Err(place.refuse(Fault::UnknownId(id))) }
    };
    places.entries(most)?.map(id).collect()
}

fn texts(places: &Place<'_>) -> Result<Vec<String>, DcqlError> {
    places.entries(limits::VALUES)?.map(|place| place.text()).collect()
}

fn flag(place: &Place<'_>, name: &'static str, default: bool) -> Result<bool, DcqlError> {
    place.member(name)?.map_or(Ok(default), |flag| flag.boolean())
}
