// Settings → IAM → API Access: an administrator hands out access, an external system uses it.
import { addApiKey, expect, openApiAccess, signOut, test } from "../../fixtures.ts";

const row = (page: import("@playwright/test").Page, name: string) =>
  page.getByRole("table", { name: "API keys" }).getByRole("row").filter({ has: page.getByRole("rowheader", { name }) });

const inOneYear = () => {
  const now = new Date();
  return new Date(Date.UTC(now.getUTCFullYear() + 1, now.getUTCMonth(), now.getUTCDate())).toISOString().slice(0, 10);
};

/** A date as the console shows it. */
const shown = (date: string) =>
  new Date(date).toLocaleDateString("en-GB", { day: "numeric", month: "short", year: "numeric", timeZone: "UTC" }).replace("Sept", "Sep");

test("M4 the screen stands at Settings → IAM → API Access", async ({ signedIn, page }) => {
  await openApiAccess(page);
  await expect(page).toHaveURL(/\/settings\/iam\/api-access$/);
  await expect(page.getByRole("navigation", { name: "Breadcrumb" })).toContainText(/Settings.*IAM.*API Access/s);
});

test("M5 a table lists the keys with Name, Roles, Expiry date and Notes", async ({ signedIn, page }) => {
  await openApiAccess(page);
  await addApiKey(page, {
    name: "acme-backend",
    expiryDate: inOneYear(),
    notes: "ACME, ops@acme.example",
    permissions: ["Holder credentials: View", "Trusted contacts: Change"],
  });
  for (const column of ["Name", "Roles", "Expiry date", "Notes"]) {
    await expect(page.getByRole("columnheader", { name: column })).toBeVisible();
  }
  const key = row(page, "acme-backend");
  await expect(key).toContainText("Holder credentials: View");
  await expect(key).toContainText("Trusted contacts: Change");
  await expect(key).toContainText("ACME, ops@acme.example");
  await expect(key).toContainText(shown(inOneYear()));
});

test("M8 the dialog asks for name, expiry date, notes and permissions", async ({ signedIn, page }) => {
  await openApiAccess(page);
  await page.getByRole("link", { name: "Add API key" }).click();
  const dialog = page.getByRole("dialog", { name: "Add API key" });
  await expect(dialog.getByLabel("Name", { exact: true })).toHaveJSProperty("required", true);
  await expect(dialog.getByLabel("Expiry date")).toHaveJSProperty("required", true);
  await expect(dialog.getByLabel("Expiry date")).toHaveValue(inOneYear());
  await expect(dialog.getByLabel("Notes")).toHaveJSProperty("required", false);
  await expect(dialog.getByRole("group", { name: "Permissions" })).toBeVisible();
});

test("M8 a name that is in use is a field error, and nothing typed is lost", async ({ signedIn, page }) => {
  await openApiAccess(page);
  await addApiKey(page, { name: "acme-backend" });
  await page.getByRole("link", { name: "Add API key" }).click();
  const dialog = page.getByRole("dialog", { name: "Add API key" });
  await dialog.getByLabel("Name", { exact: true }).fill("ACME-Backend");
  await dialog.getByLabel("Notes").fill("second try");
  await dialog.getByRole("checkbox", { name: "Users: View" }).check();
  await dialog.getByRole("button", { name: "Save" }).click();
  await expect(dialog.getByLabel("Name", { exact: true })).toHaveAttribute("aria-invalid", "true");
  await expect(dialog.getByRole("alert")).toContainText(/name/i);
  await expect(dialog.getByLabel("Name", { exact: true })).toHaveValue("ACME-Backend");
  await expect(dialog.getByLabel("Notes")).toHaveValue("second try");
  await expect(dialog.getByRole("checkbox", { name: "Users: View" })).toBeChecked();
});

test("M9 Change selects View by itself, and View stands alone", async ({ signedIn, page }) => {
  await openApiAccess(page);
  await page.getByRole("link", { name: "Add API key" }).click();
  const dialog = page.getByRole("dialog", { name: "Add API key" });
  const change = dialog.getByRole("checkbox", { name: "Holder credentials: Change" });
  const view = dialog.getByRole("checkbox", { name: "Holder credentials: View" });
  await change.check();
  await expect(view).toBeChecked();
  await view.click({ force: true });
  await expect(view).toBeChecked();
  await change.uncheck();
  await view.uncheck();
  await view.check();
  await expect(change).not.toBeChecked();
  await expect(dialog.getByRole("checkbox", { name: "Audit log: Change" })).toHaveCount(0);
});

test("D7 a new key starts with nothing ticked and may stay so", async ({ signedIn, page, request }) => {
  await openApiAccess(page);
  await page.getByRole("link", { name: "Add API key" }).click();
  const dialog = page.getByRole("dialog", { name: "Add API key" });
  for (const box of await dialog.getByRole("checkbox").all()) await expect(box).not.toBeChecked();
  await dialog.getByRole("link", { name: "Cancel" }).click();
  const key = await addApiKey(page, { name: "nothing" });
  expect((await request.get("/api/v1/me", { headers: { "x-api-key": key } })).status()).toBe(200);
  expect((await request.get("/api/v1/wallet", { headers: { "x-api-key": key } })).status()).toBe(403);
});

