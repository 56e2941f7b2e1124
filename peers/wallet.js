// A wallet that others wrote: it takes credentials by OpenID4VCI and shows them by OpenID4VP. Every step is a method
// of its own, so that a test can take one twice, or take it wrongly.
import { preAuthorizedCodeGrantIdentifier } from "@openid4vc/oauth2";
import { Openid4vciClient } from "@openid4vc/openid4vci";
import { Openid4vpClient } from "@openid4vc/openid4vp";
import { DcqlQuery } from "dcql";
import { Party } from "./party.js";

const now = () => Math.floor(Date.now() / 1000);

export class Wallet {
  constructor(party = Party.byKey()) {
    this.party = party;
    this.credentials = [];
    this.issuance = new Openid4vciClient({ callbacks: party.callbacks });
    this.presentation = new Openid4vpClient({ callbacks: party.callbacks });
    this.sdJwt = party.sdJwt();
  }

  /** Takes the credential of an offer, from its link to the verified credential, and keeps it. */
  async receive(link, txCode) {
    const offer = await this.open(link);
    const accessToken = await this.token(offer, txCode);
    const nonce = await this.nonce(offer);
    const credential = await this.credential(offer, accessToken, await this.proof(offer, nonce));
    await this.sdJwt.verify(credential);
    this.credentials.push(credential);
    return credential;
  }

  /** The offer of a link, by value or by reference, and what the issuer says about itself. */
  async open(link) {
    const credentialOffer = await this.issuance.resolveCredentialOffer(link);
    const issuerMetadata = await this.issuance.resolveIssuerMetadata(credentialOffer.credential_issuer);
    return { credentialOffer, issuerMetadata };
  }

  /** The access token for the offer's pre-authorized code. */
  async token(offer, txCode) {
    const answer = await this.issuance.retrievePreAuthorizedCodeAccessTokenFromOffer({ ...offer, txCode });
    return answer.accessTokenResponse.access_token;
  }

  async nonce({ issuerMetadata }) {
    return (await this.issuance.requestNonce({ issuerMetadata })).c_nonce;
  }

  /** The proof that the wallet holds the key to which the credential shall be bound. */
  async proof({ credentialOffer, issuerMetadata }, nonce, signer = this.party.signer) {
    const [credentialConfigurationId] = credentialOffer.credential_configuration_ids;
    const options = { issuerMetadata, credentialConfigurationId, nonce, signer };
    return (await this.issuance.createCredentialRequestJwtProof(options)).jwt;
  }

  async credential({ credentialOffer, issuerMetadata }, accessToken, proof) {
    const [credentialConfigurationId] = credentialOffer.credential_configuration_ids;
    const options = { issuerMetadata, credentialConfigurationId, accessToken, proofs: { jwt: [proof] } };
    const { credentialResponse } = await this.issuance.retrieveCredentials(options);
    return credentialResponse.credentials[0].credential;
  }

  /** Shows what a request asks for, and answers with what the verifier says to it. */
  async present(link) {
    const request = await this.read(link);
    return this.send(request, await this.answer(request));
  }

  /** The request of a link, fetched, and verified with the key of the DID that it names as its client. */
  async read(link) {
    const { params } = this.presentation.parseOpenid4vpAuthorizationRequest({ authorizationRequest: link });
    const resolved = await this.presentation.resolveOpenId4vpAuthorizationRequest({ authorizationRequestPayload: params });
    return resolved.authorizationRequestPayload;
  }

  /** The `vp_token`: for each credential query a presentation with the claims that it asks for and no other. */
  async answer(request, { audience = request.client_id, nonce = request.nonce, disclose } = {}) {
    const query = DcqlQuery.parse(request.dcql_query);
    const claims = await Promise.all(this.credentials.map((credential) => this.sdJwt.getClaims(credential)));
    const matches = DcqlQuery.query(query, claims.map(asDcqlCredential));
    if (!matches.can_be_satisfied) throw new Error("no credential answers the query");
    const presentations = Object.values(matches.credential_matches)
      .filter((match) => match.success)
      .map(async ({ credential_query_id: id, valid_credentials: [first] }) => {
        const frame = disclose ?? frameOf(first.claims.valid_claim_sets[0].output);
        const kb = { payload: { iat: now(), aud: audience, nonce } };
        return [id, [await this.sdJwt.present(this.credentials[first.input_credential_index], frame, { kb })]];
      });
    return Object.fromEntries(await Promise.all(presentations));
  }

  /** Posts the answer (OpenID4VP section 8.2, `direct_post`). */
  async send(request, vpToken) {
    const { authorizationResponsePayload } = await this.presentation.createOpenid4vpAuthorizationResponse({
      authorizationRequestPayload: request,
      authorizationResponsePayload: { vp_token: vpToken },
    });
    const { response } = await this.presentation.submitOpenid4vpAuthorizationResponse({
      authorizationRequestPayload: request,
      authorizationResponsePayload,
    });
    return response;
  }
}

/** The pre-authorized code of an offer, and what is asked to be typed with it. */
export function grantOf({ credentialOffer }) {
  return credentialOffer.grants[preAuthorizedCodeGrantIdentifier];
}

/** A credential as the `dcql` package wants to see it. */
export function asDcqlCredential({ vct, ...claims }) {
  return { credential_format: "dc+sd-jwt", vct, claims: { vct, ...claims }, cryptographic_holder_binding: true };
}

/** What @sd-jwt wants to be told to disclose: `true` in the place of each value. */
function frameOf(claims) {
  const isBranch = (value) => value !== null && typeof value === "object";
  return Object.fromEntries(
    Object.entries(claims).map(([name, value]) => [name, isBranch(value) ? frameOf(value) : true]),
  );
}
