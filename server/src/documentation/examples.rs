//! The examples of the API document. One sample of each request body and of each object that answers bear is read from
//! the `samples.json` of each feature; the examples of problems are made of the table of problems.
//!
//! A sample has the name of its schema. Where the answer of an operation shows its object in another state, such as
//! revoked, that answer's sample has the name of the operation. `server/tests/contract/examples.rs` sends each request
//! to a server and compares each answer with the server's own.

use aide::openapi::{Components, Example, MediaType, OpenApi, Operation, ReferenceOr};
use indexmap::IndexMap;
use kernel::feature::Feature;
use kernel::problem::{Code, Problem};
use model::{Change, Requirement, resource};
use serde_json::{Map, Value, json};

use super::reference::codes_of;
use crate::features::FEATURES;

/// The request id in the examples of problems.
const REQUEST_ID: &str = "01a207d9-2100-7000-8000-000000000099";

/// Gives each request body and each answer its example. Each example is written once, under `components`.
pub(crate) fn illustrate(document: &mut OpenApi) {
    let mut samples = samples();
    let OpenApi { paths, components, .. } = document;
    let items = paths.iter_mut().flat_map(|paths| paths.paths.values_mut()).filter_map(ReferenceOr::as_item_mut);
    let operations = items.flat_map(|item| [&mut item.get, &mut item.post, &mut item.patch, &mut item.delete]);
    for operation in operations.flatten() {
        illustrate_operation(operation, &mut samples);
    }
    let examples = &mut components.get_or_insert_with(Components::default).examples;
    for (name, sample) in samples {
        examples.insert(name, example(None, sample));
    }
    for code in Code::ALL {
        examples.insert(name_of(*code), example(Some(code.title()), problem(*code)));
    }
}

/// The problem of this type as a client may read it.
pub(super) fn problem(code: Code) -> Value {
    let problem = match (code, Change::<resource::TrustedContacts>::PERMISSION) {
        (Code::PermissionMissing, Some(permission)) => Problem::permission_missing(permission),
        (Code::InvalidRequest, _) => Problem::field("name", "required", "is required"),
        _ => code.into(),
    };
    json!(problem.body(REQUEST_ID))
}

fn samples() -> Map<String, Value> {
    let read = |feature: &Feature| serde_json::from_str::<Map<String, Value>>(feature.samples).unwrap_or_default();
    FEATURES.iter().flat_map(read).collect()
}

fn illustrate_operation(operation: &mut Operation, samples: &mut Map<String, Value>) {
    if let Some(ReferenceOr::Item(body)) = &mut operation.request_body {
        for media in body.content.values_mut() {
            let name = schema_of(media);
            refer(media, name.filter(|name| samples.contains_key(name)));
        }
    }
    let id = operation.operation_id.clone().unwrap_or_default();
    let responses = operation.responses.iter_mut().flat_map(|responses| &mut responses.responses);
    for response in responses.filter_map(|(_, response)| response.as_item_mut()) {
        for media in response.content.values_mut() {
            let schema = schema_of(media).unwrap_or_default();
            if schema == "Problem" {
                refer(media, codes_of(&response.description).map(name_of));
            } else {
                refer(media, sample_of(&id, &schema, samples));
            }
        }
    }
}

/// The name of the sample of an answer. A page of a list has one item, the sample of its schema.
fn sample_of(operation: &str, schema: &str, samples: &mut Map<String, Value>) -> Option<String> {
    if let Some(item) = schema.strip_prefix("Items_for_").and_then(|item| samples.get(item)) {
        let page = json!({"items": [item], "next_cursor": null});
        samples.insert(schema.to_owned(), page);
    }
    [operation, schema].into_iter().find(|name| samples.contains_key(*name)).map(str::to_owned)
}

fn refer(media: &mut MediaType, names: impl IntoIterator<Item = String>) {
    let refer = |name: String| {
        let reference = ReferenceOr::ref_(&format!("#/components/examples/{name}"));
        (name, reference)
    };
    media.examples = names.into_iter().map(refer).collect::<IndexMap<_, _>>();
}

fn example(summary: Option<&str>, value: Value) -> ReferenceOr<Example> {
    ReferenceOr::Item(Example { summary: summary.map(str::to_owned), value: Some(value), ..Example::default() })
}

fn name_of(code: Code) -> String {
    format!("problem-{}", code.name())
}

fn schema_of(media: &MediaType) -> Option<String> {
    let schema = media.schema.as_ref()?.json_schema.get("$ref")?.as_str()?;
    schema.rsplit('/').next().map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_file_of_samples_is_read_and_no_sample_stands_twice() {
        let mut count = 0;
        for feature in FEATURES {
            count += serde_json::from_str::<Map<String, Value>>(feature.samples).unwrap().len();
        }
        assert_eq!(samples().len(), count);
    }
}
