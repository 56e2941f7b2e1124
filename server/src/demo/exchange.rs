//! What the demo's wallet issues to its customers and asks of them, with a past: credentials in every state, and
//! presentations that were believed and that were not.

use axum::Router;
use claviger::App;
use issue::issued_credentials;
use issue::issuer_templates::{CardDraft, ClaimDraft, IssuerTemplates, TemplateDraft};
use issue::status_lists::StatusListDraft;
use issue::status_lists::StatusLists;
use jiff::Timestamp;
use kernel::caller::Caller;
use kernel::collection::Creatable as _;
use kernel::idempotency::IdempotencyKey;
use keys::identifiers::IdentifierDraft;
use keys::identifiers::Identifiers;
use model::{
    DidMethod, Identifier, IssuanceId, IssuerTemplate, IssuerTemplateId, RequestUriMethod, Retention, TrustChoice,
    VerifierTemplateId,
};
use serde_json::{Map, Value, json};
use vc::openid4vci::CredentialOffer;
use vc::sd_jwt_vc::{ClaimPath, PathStep};
use verify::trusted_issuers::IssuerDraft;
use verify::trusted_issuers::TrustedIssuers;
use verify::verifications;
use verify::verifier_templates::{self, VerifierTemplates};

use super::customer::Customer;
use super::sample::{DAY, HOUR, at};

/// What the demo lets its reader issue and ask for.
pub(super) struct Exchange {
    pub(super) issuer_template: IssuerTemplateId,
    pub(super) verifier_template: VerifierTemplateId,
}

/// The claims that are asked for of a customer.
const ASKED: [&str; 2] = ["account_holder", "iban"];
/// What the one credential query of the demo is called.
const QUERY: &str = "account";

/// A customer to whom the account was confirmed, or should have been.
struct Account {
    customer: u32,
    holder: &'static str,
    iban: &'static str,
    offered_days_ago: i64,
    fate: Fate,
    shown_hours_ago: Option<i64>,
}

/// What became of the offer.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Fate {
    Issued,
    Suspended,
    Revoked,
    /// Nobody has taken it up.
    Offered,
    /// Taken back by the bank.
    Cancelled,
}

#[rustfmt::skip]
const ACCOUNTS: &[Account] = &[
    Account { customer: 1007, holder: "Bloemenhal Westland B.V.", iban: "NL20INGB0001234567", offered_days_ago: 58, fate: Fate::Revoked, shown_hours_ago: Some(30) },
    Account { customer: 1012, holder: "Fietsen op Maat", iban: "NL91ABNA0417164300", offered_days_ago: 41, fate: Fate::Issued, shown_hours_ago: Some(5 * 24) },
    Account { customer: 1019, holder: "Drukkerij Zuid B.V.", iban: "NL44RABO0123456789", offered_days_ago: 23, fate: Fate::Suspended, shown_hours_ago: None },
    Account { customer: 1024, holder: "Haven Logistiek N.V.", iban: "NL55TRIO0254443301", offered_days_ago: 9, fate: Fate::Issued, shown_hours_ago: Some(4) },
    Account { customer: 1026, holder: "Stichting Leeszaal", iban: "NL08BUNQ2025200014", offered_days_ago: 6, fate: Fate::Offered, shown_hours_ago: None },
    Account { customer: 1031, holder: "Timmerbedrijf De Balk", iban: "NL02RABO0300065264", offered_days_ago: 2, fate: Fate::Cancelled, shown_hours_ago: None },
    Account { customer: 1033, holder: "Café Het Anker", iban: "NL69INGB0123456789", offered_days_ago: 0, fate: Fate::Offered, shown_hours_ago: None },
];

/// Lets the wallet of the caller, whose clock is there to be moved, issue and verify. `server` is what strangers reach.
pub(super) async fn fill(app: &App, server: &Router, caller: &Caller, now: Timestamp) -> anyhow::Result<Exchange> {
    at(app, now, 60 * DAY);
    let draft = IdentifierDraft { name: "Customer desk".parse()?, method: DidMethod::Jwk };
    let identifier = Identifiers::create(app, caller, draft).await?;
    let template = add_issuer_template(app, caller, &identifier).await?;
    let verifier_template = add_verifier_template(app, caller, &identifier, &template).await?;
    let mut holders = Vec::new();
    for account in ACCOUNTS {
        at(app, now, account.offered_days_ago * DAY + 2 * HOUR);
        let customer = Customer::new(app, server)?;
        if let Some(credential) = offer(app, caller, &customer, &template, account, now).await? {
            holders.extend(account.shown_hours_ago.map(|hours| (hours, customer, credential)));
        }
    }
    holders.sort_by_key(|(hours_ago, ..)| -hours_ago);
    for (hours_ago, customer, credential) in holders {
        at(app, now, hours_ago * HOUR);
        let link = ask(app, caller, verifier_template, "account check").await?;
        customer.present(&link, QUERY, &credential, &ASKED.map(path)).await?;
    }
    at(app, now, 3 * HOUR);
    ask(app, caller, verifier_template, "nobody came").await?;
    at(app, now, 1);
    ask(app, caller, verifier_template, "at the counter").await?;
    Ok(Exchange { issuer_template: template.id, verifier_template })
}

