// The check itself is checked: one that finds nothing anywhere would make every other test of it worthless.
import { expect, test } from "@playwright/test";
import { axe, eachTheme } from "../accessibility.ts";

const pageWith = (style: string) => `<!doctype html><html lang="en"><title>A page</title>
  <style>:root { color-scheme: light dark } ${style}</style><main><h1>Keys</h1><p>Text</p></main></html>`;

test("a page that keeps the rules passes in both themes", async ({ page }) => {
  await page.setContent(pageWith(""));
  await axe(page);
});

test("a fault in the dark theme alone is found", async ({ page }) => {
  await page.setContent(pageWith("@media (prefers-color-scheme: dark) { p { color: #333; background: #222 } }"));
  await expect(axe(page)).rejects.toThrow(/color-contrast.*dark|dark[^]*color-contrast/);
});

test("each theme is really on while it is looked at", async ({ page }) => {
  const seen: [string, boolean][] = [];
  await eachTheme(page, async (theme) => {
    seen.push([theme, await page.evaluate(() => matchMedia("(prefers-color-scheme: dark)").matches)]);
  });
  expect(seen).toEqual([["light", false], ["dark", true]]);
});
