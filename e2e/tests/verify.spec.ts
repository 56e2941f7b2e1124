// Whose word is taken, and what others are asked for.
import { expect, open, test } from "../fixtures.ts";

test("an issuer is trusted for types that are listed, then for any, then no longer", async ({ signedIn, page }) => {
  await open(page, "Trusted issuers");
  await page.getByRole("link", { name: "Add trusted issuer" }).first().click();
  const add = page.getByRole("dialog", { name: "Add trusted issuer" });
  await add.getByLabel("Name", { exact: true }).fill("University");
  await add.getByLabel("Issuer", { exact: true }).fill("university.example");
  await add.getByLabel("Types, one on each line").fill("urn:diploma\nurn:course");
  await add.getByRole("button", { name: "Save" }).click();
  await expect(add.getByLabel("Issuer", { exact: true })).toHaveAttribute("aria-invalid", "true");
  await add.getByLabel("Issuer", { exact: true }).fill("did:web:university.example");
  await add.getByRole("button", { name: "Save" }).click();
  const row = page.getByRole("row").filter({ hasText: "University" });
  await expect(row).toContainText("urn:course");
  await page.getByRole("link", { name: "Edit University" }).click();
  const edit = page.getByRole("dialog", { name: "Edit trusted issuer" });
  await edit.getByRole("radio", { name: /^Any type/ }).check();
  await edit.getByRole("button", { name: "Save" }).click();
  await expect(row).toContainText("Any type");
  await page.getByRole("link", { name: "Delete University" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Yes" }).click();
  await expect(page.getByText("Nobody is trusted yet")).toBeVisible();
});

test("somebody who knows no DCQL says what to ask for in a table", async ({ signedIn, page }) => {
  await open(page, "Identifiers");
  await page.getByRole("link", { name: "Create identifier" }).first().click();
  await page.getByLabel("Name", { exact: true }).fill("Desk");
  await page.getByRole("button", { name: "Create" }).click();

  await open(page, "Verifier templates");
  await page.getByRole("link", { name: "Add verifier template" }).first().click();
  await page.getByLabel("Name", { exact: true }).fill("Account");
  await page.getByLabel("Purpose").fill("To open your business account");
  await page.getByLabel("Credential type").fill("urn:pid");
  await page.getByLabel("Claim 1").fill("given_name");
  await page.getByLabel("Claim 3").fill("address.locality");
  await page.getByRole("button", { name: "More rows" }).click();
  await page.getByLabel("Claim 5").fill("age_over_18");
  await page.getByRole("button", { name: "Save" }).click();
  const row = page.getByRole("row").filter({ hasText: "Account" });
  await expect(row).toContainText("given_name, address.locality, age_over_18");
  await expect(row).toContainText("The trusted issuers");
  await page.getByRole("link", { name: "Account", exact: true }).click();
  await expect(page.getByRole("region", { name: "DCQL query" })).toContainText('"vct_values"');
});

test("a programmer writes DCQL and is told the place of a mistake", async ({ signedIn, page }) => {
  await open(page, "Identifiers");
  await page.getByRole("link", { name: "Create identifier" }).first().click();
  await page.getByLabel("Name", { exact: true }).fill("Desk");
  await page.getByRole("button", { name: "Create" }).click();

  await page.goto("/verifier-templates/new");
  await page.getByLabel("Name", { exact: true }).fill("Adults");
  await page.getByLabel("Purpose").fill("To sell you wine");
  await page.getByText("Advanced: DCQL").click();
  const query = (path: unknown) => ({
    credentials: [{ id: "pid", format: "dc+sd-jwt", meta: {}, claims: [{ path, values: [true] }] }],
  });
  await page.getByLabel("DCQL query").fill(JSON.stringify(query([])));
  await page.getByRole("button", { name: "Save" }).click();
  await expect(page.getByLabel("DCQL query")).toHaveAttribute("aria-invalid", "true");
  await expect(page.getByRole("alert")).toContainText("credentials[0].claims[0].path");
  await page.getByLabel("DCQL query").fill(JSON.stringify(query(["age_over_18"])));
  await page.getByRole("radio", { name: /^Any issuer/ }).check();
  await page.getByRole("button", { name: "Save" }).click();
  const row = page.getByRole("row").filter({ hasText: "Adults" });
  await expect(row).toContainText("age_over_18 = true");
  await expect(row).toContainText("Any issuer");
  await page.getByRole("link", { name: "Delete Adults" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Yes" }).click();
  await expect(page.getByText("No verifier templates yet")).toBeVisible();
});
