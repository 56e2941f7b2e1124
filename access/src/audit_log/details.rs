//! The particulars of an event as people read them: what was set, or what became of what.

use kernel::console::parts;
use kernel::console::texts::audit_log as t;
use model::PermissionSet;
use serde_json::Value;

/// One particular.
#[derive(PartialEq, Eq, Debug)]
pub(super) struct Detail {
    /// What it is.
    pub(super) name: String,
    /// What it was before the change; none where it was set for the first time.
    pub(super) before: Option<String>,
    /// What it is now.
    pub(super) now: String,
}

/// The particulars of an event, without those that did not change.
pub(super) fn of(detail: &Value) -> Vec<Detail> {
    let (before, now) = match (detail.get("before"), detail.get("after")) {
        (Some(before), Some(after)) => (Some(before), after),
        _ => (None, detail),
    };
    let members = now.as_object().into_iter().flatten();
    members
        .map(|(name, value)| Detail {
            name: t::member(name).to_owned(),
            before: before.map(|before| before.get(name).map_or_else(|| t::NOTHING.to_owned(), words)),
            now: words(value),
        })
        .filter(|detail| match &detail.before {
            Some(before) => *before != detail.now,
            None => detail.now != t::NOTHING,
        })
        .collect()
}

fn words(value: &Value) -> String {
    match value {
        Value::Null => t::NOTHING.to_owned(),
        Value::String(text) if text.is_empty() => t::NOTHING.to_owned(),
        Value::String(text) => text.clone(),
        Value::Array(items) if items.is_empty() => t::NOTHING.to_owned(),
        Value::Array(items) => list(items),
        Value::Object(members) => members.get("name").map_or_else(|| value.to_string(), words),
        other => other.to_string(),
    }
}

/// Permissions by their labels, where the items are permissions; else the items.
fn list(items: &[Value]) -> String {
    let permissions: Option<PermissionSet> =
        items.iter().map(|item| item.as_str().and_then(|name| name.parse().ok())).collect();
    let words: Vec<String> = match permissions {
        Some(permissions) => parts::strongest(permissions).map(parts::label).collect(),
        None => items.iter().map(words).collect(),
    };
    words.join(t::COMMA)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn detail(name: &str, before: Option<&str>, now: &str) -> Detail {
        Detail { name: name.to_owned(), before: before.map(ToOwned::to_owned), now: now.to_owned() }
    }

    #[test]
    fn what_was_set_is_told_without_what_was_left_empty() {
        let told = of(&json!({"permissions": ["users:change", "users:view", "roles:view"], "notes": "", "x_y": 3}));
        assert_eq!(told, [detail("Permissions", None, "Users: Change, Roles: View"), detail("x_y", None, "3")]);
    }

    #[test]
    fn what_changed_is_told_with_what_it_was() {
        let told = of(&json!({
            "before": {"name": "A", "roles": ["Auditor"], "notes": ""},
            "after": {"name": "A", "roles": [], "notes": "new"},
        }));
        assert_eq!(told, [detail("Roles", Some("Auditor"), "nothing"), detail("Notes", Some("nothing"), "new")]);
    }

    #[test]
    fn another_object_is_told_by_its_name() {
        let ended = json!({"kind": "api_key", "id": "0190", "name": "child"});
        let told = of(&json!({"descendants": [ended, ended], "ended_with": ended}));
        assert_eq!(told, [detail("With it", None, "child, child"), detail("Together with", None, "child")]);
    }

    #[test]
    fn an_event_without_particulars_tells_none() {
        assert_eq!(of(&json!({})), []);
    }
}
