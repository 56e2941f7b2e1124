//! The gaps of arrays: the positions of elements that are not disclosed (RFC 9901 §4.2.4.2).

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use super::{ClaimPath, PathStep};
use crate::names::claim;

/// The arrays of processed claims (RFC 9901 §7.1) in which elements are withheld, each with the position that every
/// element it shows had among those that were issued. An array that is not among them is whole.
///
/// Decoys (RFC 9901 §4.2.7) look like elements that are withheld, so that the position which an element had is at most
/// the one that stands here.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Gaps(BTreeMap<ClaimPath, Vec<usize>>);

impl Gaps {
    /// Nothing is withheld.
    pub fn none() -> &'static Self {
        static NONE: Gaps = Gaps(BTreeMap::new());
        &NONE
    }

    /// Gaps as they are known otherwise.
    pub fn new(arrays: impl IntoIterator<Item = (ClaimPath, Vec<usize>)>) -> Self {
        Self(arrays.into_iter().collect())
    }

    /// The positions that the elements of an array had at most; none when it is whole.
    pub fn of(&self, array: &ClaimPath) -> Option<&[usize]> {
        self.0.get(array).map(Vec::as_slice)
    }

    /// The gaps of claims in which withheld elements are still digests.
    pub(crate) fn in_issued(claims: &Map<String, Value>) -> Self {
        let mut gaps = Self::default();
        gaps.look_into_members(claims, &mut ClaimPath(Vec::new()));
        gaps
    }

    /// A path whose positions count the elements as issued, as a path into the elements that are shown. None when it
    /// leads to something that is withheld.
    pub(super) fn shown(&self, issued: &ClaimPath) -> Option<ClaimPath> {
        let mut shown = ClaimPath(Vec::new());
        for step in &issued.0 {
            let step = match (step, self.of(&shown)) {
                (PathStep::Index(position), Some(positions)) => {
                    PathStep::Index(positions.iter().position(|other| other == position)?)
                }
                _ => step.clone(),
            };
            shown.0.push(step);
        }
        Some(shown)
    }

    fn look_into(&mut self, value: &Value, at: &mut ClaimPath) {
        match value {
            Value::Object(members) => self.look_into_members(members, at),
            Value::Array(elements) => self.look_into_elements(elements, at),
            _ => {}
        }
    }

    fn look_into_members(&mut self, members: &Map<String, Value>, at: &mut ClaimPath) {
        for (name, value) in members {
            at.0.push(PathStep::Name(name.clone()));
            self.look_into(value, at);
            at.0.pop();
        }
    }

    fn look_into_elements(&mut self, elements: &[Value], at: &mut ClaimPath) {
        let shown: Vec<_> = elements.iter().enumerate().filter(|(_, element)| !is_withheld(element)).collect();
        if shown.len() < elements.len() {
            self.0.insert(at.clone(), shown.iter().map(|(position, _)| *position).collect());
        }
        for (index, (_, element)) in shown.into_iter().enumerate() {
            at.0.push(PathStep::Index(index));
            self.look_into(element, at);
            at.0.pop();
        }
    }
}

/// Whether an array element is the placeholder of an element that is not disclosed (RFC 9901 §4.2.4.2).
pub(super) fn is_withheld(element: &Value) -> bool {
    element.as_object().is_some_and(|members| members.contains_key(claim::ELLIPSIS))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn path(json: &Value) -> ClaimPath {
        serde_json::from_value(json.clone()).unwrap()
    }

    #[test]
    fn only_arrays_that_withhold_something_have_gaps_and_paths_lead_into_what_is_shown() {
        let withheld = || json!({"...": "digest"});
        let claims = json!({
            "whole": [1, 2],
            "list": [withheld(), {"inner": ["a", withheld(), "b"]}, withheld()],
            "nothing": [withheld()],
            "object": {"deep": [[1], [withheld(), 2]]},
        });
        let gaps = Gaps::in_issued(claims.as_object().unwrap());
        let of = |json: Value| gaps.of(&path(&json)).map(<[usize]>::to_vec);
        assert_eq!(of(json!(["whole"])), None);
        assert_eq!(of(json!(["list"])), Some(vec![1]));
        assert_eq!(of(json!(["list", 0, "inner"])), Some(vec![0, 2]));
        assert_eq!(of(json!(["nothing"])), Some(vec![]));
        assert_eq!(of(json!(["object", "deep"])), None);
        assert_eq!(of(json!(["object", "deep", 1])), Some(vec![1]));
        let shown = |json: Value| gaps.shown(&path(&json));
        assert_eq!(shown(json!(["list", 1, "inner", 2])), Some(path(&json!(["list", 0, "inner", 1]))));
        assert_eq!(shown(json!(["list", 0])), None);
        assert_eq!(shown(json!(["whole", 1])), Some(path(&json!(["whole", 1]))));
    }
}
