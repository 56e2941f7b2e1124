// Makes credentials.json: credentials issued by implementations that are not ours.
//
//   npm install @sd-jwt/sd-jwt-vc@0.19 jose@6 && node make.mjs > credentials.json
//
// Signatures and salts are random, so each run gives other bytes and the same meaning.
import { createHash, randomBytes } from 'node:crypto';
import { SDJwtVcInstance } from '@sd-jwt/sd-jwt-vc';
import * as jose from 'jose';

const IAT = 1_700_000_000;
const EXP = 2_000_000_000;

const { publicKey, privateKey } = await jose.generateKeyPair('ES256', { extractable: true });
const jwk = await jose.exportJWK(publicKey);
const other = await jose.exportJWK((await jose.generateKeyPair('ES256', { extractable: true })).publicKey);
const holder = await jose.exportJWK((await jose.generateKeyPair('ES256', { extractable: true })).publicKey);

// jose orders the members kty, x, y, crv, as did:jwk allows: any serialisation is a DID of the key.
const didJwk = `did:jwk:${Buffer.from(JSON.stringify(jwk)).toString('base64url')}`;
const didWeb = 'did:web:issuer.example%3A8443:tenants:1';
const https = 'https://issuer.example/tenants/1';

const instance = new SDJwtVcInstance({
  signAlg: 'ES256',
  signer: async (data) =>
    Buffer.from(await crypto.subtle.sign({ name: 'ECDSA', hash: 'SHA-256' }, privateKey, Buffer.from(data))).toString('base64url'),
  hasher: (data, alg) => createHash(alg.replace('-', '')).update(Buffer.from(data)).digest(),
  hashAlg: 'sha-256',
  saltGenerator: (length) => randomBytes(length).toString('base64url'),
});

const claims = {
  given_name: 'Erika',
  address: { street_address: 'Heidestraße 17', locality: 'Köln' },
  nationalities: ['DE', 'FR'],
};
const frames = {
  flat: { _sd: ['given_name'] },
  nested: { address: { _sd: ['street_address', 'locality'] } },
  recursive: { _sd: ['address'], address: { _sd: ['street_address'] } },
  'array element': { nationalities: { _sd: [1] } },
  decoy: { _sd: ['given_name'], _sd_decoy: 3, nationalities: { _sd: [0], _sd_decoy: 2 } },
  'nothing hidden': undefined,
};
const disclosed = {
  flat: [['given_name']],
  nested: [['address', 'locality'], ['address', 'street_address']],
  recursive: [['address'], ['address', 'street_address']],
  'array element': [['nationalities', 1]],
  decoy: [['given_name'], ['nationalities', 0]],
  'nothing hidden': [],
};

const issue = (iss, kid, frame) =>
  instance.issue(
    { iss, vct: 'https://issuer.example/vct/person', iat: IAT, exp: EXP, cnf: { jwk: holder }, ...claims },
    frame,
    { header: { kid } },
  );

const issuers = [
  { name: 'did:jwk', iss: didJwk, kid: `${didJwk}#0` },
  {
    name: 'did:web',
    iss: didWeb,
    kid: `${didWeb}#key-2`,
    url: 'https://issuer.example:8443/tenants/1/did.json',
    document: {
      '@context': ['https://www.w3.org/ns/did/v1'],
      id: didWeb,
      verificationMethod: [
        { id: `${didWeb}#key-1`, type: 'JsonWebKey2020', controller: didWeb, publicKeyJwk: other },
        { id: '#key-2', type: 'JsonWebKey2020', controller: didWeb, publicKeyJwk: jwk },
      ],
      assertionMethod: ['#key-1', `${didWeb}#key-2`],
    },
  },
  {
    name: 'https',
    iss: https,
    kid: 'key-2',
    url: 'https://issuer.example/.well-known/jwt-vc-issuer/tenants/1',
    document: { issuer: https, jwks: { keys: [{ ...other, kid: 'key-1' }, { ...jwk, kid: 'key-2', use: 'sig', alg: 'ES256' }] } },
  },
];

const credentials = [];
for (const issuer of issuers) {
  for (const [shape, frame] of Object.entries(frames)) {
    credentials.push({
      name: `${issuer.name}, ${shape}`,
      credential: await issue(issuer.iss, issuer.kid, frame),
      iss: issuer.iss,
      url: issuer.url,
      document: issuer.document,
      disclosed: disclosed[shape],
    });
  }
}
const thumbprint = await jose.calculateJwkThumbprint(holder);
console.log(JSON.stringify({ claims, issued_at: IAT, valid_until: EXP, holder_thumbprint: thumbprint, credentials }, null, 1));
