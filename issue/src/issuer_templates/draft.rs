//! What a client writes of a template, and what is checked of it.

use std::str::FromStr;

use kernel::http::{Draft, Fields, OrEmpty, checked, checked_if_present};
use kernel::outbound::has_user;
use model::{
    Card, ClaimKind, Color, Days, IdentifierId, IssuerTemplate, IssuerTemplateId, Language, LogoUrl, Name, Notes,
    StatusListId, TemplateClaim, TemplatePath, Vct,
};
use reqwest::Url;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use store::NewIssuerTemplate;
use vc::sd_jwt_vc::is_reserved;

use super::claims::claim_path;

/// The most claims of a template.
const MAX_CLAIMS: usize = 100;

/// The language of most cards, and their colours.
const LANGUAGE: &str = "en";
const BACKGROUND_COLOR: &str = "#0c2a35";
const TEXT_COLOR: &str = "#ffffff";

/// What a client writes of a template.
#[derive(Clone, Serialize, Deserialize, JsonSchema, Debug)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "CreateIssuerTemplate", description = "")]
pub struct TemplateDraft {
    /// Unique among the wallet's issuer templates without regard to case.
    #[serde(deserialize_with = "checked::<Name, _, _>")]
    #[schemars(with = "model::schema::Name", description = "")]
    pub name: String,
    /// A URI of your own; without it the address at which this wallet serves the type metadata.
    #[serde(default, deserialize_with = "checked_if_present::<OrEmpty<Vct>, _, _>")]
    #[schemars(with = "String")]
    pub vct: Option<String>,
    /// What its credentials say, in the order in which people read it.
    #[schemars(length(min = 1, max = 100), description = "")]
    pub claims: Vec<ClaimDraft>,
    /// How they look. Left out where it says nothing, so that the API document has no default of it.
    #[serde(default, skip_serializing_if = "CardDraft::is_empty")]
    #[schemars(description = "")]
    pub display: CardDraft,
    /// How many days a credential is valid; `null` for good. A year when it is left out.
    #[serde(default = "a_year", deserialize_with = "checked::<Days, _, _>")]
    #[schemars(range(min = 1, max = 36_525))]
    pub valid_for_days: Option<i64>,
    /// The identifier that signs.
    pub identifier_id: IdentifierId,
    /// The status list by which credentials can be revoked and suspended.
    #[serde(default)]
    pub status_list_id: Option<StatusListId>,
}

/// One claim.
#[derive(Clone, Serialize, Deserialize, JsonSchema, Debug)]
#[serde(deny_unknown_fields)]
#[schemars(inline)]
pub struct ClaimDraft {
    /// Where it stands in the credential, such as `["address", "street"]`.
    #[serde(deserialize_with = "checked::<TemplatePath, _, _>")]
    #[schemars(length(min = 1, max = 4))]
    pub path: Vec<String>,
    /// What people read beside its value; made of its name when it is left out.
    #[serde(default, deserialize_with = "checked_if_present::<OrEmpty<Name>, _, _>")]
    #[schemars(with = "model::schema::Name")]
    pub label: Option<String>,
    /// What its value is.
    #[serde(rename = "type", deserialize_with = "checked::<KindName, _, _>")]
    #[schemars(with = "ClaimKind", description = "")]
    pub kind: String,
    /// Whether every credential has it.
    #[serde(default = "yes")]
    pub mandatory: bool,
    /// Whether the holder may withhold it.
    #[serde(default = "yes")]
    pub selectively_disclosable: bool,
}

/// How a credential looks in the holder's wallet; what is left out stays, or is what most have.
#[derive(Clone, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema, Debug)]
#[serde(deny_unknown_fields, default)]
#[schemars(inline)]
pub struct CardDraft {
    /// The title; the template's name when it is left out.
    #[serde(deserialize_with = "checked_if_present::<OrEmpty<Name>, _, _>")]
    #[schemars(with = "model::schema::Name")]
    pub name: Option<String>,
    /// What it is.
    #[serde(deserialize_with = "checked_if_present::<Notes, _, _>")]
    #[schemars(with = "model::schema::Notes", description = "")]
    pub description: Option<String>,
    /// The language of title, description and labels (BCP 47).
    #[serde(deserialize_with = "checked_if_present::<Language, _, _>")]
    #[schemars(with = "String")]
    pub language: Option<String>,
    /// `#rrggbb`.
    #[serde(deserialize_with = "checked_if_present::<Color, _, _>")]
    #[schemars(with = "String")]
    pub background_color: Option<String>,
    /// `#rrggbb`.
    #[serde(deserialize_with = "checked_if_present::<Color, _, _>")]
    #[schemars(with = "String")]
    pub text_color: Option<String>,
    /// An https URL; `null` for none.
    #[serde(deserialize_with = "checked::<OrEmpty<PublicLogoUrl>, _, _>")]
    pub logo_url: Option<String>,
}

