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

interface Options {
  /** What the server of the test is started with, beside its data folder and its address. */
  serverOptions: string[];
}

interface Fixtures {
  /** A fresh server for this one test; `page.goto("/…")` goes to it. */
  wallet: Wallet;
  /** `wallet` with its first administrator made and signed in on `page`. */
  signedIn: Wallet;
}

export const test = base.extend<Fixtures & Options>({
  serverOptions: [[], { option: true }],
  wallet: async ({ serverOptions }, use) => {
    const wallet = await startWallet(serverOptions);
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
