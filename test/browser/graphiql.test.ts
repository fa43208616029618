import type { Browser, Page } from 'playwright-core';
import { DATASET } from '../../src/export/dataset';
import { describeInBrowser, launchChromium } from './chromium';
import { serveDemo, type DemoServer } from './demoServer';
import { until } from './until';
import { visit, type Visit } from './visit';

const EDITOR = '.graphiql-query-editor .CodeMirror';
const RESULT = '.result-window .CodeMirror';

/** GraphiQL reads what was written a tenth of a second after the last key; nobody presses Ctrl-Enter sooner. */
const READ_MS = 500;

// What runs in the browser is a text, since the tests do not have the types of a browser.
const inEditor = <T>(page: Page, selector: string, expression: string): Promise<T> =>
  page.evaluate<T>(`((editor) => ${expression})(document.querySelector(${JSON.stringify(selector)})?.CodeMirror)`);
/** The whole text of an editor, of which the page holds only the lines in view. */
const valueOf = (page: Page, selector: string): Promise<string> => inEditor(page, selector, 'editor?.getValue() ?? ""');

const tabs = (page: Page): Promise<string[]> => page.locator('.graphiql-tab-button').allInnerTexts();
const runByButton = (page: Page): Promise<void> => page.click('.graphiql-execute-button');
const runByKey = (page: Page): Promise<void> => page.keyboard.press('Control+Enter');

/** What the result pane holds, once the answer to this run is there. */
async function answerTo<T>(page: Page, run: (page: Page) => Promise<void>): Promise<T> {
  await page.waitForTimeout(READ_MS);
  const replied = page.waitForResponse((response) => response.url().endsWith('/graphql'));
  await run(page);
  const reply = JSON.stringify(await (await replied).json(), null, 2);
  await until(page, `the result pane shows ${reply}`, async () => (await valueOf(page, RESULT)) === reply);
  return JSON.parse(reply) as T;
}

/** Replaces the text of the editor, as a user does. */
async function write(page: Page, text: string): Promise<void> {
  await page.click(EDITOR);
  await page.keyboard.press('Control+A');
  await page.keyboard.press('Delete');
  await page.keyboard.insertText(text);
}

interface ActivityReply {
  readonly data: { activity: { rows: Record<string, unknown>[]; totals: Record<string, number>; rowCount: number } };
}
interface ErrorReply {
  readonly errors: { message: string; extensions: { code: string } }[];
}

