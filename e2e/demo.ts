import { test as base } from "@playwright/test";
import { startDemo, type Demo } from "./wallet.ts";

/** Tests on the sample content of `claviger --demo`. */
export const demo = base.extend<{ demoWallet: Demo }>({
  demoWallet: async ({}, use) => {
    const started = await startDemo();
    try {
      await use(started);
    } finally {
      await started.stop();
    }
  },
  baseURL: async ({ demoWallet }, use) => use(demoWallet.url),
});
