// Every page and every open dialog: WCAG 2.2 AA in both themes, no horizontal scrolling on a phone, no error
// in the browser's log.
import { type Page } from "@playwright/test";
import { addApiKey, axe, expect, open, openApiAccess, test } from "../fixtures.ts";
import { sample } from "../sample.ts";

/** A way to a page or a dialog, from wherever. */
interface Place {
  name: string;
  go: (page: Page) => Promise<unknown>;
}

const at = (path: string): Place => ({ name: path, go: (page) => page.goto(path) });
const dialog = (path: string, link: string | RegExp): Place => ({
  name: `${path}: ${link}`,
  go: async (page) => {
    await page.goto(path);
    await page.getByRole("link", { name: link }).first().click();
    await page.getByRole("dialog").waitFor();
  },
});
const follow = (path: string, link: string) => async (page: Page) => {
  await page.goto(path);
  await page.getByRole("link", { name: link, exact: true }).click();
  await page.getByRole("heading", { level: 1 }).waitFor();
};

const held = await sample();
const SETTINGS = "/settings/iam/api-access";
const places: Place[] = [
  at(SETTINGS),
  dialog(SETTINGS, "Add API key"),
  dialog(SETTINGS, "Edit acme"),
  dialog(SETTINGS, "Delete acme"),
  dialog(SETTINGS, /^acme$/),
  dialog(SETTINGS, "Add API client"),
  dialog(SETTINGS, "Edit backend"),
  dialog(SETTINGS, "Delete backend"),
  dialog(SETTINGS, /^backend$/),
  {
    name: "how a client gets a token",
    go: async (page) => {
      await page.goto(SETTINGS);
      await page.getByText("How a client gets an access token").click();
    },
  },
  at(`${SETTINGS}?q=nothing-has-this-name`),
  {
    name: "a refused form",
    go: async (page) => {
      await page.goto(`${SETTINGS}/api-keys/new`);
      await page.getByLabel("Name", { exact: true }).fill("acme");
      await page.getByRole("button", { name: "Save" }).click();
      await page.getByRole("alert").waitFor();
    },
  },
  at("/settings/team/users"),
  dialog("/settings/team/users", "Add user"),
  dialog("/settings/team/users", /^Edit /),
  dialog("/settings/team/users", /^Delete /),
  at("/settings/team/roles"),
  dialog("/settings/team/roles", "Add role"),
  dialog("/settings/team/roles", /^Edit /),
  dialog("/settings/team/roles", /^Delete /),
  at("/settings/wallet"),
  at("/audit-log"),
  at("/credentials"),
  dialog("/credentials", "Import credential"),
  { name: "a held credential", go: follow("/credentials", held.vct) },
  dialog("/credentials", /^Delete /),
  at("/credential-offers"),
  dialog("/credential-offers", "Receive an offer"),
  at("/presentations"),
  dialog("/presentations", "Present credentials"),
  at("/identifiers"),
  dialog("/identifiers", "Create identifier"),
  dialog("/identifiers", /^Rotate /),
  dialog("/identifiers", /^Delete /),
  at("/public-profile"),
  {
    name: "a public profile",
    go: async (page) => {
      await page.goto("/public-profile");
      await page.getByRole("checkbox", { name: /^Publish this profile/ }).check();
      await page.getByRole("button", { name: "Save" }).click();
      await page.getByRole("link", { name: "Open public page" }).click();
      await page.getByRole("heading", { level: 1 }).waitFor();
    },
  },
  at("/trusted-contacts"),
  dialog("/trusted-contacts", "Add trusted contact"),
  dialog("/trusted-contacts", /^Edit /),
  dialog("/trusted-contacts", /^Delete /),
  at("/issuer-templates"),
  at("/issuer-templates/new"),
  { name: "an issuer template", go: follow("/issuer-templates", "Diploma") },
  { name: "an issuer template to be edited", go: follow("/issuer-templates", "Edit Diploma") },
  {
    name: "a refused issuer template",
    go: async (page) => {
      await page.goto("/issuer-templates/new");
      await page.getByRole("button", { name: "Add a claim" }).click();
      await page.getByLabel("Name in the credential, claim 1").fill("a b");
      await page.getByRole("button", { name: "Save" }).click();
      await page.getByRole("alert").waitFor();
    },
  },
  dialog("/issuer-templates", /^Delete /),
  at("/issued-credentials"),
  {
    name: "a credential to be filled in",
    go: async (page) => {
      await page.goto("/issued-credentials");
      await page.getByRole("link", { name: "Issue credential" }).click();
      await page.getByLabel("Given name").waitFor();
    },
  },
  {
    name: "an offer that waits for a wallet",
    go: async (page) => {
      await page.goto("/issued-credentials");
      await page.getByRole("rowheader").getByRole("link").first().click();
      await page.getByRole("img", { name: "QR code of the offer" }).waitFor();
    },
  },
  at("/status-lists"),
  dialog("/status-lists", "Create status list"),
  dialog("/status-lists", /^Rename /),
  dialog("/status-lists", /^Delete /),
  at("/trusted-issuers"),
  dialog("/trusted-issuers", "Add trusted issuer"),
  dialog("/trusted-issuers", /^Edit /),
  dialog("/trusted-issuers", /^Delete /),
  at("/verifier-templates"),
  at("/verifier-templates/new"),
  {
    name: "a refused verifier template",
    go: async (page) => {
      await page.goto("/verifier-templates/new");
      await page.getByText("Advanced: DCQL").click();
      await page.getByRole("button", { name: "Save" }).click();
      await page.getByRole("alert").waitFor();
    },
  },
  {
    name: "a verifier template",
    go: async (page) => {
      await page.goto("/verifier-templates");
      await page.getByRole("link", { name: "Members", exact: true }).click();
      await page.getByRole("heading", { name: "Members" }).waitFor();
    },
  },
  dialog("/verifier-templates", /^Delete /),
  at("/verified-credentials"),
  dialog("/verified-credentials", "Verify"),
  {
    name: "a request that waits for a wallet",
    go: async (page) => {
      await page.goto("/verified-credentials");
      await page.getByRole("link", { name: "Members" }).click();
      await page.getByRole("img", { name: "QR code of the request" }).waitFor();
    },
  },
  at("/docs"),
  at("/problems/permission-missing"),
  at("/no-such-page"),
];

