import { AxeBuilder } from "@axe-core/playwright";
import { expect, type Page } from "@playwright/test";

const TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"];
const THEMES = ["light", "dark"] as const;

export type Theme = (typeof THEMES)[number];

/** Does something in the light and then in the dark theme, and goes back to light. */
export async function eachTheme(page: Page, act: (theme: Theme) => Promise<void>): Promise<void> {
  for (const theme of THEMES) {
    // Colours that fade from one theme into the other are neither one's, so nothing fades here.
    await page.emulateMedia({ colorScheme: theme, reducedMotion: "reduce" });
    await act(theme);
  }
  await page.emulateMedia({ colorScheme: "light" });
}

/** The page as it stands keeps WCAG 2.2 AA in both themes, as far as a program can tell. */
export async function axe(page: Page): Promise<void> {
  await eachTheme(page, async (theme) => {
    const { violations } = await new AxeBuilder({ page }).withTags(TAGS).analyze();
    const found = violations.flatMap(({ id, help, nodes }) => nodes.map(({ html }) => `${id}: ${help}: ${html}`));
    expect(found, `accessibility of ${page.url()} in the ${theme} theme`).toEqual([]);
  });
}
