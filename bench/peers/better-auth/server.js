// server.js PORT COUNT KEYS DIR: an API behind better-auth's api-key plugin, on SQLite.
import { writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { apiKey } from "@better-auth/api-key";
import { betterAuth } from "better-auth";
import { getMigrations } from "better-auth/db/migration";
import Database from "better-sqlite3";

const [port, count, keysPath, dir] = process.argv.slice(2);
const PERMISSIONS = { holder_credentials: ["view"] };
const YEAR = 365 * 24 * 60 * 60;

const database = new Database(`${dir}/auth.sqlite`);
database.pragma("journal_mode = WAL");

const auth = betterAuth({
  database,
  baseURL: `http://127.0.0.1:${port}`,
  secret: "only for the benchmark, at least 32 characters",
  // It would write a line to the log for each refusal.
  logger: { disabled: true },
  // By default a key may be used ten times a day.
  plugins: [apiKey({ rateLimit: { enabled: false } })],
});

await makeKeys();
const server = createServer(answer);
server.keepAliveTimeout = 75_000;
server.listen(Number(port), "127.0.0.1");

async function makeKeys() {
  const { runMigrations } = await getMigrations(auth.options);
  await runMigrations();
  const { internalAdapter } = await auth.$context;
  const user = await internalAdapter.createUser({ name: "Bench", email: "bench@example.com" });
  const lines = [];
  for (let number = 1; number <= Number(count) + 1; number++) {
    const name = `key-${String(number).padStart(6, "0")}`;
    const permissions = number <= Number(count) ? PERMISSIONS : undefined;
    const made = await auth.api.createApiKey({ body: { name, userId: user.id, expiresIn: YEAR, permissions } });
    lines.push(`${made.key}\n`);
  }
  writeFileSync(keysPath, lines.join(""));
}

async function answer(request, response) {
  if (request.url !== "/me") return send(response, 404, { error: "not_found" });
  const presented = request.headers["x-api-key"];
  if (!presented) return send(response, 401, { error: "unauthorized" });
  const { valid, error, key } = await auth.api.verifyApiKey({ body: { key: presented, permissions: PERMISSIONS } });
  // The plugin's word for a key that has not all of the permissions; an unknown one is INVALID_API_KEY.
  if (error?.code === "KEY_NOT_FOUND") return send(response, 403, { error: "forbidden" });
  if (!valid) return send(response, 401, { error: "unauthorized" });
  send(response, 200, {
    kind: "api_key",
    id: key.id,
    name: key.name,
    wallet: { id: "019abf1e-7c1a-7c3e-9d0b-0123456789ac", name: "Bench" },
    permissions: Object.entries(key.permissions).flatMap(([resource, all]) => all.map((one) => `${resource}:${one}`)),
    expires_at: key.expiresAt,
  });
}

function send(response, status, body) {
  const text = JSON.stringify(body);
  response.writeHead(status, { "content-type": "application/json", "content-length": Buffer.byteLength(text) });
  response.end(text);
}
