import type { Browser, Page } from 'playwright-core';
import { createKey } from '../../src/access/keys';
import { serveTwoSnapshots, type Served } from '../http/published';
import { outcomeOf, raw, rawForm } from '../http/raw';
import { describeInBrowser, launchChromium } from './chromium';
import { until } from './until';
import { visit, type Visit } from './visit';

const PLAN = { job: 'posts', from: '2012-01-01', to: '2012-03-31', reason: 'late <b>posts</b>' };

let served: Served;
beforeAll(async () => {
  served = await serveTwoSnapshots();
});
afterAll(() => served.test_.close());

describe('the page of operations', () => {
  it('is read without a script, shows everything, and lets nothing of others in', async () => {
    const planned = await rawForm(served.origin, '/operations/plan', PLAN);
    const token = /name="token" value="(\w+)"/.exec(planned.body)![1]!;
    expect(planned.body).toContain('3 partitions');
    expect(planned.body).toContain('late &lt;b&gt;posts&lt;/b&gt;');
    const applied = await rawForm(served.origin, '/operations/apply', { token });
    expect([applied.status, applied.headers['location']]).toEqual([303, '/operations']);
    const page = await raw(served.origin, '/operations');
    expect([page.status, page.headers['cache-control'], page.headers['referrer-policy']]).toEqual([200, 'no-store', 'same-origin']);
    expect(page.headers['content-security-policy']).toContain("form-action 'self'");
    expect(page.headers['content-security-policy']).toContain("script-src 'self'");
    for (const part of [
      'accountDay',
      '0 of 3',
      'late &lt;b&gt;posts&lt;/b&gt;',
      '2012-01-01 to 2012-03-31',
      'applyBackfill',
      `plan ${token}`,
      'loopback',
      'request',
      served.newest,
    ])
      expect(page.body).toContain(part);
    expect(page.body).not.toMatch(/<b>|>(?:null|undefined|NaN|Invalid Date)/);

    await served.test_.app.work();
    const after = (await raw(served.origin, '/operations')).body;
    expect(after).toContain('3 of 3');
    expect(after).not.toContain('value="cancel"');
  });

  it.each([
    ['a step that is none', '/operations/steer', { id: '1', what: 'delete' }, {}, 400, 'BAD_QUERY'],
    ['a backfill that is over', '/operations/steer', { id: '1', what: 'cancel' }, {}, 409, 'CONFLICT'],
    [
      'an audit that did not fail',
      '/operations/override',
      { job: 'posts', partition: '2012-01', audit: 'keys unique', reason: 'x' },
      {},
      404,
      'NOT_FOUND',
    ],
    ['a plan that is not there', '/operations/apply', { token: '<b>' }, {}, 400, 'UNKNOWN_PLAN'],
    [
      'a form of another site',
      '/operations/night',
      {},
      { origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' },
      403,
      'FORBIDDEN',
    ],
    ['a name that DNS made lead here', '/operations/night', {}, { host: 'evil.example' }, 403, 'FORBIDDEN'],
    ['a body of another kind', '/operations/night', {}, { 'content-type': 'application/xml' }, 415, 'BAD_QUERY'],
  ] as const)('%s: a page with a code and a sentence', async (_, path, fields, headers, status, code) => {
    const reply = await rawForm(served.origin, path, fields, headers);
    expect([reply.status, outcomeOf(reply), reply.headers['content-type']]).toEqual([status, code, 'text/html; charset=utf-8']);
    expect(reply.body).not.toContain('<b>');
  });
});

describeInBrowser('the page of operations in a browser', () => {
  let browser: Browser;
  let here: Visit | undefined;
  beforeAll(async () => {
    browser = await launchChromium();
  });
  afterAll(() => browser?.close());
  afterEach(async () => {
    const { strayed = [], complaints = [] } = here ?? {};
    await here?.close();
    here = undefined;
    expect({ strayed, complaints }).toEqual({ strayed: [], complaints: [] });
  });
  const text = (page: Page): Promise<string> => page.locator('main').innerText();

  it('a backfill is planned, applied, seen to go on without reloading, and cancelled by hand', async () => {
    here = await visit(browser, served.origin, '/operations');
    const { page } = here;
    await page.selectOption('select[name=job]', 'accountDay');
    for (const [name, value] of Object.entries({ from: '2012-02-01', to: '2012-04-30', reason: '晚到' }))
      await page.fill(`#plan input[name=${name}]`, value);
    await page.click('#plan button');
    await until(page, 'the plan', async () => (await text(page)).includes('Nothing is done yet. 3 partitions'));
    await page.click('text=Apply');
    await until(page, 'the page comes back', async () => (await text(page)).includes('0 of 3'));
    // Nobody touches the page from here on.
    await served.test_.app.work();
    await until(page, 'the backfill ends on the page', async () => /晚到[^]*published\s+3 of 3/.test(await text(page)));

    await page.fill('#plan input[name=from]', '2012-05-01');
    await page.fill('#plan input[name=to]', '2012-05-31');
    await page.fill('#plan input[name=reason]', 'by mistake');
    await page.click('#plan button');
    await page.click('text=Apply');
    await page.fill('#live input[name=reason]', 'oops');
    await page.click('#live button[value=cancel]');
    await until(page, 'it is cancelled', async () => (await text(page)).includes('cancelled'));
    expect(await served.test_.app.access.audit.list(1)).toMatchObject([
      { action: 'cancelBackfill', reason: 'oops', caller: 'loopback', outcome: 'done' },
    ]);
  });

  it('with keys the browser asks for one, and its forms and events go on working', async () => {
    const { store, clock } = served.test_.app;
    const { key, secret } = await createKey(store, { role: 'admin', name: 'browser' }, clock.now());
    expect((await raw(served.origin, '/operations')).headers['www-authenticate']).toMatch(/^Basic realm=/);
    here = await visit(browser, served.origin, '/operations', { httpCredentials: { username: 'me', password: secret } });
    const { page } = here;
    expect(await text(page)).toContain('Operations');
    await page.fill('#night input[name=reason]', 'by hand');
    await page.click('#night button');
    await until(page, 'the night is in the log', async () => (await text(page)).includes('by hand'));
    expect((await served.test_.app.access.audit.list(1))[0]).toMatchObject({
      action: 'runNight',
      caller: `${key.id} (browser)`,
      reason: 'by hand',
      outcome: 'done',
    });
    await until(page, 'the night ends', async () => (await store.query("SELECT id FROM night WHERE outcome = 'running'")).length === 0);
  });
});
