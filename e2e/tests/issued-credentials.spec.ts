// Issue, Issued credentials: a form for people, and a page that follows what a wallet does.
import { type Page } from "@playwright/test";
import { axe, expect, test } from "../fixtures.ts";

const LIST = "/issued-credentials";

/** Asks the API as whoever is signed in on the page. */
const post = (page: Page, path: string, body: unknown): Promise<{ id: string }> =>
  page.evaluate(
    async ([path, body]) => {
      const headers = { "content-type": "application/json" };
      const answer = await fetch(`/api/v1${path}`, { method: "POST", headers, body: JSON.stringify(body) });
      return answer.json();
    },
    [path, body] as const,
  );

test.beforeEach(async ({ page, signedIn }) => {
  void signedIn;
  await page.goto(LIST);
  const { id } = await post(page, "/identifiers", { name: "Main", method: "did:jwk" });
  const claims = [
    { path: ["given_name"], label: "Given name", type: "text" },
    { path: ["year"], label: "Year", type: "integer", mandatory: false },
  ];
  await post(page, "/issuer-templates", { name: "Diploma", claims, identifier_id: id });
});

test("an offer is made with a form, and its page follows by itself", async ({ page }) => {
  await page.getByRole("link", { name: "Issue credential" }).click();
  await page.getByLabel("Given name").fill("Ada");
  await page.getByLabel("Reference").fill("student-7");
  await page.getByRole("button", { name: "Offer credential" }).click();
  const code = page.getByRole("img", { name: "QR code of the offer" });
  await expect(code).toBeVisible();
  await expect(page.getByLabel("Link to the offer")).toHaveValue(/^openid-credential-offer:/);
  await axe(page);

  const id = new URL(page.url()).pathname.split("/").pop();
  await post(page, `/issuances/${id}/cancel`, {});
  await expect(page.getByText("The offer was taken back before it was taken up.")).toBeVisible();
  await expect(code).toBeHidden();
  await expect(page.getByRole("link", { name: "Take the offer back" })).toHaveCount(0);
});

test("a transaction code is shown this one time", async ({ page }) => {
  await page.getByRole("link", { name: "Issue credential" }).click();
  await page.getByLabel("Given name").fill("Ada");
  await page.getByLabel("Ask for a transaction code").check();
  await page.getByRole("button", { name: "Offer credential" }).click();
  await expect(page.getByRole("dialog").getByLabel("Transaction code")).toHaveValue(/^[0-9]{6}$/);
  await page.getByRole("link", { name: "Done" }).click();
  await expect(page.getByText("The wallet will also ask for the transaction code.")).toBeVisible();
  await expect(page.getByLabel("Transaction code")).toHaveCount(0);
});

test("what was refused stands beside its field", async ({ page }) => {
  await page.getByRole("link", { name: "Issue credential" }).click();
  await page.getByLabel("Year").fill("long ago");
  await page.getByRole("button", { name: "Offer credential" }).click();
  await expect(page.getByLabel("Year")).toHaveAccessibleDescription("Year must be a whole number.");
  await expect(page.getByLabel("Year")).toHaveValue("long ago");
});
