import { join } from "node:path";
import { test } from "@playwright/test";
import { openApiAccess, signIn } from "../actions.ts";

test("the API Access screen, for the README", async ({ page }) => {
  const { CLAVIGER_EMAIL: email, CLAVIGER_PASSWORD: password, CLAVIGER_SCREENSHOTS: folder } = process.env;
  if (!email || !password || !folder) throw new Error("run this with `cargo xtask screenshot`");
  await signIn(page, { email, password });
  await openApiAccess(page);
  await page.screenshot({ path: join(folder, "console.png"), animations: "disabled" });
});
