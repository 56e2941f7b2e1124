import { defineConfig } from "@playwright/test";
import { chromium } from "./chromium.ts";

// `cargo xtask screenshot` starts the demo and runs this.
export default defineConfig({
  testDir: "screenshots",
  testMatch: "*.shot.ts",
  workers: 1,
  reporter: "list",
  use: { ...chromium, baseURL: process.env.CLAVIGER_URL, viewport: { width: 1280, height: 800 }, deviceScaleFactor: 2 },
});
