//! Claims path pointers (§7), which lead into a credential to one claim or several.

use core::fmt;
use core::str::FromStr;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{DcqlError, limits, parse, place::Place};
use crate::sd_jwt_vc::{ClaimPath, Gaps, PathStep};
use crate::words::quoted;

/// §7: a path that is followed from the top of the claims, such as `["degrees", null, "type"]`.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "Value")]
pub struct ClaimsPathPointer(pub(super) Vec<PointerStep>);

/// §7: one step of it.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
#[serde(untagged)]
pub enum PointerStep {
    /// Into the member of an object.
    Name(String),
    /// Into the element of an array, from 0.
    Index(usize),
    /// Into every element of an array; `null` in JSON.
    All,
}

/// A claim that a pointer leads to.
#[derive(Debug, Clone, PartialEq)]
pub struct Selected<'a> {
    /// The path of the claim.
    pub path: ClaimPath,
    /// The value.
    pub value: &'a Value,
}

/// Why a pointer leads to nothing in a credential (§7.1.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PointerError {
    /// A name where something else than an object is.
    #[error("it leads into a member of what is no object")]
    NotAnObject,
    /// A position, or `null`, where something else than an array is.
    #[error("it leads into an element of what is no list")]
    NotAnArray,
    /// No claim is there.
    #[error("it leads to no claim")]
    Nothing,
    /// More than [`limits::SELECTED`] claims.
    #[error("it leads to too many claims")]
    TooMany,
}

/// Why a text is no pointer.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{} must be a name such as given_name, address.locality, degrees[].type or degrees[0].type", quoted(.0))]
pub struct PointerTextError(String);

impl ClaimsPathPointer {
    /// Its steps, at least one.
    pub fn steps(&self) -> &[PointerStep] {
        &self.0
    }

    /// §7.1.1: the claims that it leads to in a credential of which nothing is withheld, in their order.
    pub fn select<'a>(&self, claims: &'a Value) -> Result<Vec<Selected<'a>>, PointerError> {
        self.select_in(claims, Gaps::none())
    }

    /// The same of claims of which elements are withheld. Elements that are withheld leave no gap (RFC 9901 §7.1), and
    /// decoys look like them, so that the position of another element in the same array is known within bounds only:
    /// it stands for every element that it may mean, as long as the rest of the path fits it.
    pub(super) fn select_in<'a>(&self, claims: &'a Value, gaps: &Gaps) -> Result<Vec<Selected<'a>>, PointerError> {
        let root = Selected { path: ClaimPath(Vec::new()), value: claims };
        let selected = follow(&self.0, vec![root], gaps)?;
        if selected.is_empty() { Err(PointerError::Nothing) } else { Ok(selected) }
    }
}

/// §7.1.1, step 2, from left to right. As deep as the pointer is long at most.
fn follow<'a>(
    steps: &[PointerStep],
    selected: Vec<Selected<'a>>,
    gaps: &Gaps,
) -> Result<Vec<Selected<'a>>, PointerError> {
    let Some((step, rest)) = steps.split_first() else { return Ok(selected) };
    let mut next = Vec::new();
    // Elements of which one is meant: those that do not fit the rest of the path are not it.
    let mut uncertain = Vec::new();
    for at in selected {
        match step {
            PointerStep::Name(name) => {
                let members = at.value.as_object().ok_or(PointerError::NotAnObject)?;
                next.extend(members.get(name).map(|value| at.step(PathStep::Name(name.clone()), value)));
            }
            PointerStep::All => next.extend(at.elements()?),
            PointerStep::Index(index) => match gaps.of(&at.path) {
                None => {
                    let elements = at.value.as_array().ok_or(PointerError::NotAnArray)?;
                    next.extend(elements.get(*index).map(|value| at.step(PathStep::Index(*index), value)));
                }
                Some(positions) => {
                    // Nothing or all that is withheld in front of an element may be decoys.
                    let meant = |(shown, issued): (usize, &usize)| (shown..=*issued).contains(index);
                    let elements = at.elements()?.into_iter().zip(positions.iter().enumerate());
                    uncertain.extend(elements.filter(|(_, position)| meant(*position)).map(|(element, _)| element));
                }
            },
        }
        if next.len() + uncertain.len() > limits::SELECTED {
            return Err(PointerError::TooMany);
        }
    }
    let mut found = follow(rest, next, gaps)?;
    found.extend(uncertain.into_iter().filter_map(|one| follow(rest, vec![one], gaps).ok()).flatten());
    if found.len() > limits::SELECTED { Err(PointerError::TooMany) } else { Ok(found) }
}

impl<'a> Selected<'a> {
    fn step(&self, step: PathStep, value: &'a Value) -> Self {
        let mut path = self.path.clone();
        path.0.push(step);
        Self { path, value }
    }

    fn elements(&self) -> Result<Vec<Self>, PointerError> {
        let elements = self.value.as_array().ok_or(PointerError::NotAnArray)?;
        if elements.len() > limits::SELECTED {
            return Err(PointerError::TooMany);
        }
        Ok(elements.iter().enumerate().map(|(index, value)| self.step(PathStep::Index(index), value)).collect())
    }
}

impl TryFrom<Value> for ClaimsPathPointer {
    type Error = DcqlError;

    fn try_from(json: Value) -> Result<Self, DcqlError> {
        parse::pointer(&Place::root(&json))
    }
}

/// What [`Display`](fmt::Display) writes: names with dots between them, `[0]` for an element, `[]` for every one. Names
/// with dots and brackets in them can be written in JSON only.
impl FromStr for ClaimsPathPointer {
    type Err = PointerTextError;

    fn from_str(text: &str) -> Result<Self, PointerTextError> {
        let refused = || PointerTextError(text.chars().take(100).collect());
        let mut steps = Vec::new();
        for part in text.trim().split('.') {
            let (name, elements) = part.split_at(part.find('[').unwrap_or(part.len()));
            if name.trim().is_empty() || name.contains(']') {
                return Err(refused());
            }
            steps.push(PointerStep::Name(name.trim().to_owned()));
            for element in elements.split_inclusive(']') {
                let position = element.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')).ok_or_else(refused)?;
                let all = position.is_empty();
                steps.push(if all {
                    PointerStep::All
                } else {
                    PointerStep::Index(position.parse().map_err(|_| refused())?)
                });
            }
        }
        if steps.len() > limits::STEPS || text.len() > limits::TEXT_BYTES { Err(refused()) } else { Ok(Self(steps)) }
    }
}

/// `degrees[].type`, `nationalities[0]`: for people; programs read the JSON.
impl fmt::Display for ClaimsPathPointer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (position, step) in self.0.iter().enumerate() {
            match step {
                PointerStep::Name(name) if position == 0 => f.write_str(name)?,
                PointerStep::Name(name) => write!(f, ".{name}")?,
                PointerStep::Index(index) => write!(f, "[{index}]")?,
                PointerStep::All => f.write_str("[]")?,
            }
        }
        Ok(())
    }
}
