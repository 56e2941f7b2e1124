// A client with oauth4webapi: each request and the reading of each answer are calls of their own.
import assert from "node:assert/strict";
import { before, describe, test } from "node:test";
import * as oauth from "oauth4webapi";
import { audience, clientId, clientSecret, issuer, me, permissions } from "./wallet.js";

const client = { client_id: clientId };

/** The wallet of the tests speaks plain HTTP on loopback. Leave this out for one that speaks TLS. */
const insecure = { [oauth.allowInsecureRequests]: true };

async function discover() {
  const answer = await oauth.discoveryRequest(issuer, { algorithm: "oauth2", ...insecure });
  return oauth.processDiscoveryResponse(issuer, answer);
}

async function obtainToken(server, authentication, parameters = {}) {
  const answer = await oauth.clientCredentialsGrantRequest(server, client, authentication, parameters, insecure);
  return oauth.processClientCredentialsResponse(server, client, answer);
}

async function whoAmI(token) {
  const answer = await oauth.protectedResourceRequest(token, "GET", me, undefined, undefined, insecure);
  return answer.json();
}

async function introspect(server, authentication, token) {
  const answer = await oauth.introspectionRequest(server, client, authentication, token, insecure);
  return oauth.processIntrospectionResponse(server, client, answer);
}

async function revoke(server, authentication, token) {
  const answer = await oauth.revocationRequest(server, client, authentication, token, insecure);
  return oauth.processRevocationResponse(answer);
}

const methods = { client_secret_basic: oauth.ClientSecretBasic, client_secret_post: oauth.ClientSecretPost };

for (const [method, authenticateWith] of Object.entries(methods)) {
  describe(`oauth4webapi with ${method}`, () => {
    const authentication = authenticateWith(clientSecret);
    let server;

    before(async () => {
      server = await discover();
    });

    test("the server offers the grant and the method", () => {
      assert.ok(server.grant_types_supported.includes("client_credentials"));
      assert.ok(server.token_endpoint_auth_methods_supported.includes(method));
    });

    test("a token opens the wallet with all permissions of the client", async () => {
      const token = await obtainToken(server, authentication);
      assert.equal(token.scope, permissions.join(" "));
      const caller = await whoAmI(token.access_token);
      assert.equal(caller.kind, "oauth_client");
      assert.equal(caller.name, clientId);
      assert.deepEqual(caller.permissions, permissions);
    });

    test("a token is a JWT access token for the wallet's API", async () => {
      const token = await obtainToken(server, authentication);
      const request = new Request(me, { headers: { authorization: `Bearer ${token.access_token}` } });
      const claims = await oauth.validateJwtAccessToken(server, request, audience, insecure);
      assert.equal(claims.client_id, clientId);
    });

    test("a token asked for with less scope may do less", async () => {
      const token = await obtainToken(server, authentication, { scope: "identifiers:change" });
      assert.equal(token.scope, "identifiers:change identifiers:view");
      const caller = await whoAmI(token.access_token);
      assert.deepEqual(caller.permissions, ["identifiers:change", "identifiers:view"]);
    });

    test("a wrong secret is an invalid_client", async () => {
      const refusal = obtainToken(server, authenticateWith("clvs_wrong"));
      assert.equal(await errorCode(refusal), "invalid_client");
    });

    test("introspection tells an active token's client and scope", async () => {
      const token = await obtainToken(server, authentication);
      const told = await introspect(server, authentication, token.access_token);
      assert.equal(told.active, true);
      assert.equal(told.client_id, clientId);
      assert.equal(told.scope, token.scope);
    });

    test("a revoked token is inactive and opens nothing", async () => {
      const { access_token } = await obtainToken(server, authentication);
      await revoke(server, authentication, access_token);
      assert.deepEqual(await introspect(server, authentication, access_token), { active: false });
      await assert.rejects(whoAmI(access_token), { name: "WWWAuthenticateChallengeError", status: 401 });
    });
  });
}

/**
 * What the server calls the error. It refuses HTTP Basic with a challenge (RFC 6749 section 5.2), and one that comes
 * with a challenge is thrown with its body unread.
 */
async function errorCode(refusal) {
  const error = await refusal.then(() => assert.fail("nothing was refused"), (error) => error);
  return error instanceof oauth.WWWAuthenticateChallengeError ? (await error.response.json()).error : error.error;
}
