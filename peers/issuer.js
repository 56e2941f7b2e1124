// An issuer that others wrote: metadata, offers by value and by reference, token, nonce, credential (OpenID4VCI with
// the pre-authorized code) and a status list, served at a path so that the well-known addresses have one too.
import { randomUUID } from "node:crypto";
import { setTimeout } from "node:timers/promises";
import { deflateSync } from "node:zlib";
import { Oauth2AuthorizationServer, preAuthorizedCodeGrantIdentifier } from "@openid4vc/oauth2";
import { Openid4vciIssuer } from "@openid4vc/openid4vci";
import { StatusList, createHeaderAndPayload } from "@sd-jwt/jwt-status-list";
import { Party } from "./party.js";
import { json, openSite } from "./site.js";

const PATH = "/acme";
const CONFIGURATION = "membership";
const HOUR = 3600;
/** How long the status list may be kept, in seconds. */
const TTL = 1;

export const VALID = 0;
export const REVOKED = 1;
export const SUSPENDED = 2;

const now = () => Math.floor(Date.now() / 1000);

export class Issuer {
  /** What the credential says to whoever it is offered. */
  vct = "https://acme.example/membership";
  statuses = new StatusList(new Array(1024).fill(VALID), 2);
  /** What is offered, by its code; the open sessions, by their token; the nonces that nobody has used. */
  offers = new Map();
  sessions = new Map();
  nonces = new Set();
  /** Where the status list is; a verifier keeps what it read there for as long as the list says. */
  listPath = "/statuses";

  /** Opens the site of an issuer that is named by its address. */
  static async open() {
    const issuer = new Issuer();
    issuer.site = await openSite(issuer.#routes());
    issuer.url = `${issuer.site.url}${PATH}`;
    issuer.party = Party.byAddress(issuer.url);
    issuer.issuance = new Openid4vciIssuer({ callbacks: issuer.party.callbacks });
    issuer.authorization = new Oauth2AuthorizationServer({ callbacks: issuer.party.callbacks });
    return issuer;
  }

  close() {
    return this.site.close();
  }

  get metadata() {
    const credentialIssuer = this.issuance.createCredentialIssuerMetadata({
      credential_issuer: this.url,
      credential_endpoint: `${this.url}/credential`,
      nonce_endpoint: `${this.url}/nonce`,
      display: [{ name: "Acme" }],
      credential_configurations_supported: {
        [CONFIGURATION]: {
          format: "dc+sd-jwt",
          vct: this.vct,
          cryptographic_binding_methods_supported: ["jwk", "did:jwk"],
          credential_signing_alg_values_supported: ["ES256"],
          proof_types_supported: { jwt: { proof_signing_alg_values_supported: ["ES256"] } },
          credential_metadata: { display: [{ name: "Membership" }], claims: [{ path: ["given_name"] }] },
        },
      },
    });
    const authorizationServer = {
      issuer: this.url,
      token_endpoint: `${this.url}/token`,
      grant_types_supported: [preAuthorizedCodeGrantIdentifier],
      "pre-authorized_grant_anonymous_access_supported": true,
    };
    return {
      credentialIssuer,
      authorizationServers: [authorizationServer],
      knownCredentialConfigurations: this.issuance.getKnownCredentialConfigurationsSupported(credentialIssuer),
    };
  }

  /** Offers these claims; the answer is the link. Each may be kept back by the holder. */
  async offer(claims, { byReference = false, txCode, boundTo, index = this.offers.size } = {}) {
    const id = randomUUID();
    const tx_code = txCode && { input_mode: "numeric", length: txCode.length, description: "Sent by letter" };
    const { credentialOffer, credentialOfferObject } = await this.issuance.createCredentialOffer({
      issuerMetadata: this.metadata,
      credentialConfigurationIds: [CONFIGURATION],
      grants: { [preAuthorizedCodeGrantIdentifier]: { tx_code } },
      credentialOfferUri: byReference ? `${this.url}/offers/${id}` : undefined,
    });
    const code = credentialOfferObject.grants[preAuthorizedCodeGrantIdentifier]["pre-authorized_code"];
    this.offers.set(code, { id, claims, txCode, boundTo, index, object: credentialOfferObject });
    return credentialOffer;
  }

  /** Signs a credential for whoever holds the key. */
  issue(claims, holderJwk, index, { party = this.party, ...more } = {}) {
    const payload = {
      iss: party.did,
      vct: this.vct,
      iat: now(),
      exp: now() + HOUR,
      cnf: { jwk: holderJwk },
      status: { status_list: { idx: index, uri: `${this.url}${this.listPath}` } },
      ...claims,
      ...more,
    };
    return party.sdJwt().issue(payload, { _sd: Object.keys(claims) }, { header: { kid: party.keyId } });
  }

  /** Whoever has read the list may keep it for as long as it says, and not longer. */
  untilListIsStale() {
    return setTimeout(1000 * (TTL + 0.1));
  }

  setStatus(index, status) {
    this.statuses.setStatus(index, status);
  }

  #routes() {
    return {
      [`GET ${PATH}/did.json`]: () => json(this.party.document),
      [`GET /.well-known/openid-credential-issuer${PATH}`]: () => json(this.metadata.credentialIssuer),
      [`GET /.well-known/oauth-authorization-server${PATH}`]: () => json(this.metadata.authorizationServers[0]),
      [`GET ${PATH}/offers/*`]: ({ rest }) => {
        const offer = [...this.offers.values()].find(({ id }) => id === rest);
        return offer ? json(offer.object) : { status: 404 };
      },
      [`POST ${PATH}/token`]: (request) => this.#token(request),
      [`POST ${PATH}/nonce`]: () => {
        const nonce = randomUUID();
        this.nonces.add(nonce);
        return json(this.issuance.createNonceResponse({ cNonce: nonce }));
      },
      [`POST ${PATH}/credential`]: (request) => this.#credential(request),
      [`GET ${PATH}/statuses*`]: ({ rest }) => {
        const body = this.#statusListToken(rest);
        return body ? { type: "application/statuslist+jwt", body } : { status: 404 };
      },
    };
  }

