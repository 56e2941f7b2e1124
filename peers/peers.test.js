// The peers against each other, without the wallet that they are there to test: what fails in the other files fails
// there because of it.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { Issuer, REVOKED, SUSPENDED, VALID } from "./issuer.js";
import { Party } from "./party.js";
import { Verifier } from "./verifier.js";
import { Wallet } from "./wallet.js";

const ADA = { given_name: "Ada", family_name: "Lovelace", address: { city: "London" } };
const QUERY = {
  credentials: [
    {
      id: "member",
      format: "dc+sd-jwt",
      meta: { vct_values: ["https://acme.example/membership"] },
      claims: [{ path: ["given_name"] }, { path: ["address", "city"] }],
    },
  ],
};

describe("the peers among themselves", () => {
  let issuer, verifier, wallet;

  before(async () => {
    issuer = await Issuer.open();
    verifier = await Verifier.open();
    wallet = new Wallet();
    await wallet.receive(await issuer.offer(ADA, { index: 7 }));
  });

  after(() => Promise.all([issuer.close(), verifier.close()]));

  test("an offer by reference with a transaction code", async () => {
    const link = await issuer.offer(ADA, { byReference: true, txCode: "4711" });
    const offer = await wallet.open(link);
    await assert.rejects(wallet.token(offer, "0815"), /invalid_grant/);
    const credential = await wallet.receive(link, "4711");
    const claims = await wallet.sdJwt.getClaims(credential);
    assert.equal(claims.given_name, "Ada");
    assert.deepEqual(claims.cnf.jwk, wallet.party.publicJwk);
  });

  test("a code is good for one token and a nonce for one proof", async () => {
    const offer = await wallet.open(await issuer.offer(ADA));
    const token = await wallet.token(offer);
    await assert.rejects(wallet.token(offer), /invalid_grant/);
    const proof = await wallet.proof(offer, await wallet.nonce(offer));
    await wallet.credential(offer, token, proof);
    const again = await wallet.open(await issuer.offer(ADA));
    await assert.rejects(wallet.credential(again, await wallet.token(again), proof), /invalid_nonce/);
  });

  test("a presentation discloses what is asked and nothing else", async () => {
    for (const requestUriMethod of [undefined, "post"]) {
      const session = await verifier.ask(QUERY, { requestUriMethod });
      assert.equal((await wallet.present(session.link)).status, 200);
      const { member } = session.outcome.disclosed;
      assert.equal(member.given_name, "Ada");
      assert.deepEqual(member.address, { city: "London" });
      assert.equal(member.family_name, undefined);
    }
  });

  test("a verifier that is named by its address", async () => {
    const named = await Verifier.open({ byAddress: true });
    const session = await named.ask(QUERY);
    assert.equal((await wallet.present(session.link)).status, 200);
    await named.close();
  });

  for (const [what, wrong] of [
    ["for another nonce", { nonce: "another" }],
    ["for another audience", { audience: "decentralized_identifier:did:web:another.example" }],
    ["that withholds a claim", { disclose: { given_name: true } }],
  ]) {
    test(`a presentation ${what} is refused`, async () => {
      const session = await verifier.ask(QUERY);
      const request = await wallet.read(session.link);
      const answer = await wallet.answer(request, wrong);
      assert.equal((await wallet.send(request, answer)).status, 400);
    });
  }

  test("a credential that somebody else signed in the issuer's name is refused", async () => {
    const forged = await issuer.issue(ADA, wallet.party.publicJwk, 9, { party: Party.byKey(), iss: issuer.party.did });
    await assert.rejects(wallet.sdJwt.verify(forged), /Invalid JWT Signature/);
  });

  test("a revoked and a suspended credential are refused", async () => {
    for (const [status, answer] of [[REVOKED, 400], [SUSPENDED, 400], [VALID, 200]]) {
      issuer.setStatus(7, status);
      const session = await verifier.ask(QUERY);
      assert.equal((await wallet.present(session.link)).status, answer, `status ${status}`);
    }
  });
});
