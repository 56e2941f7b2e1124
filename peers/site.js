// The web site of a party: the least HTTP server that a peer needs.
import { createServer } from "node:http";
import { text } from "node:stream/consumers";

/**
 * Serves `routes` (`"POST /token": async (request) => answer`) on a free loopback port. A path may end in `*`; what
 * stands there is `request.rest`. An answer is `{ status?, type?, body }`; whatever else it is, it is sent as JSON.
 */
export async function openSite(routes) {
  const server = createServer(async (incoming, outgoing) => {
    const { status = 200, type, body, headers = {} } = await answer(routes, incoming);
    outgoing.writeHead(status, { ...(type && { "content-type": type }), ...headers }).end(body);
  });
  await new Promise((listening) => server.listen(0, "127.0.0.1", listening));
  return {
    url: `http://localhost:${server.address().port}`,
    close: () => {
      server.closeAllConnections();
      return new Promise((closed) => server.close(closed));
    },
  };
}

export function json(body, status = 200) {
  return { status, type: "application/json", body: JSON.stringify(body), headers: { "cache-control": "no-store" } };
}

async function answer(routes, incoming) {
  const { pathname } = new URL(incoming.url, "http://localhost");
  const found = find(routes, `${incoming.method} ${pathname}`);
  if (!found) return { status: 404 };
  const request = {
    rest: found.rest,
    url: `http://${incoming.headers.host}${incoming.url}`,
    method: incoming.method,
    headers: new Headers(Object.entries(incoming.headers).map(([name, value]) => [name, String(value)])),
    text: await text(incoming),
  };
  try {
    return await found.handler(request);
  } catch (error) {
    // What @openid4vc throws when it is the server knows its own answer.
    if (error.errorResponse) return json(error.errorResponse, error.status ?? 400);
    return json({ error: "server_error", error_description: String(error.message) }, 500);
  }
}

function find(routes, asked) {
  for (const [route, handler] of Object.entries(routes)) {
    if (route === asked) return { handler, rest: "" };
    if (route.endsWith("*") && asked.startsWith(route.slice(0, -1))) {
      return { handler, rest: asked.slice(route.length - 1) };
    }
  }
  return undefined;
}