  async #token(request) {
    const { grant, accessTokenRequest } = this.authorization.parseAccessTokenRequest({
      accessTokenRequest: Object.fromEntries(new URLSearchParams(request.text)),
      request,
    });
    const offer = this.offers.get(grant.preAuthorizedCode);
    if (!offer) return json({ error: "invalid_grant" }, 400);
    await this.authorization.verifyPreAuthorizedCodeAccessTokenRequest({
      authorizationServerMetadata: this.metadata.authorizationServers[0],
      accessTokenRequest,
      grant,
      request,
      expectedPreAuthorizedCode: grant.preAuthorizedCode,
      expectedTxCode: offer.txCode,
    });
    this.offers.delete(grant.preAuthorizedCode);
    const accessToken = randomUUID();
    this.sessions.set(accessToken, offer);
    return json({ access_token: accessToken, token_type: "Bearer", expires_in: HOUR });
  }

  async #credential(request) {
    const token = request.headers.get("authorization")?.replace(/^Bearer /, "");
    const offer = this.sessions.get(token);
    if (!offer) return { status: 401, headers: { "www-authenticate": 'Bearer error="invalid_token"' } };
    const issuerMetadata = this.metadata;
    const { proofs, credentialRequest } = this.issuance.parseCredentialRequest({
      issuerMetadata,
      credentialRequest: JSON.parse(request.text),
    });
    const jwt = proofs?.jwt?.[0];
    if (!jwt) return json({ error: "invalid_proof", error_description: "there is no key proof" }, 400);
    const { nonce } = JSON.parse(Buffer.from(jwt.split(".")[1], "base64url"));
    if (!this.nonces.delete(nonce)) return json({ error: "invalid_nonce" }, 400);
    const { signer } = await this.issuance.verifyCredentialRequestJwtProof({ issuerMetadata, jwt, expectedNonce: nonce });
    this.sessions.delete(token);
    const credential = await this.issue(offer.claims, offer.boundTo ?? publicPart(signer.publicJwk), offer.index);
    return json(this.issuance.createCredentialResponse({ credentialRequest, credentials: [{ credential }] }));
  }

  /** The list at this path, and those that nobody must believe. */
  #statusListToken(path) {
    const sub = `${this.url}/statuses${path === "/elsewhere" ? "" : path}`;
    const signer = path === "/forged" ? Party.byKey() : this.party;
    const claims = { iss: this.party.did, sub, iat: now(), exp: now() + HOUR, ttl: TTL };
    const { header, payload } = createHeaderAndPayload(this.statuses, claims, { kid: signer.keyId });
    if (path === "/missing") return undefined;
    // A few kilobytes that become a hundred megabytes.
    if (path === "/bomb") payload.status_list.lst = deflateSync(Buffer.alloc(100_000_000)).toString("base64url");
    return signer.jwt(header, payload);
  }
}

function publicPart({ kty, crv, x, y }) {
  return { kty, crv, x, y };
}
