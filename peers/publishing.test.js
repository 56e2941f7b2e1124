// What our holder publishes, checked by whoever finds its DID: the domain names the DID, the DID names the domain,
// and the presentation under it holds a credential that others signed.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { createLocalJWKSet, jwtVerify } from "jose";
import { holding, origin } from "./claviger.js";
import { Party } from "./party.js";
import { Issuer } from "./issuer.js";

const CONTEXT = "https://identity.foundation/.well-known/did-configuration/v1";

async function read(url) {
  const answer = await fetch(url);
  assert.equal(answer.status, 200, url);
  return answer;
}

describe("our holder publishes", () => {
  let issuer, identifier, credential, document;

  /** Verifies by the keys that the DID document names. */
  async function verify(jwt, typ) {
    const keys = document.verificationMethod
      .filter(({ id }) => document.assertionMethod.includes(id))
      .map(({ id, publicKeyJwk }) => ({ ...publicKeyJwk, kid: id }));
    return (await jwtVerify(jwt, createLocalJWKSet({ keys }), { issuer: document.id, typ, algorithms: ["ES256"] }))
      .payload;
  }

  before(async () => {
    issuer = await Issuer.open();
    identifier = await holding.post("/identifiers", { name: "Published", method: "did:web" });
    credential = await issuer.issue({ given_name: "Ada", family_name: "Lovelace" }, identifier.keys[0].public_jwk, 5, {
      party: Party.byKey(),
    });
    const { id } = await holding.post("/credentials", { credential });
    await holding.patch("/profile", { published: true, identifiers: [identifier.id], credentials: [id] });
    document = await (await read(identifier.document_url)).json();
  });

  after(async () => {
    await holding.patch("/profile", { published: false });
    await issuer.close();
  });

  test("a domain linkage of its did:web", async () => {
    const configuration = await (await read(`${origin}/.well-known/did-configuration.json`)).json();
    assert.equal(configuration["@context"], CONTEXT);
    const { sub, vc } = await verify(configuration.linked_dids[0], "JWT");
    assert.equal(sub, identifier.did);
    assert.deepEqual(vc.credentialSubject, { id: identifier.did, origin });
    const service = document.service.find(({ type }) => type === "LinkedDomains");
    assert.equal(service.serviceEndpoint, origin);
  });

  test("a presentation of the credential that it chose", async () => {
    const service = document.service.find(({ type }) => type === "LinkedVerifiablePresentation");
    const answer = await read(service.serviceEndpoint[0]);
    assert.equal(answer.headers.get("content-type"), "application/vp+jwt");
    const { holder, verifiableCredential } = await verify(await answer.text(), "vp+jwt");
    assert.equal(holder, identifier.did);
    assert.deepEqual(
      verifiableCredential.map(({ id }) => id),
      [`data:application/dc+sd-jwt,${credential}`],
    );
  });
});
