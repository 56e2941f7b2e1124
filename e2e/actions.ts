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
  await page.getByLabel(/^name/i).fill(person.name);
  await page.getByLabel(/^e-?mail/i).fill(person.email);
  for (const password of await page.getByLabel(/password/i).all()) await password.fill(person.password);
  await page.getByRole("button", { name: /create|set up/i }).click();
  await expectConsole(page);
}

/** Signs in with e-mail address and password from the sign-in screen, and waits for the console. */
export async function signIn(page: Page, person: Pick<Person, "email" | "password"> = administrator): Promise<void> {
  await page.goto("/");
  await page.getByLabel(/^e-?mail/i).fill(person.email);
  await page.getByLabel(/^password/i).fill(person.password);
  await page.getByRole("button", { name: /^sign in$/i }).click();
  await expectConsole(page);
}

/** Signs out, and waits for the sign-in screen. */
export async function signOut(page: Page): Promise<void> {
  await page.getByRole("button", { name: /^sign out$/i }).click();
  await expect(page.getByRole("button", { name: /^sign in$/i })).toBeVisible();
}

/** Opens Settings → IAM → API Access, the way a person does. */
export async function openApiAccess(page: Page): Promise<void> {
  for (const name of [/^settings$/i, /^iam$/i, /^api access$/i]) {
    const link = page.getByRole("navigation").getByRole("link", { name });
    if (await link.isVisible()) await link.click();
  }
  await expect(page.getByRole("heading", { name: "API key API access" })).toBeVisible();
}

/** Only somebody who is signed in can sign out. */
async function expectConsole(page: Page): Promise<void> {
  await expect(page.getByRole("button", { name: /^sign out$/i })).toBeVisible();
}
