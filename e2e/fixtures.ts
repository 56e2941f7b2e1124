import { test as base } from "@playwright/test";
import { setUpAdministrator } from "./actions.ts";
import { startWallet, type Wallet } from "./wallet.ts";

export { expect } from "@playwright/test";
export { axe, eachTheme } from "./accessibility.ts";
export {
  addApiKey,
  administrator,
  createdKey,
  open,
  openApiAccess,
  setUpAdministrator,
  signIn,
  signOut,
  type Person,
} from "./actions.ts";
export type { Wallet } from "./wallet.ts";

interface Fixtures {
  /** A fresh server for this one test; `page.goto("/…")` goes to it. */
  wallet: Wallet;
  /** `wallet` with its first administrator made and signed in on `page`. */
  signedIn: Wallet;
}

export const test = base.extend<Fixtures>({
  wallet: async ({}, use) => {
    const wallet = await startWallet();
    try {
      await use(wallet);
    } finally {
      await wallet.stop();
    }
  },
  baseURL: async ({ wallet }, use) => use(wallet.url),
  signedIn: async ({ wallet, page }, use) => {
    await setUpAdministrator(page, wallet.setupLink);
    await use(wallet);
  },
});
