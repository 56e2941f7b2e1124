// What a wallet under test is given before the exchange: an identifier, a status list, templates.
import { randomUUID } from "node:crypto";
import { issuing } from "./claviger.js";

export const BADGE = { given_name: "Ada", family_name: "Lovelace", address: { city: "London", street: "St James's Square" } };

/** An issuer template for badges, signed by an identifier of this method, and what it is made with. */
export async function badgeTemplate(method, more = {}) {
  const name = `Badge ${randomUUID()}`;
  const identifier = await issuing.post("/identifiers", { name, method });
  const statusList = await issuing.post("/status-lists", { name, identifier_id: identifier.id });
  const claim = (path, mandatory = true) => ({ path, type: "text", mandatory });
  const template = await issuing.post("/issuer-templates", {
    name,
    claims: [claim(["given_name"]), claim(["family_name"]), claim(["address", "city"]), claim(["address", "street"], false)],
    identifier_id: identifier.id,
    status_list_id: statusList.id,
    ...more,
  });
  return { identifier, statusList, template };
}

/** Offers a badge; the answer is the issuance with its links. */
export function offerBadge({ template }, more = {}) {
  return issuing.post("/issuances", { template: template.id, claims: BADGE, ...more });
}
