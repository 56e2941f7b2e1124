// The wallets under test, and a client of their API. Whoever runs the tests makes both: see README.md.
const { CLAVIGER_URL, CLAVIGER_ISSUER_KEY, CLAVIGER_HOLDER_KEY, CLAVIGER_VERIFIER_KEY } = process.env;
if (!CLAVIGER_URL || !CLAVIGER_ISSUER_KEY || !CLAVIGER_HOLDER_KEY || !CLAVIGER_VERIFIER_KEY) {
  throw new Error("set CLAVIGER_URL, CLAVIGER_ISSUER_KEY, CLAVIGER_HOLDER_KEY and CLAVIGER_VERIFIER_KEY");
}

class Api {
  constructor(key) {
    this.key = key;
  }

  get(path) {
    return this.#call("GET", path);
  }

  post(path, body, headers = {}) {
    return this.#call("POST", path, body, headers);
  }

  patch(path, body) {
    return this.#call("PATCH", path, body);
  }

  delete(path) {
    return this.#call("DELETE", path);
  }

  async #call(method, path, body, headers = {}) {
    const answer = await fetch(`${CLAVIGER_URL}/api/v1${path}`, {
      method,
      headers: { "x-api-key": this.key, ...(body && { "content-type": "application/json" }), ...headers },
      body: body && JSON.stringify(body),
    });
    const text = await answer.text();
    const said = text ? JSON.parse(text) : undefined;
    if (!answer.ok) throw Object.assign(new Error(`${method} ${path}: ${answer.status} ${text}`), { problem: said });
    return said;
  }
}

/** Three wallets of one server, each with the permissions that its part needs. */
export const issuing = new Api(CLAVIGER_ISSUER_KEY);
export const holding = new Api(CLAVIGER_HOLDER_KEY);
export const verifying = new Api(CLAVIGER_VERIFIER_KEY);

/** The server's address, without a slash at the end. */
export const origin = CLAVIGER_URL;
