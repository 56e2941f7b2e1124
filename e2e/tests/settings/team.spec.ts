// Settings → Team and Settings → Wallet.
import { administrator, expect, open, signIn, signOut, test } from "../../fixtures.ts";

test("an invited user sets a password with the one-time link and has the role's permissions", async ({ signedIn, page }) => {
  await open(page, "Roles");
  await page.getByRole("link", { name: "Add role" }).click();
  const role = page.getByRole("dialog", { name: "Add role" });
  await role.getByLabel("Name", { exact: true }).fill("Auditor");
  await role.getByRole("checkbox", { name: "Audit log: View" }).check();
  await role.getByRole("button", { name: "Save" }).click();
  await expect(page.getByRole("rowheader", { name: "Auditor" })).toBeVisible();

  await open(page, "Users");
  await page.getByRole("link", { name: "Add user" }).click();
  const user = page.getByRole("dialog", { name: "Add user" });
  await user.getByLabel("Name", { exact: true }).fill("Grace Hopper");
  await user.getByLabel("Email").fill("grace@example.org");
  await user.getByRole("checkbox", { name: "Auditor" }).check();
  await user.getByRole("button", { name: "Save" }).click();
  const link = await page.getByRole("dialog").getByRole("textbox").inputValue();
  expect(link).toMatch(/\/invitation#clvi_[0-9A-Za-z]{54}$/);
  await page.getByRole("dialog").getByRole("link", { name: "Done" }).click();
  const row = page.getByRole("row").filter({ hasText: "grace@example.org" });
  await expect(row).toContainText("Invited");

  await signOut(page);
  await page.goto(link);
  await expect(page).not.toHaveURL(/clvi_/);
  await page.getByLabel("Password").fill("an even longer password");
  await page.getByRole("button", { name: /password/i }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Audit log" })).toBeVisible();
  await expect(page.getByRole("navigation", { name: "Main" }).getByRole("link", { name: "Users" })).toHaveCount(0);

  await page.context().clearCookies();
  await page.goto(link);
  await page.getByLabel("Password").fill("a second password, by a thief");
  await page.getByRole("button", { name: /password/i }).click();
  await expect(page.getByRole("alert")).toContainText(/not valid|used/i);
});

test("the wallet's name and time zone can be changed", async ({ signedIn, page }) => {
  await page.goto("/settings/wallet");
  await page.getByLabel("Name", { exact: true }).fill("Renamed Bank");
  await page.getByLabel("Time zone").selectOption("Pacific/Kiritimati");
  await page.getByRole("button", { name: "Save" }).click();
  await expect(page.getByLabel("Name", { exact: true })).toHaveValue("Renamed Bank");
  await expect(page.getByLabel("Time zone")).toHaveValue("Pacific/Kiritimati");
  await expect(page.getByRole("banner")).toContainText("Renamed Bank");
});

test("the audit log tells who did what", async ({ signedIn: wallet, page }) => {
  await wallet.command(["api-key", "add", "acme"]);
  await wallet.command(["api-key", "delete", "acme"]);
  await open(page, "Audit log");
  const log = page.getByRole("table", { name: "Events" });
  await expect(log.getByRole("row").filter({ hasText: "acme" })).toHaveCount(2);
  await expect(log).toContainText("command line");
  await expect(log).toContainText(administrator.name);
});

test("a wrong password is refused without telling what was wrong", async ({ signedIn, page }) => {
  await signOut(page);
  for (const email of [administrator.email, "nobody@example.org"]) {
    await page.goto("/sign-in");
    await page.getByLabel("Email").fill(email);
    await page.getByLabel("Password").fill("not the password");
    await page.getByRole("button", { name: "Sign in" }).click();
    await expect(page.getByRole("alert")).toContainText("The e-mail address or the password is wrong.");
    await expect(page.getByLabel("Email")).toHaveValue(email);
  }
  await signIn(page);
});
