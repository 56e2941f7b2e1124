// A key that is over: the demo has one, made more than a year ago.
import { expect, openApiAccess, signIn } from "../../fixtures.ts";
import { demo } from "../../demo.ts";

demo("M6 an expired key is greyed out and flagged with a warning icon", async ({ demoWallet, page }) => {
  await signIn(page, demoWallet.person);
  await openApiAccess(page);
  await page.getByLabel("Status").selectOption({ label: "Expired" });
  await page.getByRole("button", { name: "Apply" }).click();
  const rows = page.getByRole("table", { name: "API keys" }).getByRole("row").filter({ has: page.getByRole("rowheader") });
  await expect(rows).not.toHaveCount(0);
  const expired = rows.first();
  await expect(expired).toContainText("Expired");
  // Grey and icon are what is seen: the one by its colour beside an active row's, the other by its drawing.
  await expect(expired.locator("svg use[href$='#warning']").first()).toBeVisible();
  const colour = (of: import("@playwright/test").Locator) => of.evaluate((cell) => getComputedStyle(cell).color);
  const greyed = await colour(expired.getByRole("rowheader"));
  await page.getByLabel("Status").selectOption({ label: "Active" });
  await page.getByRole("button", { name: "Apply" }).click();
  expect(await colour(rows.first().getByRole("rowheader"))).not.toBe(greyed);
});