// Parts, so that the workers share them: each looks at every place in two widths and two themes.
const PARTS = 4;
for (let part = 0; part < PARTS; part++) {
  test(`every page and dialog of the console keeps WCAG 2.2 AA and fits a phone (${part + 1} of ${PARTS})`, async ({ signedIn: wallet, page, request }) => {
    test.setTimeout(900_000);
    await wallet.command(["user", "add", "--email", "grace@example.org", "--name", "Grace", "--role", "Administrator"]);
    const complaints: string[] = [];
    page.on("console", (message) => {
      const expected = message.location().url.includes("/no-such-page") || message.text().includes("status of 4");
      if (message.type() === "error" && !expected) complaints.push(message.text());
    });
    page.on("pageerror", (error) => complaints.push(error.message));
    await wallet.command(["oauth-client", "add", "backend", "--notes", "ACME", "--permission", "users:view"]);
    await openApiAccess(page);
    const key = await addApiKey(page, {
      name: "acme",
      notes: "ACME",
      permissions: [
        "Identifier: Change",
        "Trusted contacts: Change",
        "Holder credentials: Change",
        "Issue credentials: Change",
        "Issuer templates: Change",
        "Status list: Change",
        "Trusted issuers: Change",
        "Verifier templates: Change",
        "Verified credentials: Change",
        "API Access: View",
        "Users: View",
      ],
    });
    const headers = { "x-api-key": key };
    const office = { name: "Registered office", method: "did:web" };
    const { id: identifier_id } = await (await request.post("/api/v1/identifiers", { headers, data: office })).json();
    await request.post("/api/v1/credentials", { headers, data: { credential: held.credential } });
    const list = { name: "Diplomas", identifier_id };
    const { id: status_list_id } = await (await request.post("/api/v1/status-lists", { headers, data: list })).json();
    const claims = [{ path: ["given_name"], label: "Given name", type: "text" }];
    const diploma = { name: "Diploma", claims, identifier_id, status_list_id };
    const { id: issued } = await (await request.post("/api/v1/issuer-templates", { headers, data: diploma })).json();
    const issuance = { template: issued, claims: { given_name: "Ada" }, correlation_id: "student 7" };
    await request.post("/api/v1/issuances", { headers, data: issuance });
    const issuer = { name: "University", issuer: "did:web:university.example", vcts: ["urn:diploma", "urn:course"] };
    await request.post("/api/v1/trusted-issuers", { headers, data: issuer });
    const meta = { vct_values: ["https://club.example/credential-types/membership"] };
    const credential = { id: "member", format: "dc+sd-jwt", meta, claims: [{ path: ["member", "since"] }] };
    const template = { name: "Members", purpose: "To let you in", identifier_id, query: { credentials: [credential] } };
    const made = await (await request.post("/api/v1/verifier-templates", { headers, data: template })).json();
    await request.post("/api/v1/verifications", { headers, data: { template: made.id, correlation_id: "visitor 17" } });
    await request.post("/api/v1/trusted-contacts", { headers, data: { name: "Register", did: "did:web:example.org" } });
    for (const { name, go } of places.filter((_, at) => at % PARTS === part)) {
      await test.step(name, async () => {
        await page.setViewportSize({ width: 1280, height: 800 });
        await go(page);
        await axe(page);
        await page.setViewportSize({ width: 380, height: 800 });
        expect(await page.evaluate(() => document.documentElement.scrollWidth), `width of ${name}`).toBeLessThanOrEqual(380);
        await axe(page);
      });
    }
    expect(complaints).toEqual([]);
  });
}

