//! How the API document comes out of the signatures.

use aide::generate::GenContext;
use aide::openapi::{
    MediaType, Operation, Parameter, ParameterData, ParameterSchemaOrContent, PathStyle, ReferenceOr, Response,
    SchemaObject, StatusCode,
};
use aide::transform::TransformOperation;
use indexmap::IndexMap;
use model::Permission;
use serde_json::Value;

use crate::problem::{Code, ProblemBody};

/// The member of an operation that names its permission; `null` when any caller may.
pub const REQUIRED_PERMISSION: &str = "x-required-permission";

/// The ways to present a key, as the document names them.
pub const SECURITY_SCHEMES: [&str; 4] = ["api_key", "bearer", "oauth2", "session"];

/// Writes the permission that the operation requires.
pub fn require(operation: &mut Operation, permission: Option<Permission>) {
    let scopes = |scheme| match permission {
        Some(permission) if scheme == "oauth2" => vec![permission.to_string()],
        _ => Vec::new(),
    };
    operation.security =
        SECURITY_SCHEMES.map(|scheme| std::iter::once((scheme.to_owned(), scopes(scheme))).collect()).to_vec();
    let name = permission.map_or(Value::Null, |permission| Value::String(permission.to_string()));
    operation.extensions.insert(REQUIRED_PERMISSION.to_owned(), name);
}

/// The answers for these problems, one for each status.
pub fn problems(ctx: &mut GenContext, codes: &[Code]) -> Vec<(Option<u16>, Response)> {
    codes.iter().map(|code| (Some(code.status().as_u16()), problem(ctx, *code))).collect()
}

/// Adds the conflicts that an operation can end in.
pub fn conflicts<'t>(mut operation: TransformOperation<'t>, codes: &'static [Code]) -> TransformOperation<'t> {
    let names: Vec<String> = codes.iter().map(|code| format!("`{}`", code.name())).collect();
    if let Some(responses) = &mut operation.inner_mut().responses
        && let Some(first) = codes.first()
    {
        let description = format!("{}.", names.join(" or "));
        let response = Response { description, ..aide::generate::in_context(|ctx| problem(ctx, *first)) };
        responses.responses.insert(StatusCode::Code(first.status().as_u16()), ReferenceOr::Item(response));
    }
    operation
}

/// The `{id}` of a path.
pub(crate) fn id_parameter(ctx: &mut GenContext, operation: &mut Operation) {
    let parameter = Parameter::Path {
        parameter_data: ParameterData {
            name: "id".to_owned(),
            description: Some("The object's id.".to_owned()),
            required: true,
            deprecated: None,
            format: ParameterSchemaOrContent::Schema(SchemaObject {
                json_schema: ctx.schema.subschema_for::<uuid::Uuid>(),
                external_docs: None,
                example: None,
            }),
            example: None,
            examples: IndexMap::new(),
            explode: None,
            extensions: IndexMap::new(),
        },
        style: PathStyle::Simple,
    };
    operation.parameters.push(ReferenceOr::Item(parameter));
}

fn problem(ctx: &mut GenContext, code: Code) -> Response {
    let schema =
        SchemaObject { json_schema: ctx.schema.subschema_for::<ProblemBody>(), external_docs: None, example: None };
    let content = MediaType { schema: Some(schema), ..MediaType::default() };
    Response {
        description: format!("{}.", code.title()),
        content: IndexMap::from([("application/problem+json".to_owned(), content)]),
        ..Response::default()
    }
}
