import type { Browser, BrowserContextOptions, Page } from 'playwright-core';

/** A visit of a page, with everything that must not happen during it. */
export interface Visit {
  readonly page: Page;
  /** Requests to anywhere but the server; each was stopped. */
  readonly strayed: readonly string[];
  /** Errors and warnings of the console, uncaught errors, violations of the content security policy, failed requests. */
  readonly complaints: readonly string[];
  /** Addresses asked of the server. */
  readonly asked: readonly string[];
  close(): Promise<void>;
}

/** Opens a page of the server as somebody who was never there before. */
export async function visit(browser: Browser, origin: string, path: string, options: BrowserContextOptions = {}): Promise<Visit> {
  const context = await browser.newContext({ viewport: { width: 1360, height: 850 }, ...options });
  const strayed: string[] = [];
  const complaints: string[] = [];
  const asked: string[] = [];
  const isOurs = (url: string): boolean => new URL(url).origin === origin;

  await context.route('**/*', (route) => {
    const url = route.request().url();
    if (isOurs(url)) return route.continue();
    strayed.push(url);
    return route.abort();
  });
  await context.addInitScript({
    content: `addEventListener('securitypolicyviolation', (e) => console.error('CSP', e.effectiveDirective, e.blockedURI), true)`,
  });
  const page = await context.newPage();
  page.on('request', (request) => {
    const url = request.url();
    // What is inside the page (data:, blob:) is not asked of anybody.
    if (/^(data|blob):/.test(url)) return;
    if (isOurs(url)) asked.push(url.slice(origin.length));
    else if (!strayed.includes(url)) strayed.push(url);
  });
  page.on('websocket', (socket) => strayed.push(socket.url()));
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) complaints.push(`${message.type()}: ${message.text()}`);
  });
  page.on('pageerror', (error) => complaints.push(`uncaught: ${error.message}`));
  page.on('response', (response) => {
    if (response.status() >= 400) complaints.push(`${response.status()}: ${response.url()}`);
  });
  await page.goto(`${origin}${path}`);
  return { page, strayed, complaints, asked, close: () => context.close() };
}
