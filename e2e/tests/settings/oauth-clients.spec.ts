// OAuth client IDs beside the API keys: made in the console, exchanged for a token, edited and deleted.
import { expect, openApiAccess, test } from "../../fixtures.ts";

test("M1 M4 M16 an OAuth client is added above the API keys, and its token opens the wallet until it is deleted", async ({
  signedIn: wallet,
  page,
  request,
}) => {
  await openApiAccess(page);
  const sections = page.getByRole("main").getByRole("heading", { level: 2 });
  expect(await sections.allInnerTexts()).toEqual(["OAuth2 API access", "API key API access"]);

  await page.getByRole("link", { name: "Add API client" }).click();
  const add = page.getByRole("dialog", { name: "Add API client" });
  await add.getByLabel("Client ID").fill("acme backend");
  await add.getByRole("button", { name: "Save" }).click();
  await expect(add.getByLabel("Client ID")).toHaveAttribute("aria-invalid", "true");
  await add.getByLabel("Client ID").fill("acme-backend");
  await add.getByLabel("Notes").fill("ACME, for payroll");
  await add.getByRole("checkbox", { name: "Users: Change" }).check();
  await expect(add.getByRole("checkbox", { name: "Users: View" })).toBeChecked();
  await add.getByRole("button", { name: "Save" }).click();

  const created = page.getByRole("dialog", { name: "API client created" });
  const secret = await created.getByLabel("Secret of acme-backend").inputValue();
  expect(secret).toMatch(/^clvs_[0-9A-Za-z]{54}$/);
  await expect(created).toContainText(`curl ${new URL(page.url()).origin.replace("127.0.0.1", "localhost")}/oauth2/token`);
  await created.getByRole("link", { name: "Done" }).click();
  expect(await page.content()).not.toContain(secret);

  const row = page.getByRole("table", { name: "OAuth clients" }).getByRole("row").filter({ hasText: "acme-backend" });
  await expect(row).toContainText("ACME, for payroll");
  const form = { grant_type: "client_credentials", client_id: "acme-backend", client_secret: secret };
  const token = async () => {
    const answer = await request.post("/oauth2/token", { form });
    expect(answer.status()).toBe(200);
    return ((await answer.json()) as { access_token: string }).access_token;
  };
  const bearer = { authorization: `Bearer ${await token()}` };
  const status = async () => (await request.get("/api/v1/users", { headers: bearer })).status();
  expect(await status()).toBe(200);

  await row.getByRole("link", { name: "Edit acme-backend" }).click();
  const edit = page.getByRole("dialog", { name: "Edit API client" });
  await expect(edit.getByLabel("Client ID")).toHaveCount(0);
  await edit.getByRole("checkbox", { name: "Users: Change" }).uncheck();
  await edit.getByRole("checkbox", { name: "Users: View" }).uncheck();
  await edit.getByRole("button", { name: "Save" }).click();
  await expect(page.getByRole("status").filter({ hasText: "The API client was saved" })).toBeVisible();
  expect(await status()).toBe(403);

  await row.getByRole("link", { name: "Delete acme-backend" }).click();
  await page.getByRole("dialog", { name: "Delete API client" }).getByRole("button", { name: "Yes" }).click();
  await expect(page.getByRole("table", { name: "OAuth clients" })).toHaveCount(0);
  expect(await status()).toBe(401);
  expect((await request.post("/oauth2/token", { form })).status()).toBe(401);
  void wallet;
});

test("M16 the page tells how a client gets a token, ready to copy", async ({ signedIn, page }) => {
  await openApiAccess(page);
  await page.getByText("How a client gets an access token").click();
  await expect(page.getByLabel("Token endpoint")).toHaveValue(/\/oauth2\/token$/);
  await expect(page.getByLabel("With curl")).toHaveValue(/^curl .*\/oauth2\/token[^]*grant_type=client_credentials$/);
  void signedIn;
});
