// A verifier that others wrote: a signed request by reference under a DID, a DCQL query, `direct_post`.
import { randomUUID } from "node:crypto";
import { Openid4vpVerifier } from "@openid4vc/openid4vp";
import { DcqlPresentationResult, DcqlQuery } from "dcql";
import { Party } from "./party.js";
import { json, openSite } from "./site.js";
import { asDcqlCredential } from "./wallet.js";

const MINUTE = 60;

export class Verifier {
  /** The sessions by their id, with the request that is answered and, once it is, the result. */
  sessions = new Map();

  /** Opens the site of a verifier: named by its key, or by its address. */
  static async open({ byAddress = false } = {}) {
    const verifier = new Verifier();
    verifier.site = await openSite(verifier.#routes());
    verifier.party = byAddress ? Party.byAddress(verifier.site.url) : Party.byKey();
    verifier.presentation = new Openid4vpVerifier({ callbacks: verifier.party.callbacks });
    verifier.clientId = `decentralized_identifier:${verifier.party.did}`;
    return verifier;
  }

  close() {
    return this.site.close();
  }

  /** Asks a question; the answer is the session with the link to it. `more` overrides what the request says. */
  async ask(query, { requestUriMethod, ...more } = {}) {
    const id = randomUUID();
    const request = {
      response_type: "vp_token",
      response_mode: "direct_post",
      client_id: this.clientId,
      response_uri: `${this.site.url}/responses/${id}`,
      nonce: randomUUID(),
      state: randomUUID(),
      dcql_query: query,
      client_metadata: {
        client_name: "Peer",
        vp_formats_supported: { "dc+sd-jwt": { "sd-jwt_alg_values": ["ES256"], "kb-jwt_alg_values": ["ES256"] } },
      },
      ...more,
    };
    const session = { id, request, outcome: undefined };
    const { authorizationRequest } = await this.#sign(session);
    session.link = requestUriMethod
      ? `${authorizationRequest}&request_uri_method=${requestUriMethod}`
      : authorizationRequest;
    this.sessions.set(id, session);
    return session;
  }

  /** The signed request; for a wallet that sent a nonce of its own, with that nonce (OpenID4VP section 5.10). */
  #sign({ id, request }, walletNonce) {
    return this.presentation.createOpenId4vpAuthorizationRequest({
      authorizationRequestPayload: { ...request, wallet_nonce: walletNonce },
      wallet: { expectedNonce: walletNonce },
      jar: {
        jwtSigner: this.party.signer,
        requestUri: `${this.site.url}/requests/${id}`,
        expiresInSeconds: 5 * MINUTE,
        additionalJwtPayload: { aud: "https://self-issued.me/v2" },
      },
    });
  }

  #routes() {
    const request = async ({ rest, text }) => {
      const session = this.sessions.get(rest);
      if (!session) return { status: 404 };
      const walletNonce = new URLSearchParams(text).get("wallet_nonce") ?? undefined;
      const { jar } = await this.#sign(session, walletNonce);
      return { type: "application/oauth-authz-req+jwt", body: jar.authorizationRequestJwt };
    };
    return {
      "GET /.well-known/did.json": () => json(this.party.document),
      "GET /requests/*": request,
      "POST /requests/*": request,
      "POST /responses/*": (answer) => this.#receive(answer),
    };
  }

  async #receive({ rest, text }) {
    const session = this.sessions.get(rest);
    if (!session) return { status: 404 };
    const answer = Object.fromEntries(new URLSearchParams(text));
    session.outcome = answer.error
      ? { declined: answer.error }
      : await this.#verify(session.request, answer).catch((error) => ({ refused: error.message }));
    if (session.outcome.refused) return json({ error: "invalid_request", error_description: session.outcome.refused }, 400);
    return json({});
  }

  /** What was disclosed, by the id of the credential query; an error when anything does not hold. */
  async #verify(request, answer) {
    const { dcql } = await this.presentation.parseOpenid4vpAuthorizationResponse({
      authorizationResponse: answer,
      authorizationRequestPayload: request,
      callbacks: this.party.callbacks,
    });
    const disclosed = {};
    for (const [id, [presentation]] of Object.entries(dcql.presentations)) {
      const { payload, kb } = await this.party.sdJwt().verify(presentation, { keyBindingNonce: request.nonce });
      // The library leaves the audience to its user.
      if (kb.payload.aud !== request.client_id) throw new Error(`the presentation is for ${kb.payload.aud}`);
      disclosed[id] = payload;
    }
    const presented = Object.entries(disclosed).map(([id, claims]) => [id, [asDcqlCredential(claims)]]);
    const dcqlQuery = DcqlQuery.parse(request.dcql_query);
    DcqlPresentationResult.validate(
      DcqlPresentationResult.fromDcqlPresentation(Object.fromEntries(presented), { dcqlQuery }),
    );
    return { disclosed };
  }
}
