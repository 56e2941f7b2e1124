// The whole story in the consoles of two wallets: one issues and asks, the other receives and presents. Whoever has
// the page of an offer or of a request open sees by itself what the other side does.
import type { Locator, Page } from "@playwright/test";
import { expect, open, signIn, test, type Person } from "../fixtures.ts";

/** Administrator of the other wallet. */
const bram: Person = { name: "Bram Bakker", email: "bram@bakery.example", password: "warm bread on a cold morning" };

// The two wallets of one server reach each other over loopback.
test.use({ serverOptions: ["--allow-network", "127.0.0.0/8"] });

test("a credential is offered, received, presented, verified and revoked", async ({ signedIn: wallet, page: bank, browser }) => {
  await wallet.command(["wallet", "add", "Bakery"]);
  const words = ["user", "add", "--wallet", "Bakery", "--email", bram.email, "--name", bram.name];
  await wallet.command([...words, "--role", "Administrator", "--password-stdin"], bram.password);
  const context = await browser.newContext({ baseURL: wallet.url });
  const bakery = await context.newPage();
  await signIn(bakery, bram);
  await addIdentifier(bakery, "Bakery", /did:jwk/);
  const issuer = await addIdentifier(bank, "Customer desk", /did:web/);

  await test.step("the bank says what it issues", async () => {
    await add(bank, "Status lists", "Create status list", async (form) => {
      await form.getByLabel("Name", { exact: true }).fill("Accounts");
      await form.getByRole("button", { name: "Create" }).click();
    });
    await open(bank, "Issuer templates");
    await bank.getByRole("link", { name: "Add issuer template" }).first().click();
    await bank.getByLabel("Name", { exact: true }).fill("Account confirmation");
    await bank.getByLabel("Label, claim 1").fill("Holder");
    await bank.getByRole("button", { name: "Add a claim" }).click();
    await bank.getByLabel("Label, claim 2").fill("IBAN");
    await bank.getByLabel("Status list").selectOption({ label: "Accounts, signed by Customer desk (did:web)" });
    await bank.getByRole("button", { name: "Save" }).click();
    await expect(bank.getByRole("heading", { level: 1, name: "Account confirmation" })).toBeVisible();
  });
  const type = await bank.getByText(/\/credential-types\//).first().innerText();

  await test.step("and what it asks for", async () => {
    await add(bank, "Trusted issuers", "Add trusted issuer", async (form) => {
      await form.getByLabel("Name", { exact: true }).fill("Ourselves");
      await form.getByLabel("Issuer", { exact: true }).fill(issuer);
      await form.getByLabel("Any type").check();
      await form.getByRole("button", { name: "Save" }).click();
    });
    await open(bank, "Verifier templates");
    await bank.getByRole("link", { name: "Add verifier template" }).first().click();
    await bank.getByLabel("Name", { exact: true }).fill("Account check");
    await bank.getByLabel("Purpose").fill("To pay the right account");
    await bank.getByLabel("Credential type").fill(type);
    await bank.getByLabel("Claim 1").fill("holder");
    await bank.getByRole("button", { name: "Save" }).click();
    await expect(bank.getByText("The verifier template was added.")).toBeVisible();
  });

  await test.step("the bank offers, the bakery receives, and the offer's page follows", async () => {
    await open(bank, "Issued credentials");
    await bank.getByRole("link", { name: "Issue credential" }).first().click();
    // There is one template, so nothing to choose.
    await bank.getByLabel("Holder").fill("De Gouden Korst");
    await bank.getByLabel("IBAN").fill("NL18RABO0123459876");
    await bank.getByRole("button", { name: "Offer credential" }).click();
    await expect(bank.getByRole("img", { name: "QR code of the offer" })).toBeVisible();
    const link = await bank.getByLabel("Link to the offer").inputValue();

    await open(bakery, "Received offers");
    await bakery.getByRole("link", { name: "Receive an offer" }).first().click();
    await bakery.getByLabel("Link of the offer").fill(link);
    await bakery.getByRole("button", { name: "Look at the offer" }).click();
    await bakery.getByRole("dialog", { name: "Accept this offer?" }).getByRole("button", { name: "Accept" }).click();
    await expect(bakery.getByText("The credential was verified and is now among the holder credentials.")).toBeVisible();
    // Nobody has touched the bank's page since.
    await expect(bank.getByRole("status").filter({ hasText: "Issued" })).toBeVisible();
    await expect(bank.getByRole("img", { name: "QR code of the offer" })).toHaveCount(0);
  });

  await test.step("the bank asks, the bakery presents, and the request's page shows what was disclosed", async () => {
    await ask(bank, bakery);
    await expect(bank.getByRole("status").filter({ hasText: "Verified" })).toBeVisible();
    await expect(bank.getByRole("main")).toContainText("De Gouden Korst");
    await expect(bank.getByRole("main")).not.toContainText("NL18RABO0123459876");
  });

  await test.step("what the bank revokes is presented no more, and the request's page says so", async () => {
    await open(bank, "Issued credentials");
    await bank.getByRole("link", { name: "Account confirmation" }).first().click();
    await bank.getByRole("link", { name: "Revoke" }).click();
    await bank.getByRole("dialog").getByRole("button", { name: "Yes" }).click();
    await expect(bank.getByText("The credential was revoked.")).toBeVisible();
    await look(bank, bakery);
    await expect(bakery.getByText("This wallet does not hold what the verifier needs.", { exact: false })).toBeVisible();
    await expect(bakery.getByRole("button", { name: "Send" })).toHaveCount(0);
  });
  await context.close();
});

/** Creates an identifier and gives its DID. */
async function addIdentifier(page: Page, name: string, method: RegExp): Promise<string> {
  await add(page, "Identifiers", "Create identifier", async (form) => {
    await form.getByLabel("Name", { exact: true }).fill(name);
    await form.getByRole("radio", { name: method }).check();
    await form.getByRole("button", { name: "Create" }).click();
  });
  return page.getByText(/^did:(web|jwk):/).first().innerText();
}

/** Opens the dialog behind a page's link and waits until it has done its work. */
async function add(page: Page, place: string, link: string, fill: (form: Locator) => Promise<void>): Promise<void> {
  await open(page, place);
  await page.getByRole("link", { name: link }).first().click();
  const dialog = page.getByRole("dialog", { name: link });
  await fill(dialog);
  await expect(dialog).toBeHidden();
}

/** The one asks; the other pastes the link and sends what it is told will be shown. */
async function ask(verifier: Page, holder: Page): Promise<void> {
  await look(verifier, holder);
  await expect(holder.getByRole("main")).toContainText("De Gouden Korst");
  await holder.getByRole("button", { name: "Send" }).click();
}

/** The one asks; the other pastes the link and looks at the request. */
async function look(verifier: Page, holder: Page): Promise<void> {
  await open(verifier, "Verified credentials");
  await verifier.getByRole("link", { name: "Verify", exact: true }).first().click();
  await verifier.getByRole("dialog").getByRole("button", { name: "Verify" }).click();
  const link = await verifier.getByLabel("Link to the request").inputValue();
  await open(holder, "Presentations");
  await holder.getByRole("link", { name: "Present credentials" }).first().click();
  await holder.getByLabel("Link of the request").fill(link);
  await holder.getByRole("button", { name: "Look at the request" }).click();
}
