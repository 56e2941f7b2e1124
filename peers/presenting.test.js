// Our holder, their verifier: it shows what is asked and nothing else, to whom it is asked by, and only once.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { holding } from "./claviger.js";
import { Issuer, REVOKED } from "./issuer.js";
import { Verifier } from "./verifier.js";

const ADA = { given_name: "Ada", family_name: "Lovelace", birthdate: "1815-12-10" };

describe("our holder presents", () => {
  let issuer, verifier;

  before(async () => {
    issuer = await Issuer.open();
    // A type of its own, so that what other tests hold answers no query of this one.
    issuer.vct = `https://acme.example/${crypto.randomUUID()}`;
    verifier = await Verifier.open();
    const identifier = await holding.post("/identifiers", { name: "Presenting", method: "did:jwk" });
    const offer = await issuer.offer(ADA, { index: 1 });
    const { status, reason } = await holding.post("/credential-offers", { offer, identifier: identifier.id, accept: true });
    assert.equal(status, "received", reason);
  });

  after(() => Promise.all([issuer.close(), verifier.close()]));

  const query = (...names) => ({
    credentials: [
      {
        id: "member",
        format: "dc+sd-jwt",
        meta: { vct_values: [issuer.vct] },
        claims: names.map((name) => ({ path: [name] })),
      },
    ],
  });

  /** Reads a request and answers it. */
  async function present(session) {
    const read = await holding.post("/presentations", { request: session.link });
    return holding.post(`/presentations/${read.id}/send`, {});
  }

  for (const requestUriMethod of [undefined, "post"]) {
    test(`what is asked and nothing else (request_uri_method ${requestUriMethod ?? "get"})`, async () => {
      const session = await verifier.ask(query("family_name"), { requestUriMethod });
      const presented = await present(session);
      assert.equal(presented.status, "sent", presented.reason);
      const { member } = session.outcome.disclosed;
      assert.equal(member.family_name, "Lovelace");
      assert.equal(member.given_name, undefined);
      assert.equal(member.birthdate, undefined);
      assert.equal(member.iss, issuer.party.did);
    });
  }

  test("to a verifier that is named by its address", async () => {
    const named = await Verifier.open({ byAddress: true });
    const session = await named.ask(query("given_name"));
    assert.equal((await present(session)).status, "sent");
    assert.equal(session.outcome.disclosed.member.given_name, "Ada");
    await named.close();
  });

  test("and tells beforehand what would be shown to whom", async () => {
    const session = await verifier.ask(query("family_name"));
    const read = await holding.post("/presentations", { request: session.link });
    assert.equal(read.status, "pending");
    assert.equal(read.verifier, verifier.party.did);
    assert.equal(read.verifier_name, "Peer");
    assert.equal(session.outcome, undefined, "nothing was sent yet");
  });

  test("nothing when it declines, and says so", async () => {
    const session = await verifier.ask(query("family_name"));
    const read = await holding.post("/presentations", { request: session.link });
    const declined = await holding.post(`/presentations/${read.id}/decline`);
    assert.equal(declined.status, "declined");
    assert.deepEqual(session.outcome, { declined: "access_denied" });
  });

  test("nothing that is asked for in another verifier's name", async () => {
    const honest = await Verifier.open();
    const session = await verifier.ask(query("family_name"), { client_id: honest.clientId });
    await assert.rejects(holding.post("/presentations", { request: session.link }), /422/);
    await honest.close();
  });

  test("nothing that it does not have", async () => {
    const session = await verifier.ask(query("salary"));
    const read = await holding.post("/presentations", { request: session.link });
    await assert.rejects(holding.post(`/presentations/${read.id}/send`, {}), /4\d\d/);
    assert.equal(session.outcome, undefined);
  });

  test("and nothing that its issuer has revoked", async () => {
    issuer.setStatus(1, REVOKED);
    // The issuer's list may be kept for a second.
    await new Promise((resolve) => setTimeout(resolve, 1100));
    const session = await verifier.ask(query("family_name"));
    const read = await holding.post("/presentations", { request: session.link });
    assert.equal(read.satisfiable, false);
    await assert.rejects(holding.post(`/presentations/${read.id}/send`, {}), /4\d\d/);
    assert.equal(session.outcome, undefined);
  });
});
