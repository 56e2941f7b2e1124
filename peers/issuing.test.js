// Our issuer, their wallet: every way to a credential, and every way that must not lead to one.
import assert from "node:assert/strict";
import { before, describe, test } from "node:test";
import { issuing, origin } from "./claviger.js";
import { Party, resolve } from "./party.js";
import { BADGE, badgeTemplate, offerBadge } from "./templates.js";
import { Wallet, grantOf } from "./wallet.js";

for (const method of ["did:web", "did:jwk"]) {
  describe(`our issuer, named by a ${method}`, () => {
    let badge, wallet;

    before(async () => {
      badge = await badgeTemplate(method);
      wallet = new Wallet();
    });

    for (const link of ["credential_offer_uri", "credential_offer_by_value"]) {
      test(`issues by ${link}`, async () => {
        const offered = await offerBadge(badge);
        // The signature is verified with the key of the issuer's DID, and the status list is read.
        const credential = await wallet.receive(offered[link]);
        const claims = await wallet.sdJwt.getClaims(credential);
        assert.equal(claims.iss, badge.identifier.did);
        assert.equal(claims.vct, badge.template.vct);
        assert.deepEqual(claims.cnf.jwk, wallet.party.publicJwk);
        for (const [name, value] of Object.entries(BADGE)) assert.deepEqual(claims[name], value);
        const { status, credential: issued } = await issuing.get(`/issuances/${offered.id}`);
        assert.equal(status, "issued");
        assert.equal(issued.status, "valid");
        assert.deepEqual(issued.status_list, claims.status.status_list);
      });
    }

    test("lets the holder keep back every claim that it may", async () => {
      const credential = await wallet.receive((await offerBadge(badge)).credential_offer_uri);
      const [jwt] = credential.split("~");
      const { given_name, family_name, address } = await wallet.sdJwt.getClaims(`${jwt}~`);
      assert.deepEqual([given_name, family_name], [undefined, undefined]);
      assert.equal(address?.city, undefined);
    });
  });
}

