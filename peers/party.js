// One side of an exchange: a key pair and the DID under which the other side finds its public half. What the
// libraries leave to their user (signatures, digests, resolution of DIDs) is here, once for all of them.
import { createHash, generateKeyPairSync, randomBytes, sign } from "node:crypto";
import { clientAuthenticationAnonymous, setGlobalConfig } from "@openid4vc/oauth2";
import { SDJwtVcInstance } from "@sd-jwt/sd-jwt-vc";
import { compactVerify, importJWK } from "jose";

// The tests speak plain HTTP on loopback. Leave this out where TLS is spoken.
setGlobalConfig({ allowInsecureUrls: true });

export class Party {
  /** A party that is named by its key: nothing needs to be published. */
  static byKey() {
    const keys = new KeyPair();
    const did = `did:jwk:${encode(JSON.stringify(keys.publicJwk))}`;
    return new Party(keys, did, `${did}#0`);
  }

  /** A party that is named by the web address (`http://localhost:4000/acme`) at which its document is served. */
  static byAddress(address) {
    const { host, pathname } = new URL(address);
    const path = pathname.split("/").filter(Boolean);
    const did = ["did:web", encodeURIComponent(host), ...path].join(":");
    return new Party(new KeyPair(), did, `${did}#key-1`);
  }

  constructor(keys, did, keyId) {
    this.keys = keys;
    this.did = did;
    this.keyId = keyId;
  }

  get publicJwk() {
    return this.keys.publicJwk;
  }

  /** What is served for a did:web (DID Core 1.0 section 5). */
  get document() {
    const method = { id: this.keyId, type: "JsonWebKey2020", controller: this.did, publicKeyJwk: this.publicJwk };
    return { id: this.did, verificationMethod: [method], assertionMethod: [this.keyId], authentication: [this.keyId] };
  }

  /** A compact JWT of this party's. */
  jwt(header, payload) {
    const input = `${encode(JSON.stringify({ alg: "ES256", ...header }))}.${encode(JSON.stringify(payload))}`;
    return `${input}.${this.keys.sign(input)}`;
  }

  /** How @openid4vc is told who signs. */
  get signer() {
    return { method: "did", didUrl: this.keyId, alg: "ES256" };
  }

  /** What @openid4vc asks of its user. */
  get callbacks() {
    return {
      fetch,
      hash: async (data, algorithm) => digest(data, algorithm),
      generateRandom: async (length) => randomBytes(length),
      signJwt: async (_signer, { header, payload }) => ({ jwt: this.jwt(header, payload), signerJwk: this.publicJwk }),
      verifyJwt: async (signer, { compact }) => {
        const signerJwk = signer.method === "did" ? await keyOf(signer.didUrl) : signer.publicJwk;
        return (await isSignedBy(compact, signerJwk)) ? { verified: true, signerJwk } : { verified: false };
      },
      clientAuthentication: clientAuthenticationAnonymous(),
    };
  }

  /** SD-JWT VCs that this party issues, holds or verifies. A credential's issuer is found by its DID. */
  sdJwt(options = {}) {
    return new SDJwtVcInstance({
      signAlg: "ES256",
      signer: async (input) => this.keys.sign(input),
      kbSignAlg: "ES256",
      kbSigner: async (input) => this.keys.sign(input),
      verifier: async (input, signature) => {
        const [header, payload] = input.split(".").map(decode);
        // A status list has the same issuer as the credential that names it, and names its key alone.
        const keyId = header.kid.startsWith("#") ? `${payload.iss}${header.kid}` : header.kid;
        if (payload.iss !== undefined && didOf(keyId) !== payload.iss) return false;
        return isSignedBy(`${input}.${signature}`, await keyOf(keyId));
      },
      kbVerifier: async (input, signature, credential) => isSignedBy(`${input}.${signature}`, credential.cnf.jwk),
      hasher: digest,
      hashAlg: "sha-256",
      saltGenerator: async (length) => randomBytes(length).toString("base64url"),
      ...options,
    });
  }
}

class KeyPair {
  #privateKey;

  constructor() {
    const { publicKey, privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
    this.#privateKey = privateKey;
    this.publicJwk = publicKey.export({ format: "jwk" });
  }

  /** The ES256 signature (RFC 7518 section 3.4). */
  sign(input) {
    return sign("sha256", Buffer.from(input), { key: this.#privateKey, dsaEncoding: "ieee-p1363" }).toString("base64url");
  }
}

/** The public key that a DID URL names, out of the DID's document. */
export async function keyOf(didUrl) {
  const document = await resolve(didOf(didUrl));
  const isNamed = ({ id }) => (id.startsWith("#") ? `${document.id}${id}` : id) === didUrl;
  const method = document.verificationMethod.find(isNamed);
  if (!method) throw new Error(`${didUrl} is not in the document of its DID`);
  return method.publicKeyJwk;
}

/** The document of a did:jwk or did:web. */
export async function resolve(did) {
  const [, method, ...id] = did.split(":");
  if (method === "jwk") {
    return { id: did, verificationMethod: [{ id: `${did}#0`, publicKeyJwk: decode(id[0]) }] };
  }
  const [host, ...path] = id.map(decodeURIComponent);
  // did:web is https by definition; the tests serve it on loopback without TLS.
  const address = `http://${host}/${path.length > 0 ? path.join("/") : ".well-known"}/did.json`;
  const answer = await fetch(address);
  if (!answer.ok) throw new Error(`${address} answers with status ${answer.status}`);
  return answer.json();
}

/** Whether the key made the signature of a compact JWT. */
export async function isSignedBy(jwt, jwk) {
  const key = await importJWK(jwk, "ES256");
  return compactVerify(jwt, key, { algorithms: ["ES256"] }).then(() => true, () => false);
}

/** A JSON value out of its base64url. */
export function decode(text) {
  return JSON.parse(Buffer.from(text, "base64url").toString());
}

export function encode(text) {
  return Buffer.from(text).toString("base64url");
}

function didOf(didUrl) {
  return didUrl.split("#")[0];
}

async function digest(data, algorithm = "sha-256") {
  return new Uint8Array(createHash(algorithm.replace("-", "")).update(toBytes(data)).digest());
}

function toBytes(data) {
  return data instanceof ArrayBuffer ? new Uint8Array(data) : data;
}
