// The wallet's own rows: identifiers, trusted contacts and credentials.
import { expect, open, test } from "../fixtures.ts";
import { sample } from "../sample.ts";

test("an identifier is created, published, rotated and deleted", async ({ signedIn: wallet, page, request }) => {
  await open(page, "Identifiers");
  await page.getByRole("link", { name: "Create identifier" }).first().click();
  const create = page.getByRole("dialog", { name: "Create identifier" });
  await create.getByLabel("Name", { exact: true }).fill("Registered office");
  await create.getByRole("radio", { name: /did:web/ }).check();
  await create.getByRole("button", { name: "Create" }).click();
  const did = await page.getByText(/^did:web:/).first().innerText();
  const published = async () => (await request.get(`${wallet.url}/dids/${did.split(":").at(-1)}/did.json`)).json();
  expect(await published()).toMatchObject({ id: did });
  expect((await published()).verificationMethod).toHaveLength(1);
  await page.getByRole("link", { name: /^Rotate / }).click();
  await page.getByRole("dialog").getByRole("button", { name: /rotate|yes/i }).click();
  await expect(page.getByRole("dialog")).toHaveCount(0);
  expect((await published()).verificationMethod).toHaveLength(2);
  await page.getByRole("link", { name: /^Delete / }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Yes" }).click();
  await expect(page.getByText(did)).toHaveCount(0);
  expect((await request.get(`${wallet.url}/dids/${did.split(":").at(-1)}/did.json`)).status()).toBe(404);
});

test("the public profile is published with what was chosen, seen by everybody, and withdrawn", async ({
  signedIn: wallet,
  page,
  browser,
}) => {
  const { credential, vct, address } = await sample();
  await page.goto("/identifiers/new");
  await page.getByLabel("Name", { exact: true }).fill("Registered office");
  await page.getByRole("radio", { name: /did:web/ }).check();
  await page.getByRole("button", { name: "Create" }).click();
  await page.goto("/credentials/import");
  await page.getByRole("textbox", { name: "Credential" }).fill(credential);
  await page.getByRole("dialog").getByRole("button", { name: "Import" }).click();

  await open(page, "Public profile");
  await expect(page.getByText("Not published")).toBeVisible();
  await page.getByLabel("Display name").fill("Nordhaven Shipping");
  await page.getByLabel("Website").fill("nordhaven.example");
  await page.getByRole("button", { name: "Save" }).click();
  await expect(page.getByLabel("Website")).toHaveAttribute("aria-invalid", "true");
  await page.getByLabel("Website").fill("https://nordhaven.example");
  await page.getByRole("checkbox", { name: /^Registered office/ }).check();
  await page.getByRole("checkbox", { name: new RegExp(`^${vct}`) }).check();
  await page.getByRole("checkbox", { name: /^Publish this profile/ }).check();
  await page.getByRole("button", { name: "Save" }).click();
  await expect(page.getByRole("status").filter({ hasText: "The profile was saved." })).toBeVisible();
  const preview = page.getByRole("region", { name: "Preview" });
  await expect(preview.getByRole("heading", { name: "Nordhaven Shipping" })).toBeVisible();
  await expect(preview).toContainText(address);
  const url = await page.getByRole("link", { name: "Open public page" }).getAttribute("href");

  // Somebody who is not signed in.
  const stranger = await (await browser.newContext()).newPage();
  await stranger.goto(url!);
  await expect(stranger.getByRole("heading", { level: 1, name: "Nordhaven Shipping" })).toBeVisible();
  await expect(stranger.getByText(address)).toBeVisible();
  const did = await stranger.getByText(/^did:web:/).innerText();
  const configuration = await stranger.request.get(`${wallet.url}/.well-known/did-configuration.json`);
  const [linkage] = (await configuration.json()).linked_dids;
  expect(JSON.parse(Buffer.from(linkage.split(".")[1], "base64url").toString())).toMatchObject({ iss: did });

  await page.getByRole("checkbox", { name: /^Publish this profile/ }).uncheck();
  await page.getByRole("button", { name: "Save" }).click();
  await expect(page.getByText("Not published")).toBeVisible();
  expect((await stranger.goto(url!))!.status()).toBe(404);
});

test("a trusted contact is added, edited and deleted", async ({ signedIn, page }) => {
  await open(page, "Trusted contacts");
  await page.getByRole("link", { name: "Add trusted contact" }).first().click();
  const add = page.getByRole("dialog", { name: "Add trusted contact" });
  await add.getByLabel("Name", { exact: true }).fill("Register");
  await add.getByLabel("DID").fill("not a DID");
  await add.getByRole("button", { name: "Save" }).click();
  await expect(add.getByLabel("DID")).toHaveAttribute("aria-invalid", "true");
  await add.getByLabel("DID").fill("did:web:register.example.org");
  await add.getByRole("button", { name: "Save" }).click();
  await page.getByRole("link", { name: "Edit Register" }).click();
  const edit = page.getByRole("dialog", { name: "Edit trusted contact" });
  await edit.getByLabel("Notes").fill("Chamber of commerce");
  await edit.getByRole("button", { name: "Save" }).click();
  await expect(page.getByRole("row").filter({ hasText: "Register" })).toContainText("Chamber of commerce");
  await page.getByRole("link", { name: "Delete Register" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Yes" }).click();
  await expect(page.getByRole("rowheader", { name: "Register" })).toHaveCount(0);
});

test("a credential that somebody else issued is imported, viewed and deleted; a broken one is refused", async ({
  signedIn,
  page,
}) => {
  const { credential, vct, address } = await sample();
  await open(page, "Holder credentials");
  await page.getByRole("link", { name: "Import credential" }).first().click();
  const dialog = page.getByRole("dialog", { name: "Import credential" });
  await dialog.getByRole("textbox").fill(`${credential.slice(0, 400)}${credential[400] === "A" ? "B" : "A"}${credential.slice(401)}`);
  await dialog.getByRole("button", { name: "Import" }).click();
  await expect(dialog.getByRole("textbox")).toHaveAttribute("aria-invalid", "true");
  await dialog.getByRole("textbox").fill(credential);
  await dialog.getByRole("button", { name: "Import" }).click();
  await expect(dialog).toBeHidden();
  await page.getByRole("link", { name: vct }).first().click();
  await expect(page.getByRole("main")).toContainText(address);
});

test("the link of an offer or of a request that leads nowhere is refused beside its field", async ({ signedIn, page }) => {
  for (const [place, button, label, look] of [
    ["Received offers", "Receive an offer", "Link of the offer", "Look at the offer"],
    ["Presentations", "Present credentials", "Link of the request", "Look at the request"],
  ] as const) {
    await open(page, place);
    await page.getByRole("link", { name: button }).first().click();
    const dialog = page.getByRole("dialog", { name: button });
    await dialog.getByLabel(label).fill("openid-credential-offer://?credential_offer=nonsense");
    await dialog.getByRole("button", { name: look }).click();
    await expect(dialog.getByLabel(label)).toHaveAttribute("aria-invalid", "true");
    await expect(dialog.getByLabel(label)).toHaveValue(/nonsense/);
    await page.keyboard.press("Escape");
    await expect(dialog).toBeHidden();
  }
});

test("the API reference lists each operation with its permission, from this server alone", async ({ signedIn, page }) => {
  const elsewhere: string[] = [];
  page.on("request", (request) => {
    if (!request.url().startsWith(new URL(page.url()).origin)) elsewhere.push(request.url());
  });
  await page.goto("/docs");
  await expect(page.getByText("/api/v1/api-keys").first()).toBeVisible();
  await expect(page.getByText("api_access:change").first()).toBeVisible();
  expect(elsewhere).toEqual([]);
});
