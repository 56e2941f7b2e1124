// Their wallet, our verifier: what holds is accepted, and everything else is refused for the reason that it has.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { verifying } from "./claviger.js";
import { Issuer, REVOKED, SUSPENDED, VALID } from "./issuer.js";
import { Party } from "./party.js";
import { Wallet } from "./wallet.js";

const ADA = { given_name: "Ada", family_name: "Lovelace", birthdate: "1815-12-10" };
const HOUR = 3600;

const now = () => Math.floor(Date.now() / 1000);

describe("our verifier", () => {
  let issuer, wallet, template, trusted;

  before(async () => {
    issuer = await Issuer.open();
    wallet = new Wallet();
    await wallet.receive(await issuer.offer(ADA, { index: 5 }));
    const identifier = await verifying.post("/identifiers", { name: "Desk", method: "did:web" });
    trusted = await verifying.post("/trusted-issuers", { name: "Acme", issuer: issuer.party.did, vcts: [issuer.vct] });
    template = await verifying.post("/verifier-templates", {
      name: "Membership",
      purpose: "To let members in",
      identifier_id: identifier.id,
      query: {
        credentials: [
          {
            id: "member",
            format: "dc+sd-jwt",
            meta: { vct_values: [issuer.vct] },
            claims: [{ path: ["given_name"] }, { path: ["family_name"] }],
          },
        ],
      },
    });
  });

  after(() => issuer.close());

  const ask = (more) => verifying.post("/verifications", { template: template.id, ...more });

  /** Shows this credential, or the wallet's own, in this way; the answer is what came of it. */
  async function shown({ credential, how, edit = (text) => text, as = wallet } = {}) {
    const { id, request_uri } = await ask();
    const request = await as.read(request_uri);
    const holder = new Wallet(as.party);
    holder.credentials = credential ? [credential] : as.credentials;
    const answer = await holder.answer(request, how);
    const [[query, [presentation]]] = Object.entries(answer);
    const { status } = await holder.send(request, { [query]: [edit(presentation)] });
    return { answered: status, ...(await verifying.get(`/verifications/${id}`)) };
  }

  function failed({ result }) {
    const checks = [...result.checks, ...result.credentials.flatMap(({ checks }) => checks)];
    return checks.filter(({ outcome }) => outcome === "failed").map(({ check }) => check);
  }

  async function refused(how, ...because) {
    const outcome = await shown(how);
    assert.equal(outcome.status, "rejected");
    assert.deepEqual(failed(outcome), because, JSON.stringify(outcome.result));
    // A rejected presentation leaves no claims behind.
    assert.ok(!JSON.stringify(outcome).includes("Lovelace"));
  }

  const issue = (more, index = 6) => issuer.issue(ADA, wallet.party.publicJwk, index, more);

  test("accepts what it asked for and stores what was disclosed", async () => {
    const outcome = await shown();
    assert.equal(outcome.answered, 200);
    assert.equal(outcome.status, "verified", JSON.stringify(outcome.result));
    const { items } = await verifying.get(`/verified-credentials?verification=${outcome.id}`);
    const { claims } = await verifying.get(`/verified-credentials/${items[0].id}`);
    assert.equal(claims.given_name, "Ada");
    assert.equal(claims.birthdate, undefined);
  });

  test("signs its request with the key of its DID, whichever way it is fetched", async () => {
    const { request_uri } = await ask();
    // The wallet verifies the signature against the client identifier.
    const request = await wallet.read(request_uri);
    assert.match(request.client_id, /^decentralized_identifier:did:web:/);
    assert.equal(request.response_mode, "direct_post");
  });

  test("takes one answer", async () => {
    const { request_uri } = await ask();
    const request = await wallet.read(request_uri);
    const answer = await wallet.answer(request);
    assert.equal((await wallet.send(request, answer)).status, 200);
    assert.notEqual((await wallet.send(request, answer)).status, 200);
  });

  test("takes one of many answers that come at once", async () => {
    const { request_uri } = await ask();
    const request = await wallet.read(request_uri);
    const answer = await wallet.answer(request);
    const statuses = await Promise.all(Array.from({ length: 8 }, async () => (await wallet.send(request, answer)).status));
    assert.equal(statuses.filter((status) => status === 200).length, 1, String(statuses));
  });

  test("refuses the answer to another request", async () => {
    const [first, second] = [await wallet.read((await ask()).request_uri), await ask()];
    const request = await wallet.read(second.request_uri);
    await wallet.send(request, await wallet.answer(first));
    const { status } = await verifying.get(`/verifications/${second.id}`);
    assert.equal(status, "rejected");
  });

  test("refuses a key binding for another nonce", () => refused({ how: { nonce: "another" } }, "nonce"));

  test("refuses a key binding for another audience", () =>
    refused({ how: { audience: "decentralized_identifier:did:web:another.example" } }, "audience"));

  test("refuses a presentation that withholds what was asked", () =>
    refused({ how: { disclose: { given_name: true } } }, "query"));

  test("refuses an altered, an added and a removed disclosure", async () => {
    const parts = (text) => text.split("~");
    const claim = (value) => Buffer.from(JSON.stringify(["c2FsdA", "family_name", value])).toString("base64url");
    for (const edit of [
      (text) => parts(text).toSpliced(1, 1, claim("Byron")).join("~"),
      (text) => parts(text).toSpliced(1, 0, claim("Byron")).join("~"),
      (text) => parts(text).toSpliced(1, 1).join("~"),
    ]) {
      const outcome = await shown({ edit });
      assert.equal(outcome.status, "rejected");
      assert.ok(failed(outcome).length > 0);
    }
  });

  test("refuses a presentation without key binding", async () => {
    const outcome = await shown({ edit: (text) => `${text.split("~").slice(0, -1).join("~")}~` });
    assert.equal(outcome.status, "rejected");
  });

  test("refuses a credential that is bound to somebody else", async () => {
    const stolen = await issuer.issue(ADA, Party.byKey().publicJwk, 8);
    await refused({ credential: stolen }, "holder_binding");
  });

  test("refuses a credential that somebody else signed in the issuer's name", async () => {
    const credential = await issue({ party: Party.byKey(), iss: issuer.party.did });
    const outcome = await shown({ credential });
    assert.equal(outcome.status, "rejected");
    assert.ok(failed(outcome).includes("signature"));
  });

  test("refuses an expired credential, and one whose time has not come", async () => {
    await refused({ credential: await issue({ iat: now() - 2 * HOUR, exp: now() - HOUR }) }, "dates");
    await refused({ credential: await issue({ nbf: now() + HOUR }) }, "dates");
  });

  test("refuses an issuer that is not on the list, or for another type", async () => {
    await refused({ credential: await issue({ party: Party.byKey(), status: undefined }) }, "trusted_issuer");
    await verifying.patch(`/trusted-issuers/${trusted.id}`, { vcts: ["https://acme.example/another"] });
    await refused({}, "trusted_issuer");
    await verifying.patch(`/trusted-issuers/${trusted.id}`, { vcts: [issuer.vct] });
    assert.equal((await shown()).status, "verified");
  });

  test("refuses what its issuer has revoked or suspended", async () => {
    issuer.setStatus(20, REVOKED);
    issuer.setStatus(21, SUSPENDED);
    // A list may be kept for as long as it says (`ttl`); this one is new to the verifier.
    issuer.listPath = "/statuses/2";
    await refused({ credential: await issue({}, 20) }, "status");
    await refused({ credential: await issue({}, 21) }, "status");
    issuer.setStatus(22, VALID);
    assert.equal((await shown({ credential: await issue({}, 22) })).status, "verified");
  });

  test("refuses a status list of somebody else, one of another address, and one that bursts", async () => {
    for (const path of ["/statuses/forged", "/statuses/elsewhere", "/statuses/bomb", "/statuses/missing"]) {
      const status = { status_list: { idx: 1, uri: `${issuer.url}${path}` } };
      await refused({ credential: await issue({ status }) }, "status");
    }
  });
});
