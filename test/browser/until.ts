import type { Page } from 'playwright-core';

/** Asks again until the answer is yes. (Playwright's own way needs `eval`, which the pages forbid.) */
export async function until(page: Page, what: string, isSo: () => Promise<boolean>): Promise<void> {
  for (let tries = 0; tries < 1_200; tries += 1) {
    if (await isSo()) return;
    await page.waitForTimeout(50);
  }
  throw new Error(`Waited in vain: ${what}`);
}
