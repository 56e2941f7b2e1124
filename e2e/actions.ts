import { expect, type Page } from "@playwright/test";

/** A person who signs in. */
export interface Person {
  name: string;
  email: string;
  password: string;
}

/** The first administrator of a test's wallet. */
export const administrator: Person = {
  name: "Ada Lovelace",
  email: "ada@example.org",
  password: "a tall blue boat on dry land",
};

/** Opens the one-time link, fills in the first administrator, and waits for the console. */
export async function setUpAdministrator(page: Page, setupLink: string, person = administrator): Promise<void> {
  await page.goto(setupLink);
  await page.getByLabel("Wallet name").fill("Example Bank");
  await page.getByLabel("Your name").fill(person.name);
  await page.getByLabel("Email").fill(person.email);
  await page.getByLabel("Password").fill(person.password);
  await page.getByRole("button", { name: "Create the wallet" }).click();
  await expectConsole(page);
}

/** Signs in with e-mail address and password, and waits for the console. */
export async function signIn(page: Page, person: Pick<Person, "email" | "password"> = administrator): Promise<void> {
  await page.goto("/");
  await page.getByLabel("Email").fill(person.email);
  await page.getByLabel("Password").fill(person.password);
  await page.getByRole("button", { name: "Sign in" }).click();
  await expectConsole(page);
}

/** Signs out, and waits for the sign-in screen. */
export async function signOut(page: Page): Promise<void> {
  await accountMenu(page).click();
  await page.getByRole("button", { name: "Sign out" }).click();
  await expect(page.getByRole("button", { name: "Sign in" })).toBeVisible();
}

/** Goes to a page by its link in the navigation. */
export async function open(page: Page, link: string): Promise<void> {
  await page.getByRole("navigation", { name: "Main" }).getByRole("link", { name: link, exact: true }).click();
  await expect(page.getByRole("heading", { level: 1, name: link })).toBeVisible();
}

/** Opens Settings → IAM → API Access, the way a person does. */
export async function openApiAccess(page: Page): Promise<void> {
  await open(page, "API Access");
  await expect(page.getByRole("heading", { name: "API key API access" })).toBeVisible();
}

/** What somebody fills in for a new key. */
export interface NewKey {
  name: string;
  expiryDate?: string;
  notes?: string;
  /** The cells of the grid to tick, such as "Users: View". */
  permissions?: string[];
}

/** Makes a key in the console and gives its text, read from the one dialog that shows it. */
export async function addApiKey(page: Page, { name, expiryDate, notes, permissions = [] }: NewKey): Promise<string> {
  await page.getByRole("link", { name: "Add API key" }).click();
  const dialog = page.getByRole("dialog", { name: "Add API key" });
  await dialog.getByLabel("Name", { exact: true }).fill(name);
  if (expiryDate !== undefined) await dialog.getByLabel("Expiry date").fill(expiryDate);
  if (notes !== undefined) await dialog.getByLabel("Notes").fill(notes);
  for (const permission of permissions) await dialog.getByRole("checkbox", { name: permission }).check();
  await dialog.getByRole("button", { name: "Save" }).click();
  return createdKey(page, name);
}

/** The text in the dialog that shows it this one time; closes the dialog. */
export async function createdKey(page: Page, name: string): Promise<string> {
  const created = page.getByRole("dialog", { name: "API key created" });
  const text = await created.getByLabel(`Key of ${name}`).inputValue();
  await created.getByRole("link", { name: "Done" }).click();
  await expect(created).toBeHidden();
  return text;
}

function accountMenu(page: Page) {
  return page.getByRole("banner").locator("summary").filter({ hasText: "account menu" });
}

/** Only who is signed in has an account menu. */
async function expectConsole(page: Page): Promise<void> {
  await expect(accountMenu(page)).toBeAttached();
}
