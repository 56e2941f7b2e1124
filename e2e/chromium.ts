import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";
import type { PlaywrightWorkerOptions } from "@playwright/test";

/** The system's Chromium, so that nothing is downloaded beside what the machine keeps up to date. */
export const chromium: Partial<PlaywrightWorkerOptions> = {
  browserName: "chromium",
  headless: true,
  launchOptions: {
    executablePath: process.env.CLAVIGER_CHROMIUM ?? which("chromium"),
    chromiumSandbox: false,
    args: [
      "--headless",
      "--no-sandbox",
      "--disable-gpu",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
    ],
  },
};

function which(name: string): string {
  const found = (process.env.PATH ?? "").split(delimiter).map((folder) => join(folder, name)).find(isExecutable);
  if (!found) throw new Error(`${name} is not installed: run \`cargo xtask test --only browser\``);
  return found;
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
