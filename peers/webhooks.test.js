// Who offers a credential is told what becomes of it: the webhooks are checked by the package standardwebhooks.
import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { once, EventEmitter } from "node:events";
import { after, before, describe, test } from "node:test";
import { Webhook } from "standardwebhooks";
import { openSite } from "./site.js";
import { badgeTemplate, offerBadge } from "./templates.js";
import { Wallet } from "./wallet.js";

describe("our webhooks", () => {
  const secret = `whsec_${randomBytes(32).toString("base64")}`;
  const arrivals = new EventEmitter();
  let site, badge, refusals;

  before(async () => {
    badge = await badgeTemplate("did:jwk");
    refusals = 0;
    site = await openSite({
      "POST /hook": ({ text, headers }) => {
        if (refusals-- > 0) return { status: 503 };
        arrivals.emit("webhook", { text, headers: Object.fromEntries(headers) });
        return { status: 204 };
      },
    });
  });

  after(() => site.close());

  /** The next webhook, verified. */
  async function next() {
    const [{ text, headers }] = await once(arrivals, "webhook");
    return { id: headers["webhook-id"], ...new Webhook(secret).verify(text, headers) };
  }

  const offer = () =>
    offerBadge(badge, { correlation_id: "order 17", callback: { url: `${site.url}/hook`, secret } });

  test("tell when an offer is taken up and when the credential is issued", async () => {
    const { id, credential_offer_uri } = await offer();
    const wallet = new Wallet();
    const opened = await wallet.open(credential_offer_uri);
    const accepted = next();
    const token = await wallet.token(opened);
    const { type, data } = await accepted;
    assert.equal(type, "issuance.accepted");
    assert.deepEqual(data, { id, correlation_id: "order 17", status: "accepted" });
    const issued = next();
    await wallet.credential(opened, token, await wallet.proof(opened, await wallet.nonce(opened)));
    const webhook = await issued;
    assert.equal(webhook.type, "issuance.issued");
    // Who wants to know more asks the API: no claims travel.
    assert.ok(!JSON.stringify(webhook).includes("Lovelace"));
  });

  test("come again, under the same id, when the receiver could not take one", async () => {
    refusals = 1;
    const { credential_offer_uri } = await offer();
    const wallet = new Wallet();
    const opened = await wallet.open(credential_offer_uri);
    const accepted = next();
    await wallet.token(opened);
    assert.equal((await accepted).type, "issuance.accepted");
  });

  test("do not verify with another secret", async () => {
    const { credential_offer_uri } = await offer();
    const arrival = once(arrivals, "webhook");
    const wallet = new Wallet();
    await wallet.token(await wallet.open(credential_offer_uri));
    const [{ text, headers }] = await arrival;
    const another = new Webhook(`whsec_${randomBytes(32).toString("base64")}`);
    assert.throws(() => another.verify(text, headers), /No matching signature/);
  });
});
