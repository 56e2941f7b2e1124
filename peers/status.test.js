// Our status list, read by @sd-jwt/jwt-status-list before and after revoke, suspend and restore.
import assert from "node:assert/strict";
import { before, describe, test } from "node:test";
import { getListFromStatusListJWT } from "@sd-jwt/jwt-status-list";
import { issuing } from "./claviger.js";
import { REVOKED, SUSPENDED, VALID } from "./issuer.js";
import { decode, isSignedBy, keyOf } from "./party.js";
import { badgeTemplate, offerBadge } from "./templates.js";
import { Wallet } from "./wallet.js";

describe("our status list", () => {
  let badge, wallet;

  before(async () => {
    badge = await badgeTemplate("did:web");
    wallet = new Wallet();
  });

  /** A new badge: its issuance, its text and its place in the list. */
  async function issued() {
    const offered = await offerBadge(badge);
    const credential = await wallet.receive(offered.credential_offer_uri);
    const { status } = await wallet.sdJwt.getClaims(credential);
    return { id: offered.id, credential, ...status.status_list };
  }

  async function fetchList(uri) {
    const answer = await fetch(uri, { headers: { accept: "application/statuslist+jwt" } });
    assert.equal(answer.status, 200);
    assert.equal(answer.headers.get("content-type"), "application/statuslist+jwt");
    return answer.text();
  }

  test("tells what was revoked, suspended and restored, and nothing of the others", async () => {
    const [mine, other] = [await issued(), await issued()];
    const read = async () => {
      const list = getListFromStatusListJWT(await fetchList(mine.uri));
      assert.equal(list.getStatus(other.idx), VALID);
      return list.getStatus(mine.idx);
    };
    assert.equal(await read(), VALID);
    for (const [verb, status] of [["suspend", SUSPENDED], ["restore", VALID], ["suspend", SUSPENDED], ["revoke", REVOKED]]) {
      await issuing.post(`/issuances/${mine.id}/${verb}`);
      assert.equal(await read(), status, verb);
      const verified = wallet.sdJwt.verify(mine.credential);
      await (status === VALID ? verified : assert.rejects(verified, /Status is not valid/));
    }
    await assert.rejects(issuing.post(`/issuances/${mine.id}/restore`), /409|422/);
    assert.equal(await read(), REVOKED);
  });

  test("is signed by the issuer of the credentials", async () => {
    const { uri } = await issued();
    const token = await fetchList(uri);
    const [header, payload] = token.split(".").slice(0, 2).map(decode);
    assert.equal(header.typ, "statuslist+jwt");
    assert.equal(payload.sub, uri);
    assert.ok(payload.ttl > 0 && payload.exp > payload.iat);
    assert.equal(payload.status_list.bits, 2);
    assert.ok(header.kid.startsWith(badge.identifier.did));
    assert.ok(await isSignedBy(token, await keyOf(header.kid)));
  });

  test("hides in its length and its places how many were issued", async () => {
    const [first, second] = [await issued(), await issued()];
    const list = getListFromStatusListJWT(await fetchList(first.uri));
    assert.ok(list.statusList.length >= 100_000);
    assert.notEqual(second.idx - first.idx, 1, "places are drawn, not counted");
  });
});
