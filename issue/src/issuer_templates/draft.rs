//! A template as somebody types it, and what is checked of it.

use std::str::FromStr;

use kernel::http::Fields;
use kernel::outbound::has_user;
use model::{
    Card, ClaimKind, Color, Days, IdentifierId, IssuerTemplate, Language, LogoUrl, Name, Notes, StatusListId,
    TemplateClaim, TemplatePath,
};
use reqwest::Url;
use vc::sd_jwt_vc::is_reserved;

use super::claims::claim_path;

/// The most claims of a template.
const MAX_CLAIMS: usize = 100;

/// What somebody asks for in a template, as it was typed. The default is what a new one begins with.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Draft {
    /// What people call it.
    pub name: String,
    /// The type of its credentials; empty for one that the wallet makes.
    pub vct: String,
    /// What they say.
    pub claims: Vec<ClaimDraft>,
    /// How they look.
    pub card: CardDraft,
    /// How many days they are valid; empty for good.
    pub valid_for_days: String,
    /// Who signs them.
    pub identifier_id: String,
    /// Where they can be revoked and suspended; empty for nowhere.
    pub status_list_id: String,
}

/// One claim.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ClaimDraft {
    /// Where it stands, from the top of the credential.
    pub path: Vec<String>,
    /// What people read beside its value; empty for what its name says.
    pub label: String,
    /// The name of its [`ClaimKind`].
    pub kind: String,
    /// Whether every credential has it.
    pub mandatory: bool,
    /// Whether the holder may withhold it.
    pub selectively_disclosable: bool,
}

/// How a credential looks.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct CardDraft {
    /// Its title; empty for the template's name.
    pub name: String,
    /// What it is.
    pub description: String,
    /// The language of title, description and labels.
    pub language: String,
    /// Behind the text.
    pub background_color: String,
    /// Of the text.
    pub text_color: String,
    /// A picture of the issuer; empty for none.
    pub logo_url: String,
}

/// What was accepted, but for the type.
pub(super) struct ValidDraft {
    pub(super) name: Name,
    pub(super) claims: Vec<TemplateClaim>,
    pub(super) card: Card,
    pub(super) valid_for: Option<Days>,
    pub(super) identifier_id: IdentifierId,
    pub(super) status_list_id: Option<StatusListId>,
}

impl Default for Draft {
    fn default() -> Self {
        Self {
            name: String::new(),
            vct: String::new(),
            claims: Vec::new(),
            card: CardDraft::default(),
            valid_for_days: "365".to_owned(),
            identifier_id: String::new(),
            status_list_id: String::new(),
        }
    }
}

/// A claim that most templates have: text that every credential has and the holder may withhold.
impl Default for ClaimDraft {
    fn default() -> Self {
        Self {
            path: Vec::new(),
            label: String::new(),
            kind: ClaimKind::Text.name().to_owned(),
            mandatory: true,
            selectively_disclosable: true,
        }
    }
}

impl Default for CardDraft {
    fn default() -> Self {
        Self {
            name: String::new(),
            description: String::new(),
            language: "en".to_owned(),
            background_color: "#0c2a35".to_owned(),
            text_color: "#ffffff".to_owned(),
            logo_url: String::new(),
        }
    }
}

impl Draft {
    /// The template as somebody would have typed it.
    pub fn of(template: &IssuerTemplate) -> Self {
        let claim = |claim: &TemplateClaim| ClaimDraft {
            path: claim.path.names().to_vec(),
            label: claim.label.to_string(),
            kind: claim.kind.name().to_owned(),
            mandatory: claim.mandatory,
            selectively_disclosable: claim.selectively_disclosable,
        };
        let card = &template.card;
        Self {
            name: template.name.to_string(),
            vct: template.vct.to_string(),
            claims: template.claims.iter().map(claim).collect(),
            card: CardDraft {
                name: card.name.to_string(),
                description: card.description.to_string(),
                language: card.language.to_string(),
                background_color: card.background_color.to_string(),
                text_color: card.text_color.to_string(),
                logo_url: card.logo_url.as_ref().map(ToString::to_string).unwrap_or_default(),
            },
            valid_for_days: template.valid_for.map(|days| days.get().to_string()).unwrap_or_default(),
            identifier_id: template.identifier_id.to_string(),
            status_list_id: template.status_list_id.map(|id| id.to_string()).unwrap_or_default(),
        }
    }