describe("our issuer", () => {
  let badge, wallet;

  before(async () => {
    badge = await badgeTemplate("did:web");
    wallet = new Wallet();
  });

  const open = async (more) => wallet.open((await offerBadge(badge, more)).credential_offer_uri);

  test("binds to a key that stands in the proof itself", async () => {
    const offer = await open();
    const token = await wallet.token(offer);
    const signer = { method: "jwk", publicJwk: wallet.party.publicJwk, alg: "ES256" };
    const proof = await wallet.proof(offer, await wallet.nonce(offer), signer);
    const credential = await wallet.credential(offer, token, proof);
    assert.deepEqual((await wallet.sdJwt.getClaims(credential)).cnf.jwk, wallet.party.publicJwk);
  });

  test("describes its credentials where their type says", async () => {
    const credential = await wallet.receive((await offerBadge(badge)).credential_offer_uri);
    const metadata = await wallet.party.sdJwt({ loadTypeMetadataFormat: true }).getVct(credential);
    assert.equal(metadata.mergedTypeMetadata.vct, badge.template.vct);
    const paths = metadata.mergedTypeMetadata.claims.map(({ path }) => path.join("."));
    assert.deepEqual(paths, ["given_name", "family_name", "address.city", "address.street"]);
  });

  test("issues metadata that names each template", async () => {
    const { issuerMetadata } = await open();
    assert.equal(issuerMetadata.originalDraftVersion, "V1");
    const configuration = issuerMetadata.knownCredentialConfigurations[badge.template.id];
    assert.equal(configuration.vct, badge.template.vct);
    assert.equal(configuration.credential_metadata.display[0].name, badge.template.name);
    assert.ok(issuerMetadata.credentialIssuer.credential_endpoint.startsWith(`${origin}/wallets/`));
  });

  test("asks for a transaction code, and tells the one that it made", async () => {
    const offered = await offerBadge(badge, { tx_code: true });
    const offer = await wallet.open(offered.credential_offer_uri);
    assert.equal(grantOf(offer).tx_code.length, offered.tx_code.length);
    await assert.rejects(wallet.token(offer), /tx_code/);
    await wallet.receive(offered.credential_offer_uri, offered.tx_code);
  });

  test("takes back an offer whose transaction code is guessed at", async () => {
    const offered = await offerBadge(badge, { tx_code: "4711" });
    const offer = await wallet.open(offered.credential_offer_uri);
    for (const guess of ["0000", "1111", "2222", "3333", "4444"]) {
      await assert.rejects(wallet.token(offer, guess), /invalid_grant/, guess);
    }
    await assert.rejects(wallet.token(offer, "4711"), /invalid_grant/);
    const { status, error } = await issuing.get(`/issuances/${offered.id}`);
    assert.deepEqual({ status, error }, { status: "error", error: "tx-code-tries" });
  });

  test("takes a code once", async () => {
    const offer = await open();
    await wallet.token(offer);
    await assert.rejects(wallet.token(offer), /invalid_grant/);
  });

  test("gives one of many that ask at once with one code a token", async () => {
    const offer = await open();
    const asked = await Promise.allSettled(Array.from({ length: 8 }, () => wallet.token(offer)));
    assert.equal(asked.filter(({ status }) => status === "fulfilled").length, 1);
  });

  test("takes a token once", async () => {
    const offer = await open();
    const token = await wallet.token(offer);
    await wallet.credential(offer, token, await wallet.proof(offer, await wallet.nonce(offer)));
    const again = await wallet.proof(offer, await wallet.nonce(offer));
    await assert.rejects(wallet.credential(offer, token, again), isRefusal(401));
  });

  test("takes a nonce once", async () => {
    const first = await open();
    const proof = await wallet.proof(first, await wallet.nonce(first));
    await wallet.credential(first, await wallet.token(first), proof);
    const second = await open();
    await assert.rejects(wallet.credential(second, await wallet.token(second), proof), isRefusal(400, "invalid_nonce"));
  });

  test("issues only for a key that is proved", async () => {
    const offer = await open();
    const token = await wallet.token(offer);
    const refused = async (proof, error = "invalid_proof") =>
      assert.rejects(wallet.credential(offer, token, proof), isRefusal(400, error));
    const nonce = await wallet.nonce(offer);
    await refused(await wallet.proof(offer, "made up"), "invalid_nonce");
    // Signed by somebody else than the key that it names.
    await refused(await new Wallet(Party.byKey()).proof(offer, nonce, wallet.party.signer));
    // For another issuer.
    const { credentialIssuer, ...rest } = offer.issuerMetadata;
    const elsewhere = { credentialIssuer: { ...credentialIssuer, credential_issuer: "https://another.example" }, ...rest };
    await refused(await wallet.proof({ ...offer, issuerMetadata: elsewhere }, nonce));
    // The token is still good for a proof that holds.
    assert.ok(await wallet.credential(offer, token, await wallet.proof(offer, await wallet.nonce(offer))));
  });

  test("does not issue what was taken back", async () => {
    const offered = await offerBadge(badge);
    const offer = await wallet.open(offered.credential_offer_uri);
    await issuing.post(`/issuances/${offered.id}/cancel`);
    await assert.rejects(wallet.token(offer), /invalid_grant/);
    await assert.rejects(wallet.open(offered.credential_offer_uri), /status '404'/);
  });

  test("offers nothing that does not fit its template", async () => {
    const misfits = [{ ...BADGE, given_name: 7 }, { ...BADGE, salary: "much" }, { given_name: "Ada" }];
    for (const claims of misfits) await assert.rejects(offerBadge(badge, { claims }), /422/);
  });

  test("makes nothing twice for a request that is sent again", async () => {
    const headers = { "idempotency-key": badge.template.id };
    const offer = () => issuing.post("/issuances", { template: badge.template.id, claims: BADGE }, headers);
    const [first, again] = [await offer(), await offer()];
    assert.equal(again.id, first.id);
    await wallet.receive(again.credential_offer_uri);
  });

  test("keeps what it signed verifiable after its key was rotated", async () => {
    const credential = await wallet.receive((await offerBadge(badge)).credential_offer_uri);
    await issuing.post(`/identifiers/${badge.identifier.id}/rotate`);
    assert.equal((await resolve(badge.identifier.did)).verificationMethod.length, 2);
    await wallet.sdJwt.verify(credential);
    await wallet.receive((await offerBadge(badge)).credential_offer_uri);
  });
});

/** Whether @openid4vc was refused a credential with this status and this error. */
function isRefusal(status, code) {
  return ({ response }) => {
    assert.equal(response?.response.status, status);
    if (code) assert.equal(response.credentialErrorResponseResult?.data?.error, code);
    return true;
  };
}
