import { accessSync, constants } from 'node:fs';
import { chromium, type Browser } from 'playwright-core';

const CHROMIUM = '/usr/bin/chromium';
const isInstalled = ((): boolean => {
  try {
    accessSync(CHROMIUM, constants.X_OK);
    return true;
  } catch {
    return false;
  }
})();

/**
 * `describe` for tests that need a browser. On a machine without Chromium they are skipped, and it says so; in CI, which promises
 * one, they run and fail.
 */
export const describeInBrowser = ((): jest.Describe => {
  if (isInstalled || process.env['CI']) return describe;
  process.stderr.write(`Browser tests are skipped: there is no ${CHROMIUM}. To run them: apt-get install chromium fonts-noto-cjk\n`);
  return describe.skip;
})();

/** A headless Chromium with a profile of its own, which asks nothing of the internet by itself. */
export const launchChromium = (): Promise<Browser> =>
  chromium.launch({
    executablePath: CHROMIUM,
    headless: true,
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