test("M10 Save shows the key this one time, and it can be copied", async ({ signedIn, page, context }) => {
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  await openApiAccess(page);
  await page.getByRole("link", { name: "Add API key" }).click();
  const dialog = page.getByRole("dialog", { name: "Add API key" });
  await dialog.getByLabel("Name", { exact: true }).fill("acme-backend");
  await dialog.getByRole("button", { name: "Save" }).click();
  const created = page.getByRole("dialog", { name: "API key created" });
  const text = await created.getByLabel("Key of acme-backend").inputValue();
  expect(text).toMatch(/^clvk_[0-9A-Za-z]{54}$/);
  await created.getByRole("button", { name: /copy/i }).click();
  await expect(created.getByRole("status")).toHaveText("Copied");
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(text);
  await created.getByRole("link", { name: "Done" }).click();
  for (const path of ["/settings/iam/api-access", "/audit-log"]) {
    await page.goto(path);
    expect(await page.content()).not.toContain(text.slice(21, 53));
  }
});

test("M11 after that the new key stands in the list", async ({ signedIn, page }) => {
  await openApiAccess(page);
  await expect(page.getByText(/no API keys yet/i)).toBeVisible();
  await addApiKey(page, { name: "acme-backend" });
  await expect(row(page, "acme-backend")).toBeVisible();
});

test("M12 roles and notes can be edited, at once; name and expiry date cannot", async ({ signedIn, page, request }) => {
  await openApiAccess(page);
  const key = await addApiKey(page, { name: "acme-backend", permissions: ["Users: View"] });
  const ask = async (path: string) => (await request.get(path, { headers: { "x-api-key": key } })).status();
  expect([await ask("/api/v1/users"), await ask("/api/v1/roles")]).toEqual([200, 403]);
  await page.getByRole("link", { name: "Edit acme-backend" }).click();
  const dialog = page.getByRole("dialog", { name: "Edit API key" });
  await expect(dialog).toContainText("acme-backend");
  await expect(dialog).toContainText(shown(inOneYear()));
  await expect(dialog.getByLabel("Name", { exact: true })).toHaveCount(0);
  await expect(dialog.getByLabel("Expiry date")).toHaveCount(0);
  await dialog.getByLabel("Notes").fill("reads the roles");
  await dialog.getByRole("checkbox", { name: "Users: View" }).uncheck();
  await dialog.getByRole("checkbox", { name: "Roles: View" }).check();
  await dialog.getByRole("button", { name: "Save" }).click();
  await expect(dialog).toBeHidden();
  expect([await ask("/api/v1/users"), await ask("/api/v1/roles")]).toEqual([403, 200]);
  await expect(row(page, "acme-backend")).toContainText("reads the roles");
});

test("M13 Yes in the confirmation revokes the key, at once", async ({ signedIn, page, request }) => {
  await openApiAccess(page);
  const key = await addApiKey(page, { name: "acme-backend" });
  await page.getByRole("link", { name: "Delete acme-backend" }).click();
  const dialog = page.getByRole("dialog", { name: "Delete API key" });
  await expect(dialog).toContainText("acme-backend");
  await dialog.getByRole("link", { name: "No" }).click();
  await expect(row(page, "acme-backend")).toBeVisible();
  await page.getByRole("link", { name: "Delete acme-backend" }).click();
  await dialog.getByRole("button", { name: "Yes" }).click();
  await expect(page.getByText(/no API keys yet/i)).toBeVisible();
  const refused = await request.get("/api/v1/me", { headers: { "x-api-key": key } });
  expect(refused.status()).toBe(401);
  expect((await refused.json()).type).toBe("/problems/revoked");
});

test("M15 a request authenticates with x-api-key, and the row tells when it was last used", async ({ signedIn, page, request }) => {
  await openApiAccess(page);
  const key = await addApiKey(page, { name: "acme-backend" });
  await expect(row(page, "acme-backend")).toContainText("Never");
  const me = await request.get("/api/v1/me", { headers: { "x-api-key": key } });
  expect(await me.json()).toMatchObject({ kind: "api_key", name: "acme-backend", permissions: [] });
  await page.reload();
  await expect(row(page, "acme-backend")).not.toContainText("Never");
});

test("M2 each external system gets its own access and its own lifetime", async ({ signedIn, page, request }) => {
  await openApiAccess(page);
  const today = new Date().toISOString().slice(0, 10);
  const reader = await addApiKey(page, { name: "reader", expiryDate: today, permissions: ["Wallet: View"] });
  const writer = await addApiKey(page, { name: "writer", permissions: ["Wallet: Change"] });
  const rename = async (key: string) =>
    (await request.patch("/api/v1/wallet", { headers: { "x-api-key": key }, data: { name: "Renamed" } })).status();
  expect([await rename(reader), await rename(writer)]).toEqual([403, 200]);
  await expect(row(page, "reader")).toContainText(shown(today));
});

test("a key pressed Escape closes the dialog and changes nothing", async ({ signedIn, page }) => {
  await openApiAccess(page);
  await page.getByRole("link", { name: "Add API key" }).click();
  await page.getByRole("dialog", { name: "Add API key" }).getByLabel("Name", { exact: true }).fill("never-made");
  await page.keyboard.press("Escape");
  await expect(page).toHaveURL(/\/settings\/iam\/api-access$/);
  await expect(page.getByText("never-made")).toHaveCount(0);
});

test("the screen is behind the sign-in", async ({ signedIn, page }) => {
  await signOut(page);
  await page.goto("/settings/iam/api-access");
  await expect(page.getByRole("button", { name: "Sign in" })).toBeVisible();
});
