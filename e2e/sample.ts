import { readFile } from "node:fs/promises";
import { join } from "node:path";

/** A credential that `@sd-jwt/sd-jwt-vc` issued: one disclosed claim of it, and its type. */
export async function sample(): Promise<{ credential: string; vct: string; address: string }> {
  const file = join(import.meta.dirname, "../vc/tests/interop/credentials.json");
  const { claims, credentials } = JSON.parse(await readFile(file, "utf8"));
  const { credential } = credentials.find(({ name }: { name: string }) => name === "did:jwk, nested");
  return { credential, vct: "https://issuer.example/vct/person", address: claims.address.street_address };
}
