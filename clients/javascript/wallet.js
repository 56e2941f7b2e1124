// The wallet that the examples call and the client that they are, both made by whoever runs them: see ../README.md.
const { CLAVIGER_URL, CLAVIGER_CLIENT_ID, CLAVIGER_CLIENT_SECRET } = process.env;
if (!CLAVIGER_URL || !CLAVIGER_CLIENT_ID || !CLAVIGER_CLIENT_SECRET) {
  throw new Error("set CLAVIGER_URL, CLAVIGER_CLIENT_ID and CLAVIGER_CLIENT_SECRET");
}

/** The wallet's public URL, which is also the name of its authorization server. */
export const issuer = new URL(CLAVIGER_URL);

export const clientId = CLAVIGER_CLIENT_ID;
export const clientSecret = CLAVIGER_CLIENT_SECRET;

/** Whose token is it, and what may it do? */
export const me = new URL("/api/v1/me", issuer);

/** Whom access tokens are for. */
export const audience = new URL("/api/v1", issuer).href;

/** What the client was made with, as every answer lists it: `identifiers:change` implies `identifiers:view`. */
export const permissions = ["holder_credentials:view", "identifiers:change", "identifiers:view"];
