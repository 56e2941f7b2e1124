// The table with many keys, with keys at the end of their time, and for people who may not change them.
import { addApiKey, administrator, expect, open, openApiAccess, signIn, signOut, test, type Wallet } from "../../fixtures.ts";

const names = (page: import("@playwright/test").Page) =>
  page.getByRole("table", { name: "API keys" }).getByRole("rowheader").allInnerTexts();

async function add(wallet: Wallet, name: string, ...more: string[]): Promise<string> {
  return (await wallet.command(["api-key", "add", name, ...more])).trim();
}

const inDays = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);

test("the table searches, sorts, filters and pages", async ({ signedIn: wallet, page }) => {
  await add(wallet, "alpha", "--expires-on", inDays(300));
  await add(wallet, "Beta", "--expires-on", inDays(100));
  await add(wallet, "gamma", "--expires-on", inDays(200));
  await openApiAccess(page);
  expect(await names(page)).toEqual(["alpha", "Beta", "gamma"]);
  await page.getByRole("columnheader", { name: "Expiry date" }).getByRole("link").click();
  expect(await names(page)).toEqual(["Beta", "gamma", "alpha"]);
  await page.getByRole("columnheader", { name: "Expiry date" }).getByRole("link").click();
  expect(await names(page)).toEqual(["alpha", "gamma", "Beta"]);
  await page.getByLabel("Search").fill("ET");
  await page.getByRole("button", { name: "Apply" }).click();
  expect(await names(page)).toEqual(["Beta"]);
  await page.getByLabel("Search").fill("");
  await page.getByLabel("Status").selectOption({ label: "Expired" });
  await page.getByRole("button", { name: "Apply" }).click();
  await expect(page.getByRole("table", { name: "API keys" })).toHaveCount(0);
});

test("a key that ends within 30 days says so", async ({ signedIn: wallet, page }) => {
  await add(wallet, "soon", "--expires-on", inDays(12));
  await add(wallet, "later", "--expires-on", inDays(60));
  await openApiAccess(page);
  const row = (name: string) => page.getByRole("row").filter({ has: page.getByRole("rowheader", { name }) });
  await expect(row("soon")).toContainText(/expires in 1[23] days/i);
  await expect(row("later")).not.toContainText(/expires in/i);
});

test("D2 the expiry date tells its instant and offset on focus", async ({ signedIn: wallet, page }) => {
  await page.goto("/settings/wallet");
  await page.getByLabel("Time zone").selectOption("Europe/Amsterdam");
  await page.getByRole("button", { name: "Save" }).click();
  await add(wallet, "acme", "--expires-on", "2027-07-01");
  await openApiAccess(page);
  const date = page.getByRole("row").filter({ hasText: "acme" }).locator("[tabindex]").filter({ hasText: "1 Jul 2027" });
  await date.focus();
  await expect(page.getByRole("tooltip").filter({ visible: true })).toContainText("+02:00");
});

test("M7 without View the screen is not offered and refused; with View alone nothing can be changed", async ({
  signedIn: wallet,
  page,
}) => {
  await add(wallet, "acme");
  const people = [
    { name: "Nobody", email: "nobody@example.org", role: "Clerk", permission: "wallet:view" },
    { name: "Grace", email: "grace@example.org", role: "Auditor", permission: "api_access:view" },
  ];
  for (const { name, email, role, permission } of people) {
    await wallet.command(["role", "set", role, "--permission", permission]);
    await wallet.command(
      ["user", "add", "--email", email, "--name", name, "--role", role, "--password-stdin"],
      administrator.password,
    );
  }
  await signOut(page);
  const [nobody, grace] = people.map((person) => ({ ...person, password: administrator.password }));
  await signIn(page, nobody!);
  await expect(page.getByRole("link", { name: "API Access" })).toHaveCount(0);
  expect((await page.goto("/settings/iam/api-access"))?.status()).toBe(403);
  await page.goto("/");
  await signOut(page);

  await signIn(page, grace!);
  await openApiAccess(page);
  await expect(page.getByRole("rowheader", { name: "acme" })).toBeVisible();
  for (const action of ["Add API key", "Edit acme", "Delete acme"]) {
    await expect(page.getByRole("link", { name: action })).toHaveCount(0);
  }
  expect((await page.goto("/settings/iam/api-access/api-keys/new"))?.status()).toBe(403);
  const made = await page.request.post("/settings/iam/api-access/api-keys/new", {
    form: { name: "sneaked", expires_on: inDays(5) },
    headers: { "sec-fetch-site": "same-origin" },
  });
  expect(made.status()).toBe(403);
});

test("D4 what somebody does not hold themselves is not offered to hand out", async ({ signedIn: wallet, page }) => {
  await wallet.command(["role", "set", "Key keeper", "--permission", "api_access:change"]);
  const keeper = { name: "Kim", email: "kim@example.org", password: administrator.password };
  await wallet.command(
    ["user", "add", "--email", keeper.email, "--name", keeper.name, "--role", "Key keeper", "--password-stdin"],
    keeper.password,
  );
  await add(wallet, "bigger", "--permission", "users:change");
  await signOut(page);
  await signIn(page, keeper);
  await openApiAccess(page);
  await page.getByRole("link", { name: "Edit bigger" }).click();
  const dialog = page.getByRole("dialog", { name: "Edit API key" });
  await expect(dialog.getByRole("checkbox", { name: "Users: Change" })).toBeDisabled();
  await expect(dialog.getByRole("checkbox", { name: "Users: Change" })).toBeChecked();
  await dialog.getByLabel("Notes").fill("kept");
  await dialog.getByRole("button", { name: "Save" }).click();
  await expect(dialog).toBeHidden();
  const bigger = page.getByRole("row").filter({ hasText: "bigger" });
  await expect(bigger).toContainText("Users: Change");
  await expect(bigger).toContainText("kept");
});

test("D5 the last administrator cannot be stripped, and is not offered to delete themselves", async ({ signedIn, page }) => {
  await open(page, "Users");
  await expect(page.getByRole("link", { name: `Delete ${administrator.name}` })).toHaveCount(0);
  await page.getByRole("link", { name: `Edit ${administrator.name}` }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByRole("checkbox", { name: "Administrator" }).uncheck();
  await dialog.getByRole("button", { name: "Save" }).click();
  await expect(page.getByRole("alert")).toContainText(/nobody could administer/i);
  await page.goto("/settings/team/users");
  await expect(page.getByRole("row").filter({ hasText: administrator.name })).toContainText("Administrator");
});

test("hundreds of keys stand in pages", async ({ signedIn, page, request }) => {
  await openApiAccess(page);
  const maker = await addApiKey(page, { name: "maker", permissions: ["API Access: Change"] });
  for (let number = 0; number < 120; number++) {
    const name = `system-${String(number).padStart(3, "0")}`;
    const answer = await request.post("/api/v1/api-keys", { headers: { "x-api-key": maker }, data: { name } });
    expect(answer.status()).toBe(201);
  }
  await page.reload();
  const first = await names(page);
  await page.getByRole("link", { name: "Next" }).click();
  await expect(page.getByRole("link", { name: "Previous" })).toBeVisible();
  const second = await names(page);
  expect([first.length, second.length]).toEqual([50, 50]);
  expect(first.filter((name) => second.includes(name))).toEqual([]);
  await page.getByRole("link", { name: "Previous" }).click();
  await expect(page.getByRole("link", { name: "Previous" })).toHaveCount(0);
  expect(await names(page)).toEqual(first);
});
