// A credential that others signed, with keys that the wallet finds by the issuer's DID, is handed to our holder.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { holding } from "./claviger.js";
import { Issuer } from "./issuer.js";
import { Party } from "./party.js";

const CLAIMS = { given_name: "Ada", family_name: "Lovelace" };

describe("our holder imports", () => {
  let issuer, holderJwk;

  before(async () => {
    issuer = await Issuer.open();
    const { keys } = await holding.post("/identifiers", { name: "Imports", method: "did:jwk" });
    holderJwk = keys[0].public_jwk;
  });

  after(() => issuer.close());

  test("a credential of an issuer that is named by its address", async () => {
    const credential = await issuer.issue(CLAIMS, holderJwk, 1);
    const { id } = await holding.post("/credentials", { credential });
    const held = await holding.get(`/credentials/${id}`);
    assert.equal(held.issuer, issuer.party.did);
    assert.equal(held.claims.family_name, "Lovelace");
    assert.deepEqual(held.disclosures.toSorted(), ["/family_name", "/given_name"]);
    assert.equal(held.credential, credential);
  });

  test("a credential of an issuer that is named by its key", async () => {
    const credential = await issuer.issue(CLAIMS, holderJwk, 2, { party: Party.byKey() });
    const { issuer: named } = await holding.post("/credentials", { credential });
    assert.match(named, /^did:jwk:/);
  });

  test("not one that somebody else signed in the issuer's name", async () => {
    const forged = await issuer.issue(CLAIMS, holderJwk, 3, { party: Party.byKey(), iss: issuer.party.did });
    await assert.rejects(holding.post("/credentials", { credential: forged }), /"field":"credential"/);
  });

  test("not one with an altered disclosure", async () => {
    const [jwt, disclosure, ...rest] = (await issuer.issue(CLAIMS, holderJwk, 4)).split("~");
    const [salt, name] = JSON.parse(Buffer.from(disclosure, "base64url"));
    const altered = Buffer.from(JSON.stringify([salt, name, "Eve"])).toString("base64url");
    const credential = [jwt, altered, ...rest].join("~");
    await assert.rejects(holding.post("/credentials", { credential }), /"field":"credential"/);
  });
});