async fn add_issuer_template(app: &App, caller: &Caller, signer: &Identifier) -> anyhow::Result<IssuerTemplate> {
    let list = StatusListDraft { name: "Account confirmations".to_owned(), identifier_id: signer.id };
    let list = StatusLists::create(app, caller, list).await?;
    let claim = |name: &str, label: &str, kind: &str, mandatory| ClaimDraft {
        path: vec![name.to_owned()],
        label: Some(label.to_owned()),
        kind: kind.to_owned(),
        mandatory,
        ..ClaimDraft::default()
    };
    let draft = TemplateDraft {
        name: "Account confirmation".to_owned(),
        vct: None,
        claims: vec![
            claim("account_holder", "Account holder", "text", true),
            claim("iban", "IBAN", "text", true),
            claim("opened_on", "Opened on", "date", false),
        ],
        display: CardDraft {
            description: Some("Confirms that the holder has an account with Example Bank".to_owned()),
            background_color: Some("#0b3d5c".to_owned()),
            ..CardDraft::default()
        },
        valid_for_days: Some(365),
        identifier_id: signer.id,
        status_list_id: Some(list.id),
    };
    Ok(IssuerTemplates::create(app, caller, draft).await?)
}

/// Asks for what the issuer template makes. The wallet trusts nobody without being told so, itself neither.
async fn add_verifier_template(
    app: &App,
    caller: &Caller,
    signer: &Identifier,
    issued: &IssuerTemplate,
) -> anyhow::Result<VerifierTemplateId> {
    let vct = issued.vct.as_str();
    let trusted = IssuerDraft {
        name: "Example Bank".to_owned(),
        issuer: signer.did.clone(),
        any_vct: false,
        vcts: vec![vct.to_owned()],
        notes: "Our own account confirmations".to_owned(),
    };
    TrustedIssuers::create(app, caller, trusted).await?;
    let claims: Vec<Value> = ASKED.iter().map(|name| json!({"path": [name]})).collect();
    let query = json!({"id": QUERY, "format": "dc+sd-jwt", "meta": {"vct_values": [vct]}, "claims": claims});
    let draft = verifier_templates::TemplateDraft {
        name: "Account check".to_owned(),
        purpose: "To pay invoices to the right account".to_owned(),
        identifier_id: signer.id,
        query: json!({"credentials": [query]}),
        trust: TrustChoice::default(),
        trusted_issuers: Vec::new(),
        retention_days: Retention::default().days().into(),
        request_uri_method: RequestUriMethod::default(),
    };
    Ok(VerifierTemplates::create(app, caller, draft).await?.id)
}

/// Offers the confirmation and lets come what came; the credential, if one was issued.
async fn offer(
    app: &App,
    caller: &Caller,
    customer: &Customer<'_>,
    template: &IssuerTemplate,
    account: &Account,
    now: Timestamp,
) -> anyhow::Result<Option<String>> {
    let (id, offer) = offered(app, caller, template, account).await?;
    match account.fate {
        Fate::Offered => return Ok(None),
        Fate::Cancelled => {
            issued_credentials::cancel(app, caller, id).await?;
            return Ok(None);
        }
        Fate::Issued | Fate::Suspended | Fate::Revoked => {}
    }
    let credential = customer.receive(&offer).await?;
    at(app, now, account.offered_days_ago * DAY / 2);
    match account.fate {
        Fate::Suspended => drop(issued_credentials::suspend(app, caller, id).await?),
        Fate::Revoked => drop(issued_credentials::revoke(app, caller, id).await?),
        Fate::Issued | Fate::Offered | Fate::Cancelled => {}
    }
    Ok(Some(credential))
}

async fn offered(
    app: &App,
    caller: &Caller,
    template: &IssuerTemplate,
    account: &Account,
) -> anyhow::Result<(IssuanceId, CredentialOffer)> {
    let claims = [("account_holder", account.holder), ("iban", account.iban)];
    let claims: Map<String, Value> = claims.map(|(name, value)| (name.to_owned(), value.into())).into_iter().collect();
    let draft = issued_credentials::Draft {
        template: template.id,
        claims,
        correlation_id: Some(format!("customer {}", account.customer)),
        tx_code: issued_credentials::TxCode::None,
        expires_in: issued_credentials::DEFAULT_LIFETIME,
        valid_until: None,
        contact: None,
        callback: None,
    };
    let made = issued_credentials::create(app, caller, &draft, &IdempotencyKey::none()).await?;
    let offer = made.offer.ok_or_else(|| anyhow::anyhow!("a new offer is open"))?.offer;
    Ok((made.issuance.id, offer))
}

/// The link of a request.
async fn ask(app: &App, caller: &Caller, template: VerifierTemplateId, reference: &str) -> anyhow::Result<String> {
    let draft = verifications::Draft {
        template: Some(template),
        correlation_id: Some(reference.to_owned()),
        ..verifications::Draft::default()
    };
    let asked = verifications::create(app, caller, &draft, &IdempotencyKey::none()).await?;
    asked.link.ok_or_else(|| anyhow::anyhow!("a new request can be fetched"))
}

fn path(name: &str) -> ClaimPath {
    ClaimPath(vec![PathStep::Name(name.to_owned())])
}