impl Draft for TemplateDraft {
    const PATCH: &'static str = "EditIssuerTemplate";
    const IMMUTABLE: &'static [&'static str] = &["vct"];

    fn describe_patch(members: &mut Map<String, Value>) {
        const CLAIMS: &str = "All of them. Once credentials were issued none can go or change but for its label, and \
             new ones are optional.";
        for (name, member) in members.iter_mut().filter(|(name, _)| *name != "display") {
            let Value::Object(member) = member else { continue };
            if name == "claims" {
                member.insert("description".to_owned(), CLAIMS.into());
            } else {
                member.retain(|keyword, _| keyword != "description");
                member.insert("default".to_owned(), Value::Null);
            }
        }
    }
}

impl From<&IssuerTemplate> for TemplateDraft {
    fn from(template: &IssuerTemplate) -> Self {
        let card = &template.card;
        Self {
            name: template.name.to_string(),
            vct: Some(template.vct.to_string()),
            claims: template.claims.iter().map(ClaimDraft::from).collect(),
            display: CardDraft {
                name: Some(card.name.to_string()),
                description: Some(card.description.to_string()),
                language: Some(card.language.to_string()),
                background_color: Some(card.background_color.to_string()),
                text_color: Some(card.text_color.to_string()),
                logo_url: card.logo_url.as_ref().map(ToString::to_string),
            },
            valid_for_days: template.valid_for.map(|days| days.get().into()),
            identifier_id: template.identifier_id,
            status_list_id: template.status_list_id,
        }
    }
}

impl From<&TemplateClaim> for ClaimDraft {
    fn from(claim: &TemplateClaim) -> Self {
        Self {
            path: claim.path.names().to_vec(),
            label: Some(claim.label.to_string()),
            kind: claim.kind.to_string(),
            mandatory: claim.mandatory,
            selectively_disclosable: claim.selectively_disclosable,
        }
    }
}

/// A claim that most templates have: text that every credential has and the holder may withhold.
impl Default for ClaimDraft {
    fn default() -> Self {
        let kind = ClaimKind::Text.to_string();
        Self { path: Vec::new(), label: None, kind, mandatory: true, selectively_disclosable: true }
    }
}

impl TemplateDraft {
    /// The template with this id and type. Whether what it names exists is not checked here.
    pub(super) fn check(
        &self,
        fields: &mut Fields,
        id: IssuerTemplateId,
        vct: Option<Vct>,
    ) -> Option<NewIssuerTemplate> {
        let name: Option<Name> = fields.parse("name", &self.name);
        let claims = self.check_claims(fields);
        let card = self.display.check(fields, name.as_ref());
        let valid_for = match self.valid_for_days {
            Some(days) => fields.take("valid_for_days", Days::try_from(days)).map(Some),
            None => Some(None),
        };
        Some(NewIssuerTemplate {
            id,
            name: name?,
            vct: vct?,
            claims: claims?,
            card: card?,
            valid_for: valid_for?,
            identifier_id: self.identifier_id,
            status_list_id: self.status_list_id,
        })
    }

    fn check_claims(&self, fields: &mut Fields) -> Option<Vec<TemplateClaim>> {
        if self.claims.is_empty() {
            fields.refuse("claims", "required", "must have at least one claim");
        }
        if self.claims.len() > MAX_CLAIMS {
            fields.refuse("claims", "invalid", format!("must be at most {MAX_CLAIMS}"));
            return None;
        }
        let mut checked: Vec<TemplateClaim> = Vec::new();
        for (row, claim) in self.claims.iter().enumerate() {
            let at = format!("claims[{row}]");
            let claim = claim.check(fields, &at);
            if let Some(message) = claim.as_ref().and_then(|claim| clash(claim, &checked)) {
                fields.refuse(&format!("{at}.path"), "duplicate", message);
            }
            checked.extend(claim);
        }
        (checked.len() == self.claims.len() && !checked.is_empty()).then_some(checked)
    }
}

impl ClaimDraft {
    fn check(&self, fields: &mut Fields, at: &str) -> Option<TemplateClaim> {
        let path = fields.take(&format!("{at}.path"), TemplatePath::try_from(self.path.clone()));
        if path.as_ref().is_some_and(|path| is_reserved(&claim_path(path))) {
            fields.refuse(&format!("{at}.path"), "reserved", "is a name that the wallet fills in itself");
        }
        let label = filled(self.label.as_ref()).or_else(|| path.as_ref().map(TemplatePath::label));
        let label = label.and_then(|label| fields.parse::<Name>(&format!("{at}.label"), &label));
        let kind: Option<KindName> = fields.parse(&format!("{at}.type"), &self.kind);
        let (mandatory, selectively_disclosable) = (self.mandatory, self.selectively_disclosable);
        Some(TemplateClaim { path: path?, label: label?, kind: kind?.0, mandatory, selectively_disclosable })
    }
}

impl CardDraft {
    /// What most have.
    pub(super) fn usual() -> Self {
        let [language, background_color, text_color] =
            [LANGUAGE, BACKGROUND_COLOR, TEXT_COLOR].map(|text| Some(text.to_owned()));
        Self { language, background_color, text_color, ..Self::default() }
    }

    fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    fn check(&self, fields: &mut Fields, template: Option<&Name>) -> Option<Card> {
        let Self { name, description, language, background_color, text_color, logo_url } = self;
        let name = match filled(name.as_ref()) {
            Some(name) => fields.parse("display.name", &name),
            None => template.cloned(),
        };
        let description = fields.parse("display.description", description.as_deref().unwrap_or_default());
        let language = fields.parse("display.language", language.as_deref().unwrap_or(LANGUAGE));
        let background = background_color.as_deref().unwrap_or(BACKGROUND_COLOR);
        let background_color = fields.parse("display.background_color", background);
        let text_color = fields.parse("display.text_color", text_color.as_deref().unwrap_or(TEXT_COLOR));
        let logo_url = fields.parse("display.logo_url", logo_url.as_deref().unwrap_or_default());
        let logo_url = logo_url.map(|OrEmpty(url): OrEmpty<PublicLogoUrl>| url.map(|url| url.0));
        Some(Card {
            name: name?,
            description: description?,
            language: language?,
            background_color: background_color?,
            text_color: text_color?,
            logo_url: logo_url?,
        })
    }
}

/// The name of a kind of value.
struct KindName(ClaimKind);

impl FromStr for KindName {
    type Err = String;

    fn from_str(name: &str) -> Result<Self, String> {
        let names = || ClaimKind::ALL.iter().map(|kind| kind.name()).collect::<Vec<_>>().join(", ");
        ClaimKind::from_name(name).map(Self).ok_or_else(|| format!("must be one of {}", names()))
    }
}

/// The URL of a logo to which the wallets of strangers are led: it names no user.
struct PublicLogoUrl(LogoUrl);

impl FromStr for PublicLogoUrl {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let logo = text.parse::<LogoUrl>().map_err(|error| error.to_string())?;
        let url = logo.as_str().parse::<Url>();
        let is_plain = url.is_ok_and(|url| !has_user(&url));
        is_plain.then_some(Self(logo)).ok_or_else(|| "must be an https URL without user name and password".to_owned())
    }
}

/// After credentials were issued their claims stay, and what is added is not mandatory.
pub(super) fn check_issued(fields: &mut Fields, before: &[TemplateClaim], after: &[TemplateClaim]) {
    let stays = |claim: &TemplateClaim| (claim.kind, claim.mandatory, claim.selectively_disclosable);
    for (row, claim) in after.iter().enumerate() {
        match before.iter().find(|other| other.path == claim.path) {
            Some(other) if stays(other) != stays(claim) => {
                let message = "can change nothing but its label, because credentials were issued with it";
                fields.refuse(&format!("claims[{row}].path"), "immutable", message);
            }
            None if claim.mandatory => {
                let message = "must be optional, because the credentials that were issued do not have it";
                fields.refuse(&format!("claims[{row}].mandatory"), "immutable", message);
            }
            _ => {}
        }
    }
    for claim in before.iter().filter(|claim| after.iter().all(|other| other.path != claim.path)) {
        let message = format!("must keep {}, because credentials were issued with it", claim.path);
        fields.refuse("claims", "immutable", message);
    }
}

/// A claim in the audit log.
pub(super) fn claim_in_words(claim: &TemplateClaim) -> String {
    let mandatory = if claim.mandatory { ", mandatory" } else { "" };
    let withheld = if claim.selectively_disclosable { ", selectively disclosable" } else { "" };
    format!("{} ({}: {}{mandatory}{withheld})", claim.path, claim.label, claim.kind.name())
}

/// Two claims cannot stand in one place, nor one within the other.
fn clash(claim: &TemplateClaim, others: &[TemplateClaim]) -> Option<String> {
    let meets = |other: &&TemplateClaim| other.path.contains(&claim.path) || claim.path.contains(&other.path);
    let other = others.iter().find(meets)?;
    Some(if other.path == claim.path {
        "stands here twice".to_owned()
    } else {
        format!("cannot stand beside {}, because one would be within the other", other.path)
    })
}

/// A text that is not empty.
fn filled(text: Option<&String>) -> Option<String> {
    text.map(|text| text.trim().to_owned()).filter(|text| !text.is_empty())
}

#[expect(clippy::unnecessary_wraps, reason = "serde asks for the type of the member")]
const fn a_year() -> Option<i64> {
    Some(365)
}

const fn yes() -> bool {
    true
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::issuer_templates::sample;

    #[test]
    fn a_template_survives_being_typed_again() {
        let claim = |path: &str| TemplateClaim {
            path: path.parse().unwrap(),
            label: "Label".parse().unwrap(),
            kind: ClaimKind::Date,
            mandatory: false,
            selectively_disclosable: true,
        };
        let template = sample(vec![claim("a"), claim("b.c")]);
        let mut fields = Fields::default();
        let checked = TemplateDraft::from(&template).check(&mut fields, template.id, Some(template.vct));
        let checked = fields.finish(checked).unwrap();
        assert_eq!((checked.name, checked.claims, checked.card), (template.name, template.claims, template.card));
    }
}
