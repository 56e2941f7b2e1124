// A party that is handed one of the wallet's access tokens: it checks the signature with jose and asks nobody.
import assert from "node:assert/strict";
import { before, describe, test } from "node:test";
import { createRemoteJWKSet, jwtVerify } from "jose";
import * as client from "openid-client";
import { audience, clientId, clientSecret, issuer, permissions } from "./wallet.js";

describe("jose", () => {
  let server, token;

  before(async () => {
    const options = { algorithm: "oauth2", execute: [client.allowInsecureRequests] };
    const configuration = await client.discovery(issuer, clientId, clientSecret, undefined, options);
    server = configuration.serverMetadata();
    token = (await client.clientCredentialsGrant(configuration)).access_token;
  });

  test("a token is signed by a published key and says whose it is", async () => {
    const keys = createRemoteJWKSet(new URL(server.jwks_uri));
    const expected = { issuer: server.issuer, audience, typ: "at+jwt", algorithms: ["ES256"] };
    const { payload } = await jwtVerify(token, keys, expected);
    assert.equal(payload.client_id, clientId);
    assert.equal(payload.scope, permissions.join(" "));
  });

  test("a token for another audience is refused", async () => {
    const keys = createRemoteJWKSet(new URL(server.jwks_uri));
    const refusal = jwtVerify(token, keys, { audience: "https://another.example/api/v1" });
    await assert.rejects(refusal, { code: "ERR_JWT_CLAIM_VALIDATION_FAILED", claim: "aud" });
  });
});
