// Their issuer, our holder: what is offered is taken in, bound to our key, and only as it was issued.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { holding } from "./claviger.js";
import { Issuer, REVOKED, SUSPENDED, VALID } from "./issuer.js";
import { Party } from "./party.js";

const ADA = { given_name: "Ada", family_name: "Lovelace" };

describe("our holder", () => {
  let issuer, identifier;

  before(async () => {
    issuer = await Issuer.open();
    identifier = await holding.post("/identifiers", { name: "Holding", method: "did:jwk" });
  });

  after(() => issuer.close());

  const receive = (offer, more) =>
    holding.post("/credential-offers", { offer, identifier: identifier.id, accept: true, ...more });

  /** The credential that was received by an offer. */
  async function held({ status, reason, received }) {
    assert.equal(status, "received", reason);
    return holding.get(`/credentials/${received[0]}`);
  }

  for (const byReference of [false, true]) {
    test(`receives by ${byReference ? "reference" : "value"}`, async () => {
      const credential = await held(await receive(await issuer.offer(ADA, { byReference })));
      assert.equal(credential.issuer, issuer.party.did);
      assert.equal(credential.vct, issuer.vct);
      assert.equal(credential.claims.given_name, "Ada");
      assert.deepEqual(publicPart(credential.claims.cnf.jwk), publicPart(identifier.keys[0].public_jwk));
      // What it keeps is what was issued: the library that made it verifies it.
      await issuer.party.sdJwt().verify(credential.credential);
    });
  }

  test("looks at an offer before it accepts", async () => {
    const pending = await holding.post("/credential-offers", { offer: await issuer.offer(ADA, { txCode: "4711" }) });
    assert.equal(pending.status, "pending");
    assert.equal(pending.credential_issuer, issuer.url);
    assert.equal(pending.issuer_name, "Acme");
    const offered = { configuration_id: "membership", vct: issuer.vct, name: "Membership", reason: null, received: null };
    assert.deepEqual(pending.credentials, [offered]);
    assert.deepEqual(pending.tx_code, { numeric: true, length: 4, description: "Sent by letter" });
    const accept = (tx_code) => holding.post(`/credential-offers/${pending.id}/accept`, { tx_code });
    await assert.rejects(accept("0815"), /"refused"/);
    await held(await accept("4711"));
  });

  test("declines an offer, and the code stays unused", async () => {
    const { id } = await holding.post("/credential-offers", { offer: await issuer.offer(ADA) });
    const declined = await holding.post(`/credential-offers/${id}/decline`);
    assert.equal(declined.status, "declined");
    await assert.rejects(holding.post(`/credential-offers/${id}/accept`, {}), /409/);
  });

  test("takes nothing that is bound to another key", async () => {
    const answer = await receive(await issuer.offer(ADA, { boundTo: Party.byKey().publicJwk }));
    assert.equal(answer.status, "failed");
    assert.deepEqual(answer.received, []);
  });

  test("takes nothing that the issuer has already used up", async () => {
    const link = await issuer.offer(ADA);
    await held(await receive(link));
    issuer.offers.clear();
    const again = await receive(link).catch(({ problem }) => ({ status: problem.status }));
    assert.ok(["failed", 409].includes(again.status), JSON.stringify(again));
  });

  test("takes no offer of an issuer whose metadata is of another", async () => {
    const link = (await issuer.offer(ADA)).replace(encodeURIComponent(issuer.url), encodeURIComponent(issuer.site.url));
    await assert.rejects(receive(link), /issuer-(invalid|unreachable)/);
  });

  test("shows what its issuer has suspended, restored and revoked", async () => {
    const { id, live_status } = await held(await receive(await issuer.offer(ADA, { index: 900 })));
    assert.equal(live_status, "valid");
    for (const [status, name] of [[SUSPENDED, "suspended"], [VALID, "valid"], [REVOKED, "revoked"]]) {
      issuer.setStatus(900, status);
      await issuer.untilListIsStale();
      assert.equal((await holding.post(`/credentials/${id}/refresh`)).live_status, name);
      assert.equal((await holding.get(`/credentials/${id}`)).live_status, name);
    }
  });

  test("takes nothing that is revoked already", async () => {
    issuer.setStatus(901, REVOKED);
    await issuer.untilListIsStale();
    const answer = await receive(await issuer.offer(ADA, { index: 901 }));
    assert.equal(answer.status, "failed");
    assert.match(answer.reason, /revoked/);
  });

  describe("trusts a contact", () => {
    let endpoint, contact;

    before(async () => {
      const { wallet } = await holding.get("/me");
      endpoint = `${process.env.CLAVIGER_URL}/wallets/${wallet.id}/openid4vci/credential-offer`;
      contact = await holding.post("/trusted-contacts", {
        name: "Acme",
        did: issuer.party.did,
        credential_issuer: issuer.url,
      });
    });

    after(() => holding.delete(`/trusted-contacts/${contact.id}`));

    /** Pushes as an issuer does (OpenID4VCI section 4.1): the offer is the query. */
    const push = (link) => fetch(`${endpoint}?${link.split("?")[1]}`);

    async function pushed() {
      const { items } = await holding.get("/credential-offers?limit=200");
      return items.filter((offer) => offer.contact === contact.id);
    }

    test("and takes in unattended what it pushes", async () => {
      const answer = await push(await issuer.offer(ADA, { byReference: false }));
      assert.ok(answer.ok, await answer.text());
      const [offer] = await pushed();
      await held(offer);
    });

    test("but nothing that somebody else pushes", async () => {
      const stranger = await Issuer.open();
      const answer = await push(await stranger.offer(ADA));
      assert.ok(!answer.ok);
      assert.equal((await pushed()).filter(({ credential_issuer }) => credential_issuer === stranger.url).length, 0);
      await stranger.close();
    });

    test("and nothing that is issued in another name than the contact's", async () => {
      const impostor = Party.byKey();
      const signAs = issuer.party;
      issuer.party = impostor;
      const answer = await push(await issuer.offer(ADA));
      issuer.party = signAs;
      assert.ok(!answer.ok || (await pushed()).some(({ status }) => status === "failed"));
    });
  });
});

function publicPart({ kty, crv, x, y }) {
  return { kty, crv, x, y };
}