test("the dialog that shows a key keeps WCAG 2.2 AA", async ({ signedIn, page }) => {
  await page.goto(`${SETTINGS}/api-keys/new`);
  await page.getByLabel("Name", { exact: true }).fill("acme");
  await page.getByRole("button", { name: "Save" }).click();
  await page.getByRole("dialog", { name: "API key created" }).waitFor();
  await axe(page);
});

test("the pages before the sign-in keep WCAG 2.2 AA", async ({ wallet, page }) => {
  for (const path of ["/sign-in", "/invitation", wallet.setupLink]) {
    await page.goto(path);
    await axe(page);
  }
  await page.goto("/sign-in");
  await page.getByLabel("Email").fill("ada@example.org");
  await page.getByLabel("Password").fill("not the password");
  await page.getByRole("button", { name: "Sign in" }).click();
  await expect(page.getByRole("alert")).toBeVisible();
  await axe(page);
});

test("the console works without a script", async ({ wallet, browser }) => {
  const context = await browser.newContext({ javaScriptEnabled: false, baseURL: wallet.url });
  const page = await context.newPage();
  await page.goto("/setup");
  await page.getByLabel("One-time code").fill(wallet.setupLink.split("#")[1]!);
  await page.getByLabel("Wallet name").fill("Example Bank");
  await page.getByLabel("Your name").fill("Ada");
  await page.getByLabel("Email").fill("ada@example.org");
  await page.getByLabel("Password").fill("a tall blue boat on dry land");
  await page.getByRole("button", { name: "Create the wallet" }).click();
  await open(page, "API Access");
  await page.getByRole("link", { name: "Add API key" }).click();
  await page.getByLabel("Name", { exact: true }).fill("scriptless");
  await page.getByRole("checkbox", { name: "Users: Change" }).check();
  await page.getByRole("button", { name: "Save" }).click();
  await expect(page.getByLabel("Key of scriptless")).toHaveValue(/^clvk_/);
  await page.getByRole("link", { name: "Done" }).click();
  await expect(page.getByRole("row").filter({ hasText: "scriptless" })).toContainText("Users: Change");
  await context.close();
});
