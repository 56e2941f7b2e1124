import { defineConfig } from "@playwright/test";
import { chromium } from "./chromium.ts";

// No web server here: the fixtures start the real binary, so that each test has a wallet of its own.
export default defineConfig({
  testDir: "tests",
  workers: 2,
  fullyParallel: true,
  retries: 0,
  forbidOnly: true,
  timeout: 60_000,
  reporter: [["list"], ["json", { outputFile: process.env.PLAYWRIGHT_JSON_OUTPUT_FILE ?? "test-results/report.json" }]],
  use: { ...chromium, actionTimeout: 10_000, trace: "retain-on-failure", screenshot: "only-on-failure" },
});