    /// Checks everything but the type and whether what is named exists.
    pub(super) fn check(&self, fields: &mut Fields) -> Option<ValidDraft> {
        let name: Option<Name> = fields.parse("name", &self.name);
        let claims = self.check_claims(fields);
        let card = self.card.check(fields, name.as_ref());
        let valid_for: Option<Option<Days>> = optional(fields, "valid_for_days", &self.valid_for_days);
        let status_list_id = match self.status_list_id.trim() {
            "" => Some(None),
            id => {
                fields.take("status_list_id", id.parse().map_err(|_| "is not a status list of this wallet")).map(Some)
            }
        };
        Some(ValidDraft {
            name: name?,
            claims: claims?,
            card: card?,
            valid_for: valid_for?,
            identifier_id: self.identifier_id.trim().parse().ok()?,
            status_list_id: status_list_id?,
        })
    }

    /// Who is to sign.
    pub(super) fn identifier(&self, fields: &mut Fields) -> Option<IdentifierId> {
        match self.identifier_id.trim() {
            "" => {
                fields.refuse("identifier_id", "required", "is required");
                None
            }
            id => fields.take("identifier_id", id.parse().map_err(|_| "is not an identifier of this wallet")),
        }
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
    /// A claim whose path is typed with dots between its names.
    pub fn typed_path(path: &str) -> Vec<String> {
        path.trim().split('.').map(|name| name.trim().to_owned()).collect()
    }

    fn check(&self, fields: &mut Fields, at: &str) -> Option<TemplateClaim> {
        let path = fields.take(&format!("{at}.path"), TemplatePath::try_from(self.path.clone()));
        if path.as_ref().is_some_and(|path| is_reserved(&claim_path(path))) {
            fields.refuse(&format!("{at}.path"), "reserved", "is a name that the wallet fills in itself");
        }
        let label = match (self.label.trim(), &path) {
            ("", Some(path)) => fields.parse(&format!("{at}.label"), &path.label()),
            ("", None) => None,
            (label, _) => fields.parse::<Name>(&format!("{at}.label"), label),
        };
        let kind = ClaimKind::from_name(&self.kind);
        if kind.is_none() {
            let names: Vec<&str> = ClaimKind::ALL.iter().map(|kind| kind.name()).collect();
            fields.refuse(&format!("{at}.type"), "invalid", format!("must be one of {}", names.join(", ")));
        }
        let (mandatory, selectively_disclosable) = (self.mandatory, self.selectively_disclosable);
        Some(TemplateClaim { path: path?, label: label?, kind: kind?, mandatory, selectively_disclosable })
    }
}

impl CardDraft {
    fn check(&self, fields: &mut Fields, template: Option<&Name>) -> Option<Card> {
        let name = match self.name.trim() {
            "" => template.cloned(),
            name => fields.parse("display.name", name),
        };
        let description: Option<Notes> = fields.parse("display.description", &self.description);
        let language: Option<Language> = fields.parse("display.language", &self.language);
        let background_color: Option<Color> = fields.parse("display.background_color", &self.background_color);
        let text_color: Option<Color> = fields.parse("display.text_color", &self.text_color);
        let logo_url: Option<Option<PublicLogoUrl>> = optional(fields, "display.logo_url", &self.logo_url);
        Some(Card {
            name: name?,
            description: description?,
            language: language?,
            background_color: background_color?,
            text_color: text_color?,
            logo_url: logo_url?.map(|url| url.0),
        })
    }
}

/// The URL of a logo to which the wallets of strangers are led: it names no user.
pub(super) struct PublicLogoUrl(LogoUrl);

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

/// An empty text for nothing.
fn optional<T>(fields: &mut Fields, field: &str, text: &str) -> Option<Option<T>>
where
    T: std::str::FromStr,
    T::Err: ToString,
{
    if text.trim().is_empty() { Some(None) } else { fields.parse(field, text).map(Some) }
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
        let draft = Draft::of(&template);
        let checked = draft.check(&mut fields);
        let checked = fields.finish(checked).unwrap();
        assert_eq!((checked.name, checked.claims, checked.card), (template.name, template.claims, template.card));
    }
}
