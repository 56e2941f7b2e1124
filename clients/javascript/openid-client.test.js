// A client with openid-client: one configuration, discovered once, and one call for each thing to do.
import assert from "node:assert/strict";
import { before, describe, test } from "node:test";
import * as client from "openid-client";
import { clientId, clientSecret, issuer, me, permissions } from "./wallet.js";

function discover(authentication) {
  // The wallet of the tests speaks plain HTTP on loopback. Leave `execute` out for one that speaks TLS.
  const options = { algorithm: "oauth2", execute: [client.allowInsecureRequests] };
  return client.discovery(issuer, clientId, undefined, authentication, options);
}

async function whoAmI(configuration, token) {
  const answer = await client.fetchProtectedResource(configuration, token, me, "GET");
  return answer.json();
}

const methods = { client_secret_basic: client.ClientSecretBasic, client_secret_post: client.ClientSecretPost };

for (const [method, authenticateWith] of Object.entries(methods)) {
  describe(`openid-client with ${method}`, () => {
    let configuration;

    before(async () => {
      configuration = await discover(authenticateWith(clientSecret));
    });

    test("a token opens the wallet with all permissions of the client", async () => {
      const token = await client.clientCredentialsGrant(configuration);
      assert.equal(token.scope, permissions.join(" "));
      const caller = await whoAmI(configuration, token.access_token);
      assert.equal(caller.kind, "oauth_client");
      assert.equal(caller.name, clientId);
      assert.deepEqual(caller.permissions, permissions);
    });

    test("a token asked for with less scope may do less", async () => {
      const token = await client.clientCredentialsGrant(configuration, { scope: "holder_credentials:view" });
      assert.equal(token.scope, "holder_credentials:view");
      const caller = await whoAmI(configuration, token.access_token);
      assert.deepEqual(caller.permissions, ["holder_credentials:view"]);
    });

    test("a wrong secret is an invalid_client", async () => {
      const refusal = client.clientCredentialsGrant(await discover(authenticateWith("clvs_wrong")));
      assert.equal(await errorCode(refusal), "invalid_client");
    });

    test("introspection tells an active token's client and scope", async () => {
      const token = await client.clientCredentialsGrant(configuration);
      const told = await client.tokenIntrospection(configuration, token.access_token);
      assert.equal(told.active, true);
      assert.equal(told.client_id, clientId);
      assert.equal(told.scope, token.scope);
    });

    test("a revoked token is inactive and opens nothing", async () => {
      const { access_token } = await client.clientCredentialsGrant(configuration);
      await client.tokenRevocation(configuration, access_token);
      assert.deepEqual(await client.tokenIntrospection(configuration, access_token), { active: false });
      const refusal = whoAmI(configuration, access_token);
      await assert.rejects(refusal, { name: "WWWAuthenticateChallengeError", status: 401 });
    });
  });
}

/**
 * What the server calls the error. It refuses HTTP Basic with a challenge (RFC 6749 section 5.2), and one that comes
 * with a challenge is thrown with its body unread.
 */
async function errorCode(refusal) {
  const error = await refusal.then(() => assert.fail("nothing was refused"), (error) => error);
  return error instanceof client.WWWAuthenticateChallengeError ? (await error.response.json()).error : error.error;
}
