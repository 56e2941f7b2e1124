// Verifies ours.txt, a credential that this crate issued, with implementations that are not ours.
//
//   npm install @sd-jwt/sd-jwt-vc@0.19 jose@6 && node check.mjs
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { SDJwtVcInstance } from '@sd-jwt/sd-jwt-vc';
import * as jose from 'jose';

const text = readFileSync(process.argv[2] ?? 'ours.txt', 'utf8').trim();
const jwt = text.split('~')[0];
const { iss, cnf } = jose.decodeJwt(jwt);
const header = jose.decodeProtectedHeader(jwt);
assert.equal(header.kid, `${iss}#0`);
const jwk = JSON.parse(Buffer.from(iss.split(':')[2], 'base64url').toString());

const key = await jose.importJWK(jwk, 'ES256');
await jose.jwtVerify(jwt, key, { typ: 'dc+sd-jwt', algorithms: ['ES256'], issuer: iss });

const instance = new SDJwtVcInstance({
  verifier: async (data, signature) =>
    crypto.subtle.verify({ name: 'ECDSA', hash: 'SHA-256' }, key, Buffer.from(signature, 'base64url'), Buffer.from(data)),
  hasher: (data, alg) => createHash(alg.replace('-', '')).update(Buffer.from(data)).digest(),
  hashAlg: 'sha-256',
});
const { payload } = await instance.verify(text);
assert.deepEqual(
  { given_name: payload.given_name, address: payload.address, nationalities: payload.nationalities },
  {
    given_name: 'Erika',
    address: { street_address: 'Heidestraße 17', locality: 'Köln' },
    nationalities: ['DE', 'FR'],
  },
);
assert.ok(await jose.calculateJwkThumbprint(cnf.jwk));
console.log('verified by @sd-jwt/sd-jwt-vc and jose');
