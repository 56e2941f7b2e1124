// The details of a key or a client: what it is, and what it was used for.
import { axe, expect, openApiAccess, test, type Wallet } from "../../fixtures.ts";

async function add(wallet: Wallet, name: string, ...more: string[]): Promise<string> {
  return (await wallet.command(["api-key", "add", name, ...more])).trim();
}

test("the name of a key opens its details, with what it was used for", async ({ signedIn: wallet, page, request }) => {
  const options = ["--permission", "users:view", "--requests-per-minute", "600", "--notes", "ACME, ops@acme.example"];
  const key = await add(wallet, "acme-backend", ...options);
  const ask = async (path: string) => (await request.get(path, { headers: { "x-api-key": key } })).status();
  await expect.poll(() => ask("/api/v1/users")).toBe(200);
  const before = await usage(page, "acme-backend");
  expect([await ask("/api/v1/users"), await ask("/api/v1/roles")]).toEqual([200, 403]);
  await page.reload();

  const dialog = page.getByRole("dialog", { name: "API key acme-backend" });
  for (const fact of ["Active", "Users: View", "600", "ACME, ops@acme.example", key.slice(5, 21), "command line"]) {
    await expect(dialog).toContainText(fact);
  }
  const { requests, refused } = before;
  await expect(figure(dialog, "Requests")).toHaveText(String(requests + 2));
  await expect(figure(dialog, "Refused")).toHaveText(String(refused + 1));
  await expect(figure(dialog, "Last used")).toHaveText("Just now");
  const chart = dialog.getByRole("img", { name: "Requests of the last 30 days" });
  await expect(chart).toHaveAccessibleDescription(new RegExp(`${requests + 2} requests came, ${refused + 1} of them refused`));
  expect(await chart.locator("g").count()).toBe(30);
  await dialog.getByText("Day by day").click();
  await expect(dialog.getByRole("table", { name: "Day by day" }).getByRole("row")).toHaveCount(2);
  await axe(page);
  await page.setViewportSize({ width: 380, height: 800 });
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(380);
  expect(await dialog.evaluate((element) => element.scrollWidth <= element.clientWidth)).toBe(true);
  await axe(page);
});

test("a key that was never used says so", async ({ signedIn: wallet, page }) => {
  await add(wallet, "silent");
  await usage(page, "silent");
  const dialog = page.getByRole("dialog", { name: "API key silent" });
  await expect(figure(dialog, "Last used")).toHaveText("Never");
  await expect(dialog).toContainText("Nothing was sent in the last 30 days.");
  await expect(dialog.getByRole("img")).toHaveCount(0);
  await page.setViewportSize({ width: 380, height: 500 });
  await axe(page);
});

test("the details open, lead on and close by keyboard", async ({ signedIn: wallet, page }) => {
  await wallet.command(["oauth-client", "add", "backend"]);
  await openApiAccess(page);
  await page.getByRole("link", { name: "backend", exact: true }).focus();
  await page.keyboard.press("Enter");
  const dialog = page.getByRole("dialog", { name: "API client backend" });
  await expect(dialog).toBeVisible();
  expect(await dialog.evaluate((element) => element.contains(document.activeElement))).toBe(true);
  await page.keyboard.press("Escape");
  await expect(dialog).toBeHidden();
  await expect(page).toHaveURL(/\/settings\/iam\/api-access$/);

  await page.getByRole("link", { name: "backend", exact: true }).click();
  await dialog.getByRole("link", { name: "Edit" }).focus();
  await page.keyboard.press("Enter");
  const edit = page.getByRole("dialog", { name: "Edit API client" });
  await edit.getByLabel("Requests per minute").fill("0");
  await edit.getByRole("button", { name: "Save" }).click();
  await expect(edit.getByLabel("Requests per minute")).toHaveAttribute("aria-invalid", "true");
  await edit.getByLabel("Requests per minute").fill("1200");
  await edit.getByRole("button", { name: "Save" }).click();
  await page.getByRole("link", { name: "backend", exact: true }).click();
  await expect(dialog).toContainText("1,200");
});

type Page = import("@playwright/test").Page;
type Locator = import("@playwright/test").Locator;

/** Opens the details of a key, and reads its figures. */
async function usage(page: Page, name: string): Promise<{ requests: number; refused: number }> {
  await openApiAccess(page);
  await page.getByRole("link", { name, exact: true }).click();
  const dialog = page.getByRole("dialog", { name: `API key ${name}` });
  const number = async (label: string) => Number(await figure(dialog, label).textContent());
  return { requests: await number("Requests"), refused: await number("Refused") };
}

/** The number below a word. */
function figure(dialog: Locator, label: string): Locator {
  return dialog.locator(".figures > div").filter({ has: dialog.page().getByText(label, { exact: true }) }).locator("dd");
}
