//! How a template is described to others: to the wallets that take its credentials, and to whoever meets one.

use model::{IssuerTemplate, TemplateClaim};
use vc::names::openid4vci::{BINDING_DID_JWK, BINDING_DID_WEB, BINDING_JWK};
use vc::openid4vci::{
    ClaimDescription, ClaimDisplay, CredentialConfiguration, CredentialDisplay, CredentialMetadata, Image,
};
use vc::sd_jwt_vc::PathStep;
use vc::type_metadata::{
    ClaimLabel, ClaimMetadata, Logo, Rendering, SelectiveDisclosure, SimpleRendering, TypeDisplay, TypeMetadata,
};

/// The template in the issuer metadata, under its id (OpenID4VCI 1.0 §12.2.4).
pub fn configuration(template: &IssuerTemplate) -> CredentialConfiguration {
    let card = &template.card;
    let image = |uri: &model::LogoUrl| Image { uri: Some(uri.to_string()), alt_text: Some(card.name.to_string()) };
    let display = CredentialDisplay {
        name: card.name.to_string(),
        locale: Some(card.language.to_string()),
        description: description(template),
        logo: card.logo_url.as_ref().map(image),
        background_color: Some(card.background_color.to_string()),
        text_color: Some(card.text_color.to_string()),
    };
    let claim = |claim: &TemplateClaim| ClaimDescription {
        path: path(claim),
        mandatory: claim.mandatory,
        display: vec![ClaimDisplay { name: Some(claim.label.to_string()), locale: Some(card.language.to_string()) }],
    };
    let metadata = CredentialMetadata { display: vec![display], claims: template.claims.iter().map(claim).collect() };
    CredentialConfiguration {
        credential_metadata: Some(metadata),
        ..CredentialConfiguration::sd_jwt_vc(template.vct.as_str(), &[BINDING_JWK, BINDING_DID_JWK, BINDING_DID_WEB])
    }
}

/// The template as the metadata of its type (draft-ietf-oauth-sd-jwt-vc, "SD-JWT VC Type Metadata").
pub fn type_metadata(template: &IssuerTemplate) -> TypeMetadata {
    let card = &template.card;
    let logo = |uri: &model::LogoUrl| Logo { uri: uri.to_string(), alt_text: Some(card.name.to_string()) };
    let simple = SimpleRendering {
        logo: card.logo_url.as_ref().map(logo),
        background_color: Some(card.background_color.to_string()),
        text_color: Some(card.text_color.to_string()),
    };
    let display = TypeDisplay {
        locale: card.language.to_string(),
        name: card.name.to_string(),
        description: description(template),
        rendering: Some(Rendering { simple: Some(simple) }),
    };
    let claim = |claim: &TemplateClaim| ClaimMetadata {
        path: path(claim),
        display: vec![ClaimLabel {
            locale: card.language.to_string(),
            label: claim.label.to_string(),
            description: None,
        }],
        mandatory: claim.mandatory,
        sd: if claim.selectively_disclosable { SelectiveDisclosure::Always } else { SelectiveDisclosure::Never },
    };
    TypeMetadata {
        vct: template.vct.to_string(),
        name: Some(card.name.to_string()),
        description: description(template),
        display: vec![display],
        claims: template.claims.iter().map(claim).collect(),
    }
}

fn description(template: &IssuerTemplate) -> Option<String> {
    Some(template.card.description.to_string()).filter(|text| !text.is_empty())
}

fn path(claim: &TemplateClaim) -> Vec<Option<PathStep>> {
    claim.path.names().iter().map(|name| Some(PathStep::Name(name.clone()))).collect()
}
