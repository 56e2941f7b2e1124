// An issuer template is made by somebody who knows what a diploma is, and not what a claim is.
import { expect, open, test } from "../fixtures.ts";

test("a template is made row by row, previewed, served and edited", async ({ signedIn: wallet, page, request }) => {
  await open(page, "Issuer templates");
  await page.getByRole("link", { name: "Add issuer template" }).first().click();
  // Without an identifier nobody could sign: the page says so, and where to go.
  await page.getByRole("link", { name: "Create an identifier" }).click();
  await page.getByLabel("Name", { exact: true }).fill("Registered office");
  await page.getByRole("button", { name: "Create" }).click();

  await open(page, "Issuer templates");
  await page.getByRole("link", { name: "Add issuer template" }).first().click();
  await page.getByLabel("Name", { exact: true }).fill("Proof of membership");
  await expect(page.getByLabel("Signed by")).toContainText("Registered office");
  await page.getByLabel("Label, claim 1").fill("Member");
  await page.getByRole("button", { name: "Add a claim" }).click();
  await expect(page.getByLabel("Label, claim 2")).toBeFocused();
  await page.getByLabel("Label, claim 2").fill("Since");
  await page.getByLabel("Kind of value, claim 2").selectOption("Date");
  await page.getByLabel("Always there, claim 2").uncheck();
  await page.getByRole("button", { name: "Add a claim" }).click();
  await page.getByRole("button", { name: "Remove claim 3" }).click();
  await expect(page.getByLabel("Label, claim 3")).toHaveCount(0);
  await expect(page.getByLabel("Label, claim 1")).toHaveValue("Member");

  await expect(page.locator(".card-title")).toHaveText("Proof of membership");
  await page.getByLabel("Background colour").fill("#ffd700");
  await page.getByLabel("Text colour").fill("#101010");
  await page.getByLabel("Title").fill("Example Club");
  await expect(page.locator(".face rect")).toHaveAttribute("fill", "#ffd700");
  await expect(page.locator(".card-title")).toHaveText("Example Club");
  await expect(page.locator(".card-title")).toHaveCSS("color", "rgb(16, 16, 16)");
  await page.getByRole("button", { name: "Save" }).click();

  await expect(page.getByRole("heading", { level: 1, name: "Proof of membership" })).toBeVisible();
  await expect(page.getByRole("row", { name: /^Since/ })).toContainText("Date");
  const address = await page.getByRole("link", { name: /credential-types/ }).getAttribute("href");
  const metadata = await (await request.get(address!.replace(/^https?:\/\/[^/]+/, wallet.url))).json();
  expect(metadata).toMatchObject({
    name: "Example Club",
    claims: [
      { path: ["member"], mandatory: true, sd: "always", display: [{ label: "Member" }] },
      { path: ["since"], sd: "always", display: [{ label: "Since" }] },
    ],
  });

  await page.getByRole("link", { name: "Edit", exact: true }).click();
  await page.getByLabel("Name", { exact: true }).fill("");
  await page.getByLabel("Name in the credential, claim 2").fill("member");
  await page.getByRole("button", { name: "Save" }).click();
  await expect(page.getByRole("alert")).toContainText("Claim 2: Name in the credential stands here twice.");
  await expect(page.getByLabel("Name in the credential, claim 2")).toHaveAttribute("aria-invalid", "true");
  await page.getByLabel("Name", { exact: true }).fill("Membership");
  await page.getByLabel("Name in the credential, claim 2").fill("member_since");
  await page.getByLabel("Name", { exact: true }).press("Enter");
  await expect(page.getByRole("heading", { level: 1, name: "Membership" })).toBeVisible();
  await expect(page.getByText("member_since")).toBeVisible();
});

test("rows are added and removed without a script as well", async ({ signedIn, page, browser, context }) => {
  const plain = await browser.newContext({ javaScriptEnabled: false, storageState: await context.storageState() });
  const still = await plain.newPage();
  await still.goto(new URL("/issuer-templates/new", page.url()).href);
  await still.getByLabel("Label, claim 1").fill("Member");
  await still.getByRole("button", { name: "Add a claim" }).click();
  await still.getByLabel("Label, claim 2").fill("Since");
  await still.getByRole("button", { name: "Remove claim 1" }).click();
  await expect(still.getByLabel("Label, claim 1")).toHaveValue("Since");
  await still.getByLabel("Background colour").fill("#123456");
  await still.getByRole("button", { name: "Update the preview" }).click();
  await expect(still.locator(".face rect")).toHaveAttribute("fill", "#123456");
  await plain.close();
});
