//! What the demo lets its reader do with `curl` alone. It is printed, and a test runs it as it is printed.

use std::fmt;

use gate::KeyText;

use super::exchange::Exchange;

/// From the offer of a credential to its revocation.
pub(super) struct Story<'a> {
    pub(super) origin: &'a str,
    pub(super) bank: &'a KeyText,
    pub(super) bakery: &'a KeyText,
    pub(super) exchange: &'a Exchange,
}

impl fmt::Display for Story<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { origin, bank, bakery, exchange } = self;
        let (issuer_template, verifier_template) = (exchange.issuer_template, exchange.verifier_template);
        let (bank, bakery) = (bank.reveal(), bakery.reveal());
        write!(
            f,
            r#"The bank issues, the bakery receives and presents, the bank revokes. Paste this into a shell:

API={origin}/api/v1
bank() {{ curl -s -H 'x-api-key: {bank}' -H 'content-type: application/json' "$@"; }}
bakery() {{ curl -s -H 'x-api-key: {bakery}' -H 'content-type: application/json' "$@"; }}
field() {{ grep -o "\"$1\":\"[^\"]*" | head -1 | cut -d '"' -f 4; }}

# The bank offers a credential, and the bakery receives it.
ISSUANCE=$(bank $API/issuances -d '{{"template": "{issuer_template}",
  "claims": {{"account_holder": "Bakery De Gouden Korst", "iban": "NL18RABO0123459876"}}}}' | field id)
OFFER=$(bank $API/issuances/$ISSUANCE | field credential_offer_uri)
bakery $API/credential-offers -d '{{"offer": "'"$OFFER"'", "accept": true}}'; echo

# The bank asks for it, the bakery presents it, and the bank sees what was checked and disclosed.
check() {{
  CHECK=$(bank $API/verifications -d '{{"template": "{verifier_template}"}}' | field id)
  REQUEST=$(bank $API/verifications/$CHECK | field request_uri)
  ANSWER=$(bakery $API/presentations -d '{{"request": "'"$REQUEST"'"}}')
  bakery $API/presentations/$(printf '%s' "$ANSWER" | field id)/send -d '{{}}' > /dev/null
}}
check; bank $API/verifications/$CHECK; echo

# The bank revokes it: the bakery's wallet asks for the status, and has nothing to present any more.
bank -X POST $API/issuances/$ISSUANCE/revoke > /dev/null
check; printf '%s\n' "$ANSWER"
"#
        )
    }
}