describeInBrowser('in a browser', () => {
  let server: DemoServer;
  let browser: Browser;
  let here: Visit | undefined;
  /** Complaints that the test provokes. */
  let refused: RegExp | undefined;
  beforeAll(async () => {
    browser = await launchChromium();
    server = await serveDemo('published');
  });
  afterAll(async () => {
    await browser?.close();
    await server?.close();
  });
  afterEach(async () => {
    const { strayed = [], complaints = [] } = here ?? {};
    await here?.close();
    here = undefined;
    const unexpected = complaints.filter((complaint) => !refused?.test(complaint));
    refused = undefined;
    expect({ strayed, unexpected }).toEqual({ strayed: [], unexpected: [] });
  });
  const open = async (path: string, options?: Parameters<typeof visit>[3]): Promise<Page> => {
    here = await visit(browser, server.origin, path, options);
    return here.page;
  };
  const openEditor = async (): Promise<Page> => {
    const page = await open('/');
    await until(page, 'the editor knows the schema', () => inEditor(page, EDITOR, 'Boolean(editor?.options.hintOptions?.schema)'));
    return page;
  };

  it('opens on the examples, Growth first, under the notice about the data', async () => {
    const page = await openEditor();
    expect(await tabs(page)).toEqual(['Growth', 'Provinces', 'Hours', 'Registry', 'Codebook', 'Operations']);
    expect(await page.locator('.graphiql-tab-active').innerText()).toBe('Growth');
    expect(await valueOf(page, EDITOR)).toMatch(/^# growth in 2011.*\nquery Growth \{/);
    expect(await page.locator('.notice').innerText()).toBe(DATASET.syntheticNote);
    expect(await page.locator('.notice').isVisible()).toBe(true);
    // A line too long for the editor goes on below, and is not cut.
    expect(await inEditor(page, EDITOR, 'editor.getOption("lineWrapping")')).toBe(true);
  });

  it('runs an example by the button, and shows its rows', async () => {
    const page = await openEditor();
    const { data } = await answerTo<ActivityReply>(page, runByButton);
    expect(data.activity.rows.length).toBe(24);
    expect(data.activity.totals.posts).toBeGreaterThan(0);
    const shown = await page.locator(RESULT).innerText();
    expect(shown).toMatch(/"month": "2011-01-01",\s+[^]*"accountType": "AGENCY"/);
  });

  it('fills in the variables of an example', async () => {
    const page = await openEditor();
    await page.getByText('Provinces', { exact: true }).click();
    await page.getByRole('button', { name: 'Variables' }).click();
    expect(JSON.parse(await valueOf(page, '.graphiql-editor-tool .CodeMirror'))).toEqual({ sector: 'PS', n: 10 });
    const { data } = await answerTo<ActivityReply>(page, runByButton);
    expect(data.activity.rows.length).toBe(10);
    expect(await page.locator(RESULT).innerText()).toMatch(/"nameZh": "\p{Script=Han}+"/u);
  });

  it('completes the name of a field in a new tab, and runs by Ctrl-Enter', async () => {
    const page = await openEditor();
    expect(here!.asked.filter((path) => !path.startsWith('/assets/'))).toEqual(['/', '/graphql']);
    await page.getByRole('button', { name: 'Add tab' }).click();
    await until(page, 'there is a new tab', async () => (await tabs(page)).length === 7);
    await write(page, '{  }');
    await page.keyboard.press('ArrowLeft');
    await page.keyboard.press('ArrowLeft');
    await page.keyboard.type('acti', { delay: 40 });
    const hint = page.locator('.CodeMirror-hints li').first();
    await hint.waitFor();
    expect(await hint.innerText()).toMatch(/^activity\b/);
    await page.keyboard.press('Enter');
    expect(await valueOf(page, EDITOR)).toMatch(/^\{ activity\b[^]*\}$/);
    await page.keyboard.type('(period: { from: "2011-01-01", to: "2011-12-31" }, limit: 2) { rows { month posts } rowCount }');
    const { data } = await answerTo<ActivityReply>(page, runByKey);
    expect(data.activity.rows.map(({ month }) => month)).toEqual(['2011-01-01', '2011-02-01']);
    expect(data.activity.rowCount).toBe(12);
  });

  it.each([
    ['ends before it begins', '2011-12-31', '2011-01-01', 'BAD_QUERY', 'The period ends before it starts'],
    ['names a day that is none', '2011-02-30', '2011-12-31', 'GRAPHQL_VALIDATION_FAILED', '2011-02-30'],
  ])('shows the message and the code of the error when a period %s', async (_, from, to, code, message) => {
    // Of every reply with status 400 the browser itself complains.
    refused = /\b400\b/;
    const page = await openEditor();
    await write(page, `{ activity(period: { from: "${from}", to: "${to}" }) { rows { month posts } } }`);
    const { errors } = await answerTo<ErrorReply>(page, runByKey);
    expect(errors.map((error) => [error.message, error.extensions.code])).toEqual([[expect.stringContaining(message), code]]);
    const shown = await page.locator(RESULT).innerText();
    expect(shown).toContain(`"code": "${code}"`);
    expect(shown.replace(/\s+/g, ' ')).toContain(JSON.stringify(errors[0]!.message));
  });

  it('remembers what was written until the next visit', async () => {
    const page = await openEditor();
    await write(page, 'query Mine { jobs { name } }');
    const named = ['Mine', 'Provinces', 'Hours', 'Registry', 'Codebook', 'Operations'];
    await until(page, 'the tab has the name of the question', async () => String(await tabs(page)) === String(named));
    const kept = `['query', 'tabState'].every((name) => localStorage.getItem('graphiql:' + name)?.includes('query Mine'))`;
    await until(page, 'the browser keeps it', () => page.evaluate<boolean>(kept));
    await page.reload();
    await until(page, 'the editor is back', async () => (await valueOf(page, EDITOR)) !== '');
    expect(await tabs(page)).toEqual(named);
    expect(await valueOf(page, EDITOR)).toBe('query Mine { jobs { name } }');
  });

  it('leads to the codebook, which has a measure under its own address', async () => {
    const page = await openEditor();
    await page.getByRole('link', { name: 'Codebook' }).click();
    await page.getByRole('heading', { level: 1, name: DATASET.title }).waitFor();
    expect(await page.locator('.notice').innerText()).toBe(DATASET.syntheticNote);
    await page.goto(`${server.origin}/codebook#activity-dormantShare`);
    const measure = page.locator('tr:target');
    expect(await measure.innerText()).toMatch(/dormantShare[^]*休眠账号占比/);
    const { y, height } = (await measure.boundingBox())!;
    expect(y >= 0 && y + height <= 850).toBe(true);
  });

  it('shows the codebook without scripts, on a phone and in print', async () => {
    const page = await open('/codebook', { javaScriptEnabled: false, viewport: { width: 390, height: 844 } });
    const overflow = async (): Promise<number> => {
      const { width } = (await page.locator('main').boundingBox())!;
      const rows = await page.locator('tbody tr').evaluateAll((all) => Math.max(...all.map((row) => row.getBoundingClientRect().right)));
      return rows - Math.max(width, page.viewportSize()!.width);
    };
    expect(await overflow()).toBeLessThanOrEqual(0);
    // Each cell names its column, since a phone has no room for columns.
    expect(await page.evaluate<string>(`getComputedStyle(document.querySelector('#activity-posts td'), '::before').content`)).toBe(
      '"Unit"',
    );
    await page.emulateMedia({ media: 'print' });
    await page.setViewportSize({ width: 690, height: 1000 });
    expect(await overflow()).toBeLessThanOrEqual(0);
    expect(await page.locator('nav').first().isVisible()).toBe(false);
    expect(await page.locator('.notice').isVisible()).toBe(true);
  });
});
